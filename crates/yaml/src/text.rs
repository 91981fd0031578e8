//! The text of a scalar.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;

use ecow::EcoString;
use smol_str::SmolStr;

/// A text as it is in a tree: 16 bytes, with up to 15 bytes of text in place. Most words of a manifest are no longer,
/// and copies of a longer one share it.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text(EcoString);

impl Text {
    /// So many bytes are in the text itself; a longer one lies elsewhere.
    pub const IN_PLACE: usize = 15;
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<&String> for Text {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<SmolStr> for Text {
    fn from(text: SmolStr) -> Self {
        text.as_str().into()
    }
}

impl From<&Self> for Text {
    fn from(text: &Self) -> Self {
        text.clone()
    }
}

impl From<Text> for SmolStr {
    fn from(text: Text) -> Self {
        Self::new(&*text)
    }
}

impl From<&Text> for SmolStr {
    fn from(text: &Text) -> Self {
        Self::new(&**text)
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        &**self == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        &**self == *other
    }
}

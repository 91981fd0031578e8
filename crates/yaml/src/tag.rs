//! The tag of a node.

use std::ops::Deref;
use std::sync::Arc;

use smol_str::SmolStr;

/// The tag of a scalar that kustomize makes without giving it a type: when it is printed its looks decide, but until then it
/// counts as a string however it looks, and is never null.
pub const UNTYPED: &str = "";

/// An explicit tag. Few nodes have one, and all nodes have room for one: so it is no larger than a pointer, and the tags that
/// kustomize gives to what it makes are not stored again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag(Arc<SmolStr>);

/// The tags of what kustomize makes.
const USUAL: [&str; 3] = [UNTYPED, "?str", "?int"];

thread_local! {
    /// The usual tags of a thread: threads that shared them would wait for each other at every copy.
    static MADE: [Tag; USUAL.len()] = USUAL.map(|text| Tag(Arc::new(SmolStr::new_static(text))));
}

impl Deref for Tag {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<SmolStr> for Tag {
    fn from(text: SmolStr) -> Self {
        match USUAL.iter().position(|usual| *usual == text) {
            Some(index) => MADE.with(|made| made[index].clone()),
            None => Self(Arc::new(text)),
        }
    }
}

impl From<&str> for Tag {
    fn from(text: &str) -> Self {
        SmolStr::new(text).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_text_that_it_was_made_of() {
        for text in USUAL.into_iter().chain(["!foo", "!"]) {
            let tag = Tag::from(text);
            assert_eq!((&*tag, &tag), (text, &Tag::from(SmolStr::new(text))));
        }
        assert_ne!(Tag::from("!foo"), Tag::from("!bar"));
    }
}

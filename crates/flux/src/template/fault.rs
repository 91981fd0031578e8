//! Why a template has no result.

use std::fmt;
use std::ops::Range;

use smol_str::SmolStr;

/// Why a template has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    pub kind: FaultKind,
    /// Lower case, values in backticks.
    pub message: String,
    /// The action to blame, in bytes of the template.
    pub at: Range<usize>,
    /// The key that is not there, where that is what is wrong.
    pub missing_key: Option<SmolStr>,
}

/// Whether the template is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The operator refuses it as well.
    Wrong,
    /// The operator has a function, or knows a value, that is not known here.
    Undetermined,
}

impl TemplateError {
    /// The operator refuses the template.
    pub(super) fn wrong(message: impl Into<String>) -> Self {
        Self { kind: FaultKind::Wrong, message: message.into(), at: 0..0, missing_key: None }
    }

    /// The operator refuses the template: a map has no such key.
    pub(super) fn no_key(key: &str) -> Self {
        Self { missing_key: Some(key.into()), ..Self::wrong(format!("there is no key `{key}`")) }
    }

    /// The result is not known.
    pub(super) fn undetermined(message: impl Into<String>) -> Self {
        Self { kind: FaultKind::Undetermined, message: message.into(), at: 0..0, missing_key: None }
    }

    /// Names the action, if none is named yet.
    pub(super) fn within(self, at: &Range<usize>) -> Self {
        if self.at.is_empty() { Self { at: at.clone(), ..self } } else { self }
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

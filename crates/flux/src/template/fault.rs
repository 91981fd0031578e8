//! Why a template has no result.

use std::fmt;
use std::ops::Range;

/// Why a template has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    pub kind: FaultKind,
    /// Lower case, values in backticks.
    pub message: String,
    /// The action to blame, in bytes of the template.
    pub at: Range<usize>,
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
        Self { kind: FaultKind::Wrong, message: message.into(), at: 0..0 }
    }

    /// The result is not known.
    pub(super) fn undetermined(message: impl Into<String>) -> Self {
        Self { kind: FaultKind::Undetermined, message: message.into(), at: 0..0 }
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

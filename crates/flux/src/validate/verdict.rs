//! What is wrong with an object, as data.

use crate::kinds::Type;
use crate::release::Minor;

use super::sentence::Sentence;

/// What a validation comes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// In the order of the object.
    pub violations: Vec<Violation>,
    /// What could not be judged.
    pub unevaluated: Vec<Unevaluated>,
}

/// Something that the API server refuses.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// A JSON pointer to the field, which may not be there.
    pub pointer: String,
    pub what: What,
}

impl Violation {
    /// The field as people write it: `spec.dependsOn[0].name`.
    pub fn path(&self) -> String {
        path(&self.pointer)
    }

    /// The last part of it.
    pub fn name(&self) -> String {
        unescaped(self.pointer.rsplit('/').next().unwrap_or_default())
    }
}

/// A JSON pointer as people write it.
pub(crate) fn path(pointer: &str) -> String {
    let mut path = String::new();
    for step in pointer.split('/').skip(1) {
        let is_index = !path.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
        match is_index {
            true => path.push_str(&format!("[{step}]")),
            false if step.contains(['.', '~']) => path.push_str(&format!("[\"{}\"]", unescaped(step))),
            false if path.is_empty() => path.push_str(step),
            false => path.push_str(&format!(".{step}")),
        }
    }
    path
}

fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

/// Why a field is refused.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    Unknown(UnknownField),
    /// The version has the field only from a newer release on.
    TooNew(Minor),
    WrongType {
        expected: Type,
        found: &'static str,
    },
    Missing,
    /// None of the values that are listed; the first release that takes it, if one does.
    NotAllowed {
        allowed: Vec<&'static str>,
        since: Option<Minor>,
    },
    Mismatch(&'static str),
    OutOfBounds(Bound),
    /// A duration that is none; whether hours are no unit of it either.
    NotADuration {
        without_hours: bool,
    },
    NotATime,
    /// An item whose key, or which itself, is in the list before: where, and the key as it is shown.
    Duplicate {
        first: String,
        key: String,
    },
    /// A rule of the kind is broken.
    Rule(&'static Sentence),
}

/// A field that the version does not have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnknownField {
    pub name: String,
    /// The fields beside it that may be meant, the nearest first.
    pub near: Vec<&'static str>,
    /// The field that may be meant, and that is set, too.
    pub set_too: Option<&'static str>,
    /// Where else the kind has a field of this name: paths.
    pub elsewhere: Vec<&'static str>,
    /// Newer API versions that have it here, the newest first.
    pub newer: Vec<&'static str>,
    /// Older ones.
    pub older: Vec<&'static str>,
    /// The last release that had it, where the version had it once.
    pub until: Option<Minor>,
}

impl UnknownField {
    /// Whether nothing is known that would explain the name.
    pub fn is_unexplained(&self) -> bool {
        let Self { name: _, near, set_too, elsewhere, newer, older, until } = self;
        let lists = [near, elsewhere, newer, older];
        lists.into_iter().all(Vec::is_empty) && set_too.is_none() && until.is_none()
    }
}

/// A bound by its name in OpenAPI, and what it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    pub name: &'static str,
    pub value: f64,
}

/// What was not judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unevaluated {
    /// A rule that the evaluator does not understand.
    Rule { pointer: String, rule: &'static str, is_choice: bool },
    /// The rules of a release that is older than the tables.
    OldRelease,
}

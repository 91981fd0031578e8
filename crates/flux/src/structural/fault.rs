//! What is wrong with an object, as data.

/// What judging an object comes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judgement {
    /// In the order of the object.
    pub faults: Vec<Fault>,
    /// The schema has rules in CEL about what the object holds, which were not evaluated.
    pub has_rules: bool,
    /// The schema refers to others, has a pattern that is none, or is too large: a part of the object was not judged.
    pub is_partial: bool,
}

/// Something that the schema refuses.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// A JSON pointer to the field, which may not be there.
    pub pointer: String,
    pub why: Why,
}

/// Why a field is refused.
#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// The schema does not have it; the fields beside it that may be meant, the nearest first.
    Unknown {
        near: Vec<String>,
    },
    Missing,
    WrongType {
        expected: Vec<String>,
        found: &'static str,
    },
    /// None of the values that are listed.
    NotAllowed {
        allowed: Vec<String>,
    },
    Mismatch {
        pattern: String,
    },
    /// A bound by its name in OpenAPI, and what it is.
    OutOfBounds {
        name: &'static str,
        bound: f64,
    },
    /// An item, or its key, is in the list before: where.
    Duplicate {
        first: String,
    },
    /// `anyOf`, `oneOf` or `not`: none of the alternatives fits, more than one does, or the one that must not.
    Alternatives {
        keyword: &'static str,
    },
}

impl Fault {
    /// The field as people write it: `spec.items[0].name`.
    pub fn path(&self) -> String {
        crate::validate::path(&self.pointer)
    }
}

//! From a JSON pointer to a field.

use super::field::Field;
use super::scope::{Bits, Scope};
use super::table::Table;
use super::value_type::Type;

/// What a pointer leads to.
#[derive(Clone, Copy, Debug)]
pub enum Found {
    /// A field.
    Field(Field),
    /// Something below a field that takes anything.
    Below(Field),
    /// Nothing that is listed, but not all is: the kind has other fields.
    Unlisted,
    /// Nothing: the last field that exists, and the position of the first segment that does not.
    Unknown { last: Field, position: usize },
}

impl Found {
    /// The field itself.
    pub fn field(self) -> Option<Field> {
        match self {
            Self::Field(field) => Some(field),
            _ => None,
        }
    }
}

impl Table {
    /// The kind as a field: its children are `spec` and the like.
    pub fn root(&'static self) -> Field {
        Field { table: self, first: 0, at: 0 }
    }

    /// What a JSON pointer leads to (`/spec/dependsOn/0/name`, or `*` for any item). Fields that all objects have are not
    /// part of the table: [`super::find`] knows them. Allocates nothing.
    pub fn find(&'static self, pointer: &str, scope: Scope<'_>) -> Found {
        let (mut field, bits) = (self.root(), scope.of(self));
        for (position, segment) in pointer.split('/').skip(1).enumerate() {
            field = match step(field, segment, bits) {
                Some(next) => next,
                None if field.is_open() => return Found::Below(field),
                None if self.is_partial => return Found::Unlisted,
                None => return Found::Unknown { last: field, position },
            };
        }
        Found::Field(field)
    }
}

/// The field that a segment of a pointer leads to.
fn step(field: Field, segment: &str, bits: Bits) -> Option<Field> {
    match field.value_type() {
        Type::Map => field.child_among("{}", bits),
        Type::List => {
            let is_item = segment == "*" || segment == "-" || segment.bytes().all(|byte| byte.is_ascii_digit());
            field.child_among("[]", bits).filter(|_| is_item)
        }
        _ => field.child_among(segment, bits),
    }
}

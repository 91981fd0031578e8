//! The fields of each kind as data: types, bounds, versions, references, a line of documentation.
//!
//! One text file per kind in `crates/flux/kinds`, a line per field. Those of Flux, the Flux Operator and kustomize are
//! generated from their schemas and cover Flux 2.6 to 2.10 (`cargo xtask fields`); those of other kinds are written by hand.
//! So are `references.txt`, `documentation.txt`, and `rules.txt`, which [`crate::validate`] reads. A table is parsed when it is first asked for; after that a lookup
//! allocates nothing.

mod documentation;
mod field;
mod json_schema;
mod lookup;
mod reference;
mod registry;
mod scope;
mod table;
mod value_type;

#[cfg(test)]
mod tests;

pub use field::Field;
pub use json_schema::json_schema;
pub use lookup::Found;
pub use reference::{Credential, Named, Namespace, Reference, all as all_references, of as references};
pub use registry::{all, find, flux, table};
pub use scope::Scope;
pub use table::{ApiVersion, Table};
pub use value_type::Type;

use crate::release::Minor;

/// The oldest minor of Flux that the tables cover.
pub const OLDEST: Minor = (2, 6);

//! Judges an object by a schema that is no table of ours: that of a CustomResourceDefinition, or a JSON Schema made of one.
//!
//! Flux applies on the server's side, so that a field that a CustomResourceDefinition does not have is an error and is not
//! dropped. A null is dropped unless the field is nullable, and a default is there before anything is required
//! (kubernetes-facts section 3). Rules in CEL and references to other schemas are not evaluated, and are counted.

mod fault;
mod keywords;
mod walk;

#[cfg(test)]
mod tests;

use fleetlint_yaml::Node;

pub use fault::{Fault, Judgement, Why};
use walk::Walk;

/// Where a schema comes from, which decides what it says of fields that it does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `openAPIV3Schema` of a CustomResourceDefinition: fields that it does not have are refused, and every object has
    /// `apiVersion`, `kind` and `metadata`.
    Definition,
    /// A JSON Schema: `additionalProperties: false` refuses them.
    JsonSchema,
}

/// What is wrong with an object, in its order.
pub fn judge(schema: &Node, object: &Node, dialect: Dialect) -> Judgement {
    let mut walk = Walk::new(dialect);
    walk.root(object, schema);
    walk.judgement()
}

//! A Kustomization that substitutes these variables, and nothing else.

use fleetlint::flux::substitute::{Lookup, SubstituteSource};
use fleetlint::object::Object;
use fleetlint::yaml::{Entry, Node, Origin};

pub(crate) fn kustomization<'a>(variables: impl Iterator<Item = (&'a str, &'a str)>) -> Option<Object> {
    let origin = Origin::default;
    let entry = |key: &str, value: Node| Entry { key: Node::string(key, origin()), value };
    let text = |text: &str| Node::string(text, origin());
    let map = |entries| Node::mapping(entries, origin());
    let variables = variables.map(|(name, value)| entry(name, text(value)));
    let post_build = map(vec![entry("substitute", map(variables.collect()))]);
    Object::new(map(vec![
        entry("apiVersion", text("kustomize.toolkit.fluxcd.io/v1")),
        entry("kind", text("Kustomization")),
        entry("metadata", map(vec![entry("name", text("app"))])),
        entry("spec", map(vec![entry("postBuild", post_build)])),
    ]))
}

/// No ConfigMap and no Secret.
pub(crate) struct Nothing;

impl SubstituteSource for Nothing {
    fn lookup(&self, _kind: &str, _name: &str) -> Lookup {
        Lookup::Missing
    }
}

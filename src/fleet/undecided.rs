//! Whether variables that are not known keep an object from saying what it applies, or what it holds.

use super::render::has_expression;
use crate::flux::api::{Kustomization, group};
use crate::object::Object;
use crate::yaml::Node;

/// The fields of a Kustomization's spec that do not change what it builds.
const BESIDE_THE_BUILD: [&str; 13] = [
    "decryption",
    "deletionPolicy",
    "dependsOn",
    "force",
    "healthCheckExprs",
    "healthChecks",
    "interval",
    "prune",
    "retryInterval",
    "serviceAccountName",
    "suspend",
    "timeout",
    "wait",
];

/// The fields of a source's spec that do not change which files it holds.
const BESIDE_THE_FILES: [&str; 10] = [
    "certSecretRef",
    "insecure",
    "interval",
    "provider",
    "proxySecretRef",
    "secretRef",
    "serviceAccountName",
    "suspend",
    "timeout",
    "verify",
];

/// Whether an object, of which a variable is not known, leaves open what comes of it. Of a Kustomization the inline values may
/// be open: they are variables that are not known in turn.
pub(super) fn is_undecided(object: &Object) -> bool {
    let beside: &[&str] = match object.id.group.as_str() {
        _ if Kustomization::of(object).is_some() => &BESIDE_THE_BUILD,
        group::SOURCE => &BESIDE_THE_FILES,
        _ => return has_expression(&object.root),
    };
    let identity = ["/metadata/name", "/metadata/namespace"].into_iter().filter_map(|pointer| object.at(pointer));
    let fields = object.at("/spec").map(Node::entries).unwrap_or_default().iter();
    let decides = |key: &Node| key.text().is_none_or(|key| !beside.contains(&key) && key != "postBuild");
    let spec = fields.filter(|field| decides(&field.key)).map(|field| &field.value);
    identity.chain(spec).any(has_expression) || object.at("/spec/postBuild").is_some_and(is_open_post_build)
}

/// Whether more than inline values is open.
fn is_open_post_build(post_build: &Node) -> bool {
    let is_open = |key: &Node, value: &Node| match key.text() {
        Some("substitute") => value.entries().iter().any(|entry| has_expression(&entry.key)) || value.text().is_some(),
        _ => has_expression(key) || has_expression(value),
    };
    post_build.entries().iter().any(|entry| is_open(&entry.key, &entry.value)) || post_build.text().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flux::kinds::{self, Found, Scope};

    #[test]
    fn the_fields_exist() {
        let has = |(group, kind): (&str, &str), field: &str| {
            let found = kinds::find(group, kind, &format!("/spec/{field}"), Scope::default());
            found.and_then(Found::field).is_some()
        };
        for field in BESIDE_THE_BUILD {
            assert!(has((group::KUSTOMIZE, "Kustomization"), field), "{field}");
        }
        for field in BESIDE_THE_FILES {
            assert!(kinds::flux().any(|kind| kind.0 == group::SOURCE && has(kind, field)), "{field}");
        }
    }
}

//! Copies that annotations of ConfigMaps and Secrets ask for: of the Flux Operator (`copyFrom`), reflector and replicator.

use regex::Regex;

use crate::object::Object;
use crate::yaml::Node;

const COPY_FROM: &str = "fluxcd.controlplane.io/copyFrom";
const REFLECTOR: &str = "reflector.v1.k8s.emberstack.com";
const REPLICATOR: &str = "replicator.v1.mittwald.de";

/// Expressions longer than this are taken to match nothing, in bytes.
const MAX_PATTERN: usize = 1_000;

/// The ConfigMap or Secret, by namespace and name, that an object takes its data from. `by_operator`: a ResourceSet applies it.
pub fn copied_from(object: &Object, by_operator: bool) -> Option<(&str, &str)> {
    if !holds_data(object) {
        return None;
    }
    let written = |key: &str| object.annotation(key).and_then(Node::text);
    let operator = written(COPY_FROM).filter(|_| by_operator);
    let reflected = || written(&format!("{REFLECTOR}/reflects"));
    let replicated = || written(&format!("{REPLICATOR}/replicate-from"));
    operator.or_else(reflected).or_else(replicated)?.split_once('/')
}

/// The object with the data of another one of its kind.
pub fn with_data_of(object: &Object, source: &Object) -> Option<Object> {
    let mut root = Node::clone(&object.root);
    let mapping = root.as_mapping_mut()?;
    for field in ["type", "data", "binaryData", "stringData"] {
        let given = source.root.get(field).filter(|_| field != "type" || mapping.get(field).is_none());
        if let Some(value) = given {
            mapping.set(field, value.clone());
        }
    }
    Object::new(root)
}

/// Whether annotations of an object put a copy of it into a namespace.
pub fn pushes_into(object: &Object, namespace: &Object) -> bool {
    holds_data(object)
        && object.id.namespace != namespace.id.name
        && (reflects_into(object, &namespace.id.name) || replicates_into(object, namespace))
}

fn holds_data(object: &Object) -> bool {
    object.is("", "Secret") || object.is("", "ConfigMap")
}

/// reflector copies by itself where both switches are on; an empty list stands for every namespace.
fn reflects_into(object: &Object, namespace: &str) -> bool {
    let written = |key: &str| object.annotation(&format!("{REFLECTOR}/{key}")).and_then(Node::text).unwrap_or_default();
    let is_in = |list: &str| list.trim().is_empty() || matches_any(list, namespace);
    written("reflection-allowed") == "true"
        && written("reflection-auto-enabled") == "true"
        && is_in(written("reflection-allowed-namespaces"))
        && is_in(written("reflection-auto-namespaces"))
}

fn replicates_into(object: &Object, namespace: &Object) -> bool {
    let written = |key: &str| object.annotation(&format!("{REPLICATOR}/{key}")).and_then(Node::text);
    written("replicate-to").is_some_and(|list| matches_any(list, &namespace.id.name))
        || written("replicate-to-matching").is_some_and(|selector| selects_by_text(selector, namespace))
}

/// Whether one of the regular expressions, separated by commas, matches all of a name.
fn matches_any(list: &str, name: &str) -> bool {
    list.split(',').map(str::trim).filter(|pattern| !pattern.is_empty()).any(|pattern| {
        pattern == name
            || (pattern.len() <= MAX_PATTERN
                && Regex::new(&format!("^(?:{pattern})$")).is_ok_and(|regex| regex.is_match(name)))
    })
}

/// A label selector as kubectl takes it, without sets: `a=b,c!=d,e,!f`.
fn selects_by_text(selector: &str, object: &Object) -> bool {
    let label = |key: &str| object.label(key.trim()).and_then(Node::text);
    let terms = selector.split(',').map(str::trim).filter(|term| !term.is_empty());
    !selector.trim().is_empty()
        && !selector.contains('(')
        && terms.into_iter().all(|term| {
            if let Some((key, value)) = term.split_once("!=") {
                return label(key) != Some(value.trim());
            }
            if let Some((key, value)) = term.split_once('=') {
                return label(key) == Some(value.trim_start_matches('=').trim());
            }
            match term.strip_prefix('!') {
                Some(key) => label(key).is_none(),
                None => label(term).is_some(),
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{Entry, Origin};

    fn map(entries: &[(&str, &str)]) -> Node {
        let text = |text: &str| Node::string(text, Origin::default());
        let entry = |(key, value): &(&str, &str)| Entry { key: text(key), value: text(value) };
        Node::mapping(entries.iter().map(entry).collect(), Origin::default())
    }

    fn object(kind: &str, namespace: &str, name: &str, field: &str, entries: &[(&str, &str)]) -> Object {
        let mut metadata = map(&[("name", name), ("namespace", namespace)]);
        metadata.as_mapping_mut().unwrap().set(field, map(entries));
        let mut root = map(&[("apiVersion", "v1"), ("kind", kind)]);
        root.as_mapping_mut().unwrap().set("metadata", metadata);
        Object::new(root).unwrap()
    }

    fn pushes(annotations: &[(&str, &str)], namespace: &str, labels: &[(&str, &str)]) -> bool {
        let secret = object("Secret", "home", "s", "annotations", annotations);
        pushes_into(&secret, &object("Namespace", "", namespace, "labels", labels))
    }

    #[test]
    fn reflector_needs_both_switches() {
        let allowed = ("reflector.v1.k8s.emberstack.com/reflection-allowed", "true");
        let auto = ("reflector.v1.k8s.emberstack.com/reflection-auto-enabled", "true");
        let only = ("reflector.v1.k8s.emberstack.com/reflection-allowed-namespaces", "apps-.*, web");
        let some = ("reflector.v1.k8s.emberstack.com/reflection-auto-namespaces", "apps-a");
        assert!(!pushes(&[allowed], "web", &[]));
        assert!(!pushes(&[auto], "web", &[]));
        assert!(pushes(&[allowed, auto], "web", &[]));
        assert!(!pushes(&[allowed, auto], "home", &[]), "not into its own namespace");
        assert!(pushes(&[allowed, auto, only], "apps-a", &[]));
        assert!(!pushes(&[allowed, auto, only], "my-apps-a", &[]), "the whole name must match");
        assert!(pushes(&[allowed, auto, only, some], "apps-a", &[]));
        assert!(!pushes(&[allowed, auto, only, some], "web", &[]));
    }

    #[test]
    fn replicator_goes_by_name_or_label() {
        let to = ("replicator.v1.mittwald.de/replicate-to", "web,apps-[0-9]*");
        assert!(pushes(&[to], "apps-12", &[]));
        assert!(!pushes(&[to], "apps-x", &[]));
        let matching = ("replicator.v1.mittwald.de/replicate-to-matching", "team=a,!closed");
        assert!(pushes(&[matching], "x", &[("team", "a")]));
        assert!(!pushes(&[matching], "x", &[("team", "a"), ("closed", "yes")]));
        assert!(!pushes(&[matching], "x", &[("team", "b")]));
    }

    #[test]
    fn only_a_resource_set_copies_from() {
        let object = object("Secret", "apps", "s", "annotations", &[("fluxcd.controlplane.io/copyFrom", "home/token")]);
        assert_eq!(copied_from(&object, true), Some(("home", "token")));
        assert_eq!(copied_from(&object, false), None);
    }
}

//! Objects that Kyverno makes from `generate.data`.

use super::is_policy;
use super::trigger::{Trigger, trigger};
use crate::object::Object;
use fleetlint_yaml::{Entry, Node, Value};

/// A rule that makes an object in each namespace it matches.
#[derive(Clone, Debug)]
pub struct DataRule<'a> {
    rule: &'a Node,
    generate: &'a Node,
    data: &'a Node,
}

/// The rules of a Kyverno policy that write objects down; one whose trigger needs evaluation makes nothing.
pub fn data_rules(policy: &Object) -> Vec<DataRule<'_>> {
    if !is_policy(policy) {
        return Vec::new();
    }
    let rule = |rule| {
        let generate = Node::get(rule, "generate")?;
        Some(DataRule { rule, generate, data: generate.get("data")? })
    };
    policy.at("/spec/rules").map(Node::items).unwrap_or_default().iter().filter_map(rule).collect()
}

impl DataRule<'_> {
    /// What the rule makes for a namespace, and whether all of it is known: expressions that name the namespace are, others
    /// are not.
    pub fn object_for(&self, namespace: &Object) -> Option<(Object, bool)> {
        if trigger(self.rule, namespace) != Trigger::Yes {
            return None;
        }
        let mut root = self.data.clone();
        let origin = self.generate.origin.clone();
        let mapping = root.as_mapping_mut()?;
        for field in ["apiVersion", "kind"] {
            mapping.set(field, self.generate.get(field)?.clone());
        }
        if mapping.get("metadata").is_none_or(|metadata| metadata.as_mapping().is_none()) {
            mapping.set("metadata", Node::mapping(Vec::new(), origin));
        }
        let metadata = mapping.get_mut("metadata")?.as_mapping_mut()?;
        for field in ["name", "namespace"] {
            if let Some(value) = self.generate.get(field) {
                metadata.set(field, value.clone());
            }
        }
        let settled = evaluate(&mut root, &namespace.id.name);
        let object = Object::new(root)?;
        let is_named = !object.id.name.contains("{{") && !object.id.namespace.contains("{{");
        is_named.then_some((object, settled))
    }
}

/// Puts the name of the namespace in; whether no other expression is left.
fn evaluate(node: &mut Node, namespace: &str) -> bool {
    match &mut node.value {
        Value::Mapping(mapping) => {
            let value = |entry: &mut Entry| evaluate(&mut entry.value, namespace);
            mapping.entries.iter_mut().map(value).fold(true, |all, known| all & known)
        }
        Value::Sequence(items) => {
            items.iter_mut().map(|item| evaluate(item, namespace)).fold(true, |all, known| all & known)
        }
        Value::Scalar(scalar) if scalar.text.contains("{{") => {
            let (text, known) = named(&scalar.text, namespace);
            scalar.text = text.into();
            known
        }
        Value::Scalar(_) => true,
    }
}

fn named(text: &str, namespace: &str) -> (String, bool) {
    let mut out = String::new();
    let (mut rest, mut known) = (text, true);
    while let Some((before, behind)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((expression, after)) = behind.split_once("}}") else { break };
        match expression.trim() {
            "request.object.metadata.name" => out.push_str(namespace),
            _ => {
                known = false;
                out.push_str("{{");
                out.push_str(expression);
                out.push_str("}}");
            }
        }
        rest = after;
    }
    let is_open = rest.contains("{{");
    out.push_str(rest);
    (out, known && !is_open)
}

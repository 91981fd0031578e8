//! What a policy may make although fleetlint does not evaluate it: expressions, conditions, kinds of policies that it does
//! not read. Bounded by the kinds and names that the policy itself holds.

use super::trigger::{Trigger, has_conditions, trigger};
use super::{clone_rule, last_segment};
use crate::object::Object;
use fleetlint_yaml::Node;

/// Why it is not known whether a policy makes an object of a kind and name in a namespace (`labels` is the Namespace object,
/// where the fleet has it); `None` where it does not, or where the rules that are followed say it.
pub fn may_make(
    policy: &Object,
    (kind, namespace, name): (&str, &str, &str),
    labels: Option<&Object>,
) -> Option<&'static str> {
    let is_own = policy.id.namespace.is_empty() || policy.id.namespace == namespace;
    match (policy.id.group.as_str(), policy.id.kind.as_str()) {
        _ if !is_own => None,
        ("policies.kyverno.io", "GeneratingPolicy" | "NamespacedGeneratingPolicy") => {
            mentions(policy.at("/spec")?, kind).then_some("its expressions are not evaluated")
        }
        ("kyverno.io", "ClusterPolicy" | "Policy") => {
            let rules = policy.at("/spec/rules").map(Node::items).unwrap_or_default();
            let may = |rule: &&Node| rule_may_make(policy, rule, (kind, namespace, name), labels);
            rules.iter().any(|rule| may(&rule)).then_some("what narrows its rules is not evaluated")
        }
        _ => None,
    }
}

/// Whether an object is of Kyverno's policies.
pub fn is_of_kyverno(object: &Object) -> bool {
    matches!(object.id.group.as_str(), "kyverno.io" | "policies.kyverno.io")
}

fn rule_may_make(
    policy: &Object,
    rule: &Node,
    (kind, namespace, name): (&str, &str, &str),
    labels: Option<&Object>,
) -> bool {
    let Some(generate) = rule.get("generate") else { return false };
    let is_followed = policy.id.kind == "ClusterPolicy"
        && (clone_rule(policy, rule).is_some() || generate.get("data").is_some())
        && labels.map_or(!has_conditions(rule), |namespace| trigger(rule, namespace) != Trigger::Unknown);
    if is_followed || labels.is_some_and(|namespace| is_of_namespaces(rule) && trigger(rule, namespace) == Trigger::No)
    {
        return false;
    }
    let is_open = |text: &str| text.contains("{{");
    let fits = |field: &str, wanted: &str| match generate.get(field).and_then(Node::text) {
        Some(text) => is_open(text) || text == wanted,
        None => true,
    };
    let has_kind = match generate.at("/cloneList/kinds") {
        Some(kinds) => kinds.items().iter().filter_map(Node::text).any(|it| last_segment(it) == kind),
        None => fits("kind", kind) && (generate.get("kind").is_some() || mentions(generate, kind)),
    };
    has_kind && fits("name", name) && fits("namespace", namespace)
}

/// The rule is about Namespace objects only, so that the one that is there decides whether it triggers.
fn is_of_namespaces(rule: &Node) -> bool {
    let kinds = |block: &Node| {
        let kinds = block.at("/resources/kinds").map(Node::items).unwrap_or_default();
        !kinds.is_empty() && kinds.iter().all(|kind| kind.text().map(last_segment) == Some("Namespace"))
    };
    let Some(matching) = rule.get("match") else { return false };
    let items = |field: &str| matching.get(field).map(Node::items).unwrap_or_default();
    let mut blocks = items("any").iter().chain(items("all")).peekable();
    if blocks.peek().is_none() { kinds(matching) } else { blocks.all(kinds) }
}

/// Whether a text somewhere in a node names a kind, as `Secret` or as the resource `secrets`.
fn mentions(node: &Node, kind: &str) -> bool {
    let kind = kind.to_ascii_lowercase();
    node.scalars().filter_map(Node::text).any(|text| text.to_ascii_lowercase().contains(&kind))
}

//! Which Namespace objects trigger a rule of a Kyverno policy: `match`, `exclude` and what else narrows it.
//!
//! For the kind Namespace, `namespaces` means its own name (Kyverno's `CheckNameSpace`). What needs a running cluster (who
//! asks, expressions) is not evaluated: such a rule may trigger.

use super::{last_segment, selects, wildcard};
use crate::object::Object;
use fleetlint_yaml::Node;

/// Whether a rule triggers; the order is that of certainty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trigger {
    No,
    /// It depends on what fleetlint does not evaluate.
    Unknown,
    Yes,
}

impl Trigger {
    fn of(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }

    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
            Self::Yes => Self::No,
        }
    }
}

/// Fields of a rule whose values are expressions.
const CONDITIONS: [&str; 2] = ["preconditions", "celPreconditions"];

/// Whether a Namespace object triggers a rule.
pub(super) fn trigger(rule: &Node, namespace: &Object) -> Trigger {
    let unconditional = if has_conditions(rule) { Trigger::Unknown } else { Trigger::Yes };
    let matched = rule.get("match").map_or(Trigger::No, |block| blocks(block, namespace, true));
    let excluded = rule.get("exclude").map_or(Trigger::No, |block| blocks(block, namespace, false));
    matched.min(excluded.not()).min(unconditional)
}

/// Whether expressions decide, too.
pub(super) fn has_conditions(rule: &Node) -> bool {
    CONDITIONS.iter().any(|field| rule.get(field).is_some_and(|value| !value.is_null()))
}

/// The selectors of labels in `match`.
pub(super) fn selectors(rule: &Node) -> impl Iterator<Item = &Node> {
    let block = rule.get("match");
    let items = move |field: &str| block.and_then(|it| it.get(field)).map(Node::items).unwrap_or_default();
    let blocks = items("any").iter().chain(items("all")).chain(block);
    blocks.filter_map(|block| block.get("resources")?.get("selector"))
}

/// `any`, `all`, or the old form with `resources` at the top.
fn blocks(block: &Node, namespace: &Object, needs_kind: bool) -> Trigger {
    let items = |field: &str| block.get(field).map(Node::items).filter(|items| !items.is_empty());
    let each = |items: &[Node]| -> Vec<Trigger> { items.iter().map(|it| filter(it, namespace, needs_kind)).collect() };
    match (items("any"), items("all")) {
        (None, None) => filter(block, namespace, needs_kind),
        (any, all) => {
            let any = any.map(|items| each(items).into_iter().max().unwrap_or(Trigger::No));
            let all = all.map(|items| each(items).into_iter().min().unwrap_or(Trigger::Yes));
            any.into_iter().chain(all).min().unwrap_or(Trigger::No)
        }
    }
}

/// One block: `resources`, and who asks.
fn filter(block: &Node, namespace: &Object, needs_kind: bool) -> Trigger {
    let is_about_user = block.entries().iter().any(|entry| {
        entry.key.text().is_some_and(|key| !matches!(key, "resources" | "any" | "all")) && !entry.value.is_null()
    });
    let by_user = if is_about_user { Trigger::Unknown } else { Trigger::Yes };
    match block.get("resources").filter(|resources| !resources.entries().is_empty()) {
        Some(resources) => resource_filter(resources, namespace, needs_kind).min(by_user),
        None if needs_kind => Trigger::No,
        None => {
            if is_about_user {
                Trigger::Unknown
            } else {
                Trigger::No
            }
        }
    }
}

fn resource_filter(resources: &Node, namespace: &Object, needs_kind: bool) -> Trigger {
    if needs_kind && resources.get("kinds").is_none() {
        return Trigger::No;
    }
    let name = namespace.id.name.as_str();
    let held = resources.entries().iter().map(|entry| {
        let value = &entry.value;
        let any = |holds: &dyn Fn(&str) -> bool| {
            let texts: Vec<&str> = value.items().iter().filter_map(Node::text).collect();
            Trigger::of(texts.is_empty() || texts.into_iter().any(holds))
        };
        match entry.key.text().unwrap_or_default() {
            "kinds" => any(&|kind| wildcard(last_segment(kind), "Namespace")),
            "names" | "namespaces" => any(&|pattern| wildcard(pattern, name)),
            "name" => Trigger::of(value.text().is_none_or(|pattern| pattern.is_empty() || wildcard(pattern, name))),
            "selector" => Trigger::of(selects(value, namespace)),
            "annotations" => Trigger::of(value.entries().iter().all(|wanted| annotated(wanted, namespace))),
            _ if value.is_null() || value.entries().is_empty() && value.items().is_empty() => Trigger::Yes,
            _ => Trigger::Unknown,
        }
    });
    held.min().unwrap_or(Trigger::No)
}

fn annotated(wanted: &fleetlint_yaml::Entry, namespace: &Object) -> bool {
    let (key, value) = (wanted.key.text().unwrap_or_default(), wanted.value.text().unwrap_or_default());
    namespace.annotation(key).and_then(Node::text).is_some_and(|found| wildcard(value, found))
}

#[cfg(test)]
mod tests {
    use fleetlint_source::Files;
    use fleetlint_yaml::Documents;

    use super::*;

    fn parse(text: &str) -> Node {
        let file = Files::default().add("r".into(), None, "a.yaml".into(), text.as_bytes().to_vec());
        Documents::default().of(&file).documents[0].as_ref().unwrap().root.clone().unwrap()
    }

    #[test]
    fn what_narrows_a_rule_counts() {
        let namespace = Object::new(parse(
            "{apiVersion: v1, kind: Namespace, metadata: {name: team-a, labels: {tenant: a}, annotations: {k: v1}}}",
        ));
        let namespace = namespace.unwrap();
        let all = "match: {any: [{resources: {kinds: [Namespace]}}]}";
        let cases = [
            (all, Trigger::Yes),
            ("match: {resources: {kinds: [v1/Namespace], name: team-*}}", Trigger::Yes),
            ("match: {resources: {kinds: [Pod]}}", Trigger::No),
            ("match: {}", Trigger::No),
            ("match: {any: [{resources: {kinds: [Namespace], namespaces: [team-b]}}]}", Trigger::No),
            ("match: {any: [{resources: {kinds: [Namespace], selector: {matchLabels: {tenant: '*'}}}}]}", Trigger::Yes),
            ("match: {any: [{resources: {kinds: [Namespace], annotations: {k: v*}}}]}", Trigger::Yes),
            ("match: {any: [{resources: {kinds: [Namespace], annotations: {k: w}}}]}", Trigger::No),
            ("match: {any: [{resources: {kinds: [Namespace]}, subjects: [{kind: User, name: a}]}]}", Trigger::Unknown),
            (
                "match: {any: [{resources: {kinds: [Namespace], namespaceSelector: {matchLabels: {a: b}}}}]}",
                Trigger::Unknown,
            ),
            (
                "match: {all: [{resources: {kinds: [Namespace]}}, {resources: {kinds: [Namespace], names: [x]}}]}",
                Trigger::No,
            ),
            (
                "match: {all: [{resources: {kinds: [Namespace]}}, {resources: {kinds: [Namespace], names: [team-a]}}]}",
                Trigger::Yes,
            ),
        ];
        let exclusions = [
            ("exclude: {any: [{resources: {namespaces: [flux-system, team-a]}}]}", Trigger::No),
            ("exclude: {any: [{resources: {namespaces: [flux-system]}}]}", Trigger::Yes),
            ("exclude: {resources: {selector: {matchLabels: {tenant: a}}}}", Trigger::No),
            ("exclude: {any: [{clusterRoles: [cluster-admin]}]}", Trigger::Unknown),
            ("exclude: {any: []}", Trigger::Yes),
            ("preconditions: {all: [{key: a, operator: Equals, value: b}]}", Trigger::Unknown),
            ("preconditions:", Trigger::Yes),
        ];
        let with_all = exclusions.map(|(text, expected)| (format!("{all}\n{text}"), expected));
        for (text, expected) in cases.map(|(text, expected)| (text.to_owned(), expected)).into_iter().chain(with_all) {
            assert_eq!(trigger(&parse(&text), &namespace), expected, "{text}");
        }
    }
}

//! ConfigMaps and Secrets that come into namespaces as copies (domain-facts section 9): by policies of Kyverno, and by
//! annotations.
//!
//! Only what a policy says without evaluation: triggers on Namespace objects by name, label and annotation, sources by name
//! or label. What it may do besides, [`may_make`] says.

mod annotation;
mod generate;
mod trigger;
mod unfollowed;

use smol_str::SmolStr;

use crate::object::Object;
use fleetlint_yaml::Node;

pub use annotation::{CopiedFrom, Pushes, copied_from, with_data_of};
pub use generate::{DataRule, data_rules};
pub use trigger::Trigger;
pub use unfollowed::{is_of_kyverno, may_make};

/// Whether an object may have a part in copies, by its kind and its annotations: a policy, a source or a copy.
pub fn may_spread(object: &Object) -> bool {
    is_policy(object) || annotation::may_be_copied(object)
}

fn is_policy(object: &Object) -> bool {
    object.is("kyverno.io", "ClusterPolicy")
}

/// A rule that copies objects into each namespace it matches.
#[derive(Clone, Debug)]
pub struct CloneRule<'a> {
    /// The policy that holds the rule.
    pub policy: &'a Object,
    rule: &'a Node,
    /// What is copied.
    source: CloneSource<'a>,
}

#[derive(Clone, Debug)]
struct CloneSource<'a> {
    namespace: &'a str,
    kinds: Vec<&'a str>,
    name: Option<&'a str>,
    selector: Option<&'a Node>,
}

/// The clone rules of a Kyverno policy; rules whose source or target needs evaluation are left out.
pub fn clone_rules(policy: &Object) -> Vec<CloneRule<'_>> {
    if !is_policy(policy) {
        return Vec::new();
    }
    let rules = policy.at("/spec/rules").map(Node::items).unwrap_or_default();
    rules.iter().filter_map(|rule| clone_rule(policy, rule)).collect()
}

fn clone_rule<'a>(policy: &'a Object, rule: &'a Node) -> Option<CloneRule<'a>> {
    let generate = rule.get("generate")?;
    let source = clone_source(generate)?;
    // The copy goes to the namespace that triggers the rule, or the rule is none that we can follow.
    let target = generate.get("namespace").and_then(Node::text)?.replace(' ', "");
    if target != "{{request.object.metadata.name}}" {
        return None;
    }
    Some(CloneRule { policy, rule, source })
}

fn clone_source(generate: &Node) -> Option<CloneSource<'_>> {
    if let Some(list) = generate.get("cloneList") {
        let kinds = list.get("kinds")?.items().iter().filter_map(Node::text).map(last_segment).collect();
        let namespace = list.get("namespace")?.text()?;
        return Some(CloneSource { namespace, kinds, name: None, selector: list.get("selector") });
    }
    let clone = generate.get("clone")?;
    Some(CloneSource {
        namespace: clone.get("namespace")?.text()?,
        kinds: vec![generate.get("kind")?.text()?],
        name: Some(clone.get("name")?.text()?),
        selector: None,
    })
}

impl<'a> CloneRule<'a> {
    /// Whether a Namespace object triggers the rule for certain.
    pub fn triggers_on(&self, namespace: &Object) -> bool {
        trigger::trigger(self.rule, namespace) == Trigger::Yes
    }

    /// Whether an object is one that the rule copies.
    pub fn copies(&self, object: &Object) -> bool {
        object.id.group.is_empty()
            && object.id.namespace == self.source.namespace
            && self.source.kinds.iter().any(|kind| *kind == object.id.kind)
            && self.source.name.is_none_or(|name| object.id.name == name)
            && self.source.selector.is_none_or(|selector| selects(selector, object))
    }

    /// Whether it copies Secrets of a namespace, by whatever name or label.
    pub fn takes_from(&self, namespace: &str) -> bool {
        self.source.namespace == namespace && self.source.kinds.contains(&"Secret")
    }

    /// Whether it copies only what has a name or a label.
    pub fn is_selective(&self) -> bool {
        self.source.name.is_some() || self.source.selector.is_some_and(|selector| !selector.entries().is_empty())
    }

    /// The labels that what is copied has to have, without wildcards.
    pub fn source_labels(&self) -> Vec<(&str, &str)> {
        let labels = self.source.selector.and_then(|selector| selector.get("matchLabels"));
        let pairs = labels.map(Node::entries).unwrap_or_default().iter();
        let pairs = pairs.filter_map(|entry| entry.key.text().zip(entry.value.text()));
        pairs.filter(|(_, value)| !value.contains(['*', '?'])).collect()
    }

    /// The selector by which the rule leaves an object out that it would copy otherwise.
    pub fn misses_by_label(&self, object: &Object) -> Option<&'a Node> {
        let selector = self.source.selector?;
        let all = Self { source: CloneSource { selector: None, ..self.source.clone() }, ..self.clone() };
        (all.copies(object) && !selects(selector, object)).then_some(selector)
    }

    /// The selector that decides which namespaces get a copy, where the rule has one.
    pub fn trigger_selectors(&self) -> impl Iterator<Item = &Node> {
        trigger::selectors(self.rule)
    }
}

/// Whether a label selector selects an object, as Kubernetes means it: without wildcards.
pub fn selects_exactly(selector: &Node, object: &Object) -> bool {
    let labels = selector.get("matchLabels").map(Node::entries).unwrap_or_default();
    let label = |key: &str| object.label(key).and_then(Node::text);
    selects(selector, object)
        && labels.iter().all(|entry| label(entry.key.text().unwrap_or_default()) == entry.value.text())
}

/// Whether a label selector (`matchLabels`, `matchExpressions`) selects an object; Kyverno's wildcards are taken.
pub fn selects(selector: &Node, object: &Object) -> bool {
    let label = |key: &str| object.label(key).and_then(Node::text).map(SmolStr::from);
    let labels = selector.get("matchLabels").map(Node::entries).unwrap_or_default();
    let expressions = selector.get("matchExpressions").map(Node::items).unwrap_or_default();
    let equal = labels.iter().all(|entry| {
        let (key, value) = (entry.key.text().unwrap_or_default(), entry.value.text().unwrap_or_default());
        label(key).is_some_and(|found| wildcard(value, &found))
    });
    equal && expressions.iter().all(|expression| holds(expression, &label))
}

fn holds(expression: &Node, label: &dyn Fn(&str) -> Option<SmolStr>) -> bool {
    let key = expression.get("key").and_then(Node::text).unwrap_or_default();
    let values = expression.get("values").map(Node::items).unwrap_or_default();
    let found = label(key);
    let among = found.as_ref().is_some_and(|found| values.iter().any(|value| value.text() == Some(found.as_str())));
    match expression.get("operator").and_then(Node::text) {
        Some("In") => among,
        Some("NotIn") => !among,
        Some("Exists") => found.is_some(),
        Some("DoesNotExist") => found.is_none(),
        _ => false,
    }
}

/// Kyverno's `*` and `?` in names and label values. Linear in the text for each star.
fn wildcard(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t, mut star, mut mark) = (0, 0, None, 0);
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => (star, mark, p) = (Some(p), t, p + 1),
            Some(&c) if c == '?' || c == text[t] => (p, t) = (p + 1, t + 1),
            _ => match star {
                Some(back) => (mark, p, t) = (mark + 1, back + 1, mark + 1),
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&c| c == '*')
}

/// `v1/Secret` names the kind `Secret`.
fn last_segment(kind: &str) -> &str {
    kind.rsplit('/').next().unwrap_or(kind)
}

/// The copy of an object in another namespace; its fields keep their origins.
pub fn copy_into(object: &Object, namespace: &str) -> Option<Object> {
    let mut root = Node::clone(&object.root);
    let metadata = root.get_mut("metadata")?;
    let origin = metadata.origin.clone();
    metadata.as_mapping_mut()?.set("namespace", Node::string(namespace, origin));
    Object::new(root)
}

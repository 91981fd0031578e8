//! Copies that annotations of ConfigMaps and Secrets ask for: of the Flux Operator (`copyFrom`), reflector and replicator.

use regex::Regex;

use crate::object::Object;
use fleetlint_yaml::Node;

const COPY_FROM: &str = "fluxcd.controlplane.io/copyFrom";
const REFLECTOR: &str = "reflector.v1.k8s.emberstack.com";
const REPLICATOR: &str = "replicator.v1.mittwald.de";

/// Expressions longer than this are taken to match nothing, in bytes.
const MAX_PATTERN: usize = 1_000;

/// The ConfigMap or Secret that an object takes its data from.
#[derive(Clone, Copy, Debug)]
pub struct CopiedFrom<'a> {
    pub namespace: &'a str,
    pub name: &'a str,
    by: Copier,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Copier {
    Operator,
    Reflector,
    Replicator,
}

/// What an object takes its data from. `by_operator`: a ResourceSet applies it.
pub fn copied_from(object: &Object, by_operator: bool) -> Option<CopiedFrom<'_>> {
    if !holds_data(object) || object.at("/metadata/annotations").is_none() {
        return None;
    }
    let written = |key: &str| object.annotation(key).and_then(Node::text);
    let operator = written(COPY_FROM).filter(|_| by_operator).map(|text| (text, Copier::Operator));
    let reflected = || written(&format!("{REFLECTOR}/reflects")).map(|text| (text, Copier::Reflector));
    let replicated = || written(&format!("{REPLICATOR}/replicate-from")).map(|text| (text, Copier::Replicator));
    let (text, by) = operator.or_else(reflected).or_else(replicated)?;
    let (namespace, name) = text.split_once('/')?;
    Some(CopiedFrom { namespace, name, by })
}

impl CopiedFrom<'_> {
    /// Whether the source lets itself be copied into a namespace: reflector and replicator ask it.
    pub fn is_allowed(&self, source: &Object, namespace: &str, labels: Option<&Object>) -> bool {
        match self.by {
            Copier::Operator => true,
            Copier::Reflector => may_reflect_into(source, namespace, labels),
            Copier::Replicator => {
                let written = |key: &str| source.annotation(&format!("{REPLICATOR}/{key}")).and_then(Node::text);
                matches!(written("replication-allowed"), Some("1" | "t" | "T" | "true" | "TRUE" | "True"))
                    && written("replication-allowed-namespaces").is_some_and(|list| replicates_to(list, namespace))
            }
        }
    }
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

/// Whether an object is of a kind that annotations copy, and has any.
pub(super) fn may_be_copied(object: &Object) -> bool {
    is_replicated(object) && object.at("/metadata/annotations").is_some()
}

/// Whether an object has annotations that may put copies of it into namespaces.
fn may_push(object: &Object) -> bool {
    let annotations = object.at("/metadata/annotations").map(Node::entries).unwrap_or_default();
    let keys = annotations.iter().filter_map(|entry| entry.key.text());
    is_replicated(object) && keys.into_iter().any(|key| key.starts_with(REFLECTOR) || key.starts_with(REPLICATOR))
}

/// What annotations of an object say about copies of it in namespaces.
#[derive(Debug)]
pub struct Pushes<'a> {
    object: &'a Object,
    reflector: Option<(Selected<'a>, Selected<'a>)>,
    replicator: Option<(Vec<Regex>, &'a str)>,
}

impl<'a> Pushes<'a> {
    /// Reads the annotations of an object; `None` where they put no copy anywhere.
    pub fn of(object: &'a Object) -> Option<Self> {
        if !may_push(object) {
            return None;
        }
        let pushes = Self { object, reflector: reflector(object), replicator: replicator(object) };
        (pushes.reflector.is_some() || pushes.replicator.is_some()).then_some(pushes)
    }

    /// Whether a copy goes into a namespace. Copies are not copied on.
    pub fn into_namespace(&self, namespace: &Object) -> bool {
        let name = &namespace.id.name;
        let reflects = |(allowed, own): &(Selected<'_>, Selected<'_>)| {
            allowed.takes(name, Some(namespace)) && own.takes(name, Some(namespace))
        };
        let replicates = |(patterns, selector): &(Vec<Regex>, &str)| {
            patterns.iter().any(|pattern| pattern.is_match(name)) || selects_by_text(selector, namespace)
        };
        self.object.id.namespace != *name
            && (self.reflector.as_ref().is_some_and(reflects) || self.replicator.as_ref().is_some_and(replicates))
    }
}

fn holds_data(object: &Object) -> bool {
    object.is("", "Secret") || object.is("", "ConfigMap")
}

/// The kinds that replicator copies.
fn is_replicated(object: &Object) -> bool {
    let is_of_rbac = |kind: &str| object.is("rbac.authorization.k8s.io", kind);
    holds_data(object) || object.is("", "ServiceAccount") || is_of_rbac("Role") || is_of_rbac("RoleBinding")
}

/// reflector copies by itself where both switches are on.
fn reflector(object: &Object) -> Option<(Selected<'_>, Selected<'_>)> {
    let is_copy = object.annotation(&format!("{REFLECTOR}/reflects")).is_some();
    let is_on = holds_data(object) && !is_copy && reflector_switch(object, "reflection-auto-enabled");
    let is_on = is_on && reflector_switch(object, "reflection-allowed");
    let selected = |key| Selected::of(object, key);
    is_on.then(|| (selected("reflection-allowed-namespaces"), selected("reflection-auto-namespaces")))
}

fn may_reflect_into(object: &Object, namespace: &str, labels: Option<&Object>) -> bool {
    reflector_switch(object, "reflection-allowed")
        && Selected::of(object, "reflection-allowed-namespaces").takes(namespace, labels)
}

fn reflector_switch(object: &Object, key: &str) -> bool {
    let value = object.annotation(&format!("{REFLECTOR}/{key}")).and_then(Node::text);
    value.is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
}

/// Namespaces by a list of patterns or by a label selector, whichever fits; without both every one is selected.
#[derive(Debug)]
struct Selected<'a> {
    is_any: bool,
    patterns: Vec<Regex>,
    selector: &'a str,
}

impl<'a> Selected<'a> {
    fn of(object: &'a Object, key: &str) -> Self {
        let written =
            |key: &str| object.annotation(&format!("{REFLECTOR}/{key}")).and_then(Node::text).unwrap_or_default();
        let (list, selector) = (written(key), written(&format!("{key}-selector")));
        let patterns = list.split(',').map(str::trim).filter(|pattern| !pattern.is_empty()).filter_map(compiled);
        let is_any = list.trim().is_empty() && selector.trim().is_empty();
        Self { is_any, patterns: patterns.collect(), selector }
    }

    fn takes(&self, namespace: &str, labels: Option<&Object>) -> bool {
        // The first match has to be all of the name.
        let is_whole = |regex: &Regex| regex.find(namespace).map(|found| found.len()) == Some(namespace.len());
        self.is_any
            || self.patterns.iter().any(is_whole)
            || labels.is_some_and(|labels| selects_by_text(self.selector, labels))
    }
}

fn replicator(object: &Object) -> Option<(Vec<Regex>, &str)> {
    let written = |key: &str| object.annotation(&format!("{REPLICATOR}/{key}")).and_then(Node::text);
    let (names, labels) = (written("replicate-to"), written("replicate-to-matching"));
    let is_on = is_replicated(object) && written("replicate-from").is_none() && (names.is_some() || labels.is_some());
    is_on.then(|| (names.map(replicator_patterns).unwrap_or_default(), labels.unwrap_or_default()))
}

/// The regular expressions of a list, separated by commas. replicator puts `^` and `$` around each, whatever is in it.
fn replicator_patterns(list: &str) -> Vec<Regex> {
    let anchored = |pattern: &str| {
        let (start, end) =
            (if pattern.starts_with('^') { "" } else { "^" }, if pattern.ends_with('$') { "" } else { "$" });
        compiled(&format!("{start}{pattern}{end}"))
    };
    list.split(',').map(str::trim).filter_map(anchored).collect()
}

fn replicates_to(list: &str, name: &str) -> bool {
    replicator_patterns(list).iter().any(|pattern| pattern.is_match(name))
}

fn compiled(pattern: &str) -> Option<Regex> {
    (pattern.len() <= MAX_PATTERN).then(|| Regex::new(pattern).ok()).flatten()
}

/// A label selector as kubectl takes it: `a=b,c!=d,e,!f,g in (h,i),j notin (k)`. An empty one selects nothing here.
fn selects_by_text(selector: &str, object: &Object) -> bool {
    let mut terms = terms(selector).into_iter().peekable();
    terms.peek().is_some() && terms.all(|term| holds(term, object))
}

/// The terms between the commas that are in no parentheses.
fn terms(selector: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let terms = selector.split(|c: char| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    });
    terms.map(str::trim).filter(|term| !term.is_empty()).collect()
}

fn holds(term: &str, object: &Object) -> bool {
    let label = |key: &str| object.label(key.trim()).and_then(Node::text);
    if let Some((before, list)) = term.strip_suffix(')').and_then(|rest| rest.split_once('(')) {
        let mut words = before.split_whitespace();
        let (key, operator) = (words.next().unwrap_or_default(), words.next());
        let is_among = label(key).is_some_and(|value| list.split(',').any(|item| item.trim() == value));
        return match (operator, words.next()) {
            (Some("in"), None) => is_among,
            (Some("notin"), None) => !is_among,
            _ => false,
        };
    }
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
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pushes_into(object: &Object, namespace: &Object) -> bool {
        Pushes::of(object).is_some_and(|pushes| pushes.into_namespace(namespace))
    }
    use fleetlint_yaml::{Entry, Origin};

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
    fn reflector_takes_patterns_or_a_selector() {
        let key = |key: &str| format!("reflector.v1.k8s.emberstack.com/{key}");
        let (allowed, auto) = (key("reflection-allowed"), key("reflection-auto-enabled"));
        let (allowed_by, auto_by) =
            (key("reflection-allowed-namespaces-selector"), key("reflection-auto-namespaces-selector"));
        let (names, reflects) = (key("reflection-auto-namespaces"), key("reflects"));
        let on = [(allowed.as_str(), "True"), (auto.as_str(), " true ")];
        assert!(pushes(&on, "web", &[]));
        assert!(!pushes(&[on.as_slice(), &[(&reflects, "a/b")]].concat(), "web", &[]), "a copy is not copied on");
        let selected = [on.as_slice(), &[(&auto_by, "team in (a, b),!closed")]].concat();
        assert!(pushes(&selected, "web", &[("team", "b")]));
        assert!(!pushes(&selected, "web", &[("team", "c")]));
        assert!(!pushes(&selected, "web", &[("team", "a"), ("closed", "")]));
        let either = [selected.as_slice(), &[(&names, "web")]].concat();
        assert!(pushes(&either, "web", &[]) && pushes(&either, "x", &[("team", "a")]) && !pushes(&either, "x", &[]));
        let both = [selected.as_slice(), &[(&allowed_by, "team notin (a)")]].concat();
        assert!(pushes(&both, "web", &[("team", "b")]) && !pushes(&both, "web", &[("team", "a")]));
        let longer = [on.as_slice(), &[(&names, "we|web")]].concat();
        assert!(!pushes(&longer, "web", &[]), "the first alternative that matches has to be the whole name");
    }

    #[test]
    fn replicator_copies_roles_and_accounts_but_no_copies() {
        let to = ("replicator.v1.mittwald.de/replicate-to", "web");
        let namespace = object("Namespace", "", "web", "labels", &[]);
        assert!(pushes_into(&object("ServiceAccount", "home", "s", "annotations", &[to]), &namespace));
        assert!(!pushes_into(&object("Service", "home", "s", "annotations", &[to]), &namespace));
        let from = ("replicator.v1.mittwald.de/replicate-from", "a/b");
        assert!(!pushes_into(&object("Secret", "home", "s", "annotations", &[to, from]), &namespace));
    }

    #[test]
    fn only_a_resource_set_copies_from() {
        let object = object("Secret", "apps", "s", "annotations", &[("fluxcd.controlplane.io/copyFrom", "home/token")]);
        let from = copied_from(&object, true).unwrap();
        assert_eq!((from.namespace, from.name), ("home", "token"));
        assert!(copied_from(&object, false).is_none());
    }

    #[test]
    fn a_source_has_to_allow_its_copies() {
        let copy = |key: &str| object("Secret", "apps", "s", "annotations", &[(key, "home/token")]);
        let allows = |copy: &Object, annotations: &[(&str, &str)]| {
            let source = object("Secret", "home", "token", "annotations", annotations);
            copied_from(copy, false).unwrap().is_allowed(&source, "apps", None)
        };
        let reflected = copy("reflector.v1.k8s.emberstack.com/reflects");
        let allowed = ("reflector.v1.k8s.emberstack.com/reflection-allowed", "true");
        let only = |list| ("reflector.v1.k8s.emberstack.com/reflection-allowed-namespaces", list);
        assert!(!allows(&reflected, &[]) && allows(&reflected, &[allowed]));
        assert!(allows(&reflected, &[allowed, only("x,app.")]) && !allows(&reflected, &[allowed, only("x")]));
        let replicated = copy("replicator.v1.mittwald.de/replicate-from");
        let allowed = ("replicator.v1.mittwald.de/replication-allowed", "true");
        let only = |list| ("replicator.v1.mittwald.de/replication-allowed-namespaces", list);
        assert!(!allows(&replicated, &[allowed]), "without namespaces it allows none");
        assert!(allows(&replicated, &[allowed, only("app.*")]) && !allows(&replicated, &[allowed, only("x")]));
    }
}

//! One defect is one finding, however many clusters it concerns.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::finding::{Fact, Finding, INCONCLUSIVE, Note, ObjectRef, Place, Skipped};
use crate::yaml::{Node, Span};

/// What makes two findings of a run one: the rule, the text to edit, the object as it is in its files, the field, the
/// arguments and values. Not the wording, which may name a cluster's values.
type Key = (&'static str, Option<Span>, Subject, String, Vec<String>, Vec<(Option<Span>, String)>);

/// An object by the document that wrote it; one that no document wrote by its identity.
#[derive(PartialEq, Eq, Hash)]
enum Subject {
    Document(Span, String),
    Object(Option<ObjectRef>),
}

/// Joins equal findings, in the order of the first of each, their consequences, too.
pub(super) fn joined(findings: Vec<Finding>) -> Vec<Finding> {
    let mut joined = once(findings);
    for finding in &mut joined {
        finding.consequences = once(std::mem::take(&mut finding.consequences));
    }
    joined
}

fn once(findings: Vec<Finding>) -> Vec<Finding> {
    let (mut joined, mut known): (Vec<Finding>, HashMap<Key, usize>) = (Vec::new(), HashMap::new());
    for finding in findings {
        let key = key(&finding);
        match known.get(&key).and_then(|&index| joined.get_mut(index)) {
            Some(same) => same.join(finding),
            None => {
                known.insert(key, joined.len());
                joined.push(finding);
            }
        }
    }
    joined
}

fn key(finding: &Finding) -> Key {
    let subject = match &finding.subject {
        Some(object) => match object.root.origin.span {
            // A template may end in what depends on its inputs: a document is known by its beginning.
            Some(span) => Subject::Document(Span { end: span.start, ..span }, object.id.kind.to_string()),
            None => Subject::Object(finding.object.clone()),
        },
        None => Subject::Object(None),
    };
    let values = finding.values.iter().map(value).collect();
    (finding.rule, finding.place.span(), subject, finding.pointer.clone(), finding.arguments.clone(), values)
}

/// A value; where it is written, if a variable is a part of it, because clusters differ in what that becomes.
fn value(node: &Node) -> (Option<Span>, String) {
    match node.origin.variable() {
        Some(variable) if !variable.whole => (node.origin.span, String::new()),
        _ => (None, node.text().unwrap_or_default().to_owned()),
    }
}

impl Finding {
    /// Takes in what the same finding says on another cluster.
    fn join(&mut self, other: Finding) {
        self.severity = self.severity.max(other.severity);
        self.clusters.extend(other.clusters);
        self.consequences.extend(other.consequences);
        self.explains.extend(other.explains);
        self.because.extend(other.because);
        let new: Vec<_> = other.related.into_iter().filter(|related| !self.related.contains(related)).collect();
        self.related.extend(new);
    }
}

/// What rules could not judge, each thing once, and how many things that are: a rule, a reason and a place count once. What
/// follows from a finding that is shown is only counted.
pub(super) fn notes(skipped: Vec<Skipped>, shown: &HashSet<Fact>) -> (Vec<Note>, usize) {
    let mut notes: Vec<Note> = Vec::new();
    let mut known: HashMap<(String, Option<Option<Span>>), usize> = HashMap::new();
    let mut counted = BTreeSet::new();
    for Skipped { rule, reason, help, place, cluster, because } in skipped {
        let key = (reason, place.as_ref().map(Place::span));
        counted.insert((rule, key.0.clone(), key.1.flatten()));
        if because.iter().any(|fact| shown.contains(fact)) {
            continue;
        }
        match known.get(&key).and_then(|&index| notes.get_mut(index)) {
            Some(same) => same.clusters.extend(cluster),
            None => {
                notes.push(Note {
                    reason: INCONCLUSIVE,
                    message: key.0.clone(),
                    rule: Some(rule),
                    place,
                    clusters: cluster.into_iter().collect(),
                    count: 1,
                    help,
                });
                known.insert(key, notes.len() - 1);
            }
        }
    }
    (notes, counted.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Findings, Severity};
    use crate::object::Object;
    use crate::yaml::{Entry, Origin};

    fn object(name: &str) -> Object {
        let entry = |key: &str, value| Entry { key: Node::string(key, Origin::default()), value };
        let text = |key: &str, value: &str| entry(key, Node::string(value, Origin::default()));
        let metadata = entry("metadata", Node::mapping(vec![text("name", name)], Origin::default()));
        let fields = vec![text("apiVersion", "apps/v1"), text("kind", "Deployment"), metadata];
        Object::new(Node::mapping(fields, Origin::default())).unwrap()
    }

    fn on(cluster: &str, names: &[&str]) -> Vec<Finding> {
        let mut findings = Findings::new("a/b", Severity::Error, Some(cluster));
        for name in names {
            let message = format!("wrong on {cluster}");
            findings.report(&object(name), "/spec", message).help("do").severity(Severity::Warning);
        }
        findings.said().findings
    }

    #[test]
    fn equal_findings_of_several_clusters_are_one_whatever_they_say() {
        let joined = joined([on("eu", &["x", "y"]), on("us", &["y"])].concat());
        let told = joined.iter().map(|finding| {
            let object = finding.object.as_ref().unwrap();
            (object.name.as_str(), finding.clusters.iter().map(String::as_str).collect::<Vec<_>>())
        });
        assert_eq!(told.collect::<Vec<_>>(), [("x", vec!["eu"]), ("y", vec!["eu", "us"])]);
        let first = &joined[0];
        assert_eq!((first.severity, first.help.as_deref()), (Severity::Warning, Some("do")));
        assert_eq!(first.object.as_ref().unwrap().api_version, "apps/v1");
    }

    #[test]
    fn arguments_tell_findings_apart() {
        let mut findings = Findings::new("a/b", Severity::Error, None);
        findings.report(&object("x"), "/spec", "wrong").argument("one");
        findings.report(&object("x"), "/spec", "wrong").argument("two");
        assert_eq!(joined(findings.said().findings).len(), 2);
    }

    #[test]
    fn what_was_skipped_is_counted_once() {
        let mut eu = Findings::new("a/b", Severity::Error, Some("eu"));
        let missing = |name: &str| object(name).id;
        eu.cannot_tell(&missing("x"), "unknown", true, None);
        eu.cannot_tell(&missing("y"), "encrypted", false, None);
        let mut us = Findings::new("a/b", Severity::Error, Some("us"));
        us.cannot_tell(&missing("x"), "unknown", true, None);
        let (notes, count) = notes([eu.said().skipped, us.said().skipped].concat(), &HashSet::new());
        assert_eq!(count, 2);
        let notes = notes.iter().map(|note| (note.message.as_str(), note.clusters.len(), note.help.is_some()));
        let cannot_tell = |rest: &str| format!("cannot tell whether Deployment `{rest}");
        let (x, y) = (cannot_tell("x` exists: unknown"), cannot_tell("y` exists: encrypted"));
        assert_eq!(notes.collect::<Vec<_>>(), [(x.as_str(), 2, true), (y.as_str(), 1, false)]);
    }
}

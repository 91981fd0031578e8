//! What rules write their findings into, and how the findings of several clusters become one.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Display;

use super::{Finding, INCONCLUSIVE, Note, ObjectRef, Place, Severity};
use crate::object::{Object, ObjectId};

/// The findings of one rule, on one cluster or on the whole fleet.
#[derive(Debug)]
pub struct Findings {
    /// The rule's id.
    rule: &'static str,
    /// The rule's own severity.
    severity: Severity,
    cluster: Option<String>,
    findings: Vec<Finding>,
    skipped: Vec<Skipped>,
}

/// Something that a rule could not judge.
#[derive(Debug)]
struct Skipped {
    reason: String,
    help: Option<String>,
    place: Option<Place>,
}

/// The findings of all rules, each once, and what no rule could judge.
#[derive(Debug, Default)]
pub struct Collected {
    pub findings: Vec<Finding>,
    pub notes: Vec<Note>,
    /// How many things could not be judged: a rule, a reason and a place count once.
    pub undetermined: usize,
}

impl Findings {
    /// An empty sink for a rule that looks at a cluster, or at the fleet.
    pub fn new(rule: &'static str, severity: Severity, cluster: Option<&str>) -> Self {
        Self { rule, severity, cluster: cluster.map(str::to_owned), findings: Vec::new(), skipped: Vec::new() }
    }

    /// Starts a finding of this rule at a field of an object, at the rule's own severity.
    pub fn report(&mut self, object: &Object, pointer: &str, message: impl Into<String>) -> &mut Finding {
        let place = Place::at(object, pointer);
        self.push(Some(ObjectRef::of(object)), pointer, place, message.into())
    }

    /// Starts a finding of this rule that is about no object (a folder, a file, the configuration).
    pub fn report_place(&mut self, place: Place, message: impl Into<String>) -> &mut Finding {
        self.push(None, "", place, message.into())
    }

    /// An object that the cluster does not hold as far as is known, and may hold all the same; `why` says how.
    /// `is_elsewhere`: nothing in the fleet may make it, so that the reader has to say what does.
    pub fn cannot_tell(&mut self, id: &ObjectId, why: impl Display, is_elsewhere: bool, place: Option<Place>) {
        let ObjectId { kind, namespace, name, .. } = id;
        let shown = if kind == "ServiceAccount" { "service account" } else { kind };
        let reason = format!("cannot tell whether {shown} `{namespace}/{name}` exists: {why}");
        let entry = format!("{{kind: {kind}, namespace: {namespace}, name: {name}}}");
        let help = format!("if something outside the fleet makes it, say so in fleetlint.yaml: `externals: [{entry}]`");
        self.skipped.push(Skipped { reason, help: is_elsewhere.then_some(help), place });
    }

    /// Joins equal findings of several clusters; order is that of the sinks.
    pub fn merge(sinks: Vec<Findings>) -> Collected {
        let mut collected = Collected::default();
        let mut known = HashMap::new();
        let mut notes = HashMap::new();
        let mut undetermined = BTreeSet::new();
        for sink in sinks {
            for skipped in sink.skipped {
                let span = skipped.place.as_ref().and_then(|place| place.span);
                undetermined.insert((sink.rule, skipped.reason.clone(), span));
                collected.add_note(&mut notes, sink.rule, skipped, sink.cluster.as_deref());
            }
            sink.findings.into_iter().for_each(|finding| collected.add(&mut known, finding));
        }
        collected.undetermined = undetermined.len();
        collected
    }

    fn push(&mut self, object: Option<ObjectRef>, pointer: &str, place: Place, message: String) -> &mut Finding {
        let finding = Finding {
            rule: self.rule,
            severity: self.severity,
            message,
            help: None,
            clusters: self.cluster.iter().cloned().collect(),
            object,
            pointer: pointer.to_owned(),
            place,
            related: Vec::new(),
        };
        let index = self.findings.len();
        self.findings.push(finding);
        &mut self.findings[index]
    }
}

impl Finding {
    /// Takes in what the same finding says on another cluster.
    fn join(&mut self, other: Finding) {
        self.clusters.extend(other.clusters);
        let new: Vec<_> = other.related.into_iter().filter(|related| !self.related.contains(related)).collect();
        self.related.extend(new);
    }
}

/// What makes two findings one.
type Key = (&'static str, Option<ObjectRef>, Place, String);

impl Collected {
    fn add(&mut self, known: &mut HashMap<Key, usize>, finding: Finding) {
        let key = (finding.rule, finding.object.clone(), finding.place.clone(), finding.message.clone());
        match known.get(&key).and_then(|&index| self.findings.get_mut(index)) {
            Some(same) => same.join(finding),
            None => {
                known.insert(key, self.findings.len());
                self.findings.push(finding);
            }
        }
    }

    fn add_note(
        &mut self,
        known: &mut HashMap<(String, Option<Place>), usize>,
        rule: &'static str,
        Skipped { reason, help, place }: Skipped,
        cluster: Option<&str>,
    ) {
        let key = (reason, place);
        let clusters = cluster.map(str::to_owned);
        match known.get(&key).and_then(|&index| self.notes.get_mut(index)) {
            Some(same) => same.clusters.extend(clusters),
            None => {
                let note = Note {
                    reason: INCONCLUSIVE,
                    message: key.0.clone(),
                    rule: Some(rule),
                    place: key.1.clone(),
                    clusters: clusters.into_iter().collect(),
                    count: 1,
                    help,
                };
                known.insert(key, self.notes.len());
                self.notes.push(note);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{Entry, Node, Origin};

    fn object(name: &str) -> Object {
        let entry = |key: &str, value| Entry { key: Node::string(key, Origin::default()), value };
        let text = |key: &str, value: &str| entry(key, Node::string(value, Origin::default()));
        let metadata = entry("metadata", Node::mapping(vec![text("name", name)], Origin::default()));
        let fields = vec![text("apiVersion", "apps/v1"), text("kind", "Deployment"), metadata];
        Object::new(Node::mapping(fields, Origin::default())).unwrap()
    }

    fn on(cluster: &str, names: &[&str]) -> Findings {
        let mut findings = Findings::new("a/b", Severity::Error, Some(cluster));
        for name in names {
            findings.report(&object(name), "/spec", "wrong").help("do").severity(Severity::Warning);
        }
        findings
    }

    #[test]
    fn equal_findings_of_several_clusters_are_one() {
        let collected = Findings::merge(vec![on("eu", &["x", "y"]), on("us", &["y"])]);
        let told = collected.findings.iter().map(|finding| {
            let object = finding.object.as_ref().unwrap();
            (object.name.as_str(), finding.clusters.iter().map(String::as_str).collect::<Vec<_>>())
        });
        assert_eq!(told.collect::<Vec<_>>(), [("x", vec!["eu"]), ("y", vec!["eu", "us"])]);
        let first = &collected.findings[0];
        assert_eq!((first.severity, first.help.as_deref()), (Severity::Warning, Some("do")));
        assert_eq!(first.object.as_ref().unwrap().api_version, "apps/v1");
    }

    #[test]
    fn what_was_skipped_is_counted_once() {
        let mut eu = Findings::new("a/b", Severity::Error, Some("eu"));
        let missing = |name: &str| object(name).id;
        eu.cannot_tell(&missing("x"), "unknown", true, None);
        eu.cannot_tell(&missing("y"), "encrypted", false, None);
        let mut us = Findings::new("a/b", Severity::Error, Some("us"));
        us.cannot_tell(&missing("x"), "unknown", true, None);
        let collected = Findings::merge(vec![eu, us]);
        assert_eq!(collected.undetermined, 2);
        let notes =
            collected.notes.iter().map(|note| (note.message.as_str(), note.clusters.len(), note.help.is_some()));
        let cannot_tell = |rest: &str| format!("cannot tell whether Deployment `/{rest}");
        let (x, y) = (cannot_tell("x` exists: unknown"), cannot_tell("y` exists: encrypted"));
        assert_eq!(notes.collect::<Vec<_>>(), [(x.as_str(), 2, true), (y.as_str(), 1, false)]);
    }
}

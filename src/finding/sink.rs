//! What rules write their findings into.

use std::fmt::Display;

use super::{Fact, Finding, ObjectRef, Place, Severity};
use crate::flux::validate::written_instead;
use crate::object::{Object, ObjectId};
use crate::yaml::Span;

/// How many objects a reason names.
const NAMED: usize = 3;

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
#[derive(Clone, Debug)]
pub struct Skipped {
    /// The rule's id.
    pub rule: &'static str,
    pub reason: String,
    /// What to do about it.
    pub help: Option<String>,
    pub place: Option<Place>,
    pub cluster: Option<String>,
    /// The facts from which it follows: where a finding that is shown explains one of them, no note repeats it.
    pub because: Vec<Fact>,
}

impl Skipped {
    /// Names facts from which it follows.
    pub fn because(&mut self, facts: impl IntoIterator<Item = Fact>) {
        self.because.extend(facts);
    }
}

/// What all rules say, before anything is joined or left out.
#[derive(Debug, Default)]
pub struct Said {
    pub findings: Vec<Finding>,
    pub skipped: Vec<Skipped>,
}

impl Findings {
    /// An empty sink for a rule that looks at a cluster, or at the fleet.
    pub fn new(rule: &'static str, severity: Severity, cluster: Option<&str>) -> Self {
        Self { rule, severity, cluster: cluster.map(str::to_owned), findings: Vec::new(), skipped: Vec::new() }
    }

    /// Starts a finding of this rule at a field of an object, at the rule's own severity.
    pub fn report(&mut self, object: &Object, pointer: &str, message: impl Into<String>) -> &mut Finding {
        let place = Place::at(object, pointer);
        self.push(Some(object), pointer, place, message.into())
    }

    /// Starts a finding of this rule that is about no object (a folder, a file, the configuration).
    pub fn report_place(&mut self, place: Place, message: impl Into<String>) -> &mut Finding {
        self.push(None, "", place, message.into())
    }

    /// An object that the cluster does not hold as far as is known, and may hold all the same; `why` says how.
    /// `is_elsewhere`: nothing in the fleet may make it, so that the reader has to say what does.
    pub fn cannot_tell(
        &mut self,
        id: &ObjectId,
        why: impl Display,
        is_elsewhere: bool,
        place: Option<Place>,
    ) -> &mut Skipped {
        let shown = shown(id);
        let reason = format!("cannot tell whether {shown} exists: {why}");
        let entry = entry_of(id);
        let help =
            format!("if something outside the fleet creates it, say so in fleetlint.yaml: `externals: [{entry}]`");
        self.skip(reason, is_elsewhere.then_some(help), place)
    }

    /// The same of several objects, for one reason.
    pub fn cannot_tell_of_all(
        &mut self,
        ids: &[&ObjectId],
        why: impl Display,
        is_elsewhere: bool,
        place: Option<Place>,
    ) -> Option<&mut Skipped> {
        let (first, others) = ids.split_first()?;
        if others.is_empty() {
            return Some(self.cannot_tell(first, why, is_elsewhere, place));
        }
        let named: Vec<String> = ids.iter().take(NAMED).map(|id| shown(id)).collect();
        let more = match ids.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let reason = format!("cannot tell whether {}{more} exist: {why}", named.join(", "));
        let help = format!(
            "if something outside the fleet creates them, say so in fleetlint.yaml, with one entry for each: `externals: [{}]`",
            entry_of(first)
        );
        Some(self.skip(reason, is_elsewhere.then_some(help), place))
    }

    /// Something that the rule cannot judge on its cluster. Facts may be added from which it follows.
    pub fn undecided(&mut self, reason: impl Into<String>, place: Option<Place>) -> &mut Skipped {
        self.skip(reason.into(), None, place)
    }

    fn skip(&mut self, reason: String, help: Option<String>, place: Option<Place>) -> &mut Skipped {
        let (rule, cluster, index) = (self.rule, self.cluster.clone(), self.skipped.len());
        self.skipped.push(Skipped { rule, reason, help, place, cluster, because: Vec::new() });
        &mut self.skipped[index]
    }

    /// Takes what the same rule says of a cluster.
    pub fn take(&mut self, of_cluster: Self) {
        self.findings.extend(of_cluster.findings);
        self.skipped.extend(of_cluster.skipped);
    }

    /// Something that the rule cannot judge.
    pub fn not_judged(&mut self, reason: impl Into<String>, place: Option<Place>, clusters: &[String]) {
        let (rule, reason) = (self.rule, reason.into());
        let skipped = |cluster: &String| {
            let (reason, place, cluster) = (reason.clone(), place.clone(), Some(cluster.clone()));
            Skipped { rule, reason, help: None, place, cluster, because: Vec::new() }
        };
        self.skipped.extend(clusters.iter().map(skipped));
    }

    /// The finding at a text, if there is one.
    pub fn known_at(&mut self, span: Span) -> Option<&mut Finding> {
        self.findings.iter_mut().find(|finding| finding.place.span() == Some(span))
    }

    /// Gives what was said, in the order in which it was said.
    pub fn said(self) -> Said {
        Said { findings: self.findings, skipped: self.skipped }
    }

    fn push(&mut self, object: Option<&Object>, pointer: &str, place: Place, message: String) -> &mut Finding {
        let finding = Finding {
            clusters: self.cluster.iter().cloned().collect(),
            object: object.map(ObjectRef::of),
            subject: object.cloned(),
            pointer: pointer.to_owned(),
            place,
            ..Finding::new(self.rule, self.severity, message)
        };
        let index = self.findings.len();
        self.findings.push(finding);
        let finding = &mut self.findings[index];
        object.and_then(|object| misnamed(object, pointer)).into_iter().for_each(|fact| _ = finding.because(fact));
        finding
    }
}

/// An object as a reason names it.
fn shown(id: &ObjectId) -> String {
    let ObjectId { kind, namespace, name, .. } = id;
    let kind = if kind == "ServiceAccount" { "service account" } else { kind };
    if namespace.is_empty() { format!("{kind} `{name}`") } else { format!("{kind} `{namespace}/{name}`") }
}

/// The entry of `externals` in fleetlint.yaml that declares an object.
pub fn entry_of(id: &ObjectId) -> String {
    let ObjectId { group, kind, namespace, name } = id;
    // Of Flux's own kinds and the core group's, the API version need not be written.
    let is_known = group.is_empty() || group.contains("fluxcd");
    let api_version = if is_known { String::new() } else { format!("apiVersion: {group}/v1, ") };
    let namespace = if namespace.is_empty() { String::new() } else { format!("namespace: {namespace}, ") };
    format!("{{{api_version}kind: {kind}, {namespace}name: {name}}}")
}

/// Where a finding is about a field that is not set, the name that is written instead of it is the cause: whatever a rule says
/// of the field, nobody should add it a second time.
fn misnamed(object: &Object, pointer: &str) -> Option<Fact> {
    let key = written_instead(object, pointer)?;
    key.place().map(Fact::WrongName)
}

impl Said {
    /// Adds what others said.
    pub fn extend(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.skipped.extend(other.skipped);
    }
}

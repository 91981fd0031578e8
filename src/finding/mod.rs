//! What a rule has to say: a finding with its places, and a note on what could not be judged.

mod fact;
mod place;
mod sink;

use std::collections::BTreeSet;

use crate::object::Object;
use crate::problem::Problem;
use crate::yaml::{Node, Origin, Span};

pub use fact::Fact;
pub use place::Place;
pub use sink::{Findings, Said, Skipped};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Info,
    Warning,
    Error,
}

impl Severity {
    /// The word of reports and of the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A defect at a place, on some clusters.
#[derive(Clone, Debug)]
pub struct Finding {
    /// `family/rule`.
    pub rule: &'static str,
    pub severity: Severity,
    /// Lower case, values in backticks, one line, no full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The clusters that it concerns; empty where it concerns none in particular.
    pub clusters: BTreeSet<String>,
    pub object: Option<ObjectRef>,
    /// The object that is defective, as it is in its files; `None` where the subject is a file or the fleet.
    pub subject: Option<Object>,
    /// The field of the subject.
    pub pointer: String,
    /// What tells it from other defects of this rule at the same field.
    pub arguments: Vec<String>,
    /// Other values that do, beside the one at its place: another role or another namespace is another defect.
    pub values: Vec<Node>,
    /// Where a person has to edit.
    pub place: Place,
    /// Where its place is in a repository that is not the one under check: the line there that reads this repository.
    pub reader: Option<Place>,
    /// The other places on the way, each with what it contributes.
    pub related: Vec<(Place, String)>,
    /// What follows from this defect: findings because of it are its consequences.
    pub explains: Vec<Fact>,
    /// The facts from which this finding follows: whatever explains one of them is its cause.
    pub because: Vec<Fact>,
    /// A name that may be the one that is misspelt, and what is looked for: of the findings that look for it, one is shown.
    pub slip: Option<(Span, String)>,
    /// What names the defect from run to run; empty until triage has compared all findings.
    pub fingerprint: String,
    /// The findings that were left out as consequences of this one.
    pub consequences: Vec<Finding>,
}

impl Finding {
    /// A finding of a problem that a stage had (family `build`).
    ///
    /// The engines tell their problems apart by what they say, so the message is the argument here.
    pub fn of_problem(rule: &'static str, severity: Severity, problem: &Problem, object: Option<&Object>) -> Self {
        let related = problem.related.iter().map(|(span, label)| (Place::of_span(*span), label.clone()));
        let place = problem.place.or_else(|| object.and_then(Object::place));
        Self {
            help: problem.help.clone(),
            object: object.map(ObjectRef::of),
            arguments: vec![problem.message.clone()],
            place: place.map_or_else(Place::nowhere, Place::of_span),
            related: related.collect(),
            slip: problem.slip.as_deref().cloned(),
            ..Self::new(rule, severity, problem.message.clone())
        }
    }

    /// A finding about nothing yet, nowhere.
    pub fn new(rule: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity,
            message: message.into(),
            help: None,
            clusters: BTreeSet::new(),
            object: None,
            subject: None,
            pointer: String::new(),
            arguments: Vec::new(),
            values: Vec::new(),
            place: Place::nowhere(),
            reader: None,
            related: Vec::new(),
            explains: Vec::new(),
            because: Vec::new(),
            slip: None,
            fingerprint: String::new(),
            consequences: Vec::new(),
        }
    }

    /// Tells it from other defects of this rule at the same field.
    pub fn argument(&mut self, argument: impl Into<String>) -> &mut Self {
        self.arguments.push(argument.into());
        self
    }

    /// Whether it is about a value, or about a field of that name: one of those that tell it from other findings.
    pub fn names(&self, value: &str) -> bool {
        let field = self.pointer.rsplit('/').next().unwrap_or_default().replace("~1", "/").replace("~0", "~");
        let values = self.place.value().into_iter().chain(&self.values);
        self.arguments.iter().any(|it| it == value)
            || field == value
            || values.filter_map(Node::text).any(|it| it == value)
    }

    /// Tells it from others by the value of a field that its message names, as it is written: if another value stands there,
    /// it is another defect.
    pub fn about(&mut self, object: &Object, pointer: &str) -> &mut Self {
        // A field that is not there is told from one that is.
        let none = Node::string("", Origin::default());
        self.about_node(object.at(pointer).unwrap_or(&none))
    }

    /// The same for a value.
    pub fn about_node(&mut self, node: &Node) -> &mut Self {
        self.values.push(node.clone());
        self
    }

    /// Names something that follows from this defect.
    pub fn explains(&mut self, fact: Fact) -> &mut Self {
        self.explains.push(fact);
        self
    }

    /// Names a fact from which this finding follows: if another finding explains it, this one is its consequence.
    pub fn because(&mut self, fact: Fact) -> &mut Self {
        self.because.push(fact);
        self
    }

    /// A name that is almost the one that is looked for, and may be the one that is misspelt.
    pub fn slip(&mut self, place: Option<Span>, wanted: &str) -> &mut Self {
        self.slip = place.map(|place| (place, wanted.to_owned()));
        self
    }

    /// Says what a person can do.
    pub fn help(&mut self, text: impl Into<String>) -> &mut Self {
        self.help = Some(text.into());
        self
    }

    /// Names another place on the way: a field of an object.
    pub fn related(&mut self, object: &Object, pointer: &str, label: impl Into<String>) -> &mut Self {
        self.relate(Place::at(object, pointer), label.into())
    }

    /// Names another place on the way: a value.
    pub fn related_node(&mut self, node: &Node, label: impl Into<String>) -> &mut Self {
        self.relate(Place::of_node(node), label.into())
    }

    /// Names another place on the way: a text, if it is known.
    pub fn related_span(&mut self, span: Option<Span>, label: impl Into<String>) -> &mut Self {
        match span {
            Some(span) => self.relate(Place::of_span(span), label.into()),
            None => self,
        }
    }

    /// A place is named once for each thing that it contributes, however many objects were written there. What no file holds is
    /// no place to look at.
    fn relate(&mut self, place: Place, label: String) -> &mut Self {
        let related = (place, label);
        if related.0.span().is_some() && !self.related.contains(&related) {
            self.related.push(related);
        }
        self
    }

    /// Differs from the rule's own severity.
    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }

    /// Moves the finding to a value; the fingerprint keeps the field it was reported at.
    pub fn at_node(&mut self, node: &Node) -> &mut Self {
        self.at_place(Place::of_node(node))
    }

    /// Moves the finding to a place; the fingerprint keeps the field it was reported at.
    pub fn at_place(&mut self, place: Place) -> &mut Self {
        self.place = place;
        self
    }

    /// Concerns this cluster, too.
    pub fn on_cluster(&mut self, name: impl Into<String>) -> &mut Self {
        self.clusters.insert(name.into());
        self
    }

    /// Concerns these clusters, too.
    pub fn clusters(&mut self, names: impl IntoIterator<Item = String>) -> &mut Self {
        self.clusters.extend(names);
        self
    }
}

/// Which object a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectRef {
    pub api_version: String,
    pub kind: String,
    pub namespace: Option<String>,
    pub name: String,
}

impl ObjectRef {
    /// Whether a text is `Kind namespace/name`, or `Kind name` for an object without a namespace.
    pub fn is_named(&self, text: &str) -> bool {
        let own = match &self.namespace {
            Some(namespace) => format!("{} {namespace}/{}", self.kind, self.name),
            None => format!("{} {}", self.kind, self.name),
        };
        own == text
    }

    /// Names an object.
    pub fn of(object: &Object) -> Self {
        let id = &object.id;
        let api_version = match id.group.as_str() {
            "" => object.version.to_string(),
            group => format!("{group}/{}", object.version),
        };
        let namespace = (!id.namespace.is_empty()).then(|| id.namespace.to_string());
        Self { api_version, kind: id.kind.to_string(), namespace, name: id.name.to_string() }
    }
}

/// What could not be judged, or what a reader has to know about how the run was done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Note {
    /// In kebab case.
    pub reason: &'static str,
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The rule that could not judge something; `None` for notes of the stages.
    pub rule: Option<&'static str>,
    pub place: Option<Place>,
    pub clusters: BTreeSet<String>,
    /// How many objects it concerns.
    pub count: usize,
}

/// The reason of notes by rules.
pub const INCONCLUSIVE: &str = "inconclusive";

//! The types of a kustomization file's fields, as data: what Go's strict JSON decoding makes of a document.
//!
//! Reading normalises: keys get their proper case, of duplicate keys the last one stays, null fields vanish.

use std::collections::HashMap;

use smol_str::SmolStr;

use crate::near;
use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Entry, Node, Span, Value, yaml11};

use super::json::{self, Json};

/// What a value may be.
#[derive(Clone, Copy)]
pub(in super::super) enum Shape {
    Text,
    Integer,
    Boolean,
    List(&'static Shape),
    /// String keys and string values.
    TextMap,
    Struct(&'static [(&'static str, Shape)]),
    /// A field that Go finds in an embedded struct: `sigs.k8s.io/yaml` does not see its type, and so converts nothing in it.
    Promoted(&'static Shape),
    /// Not looked at.
    Any,
}

/// So many fields are named where one is not known, and for so many unknown ones a near one is looked for.
const FEW: usize = 12;

/// What to do with what does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// kustomize: every misfit is a problem (kustomize-semantics, section 1).
    Strict,
    /// Flux's root file, and plugins: unknown keys are dropped, scalars become text where text is wanted
    /// (flux-build-semantics, section 2.1).
    Lenient,
}

/// The normalised value, or nothing where it is null or does not fit.
pub(in super::super) fn read(node: &Node, shape: Shape, mode: Mode, problems: &mut Vec<Problem>) -> Option<Node> {
    Decoder { mode, converts: mode == Mode::Lenient, problems, unknown: 0 }.value(node, shape, "Kustomization")
}

struct Decoder<'a> {
    mode: Mode,
    /// Whether scalars become text where text is wanted.
    converts: bool,
    problems: &'a mut Vec<Problem>,
    /// How many unknown fields there were.
    unknown: usize,
}

impl Decoder<'_> {
    fn value(&mut self, node: &Node, shape: Shape, path: &str) -> Option<Node> {
        let json = match (shape, json::of(node)) {
            (Shape::Any, _) => return Some(node.clone()),
            (Shape::Promoted(shape), _) => return self.promoted(node, *shape, path),
            (_, Ok(Json::Null)) => return None,
            (_, Ok(json)) => json,
            (_, Err(why)) => return self.refuse(&why, node.place()),
        };
        match (shape, &node.value) {
            (Shape::List(item), Value::Sequence(items)) => Some(self.list(node, items, *item, path)),
            (Shape::TextMap, Value::Mapping(_)) => Some(self.text_map(node, path)),
            (Shape::Struct(fields), Value::Mapping(_)) => Some(self.structure(node, fields, path)),
            (Shape::Text | Shape::Integer | Shape::Boolean, Value::Scalar(_)) => self.scalar(node, json, shape, path),
            _ => self.misfit(node, shape, path),
        }
    }

    fn promoted(&mut self, node: &Node, shape: Shape, path: &str) -> Option<Node> {
        let converts = std::mem::replace(&mut self.converts, false);
        let value = self.value(node, shape, path);
        self.converts = converts;
        value
    }

    fn list(&mut self, node: &Node, items: &[Node], shape: Shape, path: &str) -> Node {
        let mut read = Vec::with_capacity(items.len());
        for item in items {
            let known = self.problems.len();
            match self.value(item, shape, path) {
                Some(value) => read.push(value),
                None if self.problems.len() == known => read.push(empty(item, shape)),
                None => {}
            }
        }
        Node { value: Value::Sequence(read.into()), ..node.clone() }
    }

    fn text_map(&mut self, node: &Node, path: &str) -> Node {
        let mut read = Vec::with_capacity(node.entries().len());
        // Of several equal keys the last wins, in its own place.
        let mut last: HashMap<SmolStr, usize> = HashMap::new();
        for entry in node.entries() {
            let value = self.value(&entry.value, Shape::Text, path).unwrap_or_else(|| empty(&entry.value, Shape::Text));
            match yaml11::key(&entry.key) {
                Ok(key) => {
                    last.insert(key.clone(), read.len());
                    read.push(Entry { key: Node::string(key, entry.key.origin.clone()), value });
                }
                Err(_) => drop(self.refuse("unsupported map key", entry.key.place())),
            }
        }
        let mut indices = 0..;
        read.retain(|entry| indices.next() == entry.key.text().and_then(|key| last.get(key).copied()));
        Node::mapping(read, node.origin.clone())
    }

    fn structure(&mut self, node: &Node, fields: &[(&'static str, Shape)], path: &str) -> Node {
        let mut result = Node::mapping(Vec::new(), node.origin.clone());
        let mut known: HashMap<&str, &str> = HashMap::new();
        let told = self.problems.len();
        for entry in node.entries() {
            let key = entry.key.text().unwrap_or_default();
            let Some((name, shape)) = find_field(fields, key) else {
                self.unknown(&entry.key, key, fields);
                continue;
            };
            // The JSON between has its keys sorted: of a field in two spellings the greater one wins.
            if known.get(name).is_some_and(|other| *other > key) {
                continue;
            }
            known.insert(name, key);
            if let Some(value) = self.value(&entry.value, shape, &format!("{path}.{name}")) {
                insert(&mut result, entry, name, value);
            }
        }
        self.join_unindented(node, fields, told);
        result
    }

    /// Unknown fields beside a known one without a value: they belong below it, which is one fault.
    fn join_unindented(&mut self, node: &Node, fields: &[(&'static str, Shape)], told: usize) {
        let is_list_or_map = |shape: Shape| matches!(shape, Shape::List(_) | Shape::TextMap | Shape::Struct(_));
        let mut known = node.entries().iter().filter_map(|entry| {
            let (name, shape) = find_field(fields, entry.key.text()?)?;
            (entry.value.is_null() && is_list_or_map(shape)).then_some(name)
        });
        let new = self.problems.get(told..).unwrap_or_default();
        let is_unknown = new.iter().all(|problem| problem.message.starts_with(UNKNOWN_FIELD));
        let Some(name) = known.next().filter(|_| is_unknown && !new.is_empty()) else { return };
        let first = new[0].clone();
        self.problems.truncate(told);
        self.problems.push(first.help(format!("indent what belongs below `{name}`, which has no value")));
    }

    fn scalar(&mut self, node: &Node, json: Json, shape: Shape, path: &str) -> Option<Node> {
        let text = match (shape, json) {
            (Shape::Text, Json::Text(text)) => Some(text),
            (Shape::Text, json) if self.converts => json.converted(),
            (_, Json::Float(value)) if !value.is_finite() => {
                let why = yaml11::float(value).err().unwrap_or_default();
                return self.refuse(&why, node.place());
            }
            (Shape::Integer, json) => json.integer(),
            (Shape::Boolean, Json::Boolean(value)) => Some(SmolStr::new_static(json::bool_text(value))),
            _ => None,
        };
        match text {
            Some(text) => Some(with_text(node, text)),
            None => self.misfit(node, shape, path),
        }
    }

    fn misfit(&mut self, node: &Node, shape: Shape, path: &str) -> Option<Node> {
        let found = kind_of(node);
        let message = match path.strip_prefix("Kustomization.") {
            None => format!("invalid Kustomization: cannot unmarshal {found} into a {}", shape.name()),
            Some(field) => {
                format!("invalid Kustomization: cannot unmarshal {found} into field `{field}` of type {}", shape.name())
            }
        };
        let problem = Problem::new(ProblemKind::KustomizeFailed, message, node.place());
        self.problems.push(problem.help(shape.wanted(found)));
        None
    }

    fn refuse(&mut self, why: &str, place: Option<Span>) -> Option<Node> {
        let message = format!("invalid Kustomization: {why}");
        self.problems.push(Problem::new(ProblemKind::KustomizeFailed, message, place));
        None
    }

    fn unknown(&mut self, key: &Node, name: &str, fields: &[(&'static str, Shape)]) {
        if self.mode == Mode::Strict {
            let message = format!("{UNKNOWN_FIELD}`{name}`");
            let known: Vec<&str> = fields.iter().map(|(field, _)| *field).collect();
            self.unknown += 1;
            let near = if self.unknown <= FEW { near::did_you_mean(name, &known) } else { None };
            let help = near.unwrap_or_else(|| match known.len() {
                ..=FEW => format!("kustomize knows `{}` here", known.join("`, `")),
                _ => "kustomize knows no such field: remove it".to_owned(),
            });
            self.problems.push(Problem::new(ProblemKind::KustomizeFailed, message, key.place()).help(help));
        }
    }
}

/// What is said of a field that the type does not have, before its name.
pub(super) const UNKNOWN_FIELD: &str = "invalid Kustomization: unknown field ";

impl Shape {
    fn name(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::List(_) => "list",
            Self::TextMap | Self::Struct(_) => "map",
            Self::Promoted(shape) => shape.name(),
            Self::Any => "any",
        }
    }
}

impl Shape {
    /// What to write instead of something of a JSON type.
    fn wanted(self, found: &str) -> String {
        match (self, found) {
            (Self::Promoted(shape), _) => shape.wanted(found),
            (Self::Text, "bool" | "number") => "put the value in quotes".to_owned(),
            (Self::Text | Self::Any, _) => "write a string".to_owned(),
            (Self::Integer, "string") => "write the number without quotes".to_owned(),
            (Self::Integer, _) => "write a whole number".to_owned(),
            (Self::Boolean, _) => "write `true` or `false`, without quotes".to_owned(),
            (Self::List(_), _) => "write a list, each entry after `- `".to_owned(),
            (Self::TextMap, _) => "write keys with strings, `key: value`".to_owned(),
            (Self::Struct(fields), "string") if fields.iter().any(|(name, _)| *name == "path") => {
                "write a mapping: a file is named with `path: …`".to_owned()
            }
            (Self::Struct(_), _) => "write a mapping, `key: value`".to_owned(),
        }
    }
}

/// Go finds a field by its exact name first, then without regard to case.
fn find_field(fields: &[(&'static str, Shape)], key: &str) -> Option<(&'static str, Shape)> {
    let exact = fields.iter().find(|(name, _)| *name == key);
    exact.or_else(|| fields.iter().find(|(name, _)| name.eq_ignore_ascii_case(key))).copied()
}

/// Sets a key; the last of several wins, in its own place.
fn insert(result: &mut Node, entry: &Entry, name: &str, value: Node) {
    if let Some(mapping) = result.as_mapping_mut() {
        mapping.remove(name);
        mapping.entries.push(Entry { key: Node::string(name, entry.key.origin.clone()), value });
    }
}

/// What Go leaves in a list or map for a null.
fn empty(node: &Node, shape: Shape) -> Node {
    match shape {
        Shape::List(_) => Node::sequence(Vec::new(), node.origin.clone()),
        Shape::TextMap | Shape::Struct(_) => Node::mapping(Vec::new(), node.origin.clone()),
        _ => Node::string("", node.origin.clone()),
    }
}

fn with_text(node: &Node, text: SmolStr) -> Node {
    match node.as_scalar() {
        Some(scalar) => Node::scalar(text, scalar.style, node.origin.clone()),
        None => node.clone(),
    }
}

fn kind_of(node: &Node) -> &'static str {
    match (&node.value, json::of(node)) {
        (Value::Mapping(_), _) => "object",
        (Value::Sequence(_), _) => "array",
        (_, Ok(Json::Boolean(_))) => "bool",
        (_, Ok(Json::Integer(_) | Json::Float(_))) => "number",
        (_, Ok(Json::Null)) => "null",
        _ => "string",
    }
}

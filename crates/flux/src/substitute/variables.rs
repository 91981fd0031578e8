//! The variables of a Kustomization: `postBuild.substituteFrom`, then `postBuild.substitute` (flux-build-semantics section 4.2).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base64::Engine as _;
use smol_str::SmolStr;

use crate::object::Object;
use crate::texts::how_to_quote;
use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::scalar::{Typed, resolve};
use fleetlint_yaml::{Entry, Node, Origin, Secrecy, Value};

/// What a lookup of a ConfigMap or Secret gives.
pub enum Lookup {
    Found(Arc<Object>),
    /// Provably not there.
    Missing,
    /// Why it cannot be known.
    Unknown(String),
}

/// The ConfigMaps and Secrets in a Kustomization's namespace.
pub trait SubstituteSource {
    /// Looks for an object of kind `ConfigMap` or `Secret`.
    fn lookup(&self, kind: &str, name: &str) -> Lookup;
}

/// A variable's value as it is substituted: without line breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableValue {
    pub text: SmolStr,
    /// Where the value was written.
    pub origin: Origin,
    /// It comes from a Secret, or holds what does, and must not be shown.
    pub secret: bool,
}

impl VariableValue {
    /// How much of the text must not be shown.
    pub(super) fn secrecy(&self) -> Option<Secrecy> {
        self.secret.then(|| self.origin.secret().cloned().unwrap_or(Secrecy::Whole))
    }
}

/// The variables of a Kustomization by name.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    values: BTreeMap<SmolStr, VariableValue>,
    /// Those that are or may be defined with a value that is not known, each with the reason.
    unknown: BTreeMap<SmolStr, String>,
    /// Why any other variable may be defined: an object to substitute from is not at hand.
    open: Option<String>,
}

/// The tag of a value that is there and not known. Texts that carry it in a manifest are not known either.
const UNKNOWN_TAG: &str = "!unknown";

/// A value of a ConfigMap or Secret that only the cluster knows.
pub fn unknown_value(origin: &Origin) -> Node {
    Node { tag: Some(UNKNOWN_TAG.into()), ..Node::string("", origin.clone()) }
}

/// Whether a value is one that only the cluster knows.
pub fn is_unknown(value: &Node) -> bool {
    value.tag.as_deref() == Some(UNKNOWN_TAG)
}

/// The object, a map of values at a pointer read as not known where they hold expressions: what puts values into these is not
/// at hand. `None` where a key holds one.
pub fn with_open_values(object: &Object, pointers: &[&[&str]]) -> Option<Object> {
    let mut root = Node::clone(&object.root);
    for pointer in pointers {
        let map = pointer.iter().try_fold(&mut root, |node, key| node.get_mut(key));
        let Some(map) = map.and_then(Node::as_mapping_mut) else { continue };
        for entry in &mut map.entries {
            let is_open = |node: &Node| node.text().is_some_and(|text| text.contains("${"));
            if is_open(&entry.key) {
                return None;
            }
            if is_open(&entry.value) {
                let origin = entry.value.origin.clone();
                entry.value = Node { tag: Some(UNKNOWN_TAG.into()), ..Node::string(OPEN, origin) };
            }
        }
    }
    Object::new(root)
}

impl Variables {
    /// The value of a variable.
    pub fn get(&self, name: &str) -> Option<&VariableValue> {
        self.values.get(name)
    }

    /// Why the value of a variable is not known: it is defined and only the cluster knows it, or an object that is not at
    /// hand may define it. `None` where the value is known, and where nothing can define the variable.
    pub fn unknown(&self, name: &str) -> Option<&str> {
        let is_open = !self.values.contains_key(name) && is_name(name);
        let open = self.open.as_deref().filter(|_| is_open);
        self.unknown.get(name).map(String::as_str).or(open)
    }

    /// The same, without the values of all others: who looks one of those up finds none.
    pub fn only(&self, names: &BTreeSet<SmolStr>) -> Self {
        let known = names.iter().filter_map(|name| Some((name.clone(), self.values.get(name)?.clone())));
        Self { values: known.collect(), unknown: self.unknown.clone(), open: self.open.clone() }
    }

    /// Whether there is such a variable, be its value known or not.
    pub fn is_defined(&self, name: &str) -> bool {
        self.get(name).is_some() || self.unknown(name).is_some()
    }

    /// Whether there is none for sure.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.unknown.is_empty() && self.open.is_none()
    }

    /// Says that something that is not known may define any variable that is not defined here.
    pub fn leave_open(&mut self, reason: &str) {
        self.open.get_or_insert_with(|| reason.to_owned());
    }

    /// Why it is not known whether there is any.
    pub fn may_be_empty(&self) -> Option<&str> {
        self.open.as_deref().filter(|_| self.values.is_empty() && self.unknown.is_empty())
    }

    /// The names of those with a value, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(SmolStr::as_str)
    }

    /// The names of all that are known to be defined, be their values known or not.
    pub fn all_names(&self) -> impl Iterator<Item = &str> {
        self.names().chain(self.unknown.keys().map(SmolStr::as_str))
    }

    /// Reads a Kustomization's variables: each entry of `substituteFrom` in order, then `substitute`; later ones win.
    ///
    /// An object that is not at hand leaves open what it may define: every variable but those that later ones define.
    ///
    /// Flux notices these problems only when it substitutes: see [`super::substitutes_any`].
    pub fn build(kustomization: &Object, source: &dyn SubstituteSource) -> (Self, Vec<Problem>) {
        let mut builder = Builder { source, variables: Self::default(), problems: Vec::new() };
        let Some(post_build) = kustomization.at("/spec/postBuild").filter(|node| !node.is_null()) else {
            return (builder.variables, builder.problems);
        };
        builder.all_from(post_build.get("substituteFrom"));
        builder.inline(post_build.get("substitute"));
        (builder.variables, builder.problems)
    }
}

/// Why a value is not known that Flux refuses.
const REFUSED: &str = "Flux refuses a value, so the intended one is not known";

/// Why a value is not known that the configuration declares.
pub const ELSEWHERE: &str = "it is created elsewhere, and its values are not known";

/// Why a value is not known that a variable gives.
const OPEN: &str = "it holds variables that are not known";

/// Why a value is not known.
fn why(value: &Node) -> &str {
    value.text().filter(|text| !text.is_empty()).unwrap_or(ELSEWHERE)
}

struct Builder<'a> {
    source: &'a dyn SubstituteSource,
    variables: Variables,
    problems: Vec<Problem>,
}

impl Builder<'_> {
    fn all_from(&mut self, list: Option<&Node>) {
        match list.map(|node| (node, &node.value)) {
            Some((_, Value::Sequence(entries))) => entries.iter().for_each(|entry| self.from(entry)),
            Some((node, _)) if !node.is_null() => self.fail("`postBuild.substituteFrom` must be a list", node),
            _ => {}
        }
    }

    /// One entry of `substituteFrom`. Other kinds than ConfigMap and Secret are passed over, as Flux does.
    fn from(&mut self, entry: &Node) {
        let kind = entry.get("kind").and_then(Node::text).unwrap_or_default();
        if entry.as_mapping().is_none() {
            return self.fail("an entry of `postBuild.substituteFrom` must be a map with `kind` and `name`", entry);
        }
        if !matches!(kind, "ConfigMap" | "Secret") {
            return;
        }
        let Some(name) = entry.get("name").filter(|name| name.text().is_some_and(|text| !text.is_empty())) else {
            return self.fail("an entry of `postBuild.substituteFrom` has no `name`", entry);
        };
        let optional = entry.get("optional").and_then(Node::text) == Some("true");
        let text = name.text().unwrap_or_default();
        match self.source.lookup(kind, text) {
            Lookup::Found(object) if kind == "Secret" => self.secret(&object),
            Lookup::Found(object) => self.config_map(&object),
            Lookup::Missing if optional => {}
            Lookup::Missing => {
                let message =
                    format!("substitute from `{kind}/{text}`: it does not exist in the Kustomization's namespace");
                let problem = Problem::new(ProblemKind::SubstitutionFailed, message, name.place());
                self.problems.push(problem.help("create it, or set `optional: true` on this entry"));
            }
            Lookup::Unknown(why) => self.open(&format!("substitute from `{kind}/{text}`: {why}")),
        }
    }

    /// Takes in an object that is not at hand: it may define any variable, also those that objects before it define.
    fn open(&mut self, reason: &str) {
        let values = std::mem::take(&mut self.variables.values);
        let known = values.into_keys().map(|name| (name, reason.to_owned()));
        self.variables.unknown.extend(known);
        self.variables.open.get_or_insert_with(|| reason.to_owned());
    }

    fn config_map(&mut self, object: &Object) {
        for entry in object.at("/data").map(Node::entries).unwrap_or_default() {
            if is_unknown(&entry.value) {
                let why = why(&entry.value);
                self.set_unknown(entry, format!("substitute from `ConfigMap/{}`: {why}", object.id.name));
            } else if let Some(text) = value_text(&entry.value) {
                self.set(entry, &text, false);
            }
        }
    }

    /// `data`, then `stringData`, which the API server puts into `data`.
    fn secret(&mut self, object: &Object) {
        let entries = |pointer: &str| object.at(pointer).map(Node::entries).unwrap_or_default().iter();
        let unknown = |why: &str| format!("substitute from `Secret/{}`: {why}", object.id.name);
        // SOPS leaves the keys as they are.
        if is_encrypted(object) {
            let all = entries("/data").chain(entries("/stringData"));
            return all.for_each(|entry| self.set_unknown(entry, unknown("its values are encrypted")));
        }
        for entry in entries("/data") {
            if is_unknown(&entry.value) {
                self.set_unknown(entry, unknown(why(&entry.value)));
                continue;
            }
            let encoded = value_text(&entry.value).unwrap_or_default().replace(['\n', '\r'], "");
            match base64::engine::general_purpose::STANDARD.decode(encoded) {
                Ok(bytes) => self.set(entry, &String::from_utf8_lossy(&bytes), true),
                Err(_) => {
                    let key = entry.key.text().unwrap_or_default();
                    let message = format!("the value of `{key}` in `Secret/{}` is not base64", object.id.name);
                    let problem = Problem::new(ProblemKind::SubstitutionFailed, message, entry.value.place());
                    self.problems.push(problem.help("encode it, or put it below `stringData`"));
                    self.set_unknown(entry, unknown(REFUSED));
                }
            }
        }
        for entry in entries("/stringData") {
            if is_unknown(&entry.value) {
                self.set_unknown(entry, unknown(why(&entry.value)));
            } else if let Some(text) = value_text(&entry.value) {
                self.set(entry, &text, true);
            }
        }
    }

    fn inline(&mut self, map: Option<&Node>) {
        let Some(map) = map.filter(|map| !map.is_null()) else { return };
        if map.as_mapping().is_none() {
            return self.fail("`postBuild.substitute` must be a map of names to strings", map);
        }
        for entry in map.entries() {
            if is_unknown(&entry.value) {
                self.set_unknown(entry, format!("`postBuild.substitute`: {}", why(&entry.value)));
                continue;
            }
            match inline_text(&entry.value) {
                Some(text) => self.set(entry, &text, false),
                None => {
                    let key = entry.key.text().unwrap_or_default();
                    let message = format!("the value of `{key}` in `postBuild.substitute` must be a string");
                    let problem = Problem::new(ProblemKind::SubstitutionFailed, message, entry.value.place());
                    self.problems.push(problem.help(how_to_quote(&entry.value)));
                    self.set_unknown(entry, format!("`postBuild.substitute`: {REFUSED}"));
                }
            }
        }
    }

    fn set(&mut self, entry: &Entry, text: &str, secret: bool) {
        let Some(name) = self.name(entry) else { return };
        let text = SmolStr::from(text.replace('\n', ""));
        let origin = entry.value.origin.clone();
        // Of a Secret itself all is secret, whatever part of it came from another one.
        let origin = if secret { origin.with_secret(Some(Secrecy::Whole)) } else { origin };
        let secret = origin.secret().is_some();
        let value = VariableValue { text, origin, secret };
        self.variables.unknown.remove(name);
        self.variables.values.insert(name.into(), value);
    }

    fn set_unknown(&mut self, entry: &Entry, reason: String) {
        let Some(name) = self.name(entry) else { return };
        self.variables.values.remove(name);
        self.variables.unknown.insert(name.into(), reason);
    }

    /// The name of a variable, if Flux takes it.
    fn name<'e>(&mut self, entry: &'e Entry) -> Option<&'e str> {
        let name = entry.key.text().unwrap_or_default();
        if !is_name(name) {
            let message = format!("`{name}` is not a valid variable name");
            let problem = Problem::new(ProblemKind::SubstitutionFailed, message, entry.key.place());
            let help = "use letters, digits and `_`, with no digit first; Flux refuses the name even if it is not used";
            self.problems.push(problem.help(help));
            return None;
        }
        Some(name)
    }

    fn fail(&mut self, message: &str, node: &Node) {
        let problem = Problem::new(ProblemKind::SubstitutionFailed, message, node.place());
        self.problems
            .push(problem.help("`substitute` maps names to strings, `substituteFrom` lists `kind` and `name`"));
    }
}

/// SOPS leaves a `sops` block behind, and `ENC[…]` in place of each value.
fn is_encrypted(object: &Object) -> bool {
    let encrypted = |entry: &Entry| entry.value.text().is_some_and(|text| text.starts_with("ENC["));
    let values = ["/data", "/stringData"].into_iter().filter_map(|pointer| object.at(pointer));
    object.at("/sops").is_some() || values.flat_map(Node::entries).any(encrypted)
}

/// The text of a value in a ConfigMap or Secret; null is empty.
fn value_text(node: &Node) -> Option<String> {
    match resolve(node) {
        _ if node.is_null() => Some(String::new()),
        Ok(Typed::Timestamp(text)) => Some(text),
        _ => node.text().map(str::to_owned),
    }
}

fn inline_text(node: &Node) -> Option<String> {
    node.as_scalar()?;
    match resolve(node).ok()? {
        Typed::String => node.text().map(str::to_owned),
        Typed::Timestamp(text) => Some(text),
        _ => None,
    }
}

/// `^[_[:alpha:]][_[:alpha:][:digit:]]*$`
fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

//! Fields that hold texts and nothing else: what substitution leaves there must still be one (flux-build-semantics,
//! section 4: quotes are lost on the way, so that `"${ID}"` becomes a number).

use crate::kinds;
use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::scalar::{Typed, resolve};
use fleetlint_yaml::{Entry, Node};

/// Of any object: maps from text to text.
const METADATA: [&str; 2] = ["/metadata/labels", "/metadata/annotations"];

/// What the API server refuses because it is a number or a boolean where only a text can be. A null passes: it is read as
/// the empty text.
fn problems(object: &Node) -> Vec<Problem> {
    let kind = object.get("kind").and_then(Node::text).unwrap_or_default();
    let names = ["name", "namespace"].iter().filter_map(|key| object.get("metadata")?.as_mapping()?.entry(key));
    let entries = |pointer: &&str| object.at(pointer).map(Node::entries).unwrap_or_default();
    let named = names.chain(METADATA.iter().flat_map(entries)).filter_map(|entry| problem(entry, false));
    named.chain(data(kind).iter().flat_map(entries).filter_map(|entry| problem(entry, kind == "Secret"))).collect()
}

/// Everything that this module finds in an object.
pub fn all_problems(object: &Node) -> Vec<Problem> {
    let mut problems = problems(object);
    problems.extend(without_namespace(object));
    problems
}

/// An object of Flux without a namespace: there is none that it would get. Of other kinds that is not told.
fn without_namespace(object: &Node) -> Option<Problem> {
    let text = |pointer: &str| object.at(pointer).and_then(Node::text_if_set).unwrap_or_default();
    let kind = text("/kind");
    let group = text("/apiVersion").rsplit_once('/').map_or("", |(group, _)| group);
    let is_of_flux = kinds::flux().any(|known| known == (group, kind));
    (is_of_flux && text("/metadata/namespace").is_empty()).then(|| {
        let message = format!("`metadata.namespace` is missing: Flux does not apply a {kind} without a namespace");
        let place = object.at("/metadata/name").unwrap_or(object).place();
        Problem::new(ProblemKind::InvalidObject, message, place)
            .help("add `namespace` to it, or to the kustomization file that lists it")
    })
}

/// The maps from text to text that a kind of the core group has besides.
fn data(kind: &str) -> &'static [&'static str] {
    match kind {
        "ConfigMap" => &["/data"],
        "Secret" => &["/data", "/stringData"],
        _ => &[],
    }
}

/// The key of what is in a Secret is not repeated: `hunter2: 5` is a slip of somebody who meant it as a value.
fn problem(entry: &Entry, is_secret: bool) -> Option<Problem> {
    let found = match resolve(&entry.value) {
        Ok(Typed::Bool(_)) => "a boolean",
        Ok(Typed::Int(_) | Typed::Float(_)) => "a number",
        _ => return None,
    };
    let key = match is_secret {
        true => "this value of the Secret".to_owned(),
        false => format!("`{}`", entry.key.text().unwrap_or_default()),
    };
    let message = format!("{key} must be a string, but it is {found}: the API server rejects this object");
    Some(Problem::new(ProblemKind::InvalidObject, message, entry.value.place()).help(how_to_quote(&entry.value)))
}

/// How a value that is no text becomes one. Substitution works on the printed manifest, which has lost the quotes that YAML
/// does not need: of a value that a variable brings, those in the file are of no use.
pub fn how_to_quote(value: &Node) -> &'static str {
    match (value.origin.variable().is_some(), value.is_null()) {
        (true, true) => {
            "give the expression a default that is not empty (`${NAME:=value}`), or remove the entry: substitution drops the quotes in the manifest"
        }
        (true, false) => {
            "put quotes inside the value of the variable, or text around the variable: substitution drops the quotes in the manifest"
        }
        (false, _) => "put quotes around the value",
    }
}

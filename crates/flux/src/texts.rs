//! Fields that hold texts and nothing else: what substitution leaves there must still be one (flux-build-semantics,
//! section 4: quotes are lost on the way, so that `"${ID}"` becomes a number).

use crate::api::KINDS;
use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::scalar::{Typed, resolve};
use fleetlint_yaml::{Entry, Node};

/// Of any object: maps from text to text.
const METADATA: [&str; 2] = ["/metadata/labels", "/metadata/annotations"];

/// What the API server refuses because it is a number or a boolean where only a text can be. A null passes: it is read as
/// the empty text.
pub fn problems(object: &Node) -> Vec<Problem> {
    let kind = object.get("kind").and_then(Node::text).unwrap_or_default();
    let names = ["name", "namespace"].iter().filter_map(|key| object.get("metadata")?.as_mapping()?.entry(key));
    let maps = METADATA.iter().chain(data(kind)).filter_map(|pointer| object.at(pointer)).flat_map(Node::entries);
    names.chain(maps).filter_map(problem).collect()
}

/// An object of Flux without a namespace: there is none that it would get. Of other kinds that is not told.
pub fn without_namespace(object: &Node) -> Option<Problem> {
    let text = |pointer: &str| object.at(pointer).and_then(Node::text_if_set).unwrap_or_default();
    let kind = text("/kind");
    let group = text("/apiVersion").rsplit_once('/').map_or("", |(group, _)| group);
    let is_of_flux = KINDS.iter().any(|(known, kinds)| *known == group && kinds.contains(&kind));
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

fn problem(entry: &Entry) -> Option<Problem> {
    let found = match resolve(&entry.value) {
        Ok(Typed::Bool(_)) => "a boolean",
        Ok(Typed::Int(_) | Typed::Float(_)) => "a number",
        _ => return None,
    };
    let key = entry.key.text().unwrap_or_default();
    let message = format!("`{key}` must be a string, but it is {found}: the API server rejects this object");
    let help = match entry.value.origin.variable().is_some() {
        true => {
            "put quotes inside the value of the variable, or text around the variable: substitution drops the quotes in the manifest"
        }
        false => "put quotes around the value",
    };
    Some(Problem::new(ProblemKind::InvalidObject, message, entry.value.place()).help(help))
}

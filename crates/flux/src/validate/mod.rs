//! Judges an object by the table of its kind, as the API server judges it when Flux applies it.
//!
//! Flux applies on the server's side, so that a field that the schema does not have is an error and is not dropped. A null
//! is dropped unless the field is nullable; defaults are there before anything is required or evaluated. What is not judged
//! (a version or a rule that the tables or the evaluator do not know) is returned, too.

mod cel;
mod pattern;
mod scalar;
mod sentence;
mod suggest;
mod verdict;
mod walk;

#[cfg(test)]
mod tests;

use fleetlint_yaml::Node;

use crate::kinds::{self, Field, Found, Scope, Table};
use crate::object::Object;
use crate::release::{FluxVersion, Minor, NEWEST};
pub(crate) use pattern::matches;
pub(crate) use scalar::is_null;
pub use sentence::Sentence;
pub(crate) use verdict::path;
pub use verdict::{Bound, Unevaluated, UnknownField, Verdict, Violation, What};
use walk::Walk;

/// The API server holds these to be strings, and [`crate::texts`] says so of any object.
const SAID_ELSEWHERE: [&str; 4] = ["name", "namespace", "labels", "annotations"];

/// What is wrong with an object of Flux or the Flux Operator on some releases of Flux; the newest one where none are known.
/// `None` for what has no table, and for a version that the table does not have.
pub fn validate(object: &Object, releases: Option<FluxVersion>) -> Option<Verdict> {
    let (table, scope) = table_of(object, releases)?;
    let is_older = releases.is_some_and(|releases| releases.newest < kinds::OLDEST);
    let mut walk = Walk::new(scope, is_older);
    walk.root(&object.root, table.root());
    let metadata = kinds::find(table.group, table.kind, "/metadata", Scope::default()).and_then(Found::field);
    if let (Some(field), Some(node)) = (metadata, object.at("/metadata")) {
        walk.metadata(node, field, &SAID_ELSEWHERE);
    }
    Some(walk.verdict())
}

/// The key that is written instead of a field that an object lacks: unknown where it is, and near to what is meant.
pub fn written_instead<'a>(object: &'a Object, pointer: &str) -> Option<&'a Node> {
    let (table, scope) = table_of(object, None)?;
    let steps: Vec<&str> = pointer.split('/').skip(1).collect();
    let (mut node, mut at) = (object.at("")?, String::new());
    for step in steps {
        let below = format!("{at}/{step}");
        let next = object.at(&below).filter(|node| !scalar::is_null(node));
        let Some(next) = next else {
            let field = table.find(&at, scope).field()?;
            return misspelt(node, field, scope, step);
        };
        (node, at) = (next, below);
    }
    None
}

fn misspelt<'a>(node: &'a Node, parent: Field, scope: Scope<'_>, meant: &str) -> Option<&'a Node> {
    let keys = node.entries().iter().map(|entry| &entry.key);
    let mut unknown = keys.filter(|key| key.text().is_some_and(|name| parent.child(name, scope).is_none()));
    unknown.find(|key| suggest::near(key.text().unwrap_or_default(), node, parent, scope).first() == Some(&meant))
}

/// The table of an object, and what counts in it: the version as the releases have it, or as the nearest one that does.
fn table_of<'a>(object: &'a Object, releases: Option<FluxVersion>) -> Option<(&'static Table, Scope<'a>)> {
    let id = &object.id;
    let is_judged = kinds::flux().any(|(group, kind)| group == id.group && kind == id.kind);
    let table = kinds::table(&id.group, &id.kind).filter(|_| is_judged)?;
    let version = table.versions.iter().find(|version| version.name == object.version)?;
    let minor = releases.map_or(NEWEST, |releases| releases.newest);
    let nearest = minor.max(version.since.unwrap_or(kinds::OLDEST)).min(version.until.unwrap_or(NEWEST));
    Some((table, Scope { version: Some(&object.version), releases: Some(one(nearest)) }))
}

fn one(minor: Minor) -> FluxVersion {
    FluxVersion { oldest: minor, newest: minor, patch: None }
}

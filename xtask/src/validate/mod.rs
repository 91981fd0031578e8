//! Objects of Flux and what we say of them, as JSON lines, to be compared with the API server's own code (`oracle.go`).
//!
//! The objects are those of some folders, and one of each kind that is made from its table; most are changed at random:
//! fields dropped, renamed, of another type, out of range, added.

mod mutate;
mod objects;

use std::io::Write;
use std::path::PathBuf;

use fleetlint::flux::kinds;
use fleetlint::flux::release::FluxVersion;
use fleetlint::flux::validate::validate;
use fleetlint::object::Object;
use fleetlint::source::Files;
use fleetlint::yaml::parse;
use serde_json::{Value as Json, json};

use crate::Failure;
use crate::fuzz_kustomize::rng::Rng;

/// The release that the schemas are of (upstream-schemas/README.md).
const RELEASE: &str = "2.9";

const SEED: u64 = 1;

/// `validate FOLDER COUNT`: the objects as they are, then so many changed ones. With `-` for the folder only small ones
/// that are made: these are what the test of the repository records.
pub(crate) fn main() -> Result<(), Failure> {
    let mut arguments = crate::arguments().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or_else(|| "../shared/corpora".to_owned()));
    let count: usize = arguments.next().map_or(Ok(20_000), |count| count.parse())?;
    let is_small = folder.as_os_str() == "-";
    let found = if is_small { Vec::new() } else { objects::below(&folder) };
    let sizes = if is_small { &[false][..] } else { &[false, true] };
    let made = kinds::flux().flat_map(|(group, kind)| objects::made(group, kind, RELEASE, sizes));
    let made: Vec<Json> = made.collect();
    let mut out = std::io::stdout().lock();
    for object in found.iter().chain(&made) {
        writeln!(out, "{}", line(object, "as it is")?)?;
    }
    let mut rng = Rng::new(SEED);
    // Kinds that fleets hold rarely are changed as often as the others.
    let mut by_kind: Vec<Vec<&Json>> = Vec::new();
    for object in found.iter().chain(&made) {
        match by_kind.iter_mut().find(|all| all.first().is_some_and(|it| it["kind"] == object["kind"])) {
            Some(all) => all.push(object),
            None => by_kind.push(vec![object]),
        }
    }
    for _ in 0..count {
        let Some(object) = chosen(&by_kind, &mut rng) else { continue };
        let mut object = Json::clone(object);
        let changes: Vec<String> =
            (0..rng.between(1, 2)).filter_map(|_| mutate::change(&mut object, RELEASE, &mut rng)).collect();
        writeln!(out, "{}", line(&object, &changes.join(", "))?)?;
    }
    Ok(())
}

/// An object of any kind.
fn chosen<'a>(by_kind: &[Vec<&'a Json>], rng: &mut Rng) -> Option<&'a Json> {
    let of_kind = rng.one(by_kind)?;
    rng.one(of_kind).copied()
}

/// An object with our verdict.
fn line(object: &Json, mutation: &str) -> Result<Json, Failure> {
    let file = Files::default().add("".into(), None, "a.json".into(), Vec::new());
    let stream = parse::file(&object.to_string(), file.id);
    let root = stream.documents.into_iter().flatten().find_map(|document| document.root).ok_or("no document")?;
    let object_read = Object::new(root).ok_or("no object")?;
    let id = &object_read.id;
    let schema = format!("{}/{}_{}.json", id.group, id.kind.to_lowercase(), object_read.version);
    let verdict = validate(&object_read, FluxVersion::parse(RELEASE)).ok_or("no table")?;
    let ours: Vec<String> =
        verdict.violations.iter().map(|violation| format!("{} {:?}", violation.pointer, violation.what)).collect();
    let unknown: Vec<String> = verdict.unevaluated.iter().map(|it| format!("{it:?}")).collect();
    Ok(json!({"schema": schema, "mutation": mutation, "object": object, "ours": ours, "unevaluated": unknown}))
}

//! Objects of Flux and what we say of them, as JSON lines, to be compared with the API server's own code (`oracle.go`).
//!
//! The objects are those of some folders, and one of each kind that is made from its table; most are changed at random:
//! fields dropped, renamed, of another type, out of range, added.

mod mutate;
mod objects;

use std::io::Write;
use std::path::{Path, PathBuf};

use fleetlint::flux::kinds;
use fleetlint::flux::release::FluxVersion;
use fleetlint::flux::structural::{Dialect, judge};
use fleetlint::flux::validate::validate;
use fleetlint::object::Object;
use fleetlint::source::Files;
use fleetlint::yaml::{Node, parse};
use serde_json::{Value as Json, json};

use crate::Failure;
use crate::fuzz_kustomize::rng::Rng;

/// The release that the schemas are of (upstream-schemas/README.md).
const RELEASE: &str = "2.9";

const SEED: u64 = 1;

/// `validate FOLDER COUNT`: the objects as they are, then so many changed ones. With `-` for the folder only small ones
/// that are made: these are what the test of the repository records. With the folder of the schemas after that, it is not the
/// tables that judge, but `flux::structural` by these schemas; rules in CEL are then not evaluated.
pub(crate) fn main() -> Result<(), Failure> {
    let mut arguments = crate::arguments().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or_else(|| "../shared/corpora".to_owned()));
    let count: usize = arguments.next().map_or(Ok(20_000), |count| count.parse())?;
    let schemas = arguments.next().map(PathBuf::from);
    let line = |object: &Json, mutation: &str| match &schemas {
        Some(schemas) => line_by_schema(object, mutation, schemas),
        None => line(object, mutation),
    };
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

/// A text in JSON, as YAML reads it.
fn root(text: &str) -> Result<Node, Failure> {
    let file = Files::default().add("".into(), None, "a.json".into(), Vec::new());
    let mut documents = parse::file(text, file.id).documents.into_iter().flatten();
    Ok(documents.find_map(|document| document.root).ok_or("no document")?)
}

fn read(object: &Json) -> Result<(Object, String), Failure> {
    let object = Object::new(root(&object.to_string())?).ok_or("no object")?;
    let schema = format!("{}/{}_{}.json", object.id.group, object.id.kind.to_lowercase(), object.version);
    Ok((object, schema))
}

/// An object with the verdict of its schema.
fn line_by_schema(object: &Json, mutation: &str, schemas: &Path) -> Result<Json, Failure> {
    let (object_read, schema) = read(object)?;
    let node = root(&std::fs::read_to_string(schemas.join(&schema))?)?;
    let dialect = if node.get("$schema").is_some() { Dialect::JsonSchema } else { Dialect::Definition };
    let judged = judge(&node, &object_read.root, dialect);
    let ours: Vec<String> = judged.faults.iter().map(|fault| format!("{} {:?}", fault.pointer, fault.why)).collect();
    Ok(json!({"schema": schema, "mutation": mutation, "object": object, "ours": ours}))
}

/// An object with our verdict.
fn line(object: &Json, mutation: &str) -> Result<Json, Failure> {
    let (object_read, schema) = read(object)?;
    let verdict = validate(&object_read, FluxVersion::parse(RELEASE)).ok_or("no table")?;
    let ours: Vec<String> =
        verdict.violations.iter().map(|violation| format!("{} {:?}", violation.pointer, violation.what)).collect();
    let unknown: Vec<String> = verdict.unevaluated.iter().map(|it| format!("{it:?}")).collect();
    Ok(json!({"schema": schema, "mutation": mutation, "object": object, "ours": ours, "unevaluated": unknown}))
}

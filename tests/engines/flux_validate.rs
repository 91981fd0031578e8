//! What the API server says of objects of Flux, and what we say: `testdata/flux/validate.jsonl`, recorded by
//! `cargo xtask validate - 400` and `xtask/src/validate/oracle.go`.

use fleetlint::flux::release::FluxVersion;
use fleetlint::flux::validate::validate;
use fleetlint::object::Object;
use fleetlint::source::Files;
use fleetlint::yaml::parse;
use serde_json::Value as Json;

/// The release that the recorded schemas are of.
const RELEASE: &str = "2.9";

#[test]
fn the_verdicts_are_those_of_the_server() {
    let text = std::fs::read_to_string("testdata/flux/validate.jsonl").unwrap();
    let (mut refused, mut wrong) = (0, Vec::new());
    for line in text.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let file = Files::default().add("".into(), None, "a.json".into(), Vec::new());
        let stream = parse::file(&case["object"].to_string(), file.id);
        let root = stream.documents.into_iter().flatten().find_map(|document| document.root).unwrap();
        let verdict = validate(&Object::new(root).unwrap(), FluxVersion::parse(RELEASE)).unwrap();
        let is_refused = case["server"].as_array().is_some_and(|said| !said.is_empty());
        refused += usize::from(is_refused);
        if is_refused == verdict.violations.is_empty() || !verdict.unevaluated.is_empty() {
            wrong.push(format!("{line}\n  ours: {verdict:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(refused > 200 && text.lines().count() - refused > 100, "{refused} of {}", text.lines().count());
}

//! Renders templates for comparison with Go's engine: JSON lines `{template, inputs}` in, `{out}`, `{fault}` or
//! `{unknown}` out.

use std::io::{self, BufRead, Write};

use fleetlint::flux::template::{FaultKind, Template, Value};
use fleetlint::source::Files;
use fleetlint::yaml::parse;
use serde_json::{Value as Json, json};

pub(crate) fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let request: Json = serde_json::from_str(&line?).unwrap_or_default();
        let template = request["template"].as_str().unwrap_or_default();
        let result = Template::parse(template).and_then(|it| it.render(&inputs(&request["inputs"])));
        let answer = match result {
            Ok(rendered) => json!({ "out": rendered.text }),
            Err(fault) if fault.kind == FaultKind::Wrong => json!({ "fault": fault.message }),
            Err(fault) => json!({ "unknown": fault.message }),
        };
        writeln!(out, "{answer}")?;
    }
    Ok(())
}

/// JSON is YAML: the same way in as for inputs in a file.
fn inputs(json: &Json) -> Value {
    if json.is_null() {
        return Value::Nil;
    }
    let file = Files::default().add("".into(), None, String::new(), Vec::new());
    let stream = parse::file(&json.to_string(), file.id);
    let root = stream.documents.into_iter().flatten().find_map(|document| document.root);
    root.map_or(Value::Nil, |root| Value::of(&root))
}

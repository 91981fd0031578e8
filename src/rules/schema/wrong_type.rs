//! A value of a different type from the one that its field takes.

use super::report_value;
use crate::finding::{Findings, Severity};
use crate::fleet::Fleet;
use crate::flux::kinds::Type;
use crate::flux::texts::how_to_quote;
use crate::flux::validate::What;
use crate::object::Object;
use crate::rule::{Check, Rule};
use crate::yaml::{Node, Style};

pub(crate) const RULE: Rule = Rule {
    id: "schema/wrong-type",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a field of an object of Flux has a value of a different type from the one in its schema",
    is_pedantic: false,
    page: include_str!("../../../rules/schema/wrong-type.md"),
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet, findings: &mut Findings) {
    for judged in fleet.judged() {
        for violation in &judged.verdict.violations {
            let What::WrongType { expected, found } = violation.what else { continue };
            let what = format!("`{}` must be {}, but it is {found}", violation.path(), words(expected));
            let help = help(&judged.object, &violation.pointer, expected);
            report_value(judged, violation, &what, &help, findings);
        }
    }
}

/// What a field takes.
fn words(expected: Type) -> &'static str {
    match expected {
        Type::Object | Type::Map => "a mapping",
        Type::List => "a list",
        Type::String | Type::Any => "a string",
        Type::Integer => "an integer",
        Type::Number => "a number",
        Type::Boolean => "a boolean",
        Type::Duration => "a duration such as `10m`",
        Type::Quantity => "a quantity such as `100Mi`",
        Type::Time => "a time such as `2026-01-31T12:00:00Z`",
        Type::IntOrString => "an integer or a string",
    }
}

fn help(object: &Object, pointer: &str, expected: Type) -> String {
    let node = object.at(pointer);
    let scalar = node.and_then(Node::as_scalar);
    let is_quoted = scalar.is_some_and(|scalar| scalar.style != Style::Plain);
    match expected {
        Type::String | Type::IntOrString if scalar.is_some() => node.map_or("", how_to_quote).to_owned(),
        Type::Boolean if is_quoted && scalar.is_some_and(|it| matches!(&*it.text, "true" | "false")) => {
            "remove the quotes".to_owned()
        }
        Type::Boolean => "write `true` or `false`".to_owned(),
        Type::Integer | Type::Number if is_quoted => "remove the quotes".to_owned(),
        Type::Duration => "write a number with a unit: `30s`, `10m`, `1h30m`".to_owned(),
        Type::List => "write each item on a line of its own, after `- `".to_owned(),
        _ => format!("write {}", words(expected)),
    }
}

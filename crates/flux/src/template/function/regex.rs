//! Regular expressions.

use regex::{NoExpand, Regex, RegexBuilder};

use super::{Function, Parameter, int_of, text_of};
use crate::template::{TemplateError, Value};

const TEXT: Parameter = Parameter::Text;
const INT: Parameter = Parameter::Int;

/// How large a compiled expression may become, in bytes.
const MAX_SIZE: usize = 1024 * 1024;

/// Results longer than this are refused, in bytes.
const MAX_TEXT: usize = 1024 * 1024;

pub(super) fn find(name: &str) -> Option<Function> {
    match name {
        "regexMatch" | "mustRegexMatch" => {
            Function::of(&[TEXT, TEXT], |v| Ok(Value::Bool(compiled(text_of(v, 0))?.is_match(text_of(v, 1)))))
        }
        "regexFind" | "mustRegexFind" => Function::of(&[TEXT, TEXT], |v| {
            let regex = compiled(text_of(v, 0))?;
            Ok(Value::text(regex.find(text_of(v, 1)).map_or("", |found| found.as_str())))
        }),
        "regexFindAll" | "mustRegexFindAll" => Function::of(&[TEXT, TEXT, INT], |v| {
            let regex = compiled(text_of(v, 0))?;
            let most = usize::try_from(int_of(v, 2)).unwrap_or(usize::MAX);
            Ok(Value::list(regex.find_iter(text_of(v, 1)).take(most).map(|it| Value::text(it.as_str())).collect()))
        }),
        "regexReplaceAll" | "mustRegexReplaceAll" => Function::of(&[TEXT, TEXT, TEXT], |v| {
            bounded(v)?;
            Ok(Value::text(compiled(text_of(v, 0))?.replace_all(text_of(v, 1), text_of(v, 2)).into_owned()))
        }),
        "regexReplaceAllLiteral" | "mustRegexReplaceAllLiteral" => Function::of(&[TEXT, TEXT, TEXT], |v| {
            bounded(v)?;
            Ok(Value::text(compiled(text_of(v, 0))?.replace_all(text_of(v, 1), NoExpand(text_of(v, 2))).into_owned()))
        }),
        "regexSplit" | "mustRegexSplit" => Function::of(&[TEXT, TEXT, INT], |v| {
            let regex = compiled(text_of(v, 0))?;
            Ok(Value::list(split(&regex, text_of(v, 1), int_of(v, 2)).into_iter().map(Value::text).collect()))
        }),
        "regexQuoteMeta" => Function::of(&[TEXT], |v| {
            let mut out = String::new();
            for c in text_of(v, 0).chars() {
                if "\\.+*?()|[]{}^$".contains(c) {
                    out.push('\\');
                }
                out.push(c);
            }
            Ok(Value::text(out))
        }),
        _ => None,
    }
}

fn compiled(expression: &str) -> Result<Regex, TemplateError> {
    let regex = RegexBuilder::new(expression).size_limit(MAX_SIZE).build();
    regex.map_err(|_| {
        TemplateError::undetermined(format!("fleetlint does not understand the regular expression `{expression}`"))
    })
}

/// Each match may be replaced by a text that holds the whole match many times over.
fn bounded(values: &[Value]) -> Result<(), TemplateError> {
    let (text, replacement) = (text_of(values, 1), text_of(values, 2));
    let expanded = replacement.len() + replacement.matches('$').count().saturating_mul(text.len());
    if (text.len() + 1).saturating_mul(expanded) > MAX_TEXT * 64 {
        return Err(TemplateError::wrong("the replacement produces too much output"));
    }
    Ok(())
}

/// Go's `Regexp.Split`.
fn split(regex: &Regex, text: &str, most: i64) -> Vec<String> {
    if most == 0 {
        return Vec::new();
    }
    if !regex.as_str().is_empty() && text.is_empty() {
        return vec![String::new()];
    }
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let (mut parts, mut begin, mut end) = (Vec::new(), 0, 0);
    for found in regex.find_iter(text) {
        if parts.len() + 1 >= most {
            break;
        }
        end = found.start();
        if found.end() != 0 {
            parts.push(text.get(begin..end).unwrap_or_default().to_owned());
        }
        begin = found.end();
    }
    if end != text.len() {
        parts.push(text.get(begin..).unwrap_or_default().to_owned());
    }
    parts
}

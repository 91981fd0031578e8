//! `html`, `js` and `urlquery`, as Go's text/template has them.

use super::print::sprint;
use super::{Function, Parameter};
use crate::template::{TemplateError, Value};

pub(super) fn find(name: &str) -> Option<Function> {
    const ANY: Parameter = Parameter::Any;
    match name {
        "html" => Function::with_rest(&[], ANY, |v| escaped(v, html)),
        "js" => Function::with_rest(&[], ANY, |v| escaped(v, js)),
        "urlquery" => Function::with_rest(&[], ANY, |v| escaped(v, urlquery)),
        _ => None,
    }
}

fn escaped(values: &[Value], escape: fn(&str) -> String) -> Result<Value, TemplateError> {
    let shown = |value: &Value| if *value == Value::Nil { Value::text("<no value>") } else { value.clone() };
    let values: Vec<Value> = values.iter().map(shown).collect();
    sprint(&values).map(|text| Value::text(escape(&text)))
}

fn html(text: &str) -> String {
    let escaped = |c: char| match c {
        '"' => "&#34;".to_owned(),
        '\'' => "&#39;".to_owned(),
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '\0' => '\u{FFFD}'.to_string(),
        c => c.to_string(),
    };
    text.chars().map(escaped).collect()
}

fn js(text: &str) -> String {
    let escaped = |c: char| match c {
        '\\' | '\'' | '"' => format!("\\{c}"),
        '<' | '>' | '&' | '=' => format!("\\u{:04X}", u32::from(c)),
        c if c < ' ' || c == '\u{7f}' || is_hidden(c) => format!("\\u{:04X}", u32::from(c)),
        c => c.to_string(),
    };
    text.chars().map(escaped).collect()
}

/// What Go's `unicode.IsPrint` says no to, as far as texts of fleets go: separators and format characters.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{a0}' | '\u{ad}' | '\u{1680}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}')
        || matches!(c, '\u{205f}'..='\u{206f}' | '\u{3000}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e000}'..='\u{f8ff}')
}

fn urlquery(text: &str) -> String {
    let escaped = |byte: u8| match byte {
        b' ' => "+".to_owned(),
        b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(escaped).collect()
}

//! `slugify`: a text as a name.

use super::{Function, Parameter, text_of};
use crate::template::{TemplateError, Value};

/// Longer names are cut at the last dash before, as the operator sets it.
const MAX_LENGTH: usize = 63;

pub(super) fn find(name: &str) -> Option<Function> {
    match name {
        "slugify" => Function::of(&[Parameter::Text], |v| slug(text_of(v, 0)).map(Value::text)),
        _ => None,
    }
}

fn slug(text: &str) -> Result<String, TemplateError> {
    let mut spelled = String::new();
    for c in text.trim().chars() {
        match c {
            '&' => spelled.push_str("and"),
            '@' => spelled.push_str("at"),
            '"' | '\'' | '’' => {}
            '‒' | '–' | '—' | '―' => spelled.push('-'),
            _ if c.is_ascii() => spelled.push(c.to_ascii_lowercase()),
            _ => return Err(TemplateError::undetermined(format!("fleetlint does not transliterate `{c}`"))),
        }
    }
    let mut name = String::new();
    for c in spelled.chars() {
        let c = if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
        if c != '-' || !name.ends_with('-') {
            name.push(c);
        }
    }
    let name = name.trim_matches(['-', '_']);
    if name.len() <= MAX_LENGTH {
        return Ok(name.to_owned());
    }
    let head = name.get(..=MAX_LENGTH).unwrap_or(name);
    Ok(name.get(..head.rfind('-').unwrap_or(MAX_LENGTH)).unwrap_or(name).to_owned())
}

//! Texts on the way through JSON and YAML: kustomize prints objects and the arguments of its plugins, and reads them again.

use smol_str::SmolStr;

use super::super::parse::value_of;
use super::super::{Node, Value};
use super::next_line::{NEXT_LINE, without_next_lines};
use super::quote::{self, is_separator};

const REFUSED: &str = "control characters are not allowed";

/// Makes all texts of a tree what kustomize reads after it has printed them.
///
/// # Errors
/// What cannot be read again, with its node.
pub fn reread(node: &mut Node) -> Result<(), (String, Node)> {
    each_text(node, reread_text)
}

/// The same where it prints JSON, and reads that as YAML.
///
/// # Errors
/// As [`reread`].
pub fn reread_json(node: &mut Node) -> Result<(), (String, Node)> {
    each_text(node, without_next_lines)
}

fn each_text(node: &mut Node, read: fn(&str) -> Option<SmolStr>) -> Result<(), (String, Node)> {
    match &mut node.value {
        Value::Sequence(items) => items.iter_mut().try_for_each(|item| each_text(item, read)),
        Value::Mapping(mapping) => mapping.entries.iter_mut().try_for_each(|entry| {
            let key = entry.key.text().unwrap_or_default();
            check_key(key).map_err(|why| (why, entry.key.clone()))?;
            each_text(&mut entry.value, read)
        }),
        Value::Scalar(scalar) => {
            if let Err(why) = check(&scalar.text) {
                return Err((why, node.clone()));
            }
            if let Some(text) = read(&scalar.text) {
                scalar.text = text.into();
            }
            Ok(())
        }
    }
}

/// Whether a key can be read again in JSON, where it must be on one line.
pub(super) fn check_key(text: &str) -> Result<(), String> {
    if text.contains(NEXT_LINE) {
        return Err("a key with a line break (NEL, U+0085) cannot be read again".to_owned());
    }
    check(text)
}

/// Whether a text can be read again: go-yaml's reader refuses some characters in the JSON between kustomize's two printing
/// steps.
pub(super) fn check(text: &str) -> Result<(), String> {
    // Most texts are seen to be plain ASCII at once.
    let is_refused = text.bytes().any(|byte| byte >= 0x7f) && text.contains(is_refused_character);
    if is_refused { Err(REFUSED.to_owned()) } else { Ok(()) }
}

fn is_refused_character(c: char) -> bool {
    matches!(c, '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

/// What a text with line breaks that only YAML knows becomes; `None` for what stays as it is.
fn reread_text(text: &str) -> Option<SmolStr> {
    if text.is_ascii() || !text.contains(|c| c == NEXT_LINE || is_separator(c)) {
        return None;
    }
    let mut printed = "a: ".to_owned();
    quote::string(&mut printed, text, 2, true);
    value_of(&printed)
}

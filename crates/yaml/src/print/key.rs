//! What keys become on kustomize's way through JSON.

use std::borrow::Cow;

use super::super::scalar::{Typed, UNTYPED, resolve};
use super::super::{Entry, Node, Style};
use super::printed_binary;
use super::reread::check_key;

/// What go-yaml says of a merge key before a scalar.
const MERGE_OF_TEXT: &str =
    "key `<<` is taken for a merge key: map merge requires map or sequence of maps as the value";

/// The text of an entry's key; `None` for an entry that gets lost.
///
/// The keys of the object itself are read as text, whatever they look like; keys further inside must be strings. A key that
/// nobody wrote is written as `''`, and read as a string.
///
/// # Errors
/// Keys that are not strings, and those that cannot be read again.
pub(super) fn text(entry: &Entry, is_top: bool) -> Result<Option<Cow<'_, str>>, String> {
    let key = &entry.key;
    let Some(scalar) = key.as_scalar() else { return Err("invalid map key".to_owned()) };
    let text = &*scalar.text;
    // A quoted `<<`: kustomize's last reading takes it for a merge key and loses what it holds. What kustomize makes has no
    // quotes, and so is one at once.
    if text == "<<" {
        return match key.tag.as_deref() {
            Some(UNTYPED) if entry.value.as_scalar().is_some() => Err(MERGE_OF_TEXT.to_owned()),
            _ => Ok(None),
        };
    }
    check_key(text)?;
    let tag = tag(key);
    if text.is_empty() && scalar.style == Style::Plain && tag.is_none() {
        return Ok(Some(Cow::Borrowed("")));
    }
    match (resolve(key)?, tag) {
        (Typed::Null, Some(_)) if text.is_empty() && is_top => Ok(None),
        (Typed::Null, _) => Err(format!("key `{text}` is not a string: it is null")),
        (_, Some("binary")) if is_top => Ok(printed_binary(key)?.map(|text| Cow::Owned(text.into()))),
        _ if is_top => Ok(Some(Cow::Borrowed(text))),
        (Typed::String, None | Some("str")) => Ok(Some(Cow::Borrowed(text))),
        _ => Err(format!("key `{text}` is not a string")),
    }
}

/// The tag of a node that says something, of the core types their short names.
fn tag(node: &Node) -> Option<&str> {
    let tag = node.tag.as_deref().filter(|tag| !matches!(*tag, "!" | UNTYPED))?;
    Some(tag.strip_prefix("tag:yaml.org,2002:").unwrap_or(tag))
}

//! What becomes of scalars in brackets: kustomize writes all of a collection in brackets in brackets, and reads that again.

use super::super::scalar::{Typed, UNTYPED, is_kept_tag, resolve};
use super::super::{Node, Style};

/// The type of a scalar after kustomize has written it, in brackets or outside, and read it again.
///
/// # Errors
/// As [`resolve`].
pub fn resolve_written(node: &Node, in_flow: bool) -> Result<Typed, String> {
    let typed = resolve(node)?;
    let becomes_text = in_flow
        && match typed {
            Typed::Null => is_absent(node),
            Typed::Timestamp(_) => has_colon(node),
            _ => false,
        };
    Ok(if becomes_text { Typed::String } else { typed })
}

/// Whether nothing at all stands for the value: inside of brackets kustomize writes that as an empty text.
pub fn is_absent(value: &Node) -> bool {
    is_plain(value) && value.text() == Some("")
}

/// Inside of brackets a colon does not stand without quotes, and what is in quotes is a text.
fn has_colon(value: &Node) -> bool {
    is_plain(value) && value.text().is_some_and(|text| text.contains(':'))
}

/// Whether it is written without quotes and without a tag.
fn is_plain(value: &Node) -> bool {
    value.as_scalar().is_some_and(|scalar| scalar.style == Style::Plain)
        && value.tag.as_deref().is_none_or(|tag| tag == "!" || tag == UNTYPED || is_kept_tag(tag))
}

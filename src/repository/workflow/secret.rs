//! Which secrets a workflow uses.

use smol_str::SmolStr;

use super::value::Values;
use crate::yaml::{Node, Span};

/// A use of a secret. `github.token` is `GITHUB_TOKEN`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretUse {
    pub name: SmolStr,
    /// The expression's `secrets.NAME`.
    pub place: Span,
}

const TOKEN: &str = "github.token";

/// All uses below a node, in the order of the file.
pub(super) fn uses(values: Values<'_>, node: &Node) -> Vec<SecretUse> {
    let scalars = node.scalars().filter(|scalar| {
        let text = scalar.text().unwrap_or_default();
        text.contains("secrets") || text.contains(TOKEN)
    });
    scalars.flat_map(|scalar| in_text(values, scalar)).collect()
}

fn in_text(values: Values<'_>, scalar: &Node) -> Vec<SecretUse> {
    let text = scalar.text().unwrap_or_default();
    let snippet = values.snippet(scalar);
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-' || c == '.';
    let is_whole = |at: usize| !text.get(..at).unwrap_or_default().ends_with(is_part);
    let mut found: Vec<(usize, SecretUse)> = Vec::new();
    for (at, _) in text.match_indices("secrets").filter(|(at, _)| is_whole(*at)) {
        let rest = text.get(at + "secrets".len()..).unwrap_or_default();
        let before = match rest.as_bytes() {
            [b'.', ..] => 1,
            [b'[', b'\'' | b'"', ..] => 2,
            _ => continue,
        };
        let name = rest.get(before..).unwrap_or_default();
        let length = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(name.len());
        if let Some(name) = name.get(..length).filter(|name| !name.is_empty()) {
            let place = snippet.span(at..at + "secrets".len() + before + length);
            found.push((at, SecretUse { name: name.into(), place }));
        }
    }
    let tokens = text.match_indices(TOKEN).filter(|(at, _)| is_whole(*at));
    found.extend(
        tokens
            .map(|(at, _)| (at, SecretUse { name: "GITHUB_TOKEN".into(), place: snippet.span(at..at + TOKEN.len()) })),
    );
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, used)| used).collect()
}

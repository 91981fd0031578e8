//! What of a value is written: its tag, its quotes, and the `?` before a long key.

use super::super::Style;
use super::mark::is_tag_character;
use super::scalar::Looks;
use crate::branch::{Branch, CORE, Content, name_of};

/// Keys that are longer come after a `?`.
const MAX_KEY: usize = 128;

/// The tag and the quotes that a value should get.
pub(super) struct Written {
    pub(super) tag: String,
    pub(super) style: Style,
}

/// A tag is written where a person wrote it, and where the looks of the value say something else.
pub(super) fn written(branch: &Branch) -> Written {
    let tag = branch.tag.to_string();
    let name = tag.strip_prefix(CORE).unwrap_or_default();
    let Content::Scalar { text, style } = &branch.content else {
        let is_usual =
            matches!((name, &branch.content), ("seq", Content::Sequence { .. }) | ("map", Content::Mapping { .. }));
        let tag = if is_usual && !branch.is_tagged { String::new() } else { tag };
        return Written { tag, style: Style::Plain };
    };
    let is_known = !tag.is_empty() && !branch.is_tagged;
    let fits = name == name_of(text) || name == "str" && *style != Style::Plain;
    let needs_quotes = is_known && !fits && name == "str";
    let style = match style {
        Style::Plain if text.contains('\n') => Style::Literal,
        Style::Plain if needs_quotes => Style::DoubleQuoted,
        style => *style,
    };
    Written { tag: if is_known && (fits || needs_quotes) { String::new() } else { tag }, style }
}

/// A tag as it is written: `!!int`, `!foo`, `!<tag:example.org,2000:foo>`.
pub(super) fn tag(tag: &str) -> String {
    let (before, rest, behind) = match (tag.strip_prefix('!'), tag.strip_prefix(CORE)) {
        (Some(rest), _) => ("!", rest, ""),
        (_, Some(rest)) => ("!!", rest, ""),
        _ => ("!<", tag, ">"),
    };
    let mut written = before.to_owned();
    for byte in rest.bytes() {
        if is_tag_character(byte) {
            written.push(char::from(byte));
        } else {
            written.push_str(&format!("%{byte:02X}"));
        }
    }
    written + behind
}

/// Whether a key needs no `?`.
pub(super) fn is_simple(key: &Branch) -> bool {
    let length = match &key.content {
        Content::Alias(name) => return name.len() <= MAX_KEY,
        Content::Scalar { text, .. } if Looks::of(text).has_breaks => return false,
        Content::Scalar { text, .. } => text.len(),
        Content::Sequence { items, .. } if items.is_empty() => 0,
        Content::Mapping { entries, .. } if entries.is_empty() => 0,
        Content::Sequence { .. } | Content::Mapping { .. } => return false,
    };
    let tag = written(key).tag;
    let tag = tag.strip_prefix(CORE).map_or(tag.len(), |name| name.len() + 2);
    length + key.anchor.as_ref().map_or(0, |anchor| anchor.len()) + tag <= MAX_KEY
}

//! Values whose keys say that they are secret, wherever they are: passwords in the values of a chart, tokens in a template.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::{Mask, range_of};
use crate::credentials::says_secret;
use crate::yaml::{Entry, Node};

/// A line with a key and a value, also in a text and in a comment.
static LINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?m)(?:^|[\s{,])["']?([A-Za-z][A-Za-z0-9_.-]*)["']?[ \t]*[:=][ \t]*("[^"\n]*"|'[^'\n]*'|[^\s"'{\[|>&!#,}][^\s,}]*)"#).ok()
});

impl Mask<'_> {
    /// The value of an entry, if its key, or the name beside it, says that it is secret.
    pub(super) fn named(&mut self, entry: &Entry, holder: &Node) {
        let key = entry.key.text().unwrap_or_default();
        let field = |name: &str| holder.get(name).and_then(Node::text).unwrap_or_default();
        let named = match key {
            "value" if holder.get("name").is_some() => field("name"),
            "value" => field("path").rsplit('/').next().unwrap_or_default(),
            _ => key,
        };
        let value = entry.value.text().unwrap_or_default();
        if says_secret(named, value) {
            self.ranges.extend(range_of(&entry.value));
        }
    }
}

/// The values in lines whose keys say that they are secret: for texts in texts, and what cannot be parsed.
pub(super) fn lines(text: &str, ranges: &mut Vec<Range<usize>>) {
    let found = LINE.iter().flat_map(|pattern| pattern.captures_iter(text));
    let secret = found.filter_map(|found| {
        let (key, value) = (found.get(1)?, found.get(2)?);
        let inner = value.as_str().trim_matches(['"', '\'']);
        says_secret(key.as_str(), inner).then(|| value.range())
    });
    ranges.extend(secret);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_texts_are_read() {
        let text = "a: |\n  password: 'x y'\n  # token: abc\n  user = me\n  API_KEY=abc\n  name: b\n";
        let mut ranges = Vec::new();
        lines(text, &mut ranges);
        let shown: Vec<&str> = ranges.into_iter().map(|range| &text[range]).collect();
        assert_eq!(shown, ["'x y'", "abc", "abc"]);
    }
}

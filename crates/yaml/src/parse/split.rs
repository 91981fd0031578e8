//! Where the documents of a file start, as kustomize's reader cuts it.

use std::ops::Range;

/// A part of a file that is parsed on its own.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// The `---` line before it, without its line break.
    pub(super) separator: Option<Range<usize>>,
    pub(super) text: Range<usize>,
}

/// The parts of a text between its `---` lines. A line that starts so separates whatever it is part of; one that is the
/// first of the text, or has no line break, does not, nor does one directly after another.
pub(super) fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let (mut separator, mut start, mut from) = (None, 0, 0);
    while let Some(line) = text.get(from..).and_then(|rest| rest.find("\n---")).map(|index| from + index + 1) {
        let Some(end) = text.get(line..).and_then(|rest| rest.find('\n')).map(|index| line + index) else { break };
        parts.push(Part { separator, text: start..line });
        separator = Some(line..end);
        (start, from) = (end + 1, end + 1);
    }
    parts.push(Part { separator, text: start..text.len() });
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        parts(text).into_iter().map(|part| &text[part.text]).collect()
    }

    #[test]
    fn lines_of_dashes_cut() {
        assert_eq!(cut("---\na\n--- # x\nb\n---\n---\nc\n---"), ["---\na\n", "b\n", "---\nc\n---"]);
    }
}

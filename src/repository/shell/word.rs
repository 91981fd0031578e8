//! Words and commands of a shell, as they are written.

use std::ops::Range;

use super::super::written::Unread;

/// A word without its quotes; variables as they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Word {
    pub text: String,
    pub unread: Vec<Unread>,
    /// Its bytes in the snippet, quotes included.
    pub range: Range<usize>,
    /// A part of it is in quotes, or escaped: it is no keyword of the shell.
    pub is_quoted: bool,
}

impl Word {
    /// Whether it is this text and nothing else.
    pub(in super::super) fn is(&self, text: &str) -> bool {
        self.unread.is_empty() && self.text == text
    }

    /// The part after the first `=`, with its place; `source` is the text of the snippet.
    pub(in super::super) fn after_equals(&self, source: &str) -> Option<Self> {
        let (_, text) = self.text.split_once('=')?;
        let raw = source.get(self.range.clone())?;
        let start = self.range.start + raw.find('=')? + 1;
        let range = unquoted(source, start..self.range.end.max(start));
        Some(Self { text: text.to_owned(), unread: self.unread.clone(), range, is_quoted: self.is_quoted })
    }

    /// Its bytes without the quotes around them.
    pub(in super::super) fn inside(&self, source: &str) -> Range<usize> {
        unquoted(source, self.range.clone())
    }
}

/// A range without the quotes at its ends, or the one at its end that was opened before it.
fn unquoted(source: &str, range: Range<usize>) -> Range<usize> {
    let raw = source.get(range.clone()).unwrap_or_default();
    for quote in ['"', '\''] {
        let Some(inner) = raw.strip_suffix(quote) else { continue };
        return match inner.strip_prefix(quote) {
            Some(inner) if !inner.contains(quote) => range.start + 1..range.end - 1,
            None if !inner.contains(quote) => range.start..range.end - 1,
            _ => range,
        };
    }
    range
}

/// A simple command: a program with its arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct ShellCommand {
    /// Without assignments and keywords before it, and without redirections.
    pub words: Vec<Word>,
    /// The assignments before it, or without a command: `NAME=value`.
    pub assignments: Vec<Word>,
    /// It is a condition (`if`, `while`, `!`, `&&`, `||`): where it fails, the script goes on.
    pub is_condition: bool,
    /// Its output goes to the next command of the list.
    pub is_piped: bool,
}

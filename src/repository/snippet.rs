//! A piece of a file that is read as a text of its own: a block of code in Markdown, the `run` of a step, a script.

use std::borrow::Cow;
use std::ops::Range;

use crate::source::FileId;
use crate::yaml::{Span, embedded};

/// A text, and where its bytes are in the file.
#[derive(Debug)]
pub(super) struct Snippet<'a> {
    pub text: Cow<'a, str>,
    file: FileId,
    places: Places,
}

#[derive(Debug)]
enum Places {
    /// Where lines of the text begin, and where they are in the file, which may have other line ends.
    Lines(Vec<(usize, Range<usize>)>),
    /// A scalar of a YAML file.
    Scalar(Box<embedded::Places>),
}

impl<'a> Snippet<'a> {
    /// All of a file.
    pub(super) fn whole(text: &'a str, file: FileId) -> Self {
        Self { text: Cow::Borrowed(text), file, places: Places::Lines(vec![(0, 0..text.len())]) }
    }

    /// Lines of a file without what is before them; each with its place.
    pub(super) fn of_lines(source: &str, lines: &[Range<usize>], file: FileId) -> Self {
        let (mut text, mut places) = (String::new(), Vec::with_capacity(lines.len()));
        for line in lines {
            places.push((text.len(), line.clone()));
            text.push_str(source.get(line.clone()).unwrap_or_default());
            text.push('\n');
        }
        Self { text: Cow::Owned(text), file, places: Places::Lines(places) }
    }

    /// The text of a scalar.
    pub(super) fn of_scalar(text: &'a str, places: embedded::Places, file: FileId) -> Self {
        Self { text: Cow::Borrowed(text), file, places: Places::Scalar(Box::new(places)) }
    }

    /// Where bytes of the text are in the file; what spans lines reaches from the first to the last of them.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        match &self.places {
            Places::Lines(lines) => {
                let start = outer(lines, range.start, 0);
                let last = range.end.checked_sub(1).filter(|&last| last >= range.start);
                let end = last.map_or(start, |last| outer(lines, last, 1));
                Span { file: self.file, start: clamped(start), end: clamped(end.max(start)) }
            }
            Places::Scalar(places) => {
                let whole = || places.whole().unwrap_or(Span { file: self.file, start: 0, end: 0 });
                places.span(range).unwrap_or_else(whole)
            }
        }
    }
}

/// The place of a byte, or with `more` the one so many bytes after it. The end of a line counts to the line.
fn outer(lines: &[(usize, Range<usize>)], inner: usize, more: usize) -> usize {
    let index = lines.partition_point(|(start, _)| *start <= inner).saturating_sub(1);
    lines.get(index).map_or(inner, |(start, line)| (line.start + (inner - start.min(&inner)) + more).min(line.end))
}

fn clamped(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

//! The lines of a file around some places, as miette reads source code.
//!
//! An excerpt is a text of its own: hidden characters replaced, Secrets masked, long lines cut, only the lines that are
//! shown. It maps its offsets back to the file's lines and columns, so that a report costs what it shows, not its file.

use std::collections::BTreeMap;
use std::ops::Range;

use miette::{LabeledSpan, MietteError, SourceCode, SourceSpan, SpanContents};

use super::escape::visible;
use crate::source::File;
use crate::yaml::Span;

/// Something to be marked in an excerpt.
pub(super) struct Label {
    pub span: Span,
    pub text: Option<String>,
    pub is_primary: bool,
}

/// How excerpts look.
#[derive(Clone, Copy)]
pub(super) struct ExcerptStyle {
    /// Lines shown around each label.
    pub context: usize,
    /// Longer lines are cut.
    pub width: usize,
    pub unicode: bool,
}

/// A part of a file, ready to be shown.
#[derive(Debug)]
pub(super) struct Excerpt {
    name: String,
    text: String,
    lines: Vec<Line>,
    pub labels: Vec<LabeledSpan>,
}

/// A line of an excerpt.
#[derive(Debug)]
struct Line {
    /// From 0, as in the file.
    number: usize,
    /// Where it starts in the excerpt's text.
    start: usize,
    /// The column of its first character in the file, from 0.
    column: usize,
}

/// A label on its line, in characters; of several lines, on the first one.
struct Mark<'a> {
    columns: Range<usize>,
    label: &'a Label,
}

impl Excerpt {
    /// The lines around labels that all are in this file.
    pub(super) fn new(
        file: &File,
        name: String,
        labels: &[Label],
        masked: &[Range<usize>],
        look: ExcerptStyle,
    ) -> Self {
        let mut excerpt = Self { name, text: String::new(), lines: Vec::new(), labels: Vec::new() };
        let mut shown: BTreeMap<usize, Vec<Mark<'_>>> = BTreeMap::new();
        for label in labels {
            let (start, end) = (file.position(label.span.start), file.position(label.span.end));
            let end = if end.line == start.line { end.column - 1 } else { usize::MAX };
            let line = start.line - 1;
            for near in line.saturating_sub(look.context)..=line + look.context {
                shown.entry(near).or_default();
            }
            shown.entry(line).or_default().push(Mark { columns: start.column - 1..end, label });
        }
        for (number, marks) in shown {
            if let Some(line) = line_range(file, number)
                .filter(|line| !line.is_empty() || !marks.is_empty() || number + 1 < file.line_starts().len())
            {
                excerpt.push(number, &masked_line(file, line, masked), &marks, look);
            }
        }
        excerpt
    }

    fn push(&mut self, number: usize, line: &str, marks: &[Mark<'_>], look: ExcerptStyle) {
        let line: Vec<char> = visible_line(line, look.unicode).chars().collect();
        let first = marks.iter().map(|mark| mark.columns.start).min().unwrap_or_default();
        let cut = if first + look.width / 3 < look.width { 0 } else { first - look.width / 3 };
        let shown = cut_line(&line, cut..cut + look.width, look.unicode);
        let start = self.text.len();
        let offset =
            |column: usize| start + shown.chars().take(column.saturating_sub(cut)).map(char::len_utf8).sum::<usize>();
        for Mark { columns, label } in marks {
            let (from, to) = (offset(columns.start), offset(columns.end.max(columns.start)));
            self.labels.push(match label.is_primary {
                true => LabeledSpan::new_primary_with_span(label.text.clone(), (from, to - from)),
                false => LabeledSpan::new_with_span(label.text.clone(), (from, to - from)),
            });
        }
        self.lines.push(Line { number, start, column: cut });
        self.text.push_str(&shown);
        self.text.push('\n');
    }

    /// The lines around an index that follow each other in the file.
    fn window(&self, index: usize) -> Range<usize> {
        let follows = |left: usize| self.lines[left].number + 1 == self.lines[left + 1].number;
        let start = (0..index).rev().take_while(|&left| follows(left)).last().unwrap_or(index);
        let end = (index..self.lines.len() - 1).take_while(|&left| follows(left)).last().map_or(index, |left| left + 1);
        start..end + 1
    }
}

/// The characters of a line in a range; where it is cut, the outermost one is a mark.
fn cut_line(line: &[char], range: Range<usize>, unicode: bool) -> String {
    let mark = if unicode { '…' } else { '~' };
    let is_cut = |at: usize| (at == range.start && at > 0) || (at + 1 == range.end && range.end < line.len());
    let shown = line.iter().enumerate().skip(range.start).take(range.len());
    shown.map(|(at, c)| if is_cut(at) { mark } else { *c }).collect()
}

/// The bytes of a line without its end; `None` after the last one.
fn line_range(file: &File, number: usize) -> Option<Range<usize>> {
    let starts = file.line_starts();
    let start = *starts.get(number)? as usize;
    let end = starts.get(number + 1).map_or(file.counted().len(), |&next| next as usize - 1);
    let has_return = end > start && starts.len() > number + 1 && file.counted().get(end - 1) == Some(&b'\r');
    Some(start..if has_return { end - 1 } else { end })
}

fn masked_line(file: &File, line: Range<usize>, masked: &[Range<usize>]) -> String {
    let start = line.start;
    let text = String::from_utf8_lossy(file.counted().get(line.clone()).unwrap_or_default());
    let masked: Vec<&Range<usize>> =
        masked.iter().filter(|range| range.start < line.end && range.end > start).collect();
    if masked.is_empty() {
        return text.into_owned();
    }
    let is_masked = |at: usize| masked.iter().any(|range| range.contains(&(start + at)));
    text.char_indices().map(|(at, c)| if is_masked(at) && !c.is_whitespace() { '*' } else { c }).collect()
}

/// Tabs stay: miette knows how wide they are.
fn visible_line(line: &str, unicode: bool) -> String {
    line.split('\t').map(|part| visible(part, unicode)).collect::<Vec<_>>().join("\t")
}

impl SourceCode for Excerpt {
    /// Without context lines, miette asks for the place of a label only; with them, for what is to be shown around it.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let index = self.lines.partition_point(|line| line.start <= span.offset()).saturating_sub(1);
        let line = self.lines.get(index).ok_or(MietteError::OutOfBounds)?;
        if before == 0 {
            let text = self.text.get(line.start..span.offset()).ok_or(MietteError::OutOfBounds)?;
            let column = line.column + text.chars().count();
            return Ok(self.contents(span.offset()..span.offset(), line.number, column, 1));
        }
        let window = self.window(index);
        let first = self.lines.get(window.start).ok_or(MietteError::OutOfBounds)?;
        let end = self.lines.get(window.end).map_or(self.text.len(), |line| line.start);
        Ok(self.contents(first.start..end, first.number, 0, window.len()))
    }
}

impl Excerpt {
    fn contents(
        &self,
        range: Range<usize>,
        line: usize,
        column: usize,
        lines: usize,
    ) -> Box<dyn SpanContents<'_> + '_> {
        let data = self.text.get(range.clone()).unwrap_or_default().as_bytes();
        let span = SourceSpan::from((range.start, range.len()));
        Box::new(miette::MietteSpanContents::new_named(self.name.clone(), data, span, line, column, lines))
    }
}

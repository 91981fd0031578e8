//! Markdown as far as facts are in it: headings, sentences, items, rows of tables, and code with its place in the file.
//!
//! The blocks are those of CommonMark 0.31 with GitHub's tables. Every line is looked at once per container around it, of
//! which there are at most [`container::MAX_DEPTH`].

mod container;
mod inline;
mod line;

pub(super) use inline::{codes, plain};

use std::ops::Range;

use container::Containers;
use line::{Fence, closes, fence, heading_level, is_rule, is_underline, without_indent};

/// A part of a page, in the order of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// A heading with its level, from 1.
    Heading(usize, Prose),
    /// A paragraph, or the paragraph at the beginning of an item.
    Paragraph { prose: Prose, is_item: bool },
    /// A row of a table, or what looks like one.
    Row(Prose),
    /// A block of code: the first word after its fence, and its lines without what is before them.
    Code { language: String, lines: Vec<Range<usize>> },
}

/// Lines of prose, without indentation and markers.
pub(super) type Prose = Vec<Range<usize>>;

/// The blocks of a page.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut reader = Reader { text, ..Reader::default() };
    let mut start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    for line in text.get(start..).unwrap_or_default().split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        reader.line(start..start + content.len());
        start += line.len();
    }
    reader.end_code();
    reader.end_paragraph();
    reader.blocks
}

/// What is open at a line.
#[derive(Default)]
struct Reader<'a> {
    text: &'a str,
    blocks: Vec<Block>,
    containers: Containers,
    paragraph: Prose,
    is_item: bool,
    code: Option<OpenCode>,
    /// In a comment of HTML, which nobody reads.
    is_in_comment: bool,
}

/// A block of code that is not at its end yet.
struct OpenCode {
    /// `None` for one that is only indented.
    fence: Option<Fence>,
    /// How many containers it is in.
    depth: usize,
    lines: Vec<Range<usize>>,
}

impl Reader<'_> {
    fn line(&mut self, all: Range<usize>) {
        if self.is_in_comment {
            self.is_in_comment = !self.text.get(all).unwrap_or_default().contains("-->");
            return;
        }
        let (matched, rest) = self.containers.enter(self.text, all);
        if self.code.is_some() && self.code_line(matched, rest.clone()) {
            return;
        }
        let lazy = !self.paragraph.is_empty();
        let opened = self.containers.open(self.text, matched, rest, lazy);
        if opened.is_changed {
            self.end_paragraph();
        }
        self.is_item |= opened.is_item;
        self.content(opened.rest);
    }

    /// A line while code is open; `false` if it ends the code and is something else.
    fn code_line(&mut self, matched: usize, rest: Range<usize>) -> bool {
        let Some(code) = &mut self.code else { return false };
        let content = self.text.get(rest.clone()).unwrap_or_default();
        if matched < code.depth {
            self.end_code();
            return false;
        }
        match &code.fence {
            Some(fence) if closes(content, fence) => self.end_code(),
            Some(fence) => {
                let indent = fence.indent;
                code.lines.push(without_indent(self.text, rest, indent));
            }
            None if content.trim().is_empty() || line::indent(content) >= 4 => {
                code.lines.push(without_indent(self.text, rest, 4));
            }
            None => {
                self.end_code();
                return false;
            }
        }
        true
    }

    /// A line that is in no code, without what its containers have before it.
    fn content(&mut self, rest: Range<usize>) {
        let content = self.text.get(rest.clone()).unwrap_or_default();
        let trimmed = content.trim();
        if trimmed.is_empty() {
            return self.end_paragraph();
        }
        if line::indent(content) >= 4 && self.paragraph.is_empty() {
            self.is_item = false;
            return self.open_code(None, vec![without_indent(self.text, rest, 4)]);
        }
        if let Some(fence) = fence(content) {
            self.end_paragraph();
            return self.open_code(Some(fence), Vec::new());
        }
        if trimmed.starts_with("<!--") {
            self.end_paragraph();
            self.is_in_comment = !trimmed.contains("-->");
            return;
        }
        let start = rest.start + (content.len() - content.trim_start().len());
        let range = start..start + trimmed.len();
        match heading_level(trimmed) {
            Some(level) => {
                self.end_paragraph();
                self.blocks.push(Block::Heading(level, vec![range]));
            }
            None if is_underline(trimmed) && !self.paragraph.is_empty() && !self.is_item => {
                let level = if trimmed.starts_with('=') { 1 } else { 2 };
                let prose = std::mem::take(&mut self.paragraph);
                self.blocks.push(Block::Heading(level, prose));
            }
            None if is_rule(trimmed) => self.end_paragraph(),
            None if trimmed.starts_with('|') => {
                self.end_paragraph();
                self.blocks.push(Block::Row(vec![range]));
            }
            None => self.paragraph.push(range),
        }
    }

    fn open_code(&mut self, fence: Option<Fence>, lines: Vec<Range<usize>>) {
        self.code = Some(OpenCode { fence, depth: self.containers.depth(), lines });
    }

    fn end_code(&mut self) {
        let Some(mut code) = self.code.take() else { return };
        if code.fence.is_none() {
            let is_blank = |line: &Range<usize>| self.text.get(line.clone()).unwrap_or_default().trim().is_empty();
            while code.lines.last().is_some_and(is_blank) {
                code.lines.pop();
            }
        }
        let language = code.fence.map(|fence| fence.language).unwrap_or_default();
        self.blocks.push(Block::Code { language, lines: code.lines });
    }

    fn end_paragraph(&mut self) {
        let is_item = std::mem::take(&mut self.is_item);
        if !self.paragraph.is_empty() {
            self.blocks.push(Block::Paragraph { prose: std::mem::take(&mut self.paragraph), is_item });
        }
    }
}

//! Events to trees: aliases expanded, spans completed.

use std::collections::HashMap;

use smol_str::{SmolStr, format_smolstr};
use yaml_rust2::parser::{Event, Tag};
use yaml_rust2::scanner::TScalarStyle;

use super::cursor::Cursor;
use super::extent::{alias_end, header_comment, scalar_end};
use super::{MAX_DEPTH, entries, explain, problem, span};
use crate::problem::{Problem, ProblemKind};
use crate::source::FileId;
use crate::yaml::{Document, Mapping, Node, Origin, Scalar, Style, Value};

/// Builds the documents of one parse.
pub(super) struct Builder<'a> {
    source: &'a str,
    /// Where `source` starts in the file.
    base: usize,
    file: FileId,
    pub(super) cursor: Cursor<'a>,
    open: Vec<Open>,
    root: Option<Node>,
    anchors: HashMap<usize, Node>,
    /// Nodes that anchors and aliases may still add.
    copies_left: usize,
    duplicates: Vec<Problem>,
    document_start: usize,
}

/// A collection whose end has not come yet.
struct Open {
    anchor: usize,
    tag: Option<SmolStr>,
    start: usize,
    flow: bool,
    is_mapping: bool,
    children: Vec<Node>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(source: &'a str, base: usize, file: FileId, copies_left: usize) -> Self {
        let (open, duplicates, anchors) = (Vec::new(), Vec::new(), HashMap::new());
        let cursor = Cursor::new(source);
        Self { source, base, file, cursor, open, root: None, anchors, copies_left, duplicates, document_start: 0 }
    }

    /// Takes an event that starts at a byte offset of the source; returns a document when one is complete.
    pub(super) fn event(&mut self, event: Event, at: usize) -> Result<Option<Document>, Problem> {
        match event {
            Event::DocumentStart => self.start_document(at),
            Event::DocumentEnd => return Ok(Some(self.end_document(at))),
            Event::Scalar(text, style, anchor, tag) => self.scalar(text, style, anchor, tag, at)?,
            Event::SequenceStart(anchor, tag) => self.start_sequence(anchor, tag, at)?,
            Event::MappingStart(anchor, tag) => self.start_mapping(anchor, tag, at)?,
            Event::SequenceEnd | Event::MappingEnd => self.end(at)?,
            Event::Alias(anchor) => self.alias(anchor, at)?,
            Event::Nothing | Event::StreamStart | Event::StreamEnd => {}
        }
        if let Some(tab) = self.cursor.tab.take() {
            return Err(problem(explain::tab_at(tab), self.base, self.file));
        }
        Ok(None)
    }

    /// How many nodes anchors and aliases may still add after this document.
    pub(super) fn copies_left(&self) -> usize {
        self.copies_left
    }

    /// How far the events went, for the explanation of an error.
    pub(super) fn understood(&self) -> explain::Understood {
        let bracket = self.open.iter().rev().find(|open| open.flow).map(|open| open.start);
        explain::Understood { end: self.cursor.at(), bracket }
    }

    fn start_document(&mut self, at: usize) {
        // Without `---` the mark is that of the first token, which for a block scalar is behind its header.
        if self.source[at..].starts_with("---") {
            self.cursor.walk(at);
        }
        self.document_start = self.cursor.at();
        self.anchors.clear();
    }

    fn end_document(&mut self, at: usize) -> Document {
        self.cursor.walk(at);
        let root = self.root.take().filter(|root| !is_empty(root));
        let range = self.base + self.document_start..self.base + at.max(self.document_start);
        Document { root, span: span(self.file, range), duplicate_keys: std::mem::take(&mut self.duplicates) }
    }

    fn scalar(
        &mut self,
        text: String,
        style: TScalarStyle,
        anchor: usize,
        tag: Option<Tag>,
        at: usize,
    ) -> Result<(), Problem> {
        let tag = resolved(tag);
        if style == TScalarStyle::Plain && text.is_empty() {
            self.absent(anchor, tag, at);
            return Ok(());
        }
        let is_block = matches!(style, TScalarStyle::Literal | TScalarStyle::Folded);
        let header = is_block.then(|| self.cursor.find(at + 1, |token| matches!(token.first, b'|' | b'>'))).flatten();
        let start = header.unwrap_or(at);
        let end = scalar_end(self.source, start, at, &text, style);
        if style == TScalarStyle::DoubleQuoted && escapes_slash(&self.source[start..end]) {
            return Err(self
                .refuse(start, "`\\/` is no escape that kustomize and Flux accept".to_owned())
                .help("write `/`"));
        }
        self.cursor.jump(start, end, style == TScalarStyle::Plain);
        if is_block {
            let comment = header_comment(self.source, start);
            self.cursor.comments.extend(comment);
        }
        let text = self.without_added_break(text, style, end);
        let value = Value::Scalar(Scalar { text: text.into(), style: style_of(style) });
        self.add(Node { value, tag, origin: self.origin(start, end) }, anchor, at)
    }

    /// A value that nobody wrote: it stands right behind the indicator that asks for it.
    fn absent(&mut self, anchor: usize, tag: Option<SmolStr>, at: usize) {
        let has_properties = anchor != 0 || tag.is_some();
        let indicators: &[u8] = match self.open.last() {
            Some(open) if open.is_mapping && open.children.len() % 2 == 1 => b":",
            Some(open) if open.is_mapping => b"?",
            Some(open) if !open.flow => b"-",
            _ => b"",
        };
        let end = self.cursor.absent(at + 1, indicators, has_properties);
        let value = Value::Scalar(Scalar { text: SmolStr::default(), style: Style::Plain });
        let node = Node { value, tag, origin: self.origin(end, end) };
        // An absent value costs nothing to copy.
        let _ = self.add(node, anchor, at);
    }

    /// A block scalar that the end of the file cuts off has no final line break for Go's parser, but one for ours.
    fn without_added_break(&self, mut text: String, style: TScalarStyle, end: usize) -> String {
        let is_block = matches!(style, TScalarStyle::Literal | TScalarStyle::Folded);
        let is_empty_at_end = text == "\n" && self.source[end..].trim_end_matches('\r') == "\n";
        if is_block && (end == self.source.len() || is_empty_at_end) && text.ends_with('\n') {
            text.pop();
        }
        text
    }

    /// yaml-rust2 marks a block sequence below a key behind its first `- `, so that `[` there can be its item: only the
    /// dashes tell the two apart.
    fn start_sequence(&mut self, anchor: usize, tag: Option<Tag>, at: usize) -> Result<(), Problem> {
        let parent = self.open.last();
        let in_flow = parent.is_some_and(|open| open.flow);
        let from = parent.map_or(0, |open| open.start);
        let mut others = usize::from(parent.is_some_and(|open| !open.is_mapping));
        let dash = (!in_flow).then(|| {
            self.cursor.find(at + 1, |token| {
                let is_dash = token.first == b'-' && token.start >= from;
                let is_own = is_dash && others == 0;
                others -= usize::from(is_dash && !is_own);
                is_own
            })
        });
        let dash = dash.flatten();
        self.start(anchor, tag, dash.unwrap_or(at), dash.is_none(), false)
    }

    fn start_mapping(&mut self, anchor: usize, tag: Option<Tag>, at: usize) -> Result<(), Problem> {
        let flow = self.source.as_bytes().get(at) == Some(&b'{');
        self.start(anchor, tag, at, flow, true)
    }

    fn start(
        &mut self,
        anchor: usize,
        tag: Option<Tag>,
        start: usize,
        flow: bool,
        is_mapping: bool,
    ) -> Result<(), Problem> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self
                .refuse(start, format!("this is nested more than {MAX_DEPTH} levels deep"))
                .help("nest less deep"));
        }
        self.open.push(Open { anchor, tag: resolved(tag), start, flow, is_mapping, children: Vec::new() });
        Ok(())
    }

    fn end(&mut self, at: usize) -> Result<(), Problem> {
        let Some(mut open) = self.open.pop() else { return Ok(()) };
        // The mark of a mapping without braces is its first `:`, behind the key.
        if let Some(key) = open.children.first().filter(|_| open.is_mapping).and_then(|key| key.origin.span) {
            let key = (key.start as usize).saturating_sub(self.base);
            open.flow &= key > open.start;
            open.start = if open.flow { open.start } else { key.min(open.start) };
        }
        if open.flow {
            self.cursor.close();
        }
        // `a: {{ .b }}` is a mapping with a mapping for a key, which nobody means.
        let is_template = open.flow && self.source[open.start..].starts_with("{{");
        if is_template && open.children.first().is_some_and(|key| key.as_mapping().is_some()) {
            return Err(problem(explain::template_at(self.source, open.start), self.base, self.file));
        }
        let end = self.cursor.at().max(open.start);
        let value = match open.is_mapping {
            true => Value::Mapping(Mapping {
                entries: entries::of(open.children, &mut self.duplicates)?.into(),
                flow: open.flow,
            }),
            false => Value::Sequence(open.children.into()),
        };
        let node = Node { value, tag: open.tag, origin: self.origin(open.start, end) };
        self.add(node, open.anchor, at)
    }

    fn alias(&mut self, anchor: usize, at: usize) -> Result<(), Problem> {
        let end = alias_end(self.source, at);
        self.cursor.jump(at, end, false);
        let Some(node) = self.anchors.get(&anchor) else {
            return Err(problem(explain::open_anchor(self.source, at..end), self.base, self.file));
        };
        if self.open.len() + node.depth() > MAX_DEPTH {
            let message = format!("this alias nests more than {MAX_DEPTH} levels deep");
            return Err(self.refuse(at, message).help("nest less deep"));
        }
        let node = node.clone();
        self.spend(node.size(), at)?;
        self.add(node, 0, at)
    }

    fn add(&mut self, node: Node, anchor: usize, at: usize) -> Result<(), Problem> {
        if anchor != 0 {
            self.spend(node.size(), at)?;
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut() {
            Some(open) => open.children.push(node),
            None => self.root = Some(node),
        }
        Ok(())
    }

    /// Counts copies of nodes: a few lines of aliases can stand for more than memory holds.
    fn spend(&mut self, nodes: usize, at: usize) -> Result<(), Problem> {
        let Some(left) = self.copies_left.checked_sub(nodes) else {
            return Err(self
                .refuse(at, "the aliases of this file expand to too many values".to_owned())
                .help("use fewer aliases"));
        };
        self.copies_left = left;
        Ok(())
    }

    fn origin(&self, start: usize, end: usize) -> Origin {
        Origin::at(span(self.file, self.base + start..self.base + end))
    }

    fn refuse(&self, at: usize, message: String) -> Problem {
        Problem::new(ProblemKind::YamlSyntax, message, self.origin(at, at + 1).span)
    }
}

/// Whether a double-quoted text holds the escape `\/`, which JSON knows and go-yaml does not.
fn escapes_slash(quoted: &str) -> bool {
    let mut chars = quoted.chars();
    while let Some(c) = chars.next() {
        if c == '\\' && chars.next() == Some('/') {
            return true;
        }
    }
    false
}

fn style_of(style: TScalarStyle) -> Style {
    match style {
        TScalarStyle::Plain => Style::Plain,
        TScalarStyle::SingleQuoted => Style::SingleQuoted,
        TScalarStyle::DoubleQuoted => Style::DoubleQuoted,
        TScalarStyle::Literal => Style::Literal,
        TScalarStyle::Folded => Style::Folded,
    }
}

fn is_empty(node: &Node) -> bool {
    node.as_scalar().is_some_and(|scalar| scalar.text.is_empty() && scalar.style == Style::Plain && node.tag.is_none())
}

fn resolved(tag: Option<Tag>) -> Option<SmolStr> {
    tag.map(|tag| format_smolstr!("{}{}", tag.handle, tag.suffix))
}

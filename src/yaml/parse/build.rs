//! Events to trees: aliases expanded, merge keys merged, duplicate keys found.

use std::collections::{HashMap, HashSet};

use smol_str::{SmolStr, format_smolstr};
use yaml_rust2::parser::{Event, Tag};
use yaml_rust2::scanner::TScalarStyle;

use super::extent::{block_start, scalar_end};
use super::{MAX_ALIAS_NODES, MAX_DEPTH, span};
use crate::problem::{Problem, ProblemKind};
use crate::source::FileId;
use crate::yaml::{Document, Entry, Mapping, Node, Origin, Scalar, Style, Value};

/// Builds the documents of one parse.
pub(super) struct Builder<'a> {
    source: &'a str,
    /// Where `source` starts in the file.
    base: usize,
    file: FileId,
    open: Vec<Open>,
    root: Option<Node>,
    anchors: HashMap<usize, Node>,
    alias_nodes: usize,
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
    pub(super) fn new(source: &'a str, base: usize, file: FileId) -> Self {
        let (open, duplicates) = (Vec::new(), Vec::new());
        let anchors = HashMap::new();
        Self { source, base, file, open, root: None, anchors, alias_nodes: 0, duplicates, document_start: 0 }
    }

    /// Takes an event that starts at a byte offset of the source; returns a document when one is complete.
    pub(super) fn event(&mut self, event: Event, at: usize) -> Result<Option<Document>, Problem> {
        match event {
            Event::DocumentStart => self.start_document(at),
            Event::DocumentEnd => return Ok(Some(self.end_document(at))),
            Event::Scalar(text, style, anchor, tag) => self.scalar(text, style, anchor, tag, at)?,
            Event::SequenceStart(anchor, tag) => self.start(false, anchor, tag, at)?,
            Event::MappingStart(anchor, tag) => self.start(true, anchor, tag, at)?,
            Event::SequenceEnd | Event::MappingEnd => self.end(at),
            Event::Alias(anchor) => self.alias(anchor, at)?,
            Event::Nothing | Event::StreamStart | Event::StreamEnd => {}
        }
        Ok(None)
    }

    fn start_document(&mut self, at: usize) {
        self.document_start = at;
        self.anchors.clear();
        self.alias_nodes = 0;
    }

    fn end_document(&mut self, at: usize) -> Document {
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
        // An absent value arrives as `~`, which nobody wrote.
        let absent =
            style == TScalarStyle::Plain && text == "~" && !self.source[at.min(self.source.len())..].starts_with('~');
        let text = if absent { String::new() } else { text };
        let is_block = matches!(style, TScalarStyle::Literal | TScalarStyle::Folded);
        let at = if is_block { block_start(self.source, at) } else { at };
        let end = if absent { at } else { scalar_end(self.source, at, &text, style) };
        if style == TScalarStyle::DoubleQuoted && escapes_slash(&self.source[at..end]) {
            return Err(self.refuse(at, "`\\/` is no escape that kustomize and Flux accept".to_owned()));
        }
        let text = self.without_added_break(text, style, end);
        let style = match style {
            TScalarStyle::SingleQuoted => Style::SingleQuoted,
            TScalarStyle::DoubleQuoted => Style::DoubleQuoted,
            TScalarStyle::Literal => Style::Literal,
            TScalarStyle::Folded => Style::Folded,
            _ => Style::Plain,
        };
        let value = Value::Scalar(Scalar { text: text.into(), style });
        let node = Node { value, tag: resolved(tag), origin: self.origin(at, end) };
        self.add(node, anchor);
        Ok(())
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

    fn start(&mut self, is_mapping: bool, anchor: usize, tag: Option<Tag>, at: usize) -> Result<(), Problem> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.refuse(at, format!("this is nested more than {MAX_DEPTH} levels deep")));
        }
        let flow = self.source[at.min(self.source.len())..].starts_with(['{', '[']);
        self.open.push(Open { anchor, tag: resolved(tag), start: at, flow, is_mapping, children: Vec::new() });
        Ok(())
    }

    fn end(&mut self, at: usize) {
        let Some(open) = self.open.pop() else { return };
        let last = open.children.last().and_then(|node| node.origin.span).map(|span| span.end as usize - self.base);
        let end = if open.flow { (at + 1).min(self.source.len()) } else { last.unwrap_or(open.start).max(open.start) };
        let value = match open.is_mapping {
            true => Value::Mapping(Mapping { entries: self.entries(open.children), flow: open.flow }),
            false => Value::Sequence(open.children),
        };
        let node = Node { value, tag: open.tag, origin: self.origin(open.start, end) };
        self.add(node, open.anchor);
    }

    /// Pairs keys with values. Of a key that stands twice the last value wins, and the second key is a problem.
    fn entries(&mut self, children: Vec<Node>) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::with_capacity(children.len() / 2);
        let mut merges = Vec::new();
        let mut seen: HashMap<SmolStr, usize> = HashMap::new();
        let mut children = children.into_iter();
        while let (Some(key), Some(value)) = (children.next(), children.next()) {
            if is_merge_key(&key) {
                merges.push(value);
                continue;
            }
            let Some(name) = key.text().map(SmolStr::from) else {
                entries.push(Entry { key, value });
                continue;
            };
            match seen.get(&name) {
                Some(&index) => {
                    self.duplicates.push(duplicate(&name, &key, &entries[index]));
                    entries[index] = Entry { key, value };
                }
                None => {
                    seen.insert(name, entries.len());
                    entries.push(Entry { key, value });
                }
            }
        }
        merges.into_iter().for_each(|merged| merge(&mut entries, merged));
        entries
    }

    fn alias(&mut self, anchor: usize, at: usize) -> Result<(), Problem> {
        let Some(node) = self.anchors.get(&anchor).cloned() else {
            return Err(self.refuse(at, "this alias has no anchor before it in the document".to_owned()));
        };
        self.alias_nodes += count(&node);
        if self.alias_nodes > MAX_ALIAS_NODES {
            return Err(self.refuse(at, format!("aliases expand to more than {MAX_ALIAS_NODES} values")));
        }
        if self.open.len() + depth(&node) > MAX_DEPTH {
            return Err(self.refuse(at, format!("this alias nests more than {MAX_DEPTH} levels deep")));
        }
        self.add(node, 0);
        Ok(())
    }

    fn add(&mut self, node: Node, anchor: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut() {
            Some(open) => open.children.push(node),
            None => self.root = Some(node),
        }
    }

    fn origin(&self, start: usize, end: usize) -> Origin {
        Origin::at(span(self.file, self.base + start..self.base + end))
    }

    fn refuse(&self, at: usize, message: String) -> Problem {
        Problem::new(ProblemKind::YamlSyntax, message, self.origin(at, at + 1).span)
    }
}

/// Adds what a merge key brings; keys that are there stay.
fn merge(entries: &mut Vec<Entry>, merged: Node) {
    match merged.value {
        Value::Mapping(mapping) => {
            let there: HashSet<SmolStr> =
                entries.iter().filter_map(|entry| entry.key.text()).map(SmolStr::from).collect();
            let new = mapping.entries.into_iter();
            entries.extend(new.filter(|entry| entry.key.text().is_none_or(|key| !there.contains(key))));
        }
        Value::Sequence(items) => items.into_iter().for_each(|item| merge(entries, item)),
        Value::Scalar(_) => {}
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

fn is_merge_key(key: &Node) -> bool {
    key.as_scalar().is_some_and(|scalar| scalar.text == "<<" && scalar.style == Style::Plain)
}

fn duplicate(name: &str, key: &Node, first: &Entry) -> Problem {
    Problem::new(ProblemKind::YamlSyntax, format!("key `{name}` stands twice in this mapping"), key.origin.span)
        .help("remove one of the two")
        .related(first.key.origin.span, "it stands here first")
}

fn is_empty(node: &Node) -> bool {
    node.as_scalar().is_some_and(|scalar| scalar.text.is_empty() && scalar.style == Style::Plain && node.tag.is_none())
}

fn resolved(tag: Option<Tag>) -> Option<SmolStr> {
    tag.map(|tag| format_smolstr!("{}{}", tag.handle, tag.suffix))
}

/// The nodes of a tree; trees are at most [`MAX_DEPTH`] deep.
fn count(node: &Node) -> usize {
    1 + match &node.value {
        Value::Scalar(_) => 0,
        Value::Sequence(items) => items.iter().map(count).sum(),
        Value::Mapping(mapping) => mapping.entries.iter().map(|entry| count(&entry.key) + count(&entry.value)).sum(),
    }
}

fn depth(node: &Node) -> usize {
    1 + match &node.value {
        Value::Scalar(_) => 0,
        Value::Sequence(items) => items.iter().map(depth).max().unwrap_or(0),
        Value::Mapping(mapping) => mapping.entries.iter().map(|entry| depth(&entry.value)).max().unwrap_or(0),
    }
}

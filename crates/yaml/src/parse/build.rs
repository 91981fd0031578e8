//! Events to trees: aliases expanded, each value with its span.

use std::collections::HashMap;
use std::ops::Range;

use smol_str::SmolStr;

use super::entries::Names;
use super::grammar::{Event, Grammar, Properties};
use super::scan::Failure;
use super::{MAX_DEPTH, entries, explain, problem, span};
use crate::problem::{Problem, ProblemKind};
use crate::{Document, Mapping, Node, Origin, Scalar, Sequence, Style, Value};
use fleetlint_source::FileId;

/// So many bytes of text weigh as much as a node where an alias copies them.
const TEXT: usize = 64;

/// Builds the document of a part.
pub(super) struct Builder<'a> {
    source: &'a str,
    /// Where `source` starts in the file.
    base: usize,
    file: FileId,
    open: Vec<Open>,
    /// What the open collections hold so far, the innermost one's last: room that all collections use in turn, so that each
    /// gets a vector of its size when it ends.
    children: Vec<Node>,
    root: Option<Node>,
    anchors: HashMap<SmolStr, Anchor>,
    /// Nodes that anchors and aliases may still add.
    copies_left: usize,
    duplicates: entries::Duplicates,
    names: &'a mut Names,
    document_start: usize,
}

/// A collection whose end has not come yet.
struct Open {
    properties: Properties,
    /// Where it starts; a collection without brackets starts with its first child.
    start: Option<usize>,
    has_brackets: bool,
    flow: bool,
    is_mapping: bool,
    /// Where its children start among those of all open collections.
    first: usize,
}

/// What an anchor names.
enum Anchor {
    Done(Node),
    /// A collection that is still open, by its depth.
    Open(usize),
}

impl<'a> Builder<'a> {
    pub(super) fn new(source: &'a str, base: usize, file: FileId, copies_left: usize, names: &'a mut Names) -> Self {
        let (open, children, anchors) = (Vec::new(), Vec::new(), HashMap::new());
        let duplicates = entries::Duplicates::default();
        Self {
            source,
            base,
            file,
            open,
            children,
            root: None,
            anchors,
            copies_left,
            duplicates,
            names,
            document_start: 0,
        }
    }

    /// Keeps all entries of a key that stands more than once.
    pub(super) fn with_all_keys(mut self) -> Self {
        self.duplicates.are_kept = true;
        self
    }

    /// Takes an event; returns the document when it is complete.
    pub(super) fn event(&mut self, event: Event) -> Result<Option<Document>, Problem> {
        match event {
            Event::DocumentStart(at) => self.document_start = at.unwrap_or(0),
            Event::DocumentEnd(at) => return Ok(Some(self.end_document(at))),
            Event::Scalar(properties, text, style, at) => self.scalar(properties, text, style, at)?,
            Event::SequenceStart(properties, start, flow) => self.start(properties, Some(start), flow, false)?,
            Event::MappingStart(properties, start, flow) => self.start(properties, start, flow, true)?,
            Event::End(at) => self.end(at)?,
            Event::Alias(name, at) => self.alias(&name, at)?,
            Event::StreamEnd => {}
        }
        Ok(None)
    }

    /// How many nodes anchors and aliases may still add after this document.
    pub(super) fn copies_left(&self) -> usize {
        self.copies_left
    }

    /// The problem that a failure is.
    pub(super) fn failure(&self, grammar: &Grammar, failure: Failure) -> Problem {
        let bracket = self.open.iter().rev().find(|open| open.has_brackets).and_then(|open| open.start);
        let quoted = grammar.scanner.quoted.iter().rev().find(|&&(_, end)| end <= failure.at).copied();
        let short_line = grammar.scanner.short_line;
        let understood = explain::Understood { end: grammar.end(), bracket, quoted, short_line };
        problem(explain::cause(self.source, understood, failure), self.base, self.file)
    }

    fn end_document(&mut self, at: usize) -> Document {
        let root = self.root.take().filter(|root| !is_empty(root));
        let range = self.base + self.document_start..self.base + at.max(self.document_start);
        let duplicate_keys = entries::of_one_cause(std::mem::take(&mut self.duplicates.problems), root.as_ref());
        Document { root, with_all_keys: None, span: span(self.file, range), duplicate_keys, unread: None }
    }

    /// A text that ends a document and keeps its line breaks (`|+`) gets one more when kustomize writes the comment lines
    /// after it.
    pub(super) fn keep_break(&self, document: &mut Document, last_comment: usize) {
        let Some(last) = document.root.as_mut().and_then(last_value) else { return };
        let end = last.origin.span.map_or(usize::MAX, |span| span.end as usize);
        let Value::Scalar(scalar) = &mut last.value else { return };
        let is_block = matches!(scalar.style, Style::Literal | Style::Folded);
        let keeps = scalar.text == "\n" || scalar.text.ends_with("\n\n");
        let before = self.source[..last_comment].trim_end_matches([' ', '\t']);
        if is_block && keeps && self.base + last_comment >= end && before.ends_with(['\n', '\r', '\u{85}']) {
            scalar.text = format!("{}\n", scalar.text).into();
        }
    }

    fn scalar(&mut self, properties: Properties, text: SmolStr, style: Style, at: Range<usize>) -> Result<(), Problem> {
        let start = at.start;
        // What is absent between brackets is written as `''`, and so becomes a text (yaml-output-semantics section 2).
        let is_absent = at.is_empty() && properties.tag.as_deref().is_none_or(|tag| tag == "!");
        let is_item = self.open.last().is_some_and(|open| open.flow && !open.is_mapping);
        let style = if is_absent && is_item { Style::SingleQuoted } else { style };
        let value = Value::Scalar(Scalar { text: text.into(), style });
        let node = Node { value, tag: properties.tag, origin: self.origin(at) };
        self.name(properties.anchor, &node, start)?;
        self.add(node, start);
        Ok(())
    }

    fn start(
        &mut self,
        properties: Properties,
        start: Option<usize>,
        flow: bool,
        is_mapping: bool,
    ) -> Result<(), Problem> {
        if self.open.len() >= MAX_DEPTH {
            let message = format!("this is nested more than {MAX_DEPTH} levels deep");
            let at = start.or(self.open.last().and_then(|open| open.start)).unwrap_or_default();
            return Err(self.refuse(at, message).help("reduce the nesting"));
        }
        if let Some(anchor) = &properties.anchor {
            self.anchors.insert(anchor.clone(), Anchor::Open(self.open.len()));
        }
        let has_brackets = flow && start.is_some();
        let first = self.children.len();
        self.open.push(Open { properties, start, has_brackets, flow, is_mapping, first });
        Ok(())
    }

    fn end(&mut self, end: usize) -> Result<(), Problem> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let start = open.start.unwrap_or(end);
        // `a: {{ .b }}` is a mapping with a mapping for a key, which nobody means.
        let is_template = open.has_brackets && self.source[start..].starts_with("{{");
        if is_template && self.children.get(open.first).is_some_and(|key| key.as_mapping().is_some()) {
            return Err(problem(explain::template_at(self.source, start), self.base, self.file));
        }
        let children = self.children.drain(open.first..);
        let value = match open.is_mapping {
            true => Value::Mapping(Mapping {
                entries: entries::of(children, &mut self.duplicates, self.names)?.into(),
                flow: open.flow,
            }),
            false => Value::Sequence(Sequence { items: children.collect(), flow: open.flow }),
        };
        let node = Node { value, tag: open.properties.tag, origin: self.origin(start..end.max(start)) };
        // The anchor may name another value by now.
        let is_own =
            |name: &SmolStr| matches!(self.anchors.get(name), Some(&Anchor::Open(at)) if at == self.open.len());
        let anchor = open.properties.anchor.filter(is_own);
        self.name(anchor, &node, start)?;
        self.add(node, start);
        Ok(())
    }

    fn alias(&mut self, name: &str, at: Range<usize>) -> Result<(), Problem> {
        let node = match self.anchors.get(name) {
            Some(Anchor::Done(node)) => node,
            Some(&Anchor::Open(depth)) if self.merges_itself(depth) => {
                let nothing = Node::mapping(Vec::new(), self.origin(at.clone()));
                self.add(nothing, at.start);
                return Ok(());
            }
            Some(Anchor::Open(_)) => {
                return Err(problem(explain::open_anchor(self.source, at), self.base, self.file));
            }
            None => {
                let cause = explain::unknown_anchor(self.source, at);
                return Err(problem(cause, self.base, self.file));
            }
        };
        if self.open.len() + node.depth() > MAX_DEPTH {
            let message = format!("this alias nests more than {MAX_DEPTH} levels deep");
            return Err(self.refuse(at.start, message).help("reduce the nesting"));
        }
        let node = node.clone();
        let text: usize = node.scalars().map(|scalar| scalar.text().unwrap_or_default().len()).sum();
        self.spend(node.size() + text / TEXT, at.start)?;
        self.add(node, at.start);
        Ok(())
    }

    /// Whether the next value is what the innermost mapping merges, and that mapping has the anchor: this adds nothing.
    fn merges_itself(&self, depth: usize) -> bool {
        let innermost = self.open.last().filter(|open| open.is_mapping && depth + 1 == self.open.len());
        let is_value = |open: &&Open| (self.children.len() - open.first) % 2 == 1;
        innermost.filter(is_value).and_then(|_| self.children.last()).is_some_and(entries::is_merge_key)
    }

    /// Remembers what an anchor names.
    fn name(&mut self, anchor: Option<SmolStr>, node: &Node, at: usize) -> Result<(), Problem> {
        let Some(anchor) = anchor else { return Ok(()) };
        self.spend(node.size(), at)?;
        self.anchors.insert(anchor, Anchor::Done(node.clone()));
        Ok(())
    }

    /// Adds a value that starts at an offset to the innermost collection.
    fn add(&mut self, node: Node, start: usize) {
        match self.open.last_mut() {
            Some(open) => {
                open.start.get_or_insert(start);
                self.children.push(node);
            }
            None => self.root = Some(node),
        }
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

    fn origin(&self, at: Range<usize>) -> Origin {
        Origin::at(span(self.file, self.base + at.start..self.base + at.end))
    }

    fn refuse(&self, at: usize, message: String) -> Problem {
        let place = explain::character(self.source, at);
        Problem::new(ProblemKind::YamlSyntax, message, self.origin(place).span)
    }
}

/// The scalar that a tree ends with.
fn last_value(node: &mut Node) -> Option<&mut Node> {
    if node.as_scalar().is_some() {
        return Some(node);
    }
    match &mut node.value {
        Value::Scalar(_) => None,
        Value::Sequence(items) => last_value(items.last_mut()?),
        Value::Mapping(mapping) => last_value(&mut mapping.entries.last_mut()?.value),
    }
}

fn is_empty(node: &Node) -> bool {
    node.as_scalar().is_some_and(|scalar| scalar.text.is_empty() && scalar.style == Style::Plain && node.tag.is_none())
}

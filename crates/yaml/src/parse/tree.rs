//! Events to a tree that can be written again: with comments, styles, anchors and aliases, nothing expanded or merged.

use std::collections::HashSet;

use smol_str::SmolStr;

use super::grammar::{Event, Grammar, Properties};
use super::{BYTE_ORDER_MARK, Dialect, MAX_DEPTH, refused_character};
use crate::branch::{Branch, Content, Tree};

/// Reads the first document of a text as go-yaml v3 reads it into nodes; `None` for a text without one, and for one that is
/// no YAML.
pub(crate) fn tree(text: &str) -> Option<Tree> {
    let source = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    if refused_character(source).is_some() {
        return None;
    }
    let mut reader = Reader { grammar: Grammar::new(source, Dialect::V3).with_comments(), anchors: HashSet::new() };
    let Event::DocumentStart(_) = reader.next()? else { return None };
    let header = reader.grammar.comments().head;
    let event = reader.next()?;
    let root = reader.branch(event, 0)?;
    let Event::DocumentEnd(_) = reader.next()? else { return None };
    let footer = reader.grammar.comments().foot;
    Some(Tree { root, header, footer })
}

struct Reader<'a> {
    grammar: Grammar<'a>,
    anchors: HashSet<SmolStr>,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<Event> {
        self.grammar.next().ok()
    }

    /// The value that an event starts.
    fn branch(&mut self, event: Event, depth: usize) -> Option<Branch> {
        if depth > MAX_DEPTH {
            return None;
        }
        let comments = self.grammar.comments();
        let (content, properties) = match event {
            Event::Alias(name, _) if self.anchors.contains(&name) => (Content::Alias(name), Properties::default()),
            Event::Scalar(properties, text, style, _) => {
                (Content::Scalar { text: text.as_str().into(), style }, properties)
            }
            Event::SequenceStart(properties, _, flow) => (Content::Sequence { items: Vec::new(), flow }, properties),
            Event::MappingStart(properties, _, flow) => (Content::Mapping { entries: Vec::new(), flow }, properties),
            _ => return None,
        };
        self.anchors.extend(properties.anchor.clone());
        let mut branch = Branch::new(content, properties.tag);
        (branch.anchor, branch.comments) = (properties.anchor, comments);
        match &mut branch.content {
            Content::Sequence { items, .. } => {
                while let Some(item) = self.child(depth)? {
                    items.push(item);
                }
            }
            Content::Mapping { entries, flow } => self.entries(entries, *flow, depth)?,
            Content::Scalar { .. } | Content::Alias(_) => return Some(branch),
        }
        self.end(&mut branch);
        Some(branch)
    }

    /// The next value of a collection; `None` inside at its end.
    fn child(&mut self, depth: usize) -> Option<Option<Branch>> {
        match self.next()? {
            Event::End(_) => Some(None),
            event => self.branch(event, depth + 1).map(Some),
        }
    }

    /// A comment below a value is one below its key; one below a key belongs to the key before.
    fn entries(&mut self, entries: &mut Vec<(Branch, Branch)>, flow: bool, depth: usize) -> Option<()> {
        while let Some(mut key) = self.child(depth)? {
            if let Some((before, _)) = entries.last_mut().filter(|_| !flow && !key.comments.foot.is_empty()) {
                before.comments.foot = std::mem::take(&mut key.comments.foot);
            }
            let mut value = self.child(depth)??;
            if key.comments.foot.is_empty() {
                key.comments.foot = std::mem::take(&mut value.comments.foot);
            }
            entries.push((key, value));
        }
        Some(())
    }

    /// The comments at the end of a collection.
    fn end(&mut self, branch: &mut Branch) {
        let end = self.grammar.comments();
        (branch.comments.line, branch.comments.foot) = (end.line, end.foot);
        if let Content::Mapping { entries, flow: false } = &mut branch.content
            && let Some((last, _)) = entries.last_mut().filter(|_| !branch.comments.foot.is_empty())
        {
            last.comments.foot = std::mem::take(&mut branch.comments.foot);
        }
    }
}

//! A tree as text, with its comments: each waits until what it belongs to is written.

use super::emitter::{Emitter, Waiting, replace};
use super::scalar::Looks;
use super::written::{is_simple, tag, written};
use crate::branch::{Branch, Content, Tree};

const INDENT: usize = 2;

/// The text of a document.
pub(super) fn document(tree: &Tree) -> String {
    let mut emitter = Emitter::new();
    replace(&mut emitter.waiting.head, &tree.header);
    if !tree.header.is_empty() {
        emitter.head_comment();
        emitter.out.line_break('\n');
    }
    emitter.announce(&tree.root, "");
    emitter.head_comment();
    emitter.value(&tree.root, Context::Root);
    replace(&mut emitter.waiting.foot, &tree.footer);
    emitter.out.foot_indent = Some(0);
    emitter.foot_comment();
    emitter.out.foot_indent = None;
    emitter.out.indent();
    emitter.out.text
}

/// What a value is in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Root,
    /// An item of a list without brackets.
    BlockItem,
    FlowItem,
    Key,
    /// After a `?`.
    LongKey,
    Value,
}

impl Emitter {
    /// Writes a value, and after its first token the comments that wait.
    fn value(&mut self, branch: &Branch, context: Context) {
        self.start(branch, context);
        self.line_comment();
        self.foot_comment();
        self.rest(branch, context);
    }

    /// A scalar, or what is before a collection.
    fn start(&mut self, branch: &Branch, context: Context) {
        if let Content::Alias(name) = &branch.content {
            self.out.word(&format!("*{name}"));
            return;
        }
        if let Some(anchor) = &branch.anchor {
            self.out.word(&format!("&{anchor}"));
        }
        let written = written(branch);
        if !written.tag.is_empty() {
            self.out.word(&tag(&written.tag));
        }
        if let Content::Scalar { text, .. } = &branch.content {
            let around = self.out.indent;
            self.indent_deeper(context, true, false);
            let style = Looks::of(text).style(written.style, text, self.flow > 0, context == Context::Key);
            self.out.scalar(text, style, &mut self.waiting.line);
            self.out.indent = around;
        }
    }

    /// What a collection holds.
    fn rest(&mut self, branch: &Branch, context: Context) {
        let around = self.out.indent;
        let flows = self.flow > 0 || branch.flows();
        match &branch.content {
            Content::Sequence { items, .. } if flows => self.flow_items(branch, items, context),
            Content::Sequence { items, .. } => self.block_items(branch, items, context),
            Content::Mapping { entries, .. } if flows => self.flow_entries(branch, entries, context),
            Content::Mapping { entries, .. } => self.block_entries(branch, entries, context),
            Content::Scalar { .. } | Content::Alias(_) => {}
        }
        self.out.indent = around;
    }

    fn block_items(&mut self, branch: &Branch, items: &[Branch], context: Context) {
        let is_value = matches!(context, Context::Key | Context::LongKey | Context::Value);
        let is_compact = is_value && (self.out.column == 0 || !self.out.is_indentation);
        self.indent_deeper(context, false, is_compact);
        for item in items {
            self.announce(item, "");
            self.head_comment();
            self.out.indent();
            self.out.block_indicator("-");
            self.value(item, Context::BlockItem);
        }
        self.announce_end(branch, "");
    }

    fn block_entries(&mut self, branch: &Branch, entries: &[(Branch, Branch)], context: Context) {
        self.indent_deeper(context, false, false);
        let mut tail = "";
        for (key, value) in entries {
            self.announce_key(key, tail);
            self.head_comment();
            self.out.indent();
            if !self.waiting.line.is_empty() {
                self.waiting.key_line = std::mem::take(&mut self.waiting.line);
            }
            let is_simple = is_simple(key);
            if is_simple {
                self.key(key, Context::Key);
            } else {
                self.out.block_indicator("?");
                self.key(key, Context::LongKey);
            }
            self.announce(value, "");
            if is_simple {
                self.out.piece(":");
            } else {
                self.out.indent();
                self.out.block_indicator(":");
            }
            self.key_comment(value);
            self.value(value, Context::Value);
            tail = &key.comments.foot;
        }
        self.announce_end(branch, tail);
        self.head_comment();
    }

    fn flow_items(&mut self, branch: &Branch, items: &[Branch], context: Context) {
        let around = self.open("[", context);
        let mut has_comma = true;
        for item in items {
            self.announce(item, "");
            self.separate(&mut has_comma);
            self.head_comment();
            if self.out.column == 0 {
                self.out.indent();
            }
            has_comma = self.flow_value(item, Context::FlowItem);
        }
        self.announce_end(branch, "");
        self.close(around);
        if self.out.column == 0 {
            self.out.indent();
        }
        self.out.piece("]");
        self.line_comment();
        self.foot_comment();
    }

    fn flow_entries(&mut self, branch: &Branch, entries: &[(Branch, Branch)], context: Context) {
        let around = self.open("{", context);
        let (mut has_comma, mut tail) = (true, "");
        for (key, value) in entries {
            self.announce_key(key, tail);
            self.separate(&mut has_comma);
            self.head_comment();
            if self.out.column == 0 {
                self.out.indent();
            }
            let is_simple = is_simple(key);
            if is_simple {
                self.key(key, Context::Key);
            } else {
                self.out.word("?");
                self.key(key, Context::LongKey);
            }
            self.announce(value, "");
            if is_simple {
                self.out.piece(":")
            } else {
                self.out.word(":")
            }
            has_comma = self.flow_value(value, Context::Value);
            tail = &key.comments.foot;
        }
        self.announce_end(branch, tail);
        let waiting = &self.waiting;
        if !waiting.head.is_empty() || !waiting.foot.is_empty() || !waiting.tail.is_empty() {
            self.separate(&mut has_comma);
        }
        self.head_comment();
        self.close(around);
        self.out.piece("}");
        self.line_comment();
        self.foot_comment();
    }

    /// A value between brackets: its comma is before its comment. Says whether it has one.
    fn flow_value(&mut self, value: &Branch, context: Context) -> bool {
        let waits =
            |waiting: &Waiting| !(waiting.line.is_empty() && waiting.foot.is_empty() && waiting.tail.is_empty());
        let has_comma = waits(&self.waiting);
        self.start(value, context);
        if waits(&self.waiting) {
            self.out.piece(",");
        }
        self.line_comment();
        self.foot_comment();
        self.rest(value, context);
        has_comma
    }

    /// The comma after the value before, unless there is one.
    fn separate(&mut self, has_comma: &mut bool) {
        if !std::mem::replace(has_comma, true) {
            self.out.piece(",");
        }
    }

    /// Opens a bracket; gives the indentation around it.
    fn open(&mut self, bracket: &str, context: Context) -> Option<usize> {
        let around = self.out.indent;
        self.out.opening(bracket);
        self.indent_deeper(context, true, false);
        self.flow += 1;
        around
    }

    fn close(&mut self, around: Option<usize>) {
        self.flow -= 1;
        self.out.indent = around;
    }

    fn key(&mut self, key: &Branch, context: Context) {
        self.start(key, context);
        self.rest(key, context);
    }

    /// Indents what follows; the dashes of a compact list are in the column of its key.
    fn indent_deeper(&mut self, context: Context, flow: bool, is_compact: bool) {
        let deeper = match self.out.indent {
            None if flow => INDENT,
            None => 0,
            Some(indent) if context == Context::BlockItem => indent + INDENT,
            Some(indent) => INDENT * (indent / INDENT + usize::from(!is_compact)),
        };
        self.out.indent = Some(deeper);
    }
}

//! A tree as text, with its comments: each waits until what it belongs to is written.

use super::super::Style;
use super::Tree;
use super::mark::is_tag_character;
use super::output::Output;
use super::scalar::Looks;
use super::tree::{Branch, CORE, Content, name_of};

const INDENT: usize = 2;

/// Keys that are longer stand behind a `?`.
const MAX_KEY: usize = 128;

/// The text of a document.
pub(super) fn document(tree: &Tree) -> String {
    let mut emitter = Emitter { out: Output::new(), flow: 0, waiting: Waiting::default() };
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

/// Comments that are not written yet.
#[derive(Default)]
struct Waiting {
    head: String,
    line: String,
    foot: String,
    /// Below the value before, written before the next key.
    tail: String,
    /// Behind a key whose value is not written yet.
    key_line: String,
}

/// What a value stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Root,
    /// An item of a list without brackets.
    BlockItem,
    FlowItem,
    Key,
    /// Behind a `?`.
    LongKey,
    Value,
}

struct Emitter {
    out: Output,
    /// How many brackets are open.
    flow: usize,
    waiting: Waiting,
}

impl Emitter {
    /// Lets the comments of a value wait; `tail` stands below the value before a key.
    fn announce(&mut self, branch: &Branch, tail: &str) {
        let comments = &branch.comments;
        replace(&mut self.waiting.head, &comments.head);
        match branch.content {
            Content::Scalar { .. } => {
                replace(&mut self.waiting.line, &comments.line);
                replace(&mut self.waiting.foot, &comments.foot);
                replace(&mut self.waiting.tail, tail);
            }
            Content::Alias(_) => {
                replace(&mut self.waiting.line, &comments.line);
                replace(&mut self.waiting.foot, &comments.foot);
            }
            Content::Mapping { .. } => replace(&mut self.waiting.tail, tail),
            Content::Sequence { .. } => {}
        }
    }

    /// Lets the comments at the end of a collection wait.
    fn announce_end(&mut self, branch: &Branch, tail: &str) {
        replace(&mut self.waiting.line, &branch.comments.line);
        replace(&mut self.waiting.foot, &branch.comments.foot);
        replace(&mut self.waiting.tail, tail);
    }

    /// Writes a value, and behind its first token the comments that wait.
    fn value(&mut self, branch: &Branch, context: Context) {
        self.start(branch, context);
        self.line_comment();
        self.foot_comment();
        self.rest(branch, context);
    }

    /// A scalar, or what stands before a collection.
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

    /// A comment behind a key goes behind the scalar that follows, or before the lines of the block.
    fn key_comment(&mut self, value: &Branch) {
        if self.waiting.key_line.is_empty() {
            return;
        }
        let flow = match &value.content {
            Content::Scalar { .. } => {
                if self.waiting.line.is_empty() {
                    self.waiting.line = std::mem::take(&mut self.waiting.key_line);
                }
                return;
            }
            Content::Alias(_) => return,
            Content::Sequence { flow, .. } | Content::Mapping { flow, .. } => *flow,
        };
        if !flow {
            let line = std::mem::replace(&mut self.waiting.line, std::mem::take(&mut self.waiting.key_line));
            self.line_comment();
            self.waiting.line = line;
        }
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

    /// A value between brackets: its comma stands before its comment. Says whether it has one.
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

    /// The comma behind the value before, unless there is one.
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

    /// What stands below a key is written before the next one.
    fn announce_key(&mut self, key: &Branch, tail: &str) {
        if key.comments.foot.is_empty() {
            self.announce(key, tail);
        } else {
            let mut key = key.clone();
            key.comments.foot.clear();
            self.announce(&key, tail);
        }
    }

    fn key(&mut self, key: &Branch, context: Context) {
        self.start(key, context);
        self.rest(key, context);
    }

    /// Indents what follows; the dashes of a compact list stand in the column of its key.
    fn indent_deeper(&mut self, context: Context, flow: bool, is_compact: bool) {
        let deeper = match self.out.indent {
            None if flow => INDENT,
            None => 0,
            Some(indent) if context == Context::BlockItem => indent + INDENT,
            Some(indent) => INDENT * (indent / INDENT + usize::from(!is_compact)),
        };
        self.out.indent = Some(deeper);
    }

    fn head_comment(&mut self) {
        if !self.waiting.tail.is_empty() {
            self.out.indent();
            self.out.comment(&std::mem::take(&mut self.waiting.tail));
            self.out.foot_indent = Some(self.out.indent.unwrap_or(0));
        }
        if !self.waiting.head.is_empty() {
            self.out.indent();
            self.out.comment(&std::mem::take(&mut self.waiting.head));
        }
    }

    fn line_comment(&mut self) {
        if !self.waiting.line.is_empty() {
            self.out.blank();
            self.out.comment(&std::mem::take(&mut self.waiting.line));
        }
    }

    fn foot_comment(&mut self) {
        if !self.waiting.foot.is_empty() {
            self.out.indent();
            self.out.comment(&std::mem::take(&mut self.waiting.foot));
            self.out.foot_indent = Some(self.out.indent.unwrap_or(0));
        }
    }
}

fn replace(waiting: &mut String, comment: &str) {
    if !comment.is_empty() {
        comment.clone_into(waiting);
    }
}

/// The tag and the quotes that a value should get.
struct Written {
    tag: String,
    style: Style,
}

/// A tag is written where a person wrote it, and where the looks of the value say something else.
fn written(branch: &Branch) -> Written {
    let tag = branch.tag.to_string();
    let name = tag.strip_prefix(CORE).unwrap_or_default();
    let Content::Scalar { text, style } = &branch.content else {
        let is_usual =
            matches!((name, &branch.content), ("seq", Content::Sequence { .. }) | ("map", Content::Mapping { .. }));
        let tag = if is_usual && !branch.is_tagged { String::new() } else { tag };
        return Written { tag, style: Style::Plain };
    };
    let is_known = !tag.is_empty() && !branch.is_tagged;
    let fits = name == name_of(text) || name == "str" && *style != Style::Plain;
    let needs_quotes = is_known && !fits && name == "str";
    let style = match style {
        Style::Plain if text.contains('\n') => Style::Literal,
        Style::Plain if needs_quotes => Style::DoubleQuoted,
        style => *style,
    };
    Written { tag: if is_known && (fits || needs_quotes) { String::new() } else { tag }, style }
}

/// A tag as it is written: `!!int`, `!foo`, `!<tag:example.org,2000:foo>`.
fn tag(tag: &str) -> String {
    let (before, rest, behind) = match (tag.strip_prefix('!'), tag.strip_prefix(CORE)) {
        (Some(rest), _) => ("!", rest, ""),
        (_, Some(rest)) => ("!!", rest, ""),
        _ => ("!<", tag, ">"),
    };
    let mut written = before.to_owned();
    for byte in rest.bytes() {
        if is_tag_character(byte) {
            written.push(char::from(byte));
        } else {
            written.push_str(&format!("%{byte:02X}"));
        }
    }
    written + behind
}

/// Whether a key needs no `?`.
fn is_simple(key: &Branch) -> bool {
    let length = match &key.content {
        Content::Alias(name) => return name.len() <= MAX_KEY,
        Content::Scalar { text, .. } if Looks::of(text).has_breaks => return false,
        Content::Scalar { text, .. } => text.len(),
        Content::Sequence { items, .. } if items.is_empty() => 0,
        Content::Mapping { entries, .. } if entries.is_empty() => 0,
        Content::Sequence { .. } | Content::Mapping { .. } => return false,
    };
    let tag = written(key).tag;
    let tag = tag.strip_prefix(CORE).map_or(tag.len(), |name| name.len() + 2);
    length + key.anchor.as_ref().map_or(0, |anchor| anchor.len()) + tag <= MAX_KEY
}

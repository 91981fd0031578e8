//! Comments that wait until what they belong to is written.

use super::emitter::{Emitter, replace};
use crate::branch::{Branch, Content};

impl Emitter {
    /// Lets the comments of a value wait; `tail` is below the value before a key.
    pub(super) fn announce(&mut self, branch: &Branch, tail: &str) {
        self.announce_with(branch, &branch.comments.foot, tail);
    }

    fn announce_with(&mut self, branch: &Branch, foot: &str, tail: &str) {
        let comments = &branch.comments;
        replace(&mut self.waiting.head, &comments.head);
        match branch.content {
            Content::Scalar { .. } => {
                replace(&mut self.waiting.line, &comments.line);
                replace(&mut self.waiting.foot, foot);
                replace(&mut self.waiting.tail, tail);
            }
            Content::Alias(_) => {
                replace(&mut self.waiting.line, &comments.line);
                replace(&mut self.waiting.foot, foot);
            }
            Content::Mapping { .. } => replace(&mut self.waiting.tail, tail),
            Content::Sequence { .. } => {}
        }
    }

    /// Lets the comments at the end of a collection wait.
    pub(super) fn announce_end(&mut self, branch: &Branch, tail: &str) {
        replace(&mut self.waiting.line, &branch.comments.line);
        replace(&mut self.waiting.foot, &branch.comments.foot);
        replace(&mut self.waiting.tail, tail);
    }

    /// What is below a key is written before the next one.
    pub(super) fn announce_key(&mut self, key: &Branch, tail: &str) {
        self.announce_with(key, "", tail);
    }

    /// A comment after a key goes after the scalar that follows, or before the lines of the block.
    pub(super) fn key_comment(&mut self, value: &Branch) {
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

    pub(super) fn head_comment(&mut self) {
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

    pub(super) fn line_comment(&mut self) {
        if !self.waiting.line.is_empty() {
            self.out.blank();
            self.out.comment(&std::mem::take(&mut self.waiting.line));
        }
    }

    pub(super) fn foot_comment(&mut self) {
        if !self.waiting.foot.is_empty() {
            self.out.indent();
            self.out.comment(&std::mem::take(&mut self.waiting.foot));
            self.out.foot_indent = Some(self.out.indent.unwrap_or(0));
        }
    }
}

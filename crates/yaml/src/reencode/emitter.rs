//! What a tree is written to, and the comments that wait.

use super::output::Output;

/// Comments that are not written yet.
#[derive(Default)]
pub(super) struct Waiting {
    pub(super) head: String,
    pub(super) line: String,
    pub(super) foot: String,
    /// Below the value before, written before the next key.
    pub(super) tail: String,
    /// After a key whose value is not written yet.
    pub(super) key_line: String,
}

/// Writes a tree; `emit` has what writes values, `comment` what writes comments.
pub(super) struct Emitter {
    pub(super) out: Output,
    /// How many brackets are open.
    pub(super) flow: usize,
    pub(super) waiting: Waiting,
}

impl Emitter {
    pub(super) fn new() -> Self {
        Self { out: Output::new(), flow: 0, waiting: Waiting::default() }
    }
}

/// A comment takes the place of the one that waits.
pub(super) fn replace(waiting: &mut String, comment: &str) {
    if !comment.is_empty() {
        comment.clone_into(waiting);
    }
}

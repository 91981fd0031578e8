//! Where files come from: folders, Git revisions, the `--source` map, ignore rules. The only stage that reads files.

mod file;
mod tree;

pub use file::{File, FileId, Files, Position};
pub use tree::{EntryKind, ReadError, Tree};

//! Where files come from: folders, Git revisions, the `--source` map, ignore rules. The only stage that reads files.

mod cache;
mod disk;
mod error;
mod file;
mod open;
pub mod path;
mod read;
mod tree;
pub mod url;

pub use error::OpenError;
pub use file::{File, FileId, Files, Position};
pub use open::open_for_build;
pub use tree::{EntryKind, ReadError, Tree};

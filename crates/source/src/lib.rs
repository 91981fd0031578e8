//! Where files come from: folders, Git revisions, the `--source` map, ignore rules. The only stage that reads files.

mod argument;
mod cache;
mod checkout;
mod composed;
mod disk;
mod error;
mod file;
mod git;
mod gitignore;
mod ignore_rules;
mod ignored;
mod mapping;
mod odd_name;
mod open;
pub mod path;
mod read;
mod repository;
mod semver;
mod snapshot;
mod sources;
mod tracked;
mod tree;
mod unused;
pub mod url;
mod utf16;
mod view;
mod worktree;

pub use argument::{Reference, SourceArgument};
pub use checkout::{Checkout, repository_above};
pub use composed::Member;
pub use error::OpenError;
pub use file::{Content, File, FileId, Files, Position};
pub use open::{open_file, open_fleet, open_for_build};
pub use sources::{Resolution, Sources, check_argument};
pub use tree::{EntryKind, ReadError, Tree};
pub use unused::{NamedSource, SourceRole, Unused, UnusedSource};

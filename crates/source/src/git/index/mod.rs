//! The index: which files Git tracks in a work tree.
//!
//! Read by a reader of our own. That of gix follows extensions (a cached tree, untracked files) as deep as the file says,
//! and a damaged file must not end the run. Where the index cannot be read, the caller reads everything.

mod file;
mod split;

use std::path::Path;

use crate::path::is_clean;

pub(crate) use file::{Entry, EntryKind};

/// All entries of an index, in no particular order; `None` if it is damaged, or needs what this reader does not know.
pub(in super::super) fn read(path: &Path) -> Option<Vec<Entry>> {
    let index = file::parse(path, true)?;
    match &index.link {
        None => Some(index.entries),
        Some(link) => split::join(path.parent()?, &index.entries, link),
    }
    .filter(|entries| entries.iter().all(|entry| is_path(&entry.path)))
}

/// Whether Git would have written it: no `..`, nothing in `.git`. Folders of a sparse index end in `/`.
fn is_path(path: &[u8]) -> bool {
    let path = path.strip_suffix(b"/").unwrap_or(path);
    let text = String::from_utf8_lossy(path);
    !path.is_empty() && is_clean(&text) && text.split('/').all(|segment| segment != ".git")
}

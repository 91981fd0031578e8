//! One file of an index: entries, then extensions.

use std::path::Path;

use gix::ObjectId;
use gix::hash::Kind;

use crate::read::regular_file_within;

/// The index of a repository with millions of files.
const INDEX_LIMIT: u64 = 512 * 1024 * 1024;

/// As long as a path of the disk can be.
const PATH_LIMIT: usize = 4096;

/// All paths together: version 4 describes endless ones with few bytes.
const PATHS_LIMIT: usize = 128 * 1024 * 1024;

/// The hash that the index is written with.
pub(super) const HASH: usize = 20;

/// What is before the hash of an entry: times, device, inode, mode, owner, size.
const STAT: usize = 40;

const EXTENDED: u16 = 0x4000;
const NAME_LENGTH: u16 = 0x0fff;
const SKIP_WORKTREE: u16 = 0x4000;

/// A tracked path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub path: Vec<u8>,
    pub kind: EntryKind,
    pub id: ObjectId,
    /// A sparse checkout leaves it out of the work tree.
    pub is_left_out: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryKind {
    File,
    Link,
    Submodule,
    /// A folder that a sparse index does not list.
    Folder,
}

/// An index file, and what it borrows from another one.
pub(super) struct Index {
    pub(super) entries: Vec<Entry>,
    /// The content of extension `link`.
    pub(super) link: Option<Vec<u8>>,
}

/// One file. `may_link` is false for one that another file borrows from.
pub(super) fn parse(path: &Path, may_link: bool) -> Option<Index> {
    let bytes = regular_file_within(path, INDEX_LIMIT).ok()?;
    let mut rest = Bytes(bytes.get(..bytes.len().checked_sub(HASH)?)?);
    if rest.take(4)? != b"DIRC" {
        return None;
    }
    let version = rest.number()?;
    let count = rest.number()?;
    if !(2..=4).contains(&version) {
        return None;
    }
    let (mut entries, mut path_bytes): (Vec<Entry>, usize) = (Vec::new(), 0);
    for _ in 0..count {
        let before = entries.last().map_or(&[][..], |entry| &entry.path);
        let entry = rest.entry(version, before)?;
        path_bytes += entry.path.len();
        if entry.path.len() > PATH_LIMIT || path_bytes > PATHS_LIMIT {
            return None;
        }
        entries.push(entry);
    }
    let link = rest.extensions(may_link)?;
    Some(Index { entries, link })
}

/// What is left to read.
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl<'a> Bytes<'a> {
    pub(super) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn number(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    fn short(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    fn entry(&mut self, version: u32, before: &[u8]) -> Option<Entry> {
        let length_before = self.0.len();
        let stat = self.take(STAT)?;
        let mode = u32::from_be_bytes(stat.get(24..28)?.try_into().ok()?);
        let id = ObjectId::try_from(self.take(HASH)?).ok().filter(|id| id.kind() == Kind::Sha1)?;
        let flags = self.short()?;
        let is_extended = flags & EXTENDED != 0;
        if is_extended && version == 2 {
            return None;
        }
        let more = if is_extended { self.short()? } else { 0 };
        let path = match version {
            4 => self.shortened_path(before)?,
            _ => self.padded_path(flags & NAME_LENGTH, length_before)?,
        };
        Some(Entry { path, kind: kind(mode)?, id, is_left_out: more & SKIP_WORKTREE != 0 })
    }

    /// A path with one to eight NULs after it, up to a multiple of eight bytes for the entry.
    fn padded_path(&mut self, length: u16, length_before: usize) -> Option<Vec<u8>> {
        let length = match length {
            // It did not fit: the NUL tells.
            NAME_LENGTH => self.0.iter().position(|byte| *byte == 0)?,
            length => usize::from(length),
        };
        let path = self.take(length)?.to_vec();
        let size = length_before - self.0.len();
        let padding = 8 - size % 8;
        self.take(padding)?.iter().all(|byte| *byte == 0).then_some(path)
    }

    /// Version 4: how many bytes of the path before are dropped, then what is added.
    fn shortened_path(&mut self, before: &[u8]) -> Option<Vec<u8>> {
        let dropped = self.variable_number()?;
        let kept = before.get(..before.len().checked_sub(dropped)?)?;
        let length = self.0.iter().position(|byte| *byte == 0)?;
        let added = self.take(length + 1)?.get(..length)?;
        Some([kept, added].concat())
    }

    /// As offsets in packs are written.
    fn variable_number(&mut self) -> Option<usize> {
        let mut byte = *self.take(1)?.first()?;
        let mut value = usize::from(byte & 0x7f);
        while byte & 0x80 != 0 {
            byte = *self.take(1)?.first()?;
            value = value.checked_add(1)?.checked_mul(128)?.checked_add(usize::from(byte & 0x7f))?;
        }
        Some(value)
    }

    /// Reads up to the very end. What a reader has to understand has a name in lower case.
    fn extensions(&mut self, may_link: bool) -> Option<Option<Vec<u8>>> {
        let mut link = None;
        while !self.0.is_empty() {
            let name = self.take(4)?;
            let length = usize::try_from(self.number()?).ok()?;
            let content = self.take(length)?;
            match name {
                b"link" if may_link && link.is_none() => link = Some(content.to_vec()),
                // Folders are entries of their own kind.
                b"sdir" => {}
                _ if name[0].is_ascii_uppercase() => {}
                _ => return None,
            }
        }
        Some(link)
    }
}

fn kind(mode: u32) -> Option<EntryKind> {
    match mode & 0o170_000 {
        0o100_000 => Some(EntryKind::File),
        0o120_000 => Some(EntryKind::Link),
        0o160_000 => Some(EntryKind::Submodule),
        0o040_000 => Some(EntryKind::Folder),
        _ => None,
    }
}

//! The files that a run has read, and the way from byte offsets to lines and columns.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, OnceLock, RwLock};

use super::utf16;

/// Names a file of this run, counted from 1. The order of ids depends on the order of reading: never sort output by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(NonZeroU32);

/// A line and a column, both from 1; columns count Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// What reports must not show of a file, as those found out who read it. It may be both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Content {
    /// All of it is secret.
    Secret = 1,
    /// It changes what is secret.
    PatchOfSecret = 2,
}

/// A file as it was read.
#[derive(Debug)]
pub struct File {
    pub id: FileId,
    /// The repository's name in reports.
    pub repository: Arc<str>,
    /// The branch or tag it was read at; `None` for a working tree.
    pub revision: Option<Arc<str>>,
    /// Relative to the repository's root, with `/`.
    pub path: String,
    /// Revisions that have the same content share it.
    pub bytes: Arc<[u8]>,
    utf16: OnceLock<Option<Result<String, usize>>>,
    /// What some reader has said about its content: see [`Content`].
    content: AtomicU8,
    line_starts: OnceLock<Vec<u32>>,
}

impl File {
    /// Says what reports must not show of it.
    pub fn note(&self, content: Content) {
        self.content.fetch_or(content as u8, Ordering::Relaxed);
    }

    /// Whether somebody has said so.
    pub fn is_noted(&self, content: Content) -> bool {
        self.content.load(Ordering::Relaxed) & content as u8 != 0
    }

    /// The file's text, if it is UTF-8, or UTF-16 with a byte order mark. Spans count the bytes of this text.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok().or_else(|| self.utf16()?.as_deref().ok())
    }

    /// Whether it starts with a byte order mark of UTF-16.
    pub fn is_utf16(&self) -> bool {
        self.utf16().is_some()
    }

    /// What is not text, if there is any: the offset of the byte.
    pub fn not_text(&self) -> Option<usize> {
        match self.utf16() {
            Some(decoded) => decoded.as_ref().err().copied(),
            None => std::str::from_utf8(&self.bytes).err().map(|error| error.valid_up_to()),
        }
    }

    /// The bytes that spans count.
    pub fn counted(&self) -> &[u8] {
        self.utf16().and_then(|decoded| decoded.as_ref().ok()).map_or(&self.bytes, |text| text.as_bytes())
    }

    fn utf16(&self) -> Option<&Result<String, usize>> {
        self.utf16.get_or_init(|| utf16::decode(&self.bytes)).as_ref()
    }

    /// The line and column of a byte offset; an offset past the end is the end.
    pub fn position(&self, offset: u32) -> Position {
        let starts = self.line_starts();
        let line = starts.partition_point(|&start| start <= offset).max(1);
        let start = starts[line - 1] as usize;
        let bytes = self.counted();
        let end = (offset as usize).clamp(start, bytes.len());
        let column = 1 + String::from_utf8_lossy(&bytes[start..end]).chars().count();
        Position { line, column }
    }

    /// The column of a byte offset in UTF-16 code units, from 1: some programs count these.
    pub fn utf16_column(&self, offset: u32) -> usize {
        let starts = self.line_starts();
        let start = starts[starts.partition_point(|&start| start <= offset).max(1) - 1] as usize;
        let bytes = self.counted();
        let end = (offset as usize).clamp(start, bytes.len());
        1 + String::from_utf8_lossy(&bytes[start..end]).encode_utf16().count()
    }

    /// The byte offsets at which lines start; the first is 0.
    pub fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let breaks = self.counted().iter().enumerate().filter(|&(_, &byte)| byte == b'\n');
            std::iter::once(0).chain(breaks.map(|(index, _)| index as u32 + 1)).collect()
        })
    }
}

/// All files of a run. Grows while stages run in parallel; nothing is ever removed.
#[derive(Debug, Default)]
pub struct Files {
    files: RwLock<Vec<Arc<File>>>,
}

impl Files {
    /// Takes a file in and gives it its id.
    pub fn add(&self, repository: Arc<str>, revision: Option<Arc<str>>, path: String, bytes: Vec<u8>) -> Arc<File> {
        self.add_shared(repository, revision, path, bytes.into())
    }

    /// The same with a content that other files may have, too.
    pub(crate) fn add_shared(
        &self,
        repository: Arc<str>,
        revision: Option<Arc<str>>,
        path: String,
        bytes: Arc<[u8]>,
    ) -> Arc<File> {
        let mut files = self.files.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        let id =
            FileId(u32::try_from(files.len()).map_or(NonZeroU32::MAX, |known| NonZeroU32::MIN.saturating_add(known)));
        let file = Arc::new(File {
            id,
            repository,
            revision,
            path,
            bytes,
            utf16: OnceLock::new(),
            content: AtomicU8::new(0),
            line_starts: OnceLock::new(),
        });
        files.push(Arc::clone(&file));
        file
    }

    /// The file of an id that [`Files::add`] gave.
    pub fn get(&self, id: FileId) -> Arc<File> {
        let files = self.files.read().unwrap_or_else(|poisoned| poisoned.into_inner());
        Arc::clone(&files[id.0.get() as usize - 1])
    }

    /// All files that were read, in the order of reading.
    pub fn all(&self) -> Vec<Arc<File>> {
        self.files.read().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
    }

    /// How many files were read.
    pub fn len(&self) -> usize {
        self.files.read().unwrap_or_else(|poisoned| poisoned.into_inner()).len()
    }

    /// Whether none was read.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

//! The questions that a build asks about files, and a record of what it asked.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::{EntryKind, File, FileId, ReadError, Tree};

/// Files by path, as builds ask for them. Paths are relative to the root, with `/`; the root is `""`.
pub trait FileTree: fmt::Debug + Sync {
    /// What is at a path, if anything is.
    fn entry(&self, path: &str) -> Option<EntryKind>;
    /// What a folder holds, in byte order of the names; empty if it is not a folder.
    fn folder(&self, path: &str) -> Vec<(String, EntryKind)>;
    /// Reads a file.
    ///
    /// # Errors
    /// Why there is none, or why it cannot be read.
    fn file(&self, path: &str) -> Result<Arc<File>, ReadError>;
    /// The path after following symbolic links.
    ///
    /// # Errors
    /// Why it leads nowhere.
    fn resolve(&self, path: &str) -> Result<String, ReadError>;
    /// Where a symbolic link points, as it is written.
    fn link(&self, path: &str) -> Option<String>;
    /// A path as reports name files.
    fn shown(&self, path: &str) -> String;
}

impl FileTree for Tree {
    fn entry(&self, path: &str) -> Option<EntryKind> {
        Tree::entry(self, path)
    }

    fn folder(&self, path: &str) -> Vec<(String, EntryKind)> {
        Tree::folder(self, path)
    }

    fn file(&self, path: &str) -> Result<Arc<File>, ReadError> {
        Tree::file(self, path)
    }

    fn resolve(&self, path: &str) -> Result<String, ReadError> {
        Tree::resolve(self, path)
    }

    fn link(&self, path: &str) -> Option<String> {
        Tree::link(self, path)
    }

    fn shown(&self, path: &str) -> String {
        Tree::shown(self, path)
    }
}

impl<T: FileTree + Send + ?Sized> FileTree for Arc<T> {
    fn entry(&self, path: &str) -> Option<EntryKind> {
        (**self).entry(path)
    }

    fn folder(&self, path: &str) -> Vec<(String, EntryKind)> {
        (**self).folder(path)
    }

    fn file(&self, path: &str) -> Result<Arc<File>, ReadError> {
        (**self).file(path)
    }

    fn resolve(&self, path: &str) -> Result<String, ReadError> {
        (**self).resolve(path)
    }

    fn link(&self, path: &str) -> Option<String> {
        (**self).link(path)
    }

    fn shown(&self, path: &str) -> String {
        (**self).shown(path)
    }
}

/// A tree that notes what it is asked, and what it answers.
#[derive(Debug)]
pub struct Recorder<'a> {
    tree: &'a dyn FileTree,
    reads: Mutex<BTreeMap<Question, Answer>>,
}

/// What was asked about which path. How a path is shown follows from the path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Question {
    Entry(String),
    Folder(String),
    File(String),
    Resolve(String),
    Link(String),
}

#[derive(Clone, Debug)]
enum Answer {
    Entry(Option<EntryKind>),
    Folder(Vec<(String, EntryKind)>),
    File(Result<Arc<File>, ReadError>),
    Resolve(Result<String, ReadError>),
    Link(Option<String>),
}

impl Answer {
    /// Whether a build cannot tell two answers apart. Of files their bytes count, not where they are.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Entry(a), Self::Entry(b)) => a == b,
            (Self::Folder(a), Self::Folder(b)) => a == b,
            (Self::File(Ok(a)), Self::File(Ok(b))) => {
                a.id == b.id || a.path == b.path && (Arc::ptr_eq(&a.bytes, &b.bytes) || a.bytes == b.bytes)
            }
            (Self::File(Err(a)), Self::File(Err(b))) => a == b,
            (Self::Resolve(a), Self::Resolve(b)) => a == b,
            (Self::Link(a), Self::Link(b)) => a == b,
            _ => false,
        }
    }
}

fn ask(tree: &dyn FileTree, question: &Question) -> Answer {
    match question {
        Question::Entry(path) => Answer::Entry(tree.entry(path)),
        Question::Folder(path) => Answer::Folder(tree.folder(path)),
        Question::File(path) => Answer::File(tree.file(path)),
        Question::Resolve(path) => Answer::Resolve(tree.resolve(path)),
        Question::Link(path) => Answer::Link(tree.link(path)),
    }
}

impl<'a> Recorder<'a> {
    /// A tree that answers as `tree` does.
    pub fn of(tree: &'a dyn FileTree) -> Self {
        Self { tree, reads: Mutex::default() }
    }

    /// What was asked so far.
    pub fn reads(self) -> Reads {
        Reads(self.reads.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    fn answer(&self, question: Question) -> Answer {
        let answer = ask(self.tree, &question);
        let mut reads = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
        reads.entry(question).or_insert_with(|| answer.clone());
        answer
    }
}

impl FileTree for Recorder<'_> {
    fn entry(&self, path: &str) -> Option<EntryKind> {
        match self.answer(Question::Entry(path.to_owned())) {
            Answer::Entry(kind) => kind,
            _ => None,
        }
    }

    fn folder(&self, path: &str) -> Vec<(String, EntryKind)> {
        match self.answer(Question::Folder(path.to_owned())) {
            Answer::Folder(entries) => entries,
            _ => Vec::new(),
        }
    }

    fn file(&self, path: &str) -> Result<Arc<File>, ReadError> {
        match self.answer(Question::File(path.to_owned())) {
            Answer::File(file) => file,
            _ => Err(ReadError::NotFound),
        }
    }

    fn resolve(&self, path: &str) -> Result<String, ReadError> {
        match self.answer(Question::Resolve(path.to_owned())) {
            Answer::Resolve(resolved) => resolved,
            _ => Err(ReadError::NotFound),
        }
    }

    fn link(&self, path: &str) -> Option<String> {
        match self.answer(Question::Link(path.to_owned())) {
            Answer::Link(link) => link,
            _ => None,
        }
    }

    fn shown(&self, path: &str) -> String {
        self.tree.shown(path)
    }
}

/// Files that were read, each with the one of another tree that takes its place.
pub type Counterparts = BTreeMap<FileId, (Arc<File>, Arc<File>)>;

/// What a build asked about files, and the answers that it got.
#[derive(Clone, Debug, Default)]
pub struct Reads(BTreeMap<Question, Answer>);

impl Reads {
    /// Whether another tree gives the same answers, so that the build would be the same: then each file that was read, with
    /// the file of that tree. What nobody asked may differ.
    pub fn in_tree(&self, tree: &dyn FileTree) -> Option<Counterparts> {
        let mut files = BTreeMap::new();
        for (question, known) in &self.0 {
            let answer = ask(tree, question);
            if !known.is_same(&answer) {
                return None;
            }
            if let (Answer::File(Ok(before)), Answer::File(Ok(now))) = (known, answer) {
                files.insert(before.id, (Arc::clone(before), now));
            }
        }
        Some(files)
    }

    /// The paths of the files that were read, in byte order.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|(question, answer)| match (question, answer) {
            (Question::File(path), Answer::File(Ok(_))) => Some(path.as_str()),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Files;
    use super::*;

    fn tree(files: &Arc<Files>, contents: &[(&str, &str)]) -> Tree {
        let contents = contents.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        Tree::of_files(Arc::clone(files), "r".into(), contents)
    }

    #[test]
    fn only_what_was_asked_counts() {
        let files = Arc::new(Files::default());
        let first = tree(&files, &[("a/x.yaml", "x: 1"), ("a/y.yaml", "y: 1"), ("b/z.yaml", "z: 1")]);
        let recorder = Recorder::of(&first);
        assert_eq!(recorder.folder("a").len(), 2);
        let read = recorder.file("a/x.yaml").unwrap();
        assert_eq!((recorder.entry("c"), recorder.file("a/none").unwrap_err()), (None, ReadError::NotFound));
        let reads = recorder.reads();
        assert_eq!(reads.files().collect::<Vec<_>>(), ["a/x.yaml"]);
        let other = |contents: &[(&str, &str)]| reads.in_tree(&tree(&files, contents));
        let same = other(&[("a/x.yaml", "x: 1"), ("a/y.yaml", "y: 2"), ("d", "")]).unwrap();
        let (_, moved) = &same[&read.id];
        assert!(moved.id != read.id && moved.path == "a/x.yaml");
        assert!(other(&[("a/x.yaml", "x: 2"), ("a/y.yaml", "y: 1")]).is_none(), "a file that was read");
        assert!(other(&[("a/x.yaml", "x: 1")]).is_none(), "a folder that was listed");
        assert!(other(&[("a/x.yaml", "x: 1"), ("a/y.yaml", ""), ("c", "")]).is_none(), "what was not there");
    }
}

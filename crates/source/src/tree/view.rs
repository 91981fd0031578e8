//! Some files of a snapshot, below one of its folders.

use std::ops::Range;
use std::sync::Arc;

use super::Tree;
use super::snapshot::Snapshot;
use crate::cache::Cache;
use crate::ignore_rules::{self, IgnoreRules};
use crate::{EntryKind, File, ReadError, path};

/// What a tree of listed files shows. Views share the snapshot, and with it the files that were read.
#[derive(Debug)]
pub(super) struct TreeView {
    snapshot: Arc<Snapshot>,
    /// Positions in the snapshot, in its order.
    members: Arc<[u32]>,
    /// The members below `folder`: paths in byte order keep a folder together.
    range: Range<usize>,
    /// The view's root in the snapshot.
    folder: String,
    /// What is not UTF-8 below it, as the snapshot shows it.
    odd_names: Arc<[String]>,
    /// By the text of `spec.ignore`; none is as empty.
    artifacts: Cache<String, Arc<Tree>>,
    folders: Cache<String, Arc<Tree>>,
}

impl TreeView {
    /// All files of a snapshot.
    pub(super) fn all(snapshot: Arc<Snapshot>) -> Self {
        let members: Arc<[u32]> = (0..u32::try_from(snapshot.len()).unwrap_or(u32::MAX)).collect();
        let range = 0..members.len();
        let odd_names = snapshot.odd_names().to_vec();
        Self::new(snapshot, members, range, String::new(), odd_names)
    }

    fn new(
        snapshot: Arc<Snapshot>,
        members: Arc<[u32]>,
        range: Range<usize>,
        folder: String,
        odd_names: Vec<String>,
    ) -> Self {
        let odd_names = odd_names.into();
        Self { snapshot, members, range, folder, odd_names, artifacts: Cache::default(), folders: Cache::default() }
    }

    /// What is not UTF-8, each as an empty file of the repository under the name that reports show.
    pub(super) fn odd_names(&self) -> Vec<Arc<File>> {
        self.odd_names.iter().map(|name| self.snapshot.odd_file(name)).collect()
    }

    pub(super) fn files(&self) -> Vec<String> {
        self.paths().map(str::to_owned).collect()
    }

    pub(super) fn entry(&self, path: &str) -> Option<EntryKind> {
        if self.index(path).is_some() {
            return Some(EntryKind::File);
        }
        let range = self.range_below(&path::join(&self.folder, path));
        // A repository without files is a folder all the same.
        let is_top = path.is_empty() && self.folder.is_empty();
        (is_top || !range.is_empty()).then_some(EntryKind::Folder)
    }

    pub(super) fn folder(&self, path: &str) -> Vec<(String, EntryKind)> {
        let folder = path::join(&self.folder, path);
        let range = self.range_below(&folder);
        let start = if folder.is_empty() { 0 } else { folder.len() + 1 };
        let (mut found, mut at) = (Vec::new(), range.start);
        while at < range.end {
            let rest = self.path_at(at).get(start..).unwrap_or_default();
            let Some((name, _)) = rest.split_once('/') else {
                found.push((rest.to_owned(), EntryKind::File));
                at += 1;
                continue;
            };
            found.push((name.to_owned(), EntryKind::Folder));
            at = self.range_below(&path::join(&folder, name)).end.max(at + 1);
        }
        found.sort_by(|left, right| left.0.cmp(&right.0));
        found
    }

    pub(super) fn file(&self, path: &str) -> Result<Arc<File>, ReadError> {
        match self.index(path) {
            Some(index) => self.snapshot.file(index),
            None if self.entry(path).is_some() => Err(ReadError::IsFolder),
            None => Err(ReadError::NotFound),
        }
    }

    pub(super) fn artifact(&self, ignore: &str, make: impl FnOnce(Self) -> Tree) -> Arc<Tree> {
        self.artifacts.get_or_make(ignore, || Arc::new(make(self.without_ignored(ignore))))
    }

    pub(super) fn below(&self, folder: &str, make: impl FnOnce(Self) -> Tree) -> Arc<Tree> {
        self.folders.get_or_make(folder, || {
            let folder = path::join(&self.folder, folder);
            let range = self.range_below(&folder);
            let is_below = |name: &&String| name.strip_prefix(&folder).is_some_and(|rest| rest.starts_with('/'));
            let odd_names = self.odd_names.iter().filter(is_below).cloned().collect();
            let (snapshot, members) = (Arc::clone(&self.snapshot), Arc::clone(&self.members));
            Arc::new(make(Self::new(snapshot, members, range, folder, odd_names)))
        })
    }

    fn without_ignored(&self, spec_ignore: &str) -> Self {
        let rules = self.ignore_rules(spec_ignore);
        let kept = self.indices().filter(|&index| !rules.exclude(self.inside(index)));
        let members: Arc<[u32]> = kept.collect();
        let range = 0..members.len();
        let odd_names = self.odd_names.iter().filter(|name| !rules.exclude(self.below_root(name))).cloned().collect();
        Self::new(Arc::clone(&self.snapshot), members, range, self.folder.clone(), odd_names)
    }

    fn ignore_rules(&self, spec_ignore: &str) -> IgnoreRules {
        let named = self.indices().filter(|&index| {
            let path = self.snapshot.path(index);
            path.rsplit('/').next() == Some(ignore_rules::FILE_NAME)
        });
        // One that cannot be read is as if it were not there.
        let files = named.filter_map(|index| Some((self.inside(index), self.snapshot.file(index).ok()?)));
        let mut files: Vec<_> = files.map(|(path, file)| (path::parent(path).unwrap_or_default(), file)).collect();
        files.sort_by_key(|(folder, _)| if folder.is_empty() { 0 } else { 1 + folder.matches('/').count() });
        IgnoreRules::new(files.iter().map(|(folder, file)| (*folder, &*file.bytes)), spec_ignore)
    }

    fn paths(&self) -> impl Iterator<Item = &str> {
        self.indices().map(|index| self.inside(index))
    }

    fn indices(&self) -> impl Iterator<Item = u32> {
        self.members.get(self.range.clone()).unwrap_or_default().iter().copied()
    }

    /// The path of a member from the root of the view.
    fn inside(&self, index: u32) -> &str {
        self.below_root(self.snapshot.path(index))
    }

    fn below_root<'p>(&self, path: &'p str) -> &'p str {
        if self.folder.is_empty() { path } else { path.get(self.folder.len() + 1..).unwrap_or_default() }
    }

    fn path_at(&self, position: usize) -> &str {
        self.members.get(position).map_or("", |&index| self.snapshot.path(index))
    }

    /// The position in the snapshot of a file of the view.
    fn index(&self, path: &str) -> Option<u32> {
        let path = path::join(&self.folder, path);
        let members = self.members.get(self.range.clone())?;
        let found = members.binary_search_by(|&index| self.snapshot.path(index).cmp(&path));
        members.get(found.ok()?).copied()
    }

    /// The members of the view below a folder of the snapshot.
    fn range_below(&self, folder: &str) -> Range<usize> {
        if folder == self.folder {
            return self.range.clone();
        }
        let members = self.members.get(self.range.clone()).unwrap_or_default();
        // `0` follows `/`: what starts with `folder/` is between the two.
        let before = |bound: String| members.partition_point(|&index| self.snapshot.path(index) < bound.as_str());
        let (start, end) = (before(format!("{folder}/")), before(format!("{folder}0")));
        self.range.start + start..self.range.start + end
    }
}

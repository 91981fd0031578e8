//! How reports name files.

use std::collections::HashMap;
use std::path::Path;

use super::{Home, Report};
use crate::source::{File, is_file};

/// The folders of the repositories, to name files by.
pub(super) struct Paths<'a> {
    home: &'a Home,
    /// Of working trees, by the names of their repositories.
    folders: HashMap<&'a str, &'a str>,
}

impl<'a> Paths<'a> {
    pub(super) fn new(report: &'a Report) -> Self {
        let trees = report.repositories.iter().filter(|repository| repository.revision.is_none());
        let folders = trees.filter_map(|it| Some((it.name.as_str(), it.path.as_deref()?))).collect();
        Self { home: &report.home, folders }
    }

    /// A path that opens the file from the current folder; `None` where the disk does not hold what was read.
    pub(super) fn on_disk(&self, file: &File) -> Option<String> {
        if file.revision.is_some() || self.is_of_namesake(file) {
            return None;
        }
        let path = match *self.folders.get(&*file.repository)? {
            "." => file.path.clone(),
            folder => format!("{folder}/{}", file.path),
        };
        is_file(Path::new(&path)).then_some(path)
    }

    /// Whether the file is of a repository that only has the name of the one that is checked.
    pub(super) fn is_of_namesake(&self, file: &File) -> bool {
        file.repository == self.home.repository && !self.home.holds(file)
    }

    /// The path from the root of the Git repository that is checked.
    pub(super) fn in_repository(&self, file: &File) -> String {
        match self.home.prefix.as_str() {
            "" => file.path.clone(),
            prefix => format!("{prefix}/{}", file.path),
        }
    }
}

/// `repository@revision: path`.
pub(super) fn full(file: &File) -> String {
    let revision = file.revision.iter().map(|revision| format!("@{revision}")).collect::<String>();
    format!("{}{revision}: {}", file.repository, file.path)
}

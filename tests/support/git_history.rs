//! Makes Git repositories with a history for tests, without a `git` command.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use gix::{ObjectId, Repository, ThreadSafeRepository};

use crate::git::write_tree;

/// A repository in the making. Commits have names, by which later ones call their parents.
pub(crate) struct History {
    repository: Repository,
    commits: BTreeMap<String, ObjectId>,
}

impl History {
    /// An empty repository with `.git` in the folder.
    pub(crate) fn new(folder: &Path) -> Self {
        let options = gix::open::Options::isolated();
        let kind = gix::create::Kind::WithWorktree;
        let opened = ThreadSafeRepository::init_opts(folder, kind, gix::create::Options::default(), options).unwrap();
        fs::write(folder.join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
        Self { repository: opened.to_thread_local(), commits: BTreeMap::new() }
    }

    /// A commit at a time, with parents by their names and all files.
    pub(crate) fn commit(&mut self, name: &str, time: i64, parents: &[&str], files: &[(&str, &str)]) -> &mut Self {
        let tree = write_tree(&self.repository, &files.iter().copied().collect());
        let parents = parents.iter().map(|parent| self.commits[*parent]);
        let time = format!("{time} +0000");
        let author = gix::actor::SignatureRef { name: "Test".into(), email: "test@example.com".into(), time: &time };
        let commit = gix::objs::Commit {
            tree,
            parents: parents.collect(),
            author: author.to_owned().unwrap(),
            committer: author.to_owned().unwrap(),
            encoding: None,
            message: format!("{name}\n\nMore about it.\n").into(),
            extra_headers: Vec::new(),
        };
        let id = self.repository.write_object(&commit).unwrap().detach();
        self.commits.insert(name.to_owned(), id);
        self
    }

    /// The id of a commit.
    pub(crate) fn id(&self, name: &str) -> String {
        self.commits[name].to_string()
    }

    /// Lets a full reference name a commit.
    pub(crate) fn reference(&self, reference: &str, name: &str) -> &Self {
        self.write(reference, &format!("{}\n", self.id(name)))
    }

    /// Forgets the parents of commits, as a clone that is cut short.
    pub(crate) fn shallow(&self, names: &[&str]) -> &Self {
        self.write("shallow", &names.iter().map(|name| self.id(name) + "\n").collect::<String>())
    }

    /// Loses a commit.
    pub(crate) fn lose(&self, name: &str) -> &Self {
        let id = self.id(name);
        fs::remove_file(self.repository.git_dir().join("objects").join(&id[..2]).join(&id[2..])).unwrap();
        self
    }

    /// Writes a file of the Git folder.
    pub(crate) fn write(&self, file: &str, text: &str) -> &Self {
        let path = self.repository.git_dir().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }
}

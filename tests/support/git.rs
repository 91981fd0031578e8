//! Makes Git repositories for tests, without a `git` command. Use it as
//! `#[cfg(test)] #[path = "support/git.rs"] mod git;`.

use std::collections::BTreeMap;
use std::path::Path;

use gix::objs::tree::{Entry, EntryKind};
use gix::{ObjectId, Repository, ThreadSafeRepository};

/// A repository with one commit a branch, each without parents: `(branch, [(path, text)])`. The first branch is `HEAD`.
/// Bare if the folder's name ends in `.git`, else with `.git` in the folder, and nothing checked out.
pub(crate) fn repository(folder: &Path, branches: &[(&str, &[(&str, &str)])]) {
    let is_bare = folder.extension().is_some_and(|extension| extension == "git");
    let kind = if is_bare { gix::create::Kind::Bare } else { gix::create::Kind::WithWorktree };
    let options = gix::open::Options::isolated();
    let opened = ThreadSafeRepository::init_opts(folder, kind, gix::create::Options::default(), options).unwrap();
    let repository = opened.to_thread_local();
    for (branch, files) in branches {
        let tree = write_tree(&repository, &files.iter().copied().collect());
        commit(&repository, &format!("refs/heads/{branch}"), tree);
    }
    let head = branches.first().map_or("main", |(branch, _)| branch);
    std::fs::write(repository.git_dir().join("HEAD"), format!("ref: refs/heads/{head}\n")).unwrap();
}

pub(crate) fn write_tree(repository: &Repository, files: &BTreeMap<&str, &str>) -> ObjectId {
    let mut folders: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    let mut entries = Vec::new();
    for (path, text) in files {
        match path.split_once('/') {
            Some((folder, rest)) => _ = folders.entry(folder).or_default().insert(rest, text),
            None => entries.push(entry(EntryKind::Blob, path, repository.write_blob(text).unwrap().detach())),
        }
    }
    entries.extend(folders.iter().map(|(name, files)| entry(EntryKind::Tree, name, write_tree(repository, files))));
    entries.sort();
    repository.write_object(gix::objs::Tree { entries }).unwrap().detach()
}

fn entry(kind: EntryKind, name: &str, oid: ObjectId) -> Entry {
    Entry { mode: kind.into(), filename: name.into(), oid }
}

fn commit(repository: &Repository, reference: &str, tree: ObjectId) {
    let author = gix::actor::SignatureRef { name: "Test".into(), email: "test@example.com".into(), time: "0 +0000" };
    repository.commit_as(author, author, reference, "test", tree, None::<ObjectId>).unwrap();
}

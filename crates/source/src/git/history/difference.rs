//! Which files differ between two commits: folders that are the same on both sides are not looked into.

use std::collections::BTreeMap;

use gix::objs::tree::EntryMode;
use gix::{ObjectId, Repository};

use super::super::super::history::Changes;
use super::super::super::odd_name;
use super::{below, leads_to};

/// How many paths are named.
const PATH_COUNT_LIMIT: usize = 10_000;

/// How many folders are looked into: few objects can describe endless trees.
const FOLDER_LIMIT: usize = 100_000;

/// As long as a path of the disk can be.
const PATH_LIMIT: usize = 4096;

/// What a folder holds, by name.
type Folder = BTreeMap<Vec<u8>, (EntryMode, ObjectId)>;

/// A folder on both sides, where it is there.
type Pair = (String, Option<ObjectId>, Option<ObjectId>);

/// The files below `folder` that one of two commits has and the other one lacks or has otherwise; without `from` all.
pub(super) fn files(
    repository: &Repository,
    from: Option<ObjectId>,
    to: ObjectId,
    folder: &str,
) -> Result<Changes, String> {
    let from = from.map(|commit| root(repository, commit)).transpose()?;
    let mut ahead: Vec<Pair> = vec![(String::new(), from, Some(root(repository, to)?))];
    let (mut paths, mut seen) = (Vec::new(), 0);
    while let Some((path, old, new)) = ahead.pop() {
        seen += 1;
        if paths.len() > PATH_COUNT_LIMIT || seen > FOLDER_LIMIT || path.len() > PATH_LIMIT {
            paths.truncate(PATH_COUNT_LIMIT);
            return Ok(Changes::of(paths, true));
        }
        let (old, new) = (entries(repository, old)?, entries(repository, new)?);
        compare(&path, &old, &new, folder, &mut paths, &mut ahead);
    }
    let is_cut = paths.len() > PATH_COUNT_LIMIT;
    paths.truncate(PATH_COUNT_LIMIT);
    Ok(Changes::of(paths, is_cut))
}

/// Compares one folder: files that differ go to `paths`, folders to `ahead`.
fn compare(path: &str, old: &Folder, new: &Folder, folder: &str, paths: &mut Vec<String>, ahead: &mut Vec<Pair>) {
    let names = old.keys().chain(new.keys().filter(|name| !old.contains_key(*name)));
    for name in names {
        let (left, right) = (old.get(name), new.get(name));
        if left == right {
            continue;
        }
        let name = std::str::from_utf8(name).map_or_else(|_| odd_name::shown(name).unwrap_or_default(), str::to_owned);
        let path = if path.is_empty() { name } else { format!("{path}/{name}") };
        let is_folder = |entry: &&(EntryMode, ObjectId)| entry.0.is_tree();
        let id = |entry: Option<&(EntryMode, ObjectId)>| entry.filter(is_folder).map(|entry| entry.1);
        if (id(left).is_some() || id(right).is_some()) && leads_to(folder, &path) {
            ahead.push((path.clone(), id(left), id(right)));
        }
        let is_file = |entry: Option<&(EntryMode, ObjectId)>| entry.is_some_and(|entry| !entry.0.is_tree());
        if is_file(left) || is_file(right) {
            paths.extend(below(folder, &path).map(str::to_owned));
        }
    }
}

fn root(repository: &Repository, commit: ObjectId) -> Result<ObjectId, String> {
    let damaged = |_| format!("the commit `{commit}` is missing or damaged");
    Ok(repository.find_commit(commit).map_err(damaged)?.tree_id().map_err(damaged)?.detach())
}

fn entries(repository: &Repository, tree: Option<ObjectId>) -> Result<Folder, String> {
    let Some(id) = tree else { return Ok(Folder::new()) };
    let damaged = |_| format!("the tree `{id}` is missing or damaged");
    let tree = repository.find_tree(id).map_err(damaged)?;
    let entry = |entry: gix::objs::tree::EntryRef<'_>| (entry.filename.to_vec(), (entry.mode, entry.oid.to_owned()));
    let decoded = tree.decode().map_err(|_| format!("the tree `{id}` is missing or damaged"))?;
    Ok(decoded.entries.into_iter().map(entry).collect())
}

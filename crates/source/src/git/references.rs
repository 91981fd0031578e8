//! From what a source names to a commit.

use std::collections::{BTreeSet, HashSet};

use gix::refs::FullNameRef;
use gix::{ObjectId, Repository};

use super::super::Reference;
use super::super::semver;
use super::GitRepository;

/// A commit, and the branch, tag or commit that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in super::super) struct Resolved {
    pub commit: ObjectId,
    pub label: String,
}

/// Branches of a clone that nobody has checked out are still those of the source.
const BRANCHES: [&str; 2] = ["refs/heads/", "refs/remotes/origin/"];
const TAGS: &str = "refs/tags/";

/// How many tags may point to each other.
const TAG_LIMIT: usize = 16;

impl GitRepository {
    /// The commit of a reference; `None` if the repository has no such reference.
    pub(in super::super) fn find(&self, reference: &Reference) -> Result<Option<Resolved>, String> {
        let repository = self.inner.to_thread_local();
        match reference {
            // source-controller's default, whatever the repository's own default branch is.
            Reference::Default => branch(&repository, "master"),
            Reference::Branch(name) => branch(&repository, name),
            Reference::Tag(name) => tag(&repository, name),
            Reference::Name(name) => full_name(&repository, name),
            Reference::Commit(id) => commit(&repository, id),
            Reference::Semver(range) => highest_tag(&repository, range),
        }
    }

    /// The commit of a revision as a person names it: a branch, tag, full reference or commit.
    pub(in super::super) fn find_revision(&self, revision: &str) -> Result<Option<Resolved>, String> {
        let repository = self.inner.to_thread_local();
        for find in [branch, tag, full_name, commit] {
            if let Some(found) = find(&repository, revision)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// All branches, then all tags, each in byte order.
    pub(in super::super) fn available(&self) -> Vec<String> {
        let repository = self.inner.to_thread_local();
        self.branches().into_iter().chain(names(&repository, TAGS)).collect()
    }

    /// All branches, in byte order.
    pub(in super::super) fn branches(&self) -> Vec<String> {
        let repository = self.inner.to_thread_local();
        let branches: BTreeSet<String> = BRANCHES.iter().flat_map(|prefix| names(&repository, prefix)).collect();
        branches.into_iter().filter(|name| name != "HEAD").collect()
    }
}

/// The commit of a branch as it was last fetched, else as it is here: who compares two branches wants both as they are at
/// the origin, and a branch that nobody has updated here says nothing about them.
pub(super) fn tracked(repository: &Repository, name: &str) -> Result<Option<ObjectId>, String> {
    for prefix in BRANCHES.iter().rev() {
        if let Some(commit) = target(repository, &format!("{prefix}{name}"))? {
            return Ok(Some(commit));
        }
    }
    Ok(None)
}

fn branch(repository: &Repository, name: &str) -> Result<Option<Resolved>, String> {
    for prefix in BRANCHES {
        if let Some(commit) = target(repository, &format!("{prefix}{name}"))? {
            return Ok(Some(Resolved { commit, label: name.to_owned() }));
        }
    }
    Ok(None)
}

fn tag(repository: &Repository, name: &str) -> Result<Option<Resolved>, String> {
    let commit = target(repository, &format!("{TAGS}{name}"))?;
    Ok(commit.map(|commit| Resolved { commit, label: name.to_owned() }))
}

fn full_name(repository: &Repository, name: &str) -> Result<Option<Resolved>, String> {
    if let Some(name) = name.strip_prefix("refs/heads/") {
        return branch(repository, name);
    }
    if let Some(name) = name.strip_prefix(TAGS) {
        return tag(repository, name);
    }
    if !name.starts_with("refs/") && name != "HEAD" {
        return Ok(None);
    }
    Ok(target(repository, name)?.map(|commit| Resolved { commit, label: name.to_owned() }))
}

fn highest_tag(repository: &Repository, range: &str) -> Result<Option<Resolved>, String> {
    let tags = names(repository, TAGS);
    let picked = semver::highest(range, tags.iter().map(String::as_str));
    match picked.map_err(|_| format!("`{range}` is not a version range"))? {
        Some(name) => tag(repository, name),
        None => Ok(None),
    }
}

/// A commit by its id, which may be abbreviated as long as it names one commit.
fn commit(repository: &Repository, id: &str) -> Result<Option<Resolved>, String> {
    let Ok(prefix) = gix::hash::Prefix::from_hex(&id.to_ascii_lowercase()) else { return Ok(None) };
    let mut candidates = HashSet::new();
    let looked_up = repository.objects.lookup_prefix(prefix, Some(&mut candidates));
    let found = looked_up.map_err(|_| "its objects cannot be read".to_owned())?;
    candidates.extend(found.and_then(Result::ok));
    let is_commit = |id: &ObjectId| repository.find_header(*id).is_ok_and(|header| header.kind().is_commit());
    let commits: Vec<ObjectId> = candidates.into_iter().filter(is_commit).collect();
    match commits.as_slice() {
        [] => Ok(None),
        [commit] => Ok(Some(Resolved { commit: *commit, label: id.to_owned() })),
        _ => Err(format!("`{id}` names several commits")),
    }
}

/// The commit that a full reference leads to, through other references and annotated tags.
fn target(repository: &Repository, name: &str) -> Result<Option<ObjectId>, String> {
    let Ok(valid) = <&FullNameRef>::try_from(name) else { return Ok(None) };
    let damaged = |_| damaged_reference(name);
    // Names are also looked for below `refs/`, which is not what was asked.
    let found = repository.try_find_reference(valid).map_err(damaged)?.filter(|found| found.name() == valid);
    let Some(mut reference) = found else { return Ok(None) };
    let id = reference.follow_to_object().map_err(damaged)?.detach();
    peel(repository, id).map(Some).ok_or_else(|| damaged_reference(name))
}

/// The commit after annotated tags. gix's own peeling panics on a tag that is damaged (gix 0.90).
fn peel(repository: &Repository, id: ObjectId) -> Option<ObjectId> {
    let mut id = id;
    for _ in 0..TAG_LIMIT {
        let object = repository.find_object(id).ok()?;
        match object.kind {
            gix::objs::Kind::Commit => return Some(id),
            gix::objs::Kind::Tag => id = object.try_into_tag().ok()?.target_id().ok()?.detach(),
            gix::objs::Kind::Tree | gix::objs::Kind::Blob => return None,
        }
    }
    None
}

fn damaged_reference(name: &str) -> String {
    format!("its reference `{name}` is damaged")
}

/// The names below a prefix, in byte order, as far as they can be read.
pub(super) fn names(repository: &Repository, prefix: &str) -> Vec<String> {
    let Ok(platform) = repository.references() else { return Vec::new() };
    let Ok(references) = platform.prefixed(prefix.as_bytes()) else { return Vec::new() };
    let short = |reference: gix::Reference<'_>| {
        let name = std::str::from_utf8(reference.name().as_bstr()).ok()?;
        name.strip_prefix(prefix).map(str::to_owned)
    };
    let mut names: Vec<String> = references.filter_map(|reference| short(reference.ok()?)).collect();
    names.sort_unstable();
    names
}

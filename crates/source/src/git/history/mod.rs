//! Compares two branches: their common ancestors, what each has alone, which files differ.

mod difference;
mod walk;

use gix::{ObjectId, Repository};

use super::super::history::{Changes, Commit, Comparison, HistoryGap, OwnCommits, Side};
use super::super::{Reference, path};
use super::GitRepository;
use super::references;
use walk::{Found, Walk, Who};

/// No commit is larger, in bytes.
const COMMIT_LIMIT: u64 = 1024 * 1024;

/// How much of a subject is kept, in characters.
const SUBJECT_LIMIT: usize = 200;

impl GitRepository {
    /// What two branches have in common and what they do not, as far as the clone shows it. Only files below `folder`
    /// count, and are named from there; `url` names the repository where it has no remote.
    pub(in super::super) fn compare(
        &self,
        (base, head): (&str, &str),
        folder: &str,
        url: &str,
    ) -> Result<Comparison, HistoryGap> {
        let repository = self.inner.to_thread_local();
        let (base_tip, head_tip) = (self.tip(&repository, base, url)?, self.tip(&repository, head, url)?);
        let shallow = shallow(&repository);
        let found = Walk::new(&repository, &shallow).run(base_tip, head_tip).map_err(|gap| match gap {
            HistoryGap::Shallow { .. } => self.shallow_gap(head_tip, url),
            other => other,
        })?;
        let first = found.merge_bases.first().copied();
        let between = |from: Option<ObjectId>| difference::files(&repository, from, head_tip, folder);
        Ok(Comparison {
            merge_bases: found.merge_bases.iter().map(ToString::to_string).collect(),
            differing: between(Some(base_tip)).map_err(HistoryGap::Unreadable)?,
            since_merge_base: between(first).map_err(HistoryGap::Unreadable)?,
            base: side(&repository, base, base_tip, &found, Who::Base)?,
            head: side(&repository, head, head_tip, &found, Who::Head)?,
        })
    }

    fn tip(&self, repository: &Repository, branch: &str, url: &str) -> Result<ObjectId, HistoryGap> {
        if let Some(commit) = references::tracked(repository, branch).map_err(HistoryGap::Unreadable)? {
            return Ok(commit);
        }
        let branch = branch.to_owned();
        Err(match self.fetch_line(&Reference::Branch(branch.clone()), url) {
            Some(fetch) => HistoryGap::NotInClone { branch, fetch },
            None => HistoryGap::NoSuchBranch { branch, available: self.branches() },
        })
    }

    fn shallow_gap(&self, commit: ObjectId, url: &str) -> HistoryGap {
        let line = self.fetch_line(&Reference::Commit(commit.to_string()), url);
        HistoryGap::Shallow { fetch: line.unwrap_or_else(|| "fetch --unshallow".to_owned()) }
    }
}

/// The commits whose parents the clone lacks, in order.
fn shallow(repository: &Repository) -> Vec<ObjectId> {
    let file = repository.common_dir().join("shallow");
    let bytes = super::super::read::regular_file(&file).unwrap_or_default();
    let ids = bytes.split(|&byte| byte == b'\n').filter_map(|line| ObjectId::from_hex(line.trim_ascii()).ok());
    let mut ids: Vec<ObjectId> = ids.collect();
    ids.sort_unstable();
    ids
}

fn side(repository: &Repository, branch: &str, tip: ObjectId, found: &Found, who: Who) -> Result<Side, HistoryGap> {
    let mut own: Vec<(i64, ObjectId, usize)> = found.only(who).collect();
    own.sort_unstable_by_key(|&(time, id, _)| (std::cmp::Reverse(time), id));
    let merges = own.iter().filter(|(_, _, parents)| *parents > 1).count();
    let shown = own.iter().take(OwnCommits::SHOWN);
    let newest = shown.map(|&(time, id, parents)| commit(repository, time, id, parents)).collect::<Result<_, _>>()?;
    Ok(Side {
        branch: branch.to_owned(),
        commit: tip.to_string(),
        own: OwnCommits { count: own.len(), merges, newest },
    })
}

fn commit(repository: &Repository, time: i64, id: ObjectId, parents: usize) -> Result<Commit, HistoryGap> {
    let damaged = || HistoryGap::Unreadable(format!("the commit `{id}` is missing or damaged"));
    let object = repository.find_commit(id).map_err(|_| damaged())?;
    let message = object.message_raw().map_err(|_| damaged())?;
    let line = message.split(|&byte| byte == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    let subject = String::from_utf8_lossy(line).trim().chars().take(SUBJECT_LIMIT).collect();
    Ok(Commit { id: id.to_string(), subject, time, is_merge: parents > 1 })
}

/// A path of the repository as one below a folder; `None` if it is elsewhere.
fn below<'p>(folder: &str, path: &'p str) -> Option<&'p str> {
    match folder {
        "" => Some(path),
        _ => path.strip_prefix(folder)?.strip_prefix('/'),
    }
}

/// Whether a folder holds files that count, or is on the way to them.
fn leads_to(folder: &str, path: &str) -> bool {
    folder.is_empty() || path == folder || below(folder, path).is_some() || below(path, folder).is_some()
}

impl Changes {
    /// Sorts what was found, and takes the first.
    fn of(mut paths: Vec<String>, is_cut: bool) -> Self {
        paths.retain(|found| path::is_clean(found));
        paths.sort_unstable();
        paths.dedup();
        Self { paths, is_cut }
    }
}

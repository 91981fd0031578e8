//! Walks from two commits back to what they have in common, newest first, as `git merge-base` and `git rev-list` do.

use std::collections::{BinaryHeap, HashMap};

use gix::{ObjectId, Repository};

use super::super::super::history::HistoryGap;
use super::COMMIT_LIMIT;

/// How many commits are looked at.
const LIMIT: usize = 100_000;

/// How many parents of a commit count; Git itself writes no more than some hundred.
const PARENT_LIMIT: usize = 1_000;

/// From where a commit can be reached.
const BASE: u8 = 1;
const HEAD: u8 = 2;
const BOTH: u8 = BASE | HEAD;
/// It is an ancestor of a common ancestor.
const STALE: u8 = 4;

/// One of the two.
#[derive(Clone, Copy)]
pub(super) enum Who {
    Base = BASE as isize,
    Head = HEAD as isize,
}

/// A walk through the commits of a repository.
pub(super) struct Walk<'a> {
    repository: &'a Repository,
    /// The commits whose parents the clone lacks, sorted.
    shallow: &'a [ObjectId],
    known: HashMap<ObjectId, Known>,
    /// By time, then by id, so that the order is always the same.
    queue: BinaryHeap<(i64, ObjectId)>,
    /// How many in the queue are not stale.
    fresh: usize,
    /// The oldest commit so far that only one of the two reaches.
    oldest_own: i64,
}

/// What is known about a commit.
struct Known {
    flags: u8,
    time: i64,
    parents: Vec<ObjectId>,
    is_queued: bool,
    is_seen: bool,
}

/// What a walk has found.
pub(super) struct Found {
    known: HashMap<ObjectId, Known>,
    /// Newest first.
    pub merge_bases: Vec<ObjectId>,
}

impl Found {
    /// The commits that only one reaches: time, id, number of parents; in no order.
    pub(super) fn only(&self, who: Who) -> impl Iterator<Item = (i64, ObjectId, usize)> {
        let own = self.known.iter().filter(move |(_, known)| known.is_seen && known.flags == who as u8);
        own.map(|(id, known)| (known.time, *id, known.parents.len()))
    }
}

impl<'a> Walk<'a> {
    pub(super) fn new(repository: &'a Repository, shallow: &'a [ObjectId]) -> Self {
        let (known, queue) = (HashMap::new(), BinaryHeap::new());
        Self { repository, shallow, known, queue, fresh: 0, oldest_own: i64::MAX }
    }

    /// Compares two commits.
    ///
    /// # Errors
    /// A commit that is damaged, one whose parents the clone lacks and that decides, or too many commits.
    pub(super) fn run(mut self, base: ObjectId, head: ObjectId) -> Result<Found, HistoryGap> {
        self.mark(base, BASE)?;
        self.mark(head, HEAD)?;
        while let Some((time, id)) = self.queue.pop() {
            // What is queued is common, and older than all that only one has: nothing changes any more.
            if self.fresh == 0 && time < self.oldest_own {
                break;
            }
            self.visit(id)?;
        }
        self.check_cuts()?;
        let is_base = |known: &&Known| known.is_seen && known.flags == BOTH;
        let bases = self.known.iter().filter(|(_, known)| is_base(known)).map(|(id, known)| (known.time, *id));
        let mut bases: Vec<(i64, ObjectId)> = bases.collect();
        bases.sort_unstable_by_key(|&(time, id)| (std::cmp::Reverse(time), id));
        let merge_bases = bases.into_iter().map(|(_, id)| id).collect();
        Ok(Found { known: self.known, merge_bases })
    }

    /// Hands what is known of a commit on to its parents.
    fn visit(&mut self, id: ObjectId) -> Result<(), HistoryGap> {
        let Some(known) = self.known.get_mut(&id) else { return Ok(()) };
        (known.is_queued, known.is_seen) = (false, true);
        let (flags, parents) = (known.flags, known.parents.clone());
        if flags & STALE == 0 {
            self.fresh -= 1;
        }
        if flags & BOTH != BOTH {
            self.oldest_own = self.oldest_own.min(known.time);
        }
        if self.is_cut(&id) {
            // What only one reaches may be common all the same.
            return if flags & BOTH == BOTH { Ok(()) } else { Err(shallow()) };
        }
        let handed = if flags & BOTH == BOTH { flags | STALE } else { flags };
        parents.into_iter().try_for_each(|parent| self.mark(parent, handed))
    }

    /// Adds flags to a commit, and queues it if it had not all of them.
    fn mark(&mut self, id: ObjectId, flags: u8) -> Result<(), HistoryGap> {
        if !self.known.contains_key(&id) {
            if self.known.len() >= LIMIT {
                return Err(HistoryGap::TooLong { limit: LIMIT });
            }
            let read = self.read(id)?;
            self.known.insert(id, read);
        }
        let Some(known) = self.known.get_mut(&id) else { return Ok(()) };
        let new = known.flags | flags;
        if new == known.flags {
            return Ok(());
        }
        let (was_fresh, is_fresh) = (known.is_queued && known.flags & STALE == 0, new & STALE == 0);
        self.fresh = self.fresh + usize::from(is_fresh) - usize::from(was_fresh);
        known.flags = new;
        if !std::mem::replace(&mut known.is_queued, true) {
            self.queue.push((known.time, id));
        }
        Ok(())
    }

    /// A commit that is common and cut off hides its ancestors. Whatever is older than it and reached by one only may be
    /// among these.
    fn check_cuts(&self) -> Result<(), HistoryGap> {
        let cuts = self.known.iter().filter(|(id, known)| known.is_seen && self.is_cut(id));
        let newest = cuts.map(|(_, known)| known.time).max();
        if newest.is_some_and(|cut| cut >= self.oldest_own) { Err(shallow()) } else { Ok(()) }
    }

    fn is_cut(&self, id: &ObjectId) -> bool {
        self.shallow.binary_search(id).is_ok()
    }

    fn read(&self, id: ObjectId) -> Result<Known, HistoryGap> {
        let damaged = || HistoryGap::Unreadable(format!("the commit `{id}` is missing or damaged"));
        // Asked before decoding: a small object can unpack into a huge one.
        let header = self.repository.find_header(id).map_err(|_| damaged())?;
        if !header.kind().is_commit() || header.size() > COMMIT_LIMIT {
            return Err(damaged());
        }
        let commit = self.repository.find_commit(id).map_err(|_| damaged())?;
        let time = commit.time().map_err(|_| damaged())?.seconds;
        let parents = commit.parent_ids().take(PARENT_LIMIT).map(gix::Id::detach).collect();
        Ok(Known { flags: 0, time, parents, is_queued: false, is_seen: false })
    }
}

/// Without the command, which the caller knows.
fn shallow() -> HistoryGap {
    HistoryGap::Shallow { fetch: String::new() }
}

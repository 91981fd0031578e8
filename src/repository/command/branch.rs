//! Commands that change branches: `git push`, `git merge`, `gh pr create`.

use super::arguments::Arguments;
use super::{Action, Reader};
use crate::repository::shell::Word;
use crate::repository::written::{Unread, Written};

/// A change of a branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchChange {
    pub kind: ChangeKind,
    /// The branch or commit that it takes.
    pub from: Written,
    /// The branch that it changes.
    pub to: Written,
    /// `OWNER/NAME`, or the remote; `None`: that of the folder.
    pub repository: Option<Written>,
    /// It may drop commits (`--force`).
    pub is_forced: bool,
}

/// How a branch is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChangeKind {
    Push,
    Merge,
    PullRequest,
    /// The branch is deleted.
    Delete,
}

impl<'a> Reader<'a> {
    pub(super) fn gh(self, words: &'a [Word]) -> Vec<Action> {
        if let Some(stored) = self.stored(words) {
            return vec![Action::Store(stored)];
        }
        const SHORT: &[(&str, &str)] = &[
            ("-B", "base"),
            ("-H", "head"),
            ("-R", "repo"),
            ("-t", "title"),
            ("-b", "body"),
            ("-F", "body-file"),
            ("-l", "label"),
            ("-a", "assignee"),
            ("-r", "reviewer"),
            ("-m", "milestone"),
            ("-p", "project"),
            ("-T", "template"),
        ];
        let arguments = Arguments::read(words, SHORT, &self.snippet.text);
        if !arguments.starts_with(&["pr", "create"]) && !arguments.starts_with(&["pr", "new"]) {
            return Vec::new();
        }
        let written = |flag: &str| arguments.value(flag).map(|word| self.written(word));
        let elsewhere = |why: Unread| Written::elsewhere(why, self.place());
        vec![Action::Change(BranchChange {
            kind: ChangeKind::PullRequest,
            from: written("head").unwrap_or_else(|| elsewhere(Unread::CheckedOutBranch)),
            to: written("base").unwrap_or_else(|| elsewhere(Unread::DefaultBranch)),
            repository: written("repo"),
            is_forced: false,
        })]
    }

    pub(super) fn git(self, words: &'a [Word]) -> Vec<Action> {
        // Flags of git itself come before the sub-command.
        const SHORT: &[(&str, &str)] = &[
            ("-C", "directory"),
            ("-c", "config"),
            ("-o", "push-option"),
            ("-m", "message"),
            ("-s", "strategy"),
            ("-X", "strategy-option"),
        ];
        let arguments = Arguments::read(words, SHORT, &self.snippet.text);
        let Some((verb, rest)) = arguments.positional.split_first() else { return Vec::new() };
        let is_forced = ["force", "-f", "force-with-lease"].iter().any(|flag| arguments.has(flag));
        let changes = match verb.text.as_str() {
            "push" => self.pushed(rest, is_forced, arguments.has("delete") || arguments.has("-d")),
            "merge" => rest.iter().map(|branch| self.merged(branch)).collect(),
            _ => Vec::new(),
        };
        changes.into_iter().map(Action::Change).collect()
    }

    fn merged(self, branch: &Word) -> BranchChange {
        let to = Written::elsewhere(Unread::CheckedOutBranch, self.place());
        BranchChange { kind: ChangeKind::Merge, from: self.written(branch), to, repository: None, is_forced: false }
    }

    fn pushed(self, arguments: &[&Word], is_forced: bool, deletes: bool) -> Vec<BranchChange> {
        let repository = arguments.first().map(|remote| self.written(remote));
        let checked_out = || Written::elsewhere(Unread::CheckedOutBranch, self.place());
        let change =
            |kind, from, to, is_forced| BranchChange { kind, from, to, repository: repository.clone(), is_forced };
        let refspecs = arguments.get(1..).unwrap_or_default();
        if refspecs.is_empty() {
            return vec![change(ChangeKind::Push, checked_out(), checked_out(), is_forced)];
        }
        let pushed = refspecs.iter().map(|refspec| {
            let all = self.written(refspec);
            let (from, to) = halves(&all);
            match from {
                _ if deletes => change(ChangeKind::Delete, checked_out(), branch(all), is_forced),
                Some(from) if from.text.is_empty() => change(ChangeKind::Delete, from, branch(to), is_forced),
                Some(from) => {
                    let is_forced = is_forced || from.text.starts_with('+');
                    change(ChangeKind::Push, branch(from), branch(to), is_forced)
                }
                None if to.is("HEAD") => change(ChangeKind::Push, checked_out(), checked_out(), is_forced),
                None => {
                    let is_forced = is_forced || to.text.starts_with('+');
                    change(ChangeKind::Push, branch(to.clone()), branch(to), is_forced)
                }
            }
        });
        pushed.collect()
    }
}

/// What is before and after the `:` of a refspec. A `:` inside of a variable or an expression does not count.
fn halves(all: &Written) -> (Option<Written>, Written) {
    let mut depth = 0_usize;
    let colon = all.text.char_indices().find(|(_, c)| match c {
        '{' => {
            depth += 1;
            false
        }
        '}' => {
            depth = depth.saturating_sub(1);
            false
        }
        c => *c == ':' && depth == 0,
    });
    let Some((at, _)) = colon else { return (None, all.clone()) };
    let (from, to) = (&all.text[..at], &all.text[at + 1..]);
    // An unread part belongs to the half that shows it.
    let of = |half: &str, other: &str| -> Vec<Unread> {
        let is_here = |unread: &&Unread| match unread {
            Unread::Variable(name) | Unread::Expression(name) | Unread::Placeholder(name) => {
                half.contains(name.as_str()) || !other.contains(name.as_str())
            }
            _ => half.contains(['$', '`', '(']) || !other.contains(['$', '`', '(']),
        };
        all.unread.iter().filter(is_here).cloned().collect()
    };
    let is_literal = all.place.end - all.place.start == u32::try_from(all.text.len()).unwrap_or(u32::MAX);
    let offset = |at: usize| all.place.start + u32::try_from(at).unwrap_or(0);
    let (mut before, mut after) = (all.place, all.place);
    if is_literal {
        (before.end, after.start) = (offset(at), offset(at + 1));
    }
    let from = Written { text: from.into(), unread: of(from, to), place: before };
    let to = Written { text: to.into(), unread: of(&all.text[at + 1..], &from.text), place: after };
    (Some(from), to)
}

/// A branch by its short name.
pub(in crate::repository) fn branch(written: Written) -> Written {
    let short = written.text.trim_start_matches('+');
    let short = short.strip_prefix("refs/heads/").unwrap_or(short);
    match short.len() == written.text.len() {
        true => written,
        false => Written { text: short.into(), ..written },
    }
}

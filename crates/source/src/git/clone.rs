//! What a clone proves. A clone of all branches that lacks a branch proves that there is none; one of a single branch, or
//! one that was cut short (what `actions/checkout` makes), proves nothing, and the line that fetches it is what helps.

use gix::Repository;
use gix::refs::FullNameRef;

use super::super::Reference;
use super::GitRepository;
use super::config::{self, Remote, Settings};
use super::references::names;

/// The remote that a clone has unless it is told otherwise, and below whose name branches are looked for.
const ORIGIN: &str = "origin";
const BRANCHES: &str = "refs/heads/";
const TAGS: &str = "refs/tags/";

/// What a clone lacks, and can fetch.
enum Missing<'a> {
    Branch(&'a str),
    Tag(&'a str),
    /// Of a range of versions, any may be missing.
    Tags,
    Other(&'a str),
    Commit,
}

impl GitRepository {
    /// The arguments of `git` that fetch what a reference names, from `url` if the repository has no remote; `None` if it
    /// proves that there is no such thing.
    pub(in super::super) fn fetch_line(&self, reference: &Reference, url: &str) -> Option<String> {
        let missing = missing(reference)?;
        let repository = self.inner.to_thread_local();
        let common = repository.common_dir();
        let settings = config::read(common);
        let is_shallow = common.join("shallow").metadata().is_ok_and(|file| file.len() > 0);
        let clone = Clone { repository: &repository, settings: &settings, is_shallow, url };
        if clone.holds_all(&missing) { None } else { Some(clone.fetch(&missing)) }
    }
}

/// What is missing; `None` for what no repository can hold.
fn missing(reference: &Reference) -> Option<Missing<'_>> {
    let valid = |prefix: &str, name: &str| <&FullNameRef>::try_from(format!("{prefix}{name}").as_str()).is_ok();
    match reference {
        Reference::Default => Some(Missing::Branch("master")),
        Reference::Branch(name) => valid(BRANCHES, name).then_some(Missing::Branch(name)),
        Reference::Tag(name) => valid(TAGS, name).then_some(Missing::Tag(name)),
        Reference::Semver(_) => Some(Missing::Tags),
        Reference::Commit(id) => gix::hash::Prefix::from_hex(id).is_ok().then_some(Missing::Commit),
        Reference::Name(name) => match (name.strip_prefix(BRANCHES), name.strip_prefix(TAGS)) {
            (Some(branch), _) => valid(BRANCHES, branch).then_some(Missing::Branch(branch)),
            (_, Some(tag)) => valid(TAGS, tag).then_some(Missing::Tag(tag)),
            _ => (name.starts_with("refs/") && valid("", name)).then_some(Missing::Other(name)),
        },
    }
}

struct Clone<'a> {
    repository: &'a Repository,
    settings: &'a Settings,
    is_shallow: bool,
    /// Where it comes from, if it does not know.
    url: &'a str,
}

impl Clone<'_> {
    fn holds_all(&self, missing: &Missing<'_>) -> bool {
        let remotes = &self.settings.remotes;
        // Nothing was fetched: the repository is the origin itself, or a copy of it.
        if remotes.is_empty() {
            return !self.is_shallow;
        }
        !self.is_shallow
            && match missing {
                Missing::Branch(name) => self.has_all_branches() && self.remote_with(name).is_none(),
                Missing::Commit => self.has_all_branches(),
                Missing::Tag(_) | Missing::Tags => {
                    self.has_all_branches()
                        && remotes
                            .iter()
                            .all(|remote| remote.tags.as_deref() != Some("--no-tags") || covers(remote, TAGS))
                }
                Missing::Other(_) => remotes.iter().all(|remote| covers(remote, "refs/")),
            }
    }

    /// Whether all branches of all remotes were fetched once.
    fn has_all_branches(&self) -> bool {
        self.settings.remotes.iter().all(|remote| {
            // `git clone --bare` copies all branches, and configures nothing.
            let is_copy = self.settings.is_bare && remote.fetch.is_empty();
            is_copy || covers(remote, BRANCHES) && (!is_tracking(remote) || self.was_fetched(remote))
        })
    }

    /// Whether a fetch of all branches left its traces. `git fetch origin main` leaves a single branch, whatever is
    /// configured; only a clone, or a fetch of everything, also says which one is the default.
    fn was_fetched(&self, remote: &Remote) -> bool {
        let branches = names(self.repository, &format!("refs/remotes/{}/", remote.name));
        branches.len() > 1
    }

    /// Another remote than the one whose branches are read, if it has a branch of a name.
    fn remote_with(&self, branch: &str) -> Option<&Remote> {
        let has = |remote: &&Remote| {
            names(self.repository, &format!("refs/remotes/{}/", remote.name)).iter().any(|name| name == branch)
        };
        self.settings.remotes.iter().find(has)
    }

    /// What comes after `git -C PATH`. Branches go where they are looked for: a plain `git fetch origin main` may only
    /// write `FETCH_HEAD`.
    fn fetch(&self, missing: &Missing<'_>) -> String {
        let remotes = &self.settings.remotes;
        let origin = || remotes.iter().find(|remote| remote.name == ORIGIN).or(remotes.first());
        let remote = match missing {
            Missing::Branch(name) => self.remote_with(name).or_else(origin),
            _ => origin(),
        };
        let name = quoted(remote.map_or(self.url, |remote| &remote.name));
        let to = |from: &str, to: &str| format!("fetch {name} {}", quoted(&format!("{from}:{to}")));
        match missing {
            Missing::Branch(branch) if self.settings.is_bare => to(branch, &format!("{BRANCHES}{branch}")),
            Missing::Branch(branch) => to(branch, &format!("refs/remotes/{ORIGIN}/{branch}")),
            Missing::Tag(tag) => format!("fetch {name} tag {}", quoted(tag)),
            Missing::Tags => format!("fetch --tags {name}"),
            Missing::Other(reference) => to(reference, reference),
            Missing::Commit => self.fetch_history(remote, &name),
        }
    }

    /// All commits of all branches.
    fn fetch_history(&self, remote: Option<&Remote>, name: &str) -> String {
        let unshallow = if self.is_shallow { "fetch --unshallow" } else { "fetch" };
        match remote.is_some_and(|remote| covers(remote, BRANCHES)) {
            true if self.is_shallow => unshallow.to_owned(),
            _ => format!("{unshallow} {name} {}", quoted(&format!("+{BRANCHES}*:refs/remotes/{ORIGIN}/*"))),
        }
    }
}

/// Whether a remote is fetched into branches of its own, as opposed to a mirror.
fn is_tracking(remote: &Remote) -> bool {
    remote.fetch.iter().any(|refspec| refspec.contains(":refs/remotes/"))
}

/// Whether all references of a prefix are fetched into the repository.
fn covers(remote: &Remote, prefix: &str) -> bool {
    let refspecs = || remote.fetch.iter().map(|refspec| refspec.trim_start_matches('+'));
    let has_exceptions = refspecs().any(|refspec| refspec.starts_with('^'));
    let covers = |refspec: &str| {
        let Some((from, to)) = refspec.split_once(':') else { return false };
        let from = from.strip_suffix('*').filter(|_| to.ends_with('*'));
        from.is_some_and(|from| prefix.starts_with(from) && from.starts_with("refs/"))
    };
    !has_exceptions && refspecs().any(covers)
}

/// A word of a shell's command line.
pub(in super::super) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+:@%,=".contains(c);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refspecs_cover_what_they_fetch() {
        let cases: &[(&[&str], bool, bool)] = &[
            (&["+refs/heads/*:refs/remotes/origin/*"], true, false),
            (&["refs/heads/*:refs/heads/*"], true, false),
            (&["+refs/*:refs/*"], true, true),
            (&["+refs/heads/main:refs/remotes/origin/main"], false, false),
            (&["+refs/heads/main:refs/remotes/origin/main", "+refs/heads/*:refs/remotes/origin/*"], true, false),
            (&["+refs/heads/*:refs/remotes/origin/*", "^refs/heads/x"], false, false),
            (&["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"], true, true),
            (&["+refs/heads/release-*:refs/remotes/origin/release-*"], false, false),
            (&["refs/heads/*"], false, false),
            (&[], false, false),
        ];
        for (fetch, branches, tags) in cases {
            let fetch = fetch.iter().map(|&refspec| refspec.to_owned()).collect();
            let remote = Remote { fetch, ..Remote::default() };
            assert_eq!((covers(&remote, BRANCHES), covers(&remote, TAGS)), (*branches, *tags), "{:?}", remote.fetch);
        }
    }

    #[test]
    fn words_are_quoted_where_a_shell_would_read_them() {
        assert_eq!(quoted("../a-b/é.git"), "../a-b/é.git");
        assert_eq!(quoted("my apps"), "'my apps'");
        assert_eq!(quoted("$(x)'"), r"'$(x)'\'''");
        assert_eq!(quoted(""), "''");
    }
}

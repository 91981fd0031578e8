//! What a source asks for, and what `--source` offers.

use std::fmt;
use std::path::{Path, PathBuf};

use super::url;

/// `spec.ref` of a source, after its precedence.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Reference {
    /// No `spec.ref`: the branch `master`, as in source-controller.
    Default,
    Branch(String),
    Tag(String),
    /// A range of versions; the highest tag in it.
    Semver(String),
    /// A full reference: `refs/heads/x`, `refs/tags/x`.
    Name(String),
    /// A commit, possibly abbreviated.
    Commit(String),
}

impl Reference {
    /// The same in the shortest way to say it: `refs/heads/x` is the branch `x`, `refs/tags/x` the tag, and no reference is
    /// the branch `master`.
    pub fn canonical(self) -> Self {
        match self {
            Self::Default => Self::Branch("master".to_owned()),
            Self::Name(name) => match (name.strip_prefix("refs/heads/"), name.strip_prefix("refs/tags/")) {
                (Some(branch), _) => Self::Branch(branch.to_owned()),
                (_, Some(tag)) => Self::Tag(tag.to_owned()),
                _ => Self::Name(name),
            },
            other => other,
        }
    }

    /// What is written in the source, without the kind of it; `master` where nothing is.
    pub fn name(&self) -> &str {
        match self {
            Self::Default => "master",
            Self::Branch(name) | Self::Tag(name) | Self::Semver(name) | Self::Name(name) | Self::Commit(name) => name,
        }
    }

    /// The branch that it names, if it names one.
    pub fn branch(&self) -> Option<String> {
        match self.clone().canonical() {
            Self::Branch(name) => Some(name),
            _ => None,
        }
    }
}

/// What an argument is read at, and for which sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Selector {
    /// At what the source names.
    Named,
    /// At this branch, tag or commit, whatever the source names.
    Revision(String),
    /// The working tree, for sources that name this branch.
    Worktree(String),
    /// The commit that is checked out, for sources that name this branch.
    Head(String),
}

impl Selector {
    /// What follows the `@`.
    pub(super) fn parse(revision: Option<&str>) -> Result<Self, String> {
        let Some(revision) = revision else { return Ok(Self::Named) };
        match revision.rsplit_once(':') {
            None => Ok(Self::Revision(revision.to_owned())),
            Some((branch, "worktree")) if !branch.is_empty() => Ok(Self::Worktree(short(branch))),
            Some((branch, "HEAD")) if !branch.is_empty() => Ok(Self::Head(short(branch))),
            _ => Err(format!(
                "`{revision}` is not a revision: write a branch, tag or commit, `BRANCH:worktree` or `BRANCH:HEAD`"
            )),
        }
    }

    /// What tells two arguments of one URL apart: the branch that they are given for.
    pub(super) fn target(&self) -> Option<String> {
        match self {
            Self::Named => None,
            Self::Revision(name) | Self::Worktree(name) | Self::Head(name) => Some(short(name)),
        }
    }
}

impl fmt::Display for Selector {
    /// As it is written after the `@`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named => Ok(()),
            Self::Revision(revision) => formatter.write_str(revision),
            Self::Worktree(branch) => write!(formatter, "{branch}:worktree"),
            Self::Head(branch) => write!(formatter, "{branch}:HEAD"),
        }
    }
}

/// A branch or tag without `refs/heads/` or `refs/tags/`.
fn short(name: &str) -> String {
    let name = name.strip_prefix("refs/heads/").or_else(|| name.strip_prefix("refs/tags/")).unwrap_or(name);
    name.to_owned()
}

/// `--source URL=PATH[@REV]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceArgument {
    pub url: String,
    pub path: PathBuf,
    /// The branch, tag or commit to read instead of what the source names; `BRANCH:worktree` and `BRANCH:HEAD` for what is
    /// checked out, which then stands for that branch only.
    pub revision: Option<String>,
}

impl SourceArgument {
    /// Splits at the first `=`. If all that follows exists, it is the path, else the revision is what follows the last
    /// `@`.
    ///
    /// # Errors
    /// If one of the parts is missing; the text says which.
    pub fn parse(text: &str) -> Result<Self, String> {
        let expected = "expected `URL=PATH` or `URL=PATH@REV`";
        let (url, rest) = text.split_once('=').ok_or_else(|| format!("`{text}` has no `=`: {expected}"))?;
        if url.is_empty() {
            return Err(format!("`{text}` has no URL: {expected}"));
        }
        if let Some((bare, _)) = url.split_once('?') {
            return Err(format!("`{bare}` is followed by a query: leave out `?` and what follows it"));
        }
        let (path, revision) = match rest.rsplit_once('@') {
            Some((path, revision)) if !Path::new(rest).exists() => (path, Some(revision)),
            _ => (rest, None),
        };
        if path.is_empty() {
            return Err(format!("`{text}` has no path: {expected}"));
        }
        if revision == Some("") {
            return Err(format!("`{text}` has no revision after `@`: {expected}"));
        }
        Selector::parse(revision).map_err(|why| format!("`{text}`: {why}"))?;
        Ok(Self { url: url.to_owned(), path: path.into(), revision: revision.map(str::to_owned) })
    }

    /// Whether two arguments give one URL for the same branch.
    pub fn conflicts_with(&self, other: &Self) -> bool {
        let target = |argument: &Self| Selector::parse(argument.revision.as_deref()).map(|it| it.target());
        url::same(&self.url, &other.url) && target(self) == target(other)
    }
}

impl fmt::Display for SourceArgument {
    /// As it is written, but for the credentials that a URL may hold.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let revision = self.revision.iter().map(|revision| format!("@{revision}")).collect::<String>();
        write!(formatter, "{}={}{revision}", url::without_user(&self.url), self.path.display())
    }
}

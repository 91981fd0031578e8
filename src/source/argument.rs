//! What a source asks for, and what `--source` offers.

use std::path::{Path, PathBuf};

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

/// `--source URL=PATH[@REV]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceArgument {
    pub url: String,
    pub path: PathBuf,
    /// The branch, tag or commit to read instead of what the source names.
    pub revision: Option<String>,
}

impl SourceArgument {
    /// Splits at the first `=`. If all that follows exists, it is the path, else the revision is what follows the last
    /// `@` (contract, "Options").
    ///
    /// # Errors
    /// If one of the parts is missing; the text says which.
    pub fn parse(text: &str) -> Result<Self, String> {
        let expected = "expected `URL=PATH` or `URL=PATH@REV`";
        let (url, rest) = text.split_once('=').ok_or_else(|| format!("`{text}` has no `=`: {expected}"))?;
        if url.is_empty() {
            return Err(format!("`{text}` has no URL: {expected}"));
        }
        let (path, revision) = match rest.rsplit_once('@') {
            Some((path, revision)) if !Path::new(rest).exists() => (path, Some(revision)),
            _ => (rest, None),
        };
        if path.is_empty() {
            return Err(format!("`{text}` has no path: {expected}"));
        }
        if revision == Some("") {
            return Err(format!("`{text}` has no revision behind `@`: {expected}"));
        }
        Ok(Self { url: url.to_owned(), path: path.into(), revision: revision.map(str::to_owned) })
    }
}

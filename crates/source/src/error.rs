//! Why a source could not be opened. These end the run; what happens after opening is a finding.

use std::path::PathBuf;

/// Why a folder or repository could not be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    #[error("`{}` does not exist", path.display())]
    NotFound { path: PathBuf },
    #[error("`{}` is not a folder; name the folder that holds it", path.display())]
    NotAFolder { path: PathBuf },
    #[error("the path `{}` is not UTF-8; rename it or use another path", path.display())]
    NotUtf8 { path: PathBuf },
    #[error("`{}` has more than {limit} files", path.display())]
    TooManyFiles { path: PathBuf, limit: usize },
    #[error("`{}` is not a Git repository and has no revision `{revision}`; leave `@{revision}` out", path.display())]
    NoRevisions { path: PathBuf, revision: String },
    #[error("`{}` is a bare repository and has no working tree; use `@{branch}:HEAD`", path.display())]
    NoWorkingTree { path: PathBuf, branch: String },
    #[error("{0}")]
    NotARevision(String),
    #[error("`{}` has no branch, tag or commit `{revision}`; {}{}", path.display(), has(available), or_fetch(fetch))]
    NoSuchRevision {
        path: PathBuf,
        revision: String,
        available: Vec<String>,
        /// The command line that fetches it, where the clone holds a part of the repository only.
        fetch: Option<String>,
    },
    #[error("`{url}` is given twice {}; remove one", for_branch(branch))]
    GivenTwice { url: String, branch: Option<String> },
    #[error("`{}` has no commit yet", path.display())]
    NoCommit { path: PathBuf },
    #[error("`{}` is not a clone: no remote says which source of the fleet it is; use `--source URL=PATH@BRANCH:worktree`", path.display())]
    NoClone { path: PathBuf },
    #[error(
        "`{0}` has no branch checked out; say which branch it stands for: `--tenant-repo {0}@main`, in GitHub Actions `--tenant-repo {0}@${{{{ github.base_ref }}}}`",
        path.display()
    )]
    Detached { path: PathBuf },
    /// What is wrong with an argument of the command line, as it was written.
    #[error("`--source {argument}`: {why}")]
    Argument { argument: String, why: Box<OpenError> },
    #[error("`{}` cannot be read: {reason}", path.display())]
    Unreadable { path: PathBuf, reason: String },
}

/// References that an error names.
const MAX_NAMES: usize = 10;

fn has(available: &[String]) -> String {
    let names: Vec<String> = available.iter().take(MAX_NAMES).map(|name| format!("`{name}`")).collect();
    match (names.is_empty(), available.len().saturating_sub(MAX_NAMES)) {
        (true, _) => "it has none".to_owned(),
        (false, 0) => format!("it has {}", names.join(", ")),
        (false, more) => format!("it has {} and {more} more", names.join(", ")),
    }
}

fn or_fetch(line: &Option<String>) -> String {
    line.as_ref().map(|line| format!(", and is not a complete clone; run `{line}`")).unwrap_or_default()
}

fn for_branch(branch: &Option<String>) -> String {
    branch.as_ref().map_or_else(|| "for all branches".to_owned(), |branch| format!("for `{branch}`"))
}

impl OpenError {
    /// The same, with the argument of the command line where that is what is wrong.
    pub(super) fn of_argument(self, argument: &dyn std::fmt::Display) -> Self {
        match self {
            Self::NoWorkingTree { .. }
            | Self::NotARevision(_)
            | Self::NoSuchRevision { .. }
            | Self::GivenTwice { .. } => Self::Argument { argument: argument.to_string(), why: Box::new(self) },
            _ => self,
        }
    }

    /// What the file system says about a path.
    pub(super) fn from_io(path: &std::path::Path, error: &std::io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            std::io::ErrorKind::NotFound => Self::NotFound { path },
            _ => Self::Unreadable { path, reason: error.to_string() },
        }
    }
}

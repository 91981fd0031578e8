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
    #[error("`{}` is no Git repository and has no revision `{revision}`; leave `@{revision}` out", path.display())]
    NoRevisions { path: PathBuf, revision: String },
    #[error("`{}` cannot be read: {reason}", path.display())]
    Unreadable { path: PathBuf, reason: String },
}

impl OpenError {
    /// What the file system says about a path.
    pub(super) fn from_io(path: &std::path::Path, error: &std::io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            std::io::ErrorKind::NotFound => Self::NotFound { path },
            _ => Self::Unreadable { path, reason: error.to_string() },
        }
    }
}

//! `.gitignore` files, folder by folder. Links are not followed: what they lead to is not a part of the repository, and may
//! never end.

use std::path::Path;
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::read::regular_file;

/// The rules in force in a folder: its own, and those of the folders above it.
#[derive(Clone, Default)]
pub(super) struct Rules {
    innermost: Option<Arc<Level>>,
}

struct Level {
    rules: Gitignore,
    above: Option<Arc<Level>>,
}

impl Rules {
    /// The rules above a folder, from the top of its work tree on; the folder's own are not among them.
    pub(super) fn above(folder: &Path, top: &Path) -> Self {
        let above: Vec<&Path> = folder.ancestors().skip(1).take_while(|above| above.starts_with(top)).collect();
        above.into_iter().rev().fold(Self::default(), |rules, folder| rules.inside(folder))
    }

    /// These rules and those of a folder.
    pub(super) fn inside(&self, folder: &Path) -> Self {
        let Some(rules) = read(folder) else { return self.clone() };
        Self { innermost: Some(Arc::new(Level { rules, above: self.innermost.clone() })) }
    }

    /// Whether a path in the folder is ignored: the innermost rule that says something decides.
    pub(super) fn ignore(&self, path: &Path, is_folder: bool) -> bool {
        let mut level = self.innermost.as_ref();
        while let Some(Level { rules, above }) = level.map(Arc::as_ref) {
            match rules.matched(path, is_folder) {
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
                Match::None => level = above.as_ref(),
            }
        }
        false
    }
}

/// The rules of a folder's own file. What cannot be read, or is not a pattern, ignores nothing.
fn read(folder: &Path) -> Option<Gitignore> {
    let path = folder.join(".gitignore");
    if !path.symlink_metadata().ok()?.is_file() {
        return None;
    }
    let bytes = regular_file(&path).ok()?;
    let text = String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes));
    let mut builder = GitignoreBuilder::new(folder);
    for line in text.lines() {
        // A line that is not a pattern matches nothing, as in Git.
        let _ = builder.add_line(None, line);
    }
    builder.build().ok().filter(|rules| !rules.is_empty())
}

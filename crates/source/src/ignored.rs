//! What the `.gitignore` files of a tree say about paths that the tree need not hold.

use std::path::Path;

use ignore::gitignore::GitignoreBuilder;

use super::Tree;
use super::path::parent;

impl Tree {
    /// Whether a `.gitignore` of the tree names a path: a file there is made by whoever needs it, and never in Git. The
    /// innermost file that says something decides.
    pub fn is_ignored(&self, path: &str) -> bool {
        let folders = std::iter::successors(parent(path), |folder| parent(folder));
        folders.into_iter().find_map(|folder| self.verdict(folder, path)).unwrap_or_default()
    }

    /// What the `.gitignore` of a folder says about a path below it.
    fn verdict(&self, folder: &str, path: &str) -> Option<bool> {
        let file = self.file(&super::path::join(folder, ".gitignore")).ok()?;
        let mut builder = GitignoreBuilder::new(Path::new("/").join(folder));
        for line in file.text()?.trim_start_matches('\u{feff}').lines() {
            // A line that is not a pattern matches nothing, as in Git.
            let _ = builder.add_line(None, line);
        }
        let rules = builder.build().ok()?;
        let found = rules.matched_path_or_any_parents(Path::new("/").join(path), false);
        (!found.is_none()).then(|| found.is_ignore())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::Files;

    #[test]
    fn the_innermost_gitignore_decides() {
        let files = [(".gitignore", "*.secret\nbuild/\n"), ("a/.gitignore", "!keep.secret\n/own.env\n[\n")];
        let contents = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).to_vec();
        let tree = Tree::of_files(Arc::new(Files::default()), "r".into(), contents);
        for path in ["x.secret", "a/b/x.secret", "build/x.yaml", "a/own.env"] {
            assert!(tree.is_ignored(path), "{path}");
        }
        for path in ["", "x.yaml", "a/keep.secret", "a/b/own.env", "own.env"] {
            assert!(!tree.is_ignored(path), "{path}");
        }
    }
}

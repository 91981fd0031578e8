//! Which texts hold a path as a word of its own. Each text is split into words once, whatever the number of paths.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use crate::source::{File, Tree};

/// Texts of a repository, by file, as far as somebody has asked.
pub(super) struct Words<'t> {
    tree: &'t Tree,
    texts: HashMap<String, Option<Split>>,
    hasher: RandomState,
}

/// A file, and the hashes of its words.
type Split = (Arc<File>, HashSet<u64>);

impl<'t> Words<'t> {
    /// The texts of a tree.
    pub(super) fn of(tree: &'t Tree) -> Self {
        Self { tree, texts: HashMap::new(), hasher: RandomState::new() }
    }

    /// Whether a file holds one of some paths as a word of its own. A file that cannot be read holds none.
    pub(super) fn hold(&mut self, file: &str, paths: &[&str]) -> bool {
        if !self.texts.contains_key(file) {
            let read = self.read(file);
            self.texts.insert(file.to_owned(), read);
        }
        let Some(Some((file, words))) = self.texts.get(file) else { return false };
        let may_hold = |path: &str| words_in(path).all(|word| words.contains(&self.hasher.hash_one(word)));
        let text = file.text().unwrap_or_default();
        paths.iter().any(|path| may_hold(path) && holds_path(text, path))
    }

    fn read(&self, path: &str) -> Option<Split> {
        let file = self.tree.file(path).ok()?;
        let words = words_in(file.text()?).map(|word| self.hasher.hash_one(word)).collect();
        Some((file, words))
    }
}

/// The words of a text without the `./` before and the `/` after them, which a path may have or not.
fn words_in(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c| !is_part(c));
    words.map(|word| word.trim_start_matches(['/', '.']).trim_end_matches('/')).filter(|word| !word.is_empty())
}

/// Whether a text holds a path as a word of its own.
fn holds_path(text: &str, path: &str) -> bool {
    text.match_indices(path).any(|(index, _)| {
        let before = text[..index].trim_end_matches(['/', '.']);
        let after = text[index + path.len()..].trim_start_matches('/');
        !before.ends_with(is_part) && !after.starts_with(is_part)
    })
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_a_text_holds_has_its_words_in_it() {
        let texts = ["path: ./clusters/prod/", "a/b@c/d, ../.hidden/x", "(é/ü)", "x/y/z", "/./a", "p q/r//s"];
        let paths =
            ["clusters/prod", "b@c", "a/b@c/d", ".hidden/x", "hidden/x", "é/ü", "y/z", "a", "p q/r", "prod", "s"];
        for (text, path) in texts.iter().flat_map(|text| paths.iter().map(move |path| (text, path))) {
            let words: HashSet<&str> = words_in(text).collect();
            let may_hold = words_in(path).all(|word| words.contains(word));
            assert!(may_hold || !holds_path(text, path), "{text} {path}");
        }
        assert!(holds_path("path: ./clusters/prod/", "clusters/prod") && !holds_path("x/y/z", "y/z"));
    }
}

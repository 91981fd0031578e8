//! Paths as discovery compares them: patterns, similar folders, inactive folders (discovery.md, sections 2 and 3).

use std::sync::LazyLock;

use regex::Regex;

use crate::near;
use crate::source::path::{join, parent};
use crate::source::{EntryKind, Tree};

/// Folders whose subfolders hold nothing that a cluster syncs today.
const INACTIVE: [&str; 12] = [
    "archive",
    ".archive",
    "_archive",
    "archived",
    "example",
    "examples",
    "template",
    "templates",
    "tmpl",
    "tests",
    "testdata",
    ".git",
];

/// Segments are compared by edits from this length on; shorter ones have to be equal.
const MIN_SEGMENT: usize = 3;

/// Whether a path is a folder.
pub(super) fn is_folder(tree: &Tree, path: &str) -> bool {
    tree.entry(path) == Some(EntryKind::Folder)
}

/// Whether a path is a folder or is below it.
pub(in crate::fleet) fn is_in(path: &str, folder: &str) -> bool {
    folder.is_empty() || path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether a file is in a subfolder of an inactive folder. The folder that directly holds it may have any name, because
/// a cluster may be named `template`.
pub(in crate::fleet) fn is_inactive(file: &str) -> bool {
    let folders = parent(file).and_then(parent).unwrap_or_default();
    folders.split('/').any(|segment| INACTIVE.contains(&segment))
}

/// Whether a folder of candidates is inactive or is in an inactive one, apart from its own name.
pub(super) fn is_inactive_folder(folder: &str) -> bool {
    parent(folder).unwrap_or_default().split('/').any(|segment| INACTIVE.contains(&segment))
}

/// Whether a folder holds tests: unlike `template` and `example` that is the name of no cluster.
pub(super) fn is_for_tests(folder: &str) -> bool {
    matches!(folder.rsplit('/').next(), Some("tests" | "testdata"))
}

/// Whether a path holds a variable of Flux or of a template: `${…}`, `{{…}}`.
pub(super) fn has_variable(path: &str) -> bool {
    path.contains("${") || path.contains("{{")
}

/// Whether a path holds a placeholder that a person has to replace: `{…}`, `<…>`, a segment in capitals.
pub(super) fn has_placeholder(path: &str) -> bool {
    let is_word = |segment: &str| {
        segment.len() > 1
            && segment.chars().any(|c| c.is_ascii_uppercase())
            && segment.chars().all(|c| c.is_ascii_uppercase() || matches!(c, '_' | '-'))
    };
    let is_plain = !has_variable(path);
    is_plain && (path.contains(['{', '<', '>']) || path.split('/').any(is_word))
}

/// Whether every segment of a path holds a variable.
pub(super) fn is_open_pattern(path: &str) -> bool {
    let segments: Vec<&str> = path.split('/').filter(|segment| !matches!(*segment, "" | ".")).collect();
    segments.iter().all(|segment| has_variable(segment) || segment.contains('}'))
}

/// The folders that fit a path with variables, sorted; each variable stands for any part of one segment.
pub(super) fn matching_folders(tree: &Tree, pattern: &str) -> Vec<String> {
    static VARIABLE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\$\{[^}]*\}|\{\{.*?\}\}").ok());
    let Some(variable) = VARIABLE.as_ref() else { return Vec::new() };
    // Variables may hold `/` (`{{ .path/x }}`), so they are taken out before the path is split.
    let pattern = variable.replace_all(pattern, "\u{0}");
    let mut found = vec![String::new()];
    for segment in pattern.split('/').filter(|segment| !matches!(*segment, "" | ".")) {
        found = found.iter().flat_map(|folder| children_like(tree, folder, segment)).collect();
    }
    found
}

fn children_like(tree: &Tree, folder: &str, segment: &str) -> Vec<String> {
    if !segment.contains('\u{0}') {
        let path = join(folder, segment);
        return if is_folder(tree, &path) { vec![path] } else { Vec::new() };
    }
    let parts: Vec<&str> = segment.split('\u{0}').collect();
    let folders = tree.folder(folder).into_iter().filter(|(_, kind)| *kind == EntryKind::Folder);
    folders.filter(|(name, _)| fits(name, &parts)).map(|(name, _)| join(folder, &name)).collect()
}

/// Whether a name consists of these parts with something between them.
fn fits(name: &str, parts: &[&str]) -> bool {
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return false };
    let inner = name.strip_prefix(first).and_then(|rest| rest.strip_suffix(last));
    let Some(inner) = inner else { return false };
    let middle = parts.get(1..parts.len().saturating_sub(1)).unwrap_or_default();
    middle.iter().try_fold(inner, |rest, part| rest.find(part).map(|index| &rest[index + part.len()..])).is_some()
}

/// Whether two paths differ only in case, or by a typo in one segment: at most two characters, and not half of it.
pub(super) fn is_similar(left: &str, right: &str) -> bool {
    if left == right || left.split('/').count() != right.split('/').count() {
        return false;
    }
    if left.to_lowercase() == right.to_lowercase() {
        return true;
    }
    let mut different = left.split('/').zip(right.split('/')).filter(|(left, right)| left != right);
    let first = different.next();
    different.next().is_none() && first.is_some_and(|(left, right)| is_slip(left, right))
}

fn is_slip(left: &str, right: &str) -> bool {
    let length = left.chars().count();
    let edits = near::edit_distance(left, right);
    length >= MIN_SEGMENT && edits <= 2 && edits * 2 <= length
}

/// The folder that is most similar to a path that does not exist, if there is one. One that is taken, because a root syncs
/// it, is meant only where no other one is.
pub(in crate::fleet) fn similar_folder(tree: &Tree, path: &str, is_taken: &dyn Fn(&str) -> bool) -> Option<String> {
    let mut found: Vec<(usize, String)> = vec![(0, String::new())];
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        found = found.iter().flat_map(|(edits, folder)| similar_children(tree, folder, *edits, segment)).collect();
    }
    found.retain(|(_, folder)| is_similar(folder, path));
    found.into_iter().min_by_key(|(edits, folder)| (is_taken(folder), *edits, folder.clone())).map(|(_, folder)| folder)
}

/// Whether some folder is similar to a path that does not exist.
pub(super) fn has_similar_folder(tree: &Tree, path: &str) -> bool {
    similar_folder(tree, path, &|_| false).is_some()
}

fn similar_children(tree: &Tree, folder: &str, edits: usize, segment: &str) -> Vec<(usize, String)> {
    let exact = join(folder, segment);
    if is_folder(tree, &exact) {
        return vec![(edits, exact)];
    }
    let folders = tree.folder(folder).into_iter().filter(|(_, kind)| *kind == EntryKind::Folder);
    let near = folders.filter_map(|(name, _)| {
        let is_case = name.to_lowercase() == segment.to_lowercase();
        (is_case || is_slip(segment, &name)).then(|| (edits + near::edit_distance(segment, &name), join(folder, &name)))
    });
    near.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similar_paths_differ_in_case_or_by_a_slip_in_one_segment() {
        let similar =
            [("app", "apps"), ("clusters/prod", "Clusters/Prod"), ("a/staging/x", "a/stagign/x"), ("prod", "prd")];
        similar.iter().for_each(|(left, right)| assert!(is_similar(left, right), "{left} {right}"));
        let different =
            [("a", "b"), ("apps/y", "apps/x"), ("web", "dev"), ("a/b", "a/b/c"), ("x", "x"), ("aps/wbe", "app/web")];
        different.iter().for_each(|(left, right)| assert!(!is_similar(left, right), "{left} {right}"));
    }

    #[test]
    fn the_folder_that_holds_a_file_may_have_any_name() {
        assert!(is_inactive("clusters/template/flux-system/gotk-sync.yaml"));
        assert!(!is_inactive("clusters/template/ks.yaml"));
        assert!(is_inactive("examples/a/b.yaml"));
        assert!(!is_inactive("examples.yaml"));
    }

    #[test]
    fn placeholders_are_words_in_capitals_or_brackets() {
        ["clusters/CLUSTER", "clusters/<name>", "clusters/{name}", "MY_CLUSTER"]
            .iter()
            .for_each(|it| assert!(has_placeholder(it), "{it}"));
        ["clusters/prod", "Clusters/EU1", "clusters/${CLUSTER}", "clusters/{{ .name }}", "a/B"]
            .iter()
            .for_each(|it| assert!(!has_placeholder(it), "{it}"));
    }
}

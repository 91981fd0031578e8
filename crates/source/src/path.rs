//! Paths inside a tree: relative to its root, with `/`, without `.` and `..`; the root is `""`.

use std::path::{Component, Path};

/// A path without `.`, `..`, doubled or outer slashes; `None` if it leads out of the root. Purely by its text, as Go's
/// `filepath.Clean`: symbolic links are not looked at.
pub fn clean(path: &str) -> Option<String> {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop()?;
            }
            _ => segments.push(segment),
        }
    }
    Some(segments.join("/"))
}

/// Whether a path is as [`clean`] would make it; the usual case, told without allocating.
pub(super) fn is_clean(path: &str) -> bool {
    path.is_empty() || path.split('/').all(|segment| !matches!(segment, "" | "." | ".."))
}

/// `name` in `folder`.
pub fn join(folder: &str, name: &str) -> String {
    match (folder, name) {
        ("", _) => name.to_owned(),
        (_, "") => folder.to_owned(),
        _ => format!("{folder}/{name}"),
    }
}

/// The folder that holds a path; `None` for the root.
pub fn parent(path: &str) -> Option<&str> {
    if path.is_empty() {
        return None;
    }
    Some(path.rsplit_once('/').map_or("", |(folder, _)| folder))
}

/// How a person at `base` names `path`, with `..` where needed; `.` for `base` itself.
pub(super) fn relative(base: &str, path: &str) -> String {
    let segments = |path: &str| path.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect();
    let (base, path): (Vec<String>, Vec<String>) = (segments(base), segments(path));
    let common = base.iter().zip(&path).take_while(|(left, right)| left == right).count();
    let up = std::iter::repeat_n("..", base.len() - common);
    let steps: Vec<&str> = up.chain(path.iter().skip(common).map(String::as_str)).collect();
    if steps.is_empty() { ".".to_owned() } else { steps.join("/") }
}

/// A file system path below `root` as a path of the tree; `None` if it is not below or not UTF-8.
pub(super) fn below(root: &Path, path: &Path) -> Option<String> {
    let rest = path.strip_prefix(root).ok()?;
    let mut segments = Vec::new();
    for component in rest.components() {
        match component {
            Component::Normal(name) => segments.push(name.to_str()?),
            Component::CurDir => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(segments.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleans_by_text() {
        assert_eq!(clean("./a//b/../c/").as_deref(), Some("a/c"));
        assert_eq!(clean("..").as_deref(), None);
        assert_eq!(clean("a/../..").as_deref(), None);
        assert_eq!(clean(".").as_deref(), Some(""));
    }

    #[test]
    fn names_a_path_from_elsewhere() {
        assert_eq!(relative("a/b", "a/b/c.yaml"), "c.yaml");
        assert_eq!(relative("a/b", "a/x/c.yaml"), "../x/c.yaml");
        assert_eq!(relative("", "a"), "a");
        assert_eq!(relative("a", "a"), ".");
    }

    #[test]
    fn knows_parents() {
        assert_eq!(parent("a/b"), Some("a"));
        assert_eq!(parent("a"), Some(""));
        assert_eq!(parent(""), None);
    }
}

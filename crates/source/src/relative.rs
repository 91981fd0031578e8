//! Paths as a person writes them in a folder: for reports, whose files one wants to open.

use std::path::{Component, Path};

/// The path of a folder or file as it is written in another folder, with `/` and `..`; `.` for that folder itself. Symbolic
/// links are followed. `None` where one of the two does not exist, or is on another drive, or is not UTF-8.
pub fn relative_path(path: &Path, folder: &Path) -> Option<String> {
    let (path, folder) = (path.canonicalize().ok()?, folder.canonicalize().ok()?);
    let (to, from): (Vec<Component<'_>>, Vec<Component<'_>>) =
        (path.components().collect(), folder.components().collect());
    let shared = to.iter().zip(&from).take_while(|(left, right)| left == right).count();
    let is_other_drive = matches!(to.get(shared), Some(Component::Prefix(_) | Component::RootDir));
    let down = to.get(shared..)?.iter().map(|step| step.as_os_str().to_str()).collect::<Option<Vec<&str>>>()?;
    let steps: Vec<&str> = std::iter::repeat_n("..", from.len() - shared).chain(down).collect();
    let text = if steps.is_empty() { ".".to_owned() } else { steps.join("/") };
    (!is_other_drive).then_some(text)
}

/// Whether a path is a regular file.
pub fn is_file(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.is_file())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn paths_count_from_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        fs::create_dir_all(at("a/b")).unwrap();
        fs::create_dir_all(at("c")).unwrap();
        fs::write(at("a/f"), "").unwrap();
        let cases =
            [("a/b", "a/b", "."), ("a/b", "a", "b"), ("a", "a/b", ".."), ("a/f", "c", "../a/f"), ("c", "", "c")];
        for (path, from, expected) in cases {
            assert_eq!(relative_path(&at(path), &at(from)).as_deref(), Some(expected), "{path} from {from}");
        }
        assert_eq!(relative_path(&at("none"), &at("a")), None);
        assert_eq!((is_file(&at("a/f")), is_file(&at("a")), is_file(&at("x"))), (true, false, false));
    }
}

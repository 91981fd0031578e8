//! `fleetlint build PATH` reads a folder of the disk, links followed, inside its repository.

mod cases {
    use std::fs;
    use std::path::Path;
    use std::sync::Arc;

    use fleetlint::source::{EntryKind, Files, OpenError, ReadError, Tree, open_for_build};

    use crate::symlink::symlink;

    fn write(root: &Path, files: &[(&str, &str)]) {
        for (path, text) in files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }

    fn open(path: &Path, lift_boundary: bool) -> (Arc<Tree>, String) {
        open_for_build(&Arc::new(Files::default()), path, lift_boundary).unwrap()
    }

    #[test]
    fn lists_and_reads_below_the_repository() {
        let folder = tempfile::tempdir().unwrap();
        write(
            folder.path(),
            &[("repo/.git/HEAD", ""), ("repo/b/x.yaml", "x"), ("repo/b/a/y.yaml", "y"), ("repo/B", "")],
        );
        let (tree, inside) = open(&folder.path().join("repo/b"), false);
        assert_eq!(inside, "b");
        assert_eq!(&*tree.repository, "repo");
        assert_eq!(tree.revision, None);
        assert_eq!(tree.entry(""), Some(EntryKind::Folder));
        assert_eq!(tree.entry("b/x.yaml"), Some(EntryKind::File));
        assert_eq!(tree.entry("b/x.yaml/z"), None);
        assert_eq!(tree.entry("b/none"), None);
        assert_eq!(tree.folder("b"), [("a".into(), EntryKind::Folder), ("x.yaml".into(), EntryKind::File)]);
        assert_eq!(tree.folder("b/x.yaml"), []);
        let file = tree.file("b/x.yaml").unwrap();
        assert_eq!((file.path.as_str(), file.text()), ("b/x.yaml", Some("x")));
        assert!(Arc::ptr_eq(&file, &tree.file("./b/a/../x.yaml").unwrap()));
        assert_eq!(tree.file("b").unwrap_err(), ReadError::IsFolder);
        assert_eq!(tree.file("b/none").unwrap_err(), ReadError::NotFound);
        assert_eq!(tree.file("b/x.yaml/z").unwrap_err(), ReadError::NotFound);
    }

    #[test]
    fn keeps_inside_the_repository_unless_lifted() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &[("repo/.git/HEAD", ""), ("repo/b/x.yaml", "x"), ("out/secret.yaml", "s")]);
        let repo = folder.path().join("repo");
        symlink("../../out", repo.join("b/link")).unwrap();
        let (tree, _) = open(&repo.join("b"), false);
        assert_eq!(tree.file("b/link/secret.yaml").unwrap_err(), ReadError::OutsideRepository);
        assert_eq!(tree.file("../out/secret.yaml").unwrap_err(), ReadError::OutsideRepository);
        assert_eq!(tree.resolve("b/link").unwrap_err(), ReadError::OutsideRepository);
        assert_eq!(tree.folder("b/link"), []);

        let (tree, inside) = open(&repo.join("b"), true);
        let file = tree.file(&format!("{inside}/link/secret.yaml")).unwrap();
        assert_eq!((file.path.as_str(), file.text()), ("../out/secret.yaml", Some("s")));
    }

    #[test]
    fn reaches_everywhere_without_a_repository() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &[("a/k.yaml", "k"), ("b/x.yaml", "x")]);
        let (tree, inside) = open(&folder.path().join("a"), false);
        let above = inside.rsplit_once('/').unwrap().0;
        assert_eq!(tree.file(&format!("{inside}/k.yaml")).unwrap().path, "k.yaml");
        assert_eq!(tree.file(&format!("{above}/b/x.yaml")).unwrap().path, "../b/x.yaml");
    }

    #[test]
    fn follows_links_inside_and_survives_loops() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        write(root, &[(".git", "gitdir: elsewhere"), ("d/x.yaml", "x")]);
        symlink("d", root.join("l")).unwrap();
        symlink("loop", root.join("loop")).unwrap();
        symlink("..", root.join("d/up")).unwrap();
        let (tree, _) = open(root, false);
        assert_eq!(tree.resolve("l/x.yaml").unwrap(), "d/x.yaml");
        assert!(Arc::ptr_eq(&tree.file("l/up/d/x.yaml").unwrap(), &tree.file("d/x.yaml").unwrap()));
        assert_eq!(tree.entry("loop"), None);
        assert_eq!(tree.file("loop").unwrap_err(), ReadError::Io("too many levels of symbolic links".into()));
    }

    #[test]
    fn says_why_a_folder_cannot_be_opened() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &[("file", "")]);
        let error = |name: &str| open_for_build(&Arc::default(), &folder.path().join(name), false).unwrap_err();
        assert!(matches!(error("none"), OpenError::NotFound { .. }));
        assert!(matches!(error("file"), OpenError::NotAFolder { .. }));
    }
}

//! Working trees as Git takes them in, and artifacts as source-controller makes them.

mod cases {
    use std::fs;
    use std::path::Path;
    use std::sync::Arc;

    use fleetlint::source::{EntryKind, Files, OpenError, ReadError, Tree, open_fleet};

    use crate::git;
    use crate::symlink::symlink;

    fn write(root: &Path, files: &[(&str, &str)]) {
        for (path, text) in files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }

    fn open(path: &Path) -> Arc<Tree> {
        open_fleet(&Arc::new(Files::default()), path).unwrap()
    }

    fn tree(files: &[(&str, &str)]) -> (tempfile::TempDir, Arc<Tree>) {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), files);
        let tree = open(folder.path());
        (folder, tree)
    }

    /// Makes a folder a Git work tree in which nothing is tracked yet.
    fn new_repository(folder: &Path) {
        let made = tempfile::tempdir_in(folder.parent().unwrap()).unwrap();
        git::repository(made.path(), &[]);
        fs::rename(made.path().join(".git"), folder.join(".git")).unwrap();
    }

    #[test]
    fn lists_a_working_tree() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("fleet.git");
        write(
            &root,
            &[
                (".gitignore", "/out/\n*.tmp\n"),
                ("a/.gitignore", "!keep.tmp\n"),
                ("a/keep.tmp", ""),
                ("a/x.tmp", ""),
                ("a/out/x.yaml", ""),
                ("a.yaml", ""),
                ("a-b/x.yaml", ""),
                (".hidden/x.yaml", ""),
                ("out/x.yaml", ""),
                (".ignore", "a.yaml\n"),
                ("sub/.git/x", ""),
                ("sub/x.yaml", ""),
            ],
        );
        new_repository(&root);
        symlink("a.yaml", root.join("link.yaml")).unwrap();
        symlink("a", root.join("link")).unwrap();
        let tree = open(&root);
        assert_eq!((&*tree.repository, tree.revision.as_deref()), ("fleet", None));
        let listed = [
            ".gitignore",
            ".hidden/x.yaml",
            ".ignore",
            "a-b/x.yaml",
            "a.yaml",
            "a/.gitignore",
            "a/keep.tmp",
            "a/out/x.yaml",
            "sub/x.yaml",
        ];
        assert_eq!(tree.files(), listed);
        let kinds = [
            ("a", Some(EntryKind::Folder)),
            ("a/keep.tmp", Some(EntryKind::File)),
            ("a/x.tmp", None),
            ("link", None),
            ("", Some(EntryKind::Folder)),
            ("a.yaml/x", None),
        ];
        for (path, kind) in kinds {
            assert_eq!(tree.entry(path), kind, "{path}");
        }
        let names: Vec<String> = tree.folder("").into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, [".gitignore", ".hidden", ".ignore", "a", "a-b", "a.yaml", "sub"]);
        assert_eq!(tree.folder("a/out"), [("x.yaml".into(), EntryKind::File)]);
        assert_eq!(tree.folder("a.yaml"), []);
        assert_eq!(tree.file("a").unwrap_err(), ReadError::IsFolder);
        assert_eq!(tree.file("link.yaml").unwrap_err(), ReadError::NotFound);
        assert_eq!(tree.file("../x").unwrap_err(), ReadError::OutsideRepository);
        assert_eq!(tree.resolve("a/./out").as_deref(), Ok("a/out"));
        assert_eq!(tree.resolve("link"), Err(ReadError::NotFound));
    }

    #[test]
    fn honours_gitignore_in_git_work_trees_only() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &[(".gitignore", "*.tmp\n"), ("f/x.tmp", ""), ("f/a.yaml", "")]);
        assert_eq!(open(&folder.path().join("f")).files(), ["a.yaml", "x.tmp"]);
        new_repository(folder.path());
        assert_eq!(open(&folder.path().join("f")).files(), ["a.yaml"]);
    }

    #[test]
    fn says_why_a_fleet_cannot_be_opened() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &[("file", "")]);
        let error = |name: &str| open_fleet(&Arc::default(), &folder.path().join(name)).unwrap_err();
        assert!(matches!(error("none"), OpenError::NotFound { .. }));
        assert!(matches!(error("file"), OpenError::NotAFolder { .. }));
    }

    #[test]
    fn an_empty_fleet_is_a_folder() {
        let (_folder, tree) = tree(&[]);
        assert_eq!((tree.files().len(), tree.entry(""), tree.folder("")), (0, Some(EntryKind::Folder), Vec::new()));
        assert_eq!(tree.below("none").entry(""), None);
    }

    #[test]
    fn views_share_what_was_read() {
        let (_folder, tree) =
            tree(&[("a/b/x.yaml", "x"), ("a/b/y.jpg", ""), ("a/.b", ""), ("a/z.yaml", ""), ("ab/x.yaml", "")]);
        let below = tree.below("a/b");
        let artifact = tree.artifact(None);
        let file = tree.file("a/b/x.yaml").unwrap();
        assert_eq!(file.path, "a/b/x.yaml");
        for (view, path) in [(&below, "x.yaml"), (&artifact, "a/b/x.yaml"), (&artifact.below("a").below("b"), "x.yaml")]
        {
            assert!(Arc::ptr_eq(&view.file(path).unwrap(), &file), "{path}");
        }
        assert_eq!(below.files(), ["x.yaml", "y.jpg"]);
        assert_eq!(artifact.below("a").files(), [".b", "b/x.yaml", "z.yaml"]);
        assert_eq!(artifact.below("a").folder("b"), [("x.yaml".into(), EntryKind::File)]);
        assert_eq!(below.artifact(None).files(), ["x.yaml"]);
        assert_eq!(below.file("z.yaml").unwrap_err(), ReadError::NotFound);
        assert_eq!(below.file("../z.yaml").unwrap_err(), ReadError::OutsideRepository);
    }

    #[test]
    fn equal_questions_get_the_same_tree() {
        let (_folder, tree) = tree(&[("a/b/x.yaml", "")]);
        assert!(Arc::ptr_eq(&tree.below(""), &tree));
        assert!(Arc::ptr_eq(&tree.below("a/b"), &tree.below("./a//b/")));
        assert!(!Arc::ptr_eq(&tree.below("a"), &tree.below("a/b")));
        assert!(Arc::ptr_eq(&tree.artifact(None), &tree.artifact(Some(""))));
        assert!(Arc::ptr_eq(&tree.artifact(Some("x")), &tree.artifact(Some("x"))));
        assert!(!Arc::ptr_eq(&tree.artifact(Some("x")), &tree.artifact(Some("y"))));
    }

    #[test]
    fn an_artifact_holds_what_the_rules_leave() {
        let text = include_str!("source_artifact_cases.json");
        let cases: serde_json::Value = serde_json::from_str(text).unwrap();
        for case in cases.as_array().unwrap() {
            let files = case["files"].as_object().unwrap();
            let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, text.as_str().unwrap())).collect();
            let (_folder, tree) = tree(&files);
            let expected: Vec<&str> =
                case["artifact"].as_array().unwrap().iter().filter_map(|path| path.as_str()).collect();
            assert_eq!(tree.artifact(case["ignore"].as_str()).files(), expected, "{}", case["id"]);
        }
    }
}

//! Working trees in Git: what is tracked counts, whatever `.gitignore` says.

mod cases {
    use std::fs;
    use std::path::Path;
    use std::sync::Arc;

    use fleetlint::source::{Files, ReadError, Tree, open_fleet};
    use gix::ObjectId;

    use crate::git;
    use crate::index::{FILE, FOLDER, LINK, SUBMODULE, files, index};
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

    fn text(tree: &Tree, path: &str) -> String {
        tree.file(path).unwrap().text().unwrap().to_owned()
    }

    /// A work tree with these files, of which nothing is committed, and an index.
    fn work_tree(files: &[(&str, &str)], index: &[u8]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        git::repository(folder.path(), &[]);
        write(folder.path(), files);
        fs::write(folder.path().join(".git/index"), index).unwrap();
        folder
    }

    fn null() -> ObjectId {
        ObjectId::null(gix::hash::Kind::Sha1)
    }

    #[test]
    fn tracked_files_count_whatever_is_ignored() {
        let on_disk = [
            (".gitignore", "*\n"),
            ("fleetlint.yaml", ""),
            ("clusters/a/bad.yaml", ""),
            ("clusters/a/new.yaml", ""),
            ("clusters/ä.yaml", ""),
            ("clusters/a.yaml", ""),
        ];
        let tracked =
            ["clusters/a.yaml", "clusters/a/bad.yaml", "clusters/gone.yaml", "clusters/ä.yaml", "fleetlint.yaml"];
        for version in [2, 3, 4] {
            let folder = work_tree(&on_disk, &index(version, &files(&tracked), &[]));
            let expected = ["clusters/a.yaml", "clusters/a/bad.yaml", "clusters/ä.yaml", "fleetlint.yaml"];
            assert_eq!(open(folder.path()).files(), expected, "version {version}");
            assert_eq!(open(&folder.path().join("clusters/a")).files(), ["bad.yaml"], "version {version}");
        }
    }

    #[test]
    fn untracked_files_count_unless_they_are_ignored() {
        let on_disk = [
            (".gitignore", "*.tmp\n/out/\n"),
            ("a/x.tmp", ""),
            ("a/new.yaml", ""),
            ("out/x.yaml", ""),
            ("a/y.tmp", ""),
        ];
        let folder = work_tree(&on_disk, &index(2, &files(&["a/y.tmp"]), &[]));
        write(folder.path(), &[(".git/info/exclude", "new.yaml\n")]);
        assert_eq!(open(folder.path()).files(), [".gitignore", "a/new.yaml", "a/y.tmp"]);
    }

    #[test]
    fn a_damaged_index_hides_nothing() {
        let on_disk = [(".gitignore", "*\n"), ("bad.yaml", "")];
        let whole = index(2, &files(&["x.yaml"]), &[(b"TREE", b"any"), (b"EOIE", b"any")]);
        let folder = work_tree(&on_disk, &whole);
        assert_eq!(open(folder.path()).files(), [""; 0], "it is not damaged");
        let unknown = index(2, &files(&["x.yaml"]), &[(b"next", b"")]);
        let outside = index(2, &files(&["../x.yaml"]), &[]);
        let inside_git = index(2, &files(&["a/.git/config"]), &[]);
        let unknown_version = index(5, &files(&["x.yaml"]), &[]);
        let mut damaged: Vec<Vec<u8>> =
            vec![unknown, outside, inside_git, unknown_version, b"DIRC".to_vec(), Vec::new()];
        damaged.extend((0..whole.len()).step_by(7).map(|length| whole[..length].to_vec()));
        for bytes in damaged {
            fs::write(folder.path().join(".git/index"), &bytes).unwrap();
            assert_eq!(
                open(folder.path()).files(),
                [".gitignore", "bad.yaml"],
                "{:?}",
                String::from_utf8_lossy(&bytes)
            );
        }
    }

    #[test]
    fn an_index_that_describes_endless_paths_hides_nothing() {
        let long = "x".repeat(4000);
        let paths: Vec<String> = (0..40_000).map(|number| format!("{long}{number:06}")).collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        let bomb = index(4, &files(&paths), &[]);
        assert!(bomb.len() < 4_000_000, "{}", bomb.len());
        let folder = work_tree(&[(".gitignore", "*\n"), ("bad.yaml", "")], &bomb);
        assert_eq!(open(folder.path()).files(), [".gitignore", "bad.yaml"]);
    }

    #[test]
    fn what_is_no_repository_hides_nothing() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &[(".gitignore", "*\n"), ("bad.yaml", ""), (".git", "gitdir: elsewhere\n")]);
        assert_eq!(open(folder.path()).files(), [".gitignore", "bad.yaml"]);
        fs::remove_file(folder.path().join(".git")).unwrap();
        assert_eq!(open(folder.path()).files(), [".gitignore", "bad.yaml"]);
        fs::create_dir(folder.path().join(".git")).unwrap();
        assert_eq!(open(folder.path()).files(), [".gitignore", "bad.yaml"]);
    }

    #[test]
    fn another_hash_hides_nothing() {
        let folder = work_tree(&[(".gitignore", "*\n"), ("bad.yaml", "")], &index(2, &[], &[]));
        assert_eq!(open(folder.path()).files(), [""; 0]);
        let config = folder.path().join(".git/config");
        let more = "[extensions]\n\tobjectFormat = sha256\n";
        fs::write(&config, fs::read_to_string(&config).unwrap() + more).unwrap();
        assert_eq!(open(folder.path()).files(), [".gitignore", "bad.yaml"]);
    }

    #[test]
    fn without_an_index_the_commit_tells() {
        let folder = tempfile::tempdir().unwrap();
        git::repository(folder.path(), &[("main", &[("a/bad.yaml", ""), ("gone.yaml", "")])]);
        write(folder.path(), &[(".gitignore", "*\n"), ("a/bad.yaml", ""), ("a/new.yaml", "")]);
        assert_eq!(open(folder.path()).files(), ["a/bad.yaml"]);
        fs::write(folder.path().join(".git/HEAD"), "ref: refs/heads/other\n").unwrap();
        assert_eq!(open(folder.path()).files(), [""; 0], "nothing is committed");
        fs::write(folder.path().join(".git/HEAD"), format!("{}\n", "0".repeat(40))).unwrap();
        assert_eq!(open(folder.path()).files(), [".gitignore", "a/bad.yaml", "a/new.yaml"], "the commit is missing");
    }

    #[test]
    fn sparse_checkouts_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let committed: &[(&str, &str)] =
            &[("a/x.yaml", "x"), ("b/c/y.yaml", "y"), ("b/z.yaml", "z"), ("d/link", ""), ("e.yaml", "e")];
        git::repository(folder.path(), &[("main", committed)]);
        let repository = gix::open_opts(folder.path(), gix::open::Options::isolated()).unwrap();
        let id = |path: &str| {
            let tree = repository.find_reference("refs/heads/main").unwrap().peel_to_commit().unwrap().tree().unwrap();
            tree.lookup_entry_by_path(path).unwrap().unwrap().object_id()
        };
        write(folder.path(), &[("a/x.yaml", "changed"), ("e.yaml", "on disk")]);
        let full = [
            (&b"a/x.yaml"[..], FILE, id("a/x.yaml"), false),
            (b"b/c/y.yaml", FILE, id("b/c/y.yaml"), true),
            (b"b/z.yaml", FILE, id("b/z.yaml"), true),
            (b"d/link", LINK, id("d/link"), true),
            (b"e.yaml", FILE, id("e.yaml"), true),
        ];
        let sparse = [full[0], (&b"b/"[..], FOLDER, id("b"), true), full[3], full[4]];
        for (version, entries, extensions) in
            [(3, &full[..], &[][..]), (4, &full, &[]), (3, &sparse, &[(b"sdir", &b""[..])])]
        {
            fs::write(folder.path().join(".git/index"), index(version, entries, extensions)).unwrap();
            let tree = open(folder.path());
            assert_eq!(tree.files(), ["a/x.yaml", "b/c/y.yaml", "b/z.yaml", "e.yaml"]);
            let contents = tree.files().iter().map(|path| text(&tree, path)).collect::<Vec<_>>();
            assert_eq!(contents, ["changed", "y", "z", "on disk"]);
            assert_eq!((tree.revision.as_deref(), tree.file("b/z.yaml").unwrap().path.as_str()), (None, "b/z.yaml"));
        }
        let blob = id("b/z.yaml").to_string();
        fs::remove_file(folder.path().join(".git/objects").join(&blob[..2]).join(&blob[2..])).unwrap();
        let expected = format!("the object `{blob}` of the repository is missing or damaged");
        assert_eq!(open(folder.path()).file("b/z.yaml").unwrap_err(), ReadError::Io(expected));
    }

    #[test]
    fn other_repositories_are_no_part_of_the_tree() {
        let on_disk = [
            ("a.yaml", ""),
            ("module/x.yaml", ""),
            ("clone/x.yaml", ""),
            ("vendored/x.yaml", ""),
            ("vendored/y.yaml", ""),
        ];
        let mut entries = files(&["a.yaml", "vendored/x.yaml"]);
        entries.insert(1, (b"module", SUBMODULE, null(), false));
        let folder = work_tree(&on_disk, &index(2, &entries, &[]));
        for name in ["clone", "vendored"] {
            git::repository(&folder.path().join(name), &[]);
        }
        assert_eq!(open(folder.path()).files(), ["a.yaml", "vendored/x.yaml"]);
        assert_eq!(open(&folder.path().join("clone")).files(), ["x.yaml"]);
    }

    #[test]
    fn links_are_left_out() {
        let on_disk = [(".gitignore", "*\n"), ("real/x.yaml", "")];
        let mut entries = files(&["linked/x.yaml", "was-file.yaml"]);
        entries.insert(0, (b"link", LINK, null(), false));
        let folder = work_tree(&on_disk, &index(2, &entries, &[]));
        let link = |to: &str, name: &str| symlink(to, folder.path().join(name)).unwrap();
        link("real/x.yaml", "link");
        link("real", "linked");
        link("real/x.yaml", "was-file.yaml");
        assert_eq!(open(folder.path()).files(), [""; 0]);
    }

    #[test]
    #[cfg(unix)]
    fn a_gitignore_that_is_a_link_says_nothing() {
        let folder = work_tree(&[("a/x.tmp", ""), ("rules", "*.tmp\n")], &index(2, &[], &[]));
        let link = |to: &str, name: &str| symlink(to, folder.path().join(name)).unwrap();
        link("rules", ".gitignore");
        link("/dev/zero", "a/.gitignore");
        assert_eq!(open(folder.path()).files(), ["a/x.tmp", "rules"]);
    }

    #[test]
    fn rules_of_folders_above_hold_below() {
        let on_disk = [
            (".gitignore", "\u{feff}*.tmp\r\n/a/b/no.yaml\n[\n!keep.tmp\n"),
            ("a/.gitignore", "!x.tmp\n/y.yaml\n"),
            ("a/b/x.tmp", ""),
            ("a/b/y.tmp", ""),
            ("a/b/y.yaml", ""),
            ("a/b/no.yaml", ""),
            ("a/b/keep.tmp", ""),
            ("a/y.yaml", ""),
        ];
        let folder = work_tree(&on_disk, &index(2, &[], &[]));
        let below = ["keep.tmp", "x.tmp", "y.yaml"];
        assert_eq!(open(&folder.path().join("a/b")).files(), below);
        assert_eq!(open(&folder.path().join("a")).files()[1..], below.map(|name| format!("b/{name}")));
        fs::create_dir(folder.path().join("a/b/.git")).unwrap();
        assert_eq!(open(&folder.path().join("a/b")).files().len(), 5, "not a repository: nothing is hidden");
    }

    #[test]
    fn reads_the_index_of_a_linked_work_tree() {
        let folder = tempfile::tempdir().unwrap();
        let (main, linked) = (folder.path().join("main"), folder.path().join("linked"));
        git::repository(&main, &[]);
        let private = main.join(".git/worktrees/linked");
        write(&linked, &[(".git", "gitdir: ../main/.git/worktrees/linked\n"), (".gitignore", "*\n"), ("a.yaml", "")]);
        write(&private, &[("commondir", "../..\n"), ("HEAD", "ref: refs/heads/main\n")]);
        fs::write(private.join("index"), index(2, &files(&["a.yaml"]), &[])).unwrap();
        assert_eq!(open(&linked).files(), ["a.yaml"]);
    }

    #[test]
    fn reads_a_split_index() {
        let on_disk = [("a.yaml", ""), ("b.yaml", ""), ("c.yaml", ""), ("d.yaml", ""), (".gitignore", "*\n")];
        let folder = work_tree(&on_disk, &[]);
        let git = folder.path().join(".git");
        let shared = "1234567890123456789012345678901234567890";
        fs::write(git.join(format!("sharedindex.{shared}")), index(2, &files(&["a.yaml", "b.yaml", "c.yaml"]), &[]))
            .unwrap();
        // One literal word each: the second entry is deleted, the third one replaced.
        let bitmap = |bits: u64| {
            let words = [2_u64 << 32, bits].map(u64::to_be_bytes).concat();
            [&3_u32.to_be_bytes()[..], &2_u32.to_be_bytes(), &words, &0_u32.to_be_bytes()].concat()
        };
        let id: ObjectId = shared.parse().unwrap();
        let link = [id.as_bytes(), &bitmap(0b010), &bitmap(0b100)].concat();
        let own = files(&["", "d.yaml"]);
        fs::write(git.join("index"), index(2, &own, &[(b"link", &link)])).unwrap();
        assert_eq!(open(folder.path()).files(), ["a.yaml", "c.yaml", "d.yaml"]);
        fs::write(git.join("index"), index(2, &[], &[(b"link", id.as_bytes())])).unwrap();
        assert_eq!(open(folder.path()).files(), ["a.yaml", "b.yaml", "c.yaml"]);
        for damaged in [&link[..link.len() - 1], &[id.as_bytes(), &bitmap(0b010), &bitmap(1 << 40)].concat(), &[7; 20]]
        {
            fs::write(git.join("index"), index(2, &own, &[(b"link", damaged)])).unwrap();
            assert_eq!(open(folder.path()).files().len(), 5);
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn names_that_are_not_utf8_are_not_lost() {
        use std::os::unix::ffi::OsStrExt as _;

        let name = |bytes: &'static [u8]| std::ffi::OsStr::from_bytes(bytes);
        let mut entries = files(&[]);
        entries.push((b"a/gone\xff.yaml", FILE, null(), false));
        entries.push((b"a/ignored\xff.tmp", FILE, null(), false));
        let folder = work_tree(&[(".gitignore", "*.tmp\n"), ("a/x.yaml", "")], &index(2, &entries, &[]));
        for path in [&b"a/caf\xe9.yaml"[..], b"a/new\xff.tmp", b"a/ignored\xff.tmp", b"a/\xff.jpg"] {
            fs::write(folder.path().join(name(path)), "").unwrap();
        }
        fs::create_dir(folder.path().join(name(b"odd\xff"))).unwrap();
        fs::write(folder.path().join(name(b"odd\xff/x.yaml")), "").unwrap();
        fs::write(folder.path().join(name(b"odd\xff/y\xff.yaml")), "").unwrap();
        let names = |tree: &Tree| tree.odd_names().iter().map(|file| file.path.clone()).collect::<Vec<_>>();
        let tree = open(folder.path());
        assert_eq!(tree.files(), [".gitignore", "a/x.yaml"]);
        assert_eq!(names(&tree), [r"a/\xff.jpg", r"a/caf\xe9.yaml", r"a/ignored\xff.tmp", r"odd\xff/"]);
        assert_eq!(names(&tree.artifact(None)), [r"a/caf\xe9.yaml", r"a/ignored\xff.tmp", r"odd\xff/"]);
        assert_eq!(names(&tree.artifact(Some("/odd*/\n*.jpg"))), [r"a/caf\xe9.yaml", r"a/ignored\xff.tmp"]);
        assert_eq!(names(&tree.below("a").artifact(None)), [r"a/caf\xe9.yaml", r"a/ignored\xff.tmp"]);
        assert_eq!(tree.odd_names()[1].id, tree.artifact(None).odd_names()[0].id, "each is one file");
    }
}

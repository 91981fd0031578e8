//! `--source`: Git repositories at branches, tags and commits, and plain folders.

mod cases {
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::sync::Arc;

    use base64::Engine as _;
    use fleetlint::source::{
        EntryKind, Files, OpenError, ReadError, Reference, Resolution, SourceArgument, Sources, Tree,
    };
    use gix::objs::Write as _;
    use gix::objs::tree::{Entry, EntryKind as Kind};
    use gix::refs::transaction::PreviousValue;

    use crate::git;

    const URL: &str = "https://git.example/acme/apps.git";

    fn sources(path: &Path, revision: Option<&str>) -> Sources {
        let revision = revision.map(str::to_owned);
        let argument = SourceArgument { url: URL.into(), path: path.to_owned(), revision };
        Sources::new(&Arc::new(Files::default()), &[argument]).unwrap()
    }

    fn read(sources: &Sources, reference: &Reference) -> Arc<Tree> {
        match sources.resolve(URL, reference) {
            Resolution::Tree(tree) => tree,
            other => panic!("{other:?}"),
        }
    }

    fn branch(name: &str) -> Reference {
        Reference::Branch(name.into())
    }

    fn available(sources: &Sources, reference: &Reference) -> Vec<String> {
        match sources.resolve(URL, reference) {
            Resolution::NoSuchReference { available } => available,
            other => panic!("{other:?}"),
        }
    }

    fn failure(sources: &Sources, reference: &Reference) -> String {
        match sources.resolve(URL, reference) {
            Resolution::Failed(reason) => reason,
            other => panic!("{other:?}"),
        }
    }

    fn text(tree: &Tree, path: &str) -> String {
        tree.file(path).unwrap().text().unwrap().to_owned()
    }

    fn open(folder: &Path) -> gix::Repository {
        gix::open_opts(folder, gix::open::Options::isolated()).unwrap()
    }

    fn point(repository: &gix::Repository, name: &str, id: gix::ObjectId) {
        fs::create_dir_all(repository.git_dir().join(name).parent().unwrap()).unwrap();
        fs::write(repository.git_dir().join(name), format!("{id}\n")).unwrap();
    }

    fn commit_of(repository: &gix::Repository, branch: &str) -> gix::ObjectId {
        repository.find_reference(&format!("refs/heads/{branch}")).unwrap().id().detach()
    }

    /// `apps` with branches `main` and `production`, and `v1.0.0`, `v1.2.0` (annotated), `v2.0.0-rc.1` and `nightly`.
    fn apps(folder: &Path) {
        git::repository(
            folder,
            &[
                ("main", &[("a/k.yaml", "main"), ("a.yaml", ""), ("b.jpg", ""), (".sourceignore", "# none\n")]),
                ("production", &[("a/k.yaml", "production")]),
                ("feature/x", &[("x.yaml", "x")]),
            ],
        );
        let repository = open(folder);
        let (main, production) = (commit_of(&repository, "main"), commit_of(&repository, "production"));
        point(&repository, "refs/tags/v1.0.0", production);
        point(&repository, "refs/tags/nightly", production);
        point(&repository, "refs/tags/v2.0.0-rc.1", main);
        let tagger = gix::actor::SignatureRef { name: "T".into(), email: "t@example.com".into(), time: "0 +0000" };
        repository
            .tag("v1.2.0", main, gix::objs::Kind::Commit, Some(tagger), "second", PreviousValue::MustNotExist)
            .unwrap();
    }

    #[test]
    fn reads_what_the_source_names() {
        let folder = tempfile::tempdir().unwrap();
        let production = {
            apps(&folder.path().join("apps.git"));
            commit_of(&open(&folder.path().join("apps.git")), "production").to_string()
        };
        let short = production[..10].to_owned();
        let cases: &[(Reference, &str, &str)] = &[
            (branch("main"), "main", "main"),
            (branch("production"), "production", "production"),
            (Reference::Tag("v1.0.0".into()), "v1.0.0", "production"),
            (Reference::Tag("v1.2.0".into()), "v1.2.0", "main"),
            (Reference::Semver("*".into()), "v1.2.0", "main"),
            (Reference::Semver("1.0.x".into()), "v1.0.0", "production"),
            (Reference::Semver(">=1.0.0-0".into()), "v2.0.0-rc.1", "main"),
            (Reference::Name("refs/heads/production".into()), "production", "production"),
            (Reference::Name("refs/tags/v1.2.0".into()), "v1.2.0", "main"),
            (Reference::Commit(production.clone()), &production, "production"),
            (Reference::Commit(short.clone()), &short, "production"),
        ];
        let sources = sources(&folder.path().join("apps.git"), None);
        for (reference, revision, content) in cases {
            let tree = read(&sources, reference);
            assert_eq!((&*tree.repository, tree.revision.as_deref()), ("apps", Some(*revision)), "{reference:?}");
            let file = tree.file("a/k.yaml").unwrap();
            assert_eq!((file.text(), file.revision.as_deref()), (Some(*content), Some(*revision)), "{reference:?}");
        }
    }

    #[test]
    fn a_tree_of_git_is_a_tree_like_any_other() {
        let folder = tempfile::tempdir().unwrap();
        apps(folder.path());
        let tree = read(&sources(folder.path(), None), &branch("main"));
        assert_eq!(tree.files(), [".sourceignore", "a.yaml", "a/k.yaml", "b.jpg"]);
        assert_eq!(tree.artifact(None).files(), [".sourceignore", "a.yaml", "a/k.yaml"]);
        assert_eq!(tree.entry("a"), Some(EntryKind::Folder));
        assert_eq!(tree.file("a").unwrap_err(), ReadError::IsFolder);
        assert_eq!(tree.file("b").unwrap_err(), ReadError::NotFound);
        assert_eq!(text(&tree.below("a"), "k.yaml"), "main");
    }

    #[test]
    fn the_same_answer_is_the_same_tree() {
        let folder = tempfile::tempdir().unwrap();
        apps(folder.path());
        let sources = sources(folder.path(), None);
        let main = read(&sources, &branch("main"));
        assert!(Arc::ptr_eq(&main, &read(&sources, &branch("main"))));
        assert!(Arc::ptr_eq(&main, &read(&sources, &Reference::Name("refs/heads/main".into()))));
        match sources.resolve("git@git.example:acme/apps", &branch("main")) {
            Resolution::Tree(tree) => assert!(Arc::ptr_eq(&main, &tree)),
            other => panic!("{other:?}"),
        }
        assert!(!Arc::ptr_eq(&main, &read(&sources, &Reference::Tag("v1.2.0".into()))));
        let trees: Vec<Arc<Tree>> = std::thread::scope(|scope| {
            let ask = || read(&sources, &branch("production"));
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(trees.iter().all(|tree| Arc::ptr_eq(tree, &trees[0])));
    }

    #[test]
    fn a_revision_of_the_argument_overrides_the_source() {
        let folder = tempfile::tempdir().unwrap();
        apps(folder.path());
        let commit = commit_of(&open(folder.path()), "production").to_string();
        let cases = [
            ("production", "production"),
            ("v1.2.0", "main"),
            ("refs/heads/production", "production"),
            (commit.as_str(), "production"),
            ("HEAD", "main"),
        ];
        for (revision, content) in cases {
            let sources = sources(folder.path(), Some(revision));
            for reference in [branch("other"), Reference::Default] {
                let tree = read(&sources, &reference);
                let label = revision.trim_start_matches("refs/heads/");
                assert_eq!((text(&tree, "a/k.yaml").as_str(), tree.revision.as_deref()), (content, Some(label)));
            }
        }
        let all = ["feature/x", "main", "production", "nightly", "v1.0.0", "v1.2.0", "v2.0.0-rc.1"];
        let argument = SourceArgument { url: URL.into(), path: folder.path().into(), revision: Some("none".into()) };
        let error = Sources::new(&Arc::default(), std::slice::from_ref(&argument)).unwrap_err();
        let available = all.map(str::to_owned).to_vec();
        let why =
            OpenError::NoSuchRevision { path: folder.path().into(), revision: "none".into(), available, fetch: None };
        assert_eq!(error, OpenError::Argument { argument: argument.to_string(), why: Box::new(why) });
    }

    #[test]
    fn says_what_there_is_where_the_reference_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        apps(folder.path());
        let repository = open(folder.path());
        point(&repository, "refs/remotes/origin/staging", commit_of(&repository, "production"));
        point(&repository, "refs/remotes/origin/main", commit_of(&repository, "production"));
        fs::write(repository.git_dir().join("refs/remotes/origin/HEAD"), "ref: refs/remotes/origin/main\n").unwrap();
        let sources = sources(folder.path(), None);
        let missing = [
            Reference::Default,
            branch("v1.0.0"),
            branch("a..b"),
            branch(""),
            branch("feature"),
            branch("main/x"),
            branch("../heads/main"),
            branch("main "),
            Reference::Tag("main".into()),
            Reference::Semver(">=3".into()),
            Reference::Name("main".into()),
            Reference::Name("refs/pull/1/head".into()),
            Reference::Commit("0123456".into()),
            Reference::Commit("main".into()),
        ];
        let all = ["feature/x", "main", "production", "staging", "nightly", "v1.0.0", "v1.2.0", "v2.0.0-rc.1"];
        for reference in missing {
            assert_eq!(available(&sources, &reference), all, "{reference:?}");
        }
        assert_eq!(text(&read(&sources, &branch("staging")), "a/k.yaml"), "production");
        assert_eq!(text(&read(&sources, &branch("main")), "a/k.yaml"), "main", "the own branch comes first");
        assert_eq!(failure(&sources, &Reference::Semver("latest".into())), "`latest` is not a version range");
        assert!(matches!(sources.resolve("https://git.example/acme/other", &branch("main")), Resolution::NotGiven));
    }

    #[test]
    fn the_default_is_master() {
        let folder = tempfile::tempdir().unwrap();
        git::repository(folder.path(), &[("main", &[("x", "main")]), ("master", &[("x", "master")])]);
        assert_eq!(text(&read(&sources(folder.path(), None), &Reference::Default), "x"), "master");
    }

    #[test]
    fn links_and_submodules_are_no_files() {
        let folder = tempfile::tempdir().unwrap();
        git::repository(folder.path(), &[("main", &[("x.yaml", "x")])]);
        let repository = open(folder.path());
        let blob = repository.write_blob("x").unwrap().detach();
        let commit = commit_of(&repository, "main");
        let entry = |kind: Kind, name: &str, oid| Entry { mode: kind.into(), filename: name.into(), oid };
        let empty = repository.write_object(gix::objs::Tree::empty()).unwrap().detach();
        let mut entries = vec![
            entry(Kind::BlobExecutable, "run.sh", blob),
            entry(Kind::Link, "link", blob),
            entry(Kind::Commit, "module", commit),
            entry(Kind::Blob, "..", blob),
            entry(Kind::Blob, ".git", blob),
            entry(Kind::Tree, "empty", empty),
            entry(Kind::Blob, "é", blob),
        ];
        entries.sort();
        let tree = repository.write_object(gix::objs::Tree { entries }).unwrap().detach();
        let author = gix::actor::SignatureRef { name: "T".into(), email: "t@example.com".into(), time: "0 +0000" };
        repository.commit_as(author, author, "refs/heads/odd", "odd", tree, None::<gix::ObjectId>).unwrap();
        let tree = read(&sources(folder.path(), None), &branch("odd"));
        assert_eq!(tree.files(), ["run.sh", "é"]);
        assert_eq!((tree.entry("link"), tree.entry("module"), tree.entry("empty")), (None, None, None));
    }

    #[test]
    fn names_that_are_not_utf8_are_not_lost() {
        let folder = tempfile::tempdir().unwrap();
        git::repository(folder.path(), &[]);
        let repository = open(folder.path());
        let blob = repository.write_blob("x").unwrap().detach();
        let entry = |kind: Kind, name: &[u8], oid| Entry { mode: kind.into(), filename: name.into(), oid };
        let write = |mut entries: Vec<Entry>| {
            entries.sort();
            repository.write_object(gix::objs::Tree { entries }).unwrap().detach()
        };
        let below = write(vec![entry(Kind::Blob, b"x.yaml", blob), entry(Kind::Blob, b"caf\xe9.yaml", blob)]);
        let tree = write(vec![
            entry(Kind::Tree, b"a", below),
            entry(Kind::Tree, b"odd\xff", below),
            entry(Kind::Link, b"link\xff", blob),
        ]);
        let author = gix::actor::SignatureRef { name: "T".into(), email: "t@example.com".into(), time: "0 +0000" };
        repository.commit_as(author, author, "refs/heads/main", "odd", tree, None::<gix::ObjectId>).unwrap();
        let tree = read(&sources(folder.path(), None), &branch("main"));
        assert_eq!(tree.files(), ["a/x.yaml"]);
        let odd = tree.odd_names();
        let names: Vec<_> = odd.iter().map(|file| (file.path.as_str(), file.revision.as_deref())).collect();
        assert_eq!(names, [(r"a/caf\xe9.yaml", Some("main")), (r"odd\xff/", Some("main"))]);
    }

    #[test]
    fn reads_packed_repositories_and_alternates() {
        let folder = tempfile::tempdir().unwrap();
        let packed = folder.path().join("packed.git");
        packed_repository(&packed);
        let sources_of = |path: &Path| sources(path, None);
        let tree = read(&sources_of(&packed), &branch("main"));
        assert_eq!(tree.files(), ["big.yaml", "d/k.yaml"]);
        assert_eq!(text(&tree, "big.yaml"), format!("{}end: main\n", "line: of some length\n".repeat(100)));
        let tag = read(&sources_of(&packed), &Reference::Tag("v1.0.0".into()));
        assert_eq!(text(&tag, "big.yaml"), format!("{}end: production\n", "line: of some length\n".repeat(100)));
        let Resolution::NoSuchReference { available } = sources_of(&packed).resolve(URL, &branch("x")) else {
            panic!()
        };
        assert_eq!(available, ["main", "production", "v1.0.0"]);

        let borrower = folder.path().join("borrower");
        git::repository(&borrower, &[("own", &[("x", "x")])]);
        let repository = open(&borrower);
        let main = open(&packed).find_reference("refs/heads/main").unwrap().id().detach();
        point(&repository, "refs/heads/main", main);
        fs::write(repository.git_dir().join("objects/info/alternates"), packed.join("objects").to_str().unwrap())
            .unwrap();
        assert_eq!(read(&sources_of(&borrower), &branch("main")).files(), ["big.yaml", "d/k.yaml"]);
    }

    #[test]
    fn reads_linked_worktrees() {
        let folder = tempfile::tempdir().unwrap();
        let main = folder.path().join("main");
        apps(&main);
        let (linked, private) = (folder.path().join("linked"), main.join(".git/worktrees/linked"));
        fs::create_dir_all(&linked).unwrap();
        fs::create_dir_all(&private).unwrap();
        fs::write(linked.join(".git"), format!("gitdir: {}\n", private.display())).unwrap();
        fs::write(private.join("commondir"), "../..\n").unwrap();
        fs::write(private.join("HEAD"), "ref: refs/heads/production\n").unwrap();
        fs::write(private.join("gitdir"), format!("{}\n", linked.join(".git").display())).unwrap();
        assert_eq!(text(&read(&sources(&linked, None), &branch("main")), "a/k.yaml"), "main");
    }

    #[test]
    fn a_plain_folder_stands_for_every_branch() {
        let folder = tempfile::tempdir().unwrap();
        git::repository(folder.path(), &[("main", &[("x", "x")])]);
        let plain = folder.path().join("plain");
        fs::create_dir_all(plain.join("a")).unwrap();
        fs::write(plain.join("a/x.yaml"), "plain").unwrap();
        let sources = sources(&plain, None);
        let tree = read(&sources, &branch("main"));
        assert_eq!((&*tree.repository, tree.revision.as_deref()), ("apps", None));
        assert_eq!(tree.files(), ["a/x.yaml"]);
        assert!(Arc::ptr_eq(&tree, &read(&sources, &Reference::Tag("v1".into()))));
    }

    #[test]
    fn damage_is_told_and_not_fatal() {
        let folder = tempfile::tempdir().unwrap();
        apps(folder.path());
        let repository = open(folder.path());
        let git_dir = repository.git_dir().to_owned();
        fs::write(git_dir.join("refs/heads/garbage"), "garbage\n").unwrap();
        fs::write(git_dir.join("refs/heads/loop"), "ref: refs/heads/loop\n").unwrap();
        point(&repository, "refs/heads/lost", "0123456789012345678901234567890123456789".parse().unwrap());
        let blob = repository.write_blob("no commit").unwrap().detach();
        point(&repository, "refs/heads/blob", blob);
        let tag = repository.objects.write_buf(gix::objs::Kind::Tag, b"object 0123\ntype commit\n").unwrap();
        point(&repository, "refs/heads/tag", tag);
        let tree = repository.find_commit(commit_of(&repository, "feature/x")).unwrap().tree_id().unwrap().detach();
        fs::remove_file(object_path(&git_dir, tree)).unwrap();
        let content = repository.write_blob("production").unwrap().detach();
        fs::remove_file(object_path(&git_dir, content)).unwrap();
        fs::write(object_path(&git_dir, content), "no zlib").unwrap();

        let sources = sources(folder.path(), None);
        for name in ["garbage", "loop", "lost", "blob", "tag"] {
            let expected = format!("its reference `refs/heads/{name}` is damaged");
            assert_eq!(failure(&sources, &branch(name)), expected);
        }
        assert_eq!(failure(&sources, &branch("feature/x")), format!("the tree `{tree}` is missing or damaged"));
        let error = read(&sources, &branch("production")).file("a/k.yaml").unwrap_err();
        let expected = format!("the object `{content}` of the repository is missing or damaged");
        assert_eq!(error, ReadError::Io(expected));
        assert_eq!(text(&read(&sources, &branch("main")), "a/k.yaml"), "main");
    }

    #[test]
    fn what_is_no_repository_is_told() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(".git"), "gitdir: elsewhere\n").unwrap();
        let broken = sources(folder.path(), None);
        assert_eq!(failure(&broken, &branch("main")), "it cannot be opened as a Git repository");

        let reftable = tempfile::tempdir().unwrap();
        apps(reftable.path());
        fs::create_dir(reftable.path().join(".git/reftable")).unwrap();
        let expected = "it stores its references as reftable, which fleetlint cannot read";
        assert_eq!(failure(&sources(reftable.path(), None), &branch("main")), expected);
    }

    #[test]
    fn nothing_is_configured_by_the_repository() {
        let folder = tempfile::tempdir().unwrap();
        apps(folder.path());
        let config = folder.path().join(".git/config");
        let hostile = "[core]\nworktree = /none\nfsmonitor = false\n[gitoxide \"core\"]\nrefsNamespace = other\n";
        fs::write(&config, fs::read_to_string(&config).unwrap() + hostile).unwrap();
        let tree = read(&sources(folder.path(), None), &branch("main"));
        assert_eq!(text(&tree, "a/k.yaml"), "main");
    }

    #[test]
    fn large_files_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let large = " ".repeat(16 * 1024 * 1024 + 1);
        git::repository(folder.path(), &[("main", &[("large", &large), ("small", &large[..9])])]);
        let tree = read(&sources(folder.path(), None), &branch("main"));
        assert_eq!(tree.file("large").unwrap_err(), ReadError::TooLarge { limit: 16 * 1024 * 1024 });
        assert_eq!(text(&tree, "small").len(), 9);
    }

    #[test]
    fn arguments_are_checked_when_they_are_taken_in() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        let new = |name: &str, revision: Option<&str>| {
            let path = folder.path().join(name);
            let argument = SourceArgument { url: URL.into(), path, revision: revision.map(str::to_owned) };
            Sources::new(&Arc::default(), &[argument]).unwrap_err()
        };
        assert!(matches!(new("none", None), OpenError::NotFound { .. }));
        assert!(matches!(new("file", None), OpenError::NotAFolder { .. }));
        assert!(matches!(new("", Some("main")), OpenError::NoRevisions { .. }));
    }

    #[test]
    fn splits_arguments() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("apps@main");
        fs::create_dir(&at).unwrap();
        let exists = at.to_str().unwrap();
        let cases: &[(&str, &str, Option<&str>)] = &[
            ("/none/apps", "/none/apps", None),
            ("/none/apps@main", "/none/apps", Some("main")),
            ("/none/a@b@feature/x", "/none/a@b", Some("feature/x")),
            ("/none/a=b", "/none/a=b", None),
            (exists, exists, None),
        ];
        for (rest, path, revision) in cases {
            let expected = SourceArgument {
                url: "ssh://git@h/a".into(),
                path: PathBuf::from(path),
                revision: revision.map(str::to_owned),
            };
            assert_eq!(SourceArgument::parse(&format!("ssh://git@h/a={rest}")), Ok(expected));
        }
        let below = SourceArgument::parse(&format!("u={exists}@v1")).unwrap();
        assert_eq!((below.path.to_str(), below.revision.as_deref()), (Some(exists), Some("v1")));
        for wrong in ["url", "=path", "url=", "url=@main", "url=/none/x@"] {
            SourceArgument::parse(wrong).unwrap_err();
        }
    }

    #[test]
    fn sources_are_shared_by_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Sources>();
        shared::<Tree>();
    }

    fn object_path(git_dir: &Path, id: gix::ObjectId) -> PathBuf {
        let hex = id.to_string();
        git_dir.join("objects").join(&hex[..2]).join(&hex[2..])
    }

    /// A bare repository whose objects are in one pack, with a delta, and whose references are in `packed-refs`.
    fn packed_repository(folder: &Path) {
        git::repository(folder, &[]);
        let decode = |text: &str| base64::engine::general_purpose::STANDARD.decode(text.replace('\n', "")).unwrap();
        let packs = folder.join("objects/pack");
        fs::create_dir_all(&packs).unwrap();
        fs::write(packs.join("pack-1.pack"), decode(include_str!("source_git_pack.base64"))).unwrap();
        fs::write(packs.join("pack-1.idx"), decode(include_str!("source_git_index.base64"))).unwrap();
        fs::write(folder.join("packed-refs"), include_str!("source_git_packed_refs")).unwrap();
    }
}

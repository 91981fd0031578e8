//! What a clone proves: a branch that it lacks may exist all the same.

mod cases {
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::sync::Arc;

    use fleetlint::source::{
        Checkout, Files, OpenError, Reference, Resolution, SourceArgument, Sources, repository_above,
    };

    use crate::git;

    const URL: &str = "https://git.example/acme/apps.git";
    const ALL: &str = "+refs/heads/*:refs/remotes/origin/*";

    /// A clone in which `main` is checked out, with remotes as `.git/config` says and branches below `refs/remotes/`.
    fn clone(folder: &Path, config: &str, tracking: &[&str]) {
        git::repository(folder, &[("main", &[("x.yaml", "main")])]);
        let is_bare = folder.extension().is_some();
        let git = if is_bare { folder.to_owned() } else { folder.join(".git") };
        let old = fs::read_to_string(git.join("config")).unwrap();
        fs::write(git.join("config"), old + config).unwrap();
        let main = fs::read_to_string(git.join("refs/heads/main")).unwrap();
        for name in tracking {
            let path = git.join("refs/remotes").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &main).unwrap();
        }
    }

    fn remote(name: &str, fetch: &[&str], more: &str) -> String {
        let fetch: String = fetch.iter().map(|refspec| format!("\tfetch = {refspec}\n")).collect();
        format!("[remote \"{name}\"]\n\turl = https://git.example/{name}/apps.git\n{fetch}{more}")
    }

    fn branch(name: &str) -> Reference {
        Reference::Branch(name.into())
    }

    /// The line that fetches a reference, without `git -C PATH`; `None` where the clone proves that it does not exist.
    fn fetch(path: &Path, reference: &Reference) -> Option<String> {
        let argument = SourceArgument { url: URL.into(), path: path.to_owned(), revision: None };
        let sources = Sources::new(&Arc::new(Files::default()), &[argument]).unwrap();
        match sources.resolve(URL, reference) {
            Resolution::NotInClone { fetch } => {
                Some(fetch.strip_prefix(&format!("git -C {} ", path.display())).unwrap().to_owned())
            }
            Resolution::NoSuchReference { .. } => None,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_clone_of_all_branches_proves_that_one_is_missing() {
        let every_tag = format!("{}\ttagOpt = --no-tags\n", "\tfetch = +refs/tags/*:refs/tags/*\n");
        let cases: &[(&str, String, &[&str])] = &[
            ("own", String::new(), &[]),
            ("clone", remote("origin", &[ALL], ""), &["origin/main", "origin/HEAD"]),
            ("fetched", remote("origin", &[ALL], &every_tag), &["origin/main", "origin/dev"]),
            ("bare.git", remote("origin", &[], ""), &[]),
            ("mirror.git", remote("origin", &["+refs/*:refs/*"], "\tmirror = true\n"), &[]),
            (
                "two",
                remote("origin", &[ALL], "") + &remote("up", &["+refs/heads/*:refs/remotes/up/*"], ""),
                &["origin/main", "origin/x", "up/main", "up/y"],
            ),
        ];
        for (name, config, tracking) in cases {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(name);
            clone(&path, config, tracking);
            for reference in [
                branch("production"),
                Reference::Default,
                Reference::Name("refs/heads/production".into()),
                Reference::Tag("v1".into()),
                Reference::Semver("1.x".into()),
                Reference::Commit("0123456".into()),
            ] {
                assert_eq!(fetch(&path, &reference), None, "{name}: {reference:?}");
            }
        }
    }

    #[test]
    fn a_clone_of_some_branches_proves_nothing() {
        let single = &["+refs/heads/main:refs/remotes/origin/main"];
        let cases: &[(&str, String, &[&str], bool)] = &[
            ("single", remote("origin", single, ""), &["origin/main"], false),
            ("actions", remote("origin", &[ALL], ""), &["origin/main"], true),
            ("shallow", remote("origin", &[ALL], ""), &["origin/main", "origin/dev", "origin/HEAD"], true),
            ("one", remote("origin", &[ALL], ""), &["origin/main"], false),
            ("never", remote("origin", &[ALL], ""), &[], false),
            ("bundle", String::new(), &[], true),
            ("unset", remote("origin", &[], ""), &[], false),
            ("but", remote("origin", &[ALL, "^refs/heads/production"], ""), &["origin/main", "origin/x"], false),
        ];
        for (name, config, tracking, is_shallow) in cases {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(name);
            clone(&path, config, tracking);
            if *is_shallow {
                fs::write(path.join(".git/shallow"), format!("{}\n", "1".repeat(40))).unwrap();
            }
            let from = if config.is_empty() { URL } else { "origin" };
            let line = format!("fetch {from} production:refs/remotes/origin/production");
            let (line, tag) = (line.as_str(), format!("fetch {from} tag v1"));
            assert_eq!(fetch(&path, &branch("production")).as_deref(), Some(line), "{name}");
            assert_eq!(fetch(&path, &Reference::Name("refs/heads/production".into())).as_deref(), Some(line), "{name}");
            assert_eq!(fetch(&path, &Reference::Tag("v1".into())).as_deref(), Some(tag.as_str()), "{name}");
            let wrong = [
                branch("a..b"),
                Reference::Tag(String::new()),
                Reference::Commit("main".into()),
                Reference::Name("main".into()),
            ];
            for reference in wrong {
                assert_eq!(fetch(&path, &reference), None, "{name}: {reference:?} can never exist");
            }
        }
    }

    #[test]
    fn the_line_fetches_what_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let shallow = |name: &str, fetch: &[&str]| {
            let path = folder.path().join(name);
            clone(&path, &remote("origin", fetch, ""), &["origin/main"]);
            let git = if name.ends_with(".git") { path.clone() } else { path.join(".git") };
            fs::write(git.join("shallow"), format!("{}\n", "1".repeat(40))).unwrap();
            path
        };
        let all = shallow("all", &[ALL]);
        let single = shallow("single", &["+refs/heads/main:refs/remotes/origin/main"]);
        let bare = shallow("bare.git", &[]);
        let commit = Reference::Commit("0123456".into());
        let cases = [
            (&all, commit.clone(), "fetch --unshallow"),
            (&single, commit, "fetch --unshallow origin '+refs/heads/*:refs/remotes/origin/*'"),
            (&all, Reference::Semver(">=1".into()), "fetch --tags origin"),
            (&all, Reference::Name("refs/tags/v1".into()), "fetch origin tag v1"),
            (&all, Reference::Name("refs/pull/7/head".into()), "fetch origin refs/pull/7/head:refs/pull/7/head"),
            (&all, Reference::Default, "fetch origin master:refs/remotes/origin/master"),
            (&bare, branch("production"), "fetch origin production:refs/heads/production"),
            (&all, branch("it's"), r"fetch origin 'it'\''s:refs/remotes/origin/it'\''s'"),
        ];
        for (path, reference, line) in cases {
            assert_eq!(fetch(path, &reference).as_deref(), Some(line), "{reference:?}");
        }
    }

    #[test]
    fn tags_may_be_left_out_of_a_clone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clone");
        clone(&path, &remote("origin", &[ALL], "\ttagOpt = --no-tags\n"), &["origin/main", "origin/HEAD"]);
        assert_eq!(fetch(&path, &branch("production")), None);
        assert_eq!(fetch(&path, &Reference::Tag("v1".into())).as_deref(), Some("fetch origin tag v1"));
    }

    #[test]
    fn a_branch_of_another_remote_is_no_proof() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fork");
        let config = remote("origin", &[ALL], "") + &remote("up", &["+refs/heads/*:refs/remotes/up/*"], "");
        clone(&path, &config, &["origin/main", "origin/dev", "up/main", "up/production"]);
        let line = "fetch up production:refs/remotes/origin/production";
        assert_eq!(fetch(&path, &branch("production")).as_deref(), Some(line));
        assert_eq!(fetch(&path, &branch("staging")), None);
    }

    #[test]
    fn the_line_names_the_path_as_it_was_given() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("my apps");
        clone(&path, &remote("origin", &[], ""), &[]);
        let argument = SourceArgument { url: URL.into(), path: path.clone(), revision: None };
        let sources = Sources::new(&Arc::default(), &[argument]).unwrap();
        let Resolution::NotInClone { fetch } = sources.resolve(URL, &branch("x")) else { panic!() };
        assert_eq!(fetch, format!("git -C '{}' fetch origin x:refs/remotes/origin/x", path.display()));
    }

    #[test]
    fn a_checkout_knows_its_remotes_and_its_branch() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fleet");
        let more = "[Remote \"up\"]\n\tURL = \"git@git.example:up/apps\" ; mine\n[include]\n\tpath = other\n";
        clone(&path, &(remote("origin", &[ALL], "") + more), &[]);
        fs::write(path.join(".git/other"), "[remote \"none\"]\n\turl = https://git.example/none\n").unwrap();
        fs::create_dir_all(path.join("clusters/a")).unwrap();
        for (opened, prefix) in [(path.clone(), ""), (path.join("clusters/a"), "clusters/a")] {
            let checkout = Checkout::open(&Arc::default(), &opened).unwrap();
            assert_eq!(checkout.remotes, ["https://git.example/origin/apps.git", "git@git.example:up/apps"]);
            assert_eq!(
                (checkout.branch.as_deref(), checkout.is_bare, &*checkout.prefix),
                (Some("main"), false, prefix)
            );
            assert_eq!(checkout.git_dir, Some(path.canonicalize().unwrap().join(".git")));
            assert_eq!(checkout.tree.revision, None);
        }
        fs::write(path.join(".git/HEAD"), format!("{}\n", "1".repeat(40))).unwrap();
        assert_eq!(Checkout::open(&Arc::default(), &path).unwrap().branch, None);
        fs::write(path.join(".git/config"), "[remote \"origin\n").unwrap();
        assert_eq!(Checkout::open(&Arc::default(), &path).unwrap().remotes, [""; 0]);
    }

    #[test]
    fn outside_git_nothing_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let checkout = Checkout::open(&Arc::default(), folder.path()).unwrap();
        assert_eq!((&checkout.remotes[..], &checkout.branch, &checkout.git_dir), (&[][..], &None, &None));
        assert!(matches!(checkout.at(&branch("main")), Resolution::NotGiven));
    }

    #[test]
    fn a_checkout_of_a_linked_work_tree_or_submodule() {
        let folder = tempfile::tempdir().unwrap();
        let (main, linked) = (folder.path().join("main"), folder.path().join("linked"));
        clone(&main, &remote("origin", &[ALL], ""), &[]);
        let private = main.join(".git/worktrees/linked");
        fs::create_dir_all(&linked).unwrap();
        fs::create_dir_all(&private).unwrap();
        fs::write(linked.join(".git"), format!("gitdir: {}\n", private.display())).unwrap();
        fs::write(private.join("commondir"), "../..\n").unwrap();
        fs::write(private.join("HEAD"), "ref: refs/heads/feature/x\n").unwrap();
        let checkout = Checkout::open(&Arc::default(), &linked).unwrap();
        assert_eq!(checkout.branch.as_deref(), Some("feature/x"));
        assert_eq!(checkout.remotes, ["https://git.example/origin/apps.git"]);
        assert_eq!(checkout.git_dir, Some(private));
        let Resolution::Tree(tree) = checkout.at(&branch("main")) else { panic!() };
        assert_eq!(tree.files(), ["x.yaml"]);
    }

    #[test]
    fn a_bare_repository_is_read_at_head() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fleet.git");
        git::repository(&path, &[("production", &[("a.yaml", "p")]), ("main", &[("b.yaml", "m")])]);
        let checkout = Checkout::open(&Arc::default(), &path).unwrap();
        assert_eq!((checkout.tree.files(), checkout.is_bare), (vec!["a.yaml".to_owned()], true));
        assert_eq!((&*checkout.tree.repository, checkout.tree.revision.as_deref()), ("fleet", Some("production")));
        assert_eq!(checkout.branch.as_deref(), Some("production"));
        let Resolution::Tree(tree) = checkout.at(&branch("main")) else { panic!() };
        assert_eq!(tree.files(), ["b.yaml"]);
        let Resolution::Tree(tree) = checkout.at(&branch("production")) else { panic!() };
        assert!(Arc::ptr_eq(&tree, &checkout.tree));

        let id = fs::read_to_string(path.join("refs/heads/main")).unwrap();
        fs::write(path.join("HEAD"), &id).unwrap();
        let checkout = Checkout::open(&Arc::default(), &path).unwrap();
        assert_eq!((checkout.tree.revision.as_deref(), checkout.branch), (Some(&id[..7]), None));

        fs::write(path.join("HEAD"), "ref: refs/heads/none\n").unwrap();
        let error = Checkout::open(&Arc::default(), &path).unwrap_err();
        assert_eq!(error, OpenError::NoCommit { path });
    }

    #[test]
    fn a_checkout_reads_its_own_objects() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fleet");
        let branches: &[(&str, &[(&str, &str)])] =
            &[("main", &[("a/x.yaml", "main")]), ("production", &[("a/x.yaml", "production"), ("b.yaml", "")])];
        git::repository(&path, branches);
        fs::create_dir(path.join("a")).unwrap();
        let whole = Checkout::open(&Arc::default(), &path).unwrap();
        let Resolution::Tree(tree) = whole.at(&branch("production")) else { panic!() };
        assert_eq!((tree.files().len(), tree.revision.as_deref(), &*tree.repository), (2, Some("production"), "fleet"));
        let Resolution::Tree(same) = whole.at(&Reference::Name("refs/heads/production".into())) else { panic!() };
        assert!(Arc::ptr_eq(&tree, &same));
        let part = Checkout::open(&Arc::default(), &path.join("a")).unwrap();
        let Resolution::Tree(tree) = part.at(&branch("production")) else { panic!() };
        assert_eq!(tree.file("x.yaml").unwrap().text(), Some("production"));
        let Resolution::NoSuchReference { available } = part.at(&branch("none")) else { panic!() };
        assert_eq!(available, ["main", "production"]);
        fs::write(path.join(".git/shallow"), "x\n").unwrap();
        let Resolution::NotInClone { fetch } = Checkout::open(&Arc::default(), &path).unwrap().at(&branch("none"))
        else {
            panic!()
        };
        assert_eq!(fetch, format!("git -C {} fetch origin none:refs/remotes/origin/none", path.display()));
    }

    #[test]
    fn finds_the_repository_above_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("fleet/clusters/prod")).unwrap();
        fs::create_dir_all(root.join("fleet/.git")).unwrap();
        let above = |path: &str| repository_above(&root.join(path), &["fleetlint.yaml"]);
        assert_eq!(above("fleet/clusters/prod"), Some(root.join("fleet")));
        assert_eq!(above("fleet"), Some(root.join("fleet")));
        assert_eq!(above("none"), None);
        fs::write(root.join("fleet/clusters/fleetlint.yaml"), "").unwrap();
        assert_eq!(above("fleet/clusters/prod"), Some(root.join("fleet/clusters")));
        let relative = |path: &str| repository_above(Path::new(path), &["Cargo.toml"]);
        assert_eq!(relative("src/cli"), Some(PathBuf::from(".")));
        assert_eq!(relative("."), Some(PathBuf::from(".")));
    }
}

//! Which `--source` answers for which source of the fleet.

mod cases {
    use std::fs;
    use std::path::PathBuf;
    use std::sync::Arc;

    use fleetlint::source::{
        NamedSource, OpenError, Reference, Resolution, SourceArgument, SourceRole, Sources, Unused, UnusedSource,
    };

    use crate::git;

    const URL: &str = "https://git.example/acme/apps.git";

    /// Arguments, what a source names, and the text and the revision that it reads.
    type Case<'a> = (&'a [&'a str], &'a Reference, Option<(&'a str, Option<&'a str>)>);

    /// Arguments, what the sources with their URL name, and the revisions and branches that nothing reads.
    type Unread<'a> = (&'a [&'a str], &'a [Option<&'a Reference>], &'a [(&'a str, &'a str)]);

    struct Machine {
        folder: tempfile::TempDir,
    }

    impl Machine {
        /// Repositories `one` and `two.git` with branches `main` and `production`, and a folder `plain`.
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            for name in ["one", "two.git"] {
                let text = |branch: &str| format!("{name} {branch}");
                let (main, production) = (text("main"), text("production"));
                let branches: &[(&str, &[(&str, &str)])] =
                    &[("main", &[("x.yaml", &main)]), ("production", &[("x.yaml", &production)])];
                git::repository(&folder.path().join(name), branches);
            }
            fs::write(folder.path().join("one/x.yaml"), "one on disk").unwrap();
            fs::create_dir(folder.path().join("plain")).unwrap();
            fs::write(folder.path().join("plain/x.yaml"), "plain").unwrap();
            Self { folder }
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        /// `one@main` is `--source URL=…/one@main`.
        fn argument(&self, text: &str) -> SourceArgument {
            let (url, rest) = text.split_once('=').unwrap_or((URL, text));
            SourceArgument::parse(&format!("{url}={}/{rest}", self.folder.path().display())).unwrap()
        }

        fn sources(&self, arguments: &[&str]) -> Result<Sources, OpenError> {
            let arguments: Vec<_> = arguments.iter().map(|text| self.argument(text)).collect();
            Sources::new(&Arc::default(), &arguments)
        }

        fn error(&self, arguments: &[&str]) -> OpenError {
            match self.sources(arguments).unwrap_err() {
                OpenError::Argument { argument, why } => {
                    assert_eq!(argument, self.argument(arguments.last().unwrap()).to_string());
                    *why
                }
                other => other,
            }
        }
    }

    fn branch(name: &str) -> Reference {
        Reference::Branch(name.into())
    }

    /// What a source reads: the text of a file, and the revision of the tree.
    fn read(sources: &Sources, reference: &Reference) -> Option<(String, Option<String>)> {
        match sources.resolve(URL, reference) {
            Resolution::Tree(tree) => {
                let text = tree.file("x.yaml").unwrap().text().unwrap().to_owned();
                Some((text, tree.revision.as_deref().map(str::to_owned)))
            }
            Resolution::NotForBranch { .. } => None,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_branch_may_be_given_on_its_own() {
        let machine = Machine::new();
        let (main, production, staging) = (branch("main"), branch("production"), branch("staging"));
        let production_by_name = Reference::Name("refs/heads/production".into());
        let tag = Reference::Tag("production".into());
        let cases: &[Case<'_>] = &[
            (&["one@production"], &main, Some(("one production", Some("production")))),
            (&["one@main", "two.git@production"], &main, Some(("one main", Some("main")))),
            (&["one@main", "two.git@production"], &production, Some(("two.git production", Some("production")))),
            (
                &["one@main", "two.git@refs/heads/production"],
                &production_by_name,
                Some(("two.git production", Some("production"))),
            ),
            (&["one@main", "two.git@production"], &tag, Some(("two.git production", Some("production")))),
            (&["one@main", "two.git@production"], &staging, None),
            (&["one", "two.git@production"], &main, Some(("one main", Some("main")))),
            (&["two.git@production", "one"], &production, Some(("two.git production", Some("production")))),
            (&["one@main:worktree"], &main, Some(("one on disk", None))),
            (&["one@main:worktree"], &production, None),
            (&["one@main:worktree"], &Reference::Tag("main".into()), None),
            (&["one@refs/heads/master:worktree"], &Reference::Default, Some(("one on disk", None))),
            (&["two.git@staging:HEAD"], &staging, Some(("two.git main", Some("staging")))),
            (&["two.git@staging:HEAD", "one"], &production, Some(("one production", Some("production")))),
            (&["one@production:worktree", "two.git@main"], &production, Some(("one on disk", None))),
            (&["one@production:worktree", "two.git@main"], &staging, Some(("two.git main", Some("main")))),
            (&["plain", "one@main"], &main, Some(("one main", Some("main")))),
            (&["plain", "one@main"], &production, Some(("plain", None))),
        ];
        for (arguments, reference, expected) in cases {
            let expected = expected.map(|(text, revision)| (text.to_owned(), revision.map(str::to_owned)));
            assert_eq!(read(&machine.sources(arguments).unwrap(), reference), expected, "{arguments:?} {reference:?}");
        }
    }

    #[test]
    fn one_url_cannot_be_given_twice_for_the_same_branch() {
        let machine = Machine::new();
        let twice = |branch: Option<&str>| OpenError::GivenTwice { url: URL.into(), branch: branch.map(str::to_owned) };
        let cases: &[(&[&str], Option<&str>)] = &[
            (&["one", "two.git"], None),
            (&["one", "plain"], None),
            (&["one@main", "two.git@main"], Some("main")),
            (&["one@main", "two.git@refs/heads/main"], Some("main")),
            (&["one@main:worktree", "two.git@main:HEAD"], Some("main")),
            (&["one", "one@main", "two.git@main:HEAD"], Some("main")),
        ];
        for (arguments, branch) in cases {
            assert_eq!(machine.error(arguments), twice(*branch), "{arguments:?}");
        }
        let spelled = ["one", "git@git.example:acme/apps=two.git"];
        let error = machine.sources(&spelled).unwrap_err().to_string();
        let path = machine.path("two.git");
        let expected = format!(
            "`--source git@git.example:acme/apps={}`: `git@git.example:acme/apps` is given twice for all branches; remove one",
            path.display()
        );
        assert_eq!(error, expected);
    }

    #[test]
    fn revisions_have_to_exist() {
        let machine = Machine::new();
        let cases = [
            (
                "one@nowhere",
                OpenError::NoSuchRevision {
                    path: machine.path("one"),
                    revision: "nowhere".into(),
                    available: vec!["main".into(), "production".into()],
                    fetch: None,
                },
            ),
            (
                "plain@main:worktree",
                OpenError::NoRevisions { path: machine.path("plain"), revision: "main:worktree".into() },
            ),
            (
                "two.git@main:worktree",
                OpenError::NoWorkingTree { path: machine.path("two.git"), branch: "main".into() },
            ),
        ];
        for (argument, expected) in cases {
            assert_eq!(machine.error(&[argument]), expected, "{argument}");
        }
        let error = machine.sources(&["https://me:secret@git.example/apps=one@nowhere"]).unwrap_err().to_string();
        let path = machine.path("one");
        let path = path.display();
        let expected = format!(
            "`--source https://git.example/apps={path}@nowhere`: `{path}` has no branch, tag or commit `nowhere`; it has \
             `main`, `production`"
        );
        assert_eq!(error, expected);
        for wrong in ["u=/none@main:", "u=/none@:HEAD", "u=/none@main:work"] {
            assert!(SourceArgument::parse(wrong).unwrap_err().contains("is not a revision"), "{wrong}");
        }
    }

    #[test]
    fn urls_compare_as_their_host_compares_them() {
        let machine = Machine::new();
        let arguments = ["https://GitHub.com/Acme/Apps=one", "https://git.example/Acme/apps=plain"];
        let sources = machine.sources(&arguments).unwrap();
        let is_given = |url: &str| !matches!(sources.resolve(url, &branch("main")), Resolution::NotGiven);
        assert!(is_given("ssh://git@github.com/acme/apps.git"));
        assert!(is_given("https://Git.Example/Acme/apps"));
        assert!(!is_given("https://git.example/acme/apps"));
    }

    #[test]
    fn what_no_source_reads_is_known() {
        let machine = Machine::new();
        let arguments = [
            "https://git.example/acme/apps=one",
            "https://me:secret@git.example/acme/infa=plain",
            "https://git.example/charts=plain",
        ];
        let sources = machine.sources(&arguments).unwrap();
        sources.resolve("git@git.example:acme/apps", &branch("main"));
        let named = [
            named("https://git.example/acme/infra.git", Some(branch("main")), SourceRole::Files),
            named("oci://git.example/charts", Some(Reference::Default), SourceRole::Charts),
            named("https://git.example/other", None, SourceRole::Files),
            named("ssh://git@git.example/other", None, SourceRole::Files),
            named("https://git.example/acme/fleet", Some(branch("main")), SourceRole::Fleet),
            named("https://git.example/acme/fleet", Some(branch("x")), SourceRole::FleetElsewhere),
            named("oci://git.example/more-charts", Some(Reference::Default), SourceRole::Charts),
        ];
        let others = vec!["git.example/acme/infra".to_owned(), "git.example/other".to_owned()];
        let expected = UnusedSource { url: "https://git.example/acme/infa".into(), why: Unused::Url { others } };
        assert_eq!(sources.unused(&named, &machine.path("two.git")), [expected]);
    }

    fn named(url: &str, reference: Option<Reference>, role: SourceRole) -> NamedSource {
        NamedSource { url: url.into(), reference, role }
    }

    #[test]
    fn a_url_that_is_given_for_other_branches_says_so() {
        let machine = Machine::new();
        let given = |arguments: &[&str], reference: Reference| match machine
            .sources(arguments)
            .unwrap()
            .resolve(URL, &reference)
        {
            Resolution::NotForBranch { given } => given,
            other => panic!("{other:?}"),
        };
        assert_eq!(given(&["one@production:HEAD"], branch("main")), ["production"]);
        assert_eq!(given(&["one@x:HEAD", "one@main:worktree"], branch("y")), ["x", "main"]);
        assert_eq!(given(&["one@main", "two.git@production"], Reference::Tag("v1".into())), ["main", "production"]);
    }

    #[test]
    fn what_is_given_for_a_branch_that_no_source_names_is_known() {
        let machine = Machine::new();
        let (main, production, tag) = (branch("main"), branch("production"), Reference::Tag("v1".into()));
        let main_by_name = Reference::Name("refs/heads/main".into());
        let cases: &[Unread<'_>] = &[
            (&["one@mian:HEAD"], &[Some(&main), Some(&production)], &[("mian:HEAD", "mian")]),
            (&["one", "two.git@mian:HEAD"], &[Some(&main)], &[("mian:HEAD", "mian")]),
            (&["one@mian:worktree", "one@x:HEAD"], &[Some(&main)], &[("mian:worktree", "mian"), ("x:HEAD", "x")]),
            (&["one@refs/heads/main:worktree"], &[Some(&main_by_name)], &[]),
            (&["one@master:worktree"], &[Some(&Reference::Default)], &[]),
            (&["one@v1:HEAD"], &[Some(&tag)], &[("v1:HEAD", "v1")]),
            // A single revision is given for all branches.
            (&["one@production"], &[Some(&main)], &[]),
            (&["one", "two.git@production"], &[Some(&main)], &[("production", "production")]),
            (&["one@main", "two.git@production"], &[Some(&main)], &[("production", "production")]),
            (&["one@main", "two.git@production"], &[Some(&production), Some(&main)], &[]),
            // What is given for all branches is there for those to come.
            (&["one", "two.git@main:HEAD"], &[Some(&main)], &[]),
            // What is not known may be any branch.
            (&["one@mian:HEAD"], &[Some(&main), None], &[]),
        ];
        for (arguments, references, expected) in cases {
            let sources = machine.sources(arguments).unwrap();
            let fleet: Vec<_> = references.iter().map(|it| named(URL, it.cloned(), SourceRole::Files)).collect();
            let known: Vec<_> = references.iter().flatten().map(|&it| it.clone().canonical()).collect();
            let expected = expected.iter().map(|(revision, branch)| UnusedSource {
                url: URL.into(),
                why: Unused::Branch { revision: (*revision).into(), branch: (*branch).into(), named: known.clone() },
            });
            assert_eq!(
                sources.unused(&fleet, &machine.path("two.git")),
                expected.collect::<Vec<_>>(),
                "{arguments:?} {references:?}"
            );
        }
        let sources = machine.sources(&["one@mian:HEAD"]).unwrap();
        assert_eq!(sources.unused(&[named(URL, Some(main), SourceRole::Charts)], &machine.path("two.git")), []);
    }

    #[test]
    fn the_fleet_itself_is_never_given() {
        let machine = Machine::new();
        let sources = machine.sources(&["https://git.example/Acme/Fleet=plain"]).unwrap();
        let synced = named("ssh://git@git.example/acme/fleet.git", Some(branch("main")), SourceRole::Fleet);
        let elsewhere = NamedSource { role: SourceRole::FleetElsewhere, ..synced.clone() };
        let unused = UnusedSource { url: "https://git.example/Acme/Fleet".into(), why: Unused::Fleet };
        assert_eq!(sources.unused(&[synced.clone(), synced.clone()], &machine.path("two.git")), [unused]);
        assert_eq!(sources.unused(std::slice::from_ref(&synced), &machine.path("plain")), []);
        assert_eq!(sources.unused(&[synced, elsewhere], &machine.path("two.git")), []);
    }
}

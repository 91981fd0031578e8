//! Which `--source` answers for which source of the fleet.

#[cfg(test)]
#[path = "support/git.rs"]
mod git;

#[cfg(test)]
mod cases {
    use std::fs;
    use std::path::PathBuf;
    use std::sync::Arc;

    use fleetlint::source::{OpenError, Reference, Resolution, SourceArgument, Sources, UnusedSource};

    use crate::git;

    const URL: &str = "https://git.example/acme/apps.git";

    /// Arguments, what a source names, and the text and the revision that it reads.
    type Case<'a> = (&'a [&'a str], &'a Reference, Option<(&'a str, Option<&'a str>)>);

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
            Resolution::NotGiven => None,
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
        sources.resolve("https://git.example/acme/infra.git", &branch("main"));
        let unused = sources.unused(["oci://git.example/charts", "https://git.example/other"]);
        let others = vec!["git.example/acme/infra".to_owned(), "git.example/other".to_owned()];
        assert_eq!(unused, [UnusedSource { url: "https://git.example/acme/infa".into(), others }]);
    }
}

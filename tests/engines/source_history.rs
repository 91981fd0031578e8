//! What two branches of a repository have in common, and what a clone cannot say about it.

mod cases {
    use std::path::Path;
    use std::sync::Arc;

    use fleetlint::source::{Checkout, Comparison, Files, HistoryGap, SourceArgument, Sources};

    use crate::git_history::History;

    const REMOTE: &str = "[remote \"origin\"]\n\turl = https://git.example/acme/fleet.git\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n";

    fn compare(folder: &Path) -> Result<Comparison, HistoryGap> {
        Checkout::open(&Arc::new(Files::default()), folder).unwrap().compare("main", "production")
    }

    /// The subjects of what a side has alone.
    fn own(side: &fleetlint::source::Side) -> Vec<&str> {
        side.own.newest.iter().map(|commit| commit.subject.as_str()).collect()
    }

    /// `main`: a, b, c. `production`: a, x, a merge of b.
    fn diverged(folder: &Path) -> History {
        let mut history = History::new(folder);
        history.commit("a", 1, &[], &[("x.yaml", "1"), ("base/same.yaml", "1")]);
        history.commit("b", 2, &["a"], &[("x.yaml", "2"), ("base/same.yaml", "1")]);
        history.commit("c", 5, &["b"], &[("x.yaml", "3"), ("base/same.yaml", "1"), ("base/new/y.yaml", "1")]);
        history.commit("hotfix", 3, &["a"], &[("x.yaml", "1"), ("base/same.yaml", "1"), ("fix.yaml", "1")]);
        history.commit("merge", 4, &["hotfix", "b"], &[("x.yaml", "2"), ("base/same.yaml", "1"), ("fix.yaml", "1")]);
        history.reference("refs/heads/main", "c").reference("refs/heads/production", "merge");
        history
    }

    #[test]
    fn what_each_branch_has_alone() {
        let folder = tempfile::tempdir().unwrap();
        let history = diverged(folder.path());
        let found = compare(folder.path()).unwrap();
        assert_eq!(found.merge_bases, [history.id("b")]);
        assert_eq!((own(&found.base), own(&found.head)), (vec!["c"], vec!["merge", "hotfix"]));
        assert_eq!((found.head.own.count, found.head.own.merges, found.head.commit), (2, 1, history.id("merge")));
        let newest = &found.head.own.newest[0];
        assert_eq!((newest.time, newest.is_merge, &newest.id), (4, true, &history.id("merge")));
        assert_eq!(found.differing.paths, ["base/new/y.yaml", "fix.yaml", "x.yaml"]);
        assert_eq!((found.since_merge_base.paths, found.since_merge_base.is_cut), (vec!["fix.yaml".to_owned()], false));
    }

    #[test]
    fn only_files_below_the_opened_folder_count() {
        let folder = tempfile::tempdir().unwrap();
        diverged(folder.path());
        std::fs::create_dir_all(folder.path().join("base")).unwrap();
        let found = compare(&folder.path().join("base")).unwrap();
        assert_eq!((found.differing.paths, found.since_merge_base.paths), (vec!["new/y.yaml".to_owned()], Vec::new()));
    }

    #[test]
    fn a_branch_that_is_behind_has_nothing_alone() {
        let folder = tempfile::tempdir().unwrap();
        let mut history = History::new(folder.path());
        history.commit("a", 1, &[], &[("x", "1")]).commit("b", 2, &["a"], &[("x", "2")]);
        history.reference("refs/heads/main", "b").reference("refs/heads/production", "a");
        let found = compare(folder.path()).unwrap();
        assert_eq!((found.merge_bases, found.head.own.count), (vec![history.id("a")], 0));
        assert_eq!((found.base.own.count, found.since_merge_base.paths.len()), (1, 0));
        history.reference("refs/heads/production", "b");
        let same = compare(folder.path()).unwrap();
        assert_eq!((same.merge_bases, same.differing.paths), (vec![history.id("b")], Vec::<String>::new()));
    }

    #[test]
    fn branches_without_a_common_commit() {
        let folder = tempfile::tempdir().unwrap();
        let mut history = History::new(folder.path());
        history.commit("a", 1, &[], &[("x", "1")]).commit("b", 2, &[], &[("x", "1"), ("y", "1")]);
        history.reference("refs/heads/main", "a").reference("refs/heads/production", "b");
        let found = compare(folder.path()).unwrap();
        assert_eq!((found.merge_bases.len(), found.base.own.count, found.head.own.count), (0, 1, 1));
        assert_eq!(
            (found.differing.paths, found.since_merge_base.paths),
            (vec!["y".into()], vec!["x".into(), "y".into()])
        );
    }

    #[test]
    fn branches_that_were_merged_into_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let mut history = History::new(folder.path());
        history.commit("root", 1, &[], &[]).commit("l", 2, &["root"], &[]).commit("r", 3, &["root"], &[]);
        history.commit("lr", 4, &["l", "r"], &[]).commit("rl", 5, &["r", "l"], &[]);
        history.reference("refs/heads/main", "lr").reference("refs/heads/production", "rl");
        assert_eq!(compare(folder.path()).unwrap().merge_bases, [history.id("r"), history.id("l")]);
    }

    #[test]
    fn clocks_that_are_wrong_hide_no_common_commit() {
        let folder = tempfile::tempdir().unwrap();
        let mut history = History::new(folder.path());
        // `old` claims to be the oldest of all, and both branches hold it.
        history.commit("old", 1, &[], &[]).commit("b", 90, &["old"], &[]).commit("c", 80, &["b"], &[]);
        history.commit("side", 2, &["old"], &[]).commit("d", 85, &["c", "side"], &[]).commit("e", 95, &["c"], &[]);
        history.reference("refs/heads/main", "d").reference("refs/heads/production", "e");
        let found = compare(folder.path()).unwrap();
        assert_eq!(found.merge_bases, [history.id("c")]);
        assert_eq!((own(&found.base), own(&found.head)), (vec!["d", "side"], vec!["e"]));
    }

    #[test]
    fn the_branches_of_the_origin_count() {
        let folder = tempfile::tempdir().unwrap();
        let history = diverged(folder.path());
        history.reference("refs/remotes/origin/main", "merge").write("config", REMOTE);
        assert_eq!(compare(folder.path()).unwrap().head.own.count, 0);
    }

    #[test]
    fn a_clone_that_is_cut_short_says_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let history = diverged(folder.path());
        history.lose("a").lose("b").lose("hotfix").shallow(&["c", "merge"]).write("config", REMOTE);
        let fetch = format!("git -C {} fetch --unshallow", folder.path().display());
        assert_eq!(compare(folder.path()).unwrap_err(), HistoryGap::Shallow { fetch });
    }

    #[test]
    fn a_clone_that_is_cut_below_the_common_commit_says_all() {
        let folder = tempfile::tempdir().unwrap();
        let mut history = History::new(folder.path());
        history.commit("a", 1, &[], &[]).commit("b", 2, &["a"], &[]);
        history.commit("c", 3, &["b"], &[]).commit("d", 4, &["b"], &[]);
        history.reference("refs/heads/main", "c").reference("refs/heads/production", "d");
        history.lose("a").shallow(&["b"]);
        assert_eq!(compare(folder.path()).unwrap().merge_bases, [history.id("b")]);
    }

    #[test]
    fn a_commit_older_than_the_cut_may_be_common() {
        let folder = tempfile::tempdir().unwrap();
        let mut history = History::new(folder.path());
        history.commit("old", 1, &[], &[]).commit("cut", 5, &["old"], &[]);
        history.commit("side", 2, &["old"], &[]).commit("c", 6, &["cut", "side"], &[]).commit("d", 7, &["cut"], &[]);
        history.reference("refs/heads/main", "c").reference("refs/heads/production", "d").shallow(&["cut"]);
        assert!(matches!(compare(folder.path()), Err(HistoryGap::Shallow { .. })));
    }

    #[test]
    fn a_branch_that_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let mut history = History::new(folder.path());
        history.commit("a", 1, &[], &[]).reference("refs/heads/main", "a");
        let (branch, available) = ("production".to_owned(), vec!["main".to_owned()]);
        assert_eq!(compare(folder.path()).unwrap_err(), HistoryGap::NoSuchBranch { branch, available });
        history
            .write("config", "[remote \"origin\"]\n\turl = x\n\tfetch = +refs/heads/main:refs/remotes/origin/main\n");
        let fetch = "fetch origin production:refs/remotes/origin/production";
        let fetch = format!("git -C {} {fetch}", folder.path().display());
        let branch = "production".to_owned();
        assert_eq!(compare(folder.path()).unwrap_err(), HistoryGap::NotInClone { branch, fetch });
    }

    #[test]
    fn a_folder_has_no_history() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(compare(folder.path()).unwrap_err(), HistoryGap::NotGit);
    }

    #[test]
    fn a_commit_that_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let history = diverged(folder.path());
        history.lose("b");
        let why = format!("the commit `{}` is missing or damaged", history.id("b"));
        assert_eq!(compare(folder.path()).unwrap_err(), HistoryGap::Unreadable(why));
    }

    #[test]
    fn a_source_is_asked_by_its_url() {
        let folder = tempfile::tempdir().unwrap();
        diverged(folder.path());
        let url = "https://git.example/acme/apps.git".to_owned();
        let argument = SourceArgument { url, path: folder.path().to_owned(), revision: None };
        let sources = Sources::new(&Arc::new(Files::default()), &[argument]).unwrap();
        let compared = sources.compare("https://git.example/acme/apps", "main", "production").unwrap();
        assert_eq!(compared.head.own.count, 2);
        assert_eq!(sources.compare("https://other.example/x", "main", "production"), Err(HistoryGap::NotGit));
    }
}

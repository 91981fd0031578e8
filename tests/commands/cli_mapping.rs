//! `--source` and `sources:` that do not fit the fleet, as a user sees it.

mod cases {
    use std::fs;
    use std::process::Command;

    use crate::fleet::Repositories;
    use crate::git;

    const FLEET: &str = "two";
    const APP: &str = "https://github.com/example/app2";
    const OWN: &str = "https://github.com/example/inst";

    /// Two clusters that read `app2` at `main` and at `production`, and clones of it: `apps2` has both branches, `ac` only
    /// `production`, and `shallow` is cut short after `main`.
    fn machine() -> Repositories {
        let machine = Repositories::empty();
        for (cluster, branch) in [("staging", "main"), ("prod", "production")] {
            let folder = format!("clusters/{cluster}");
            machine.write(FLEET, &format!("{folder}/flux-system/flux-instance.yaml"), &instance(cluster));
            machine.write(FLEET, &format!("{folder}/app2.yaml"), &app(branch));
        }
        let files: &[(&str, &str)] =
            &[("deploy/cm.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\n")];
        git::repository(&machine.path("apps2"), &[("main", files), ("production", files)]);
        git::repository(&machine.path("ac"), &[("production", files)]);
        git::repository(&machine.path("shallow"), &[("main", files)]);
        let git = machine.path("shallow/.git");
        fs::write(git.join("shallow"), format!("{}\n", "1".repeat(40))).unwrap();
        let config = fs::read_to_string(git.join("config")).unwrap();
        let remote = "[remote \"origin\"]\n\turl = x\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n";
        fs::write(git.join("config"), config + remote).unwrap();
        machine
    }

    fn instance(cluster: &str) -> String {
        format!(
            "apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: {{name: flux, namespace: flux-system}}\n\
             spec:\n  distribution: {{version: 2.6.x, registry: ghcr.io/fluxcd}}\n  sync:\n    kind: GitRepository\n    \
             url: {OWN}.git\n    ref: refs/heads/main\n    path: clusters/{cluster}\n"
        )
    }

    fn app(branch: &str) -> String {
        format!(
            "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {{name: app2, namespace: flux-system}}\n\
             spec:\n  interval: 10m\n  url: {APP}\n  ref: {{branch: {branch}}}\n---\n\
             apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\n\
             metadata: {{name: charts, namespace: flux-system}}\nspec:\n  interval: 10m\n  url: {OWN}-charts\n---\n\
             apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n\
             metadata: {{name: app2, namespace: flux-system}}\nspec:\n  interval: 10m\n  path: ./deploy\n  prune: true\n  \
             sourceRef: {{kind: GitRepository, name: app2}}\n"
        )
    }

    /// What a check of the rules `sources` prints, without the summary, and its exit status.
    fn check(machine: &Repositories, sources: &[String]) -> (String, Option<i32>) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fleetlint"));
        command.args(["check", "--select", "sources"]).current_dir(machine.path(""));
        sources.iter().for_each(|source| _ = command.args(["--source", source]));
        let output = command.arg(FLEET).output().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        let is_summary = |line: &&str| line.contains(" files (") || line.starts_with("clusters: ");
        let lines: Vec<&str> = text.lines().filter(|line| !is_summary(line)).collect();
        (lines.join("\n").trim().to_owned(), output.status.code())
    }

    fn warning(given: &str, message: &str, help: &str) -> String {
        format!("warning[sources/unmatched-mapping]: `{given}` {message}\n  help: {help}")
    }

    fn not_for(given: &str, asked: &str, place: &str, clusters: &str) -> String {
        format!(
            "note: `github.com/example/app2` is given only for branch `{given}`, not for {asked}: Kustomization \
             `flux-system/app2` was not expanded\n  help: add `--source github.com/example/app2=PATH` for all others\n  \
             at: {FLEET}/clusters/{place}/app2.yaml:18:18\n  on: {clusters}"
        )
    }

    #[test]
    fn a_branch_that_no_source_names_is_reported() {
        let machine = machine();
        for kind in ["HEAD", "worktree"] {
            let message = format!("at `@mian:{kind}` matches no source of the fleet: none names branch `mian`");
            let warning = warning(&format!("--source {APP}"), &message, "did you mean `main`?");
            let mian = format!("{APP}=apps2@mian:{kind}");
            let (prod, staging) =
                (not_for("mian", "`production`", "prod", "prod"), not_for("mian", "`main`", "staging", "staging"));
            let expected = format!("{warning}\n\n{staging}\n{prod}");
            assert_eq!(check(&machine, std::slice::from_ref(&mian)), (expected, Some(0)));
            assert_eq!(check(&machine, &[format!("{APP}=apps2"), mian]), (warning, Some(0)));
        }
        let message = "at `@dev:HEAD` matches no source of the fleet: none names branch `dev`";
        let warning = warning(&format!("--source {APP}"), message, "the fleet reads `main` and `production` of it");
        assert_eq!(check(&machine, &[format!("{APP}=apps2"), format!("{APP}=ac@dev:HEAD")]), (warning, Some(0)));
    }

    #[test]
    fn a_branch_that_is_not_given_is_named() {
        let expected = not_for("production", "`main`", "staging", "staging");
        assert_eq!(check(&machine(), &[format!("{APP}=ac@production:HEAD")]), (expected, Some(0)));
    }

    #[test]
    fn a_revision_in_the_configuration_is_a_branch_as_well() {
        let machine = machine();
        let config = format!("sources:\n  {APP}: ../apps2\n  {APP}.git: {{path: ../ac, revision: 'mian:HEAD'}}\n");
        machine.write(FLEET, "fleetlint.yaml", &config);
        let (text, status) = check(&machine, &[]);
        let message = format!(
            "warning[sources/unmatched-mapping]: `{APP}.git` at `@mian:HEAD` matches no source of the fleet: none names branch \
             `mian`"
        );
        assert!(text.starts_with(&message), "{text}");
        assert!(text.contains("[two/fleetlint.yaml:3:3]"), "{text}");
        assert_eq!(status, Some(0));
    }

    #[test]
    fn a_misspelt_url_that_is_left_out_is_reported() {
        let machine = machine();
        let left_out = |url: &str| {
            machine.write(FLEET, "fleetlint.yaml", &format!("sources:\n  {url}: {{external: true}}\n"));
            check(&machine, &[]).0
        };
        let text = left_out("https://github.com/example/ap2");
        let message = "warning[sources/unmatched-mapping]: `https://github.com/example/ap2` matches no source of the fleet: \
                       nothing is left out";
        assert!(text.starts_with(message), "{text}");
        assert!(text.contains("[two/fleetlint.yaml:2:3]"), "{text}");
        assert!(text.contains("help: did you mean `github.com/example/app2`?"), "{text}");
        // What a repository that is not at hand reads may have any URL.
        assert!(!left_out("https://github.com/example/website").contains("warning"));
        assert_eq!(left_out(APP), "");
    }

    #[test]
    fn only_what_can_be_given_is_suggested() {
        let machine = machine();
        let message = "matches no source of the fleet: nothing is read from it";
        for (name, help) in [
            ("example/unused", "remove it, or correct the URL; not given are `github.com/example/app2`"),
            ("example/inst-chart", "remove it, or correct the URL; not given are `github.com/example/app2`"),
            ("exmaple/app2", "did you mean `github.com/example/app2`?"),
            ("other/app2", "remove it, or correct the URL; not given are `github.com/example/app2`"),
            ("example/app", "did you mean `github.com/example/app2`?"),
        ] {
            let url = format!("https://github.com/{name}");
            let (text, status) = check(&machine, &[format!("{url}=apps2")]);
            let expected = warning(&format!("--source {url}"), message, help);
            assert_eq!((text.split("\n\n").next(), status), (Some(expected.as_str()), Some(0)));
        }
    }

    #[test]
    fn the_fleet_repository_itself_is_not_given() {
        let app = format!("{APP}=apps2");
        let message = "is the fleet repository itself: its working tree is read";
        let expected = warning(&format!("--source {OWN}"), message, "remove it");
        assert_eq!(check(&machine(), &[app.clone(), format!("{OWN}=ac")]), (expected, Some(0)));

        let machine = machine();
        let other = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\n\
                     metadata: {name: self, namespace: flux-system}\nspec: {interval: 10m, ref: {branch: x}, url: ";
        machine.write(FLEET, "clusters/prod/self.yaml", &format!("{other}{OWN}}}\n"));
        assert_eq!(check(&machine, &[app, format!("{OWN}=ac")]), (String::new(), Some(0)));
    }

    #[test]
    fn a_clone_that_lacks_the_revision_says_how_to_fetch_it() {
        let machine = machine();
        let error = |path: &str, revision: &str, rest: &str| {
            let argument = format!("{APP}={path}@{revision}");
            let expected = format!(
                "error: `--source {argument}`: `{path}` has no branch, tag or commit `{revision}`; it has {rest}"
            );
            assert_eq!(check(&machine, &[argument]), (expected, Some(2)));
        };
        let line = "fetch origin production:refs/remotes/origin/production";
        let incomplete = "`main`, and is not a complete clone; run `git -C shallow";
        error("shallow", "production", &format!("{incomplete} {line}`"));
        error("shallow", "refs/heads/production", &format!("{incomplete} {line}`"));
        error("shallow", "refs/tags/v1", &format!("{incomplete} fetch origin tag v1`"));
        error("shallow", "0123456789", &format!("{incomplete} fetch --unshallow`"));
        error("ac", "main", "`production`");
    }

    /// The clone `apps2` with a remote and a working tree, in which a manifest is no YAML, and `HEAD` at this.
    fn tenant(head: &str) -> Repositories {
        let machine = machine();
        let git = machine.path("apps2/.git");
        let config = fs::read_to_string(git.join("config")).unwrap();
        fs::write(git.join("config"), format!("{config}[remote \"origin\"]\n\turl = {APP}.git\n")).unwrap();
        fs::write(git.join("HEAD"), head).unwrap();
        machine.write("apps2", "deploy/cm.yaml", "a: [\n");
        machine
    }

    /// What a check with `--tenant-repo` prints in one line each, and its exit status.
    fn check_tenant(machine: &Repositories, arguments: &[&str]) -> (Vec<String>, Option<i32>) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fleetlint"));
        command.args(["check", "--format", "line"]).args(arguments).arg(FLEET).current_dir(machine.path(""));
        let output = command.output().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        let lines = text.lines().filter(|line| !line.contains("note "));
        (lines.map(str::to_owned).collect(), output.status.code())
    }

    const BROKEN: &str = "apps2/deploy/cm.yaml:1:4: error build/yaml-syntax this `[` is not closed";

    #[test]
    fn the_clone_of_a_tenant_counts_as_the_branch_that_is_checked_out() {
        let machine = tenant("ref: refs/heads/main\n");
        for argument in ["apps2", "apps2@main", "apps2@refs/heads/main"] {
            let (lines, status) = check_tenant(&machine, &["--tenant-repo", argument]);
            assert_eq!((lines, status), (vec![BROKEN.to_owned()], Some(1)), "{argument}");
        }
        // It is the mapping that it says it is.
        let source = format!("{APP}.git=apps2@main:worktree");
        let same = check_tenant(&machine, &["--source", &source, "--repository", "app2"]);
        assert_eq!(check_tenant(&machine, &["--tenant-repo", "apps2"]), same);
    }

    #[test]
    fn a_clone_without_branch_or_remote_ends_the_run() {
        let machine = tenant(&format!("{}\n", "1".repeat(40)));
        let (lines, status) = check_tenant(&machine, &["--tenant-repo", "apps2"]);
        let message = "error: `apps2` has no branch checked out; say which branch it stands for: `--tenant-repo apps2@main`, in \
                       GitHub Actions `--tenant-repo apps2@${{ github.base_ref }}`";
        assert_eq!((lines, status), (vec![message.to_owned()], Some(2)));
        let (lines, status) = check_tenant(&machine, &["--tenant-repo", "apps2@main"]);
        assert_eq!((lines, status), (vec![BROKEN.to_owned()], Some(1)));
        for (path, message) in [
            (
                "ac",
                "error: `ac` is not a clone: no remote says which source of the fleet it is; use `--source URL=PATH@BRANCH:worktree`",
            ),
            ("none", "error: `none` does not exist"),
        ] {
            assert_eq!(check_tenant(&machine, &["--tenant-repo", path]), (vec![message.to_owned()], Some(2)));
        }
    }
}

//! Where CI systems show a finding that is not in the files which they have checked out.

mod cases {
    use std::process::Command;

    use serde_json::{Value, json};

    use crate::fleet::Repositories;
    use crate::git;

    const KUSTOMIZATION: &str = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n";

    fn instance(cluster: &str, branch: &str) -> String {
        format!(
            "apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: {{name: flux, namespace: flux-system}}\n\
             spec:\n  distribution: {{version: 2.7.x, registry: ghcr.io/fluxcd}}\n  sync:\n    kind: GitRepository\n    \
             url: https://github.com/acme/fleet\n    ref: refs/heads/{branch}\n    path: clusters/{cluster}\n"
        )
    }

    /// A GitRepository of a repository at a branch, and what builds a folder of it. The URL is in line 6.
    fn reads(name: &str, branch: &str) -> String {
        format!(
            "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\n\
             metadata: {{name: {name}, namespace: flux-system}}\nspec:\n  interval: 1m\n  \
             url: https://github.com/acme/{name}\n  ref: {{branch: {branch}}}\n---\n{KUSTOMIZATION}\
             metadata: {{name: {name}, namespace: flux-system}}\nspec:\n  interval: 1m\n  prune: true\n  \
             path: ./deploy\n  sourceRef: {{kind: GitRepository, name: {name}}}\n"
        )
    }

    /// Waits for what does not exist, in line 4.
    fn waits(name: &str) -> String {
        format!(
            "{KUSTOMIZATION}metadata: {{name: {name}, namespace: flux-system}}\n\
             spec: {{interval: 1m, prune: true, path: ./deploy, sourceRef: {{kind: GitRepository, name: apps}}, \
             dependsOn: [{{name: nothing-like-this}}]}}\n"
        )
    }

    fn check(repositories: &Repositories, arguments: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fleetlint"));
        command.args(["check", "--select", "kustomization-graph/depends-on-missing"]).args(arguments).arg("fleet");
        let output = command.current_dir(repositories.path("")).output().unwrap();
        assert_eq!((output.status.code(), output.stderr.len()), (Some(1), 0), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Message, file, line of each result.
    fn results(repositories: &Repositories, arguments: &[&str]) -> Vec<(String, String, u64)> {
        let text = check(repositories, &[&["--format", "sarif"], arguments].concat());
        let log: Value = serde_json::from_str(&text).unwrap();
        let result = |result: &Value| {
            let place = &result["locations"][0]["physicalLocation"];
            let message = result["message"]["text"].as_str().unwrap().lines().next().unwrap().to_owned();
            let file = place["artifactLocation"]["uri"].as_str().unwrap().to_owned();
            (message, file, place["region"]["startLine"].as_u64().unwrap())
        };
        log["runs"][0]["results"].as_array().unwrap().iter().map(result).collect()
    }

    const APPS: [&str; 2] = ["--source", "https://github.com/acme/apps=apps"];

    fn message(kustomization: &str, place: &str) -> String {
        format!(
            "Kustomization `flux-system/nothing-like-this` is not on this cluster: Kustomization \
             `flux-system/{kustomization}` waits for it forever (in {place})"
        )
    }

    /// Two clusters read `apps` at two branches; only `production` has the defect.
    fn branches() -> Repositories {
        let repositories = Repositories::empty();
        for (cluster, branch) in [("prod", "production"), ("staging", "main")] {
            let folder = format!("clusters/{cluster}");
            repositories.write(
                "fleet",
                &format!("{folder}/flux-system/flux-instance.yaml"),
                &instance(cluster, "main"),
            );
            repositories.write("fleet", &format!("{folder}/apps.yaml"), &reads("apps", branch));
        }
        let (good, bad) = (waits("web").replace("nothing-like-this", "apps"), waits("web"));
        let (good, bad) = ([("deploy/web.yaml", good.as_str())], [("deploy/web.yaml", bad.as_str())]);
        git::repository(&repositories.path("apps"), &[("main", &good), ("production", &bad)]);
        repositories
    }

    #[test]
    fn a_branch_of_another_repository_is_shown_where_its_cluster_reads_it() {
        let repositories = branches();
        let expected =
            (message("web", "apps@production: deploy/web.yaml:4:116"), "clusters/prod/apps.yaml".to_owned(), 6);
        assert_eq!(results(&repositories, &APPS), std::slice::from_ref(&expected));
        // No file of the disk holds what was read.
        let line = check(&repositories, &[&APPS[..], &["--format", "line"]].concat());
        let place = "fleet/clusters/prod/apps.yaml:6:8: error kustomization-graph/depends-on-missing";
        assert_eq!(line, format!("{place} {}\n", expected.0));
        let human = check(&repositories, &APPS);
        assert!(human.contains("╭─[apps@production: deploy/web.yaml:4:116]"), "{human}");
    }

    #[test]
    fn each_revision_is_a_repository_that_was_read() {
        let repositories = branches();
        let report: Value =
            serde_json::from_str(&check(&repositories, &[&APPS[..], &["--format", "json"]].concat())).unwrap();
        let apps = |revision: &str| json!({"name": "apps", "url": "github.com/acme/apps", "path": "apps", "revision": revision});
        let fleet = json!({"name": "fleet", "url": "github.com/acme/fleet", "path": "fleet", "revision": null});
        assert_eq!(report["repositories"], json!([apps("main"), apps("production"), fleet]));
    }

    #[test]
    fn a_run_about_the_other_repository_shows_its_files() {
        let found = results(&branches(), &[&APPS[..], &["--repository", "apps"]].concat());
        let [(message, file, line)] = found.as_slice() else { panic!("{found:?}") };
        assert!(message.ends_with("waits for it forever"), "{message}");
        assert_eq!((file.as_str(), *line), ("deploy/web.yaml", 4));
    }

    #[test]
    fn what_a_repository_reads_is_shown_where_the_fleet_reads_that_one() {
        let repositories = Repositories::empty();
        repositories.write("fleet", "clusters/prod/flux-system/flux-instance.yaml", &instance("prod", "main"));
        repositories.write("fleet", "clusters/prod/apps.yaml", &reads("apps", "main"));
        repositories.write("apps", "deploy/libs.yaml", &reads("libs", "main"));
        repositories.write("libs", "deploy/lib.yaml", &waits("lib"));
        let sources = [&APPS[..], &["--source", "https://github.com/acme/libs=libs"]].concat();
        let expected = (message("lib", "libs: deploy/lib.yaml:4:116"), "clusters/prod/apps.yaml".to_owned(), 6);
        assert_eq!(results(&repositories, &sources), [expected]);
    }

    /// The working tree is `main`; the cluster syncs `production`.
    #[test]
    fn another_branch_of_the_fleet_is_shown_where_it_is_synced() {
        let repositories = Repositories::empty();
        let (prod, staging) = (instance("prod", "production"), instance("staging", "main"));
        let waits = waits("web");
        let (own, other) =
            ("clusters/prod/flux-system/flux-instance.yaml", "clusters/staging/flux-system/flux-instance.yaml");
        let main = [(own, prod.as_str()), (other, staging.as_str())];
        let production = [main[0], main[1], ("clusters/prod/web.yaml", waits.as_str())];
        git::repository(&repositories.path("fleet"), &[("main", &main), ("production", &production)]);
        main.iter().for_each(|(file, text)| repositories.write("fleet", file, text));
        let found = results(&repositories, &[]);
        let place = "fleet@production: clusters/prod/web.yaml:4:116";
        assert_eq!(found, [(message("web", place), own.to_owned(), 8)]);
    }

    #[test]
    fn paths_count_from_the_root_of_the_git_repository() {
        let repositories = Repositories::empty();
        std::fs::create_dir(repositories.path("")).unwrap_or_default();
        git::repository(&repositories.path(""), &[("main", &[("a", "b")])]);
        repositories.write("fleet", "fleetlint.yaml", "{}\n");
        repositories.write("fleet", "clusters/prod/flux-system/flux-instance.yaml", &instance("prod", "main"));
        repositories.write("fleet", "clusters/prod/web.yaml", &waits("web"));
        let found = results(&repositories, &[]);
        assert_eq!((found[0].1.as_str(), found[0].2), ("fleet/clusters/prod/web.yaml", 4));
        let github = check(&repositories, &["--format", "github"]);
        assert!(github.starts_with("::error file=fleet/clusters/prod/web.yaml,line=4,"), "{github}");
    }

    /// The folder of the fleet has the name of another repository, and a file of the same path.
    #[test]
    fn a_repository_with_the_name_of_the_folder_is_another_one() {
        let repositories = Repositories::empty();
        repositories.write("fleet", "clusters/prod/flux-system/flux-instance.yaml", &instance("prod", "main"));
        let reads = reads("fleet", "main").replace("/acme/", "/other/");
        repositories.write("fleet", "clusters/prod/other.yaml", &reads);
        let config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: default}\n";
        repositories.write("fleet", "deploy/web.yaml", config);
        repositories.write("other", "deploy/web.yaml", &waits("web"));
        let found = results(&repositories, &["--source", "https://github.com/other/fleet=other"]);
        let message = message("web", "fleet: deploy/web.yaml:4:116");
        assert_eq!(found, [(message, "clusters/prod/other.yaml".to_owned(), 6)]);
        let text = check(&repositories, &["--source", "https://github.com/other/fleet=other"]);
        assert!(text.contains("╭─[fleet: deploy/web.yaml:4:116]"), "{text}");
    }

    /// A mistake of the command line is in no file.
    #[test]
    fn what_is_in_no_file_is_shown_where_a_cluster_begins() {
        let repositories = branches();
        let mut command = Command::new(env!("CARGO_BIN_EXE_fleetlint"));
        command.args(["check", "--select", "sources", "--format", "gitlab", "--source", "https://x.example/y=apps"]);
        let output = command.arg("fleet").current_dir(repositories.path("")).output().unwrap();
        let issues: Value = serde_json::from_slice(&output.stdout).unwrap();
        let expected = json!({"path": "clusters/prod/flux-system/flux-instance.yaml", "lines": {"begin": 3}});
        assert_eq!(
            (&issues[0]["check_name"], &issues[0]["location"]),
            (&"sources/unmatched-mapping".into(), &expected)
        );
    }
}

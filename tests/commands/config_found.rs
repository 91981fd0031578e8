//! Which configuration counts, and what it does to levels.

mod cases {
    use std::fs;
    use std::path::Path;
    use std::process::Command;

    use serde_json::Value;

    use crate::fleet::{D1, Repositories};

    /// What a command prints on standard output and standard error, and its exit status.
    fn fleetlint(folder: &Path, arguments: &[&str]) -> (String, String, Option<i32>) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fleetlint"));
        let output = command.args(arguments).current_dir(folder).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (text(output.stdout), text(output.stderr), output.status.code())
    }

    /// `rule severity file` of each finding.
    fn findings(folder: &Path, arguments: &[&str]) -> Vec<String> {
        let (report, errors, _) = fleetlint(folder, &[&["check", "--format", "json"], arguments].concat());
        assert_eq!(errors, "");
        let report: Value = serde_json::from_str(&report).unwrap();
        let line = |finding: &Value| {
            let text = |pointer: &str| finding.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
            format!("{} {} {}", text("/rule"), text("/severity"), text("/location/file"))
        };
        report["findings"].as_array().unwrap().iter().map(line).collect()
    }

    /// The configuration that `fleetlint config` names.
    fn file(folder: &Path, path: &str) -> Value {
        let (settings, errors, status) = fleetlint(folder, &["config", "--format", "json", path]);
        assert_eq!((errors.as_str(), status), ("", Some(0)));
        serde_json::from_str::<Value>(&settings).unwrap()["file"].clone()
    }

    /// A fleet without a configuration, in a folder that is a Git repository.
    fn fleet() -> Repositories {
        let repositories = Repositories::copy_of("d1");
        fs::remove_file(repositories.path(D1).join("fleetlint.yaml")).unwrap();
        fs::create_dir(repositories.path(D1).join(".git")).unwrap();
        fs::write(repositories.path(D1).join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
        repositories
    }

    const NAMES: [&str; 6] = [
        "fleetlint.yaml",
        ".fleetlint.yaml",
        "fleetlint.yml",
        ".fleetlint.yml",
        ".github/fleetlint.yaml",
        ".github/fleetlint.yml",
    ];

    #[test]
    fn each_name_is_found_and_its_paths_count_from_the_repository() {
        for name in NAMES {
            let repositories = fleet();
            let here = repositories.path("");
            repositories.write(D1, name, "sources: {https://github.com/acme/acme-apps: ../acme-apps}\n");
            assert_eq!(file(&here, D1), name);
            assert_eq!(file(&repositories.path(D1), "."), name);
            // From a folder in the repository.
            assert_eq!(file(&repositories.path("acme-fleet/clusters"), "."), name);
            let (settings, _, _) = fleetlint(&here, &["config", D1]);
            let line = settings.lines().find(|line| line.contains("acme-apps")).unwrap();
            assert!(
                line.contains("state: given; path: ../acme-apps") && line.ends_with(&format!("{name}:1:11")),
                "{line}"
            );
        }
    }

    #[test]
    fn two_in_one_folder_are_refused() {
        for second in &NAMES[1..] {
            let repositories = fleet();
            repositories.write(D1, "fleetlint.yaml", "");
            repositories.write(D1, second, "");
            let expected = format!(
                "error: `acme-fleet/fleetlint.yaml` and `acme-fleet/{second}` are both configurations of this repository: \
                 remove one of the two\n"
            );
            for command in ["check", "config", "graph"] {
                assert_eq!(
                    fleetlint(&repositories.path(""), &[command, D1]),
                    (String::new(), expected.clone(), Some(2))
                );
            }
            // The command line says which one it is.
            let config = ["config", "--config", "acme-fleet/fleetlint.yaml", D1];
            assert_eq!(fleetlint(&repositories.path(""), &config).2, Some(0));
        }
    }

    #[test]
    fn a_part_of_the_repository_with_its_own_configuration_is_refused_where_clusters_sync_it_by_a_longer_path() {
        let repositories = fleet();
        repositories.write(D1, "clusters/fleetlint.yaml", "flux: \"2.7\"\n");
        let expected = |path: &str, above: &str| {
            format!(
                "error: `{path}` is a part of its repository: prod-eu/flux-system/flux-instance.yaml syncs \
                 `clusters/prod-eu` of it; give the folder above as PATH: `{above}`\n"
            )
        };
        let (_, errors, status) = fleetlint(&repositories.path(""), &["check", "acme-fleet/clusters"]);
        assert_eq!((errors, status), (expected("acme-fleet/clusters", "acme-fleet"), Some(2)));
        let (_, errors, status) = fleetlint(&repositories.path("acme-fleet/clusters"), &["check"]);
        assert_eq!((errors, status), (expected(".", ".."), Some(2)));
    }

    #[test]
    fn paths_are_shown_without_dots() {
        let repositories = fleet();
        repositories.write(D1, "fleetlint.yaml", "sources: {https://github.com/acme/acme-apps: ../gone}\n");
        let expected = "error: fleetlint.yaml:1:11: source `https://github.com/acme/acme-apps`: `../gone` does not exist \
                        (the path counts from the repository)\n";
        let (_, errors, status) = fleetlint(&repositories.path(D1), &["check"]);
        assert_eq!((errors.as_str(), status), (expected, Some(2)));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_nowhere_is_said_to_be_one() {
        let repositories = fleet();
        std::os::unix::fs::symlink("nowhere.yaml", repositories.path(D1).join("fleetlint.yaml")).unwrap();
        let expected = "error: `fleetlint.yaml` cannot be read: it is a link to a file that does not exist\n";
        let (_, errors, status) = fleetlint(&repositories.path(D1), &["check"]);
        assert_eq!((errors.as_str(), status), (expected, Some(2)));
    }

    #[test]
    fn the_search_ends_at_the_repository() {
        let repositories = fleet();
        fs::write(repositories.path("fleetlint.yaml"), "rules: {runtime-info: off}\n").unwrap();
        assert_eq!(file(&repositories.path(""), D1), Value::Null);
        fs::remove_dir_all(repositories.path("acme-fleet/.git")).unwrap();
        // Now the fleet is a part of what is above it, and has clusters of its own.
        assert_eq!(file(&repositories.path(""), D1), "fleetlint.yaml");
        assert_eq!(file(&repositories.path(D1), "."), "../fleetlint.yaml");
    }

    #[test]
    fn patterns_of_a_configuration_above_count_from_its_folder() {
        let repositories = fleet();
        fs::remove_dir_all(repositories.path("acme-fleet/.git")).unwrap();
        let here = repositories.path("");
        let found = "runtime-info/missing-key error clusters/prod-us/runtime-info.yaml".to_owned();
        let select = ["--select", "runtime-info/missing-key", D1];
        fs::write(
            here.join("fleetlint.yaml"),
            "sources: {https://github.com/acme/acme-apps: acme-apps, https://github.com/acme/acme-infra: acme-infra}\n",
        )
        .unwrap();
        assert_eq!(findings(&here, &select), [found.as_str()]);
        let silence = |folder: &str| {
            let sources = "sources: {https://github.com/acme/acme-apps: acme-apps, https://github.com/acme/acme-infra: acme-infra}\n";
            let rules = format!("overrides: [{{paths: ['{folder}clusters/**'], rules: {{runtime-info: off}}}}]\n");
            fs::write(here.join("fleetlint.yaml"), format!("{sources}{rules}")).unwrap();
        };
        silence("acme-fleet/");
        assert_eq!(findings(&here, &select), [""; 0]);
        silence("");
        assert_eq!(findings(&here, &select), [found.as_str()]);
    }

    #[test]
    fn overrides_set_levels_for_some_files() {
        let repositories = Repositories::copy_of("d1");
        let here = repositories.path("");
        let path = repositories.path(D1).join("fleetlint.yaml");
        let own = fs::read_to_string(&path).unwrap();
        let all = findings(&here, &["--pedantic", D1]);
        let run = |configuration: &str| {
            fs::write(&path, format!("{own}{configuration}")).unwrap();
            findings(&here, &["--pedantic", D1])
        };
        let missing_key = "runtime-info/missing-key error clusters/prod-us/runtime-info.yaml";
        assert!(all.contains(&missing_key.to_owned()), "{all:?}");
        let with = |to: Option<&str>| -> Vec<String> {
            let line =
                |it: &String| if it == missing_key { to.map(|to| it.replace("error", to)) } else { Some(it.clone()) };
            all.iter().filter_map(line).collect()
        };
        let override_of = |paths: &str, rules: &str| format!("- {{paths: [{paths}], rules: {{{rules}}}}}\n");
        let prod = "clusters/prod-us/**";
        let warning = override_of(prod, "runtime-info: warning");
        assert_eq!(run(&format!("overrides:\n{warning}")), with(Some("warning")));
        // A folder stands for all that is in it.
        for folder in ["clusters/prod-us", "clusters/", "."] {
            let of_folder = override_of(folder, "runtime-info/missing-key: warning");
            assert_eq!(run(&format!("overrides:\n{of_folder}")), with(Some("warning")), "{folder}");
        }
        assert_eq!(
            run(&format!("overrides:\n{}", override_of("clusters/prod", "runtime-info: off"))),
            with(Some("error"))
        );
        // The rule's own name counts more than its family's, the last entry more than those before it.
        let by_name = override_of(prod, "runtime-info/missing-key: info, runtime-info: off");
        assert_eq!(run(&format!("overrides:\n{warning}{by_name}")), with(Some("info")));
        let elsewhere = override_of("clusters/staging/**, tenants/**", "runtime-info: off");
        assert_eq!(run(&format!("overrides:\n{warning}{elsewhere}")), with(Some("warning")));
        assert_eq!(run(&format!("overrides:\n{}", override_of(prod, "runtime-info/missing-key: off"))), with(None));
        // It is off everywhere else.
        let rules = "rules: {runtime-info/missing-key: off}\n";
        assert_eq!(run(&format!("{rules}overrides:\n{warning}")), with(Some("warning")));
        assert_eq!(run(&format!("{rules}overrides:\n{elsewhere}")), with(None));
    }

    #[test]
    fn hosts_are_allowed_by_an_option() {
        let repositories = Repositories::copy_of("home");
        let charts = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: {name: charts, namespace: flux-system}\n\
                      spec: {interval: 1h, url: 'http://charts.corp.example:8080/stable'}\n";
        repositories.write("home", "clusters/home/charts.yaml", charts);
        let here = repositories.path("");
        let run = |hosts: &str| {
            let rules = format!("rules: {{sources/insecure-transport: {{allowedHosts: [{hosts}]}}}}\n");
            repositories.write("home", "fleetlint.yaml", &rules);
            findings(&here, &["--select", "sources/insecure-transport", "home"]).len()
        };
        assert_eq!(["", "charts.corp.example", "'*.corp.example'", "Charts.Corp.Example"].map(run), [1, 0, 0, 0]);
        assert_eq!(["corp.example", "'*.charts.corp.example'", "'*'", "arts.corp.example"].map(run), [1, 1, 1, 1]);
    }
}

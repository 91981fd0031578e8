//! The program as scripts run it: the same bytes each time, files instead of standard output, no path of this machine.

mod cases {
    use std::path::Path;
    use std::process::{Command, Output};

    use crate::fleet::{D1, Repositories};

    fn fleetlint(arguments: &[&str], folder: &Path, threads: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fleetlint"));
        command.args(arguments).current_dir(folder).env("RAYON_NUM_THREADS", threads).output().unwrap()
    }

    #[test]
    fn equal_input_gives_equal_bytes() {
        let repositories = Repositories::copy_of("d1");
        // More to find, in more than one repository.
        repositories.write("acme-apps", "components/orders/base/cache.yaml", "kind: [HelmRelease\n");
        repositories.write(
            "acme-infra",
            "components/admission/configs/production/kustomization.yaml",
            "resources: [none.yaml]\n",
        );
        let run = |threads: &str| {
            let output = fleetlint(&["check", "--format", "json", "--pedantic"], &repositories.path(D1), threads);
            assert_eq!((output.status.code(), output.stderr.is_empty()), (Some(1), true));
            String::from_utf8(output.stdout).unwrap()
        };
        let first = run("1");
        assert!(first.contains("build/yaml-syntax") && first.contains("build/kustomize-failed"), "{first}");
        for threads in ["4", "1", "4", "3", "4"] {
            assert_eq!(run(threads), first, "{threads} threads");
        }
    }

    #[test]
    fn output_holds_no_path_of_the_machine() {
        let repositories = Repositories::copy_of("d1");
        let here = repositories.path("");
        let fleet = repositories.path(D1);
        let fleet = fleet.to_str().unwrap();
        let commands: [&[&str]; 4] = [
            &["check", fleet],
            &["check", "--format", "json", fleet],
            &["build", "--cluster", "staging", fleet],
            &["check", "--config", "acme-fleet/fleetlint.yaml", "--format", "json", fleet],
        ];
        for arguments in commands {
            let output = fleetlint(arguments, &here, "2");
            let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert!(!text.is_empty() && !text.contains(here.to_str().unwrap()), "{arguments:?}: {text}");
        }
    }

    #[test]
    fn a_report_goes_into_a_file() {
        let repositories = Repositories::copy_of("d1");
        let here = repositories.path("");
        let shown = fleetlint(&["check", "--format", "json", D1], &here, "2");
        let written = fleetlint(&["check", "--format", "json", "--output", "report.json", D1], &here, "2");
        assert_eq!(
            (written.status.code(), written.stdout.is_empty(), written.stderr.is_empty()),
            (Some(1), true, true)
        );
        assert_eq!(std::fs::read(here.join("report.json")).unwrap(), shown.stdout);
    }

    #[test]
    fn a_dash_is_standard_output() {
        let repositories = Repositories::copy_of("d1");
        let here = repositories.path("");
        let shown = fleetlint(&["check", "--format", "json", D1], &here, "2");
        for arguments in [&["--format", "json=-"][..], &["--format", "json", "--output", "-"]] {
            let output = fleetlint(&[&["check"], arguments, &[D1]].concat(), &here, "2");
            assert_eq!((output.stdout == shown.stdout, output.status.code()), (true, Some(1)), "{arguments:?}");
        }
        assert!(!here.join("-").exists());
    }

    #[test]
    fn what_is_not_a_baseline_is_told_from_one() {
        let repositories = Repositories::copy_of("d1");
        repositories.write("", "report.json", "{\"version\": 1, \"tool\": {}}\n");
        let output = fleetlint(&["check", "--baseline", "report.json", D1], &repositories.path(""), "2");
        let expected = "error: `report.json`: it is not a baseline, as `--write-baseline` writes one: unknown field `tool`, \
                        expected `version` or `findings` at line 1 column 21\n";
        assert_eq!((String::from_utf8(output.stderr).unwrap().as_str(), output.status.code()), (expected, Some(2)));
    }

    #[test]
    fn nothing_is_written_over_what_the_same_run_writes() {
        let repositories = Repositories::copy_of("d1");
        let here = repositories.path("");
        let cases = [
            (
                "--format line --format json=-",
                "`line` and `json` both go to standard output: name a file for one of them (`--format json=FILE`)",
            ),
            ("--format json=a --format sarif=./a", "two formats go to `a`: name a file for each"),
            ("--format json=a --write-baseline ./a", "a format and the baseline go to `./a`: name a file for each"),
            ("--write-baseline -", "`--write-baseline` needs a file: findings go to standard output"),
        ];
        for (arguments, expected) in cases {
            let arguments: Vec<&str> = ["check", D1].into_iter().chain(arguments.split(' ')).collect();
            let output = fleetlint(&arguments, &here, "2");
            let errors = String::from_utf8(output.stderr).unwrap();
            assert_eq!((errors, output.status.code()), (format!("error: {expected}\n"), Some(2)));
            assert!(output.stdout.is_empty() && !here.join("a").exists() && !here.join("-").exists());
        }
    }

    #[test]
    fn sources_on_the_command_line_need_no_configuration() {
        let repositories = Repositories::copy_of("d1");
        let here = repositories.path("");
        std::fs::remove_file(repositories.path(D1).join("fleetlint.yaml")).unwrap();
        let infra = "https://github.com/acme/acme-infra.git=acme-infra";
        let apps = "ssh://git@github.com/acme/acme-apps/=acme-apps";
        let output = fleetlint(&["check", "--format", "json", "--source", infra, "--source", apps, D1], &here, "2");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["notes"], serde_json::json!([]));
        assert_eq!(report["summary"]["clusters"], serde_json::json!(["prod-eu", "prod-us", "staging"]));
    }
}

//! One fleet in every format: `testdata/report/fleets` is checked as in CI, `testdata/report/formats` holds what is written
//! (`UPDATE=1 cargo test` writes it again), and each format is read by something that did not write it.

pub(crate) mod cases {
    use std::collections::BTreeSet;
    use std::path::Path;
    use std::process::{Command, Output};

    use serde_json::Value;

    use crate::fleet::Repositories;
    use crate::update::assert_file;

    /// Others may come, and say more about this fleet.
    pub(crate) const RULES: [&str; 4] = [
        "kustomization-graph/depends-on-missing",
        "kustomization-graph/path-leaves-source",
        "sources/insecure-transport",
        "tenant-isolation/service-account-not-found",
    ];

    fn fleetlint(folder: &Path, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fleetlint"));
        let is_selected = arguments.contains(&"--select");
        let (check, rest) = arguments.split_first().unwrap();
        command.arg(check).args((!is_selected).then(|| format!("--select={}", RULES.join(","))));
        command.args(rest).current_dir(folder).output().unwrap()
    }

    fn checked(format: &str) -> String {
        let repositories = Repositories::copy_of("../report/fleets");
        let output = fleetlint(&repositories.path(""), &["check", "--pedantic", "--format", format, "fleet"]);
        assert_eq!((output.status.code(), output.stderr.len()), (Some(1), 0), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(format: &str) -> Value {
        serde_json::from_str(&checked(format)).unwrap()
    }

    #[test]
    fn every_format_is_recorded() {
        let formats = ["human", "json", "sarif", "github", "gitlab", "junit", "checkstyle", "markdown", "line"];
        for format in formats {
            assert_file(&format!("testdata/report/formats/{format}.txt"), &checked(format));
        }
    }

    /// What GitHub requires ("SARIF support for code scanning"), and the official schema beyond it.
    #[test]
    fn sarif_has_what_code_scanning_needs() {
        let log = json("sarif");
        assert_eq!(log["version"], "2.1.0");
        assert!(log["$schema"].as_str().unwrap().ends_with("/sarif-schema-2.1.0.json"));
        let [run] = log["runs"].as_array().unwrap().as_slice() else { panic!("one run") };
        assert_eq!(run["columnKind"], "utf16CodeUnits");
        assert_eq!(run["automationDetails"]["id"], "fleetlint/");
        assert_eq!(run["invocations"][0]["executionSuccessful"], true);
        let driver = &run["tool"]["driver"];
        assert_eq!(
            (&driver["name"], &driver["semanticVersion"]),
            (&"fleetlint".into(), &env!("CARGO_PKG_VERSION").into())
        );
        let rules = driver["rules"].as_array().unwrap();
        let results = run["results"].as_array().unwrap();
        let levels: Vec<&str> = results.iter().map(|result| result["level"].as_str().unwrap()).collect();
        assert_eq!(levels, ["error", "error", "error", "warning", "note"], "worst first");
        let mut fingerprints = BTreeSet::new();
        for result in results {
            let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
            assert_eq!(rule["id"], result["ruleId"]);
            assert!(!result["message"]["text"].as_str().unwrap().is_empty());
            assert!(fingerprints.insert(result["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap()));
            let [location] = result["locations"].as_array().unwrap().as_slice() else { panic!("one place: {result}") };
            assert_eq!(location["physicalLocation"]["artifactLocation"]["uriBaseId"], "%SRCROOT%");
            let related = result["relatedLocations"].as_array().into_iter().flatten();
            for place in related.chain([location]) {
                let uri = place["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
                assert!(!uri.starts_with(['/', '.']) && !uri.contains([' ', ']', '\\', ',']), "{uri}");
                let base = place["physicalLocation"]["artifactLocation"]["uriBaseId"].as_str().unwrap();
                assert!(run["originalUriBaseIds"].get(base).is_some(), "{base}");
                let region = &place["physicalLocation"]["region"];
                let number = |name: &str| region[name].as_u64().unwrap();
                assert!(number("startLine") > 0 && number("startColumn") > 0);
                assert!((number("endLine"), number("endColumn")) >= (number("startLine"), number("startColumn")));
            }
        }
    }

    /// All rules have what code scanning shows beside their findings.
    #[test]
    fn sarif_describes_every_rule() {
        let repositories = Repositories::copy_of("../report/fleets");
        let arguments = ["check", "--select", "*", "--pedantic", "--format", "sarif", "fleet"];
        let log: Value = serde_json::from_slice(&fleetlint(&repositories.path(""), &arguments).stdout).unwrap();
        let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
        assert_eq!(rules.len(), fleetlint::rules::RULES.len());
        let length = |value: &Value| value.as_str().unwrap().chars().count();
        for rule in rules {
            assert!((1..=255).contains(&length(&rule["name"])), "{rule}");
            for text in [&rule["shortDescription"]["text"], &rule["fullDescription"]["text"]] {
                assert!((1..=1024).contains(&length(text)), "{rule}");
            }
            assert!(length(&rule["help"]["text"]) > 100 && length(&rule["help"]["markdown"]) > 100, "{rule}");
            let id = rule["id"].as_str().unwrap();
            assert!(rule["helpUri"].as_str().unwrap().ends_with(&format!("/rules/{id}.md")));
            assert!(["error", "warning", "note"].contains(&rule["defaultConfiguration"]["level"].as_str().unwrap()));
            let properties = &rule["properties"];
            assert!((1..=10).contains(&properties["tags"].as_array().unwrap().len()));
            let is_security = properties["tags"].as_array().unwrap().contains(&"security".into());
            assert_eq!(is_security, properties.get("security-severity").is_some(), "{rule}");
            assert!(["error", "warning", "recommendation"].contains(&properties["problem.severity"].as_str().unwrap()));
            assert_eq!(properties["precision"], "high");
        }
    }

    /// The ship is one scalar value, and two code units of UTF-16.
    #[test]
    fn sarif_counts_columns_in_utf16() {
        let log = json("sarif");
        let results = log["runs"][0]["results"].as_array().unwrap();
        let hostile = results.iter().find(|it| it["message"]["text"].as_str().unwrap().contains("🚢")).unwrap();
        let region = &hostile["locations"][0]["physicalLocation"]["region"];
        assert_eq!(*region, serde_json::json!({"startLine": 9, "startColumn": 14, "endLine": 9, "endColumn": 16}));
        let uri = &hostile["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert_eq!(*uri, "base/%250A%2C%5D%5D%20file.yaml");
    }

    #[test]
    fn what_was_not_judged_is_in_sarif() {
        let log = json("sarif");
        let notifications = log["runs"][0]["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
        let ids: Vec<&str> = notifications.iter().map(|it| it["descriptor"]["id"].as_str().unwrap()).collect();
        assert_eq!(ids, ["source-unavailable", "inconclusive"]);
    }

    #[test]
    fn places_in_other_repositories_are_where_the_fleet_reads_them() {
        // `url` of the GitRepository `apps`.
        let (reader, line) = ("base/apps.yaml", 8);
        let log = json("sarif");
        let result = &log["runs"][0]["results"][0];
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!((&place["artifactLocation"]["uri"], &place["region"]["startLine"]), (&reader.into(), &line.into()));
        assert!(result["message"]["text"].as_str().unwrap().contains(" (in apps: deploy/web.yaml:28:13)\n"));
        let related = &result["relatedLocations"][0]["physicalLocation"];
        assert_eq!(related["artifactLocation"], serde_json::json!({"uri": "deploy/web.yaml", "uriBaseId": "apps"}));
        let issues = json("gitlab");
        assert_eq!(issues[0]["location"], serde_json::json!({"path": reader, "lines": {"begin": line}}));
        let command = checked("github").lines().next().unwrap().to_owned();
        assert!(command.starts_with(&format!("::error file={reader},line={line},endLine={line},col=8,")), "{command}");
        assert!(command.contains("(in apps: deploy/web.yaml:28:13)%0A"), "{command}");
        let text = checked("checkstyle");
        let document = roxmltree::Document::parse(&text).unwrap();
        let found =
            document.descendants().find(|it| it.attribute("message").is_some_and(|it| it.contains("(in apps:")));
        let found = found.unwrap();
        assert_eq!((found.parent().unwrap().attribute("name"), found.attribute("line")), (Some(reader), Some("8")));
        // The disk holds the file itself: editors open it.
        assert!(
            checked("line").starts_with("apps/deploy/web.yaml:28:13: error kustomization-graph/depends-on-missing ")
        );
    }

    /// docs.gitlab.com/ci/testing/code_quality: the fields, their values, no duplicates.
    #[test]
    fn gitlab_reads_its_report() {
        let text = checked("gitlab");
        assert!(text.starts_with('['), "no byte order mark");
        let issues: Vec<Value> = serde_json::from_str(&text).unwrap();
        let mut fingerprints = BTreeSet::new();
        for issue in &issues {
            let keys: Vec<&String> = issue.as_object().unwrap().keys().collect();
            assert_eq!(keys, ["description", "check_name", "fingerprint", "severity", "location"]);
            assert!(fingerprints.insert(issue["fingerprint"].as_str().unwrap()));
            let path = issue["location"]["path"].as_str().unwrap();
            assert!(!path.starts_with(['/', '.']), "{path}");
            assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() > 0);
        }
        let severities: Vec<&str> = issues.iter().map(|issue| issue["severity"].as_str().unwrap()).collect();
        assert_eq!(severities, ["critical", "critical", "critical", "minor", "info"]);
    }

    #[test]
    fn junit_counts_what_is_well() {
        let text = checked("junit");
        let document = roxmltree::Document::parse(&text).unwrap();
        let root = document.root_element();
        let rules = RULES.len();
        let count = |node: roxmltree::Node<'_, '_>, name: &str| node.attribute(name).unwrap().parse::<usize>().unwrap();
        assert_eq!((root.tag_name().name(), count(root, "tests")), ("testsuites", 3 * rules));
        let suites: Vec<_> = root.children().filter(roxmltree::Node::is_element).collect();
        let names: Vec<_> = suites.iter().map(|suite| suite.attribute("name").unwrap()).collect();
        assert_eq!(names, ["eu", "test", "us"]);
        for suite in suites {
            let tests: Vec<_> = suite.children().filter(|it| it.has_tag_name("testcase")).collect();
            assert_eq!(tests.len(), rules);
            let with = |tag: &str| tests.iter().filter(|it| it.children().any(|it| it.has_tag_name(tag))).count();
            assert_eq!((count(suite, "failures"), with("failure")), (2, 2));
            assert_eq!((count(suite, "skipped"), with("skipped")), (1, 1), "what was not judged has not passed");
            let info = tests.iter().find(|it| it.attribute("name") == Some("sources/insecure-transport")).unwrap();
            assert!(!info.children().any(|it| it.has_tag_name("failure")), "level info fails nothing");
        }
    }

    #[test]
    fn checkstyle_is_read_by_another_parser() {
        let text = checked("checkstyle");
        let document = roxmltree::Document::parse(&text).unwrap();
        assert_eq!(document.root_element().attribute("version"), Some("4.3"));
        let errors: Vec<_> = document.descendants().filter(|it| it.has_tag_name("error")).collect();
        let severities: BTreeSet<_> = errors.iter().map(|it| it.attribute("severity").unwrap()).collect();
        assert_eq!((errors.len(), severities.into_iter().collect::<Vec<_>>()), (5, vec!["error", "info", "warning"]));
        let file = document.descendants().find(|it| it.attribute("name").is_some_and(|it| it.contains("file.yaml")));
        assert_eq!(file.unwrap().attribute("name"), Some("base/%0A,]] file.yaml"));
    }

    #[test]
    fn several_formats_are_written_at_once() {
        let repositories = Repositories::copy_of("../report/fleets");
        let here = repositories.path("");
        let arguments =
            ["check", "--pedantic", "--format", "line", "--format", "sarif=out.sarif", "--format", "junit=out.xml"];
        let output = fleetlint(&here, &[&arguments[..], &["fleet"]].concat());
        assert_eq!(output.status.code(), Some(1));
        let read = |file: &str| std::fs::read_to_string(here.join(file)).unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), checked("line"));
        assert_eq!((read("out.sarif"), read("out.xml")), (checked("sarif"), checked("junit")));
        let only = fleetlint(&here, &["check", "--format", "gitlab=out.json", "fleet"]);
        assert!(only.stdout.is_empty() && !read("out.json").is_empty());
    }

    #[test]
    fn the_exit_status_is_the_same_in_every_format() {
        let repositories = Repositories::copy_of("../report/fleets");
        let formats = ["human", "json", "sarif", "github", "gitlab", "junit", "checkstyle", "markdown", "line"];
        for format in formats {
            let run = |more: &[&str]| {
                let arguments = [&["check", "--format", format], more, &["fleet"]].concat();
                fleetlint(&repositories.path(""), &arguments).status.code()
            };
            assert_eq!((run(&[]), run(&["--fail-on", "never"])), (Some(1), Some(0)), "{format}");
        }
    }

    #[test]
    fn a_run_that_failed_is_no_run_without_findings() {
        let repositories = Repositories::copy_of("../report/fleets");
        let here = repositories.path("");
        let failed = |arguments: &[&str]| {
            let arguments = [&["check", "--format", "sarif=out.sarif"], arguments].concat();
            assert_eq!(fleetlint(&here, &arguments).status.code(), Some(2), "{arguments:?}");
            let text = std::fs::read_to_string(here.join("out.sarif")).unwrap();
            std::fs::remove_file(here.join("out.sarif")).unwrap();
            let log: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
            let invocation = &log["runs"][0]["invocations"][0];
            assert_eq!(invocation["executionSuccessful"], false);
            invocation["toolExecutionNotifications"][0]["message"]["text"].as_str().unwrap().to_owned()
        };
        assert_eq!(failed(&["none"]), "`none` does not exist");
        assert_eq!(failed(&["--select", "x", "fleet"]), "unknown rule or family `x`; `fleetlint rules` lists them");
        assert_eq!(
            failed(&["--ignore", "tenant-isolaton", "fleet"]),
            "unknown rule or family `tenant-isolaton`; did you mean `tenant-isolation`? `fleetlint rules` lists them"
        );
        let text = failed(&["--format", "json=none/x.json", "fleet"]);
        assert!(text.starts_with("`none/x.json` cannot be written: "), "{text}");
        std::fs::create_dir(here.join("empty")).unwrap();
        assert_eq!(failed(&["empty"]), "there is no manifest here");
        // Formats that cannot say so are not written: an empty list would close what is open.
        let output = fleetlint(&here, &["check", "--format", "gitlab=out.json", "empty"]);
        assert_eq!((output.status.code(), here.join("out.json").exists()), (Some(2), false));
    }

    #[test]
    fn one_repository_alone() {
        let repositories = Repositories::copy_of("../report/fleets");
        let here = repositories.path("");
        let run = |arguments: &[&str]| fleetlint(&here, &[&["check", "--pedantic"], arguments, &["fleet"]].concat());
        let log = run(&["--repository", "apps", "--format", "sarif"]);
        assert_eq!(log.status.code(), Some(1));
        let log: Value = serde_json::from_slice(&log.stdout).unwrap();
        let [result] = log["runs"][0]["results"].as_array().unwrap().as_slice() else { panic!("one result: {log}") };
        let place = &result["locations"][0]["physicalLocation"]["artifactLocation"];
        assert_eq!(*place, serde_json::json!({"uri": "deploy/web.yaml", "uriBaseId": "%SRCROOT%"}));
        let other = run(&["--repository", "fleet", "--format", "line", "-q"]);
        assert_eq!(String::from_utf8(other.stdout).unwrap().lines().count(), 4);
        // What is left out is counted.
        let summary = |arguments: &[&str]| {
            let text = String::from_utf8(run(arguments).stdout).unwrap();
            text.lines().find(|line| line.contains(" in 15 files")).unwrap().rsplit("; ").next().unwrap().to_owned()
        };
        assert_eq!(summary(&["--repository", "apps"]), "4 findings in other repositories");
        assert_eq!(summary(&["--repository", "fleet", "--format", "github"]), "1 finding in other repositories");
        let json: Value = serde_json::from_slice(&run(&["--repository", "apps", "--format", "json"]).stdout).unwrap();
        assert_eq!(json["summary"]["elsewhere"], 4);
        let unknown = run(&["--repository", "fleeet"]);
        assert_eq!(unknown.status.code(), Some(2));
        let why = "error: no repository that was read is named `fleeet`; did you mean `fleet`? known repositories: `apps`, `fleet`\n";
        assert_eq!(String::from_utf8(unknown.stderr).unwrap(), why);
    }

    /// Code scanning keeps one result per category: runs about single clusters do not replace each other.
    #[test]
    fn each_cluster_is_a_category_of_its_own() {
        let repositories = Repositories::copy_of("../report/fleets");
        let output = fleetlint(&repositories.path(""), &["check", "--format", "sarif", "--cluster", "eu", "fleet"]);
        let log: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(log["runs"][0]["automationDetails"]["id"], "fleetlint/eu/");
    }

    #[test]
    fn json_names_the_repositories() {
        let report = json("json");
        let expected = serde_json::json!([
            {"name": "apps", "url": "github.com/acme/apps", "path": "apps", "revision": null},
            {"name": "fleet", "url": "github.com/acme/fleet", "path": "fleet", "revision": null},
        ]);
        assert_eq!(report["repositories"], expected);
        let note = &report["notes"][1];
        assert_eq!(
            (&note["reason"], &note["rule"]),
            (&"inconclusive".into(), &"tenant-isolation/service-account-not-found".into())
        );
        assert_eq!((&note["clusters"], &note["count"]), (&serde_json::json!(["eu", "test", "us"]), &1.into()));
    }
}

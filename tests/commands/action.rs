//! The steps of the GitHub Action, with the environment that GitHub sets, on repositories of two branches that the test makes.
//! They need bash, git, jq, curl and tar, as the runners of GitHub have them; CI has to have them, too.

#[path = "action/job.rs"]
mod job;
#[path = "action/server.rs"]
mod server;

mod cases {
    use std::fs;

    use serde_json::json;

    use super::job::{Event, Job, Ran, has_tools};
    use super::server::{Answer, Server};

    #[test]
    fn siblings_are_cloned_with_all_their_branches() {
        if !has_tools() {
            return;
        }
        let job = Job::new(Event::Push);
        let ran = job.run("siblings.sh", &[]);
        assert_eq!((ran.status, ran.stdout.as_str()), (0, ""));
        let clone = job.temp("fleetlint/siblings/acme/acme-app.git");
        assert_eq!(ran.outputs["sources"], format!("https://github.com/acme/acme-app={}", clone.display()));
        assert_eq!(
            job.git(&clone, &["for-each-ref", "--format=%(refname)"]),
            "refs/heads/main\nrefs/heads/production\n"
        );
    }

    #[test]
    fn the_branches_of_the_fleet_are_fetched() {
        if !has_tools() {
            return;
        }
        for event in [Event::Push, Event::PullRequest, Event::Fork] {
            let job = Job::new(event);
            let head = job.git(&job.workspace(), &["rev-parse", "HEAD"]);
            let is_shallow = || job.git(&job.workspace(), &["rev-parse", "--is-shallow-repository"]);
            assert_eq!(is_shallow(), "true\n");
            assert_eq!(job.run("siblings.sh", &[]).status, 0);
            assert_eq!(is_shallow(), "false\n");
            let branches = job.git(&job.workspace(), &["for-each-ref", "--format=%(refname)", "refs/remotes/origin"]);
            assert_eq!(branches, "refs/remotes/origin/main\nrefs/remotes/origin/production\n");
            assert_eq!(job.git(&job.workspace(), &["rev-parse", "HEAD"]), head);
            let is_detached = job.git(&job.workspace(), &["rev-parse", "--abbrev-ref", "HEAD"]) == "HEAD\n";
            assert_eq!(is_detached, event != Event::Push);
        }
    }

    #[test]
    fn a_sibling_that_cannot_be_read_is_a_notice() {
        if !has_tools() {
            return;
        }
        let job = Job::new(Event::PullRequest);
        fs::remove_dir_all(job.remote("acme/acme-app")).unwrap();
        let ran = job.run("siblings.sh", &[("INPUT_TOKEN", "secret-token"), ("GITHUB_ACTIONS", "true")]);
        let expected = "::notice title=fleetlint::acme/acme-app cannot be read, and what depends on it is not checked. Grant it: \
                        give the input `token` a token with Contents: read on acme/acme-app, or the inputs `app-id` and \
                        `app-private-key` an App that is installed there with this permission\n";
        // What git is told is masked.
        let mask = "::add-mask::eC1hY2Nlc3MtdG9rZW46c2VjcmV0LXRva2Vu\n";
        assert_eq!((ran.status, ran.stdout.replace(mask, ""), ran.stderr.as_str()), (0, expected.to_owned(), ""));
        assert_eq!(ran.outputs["sources"], "");
    }

    #[test]
    fn a_repository_of_the_fleet_checks_the_fleet() {
        if !has_tools() {
            return;
        }
        for (event, branch) in [(Event::Push, "production"), (Event::PullRequest, "main")] {
            let job = Job::of("acme/acme-app", event);
            let own = format!("https://github.com/acme/acme-app={}", job.workspace().display());
            let environment = [("INPUT_FLEET", "acme/acme-fleet"), ("GITHUB_REF_NAME", "production")];
            let ran = job.run("siblings.sh", &environment);
            assert_eq!((ran.status, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""));
            let fleet = job.temp("fleetlint/fleet/acme-fleet");
            assert_eq!(ran.outputs["path"], fleet.to_str().unwrap());
            assert_eq!(ran.outputs["sources"], format!("{own}@{branch}:worktree\n{own}"));
            assert!(fleet.join("clusters/prod/app.yaml").is_file());
        }
        let job = Job::of("acme/acme-app", Event::Fork);
        fs::remove_dir_all(job.remote("acme/acme-fleet")).unwrap();
        let ran = job.run("siblings.sh", &[("INPUT_FLEET", "acme/acme-fleet")]);
        let notice =
            "::notice title=fleetlint::the fleet acme/acme-fleet cannot be read, and nothing was checked. Grant it: ";
        assert!(ran.status == 0 && ran.stdout.starts_with(notice), "{}", ran.stdout);
        assert_eq!((ran.outputs["path"].as_str(), ran.outputs["sources"].as_str()), ("", ""));
        let ran = job.run("check.sh", &[("INPUT_FLEET", "acme/acme-fleet"), ("INPUT_PATH", "")]);
        assert_eq!((ran.status, ran.outputs["status"].as_str(), ran.outputs.len()), (0, "0", 1));
        assert_eq!(ran.summary, "fleetlint checked nothing: the fleet acme/acme-fleet cannot be read.\n");
        let ran = job.run("siblings.sh", &[("INPUT_FLEET", "../x")]);
        let error = "::error title=fleetlint::`fleet`: `../x` is not the name of a repository: write OWNER/NAME\n";
        assert_eq!((ran.status, ran.stdout.as_str()), (2, error));
    }

    /// The fleet's `main` names a folder that does not exist, for both clusters. Only staging syncs `main`.
    #[test]
    fn each_cluster_is_read_at_its_own_branch() {
        if !has_tools() {
            return;
        }
        for event in [Event::Push, Event::PullRequest, Event::Fork] {
            let job = Job::new(event);
            let head = || job.git(&job.workspace(), &["rev-parse", "--symbolic-full-name", "HEAD"]);
            let before = head();
            let sources = job.run("siblings.sh", &[]).outputs["sources"].clone();
            let line = "source \"$ACTION/lib.sh\"; cd \"$GITHUB_WORKSPACE\"; \
                        on_base_branch . \"$FLEETLINT\" check --format json --source \"$SOURCES\" . || true";
            let action = concat!(env!("CARGO_MANIFEST_DIR"), "/action");
            let report = job.bash(line, &[("SOURCES", &sources), ("ACTION", action)]);
            let report: serde_json::Value = serde_json::from_str(&report).unwrap();
            let found: Vec<_> =
                report["findings"].as_array().unwrap().iter().map(|it| (&it["rule"], &it["clusters"])).collect();
            let expected = (&json!("kustomization-graph/path-not-found"), &json!(["staging"]));
            assert_eq!(found, [expected], "{event:?}");
            assert_eq!(head(), before);
        }
    }

    /// What `check.sh` does after `siblings.sh`.
    fn check(job: &Job, environment: &[(&str, &str)]) -> Ran {
        let sources = job.run("siblings.sh", &[]).outputs["sources"].clone();
        job.run("check.sh", &[&[("SOURCES", sources.as_str())], environment].concat())
    }

    /// How many results a SARIF file has.
    fn results(path: &str) -> usize {
        let sarif: serde_json::Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        sarif["runs"][0]["results"].as_array().unwrap().len()
    }

    const ALL: [(&str, &str); 2] = [("INPUT_SARIF", "true"), ("INPUT_COMMENT", "true")];

    #[test]
    fn findings_are_annotations_summary_and_outputs() {
        if !has_tools() {
            return;
        }
        let no_upload = "::notice title=fleetlint::the findings are not uploaded: a pull request from a fork or of Dependabot may \
                         not write; the summary has them\n";
        let no_comment = "::notice title=fleetlint::there is no comment: a pull request from a fork or of Dependabot may not \
                          write; the summary has the findings\n";
        let told = |event| match event {
            Event::Push => ("true", "false", String::new()),
            Event::PullRequest => ("true", "true", String::new()),
            Event::Fork => ("false", "false", format!("{no_upload}{no_comment}")),
        };
        for event in [Event::Push, Event::PullRequest, Event::Fork] {
            let (upload, comment, notices) = told(event);
            let job = Job::new(event);
            let ran = check(&job, &ALL);
            assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
            let output = |name: &str| ran.outputs[name].as_str();
            assert_eq!((output("status"), output("findings")), ("1", "1"));
            assert_eq!((output("upload"), output("comment")), (upload, comment), "{event:?}");
            assert_eq!(results(output("sarif")), 1);
            let annotations: Vec<&str> = ran.stdout.lines().filter(|line| line.starts_with("::error ")).collect();
            let start = "::error file=clusters/staging/app.yaml,line=14,";
            assert!(annotations.len() == 1 && annotations[0].starts_with(start), "{}", ran.stdout);
            assert!(
                ran.stdout.ends_with(&notices) && ran.stdout.matches("::notice").count() == notices.lines().count()
            );
            assert!(ran.summary.contains("kustomization-graph/path-not-found"), "{}", ran.summary);
            assert_eq!(ran.summary, fs::read_to_string(output("markdown")).unwrap());
        }
        let job = Job::new(Event::PullRequest);
        let ran = check(&job, &[&ALL[..], &[("GITHUB_ACTOR", "dependabot[bot]")]].concat());
        assert_eq!((ran.outputs["upload"].as_str(), ran.outputs["comment"].as_str()), ("false", "false"));
        let ran = check(&job, &[("INPUT_FAIL_ON", "never")]);
        let outputs = ["status", "findings", "upload", "comment"].map(|name| ran.outputs[name].as_str());
        assert_eq!(outputs, ["0", "1", "false", "false"]);
    }

    /// Developers have the siblings beside the fleet, and CI has not.
    #[test]
    fn clones_stand_for_the_folders_of_the_configuration() {
        if !has_tools() {
            return;
        }
        let configured = |job: &Job| {
            let config = "sources: {https://github.com/acme/acme-app: ../acme-app}\n";
            fs::write(job.workspace().join("fleetlint.yaml"), config).unwrap();
        };
        let job = Job::new(Event::Push);
        configured(&job);
        let ran = check(&job, &[]);
        assert_eq!((ran.outputs["status"].as_str(), ran.outputs["findings"].as_str()), ("1", "1"), "{}", ran.stderr);
        let job = Job::new(Event::Push);
        configured(&job);
        fs::remove_dir_all(job.remote("acme/acme-app")).unwrap();
        let ran = check(&job, &[("INPUT_FORMAT", "line")]);
        assert_eq!((ran.outputs["status"].as_str(), ran.outputs["findings"].as_str()), ("0", "0"), "{}", ran.stderr);
        assert!(ran.stdout.contains("`https://github.com/acme/acme-app` is not available"), "{}", ran.stdout);
    }

    #[test]
    fn an_empty_result_is_uploaded_and_a_failed_run_is_not() {
        if !has_tools() {
            return;
        }
        let job = Job::new(Event::Push);
        let file = job.workspace().join("clusters/staging/app.yaml");
        fs::write(&file, fs::read_to_string(&file).unwrap().replace("./deploi", "./deploy")).unwrap();
        let ran = check(&job, &ALL);
        let output = |name: &str| ran.outputs[name].as_str();
        assert_eq!((output("status"), output("findings"), output("upload")), ("0", "0", "true"), "{}", ran.stdout);
        assert_eq!(results(output("sarif")), 0);
        fs::write(job.workspace().join("fleetlint.yaml"), "rulez: {}\n").unwrap();
        let ran = check(&job, &ALL);
        assert_eq!((ran.status, ran.outputs["status"].as_str(), ran.outputs.len()), (0, "2", 1));
        assert_eq!(ran.summary, "fleetlint could not check this fleet: the log says why.\n");
        assert!(ran.stderr.contains("fleetlint.yaml:1:1"), "{}", ran.stderr);
    }

    #[test]
    fn inputs_are_never_part_of_a_command() {
        if !has_tools() {
            return;
        }
        let job = Job::new(Event::Push);
        let hostile = "$(touch pwned) `touch pwned`; touch pwned #' \" \n--help";
        for name in ["INPUT_CONFIG", "INPUT_PATH", "INPUT_BASELINE", "INPUT_FAIL_ON", "INPUT_FORMAT", "INPUT_CATEGORY"]
        {
            let ran = check(&job, &[(name, hostile)]);
            let expected = if name == "INPUT_CATEGORY" { "1" } else { "2" };
            assert_eq!((ran.status, ran.outputs["status"].as_str()), (0, expected), "{name}: {}", ran.stderr);
            assert!(!job.workspace().join("pwned").exists(), "{name}");
        }
        assert_eq!(check(&job, &[("SOURCES", hostile)]).outputs["status"], "2");
        assert!(!job.workspace().join("pwned").exists());
    }

    #[test]
    fn what_a_stranger_says_is_read_without_a_token() {
        if !has_tools() {
            return;
        }
        let job = Job::new(Event::Fork);
        let target =
            [("GITHUB_EVENT_NAME", "pull_request_target"), ("INPUT_TOKEN", "secret"), ("GITHUB_ACTIONS", "true")];
        let ran = job.run("siblings.sh", &target);
        assert!(
            ran.stdout.starts_with("::warning title=fleetlint::no token is used for siblings on `pull_request_target`")
        );
        assert!(!ran.stdout.contains("add-mask"), "{}", ran.stdout);
    }

    #[test]
    fn siblings_are_named_and_other_names_are_refused() {
        if !has_tools() {
            return;
        }
        let job = Job::new(Event::Push);
        let siblings = "acme/acme-app\n\n acme/acme-app \n../acme-app\nacme/$(touch pwned)\nacme/a%0A::error::x\n--upload-pack=x/y\n";
        let ran =
            job.run("siblings.sh", &[("INPUT_SIBLINGS", siblings), ("INPUT_SOURCES", "https://example.com/x=x y\n")]);
        assert_eq!(ran.status, 0);
        let clone = job.temp("fleetlint/siblings/acme/acme-app.git");
        let expected = format!("https://example.com/x=x y\nhttps://github.com/acme/acme-app={}", clone.display());
        assert_eq!(ran.outputs["sources"], expected);
        let lines: Vec<&str> = ran.stdout.lines().collect();
        let refused = |name: &str| {
            format!("::warning title=fleetlint::`siblings`: `{name}` is not the name of a repository: write OWNER/NAME")
        };
        let names = ["../acme-app", "acme/$(touchpwned)", "acme/a%250A::error::x", "--upload-pack=x/y"];
        assert_eq!(lines, names.map(refused));
        assert!(!job.workspace().join("pwned").exists());
        assert_eq!(job.run("siblings.sh", &[("INPUT_SIBLINGS", "none")]).outputs["sources"], "");
    }

    #[test]
    fn a_release_is_installed_if_its_checksum_is_right() {
        if !has_tools() {
            return;
        }
        let job = Job::new(Event::Push);
        let archive = "fleetlint-x86_64-unknown-linux-musl.tar.gz";
        let checksum = job.release("0.1.0", archive);
        let releases = format!("file://{}", job.temp("releases").display());
        let install = |version: &str| {
            let platform = [("RUNNER_OS", "Linux"), ("RUNNER_ARCH", "X64")];
            job.run(
                "install.sh",
                &[&platform[..], &[("FLEETLINT_RELEASES", &releases), ("INPUT_VERSION", version)]].concat(),
            )
        };
        let sums = job.temp("releases/download/v0.1.0/SHA256SUMS");
        fs::write(&sums, format!("{}  other.tar.gz\n{checksum}  {archive}\n", "0".repeat(64))).unwrap();
        for version in ["0.1.0", "v0.1.0", ""] {
            let ran = install(version);
            assert_eq!((ran.status, ran.stdout.as_str()), (0, "fleetlint of a release\n"), "{}", ran.stderr);
            assert_eq!(ran.outputs["binary"], job.temp("fleetlint/bin/fleetlint").to_str().unwrap());
        }
        fs::write(&sums, format!("{}  {archive}\n", "0".repeat(64))).unwrap();
        let ran = install("0.1.0");
        let message = format!("{archive} has the checksum {checksum}, and the release says {}", "0".repeat(64));
        assert_eq!((ran.status, ran.stdout), (2, format!("::error title=fleetlint::{message}\n")));
        fs::write(&sums, format!("{checksum}  other.tar.gz\n")).unwrap();
        let message = format!("::error title=fleetlint::the checksums of the release do not name {archive}\n");
        assert_eq!(install("0.1.0").stdout, message);
        let ran = install("$(touch pwned)");
        assert_eq!(
            (ran.status, ran.stdout.lines().next()),
            (2, Some("::error title=fleetlint::`version` is not the name of a release: $(touch pwned)"))
        );
    }

    #[test]
    fn without_a_release_it_is_built() {
        if !has_tools() {
            return;
        }
        let job = Job::new(Event::Push);
        let releases = format!("file://{}", job.temp("releases").display());
        // Stands for cargo: says what it was asked, and puts a program where that asks for it.
        job.program(
            "cargo",
            "echo \"cargo $*\"\nwhile [ \"$1\" != --root ]; do shift; done\nmkdir -p \"$2/bin\"\n\
             printf '#!/bin/sh\\necho built\\n' > \"$2/bin/fleetlint\"\n",
        );
        for (version, shown) in [("9.9.9", "9.9.9"), ("source", "source")] {
            let ran = job.run("install.sh", &[("FLEETLINT_RELEASES", &releases), ("INPUT_VERSION", version)]);
            let expected = format!(
                "fleetlint {shown} is built from its source: that takes some minutes\n\
                 cargo install --quiet --locked --path {} --root {}\nbuilt\n",
                env!("CARGO_MANIFEST_DIR"),
                job.temp("fleetlint").display()
            );
            assert_eq!((ran.status, ran.stdout), (0, expected), "{}", ran.stderr);
        }
    }

    #[test]
    fn there_is_one_comment_and_it_is_kept_current() {
        if !has_tools() {
            return;
        }
        let job = Job::new(Event::PullRequest);
        let report = job.temp("report.md");
        fs::write(&report, "1 error: `a` \"b\" \\ ::error::\n").unwrap();
        let body = "<!-- fleetlint: fleet -->\n1 error: `a` \"b\" \\ ::error::\n";
        let comment = |answers: Vec<Answer>, findings: &str| {
            let server = Server::start(answers);
            let api = server.url();
            let environment = [
                ("GITHUB_API_URL", api.as_str()),
                ("COMMENT_TOKEN", "secret-token"),
                ("COMMENT_BODY", report.to_str().unwrap()),
                ("INPUT_CATEGORY", "fleet"),
                ("FINDINGS", findings),
            ];
            let ran = job.run("comment.sh", &environment);
            assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
            let requests = server.requests();
            assert!(requests.iter().all(|it| it.authorization == "Bearer secret-token"), "{requests:?}");
            let requests: Vec<(String, serde_json::Value)> =
                requests.into_iter().map(|it| (it.line, it.body)).collect();
            (requests, ran.stdout)
        };
        let list = ("GET /repos/acme/acme-fleet/issues/7/comments?per_page=100&page=1".to_owned(), json!(null));
        let others = json!([
            {"id": 1, "user": {"type": "User"}, "body": body},
            {"id": 2, "user": {"type": "Bot"}, "body": "<!-- fleetlint: other -->\n"},
        ]);
        let written = ("POST /repos/acme/acme-fleet/issues/7/comments".to_owned(), json!({"body": body}));
        let answers = || vec![Answer::of(200, &others), Answer::of(201, &json!({}))];
        assert_eq!(comment(answers(), "1"), (vec![list.clone(), written], String::new()));
        // Nothing to say, and nothing was said.
        assert_eq!(comment(vec![Answer::of(200, &others)], "0"), (vec![list.clone()], String::new()));
        let own = json!([{"id": 3, "user": {"type": "Bot"}, "body": "<!-- fleetlint: fleet -->\nold\n"}]);
        let changed = ("PATCH /repos/acme/acme-fleet/issues/comments/3".to_owned(), json!({"body": body}));
        for findings in ["0", "1"] {
            let answers = vec![Answer::of(200, &own), Answer::of(200, &json!({}))];
            assert_eq!(comment(answers, findings), (vec![list.clone(), changed.clone()], String::new()));
        }
        let notice = "::notice title=fleetlint::the comment cannot be written (status 403): give the job the permission \
                      `pull-requests: write`; the summary has the findings\n";
        assert_eq!(comment(vec![Answer::of(403, &json!({}))], "1"), (vec![list], notice.to_owned()));
    }

    #[test]
    fn long_reports_are_cut_after_a_line() {
        if !has_tools() {
            return;
        }
        let job = Job::new(Event::Push);
        let file = job.temp("long.md");
        fs::write(&file, "0123456789ä\n".repeat(1000)).unwrap();
        let cut = |limit: &str| {
            job.bash(
                "source action/lib.sh; cut_to \"$FILE\" \"$LIMIT\"",
                &[("FILE", file.to_str().unwrap()), ("LIMIT", limit)],
            )
        };
        assert_eq!(cut("13000"), fs::read_to_string(&file).unwrap());
        let text = cut("5000");
        assert!(text.len() <= 5000, "{}", text.len());
        let expected =
            format!("{}\n… and 631 more lines: the log of the run has all findings\n", "0123456789ä\n".repeat(369));
        assert_eq!(text, expected);
    }
}

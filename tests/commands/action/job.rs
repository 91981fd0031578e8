//! A job of GitHub Actions: a workspace as `actions/checkout` leaves it, the files and the environment of a step.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::git;

/// The programs that the scripts need.
const TOOLS: [&str; 5] = ["bash", "git", "jq", "curl", "tar"];

/// What the job runs for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// To `main`.
    Push,
    /// From a branch of the repository to `main`.
    PullRequest,
    /// From a fork to `main`.
    Fork,
}

/// A job on a machine of its own.
pub(super) struct Job {
    folder: TempDir,
    /// `OWNER/NAME` of the repository that the workflow is in.
    repository: &'static str,
    event: Event,
}

/// What a step did.
pub(super) struct Ran {
    pub(super) status: i32,
    pub(super) stdout: String,
    pub(super) stderr: String,
    /// What it wrote to `GITHUB_OUTPUT`.
    pub(super) outputs: BTreeMap<String, String>,
    /// What it wrote to `GITHUB_STEP_SUMMARY`.
    pub(super) summary: String,
}

/// Whether the machine has what the scripts need. CI has to have it.
pub(super) fn has_tools() -> bool {
    let has = |tool: &&&str| Command::new(tool).arg("--version").output().is_ok_and(|output| output.status.success());
    let missing: Vec<&&str> = TOOLS.iter().filter(|tool| !has(tool)).collect();
    assert!(missing.is_empty() || std::env::var_os("CI").is_none(), "CI lacks {missing:?}");
    if !missing.is_empty() {
        eprintln!("the action is not tested: this machine lacks {missing:?}");
    }
    missing.is_empty()
}

impl Job {
    /// A job of the fleet repository.
    pub(super) fn new(event: Event) -> Self {
        Self::of("acme/acme-fleet", event)
    }

    /// A job of a repository.
    pub(super) fn of(repository: &'static str, event: Event) -> Self {
        let job = Self { folder: tempfile::tempdir().unwrap(), repository, event };
        for folder in ["temp", "programs", "files"] {
            fs::create_dir(job.path(folder)).unwrap();
        }
        let map = format!("[url \"file://{}/\"]\n\tinsteadOf = https://github.com/\n", job.path("remotes").display());
        fs::write(job.path("gitconfig"), map).unwrap();
        job.write_remotes();
        job.check_out();
        let head = if event == Event::Fork { "somebody/fork" } else { repository };
        let event = match event {
            Event::Push => serde_json::json!({"ref": "refs/heads/main"}),
            _ => serde_json::json!({"pull_request": {"number": 7, "head": {"repo": {"full_name": head}}}}),
        };
        fs::write(job.path("files/event.json"), event.to_string()).unwrap();
        job
    }

    /// The fleet and the app, each with `main` and `production`. Staging syncs one of them, prod the other.
    fn write_remotes(&self) {
        let settings = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: default}\n";
        let app: &[(&str, &str)] = &[("deploy/settings.yaml", settings)];
        git::repository(&self.remote("acme/acme-app"), &[("main", app), ("production", app)]);
        let files: Vec<(String, String)> = [("staging", "main"), ("prod", "production")]
            .into_iter()
            .flat_map(|(cluster, branch)| {
                [
                    (format!("clusters/{cluster}/flux-system/flux-instance.yaml"), instance(cluster, branch)),
                    (format!("clusters/{cluster}/app.yaml"), app_of(branch, "./deploy")),
                ]
            })
            .collect();
        // What the pull request changes, or the push has brought: both clusters name a folder that does not exist. Production is
        // read at its own branch, so that only staging breaks.
        let broken = |(path, text): &(String, String)| (path.clone(), text.replace("./deploy", "./deploi"));
        let changed: Vec<(String, String)> = files.iter().map(broken).collect();
        let (main, production) = (borrowed(&changed), borrowed(&files));
        git::repository(&self.remote("acme/acme-fleet"), &[("main", &main), ("production", &production)]);
    }

    /// Leaves the workspace as `actions/checkout` does: one commit, a branch for a push, none for a pull request.
    fn check_out(&self) {
        let workspace = self.workspace();
        fs::create_dir(&workspace).unwrap();
        let git = |arguments: &[&str]| self.git(&workspace, arguments);
        git(&["init", "--quiet"]);
        git(&["remote", "add", "origin", &format!("https://github.com/{}", self.repository)]);
        match self.event {
            Event::Push => {
                git(&["fetch", "--quiet", "--depth=1", "origin", "+refs/heads/main:refs/remotes/origin/main"]);
                git(&["checkout", "--quiet", "-B", "main", "refs/remotes/origin/main"]);
            }
            Event::PullRequest | Event::Fork => {
                git(&["fetch", "--quiet", "--depth=1", "origin", "+refs/heads/main:refs/remotes/pull/7/merge"]);
                git(&["checkout", "--quiet", "--detach", "refs/remotes/pull/7/merge"]);
            }
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn workspace(&self) -> PathBuf {
        self.path("workspace")
    }

    /// A file below `RUNNER_TEMP`.
    pub(super) fn temp(&self, name: &str) -> PathBuf {
        self.path("temp").join(name)
    }

    /// A repository on the server, `OWNER/NAME`.
    pub(super) fn remote(&self, name: &str) -> PathBuf {
        self.path("remotes").join(name)
    }

    /// Puts a script in front of the programs of the machine.
    pub(super) fn program(&self, name: &str, script: &str) {
        write_program(&self.path("programs").join(name), script);
    }

    /// Puts a release onto the server, and returns the checksum of its archive.
    pub(super) fn release(&self, version: &str, archive: &str) -> String {
        let folder = self.temp(&format!("releases/download/v{version}"));
        fs::create_dir_all(&folder).unwrap();
        write_program(&self.temp("packed/fleetlint"), "echo 'fleetlint of a release'\n");
        let archive = folder.join(archive);
        let packed = self.temp("packed");
        let output =
            Command::new("tar").arg("-czf").arg(&archive).arg("-C").arg(packed).arg("fleetlint").output().unwrap();
        assert!(output.status.success(), "{output:?}");
        sha256(&fs::read(archive).unwrap())
    }

    /// What git prints.
    pub(super) fn git(&self, folder: &Path, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command.current_dir(folder).args(arguments).env("GIT_CONFIG_NOSYSTEM", "1");
        let output = command.env("GIT_CONFIG_GLOBAL", self.path("gitconfig")).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a script of the action as a step.
    pub(super) fn run(&self, script: &str, environment: &[(&str, &str)]) -> Ran {
        let (outputs, summary) = (self.path("files/output"), self.path("files/summary"));
        fs::write(&outputs, "").unwrap();
        fs::write(&summary, "").unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("action").join(script);
        let mut command = Command::new("bash");
        let output = self.with_environment(command.arg(script)).envs(environment.iter().copied()).output().unwrap();
        Ran {
            status: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            outputs: parsed(&fs::read_to_string(outputs).unwrap()),
            summary: fs::read_to_string(summary).unwrap(),
        }
    }

    /// What a line of bash prints.
    pub(super) fn bash(&self, line: &str, environment: &[(&str, &str)]) -> String {
        let mut command = Command::new("bash");
        let command =
            self.with_environment(command.args(["-euo", "pipefail", "-c", line])).envs(environment.iter().copied());
        let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The environment of a step, and nothing else of this machine.
    fn with_environment<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        let path = std::env::var("PATH").unwrap();
        command.current_dir(self.workspace()).env_clear();
        command.env("PATH", format!("{}:{path}", self.path("programs").display())).env("HOME", self.path("files"));
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", self.path("gitconfig"));
        for (name, value) in [
            ("GITHUB_SERVER_URL", "https://github.com"),
            ("GITHUB_REPOSITORY", self.repository),
            ("GITHUB_ACTOR", "somebody"),
            ("FLEETLINT", env!("CARGO_BIN_EXE_fleetlint")),
            ("INPUT_PATH", "."),
        ] {
            command.env(name, value);
        }
        for (name, file) in [
            ("GITHUB_WORKSPACE", "workspace"),
            ("RUNNER_TEMP", "temp"),
            ("GITHUB_OUTPUT", "files/output"),
            ("GITHUB_STEP_SUMMARY", "files/summary"),
            ("GITHUB_EVENT_PATH", "files/event.json"),
        ] {
            command.env(name, self.path(file));
        }
        match self.event {
            Event::Push => command.env("GITHUB_EVENT_NAME", "push").env("GITHUB_REF", "refs/heads/main"),
            _ => command
                .env("GITHUB_EVENT_NAME", "pull_request")
                .env("GITHUB_REF", "refs/pull/7/merge")
                .env("GITHUB_BASE_REF", "main")
                .env("GITHUB_HEAD_REF", "change"),
        }
    }
}

fn borrowed(files: &[(String, String)]) -> Vec<(&str, &str)> {
    files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect()
}

/// The outputs in a file: `NAME<<DELIMITER`, lines, `DELIMITER`.
fn parsed(text: &str) -> BTreeMap<String, String> {
    let mut outputs = BTreeMap::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let (name, delimiter) = line.split_once("<<").unwrap_or_else(|| panic!("{line}"));
        let value: Vec<&str> = lines.by_ref().take_while(|line| *line != delimiter).collect();
        assert!(outputs.insert(name.to_owned(), value.join("\n")).is_none(), "{name} is written twice");
    }
    outputs
}

fn write_program(path: &Path, script: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, format!("#!/bin/sh\n{script}")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn instance(cluster: &str, branch: &str) -> String {
    format!(
        "apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: {{name: flux, namespace: flux-system}}\n\
         spec:\n  distribution: {{version: 2.7.x, registry: ghcr.io/fluxcd}}\n  sync:\n    kind: GitRepository\n    \
         url: https://github.com/acme/acme-fleet.git\n    ref: refs/heads/{branch}\n    path: clusters/{cluster}\n"
    )
}

fn app_of(branch: &str, path: &str) -> String {
    format!(
        "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {{name: app, namespace: flux-system}}\n\
         spec:\n  interval: 10m\n  url: https://github.com/acme/acme-app\n  ref: {{branch: {branch}}}\n---\n\
         apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: app, namespace: flux-system}}\n\
         spec:\n  interval: 10m\n  path: {path}\n  prune: true\n  sourceRef: {{kind: GitRepository, name: app}}\n"
    )
}

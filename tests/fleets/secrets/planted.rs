//! A planted secret: fleets that hold it, and all that the commands say about them.

use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::fleet::Repositories;

/// What is planted.
pub(super) const SECRET: &str = "S3cr3t-Pl4nted-V4LUE9";

/// Pieces that are shorter say nothing.
const PIECE: usize = 6;

/// Pieces of base64 that are shorter say nothing.
const ENCODED_PIECE: usize = 8;

/// Lines of one output that a failing test shows.
const SHOWN: usize = 3;

const FLEET: &str = "fleet";

/// The FluxInstance of the cluster `prod`.
const INSTANCE: &str = "apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: flux-system}
spec:
  distribution: {version: 2.9.x, registry: ghcr.io/fluxcd}
  sync: {kind: GitRepository, url: https://github.com/acme/fleet, ref: refs/heads/main, path: clusters/prod}
";

/// A way to plant the secret.
pub(super) struct Way {
    name: String,
    files: Vec<(String, Vec<u8>)>,
    arguments: Vec<String>,
    /// What a masked excerpt shows: a finding is on the very line.
    masked: Option<&'static str>,
    /// How many of the commands run.
    commands: usize,
}

/// A way without files: `name` says what it is.
pub(super) fn way(name: impl Into<String>) -> Way {
    let way = Way { name: name.into(), files: Vec::new(), arguments: Vec::new(), masked: None, commands: FEW };
    way.file("clusters/prod/flux.yaml", INSTANCE)
}

impl Way {
    /// Writes a file; `@S@` in it is the secret, `@B@` the secret in base64.
    pub(super) fn file(self, path: &str, text: impl AsRef<str>) -> Self {
        self.bytes(path, filled(text.as_ref()).into_bytes())
    }

    /// Writes a file that is not text.
    pub(super) fn bytes(mut self, path: &str, bytes: Vec<u8>) -> Self {
        self.files.retain(|(known, _)| known != path);
        self.files.push((path.to_owned(), bytes));
        self
    }

    /// The Kustomization `apps` of the folder `apps`; `rest` goes below `spec`.
    pub(super) fn apps(self, rest: &str) -> Self {
        let text = kustomization("apps", "apps", rest);
        self.file("clusters/prod/apps.yaml", text)
    }

    /// The same, which substitutes from the Secret `vars`, where `TOKEN` is the secret.
    pub(super) fn substituting(self) -> Self {
        let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: vars, namespace: flux-system}\nstringData:\n  TOKEN: @S@\n  ENCODED: @B@\n  SLASHED: @S@/a/@S@\n";
        self.everywhere()
            .file("clusters/prod/vars.yaml", secret)
            .apps("  postBuild:\n    substituteFrom:\n      - {kind: Secret, name: vars}\n")
    }

    /// Runs all commands: the secret comes into objects.
    pub(super) fn everywhere(mut self) -> Self {
        self.commands = COMMANDS.len();
        self
    }

    /// Gives all commands that read the fleet these arguments.
    pub(super) fn with(mut self, arguments: &[&str]) -> Self {
        self.arguments = arguments.iter().map(|argument| filled(argument)).collect();
        self
    }

    /// A finding is on the very line: the report shows this.
    pub(super) fn shows(mut self, masked: &'static str) -> Self {
        self.masked = Some(masked);
        self
    }
}

/// A Kustomization of the fleet's own repository.
pub(super) fn kustomization(name: &str, path: &str, rest: &str) -> String {
    format!(
        "apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: {name}, namespace: flux-system}}
spec:
  interval: 1h
  prune: true
  sourceRef: {{kind: GitRepository, name: flux-system}}
  path: {path}
{rest}"
    )
}

fn filled(text: &str) -> String {
    text.replace("@S@", SECRET).replace("@B@", &STANDARD.encode(SECRET))
}

/// A command, and whether its standard output is asked for as it is: `build` prints what is applied.
const COMMANDS: [(&[&str], bool); 16] = [
    (&["check", "--pedantic", "--show-undetermined"], true),
    (&["check", "--pedantic", "--show-undetermined", "--format", "json"], true),
    (&["graph", "--format", "json"], true),
    (&["config", "--format", "json"], true),
    (&["build", "--cluster", "prod"], false),
    (&["graph"], true),
    (&["config"], true),
    (&["graph", "--format", "mermaid"], true),
    (&["graph", "--format", "dot"], true),
    (&["build", "--cluster", "prod", "--kustomization", "flux-system/apps", "--origin"], false),
    (&["build", "--cluster", "prod", "--kustomization", "flux-system/missing"], false),
    (&["vars"], true),
    (&["vars", "--format", "json"], true),
    (&["tokens"], true),
    (&["tokens", "--format", "markdown"], true),
    (&["tokens", "--format", "json"], true),
];

/// The formats that the second command writes, too, each into a file of its own.
const FORMATS: [&str; 7] = ["sarif", "github", "gitlab", "junit", "checkstyle", "markdown", "line"];

/// The first ones: what only an excerpt or a message can show needs no more.
const FEW: usize = 5;

/// The fleet of a way on disk.
fn written(way: &Way) -> Repositories {
    let repositories = Repositories::empty();
    for (path, bytes) in &way.files {
        let path = repositories.path(FLEET).join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    repositories
}

/// What one command prints about the fleet of a way.
pub(super) fn output(way: &Way, command: &[&str]) -> String {
    let repositories = written(way);
    let mut process = Command::new(env!("CARGO_BIN_EXE_fleetlint"));
    let ran = process.args(command).arg(repositories.path(FLEET)).output().unwrap();
    String::from_utf8_lossy(&ran.stdout).into_owned()
}

/// What shows of a way: the command and the line, for each leak.
pub(super) fn leaks(way: &Way) -> Vec<String> {
    let repositories = written(way);
    let mut leaks = folder_leaks(way, &repositories);
    for &(command, shows_all) in COMMANDS.iter().take(way.commands) {
        let mut process = Command::new(env!("CARGO_BIN_EXE_fleetlint"));
        let mut formats = Vec::new();
        let files = FORMATS.map(|format| (format, repositories.path(format)));
        for (format, file) in files.iter().filter(|_| command.ends_with(&["--format", "json"]) && command[0] == "check")
        {
            formats.extend(["--format".to_owned(), format!("{format}={}", file.display())]);
        }
        let ran =
            process.args(command).args(formats).args(&way.arguments).arg(repositories.path(FLEET)).output().unwrap();
        let (mut out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
        for (_, file) in files.iter().filter(|(_, file)| file.exists()) {
            out.to_mut().push_str(&std::fs::read_to_string(file).unwrap());
            std::fs::remove_file(file).unwrap();
        }
        assert!(ran.status.code().is_some_and(|code| code < 3), "{}: {command:?}: {err}", way.name);
        if std::env::var_os("SHOW").is_some_and(|name| way.name.contains(name.to_str().unwrap())) {
            println!("--- {}: {command:?}\n{out}{err}", way.name);
        }
        let shown = if shows_all { out.as_ref() } else { "" };
        let lines = shown.lines().chain(err.lines()).filter(|line| is_leak(line));
        leaks.extend(lines.take(SHOWN).map(|line| format!("{}: {}: {line}", way.name, command.join(" "))));
        let is_report = command.len() == 3 && command[0] == "check";
        if let Some(masked) = way.masked.filter(|masked| is_report && !out.contains(masked)) {
            leaks.push(format!("{}: no `{masked}` in the report:\n{out}{err}", way.name));
        }
    }
    leaks
}

/// What `build FOLDER` says of the folder `apps` beside what it prints.
fn folder_leaks(way: &Way, repositories: &Repositories) -> Vec<String> {
    let folder = repositories.path(FLEET).join("apps");
    let ran = Command::new(env!("CARGO_BIN_EXE_fleetlint")).arg("build").arg(folder).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    said.lines().filter(|line| is_leak(line)).map(|line| format!("{}: build FOLDER: {line}", way.name)).collect()
}

/// Whether a line holds a piece of the secret, in upper or lower case, or of its base64.
pub(super) fn is_leak(line: &str) -> bool {
    let (lower, secret) = (line.to_ascii_lowercase(), SECRET.to_ascii_lowercase());
    let encoded = STANDARD.encode(SECRET);
    holds_piece(&lower, &secret, PIECE) || holds_piece(line, &encoded, ENCODED_PIECE)
}

fn holds_piece(line: &str, secret: &str, length: usize) -> bool {
    (0..=secret.len() - length).any(|start| line.contains(&secret[start..start + length]))
}

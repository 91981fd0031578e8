//! Runs the real pre-commit with the hook `fleetlint`, as a user does: the wheel is built by maturin, the hook comes from a
//! repository like the one of a release, and a commit that breaks a fleet of two branches is refused.

mod fleet;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Instant;

use crate::Failure;

/// Folders and programs of a trial.
struct Trial {
    root: PathBuf,
    /// The repository of fleetlint.
    source: PathBuf,
    /// The programs that pip installed.
    programs: PathBuf,
}

/// # Errors
/// A step fails, or the hook does not what it has to.
pub(crate) fn main() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let root = folder.path().canonicalize()?;
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    let trial = Trial { programs: root.join("venv/bin"), root, source };
    trial.install()?;
    trial.hook()?;
    fleet::write(&trial.root)?;
    trial.commit_as_user()
}

impl Trial {
    fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Tools from PyPI, and the wheel.
    fn install(&self) -> Result<(), Failure> {
        done(Command::new("python3").args(["-m", "venv"]).arg(self.path("venv")))?;
        done(Command::new(self.programs.join("pip")).args(["install", "--quiet", "maturin>=1.9,<2", "pre-commit"]))?;
        let mut build = Command::new(self.programs.join("maturin"));
        build.args(["build", "--release", "--locked", "--quiet", "--out"]).arg(self.path("wheels"));
        done(build.current_dir(&self.source))
    }

    /// The repository of the hook, with a tag.
    fn hook(&self) -> Result<(), Failure> {
        let folder = self.path("fleetlint-pre-commit");
        fs::create_dir_all(&folder)?;
        for (from, to) in
            [(".pre-commit-hooks.yaml", ".pre-commit-hooks.yaml"), ("pre-commit/pyproject.toml", "pyproject.toml")]
        {
            fs::copy(self.source.join(from), folder.join(to))?;
        }
        fleet::commit_all(&folder, "main")?;
        done(fleet::git(&folder).args(["tag", "v0.1.0"]))
    }

    /// Commits as a user does: first what is right, then what breaks a cluster, then what repairs it.
    fn commit_as_user(&self) -> Result<(), Failure> {
        let fleet = self.path("fleet");
        let hook = self.path("fleetlint-pre-commit");
        let configuration = format!("repos:\n- repo: {}\n  rev: v0.1.0\n  hooks:\n  - id: fleetlint\n", hook.display());
        fs::write(fleet.join(".pre-commit-config.yaml"), configuration)?;
        done(fleet::git(&fleet).args(["add", "."]))?;
        done(self.pre_commit().args(["install", "--install-hooks"]))?;
        self.expect("a fleet that is right", "main", None)?;
        fleet::set_path(&self.root, "./deploi")?;
        self.expect("a path that does not exist", "main", Some("kustomization-graph/path-not-found"))?;
        // The refused change never was in the repository: this is another one.
        fleet::set_path(&self.root, "./deploy/")?;
        self.expect("the repaired fleet", "main", None)
    }

    /// Commits, and compares with what has to come of it: all is well, or the hook refuses with this rule.
    fn expect(&self, what: &str, branch: &str, rule: Option<&str>) -> Result<(), Failure> {
        let start = Instant::now();
        let mut command = fleet::git(&self.path("fleet"));
        command.args(["commit", "--quiet", "--all", "--allow-empty", "--message", what]);
        let output = self.with_environment(&mut command).output()?;
        let text = shown(&output);
        let is_as_expected = match rule {
            None => output.status.success() && text.contains("Passed"),
            Some(rule) => !output.status.success() && text.contains("Failed") && text.contains(rule),
        };
        let line = format!(
            "{what}, on {branch}: {} in {:.1?}",
            if rule.is_some() { "refused" } else { "passed" },
            start.elapsed()
        );
        if !is_as_expected {
            return Err(format!("{what}: expected {rule:?}, and got\n{text}").into());
        }
        crate::say(&line);
        Ok(())
    }

    fn pre_commit(&self) -> Command {
        let mut command = Command::new(self.programs.join("pre-commit"));
        self.with_environment(&mut command).current_dir(self.path("fleet"));
        command
    }

    /// pip finds the wheel that was built, and pre-commit keeps nothing elsewhere.
    fn with_environment<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command
            .env("PIP_FIND_LINKS", self.path("wheels"))
            .env("PRE_COMMIT_HOME", self.path("cache"))
            .env_remove("GIT_DIR")
    }
}

/// Runs a command that has to succeed.
fn done(command: &mut Command) -> Result<(), Failure> {
    let output = command.output()?;
    if output.status.success() { Ok(()) } else { Err(format!("{command:?} fails:\n{}", shown(&output)).into()) }
}

fn shown(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

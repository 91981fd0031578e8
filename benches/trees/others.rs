//! Other builders of the same folders, to compare with: only where the environment names their programs.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// The program of a variable of the environment.
pub(crate) fn program(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from)
}

/// One process for one folder, as a shell script would have it; its output goes nowhere.
pub(crate) fn kustomize_process(program: &Path, folder: &Path) {
    let mut command = Command::new(program);
    command.args(["kustomize", "--load-restrictor=LoadRestrictionsNone"]).arg(folder);
    let _ = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
}

/// A process that builds as many folders as it is asked for: a JSON line in, a JSON line out.
pub(crate) struct Oracle {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Oracle {
    pub(crate) fn start(program: &Path) -> Option<Self> {
        let mut command = Command::new(program);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
        let (input, output) = (child.stdin.take()?, BufReader::new(child.stdout.take()?));
        Some(Self { child, input, output })
    }

    /// Builds a folder; returns how long the answer is.
    pub(crate) fn build(&mut self, folder: &Path) -> usize {
        let question = serde_json::json!({ "op": "kustomize", "root": folder, "path": "." });
        let mut answer = String::new();
        let asked = writeln!(self.input, "{question}").and_then(|()| self.output.read_line(&mut answer));
        asked.unwrap_or_default()
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

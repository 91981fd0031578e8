//! The oracle, a process that answers JSON lines with what the real kustomize builds.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// How long an answer may take: some trees make kustomize run forever.
const PATIENCE: Duration = Duration::from_secs(15);

/// The refusal of an oracle that hung or died.
pub(crate) const HANGS: &str = "the oracle hung or died";

/// What a build said: the printed objects, or why not.
pub(crate) type Answer = Result<String, String>;

pub(crate) struct Oracle {
    program: PathBuf,
    process: Option<Process>,
}

struct Process {
    child: Child,
    input: ChildStdin,
    output: Receiver<String>,
}

impl Oracle {
    pub(crate) fn new(program: PathBuf) -> Self {
        Self { program, process: None }
    }

    /// Builds a folder. An oracle that died counts as a refusal; the next question starts another.
    /// `reset` is for an oracle that keeps its schema between builds: this tree brings its own.
    pub(crate) fn build(&mut self, folder: &Path, reset: bool) -> Answer {
        match self.ask(folder, reset) {
            Some(answer) => answer,
            None => {
                if let Some(mut process) = self.process.take() {
                    let _ = process.child.kill();
                    let _ = process.child.wait();
                }
                Err(HANGS.to_owned())
            }
        }
    }

    fn ask(&mut self, folder: &Path, reset: bool) -> Option<Answer> {
        if self.process.is_none() {
            self.process = start(&self.program);
        }
        let process = self.process.as_mut()?;
        let question = serde_json::json!({"op": "kustomize", "root": folder.to_string_lossy(), "reset": reset});
        writeln!(process.input, "{question}").ok()?;
        let line = process.output.recv_timeout(PATIENCE).ok()?;
        let answer: serde_json::Value = serde_json::from_str(&line).ok()?;
        let text = |key: &str| answer.get(key).and_then(|text| text.as_str()).unwrap_or_default().to_owned();
        let ok = answer.get("ok").and_then(serde_json::Value::as_bool)?;
        // The oracle is not a release build.
        Some(if ok { Ok(text("text").replace("kustomize-(devel)", "kustomize-v5.8.1")) } else { Err(text("error")) })
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            drop(process.input);
            let _ = process.child.wait();
        }
    }
}

fn start(program: &Path) -> Option<Process> {
    let mut child =
        Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
    let (input, output) = (child.stdin.take()?, child.stdout.take()?);
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let lines = BufReader::new(output).lines().map_while(Result::ok);
        lines.take_while(|line| sender.send(line.clone()).is_ok()).for_each(drop);
    });
    Some(Process { child, input, output: receiver })
}

//! One object with one variable, here and with the oracle.

use std::io::{BufRead, BufReader, Lines, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

use super::variables::{Nothing, kustomization};
use fleetlint::flux::substitute::{Variables, substitute};
use fleetlint::source::Files;
use fleetlint::yaml::{Documents, Node, print};
use serde_json::{Value, json};

use super::{Failure, Question};
use crate::fuzz_kustomize::compare::Verdict;
use crate::fuzz_kustomize::oracle::Answer;

pub(super) struct Bench {
    program: PathBuf,
    process: Process,
}

struct Process {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Bench {
    pub(super) fn new(program: &Path) -> Result<Self, Failure> {
        Ok(Self { program: program.to_owned(), process: start(program)? })
    }

    /// An oracle that died (kustomize follows a merge key into itself without end) is started again.
    pub(super) fn compare(&mut self, question: &Question) -> Result<(Verdict, Answer, Answer), Failure> {
        let mut vars = json!({});
        if let Some(variable) = &question.variable {
            vars["v"] = json!(variable);
        }
        let ours = catch_unwind(AssertUnwindSafe(|| own(question))).unwrap_or_else(|_| Err("panic".to_owned()));
        writeln!(self.process.input, "{}", json!({"op": "substitute", "text": question.text, "vars": vars}))?;
        let Some(Ok(line)) = self.process.output.next() else {
            self.process.child.wait()?;
            self.process = start(&self.program)?;
            return Ok((Verdict::TheyHang, ours, Err("the oracle died".to_owned())));
        };
        let answer: Value = serde_json::from_str(&line)?;
        let text = |key: &str| answer[key].as_str().unwrap_or_default().to_owned();
        let theirs = if answer["ok"] == true { Ok(text("text")) } else { Err(text("error")) };
        let verdict = match (&ours, &theirs) {
            (Err(message), _) if message == "panic" => Verdict::WePanic,
            (Ok(ours), Ok(theirs)) if ours == theirs => Verdict::Same,
            (Ok(_), Ok(_)) => Verdict::Differs,
            (Ok(_), Err(_)) => Verdict::OnlyTheyRefuse,
            (Err(_), Ok(_)) => Verdict::OnlyWeRefuse,
            (Err(_), Err(_)) => Verdict::BothRefuse,
        };
        Ok((verdict, ours, theirs))
    }
}

fn start(program: &Path) -> Result<Process, Failure> {
    let mut command = Command::new(program);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let input = child.stdin.take().ok_or("no input")?;
    let output = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
    Ok(Process { child, input, output })
}

fn own(question: &Question) -> Answer {
    let file = Files::default().add("r".into(), None, "a.yaml".into(), question.text.as_bytes().to_vec());
    let stream = Documents::default().of(&file);
    if let Some(Err(problem)) = stream.documents.iter().find(|document| document.is_err()) {
        return Err(problem.message.clone());
    }
    let documents: Vec<_> =
        stream.documents.iter().flatten().filter(|it| it.root.as_ref().is_some_and(|root| !root.is_null())).collect();
    let [document] = documents[..] else { return Err(format!("{} objects", documents.len())) };
    if let Some(problem) = document.duplicate_keys.first() {
        return Err(problem.message.clone());
    }
    let resource = Arc::new(document.root.clone().ok_or("empty")?);
    if ["/kind", "/metadata/name"].iter().any(|field| resource.at(field).is_none_or(Node::is_null)) {
        return Err("missing Resource metadata".to_owned());
    }
    let Some(variable) = &question.variable else { return print::resource(&resource) };
    let kustomization = kustomization([("v", variable.as_str())].into_iter()).ok_or("no kustomization")?;
    let (variables, problems) = Variables::build(&kustomization, &Nothing);
    if let Some(problem) = problems.first() {
        return Err(problem.message.clone());
    }
    let substituted = substitute(&resource, &kustomization, &variables, false, None);
    match substituted.problem {
        Some(problem) => Err(problem.message),
        None => print::resource(&substituted.node),
    }
}

//! Builds a tree here and with the oracle, and says how they differ.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fleetlint::kustomize::{LoadRestriction, Options, Order, Reader, build};
use fleetlint::source::{self, open_for_build};
use fleetlint::yaml::{Documents, print};

use super::layer::Files;
use super::oracle::{Answer, HANGS, Oracle};

/// Our answer where all that we say is that we do not know.
const UNDETERMINED: &str = "undetermined";

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    Same,
    BothRefuse,
    /// Both build, other bytes.
    Differs,
    OnlyWeRefuse,
    OnlyTheyRefuse,
    /// Our refusal names no place.
    NoPlace,
    WePanic,
    /// We say that we do not know.
    Undetermined,
    /// The oracle answers differently from time to time.
    Random,
    /// The oracle does not end, or dies.
    TheyHang,
}

impl Verdict {
    pub(crate) fn is_difference(self) -> bool {
        !matches!(self, Self::Same | Self::BothRefuse | Self::Undetermined | Self::Random | Self::TheyHang)
    }
}

/// Both answers.
pub(crate) struct Comparison {
    pub(crate) verdict: Verdict,
    pub(crate) ours: Answer,
    pub(crate) theirs: Answer,
}

pub(crate) struct Bench {
    oracle: Oracle,
    folder: PathBuf,
    written: Vec<PathBuf>,
}

impl Bench {
    pub(crate) fn new(program: PathBuf, folder: PathBuf) -> Self {
        Self { oracle: Oracle::new(program), folder, written: Vec::new() }
    }

    /// Writes a tree and builds it twice; a difference is asked again, because some of kustomize is random.
    pub(crate) fn compare(&mut self, files: &Files) -> Comparison {
        self.write(files);
        let top = self.folder.join("top");
        let reset = files.values().any(|text| text.contains("openapi"));
        let theirs = self.oracle.build(&top, reset);
        let (ours, placed) = ours(&top);
        let mut verdict = verdict(&ours, placed, &theirs);
        if verdict.is_difference() {
            let stable = (0..5).all(|_| match (&theirs, self.oracle.build(&top, reset)) {
                (Ok(before), Ok(now)) => *before == now,
                (before, now) => before.is_ok() == now.is_ok(),
            });
            if !stable {
                verdict = Verdict::Random;
            }
        }
        let theirs = theirs.map_err(|error| error.replace(&*self.folder.to_string_lossy(), "ROOT"));
        Comparison { verdict, ours, theirs }
    }

    fn write(&mut self, files: &Files) {
        for path in self.written.drain(..) {
            let _ = std::fs::remove_file(path);
        }
        for (path, text) in files {
            let path = self.folder.join(path);
            if let Some(parent) = path.parent() {
                let _ = std::fs::create_dir_all(parent);
            }
            let _ = std::fs::write(&path, text);
            self.written.push(path);
        }
    }
}

fn verdict(ours: &Answer, placed: bool, theirs: &Answer) -> Verdict {
    match (ours, theirs) {
        (Err(message), _) if message.starts_with("panic") => Verdict::WePanic,
        (Err(message), _) if message == UNDETERMINED => Verdict::Undetermined,
        (_, Err(message)) if message == HANGS => Verdict::TheyHang,
        (Ok(ours), Ok(theirs)) if ours == theirs => Verdict::Same,
        (Ok(_), Ok(_)) => Verdict::Differs,
        (Err(_), Ok(_)) => Verdict::OnlyWeRefuse,
        (Ok(_), Err(_)) => Verdict::OnlyTheyRefuse,
        (Err(_), Err(_)) if placed => Verdict::BothRefuse,
        (Err(_), Err(_)) => Verdict::NoPlace,
    }
}

/// Our build, and whether every problem has a place.
fn ours(folder: &Path) -> (Answer, bool) {
    match catch_unwind(AssertUnwindSafe(|| build_here(folder))) {
        Ok(answer) => answer,
        Err(panic) => {
            let text = panic
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            (Err(format!("panic: {}", text.unwrap_or_default())), false)
        }
    }
}

fn build_here(folder: &Path) -> (Answer, bool) {
    let files = Arc::new(source::Files::default());
    let (tree, folder) = match open_for_build(&files, folder, true) {
        Ok(opened) => opened,
        Err(error) => return (Err(error.to_string()), false),
    };
    let documents = Documents::default();
    let options = Options { load_restriction: LoadRestriction::None, order: Order::Legacy };
    let build = build(Reader { tree: &tree, documents: &documents }, &folder, options);
    if !build.problems.is_empty() && build.problems.iter().all(fleetlint::problem::Problem::is_undetermined) {
        return (Err(UNDETERMINED.to_owned()), true);
    }
    if !build.problems.is_empty() {
        let placed = build.problems.iter().all(|problem| problem.place.is_some());
        let line = |problem: &fleetlint::problem::Problem| match problem.place {
            None => format!("(no place) {}", problem.message),
            Some(place) => {
                let file = files.get(place.file);
                let position = file.position(place.start);
                format!("{}:{}:{} {}", file.path, position.line, position.column, problem.message)
            }
        };
        return (Err(build.problems.iter().map(line).collect::<Vec<_>>().join("\n")), placed);
    }
    let printed: Result<Vec<String>, String> = build.resources.iter().map(|node| print::resource(node)).collect();
    (printed.map(|resources| resources.join("---\n")).map_err(|error| format!("(printing, no place) {error}")), false)
}

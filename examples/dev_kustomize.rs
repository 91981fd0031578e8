//! `dev_kustomize [build] FOLDER`: prints what `kustomize build FOLDER` prints, for comparison with the oracle. Exit 2 on failure.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a development command prints")]

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use fleetlint::kustomize::{LoadRestriction, Options, Order, Reader, build};
use fleetlint::problem::Problem;
use fleetlint::source::{Files, open_for_build};
use fleetlint::yaml::Documents;

fn main() -> ExitCode {
    let folder = std::env::args().skip(1).find(|argument| argument != "build").unwrap_or_else(|| ".".to_owned());
    match run(Path::new(&folder)) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn run(folder: &Path) -> Result<String, String> {
    let files = Arc::new(Files::default());
    let (tree, folder) = open_for_build(&files, folder, false).map_err(|error| error.to_string())?;
    let documents = Documents::default();
    let reader = Reader { tree: &tree, documents: &documents };
    let options = Options { load_restriction: LoadRestriction::None, order: Order::Legacy };
    let build = build(reader, &folder, options);
    let shown: Vec<String> = build.problems.iter().map(|problem| show(&files, problem)).collect();
    if !shown.is_empty() {
        return Err(shown.join("\n"));
    }
    Ok(format!("{:#?}", build.resources))
}

fn show(files: &Files, problem: &Problem) -> String {
    let place = problem.place.map_or_else(String::new, |span| {
        let file = files.get(span.file);
        let start = file.position(span.start);
        format!("{}:{}:{}: ", file.path, start.line, start.column)
    });
    format!("{place}{:?}: {}", problem.kind, problem.message)
}

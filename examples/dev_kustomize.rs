//! Development command: `dev_kustomize build FOLDER` prints what our engine builds, to compare it with the real kustomize;
//! what is wrong goes to standard error, as `file:line:col message`.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use fleetlint::kustomize::{LoadRestriction, Options, Order, Reader, build};
use fleetlint::problem::Problem;
use fleetlint::source::{Files, open_for_build};
use fleetlint::yaml::{Documents, print};

fn main() -> ExitCode {
    let folder = std::env::args().nth(2).unwrap_or_else(|| ".".to_owned());
    match run(Path::new(&folder)) {
        Ok(text) => std::io::stdout().write_all(text.as_bytes()).map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS),
        Err(problems) => {
            let _ = std::io::stderr().write_all(problems.as_bytes());
            ExitCode::from(2)
        }
    }
}

fn run(folder: &Path) -> Result<String, String> {
    let files = Arc::new(Files::default());
    let (tree, folder) = open_for_build(&files, folder, false).map_err(|error| error.to_string())?;
    let documents = Documents::default();
    let options = Options { load_restriction: LoadRestriction::None, order: Order::Legacy };
    let build = build(Reader { tree: &tree, documents: &documents }, &folder, options);
    if !build.problems.is_empty() {
        return Err(build.problems.iter().map(|problem| line(problem, &files)).collect());
    }
    let printed: Result<Vec<String>, String> = build.resources.iter().map(|node| print::resource(node)).collect();
    Ok(printed?.join("---\n"))
}

fn line(problem: &Problem, files: &Files) -> String {
    let Some(place) = problem.place else { return format!("{}\n", problem.message) };
    let file = files.get(place.file);
    let position = file.position(place.start);
    format!("{}:{}:{} {}\n", file.path, position.line, position.column, problem.message)
}

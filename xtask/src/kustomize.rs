//! Development command: `cargo xtask kustomize build FOLDER` prints what our engine builds, to compare it with the real kustomize;
//! what is wrong goes to standard error, as `file:line:col message`. `cargo xtask kustomize time FOLDER` builds everything below a
//! folder twice, without and with parsed files, and prints how long that took.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use fleetlint::kustomize::{FILE_NAMES, LoadRestriction, Options, Order, Reader, build};
use fleetlint::problem::Problem;
use fleetlint::source::{Files, open_for_build, path};
use fleetlint::yaml::{Documents, print};

pub(crate) fn main() -> ExitCode {
    let folder = crate::arguments().nth(2).unwrap_or_else(|| ".".to_owned());
    if crate::arguments().nth(1).as_deref() == Some("time") {
        return time(Path::new(&folder));
    }
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

fn time(root: &Path) -> ExitCode {
    let files = Arc::new(Files::default());
    let documents = Documents::default();
    let Ok((tree, top)) = open_for_build(&files, root, false) else { return ExitCode::FAILURE };
    let mut folders = Vec::new();
    collect(root, &mut folders);
    for round in ["cold", "warm"] {
        let start = std::time::Instant::now();
        let mut slowest = (std::time::Duration::ZERO, String::new());
        let mut resources = 0;
        for folder in &folders {
            let own = std::time::Instant::now();
            let below = folder.strip_prefix(root).unwrap_or(folder).to_string_lossy();
            let folder = path::join(&top, &below);
            let options = Options { load_restriction: LoadRestriction::None, order: Order::Fifo };
            resources += build(Reader { tree: &tree, documents: &documents }, &folder, options).resources.len();
            slowest = slowest.max((own.elapsed(), folder));
        }
        let line = format!(
            "{round}: {} folders, {resources} resources in {:?}; slowest {:?} {}\n",
            folders.len(),
            start.elapsed(),
            slowest.0,
            slowest.1
        );
        let _ = std::io::stdout().write_all(line.as_bytes());
    }
    ExitCode::SUCCESS
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    if FILE_NAMES.iter().any(|name| folder.join(name).is_file()) {
        found.push(folder.to_owned());
    }
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> =
        entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).map(|entry| entry.path()).collect();
    folders.sort();
    folders.iter().for_each(|folder| collect(folder, found));
}

fn line(problem: &Problem, files: &Files) -> String {
    let Some(place) = problem.place else { return format!("{}\n", problem.message) };
    let file = files.get(place.file);
    let position = file.position(place.start);
    format!("{}:{}:{} {}\n", file.path, position.line, position.column, problem.message)
}

//! Commands for the development of fleetlint: comparisons with the real tools, fuzzers, measurements. `cargo xtask` lists them.

mod fields;
mod fleets;
mod flux;
mod fuzz_kustomize;
mod fuzz_rbac;
mod fuzz_yaml;
mod kustomize;
mod new_rule;
mod parse_speed;
mod pre_commit;
mod rights;
mod spans;
mod substitute;
mod template;
mod validate;

use std::io::Write;
use std::process::ExitCode;

type Failure = Box<dyn std::error::Error>;

/// Each command with its arguments and what it does.
const COMMANDS: [(&str, &str); 15] = [
    ("fields [--check]", "writes the tables of fields from the schemas of every release, or compares them: needs Go"),
    (
        "fleets FOLDER",
        "tells of each repository in a folder which clusters it has, what was expanded, and why not the rest",
    ),
    ("flux", "answers questions about Flux builds as JSON lines, to be compared with the real code"),
    (
        "fuzz-kustomize [--help]",
        "makes kustomizations, compares what we and the real one build of them, minimizes what differs",
    ),
    (
        "fuzz-rbac ORACLE [COUNT] [SEED]",
        "asks us and the API server's own authorizer the same about random roles and bindings",
    ),
    ("fuzz-yaml kustomize|substitute ORACLE", "compares how we and the real readers read and print random YAML"),
    ("kustomize build|time FOLDER", "prints what the kustomize engine builds, to be compared with the real one"),
    ("new-rule FAMILY/NAME", "writes the page, the file and the registry line of a rule that is still to be written"),
    ("parse-speed FOLDER", "measures parsing and printing"),
    (
        "pre-commit",
        "runs the real pre-commit with the hook on a repository of two branches: needs Python, PyPI and Git",
    ),
    (
        "rights [FOLDER]",
        "counts of the repositories in a folder which of their objects may be applied by who applies them",
    ),
    ("spans FOLDER", "compares our places with those of another parser, over all YAML below a folder"),
    ("substitute ORACLE", "compares substitution with the real code on random input"),
    ("template", "renders ResourceSet templates as JSON lines, to be compared with Go's engine"),
    (
        "validate FOLDER COUNT",
        "judges the objects of Flux below a folder, and so many changed ones, to be compared with the API server's own code",
    ),
];

/// The arguments after the name of the command; the first one stands for the program, as in `std::env::args`.
fn arguments() -> impl Iterator<Item = String> {
    std::env::args().skip(1)
}

fn main() -> Result<ExitCode, Failure> {
    match arguments().next().as_deref() {
        Some("fields") => fields::main(),
        Some("fleets") => fleets::main().map(|()| ExitCode::SUCCESS),
        Some("flux") => flux::main().map(|()| ExitCode::SUCCESS),
        Some("fuzz-kustomize") => Ok(fuzz_kustomize::main()),
        Some("fuzz-rbac") => fuzz_rbac::main(),
        Some("fuzz-yaml") => fuzz_yaml::main(),
        Some("kustomize") => Ok(kustomize::main()),
        Some("new-rule") => new_rule(),
        Some("parse-speed") => {
            parse_speed::main();
            Ok(ExitCode::SUCCESS)
        }
        Some("pre-commit") => pre_commit::main().map(|()| ExitCode::SUCCESS),
        Some("rights") => rights::main().map(|()| ExitCode::SUCCESS),
        Some("spans") => {
            spans::main();
            Ok(ExitCode::SUCCESS)
        }
        Some("substitute") => substitute::main(),
        Some("validate") => validate::main().map(|()| ExitCode::SUCCESS),
        Some("template") => Ok(template::main().map(|()| ExitCode::SUCCESS)?),
        _ => help(),
    }
}

fn new_rule() -> Result<ExitCode, Failure> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let Some(id) = arguments().nth(1) else { return help() };
    let (text, status) = match new_rule::create(&root, &id) {
        Ok(files) => (new_rule::next(&id, &files), ExitCode::SUCCESS),
        Err(why) => (format!("error: {why}\n"), ExitCode::from(2)),
    };
    std::io::stderr().write_all(text.as_bytes())?;
    Ok(status)
}

/// Writes a line for whoever waits.
fn say(line: &str) {
    // Nobody waits any more where it cannot be written.
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn help() -> Result<ExitCode, Failure> {
    let lines = COMMANDS.map(|(usage, what)| format!("  cargo xtask {usage}\n      {what}\n"));
    std::io::stderr().write_all(lines.concat().as_bytes())?;
    Ok(ExitCode::from(2))
}

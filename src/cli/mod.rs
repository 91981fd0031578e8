//! One file per command; the only code that prints.

mod arguments;
mod build;
mod check;
pub mod explain;
mod graph;
mod origin;
mod print;
mod progress;
mod question;
pub mod rules;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Command, Line};
use print::{error, out};

/// Runs what the command line asks for: 0 for nothing to complain about, 1 for findings, 2 where the run itself failed.
pub fn main() -> ExitCode {
    // clap ends with 2 on a bad option, and with 0 on `--help` and `--version`.
    let line = Line::parse();
    let code = match line.command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Build(arguments) => build::run(&arguments),
        Command::Graph(arguments) => graph::run(&arguments),
        Command::Explain { rule } => explain::run(&rule).map(|page| out(&page)).unwrap_or_else(|why| error(&why)),
        Command::Rules => out(&rules::run()),
    };
    ExitCode::from(code)
}

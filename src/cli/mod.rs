//! One file per command; the only code that prints.

mod arguments;
mod build;
mod check;
mod config;
pub mod explain;
mod generate;
mod graph;
mod origin;
mod print;
mod progress;
mod question;
pub mod rules;

use std::borrow::Cow;
use std::process::ExitCode;

use clap::Parser;

use crate::redact;
use arguments::{Cli, Command};
use print::{error, note, out};

/// The exit status of a command line that is none.
const REFUSED: u8 = 2;

/// Runs what the command line asks for: 0 for nothing to complain about, 1 for findings, 2 where the run itself failed.
pub fn main() -> ExitCode {
    let line = match Cli::try_parse() {
        Ok(line) => line,
        Err(why) => return refused(&why),
    };
    let code = match line.command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Build(arguments) => build::run(&arguments),
        Command::Graph(arguments) => graph::run(&arguments),
        Command::Config(arguments) => config::run(&arguments),
        Command::Explain { rule } => explain::run(&rule).map(|page| out(&page)).unwrap_or_else(|why| error(&why)),
        Command::Rules => out(&rules::run()),
        Command::Completions { shell } => generated(generate::completions(shell)),
        Command::Man { command } => generated(generate::man(command.as_deref())),
    };
    ExitCode::from(code)
}

/// Prints what was generated from the command line's own declaration.
fn generated(text: Result<String, String>) -> u8 {
    text.map(|text| out(&text)).unwrap_or_else(|why| error(&why))
}

/// Says what is wrong with the command line, and ends with 2; on `--help` and `--version` with 0. clap repeats arguments as
/// they are: a URL among them may hold a credential.
fn refused(why: &clap::Error) -> ExitCode {
    let text = why.render().to_string();
    match redact::text(&text) {
        Cow::Borrowed(_) => why.exit(),
        Cow::Owned(shown) => {
            shown.lines().for_each(note);
            ExitCode::from(REFUSED)
        }
    }
}

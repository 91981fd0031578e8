//! One file per command; the only code that prints.

mod arguments;
mod build;
mod can_i;
mod check;
mod color;
mod config;
pub mod explain;
mod generate;
mod graph;
mod origin;
mod output;
mod print;
mod progress;
mod question;
pub mod rules;
mod tokens;
mod vars;
mod who_can;

use std::borrow::Cow;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser};

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
        Command::Vars(arguments) => vars::run(&arguments),
        Command::Tokens(arguments) => tokens::run(&arguments),
        Command::CanI(arguments) => can_i::run(&arguments),
        Command::WhoCan(arguments) => who_can::run(&arguments),
        Command::Config(arguments) => config::run(&arguments),
        Command::Explain { name, api_version } => printed(explain::run(&name, api_version.as_deref())),
        Command::Rules => out(&rules::run()),
        Command::Completions { shell } => printed(generate::completions(shell)),
        Command::Man { command } => printed(generate::man(command.as_deref())),
    };
    ExitCode::from(code)
}

/// Prints a text that may not exist.
fn printed(text: Result<String, String>) -> u8 {
    text.map(|text| out(&text)).unwrap_or_else(|why| error(&why))
}

/// What to write instead of a command line that forgets the command.
fn hint(why: &clap::Error) -> Option<String> {
    let given = |kind| match why.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        _ => None,
    };
    match why.kind() {
        ErrorKind::InvalidSubcommand => {
            let path = given(ContextKind::InvalidSubcommand)?;
            // A command that is misspelt has a suggestion already.
            let is_path = path.contains(['/', '\\', '.']) || why.get(ContextKind::SuggestedSubcommand).is_none();
            is_path.then(|| format!("hint: to check a fleet repository, write `fleetlint check {path}`"))
        }
        ErrorKind::UnknownArgument => {
            let option = given(ContextKind::InvalidArg)?;
            let is_of_check = Cli::command().find_subcommand("check")?.get_opts().any(|known| {
                let is_long = known.get_long().is_some_and(|long| option.strip_prefix("--") == Some(long));
                is_long || known.get_short().is_some_and(|short| option == format!("-{short}"))
            });
            let is_first = std::env::args().nth(1).is_some_and(|first| first.starts_with(&option));
            (is_of_check && is_first)
                .then(|| format!("hint: `{option}` belongs to a command: `fleetlint check {option}`"))
        }
        _ => None,
    }
}

/// Says what is wrong with the command line, and ends with 2; on `--help` and `--version` with 0. clap repeats arguments as
/// they are: a URL among them may hold a credential.
fn refused(why: &clap::Error) -> ExitCode {
    let (text, hint) = (why.render().to_string(), hint(why));
    match redact::text(&text) {
        Cow::Borrowed(_) if hint.is_none() => why.exit(),
        shown => {
            shown.lines().for_each(note);
            hint.iter().for_each(|hint| note(hint));
            ExitCode::from(REFUSED)
        }
    }
}

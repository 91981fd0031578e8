//! `fleetlint completions` and `fleetlint man`: what is generated from the declaration of the command line.

use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use super::arguments::Cli;

/// The completions of a shell.
pub(super) fn completions(shell: Shell) -> Result<String, String> {
    let (mut command, mut text) = (Cli::command(), Vec::new());
    let name = command.get_name().to_owned();
    clap_complete::generate(shell, &mut command, name, &mut text);
    String::from_utf8(text).map_err(|why| why.to_string())
}

/// The man page of the program, or that of a command.
pub(super) fn man(name: Option<&str>) -> Result<String, String> {
    let mut whole = Cli::command();
    // Gives commands their full names.
    whole.build();
    let page = match name {
        None => whole,
        Some(name) => of(&whole, name)?,
    };
    let mut text = Vec::new();
    Man::new(page).render(&mut text).map_err(|why| why.to_string())?;
    String::from_utf8(text).map_err(|why| why.to_string())
}

/// A command, which knows its full name: `fleetlint-check`.
fn of(whole: &Command, name: &str) -> Result<Command, String> {
    let known = || whole.get_subcommands().map(Command::get_name).filter(|name| *name != "help");
    let command = whole.find_subcommand(name).filter(|_| known().any(|known| known == name));
    command.cloned().ok_or_else(|| {
        let known: Vec<&str> = known().collect();
        format!("there is no command `{name}`; there are `{}`", known.join("`, `"))
    })
}

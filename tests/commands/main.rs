//! The program: commands, reports, the README.

#[cfg(unix)]
#[cfg(test)]
mod action;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod cli_mapping;
#[cfg(test)]
mod cli_process;
#[cfg(test)]
mod config_found;
#[cfg(test)]
mod formats;
#[cfg(test)]
mod formats_places;
#[cfg(test)]
mod generated;
#[cfg(test)]
mod hostile_formats;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod report;
#[cfg(test)]
mod terminal;

#[cfg(test)]
#[path = "../support/fleet.rs"]
mod fleet;

#[cfg(test)]
#[path = "../support/git.rs"]
mod git;

#[cfg(test)]
#[path = "../support/update.rs"]
mod update;

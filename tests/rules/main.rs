//! Rules and their pages.

#[cfg(test)]
mod edits;
#[cfg(test)]
mod new_rule_files;
#[cfg(test)]
mod recorded;
#[cfg(test)]
mod rule_page;
#[cfg(test)]
mod rule_pages;
#[cfg(test)]
mod silence;
#[cfg(test)]
mod unfinished;

#[cfg(test)]
#[path = "../support/edit.rs"]
mod edit;

#[cfg(test)]
#[path = "../support/example.rs"]
mod example;

#[cfg(test)]
#[path = "../support/fleet.rs"]
mod fleet;

#[cfg(test)]
#[path = "../support/git.rs"]
mod git;

#[cfg(test)]
#[path = "../../xtask/src/new_rule.rs"]
mod new_rule;

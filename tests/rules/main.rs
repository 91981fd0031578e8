//! Rules and their pages.

#[cfg(test)]
mod rule_page;
#[cfg(test)]
mod rule_pages;

#[cfg(test)]
#[path = "../support/fleet.rs"]
mod fleet;

#[cfg(test)]
#[path = "../support/git.rs"]
mod git;

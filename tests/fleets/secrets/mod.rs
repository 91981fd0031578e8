//! A secret that is planted wherever something is read occurs in no output of any command in any format.

mod broken;
mod flow;
mod kustomize;
mod planted;
mod urls;

use planted::{Way, leaks};

/// Runs all ways of a table and says which ones leak, and where.
fn assert_silent(ways: Vec<Way>) {
    let leaking: Vec<String> = ways.iter().flat_map(leaks).collect();
    assert!(leaking.is_empty(), "{} leaks:\n{}", leaking.len(), leaking.join("\n"));
}

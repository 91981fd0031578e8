//! A secret that is planted wherever something is read occurs in no output of any command in any format.

mod broken;
mod flow;
mod kustomize;
mod planted;
mod slips;
mod urls;

use planted::{Way, leaks};

/// Commands that read no fleet repeat what they are given, too.
#[test]
fn mistakes_on_the_command_line_are_silent() {
    let url = "https://me:S3cr3t-Pl4nted-V4LUE9@example.com/x?token=S3cr3t-Pl4nted-V4LUE9";
    let lines: [&[&str]; 6] = [
        &["explain", url],
        &["check", "--select", url],
        &["check", url],
        &["graph", "--format", url],
        &["build", url],
        &[url],
    ];
    for line in lines {
        let ran = std::process::Command::new(env!("CARGO_BIN_EXE_fleetlint")).args(line).output().unwrap();
        let said = [ran.stdout, ran.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert_eq!((ran.status.code(), planted::is_leak(&said)), (Some(2), false), "{line:?}: {said}");
        assert!(said.contains("example.com/x"), "{said}");
    }
}

/// Runs all ways of a table and says which ones leak, and where.
fn assert_silent(ways: Vec<Way>) {
    let leaking: Vec<String> = ways.iter().flat_map(leaks).collect();
    assert!(leaking.is_empty(), "{} leaks:\n{}", leaking.len(), leaking.join("\n"));
}

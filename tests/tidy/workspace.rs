//! The README's test command runs all tests that there are.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::code::{crates, root};
use crate::fleet::files;

/// What the README tells a newcomer to run, and `.ci/run` takes from there.
const TESTS: &str = "<!-- tests -->\n```shell\ncargo test --locked\n```\n";

/// The workspace as cargo understands its manifests.
fn metadata() -> Value {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--format-version=1", "--no-deps", "--offline"]).current_dir(root());
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The package in a folder, which the README's command tests.
fn tested<'a>(metadata: &'a Value, folder: &str) -> &'a Value {
    let manifest = root().join(folder).join("Cargo.toml");
    let mut packages = metadata["packages"].as_array().unwrap().iter();
    let package = packages.find(|package| package["manifest_path"].as_str().map(AsRef::as_ref) == Some(&*manifest));
    let package = package.unwrap_or_else(|| panic!("{folder} is no member of the workspace"));
    let default = metadata["workspace_default_members"].as_array().unwrap();
    assert!(default.contains(&package["id"]), "{folder} is no default member: plain `cargo test` leaves it out");
    package
}

/// The targets of a package that hold tests, by name. None of them is left out or has another harness.
fn targets<'a>(package: &'a Value, folder: &str) -> BTreeSet<&'a str> {
    let is_kind = |target: &Value, kind: &str| target["kind"].as_array().unwrap().contains(&kind.into());
    let all = package["targets"].as_array().unwrap();
    let with_tests = all.iter().filter(|target| ["lib", "bin", "test"].iter().any(|kind| is_kind(target, kind)));
    let name = |target: &'a Value| {
        let name = target["name"].as_str().unwrap();
        assert_eq!(target["test"], true, "the target `{name}` of `{folder}` is not tested");
        name
    };
    let manifest = fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
    let mut section = "";
    for line in manifest.lines().map(str::trim) {
        section = if line.starts_with('[') { line } else { section };
        let is_bench = section == "[[bench]]";
        assert!(is_bench || !line.contains("harness"), "a target in {section} of `{folder}` has another harness");
    }
    with_tests.map(name).collect()
}

#[test]
fn the_command_of_the_readme_tests_all_crates() {
    assert!(fs::read_to_string(root().join("README.md")).unwrap().contains(TESTS), "README.md lacks {TESTS}");
    let metadata = metadata();
    for name in crates() {
        let folder = format!("crates/{name}");
        assert!(!targets(tested(&metadata, &folder), &folder).is_empty(), "{folder} has nothing to test");
    }
    let own = targets(tested(&metadata, ""), "");
    for file in files(&root().join("tests")).iter().filter_map(|file| file.strip_suffix("/main.rs")) {
        assert!(own.contains(file), "tests/{file} is no target");
    }
}

#[test]
fn every_file_of_tests_is_part_of_its_binary() {
    let tests = files(&root().join("tests"));
    for (folder, module) in tests.iter().filter_map(|file| file.strip_suffix(".rs")?.split_once('/')) {
        let is_binary = tests.contains(&format!("{folder}/main.rs"));
        if is_binary && module != "main" && !module.contains('/') {
            let main = fs::read_to_string(root().join(format!("tests/{folder}/main.rs"))).unwrap();
            assert!(main.contains(&format!("\nmod {module};\n")), "tests/{folder}/main.rs lacks {module}");
        }
    }
}

//! Workflows and the action: pinned, without input in a shell string, with the least permissions.

use std::fs;

use regex::Regex;

use crate::code::root;
use crate::fleet::files;

/// Their paths and texts.
fn all() -> Vec<(String, String)> {
    let workflows =
        files(&root().join(".github/workflows")).into_iter().map(|file| format!(".github/workflows/{file}"));
    let all = workflows.chain(["action.yml".to_owned()]);
    all.map(|file| (fs::read_to_string(root().join(&file)).unwrap(), file)).map(|(text, file)| (file, text)).collect()
}

#[test]
fn every_action_is_pinned() {
    let pinned = Regex::new(r"^uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+){2}$").unwrap();
    let mut count = 0;
    for (file, text) in all() {
        let lines = text.lines().map(|line| line.trim().trim_start_matches("- "));
        for line in lines.filter(|line| line.starts_with("uses: ") && *line != "uses: ./") {
            assert!(pinned.is_match(line), "{file}: {line}");
            count += 1;
        }
    }
    assert!(count > 15, "only {count} actions are used");
}

#[test]
fn an_action_has_one_version() {
    let uses = Regex::new(r"uses: ([\w.-]+/[\w./-]+)@(\S+)").unwrap();
    let mut versions = std::collections::BTreeMap::new();
    for (file, text) in all() {
        for [name, version] in uses.captures_iter(&text).map(|found| found.extract().1) {
            let first = versions.entry(name.to_owned()).or_insert_with(|| version.to_owned());
            assert_eq!(first, version, "{file}: {name}");
        }
    }
}

#[test]
fn no_expression_is_in_a_shell_string() {
    for (file, text) in all() {
        let mut run: Option<usize> = None;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let indent = line.len() - line.trim_start().len();
            if run.is_some_and(|above| indent <= above) {
                run = None;
            }
            let step = line.trim_start().trim_start_matches("- ");
            if step.starts_with("run:") {
                run = Some(indent);
            }
            assert!(run.is_none() || !line.contains("${{"), "{file}: {line}: pass it by `env`");
        }
    }
}

#[test]
fn permissions_are_given_job_by_job() {
    for (file, text) in all().into_iter().filter(|(file, _)| file != "action.yml") {
        assert!(text.contains("\npermissions: {}\n"), "{file} gives all jobs permissions");
        let checkouts = text.matches("uses: actions/checkout@").count();
        assert_eq!(
            text.matches("persist-credentials: false").count(),
            checkouts,
            "{file}: a checkout leaves its token"
        );
    }
}

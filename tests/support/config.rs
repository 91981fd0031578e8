//! Configurations for tests. Use it as `#[cfg(test)] #[path = "support/config.rs"] mod support;`.

use std::sync::Arc;

use fleetlint::config::{Config, KnownRule, OptionDefault, RuleOption, read};
use fleetlint::source::{File, Files};
use fleetlint::yaml::Documents;

/// The rules that the configurations know.
pub(crate) const RULES_KNOWN: [KnownRule<'static>; 3] = [
    KnownRule { id: "rbac/wildcard-rule", summary: "", options: &[] },
    KnownRule { id: "sources/plain-http", summary: "", options: OPTIONS },
    KnownRule { id: "sources/missing-ref", summary: "", options: &[] },
];

/// One option of each type.
pub(crate) const OPTIONS: &[RuleOption] = &[
    RuleOption { name: "allowedHosts", summary: "", default: OptionDefault::Texts(&["localhost"]) },
    RuleOption { name: "alsoRegistries", summary: "", default: OptionDefault::Flag(true) },
];

/// A configuration file.
pub(crate) fn file(text: &str) -> Arc<File> {
    Files::default().add("fleet".into(), None, "fleetlint.yaml".into(), text.as_bytes().to_vec())
}

/// What a text configures.
pub(crate) fn config(text: &str) -> Config {
    read(&file(text), &Documents::default(), &RULES_KNOWN).unwrap()
}

/// `line:column-column message (help)` of each problem.
pub(crate) fn problems(text: &str) -> Vec<String> {
    let file = file(text);
    let problems = read(&file, &Documents::default(), &RULES_KNOWN).unwrap_err();
    let line = problems.iter().map(|problem| {
        let place = problem.place.unwrap();
        let (start, end) = (file.position(place.start), file.position(place.end));
        let help = problem.help.as_deref().unwrap_or_default();
        format!("{}:{}-{} {} ({help})", start.line, start.column, end.column, problem.message)
    });
    line.collect()
}

//! A stage sees what comes before it; rules see neither text nor formats.

use std::collections::{BTreeMap, BTreeSet};

use crate::code::sources_of;
use crate::modules::Modules;

/// The engines below `crates/`, by the names that `src/lib.rs` gives them.
const ENGINES: [&str; 8] = ["flux", "kustomize", "near", "object", "problem", "sort", "source", "yaml"];

/// Which modules of `src/` and which engines a module of `src/` names: engines, and modules above it in this table.
const USES: &[(&str, &[&str])] = &[
    ("credentials", &["yaml"]),
    ("finding", &["flux", "object", "problem", "yaml"]),
    ("config", &["credentials", "finding", "flux", "near", "problem", "source", "yaml"]),
    ("repository", &["credentials", "source", "yaml"]),
    ("rbac", &["object", "yaml"]),
    ("fleet", &["config", "credentials", "flux", "kustomize", "near", "object", "problem", "rbac", "source", "yaml"]),
    ("tokens", &["credentials", "fleet", "flux", "object", "repository", "source", "yaml"]),
    ("rule", &["credentials", "finding", "fleet", "object", "problem", "repository", "source", "tokens", "yaml"]),
    (
        "rules",
        &[
            "config",
            "credentials",
            "finding",
            "fleet",
            "flux",
            "kustomize",
            "near",
            "object",
            "problem",
            "rbac",
            "repository",
            "rule",
            "source",
            "tokens",
            "yaml",
        ],
    ),
    ("locate", &["finding", "object", "source", "yaml"]),
    ("triage", &["config", "finding", "locate", "near", "rule", "source", "yaml"]),
    ("redact", &["credentials", "fleet", "near", "object", "repository", "source", "yaml"]),
    ("report", &["finding", "fleet", "locate", "object", "rbac", "redact", "rule", "source", "triage", "yaml"]),
    (
        "run",
        &[
            "config",
            "credentials",
            "finding",
            "fleet",
            "near",
            "object",
            "problem",
            "redact",
            "report",
            "repository",
            "rule",
            "rules",
            "source",
            "triage",
            "yaml",
        ],
    ),
    (
        "cli",
        &[
            "config",
            "finding",
            "fleet",
            "flux",
            "kustomize",
            "locate",
            "near",
            "object",
            "problem",
            "rbac",
            "redact",
            "report",
            "rule",
            "rules",
            "run",
            "source",
            "triage",
            "yaml",
        ],
    ),
    ("main", &[]),
    ("workspace", &["flux", "report", "run", "source", "triage"]),
];

#[test]
fn modules_name_what_the_table_says() {
    let modules = Modules::of(&sources_of("src"));
    let named = modules.named();
    let table: BTreeMap<&str, BTreeSet<&str>> =
        USES.iter().map(|(module, uses)| (*module, uses.iter().copied().collect())).collect();
    let (nothing, mut wrong) = (BTreeSet::new(), String::new());
    for (module, used) in &named {
        let allowed = table.get(module).unwrap_or(&nothing);
        let more = used.difference(allowed).map(|other| format!("\n{module} uses {other}, which is not in its row"));
        let less = allowed.difference(used).map(|other| format!("\n{module} uses no {other}, which is in its row"));
        wrong.extend(more.chain(less));
    }
    assert!(wrong.is_empty(), "src/ and the table differ:{wrong}");
    assert_eq!(named.keys().collect::<Vec<_>>(), table.keys().collect::<Vec<_>>(), "modules of src/, and the table");
}

#[test]
fn the_table_goes_one_way() {
    let mut above: BTreeSet<&str> = ENGINES.into();
    for (module, uses) in USES {
        let wrong: Vec<&&str> = uses.iter().filter(|used| !above.contains(*used)).collect();
        assert!(wrong.is_empty(), "{module} uses {wrong:?}, which do not stand above it");
        assert!(above.insert(module), "{module} stands twice in the table, or has the name of an engine");
    }
}

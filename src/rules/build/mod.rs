//! What cannot be read or built. The stages find these problems; a rule only gives them a name and a page.

use crate::finding::Severity;
use crate::problem::ProblemKind;
use crate::rule::{Check, Rule};

pub(crate) const YAML_SYNTAX: Rule = rule(
    "build/yaml-syntax",
    "a file that a build reads is not YAML, or not as Kubernetes reads it",
    include_str!("../../../rules/build/yaml-syntax.md"),
    ProblemKind::YamlSyntax,
);

pub(crate) const KUSTOMIZE_FAILED: Rule = rule(
    "build/kustomize-failed",
    "kustomize refuses a folder that a cluster reads",
    include_str!("../../../rules/build/kustomize-failed.md"),
    ProblemKind::KustomizeFailed,
);

pub(crate) const SUBSTITUTION_FAILED: Rule = rule(
    "build/substitution-failed",
    "Flux refuses the substitution of variables",
    include_str!("../../../rules/build/substitution-failed.md"),
    ProblemKind::SubstitutionFailed,
);

pub(crate) const INVALID_OBJECT: Rule = rule(
    "build/invalid-object",
    "a built object that the API server would reject",
    include_str!("../../../rules/build/invalid-object.md"),
    ProblemKind::InvalidObject,
);

pub(crate) const UNREADABLE_NAME: Rule = rule(
    "build/unreadable-name",
    "the name of a file or folder is not UTF-8, and its content cannot be checked",
    include_str!("../../../rules/build/unreadable-name.md"),
    ProblemKind::UnreadableName,
);

const fn rule(id: &'static str, summary: &'static str, page: &'static str, kind: ProblemKind) -> Rule {
    let check = Check::Problem(kind);
    Rule { id, severity: Severity::Error, since: "0.1.0", summary, is_pedantic: false, page, check }
}

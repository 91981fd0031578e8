//! An artifact that stops all those after it: the stage that composes artifacts finds it.

use crate::finding::Severity;
use crate::problem::ProblemKind;
use crate::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "kustomization-graph/artifact-blocked",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "an artifact of an ArtifactGenerator fails, so that none of those after it is created",
    is_pedantic: false,
    page: include_str!("../../../rules/kustomization-graph/artifact-blocked.md"),
    check: Check::Problem(ProblemKind::ArtifactBlocked),
};

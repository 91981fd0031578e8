//! A source that names a branch or tag that its repository does not have.

use std::collections::BTreeSet;

use crate::finding::{Findings, Severity};
use crate::fleet::{ApplierKind, Outcome};
use crate::object::Object;
use crate::rule::{Check, Rule, View};
use crate::source::url;

pub(crate) const RULE: Rule = Rule {
    id: "branch-mapping/branch-does-not-exist",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a source names a branch or tag that its repository does not have",
    is_pedantic: false,
    page: include_str!("../../../rules/branch-mapping/branch-does-not-exist.md"),
    check: Check::Cluster(check),
};

/// By the precedence of source-controller: the first one that is set counts.
const FIELDS: [(&str, &str); 5] =
    [("commit", "commit"), ("name", "ref"), ("semver", "tag in the range"), ("tag", "tag"), ("branch", "branch")];

fn check(view: View<'_>, findings: &mut Findings) {
    let mut told = BTreeSet::new();
    for (applier, _) in view.cluster.appliers_of(ApplierKind::Kustomization) {
        let Outcome::ReferenceNotFound { available } = &applier.outcome else { continue };
        let source = applier.source.as_ref().and_then(|source| source.object.as_deref());
        if let Some(source) = source.filter(|source| told.insert(source.id.clone())) {
            report(source, available, findings);
        }
    }
}

fn report(source: &Object, available: &[String], findings: &mut Findings) {
    let set = FIELDS.iter().find_map(|(field, what)| {
        let pointer = format!("/spec/ref/{field}");
        let value = source.str(&pointer).filter(|value| !value.is_empty())?;
        Some((pointer, *what, value))
    });
    // A source without `ref` reads `master`.
    let (pointer, what, value) = set.unwrap_or_else(|| ("/spec/ref".to_owned(), "branch", "master"));
    let repository = source.str("/spec/url").map(url::last_segment).unwrap_or_default();
    let message =
        format!("{what} `{value}` does not exist in `{repository}`: nothing that reads this source is applied");
    let finding = findings.report(source, &pointer, message);
    finding.help(match available {
        [] => "the repository has no branch and no tag; push one".to_owned(),
        known => format!("correct it or push it; there is `{}`", known.join("`, `")),
    });
    let variable = source.at(&pointer).and_then(|value| value.origin.variable());
    if let Some(variable) = variable.filter(|variable| variable.whole) {
        finding.related_span(
            source.at(&pointer).and_then(|value| value.origin.span),
            format!("read as `{}` here", variable.name),
        );
    }
}

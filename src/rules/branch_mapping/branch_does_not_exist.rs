//! A source that names a branch or tag that its repository does not have.

use std::collections::BTreeMap;

use crate::finding::{Fact, Findings, Severity};
use crate::fleet::facets::sources::emptied_variables;
use crate::fleet::{Outcome, Reconciler, ReconcilerKind};
use crate::near::edit_distance;
use crate::object::{Object, ObjectId};
use crate::rule::{Check, Rule, RuleContext};
use crate::source::url;
use crate::yaml::{Span, Variable};

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

/// A source that reads nothing, the field that names the reference, and who reads the source.
struct Missing<'a> {
    source: &'a Object,
    pointer: String,
    what: &'static str,
    value: &'a str,
    available: &'a [String],
    readers: Vec<&'a Reconciler>,
}

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    let mut missing: BTreeMap<&ObjectId, Missing<'_>> = BTreeMap::new();
    for (reconciler, _) in context.graph().reconcilers_of(ReconcilerKind::Kustomization) {
        let Outcome::ReferenceNotFound { available } = &reconciler.outcome else { continue };
        let Some(source) = reconciler.source.as_ref().and_then(|source| source.object.as_deref()) else { continue };
        missing.entry(&source.id).or_insert_with(|| Missing::of(source, available)).readers.push(reconciler);
    }
    // What several sources read from one variable is missing once: a branch that belongs to an environment in each of their
    // repositories, any other one because of the value.
    let is_of_environment = |branch: &str| context.fleet.profile.environments.values().any(|it| it == branch);
    let mut told: Vec<(Cause, Vec<&Missing<'_>>)> = Vec::new();
    for missing in missing.values() {
        let value = missing.variable().and_then(|variable| variable.value.edit_place());
        let cause = (value, missing.repository().filter(|_| is_of_environment(missing.value)));
        match told.iter_mut().find(|(known, _)| value.is_some() && *known == cause) {
            Some((_, same)) => same.push(missing),
            None => told.push((cause, vec![missing])),
        }
    }
    told.iter().for_each(|((value, _), sources)| report(context, *value, sources, findings));
}

/// The value that names a reference, and the repository that lacks it.
type Cause = (Option<Span>, Option<String>);

impl<'a> Missing<'a> {
    fn of(source: &'a Object, available: &'a [String]) -> Self {
        let set = FIELDS.iter().find_map(|(field, what)| {
            let pointer = format!("/spec/ref/{field}");
            let value = source.str(&pointer).filter(|value| !value.is_empty())?;
            Some((pointer, *what, value))
        });
        // A source without `ref` reads `master`.
        let (pointer, what, value) = set.unwrap_or_else(|| ("/spec/ref".to_owned(), "branch", "master"));
        Self { source, pointer, what, value, available, readers: Vec::new() }
    }

    fn repository(&self) -> Option<String> {
        self.source.str("/spec/url").map(url::key)
    }

    /// The variable that is the whole of the reference.
    fn variable(&self) -> Option<&'a Variable> {
        let variable = self.source.at(&self.pointer)?.origin.variable()?;
        variable.whole.then_some(&**variable)
    }
}

fn report(context: RuleContext<'_>, value: Option<Span>, sources: &[&Missing<'_>], findings: &mut Findings) {
    let Some((missing, others)) = sources.split_first() else { return };
    let Missing { source, pointer, what, value: name, available, .. } = missing;
    let repository = source.str("/spec/url").map(url::last_segment).unwrap_or_default();
    let message =
        format!("{what} `{name}` does not exist in `{repository}`: nothing that reads this source is applied");
    let finding = findings.report(source, pointer, message);
    finding.arguments.extend(missing.repository());
    finding.help(match available {
        [] => "the repository has no branch and no tag; push one".to_owned(),
        known => match (nearest(name, known), known) {
            (Some(near), _) => format!("did you mean `{near}`? If not, push `{name}`"),
            (None, [only]) => format!("push it, or use `{only}`"),
            (None, known) => format!("push it, or use one of `{}`", known.join("`, `")),
        },
    });
    if let Some(variable) = missing.variable() {
        let read = |it: &Missing<'_>| it.source.at(&it.pointer).and_then(|value| value.origin.span);
        finding.related_span(read(missing), format!("set through variable `{}`", variable.name));
        for other in others {
            let url = other.source.str("/spec/url").map(url::last_segment).unwrap_or_default();
            finding.related_span(read(other), format!("and here, for `{url}`"));
        }
    }
    for source in sources.iter().map(|missing| missing.source).filter(|source| source.at("/spec/ref").is_none()) {
        finding.explains(context.unset(&source.id, "/spec/ref"));
    }
    value.into_iter().for_each(|place| _ = finding.because(Fact::WrongValue(place)));
    for reconciler in sources.iter().flat_map(|missing| &missing.readers) {
        finding.explains(context.not_applied(reconciler));
    }
    // Without a value the reference is not set, and the source reads `master`.
    let maker = context.graph().maker_of(&source.id);
    for name in emptied_variables(source, "/spec/ref") {
        maker.into_iter().for_each(|maker| _ = finding.because(context.no_value(maker, &name)));
    }
}

/// The branch or tag that a name is a slip of; a full reference is compared by its last part.
fn nearest<'a>(name: &str, known: &'a [String]) -> Option<&'a str> {
    let short = name.rsplit_once('/').map_or(name, |(_, short)| short);
    let near = known.iter().map(|it| (edit_distance(it, short), it.as_str()));
    near.filter(|(count, it)| *count > 0 && *count * 3 <= it.len()).min().map(|(_, it)| it)
}

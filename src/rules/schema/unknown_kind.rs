//! An object whose kind or API group is a typo of one of Flux's.

use crate::finding::{Findings, Severity};
use crate::flux::kinds;
use crate::near::edit_distance;
use crate::object::{Object, ObjectId};
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "schema/unknown-kind",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a kind or an API group is one or two letters from one of Flux's",
    is_pedantic: false,
    page: include_str!("../../../rules/schema/unknown-kind.md"),
    check: Check::Cluster(check),
};

/// More letters apart it may be a kind of somebody else.
const MAX_SLIPS: usize = 2;

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for placed in context.cluster.objects.iter().filter(|placed| placed.settled) {
        let object = &*placed.object;
        let Some((pointer, written, meant)) = slip(object) else { continue };
        let version = &object.version;
        let (what, meant_text) = match pointer {
            "/kind" => (format!("`{written}` is not a kind of `{}`", meant.group), meant.kind.to_string()),
            _ => (format!("there is no API group `{written}`"), format!("{}/{version}", meant.group)),
        };
        let message = format!("{what}: the API server rejects the object, and Flux applies nothing that comes with it");
        findings
            .report(object, pointer, message)
            .help(format!("did you mean `{meant_text}`?"))
            .explains(context.no_object(&meant));
    }
}

/// The field that holds a typo, what it says, and the object that is meant.
fn slip(object: &Object) -> Option<(&'static str, &str, ObjectId)> {
    let id = &object.id;
    let meant = |group: &str, kind: &str| ObjectId { group: group.into(), kind: kind.into(), ..id.clone() };
    let mut of_group = kinds::flux().filter(|(group, _)| id.group == *group).peekable();
    if of_group.peek().is_some() {
        let known = of_group.map(|(group, kind)| (edit_distance(kind, &id.kind), group, kind));
        let (count, group, kind) = known.min()?;
        return (1..=MAX_SLIPS).contains(&count).then(|| ("/kind", id.kind.as_str(), meant(group, kind)));
    }
    let (group, _) =
        kinds::flux().find(|(group, kind)| id.kind == *kind && edit_distance(group, &id.group) <= MAX_SLIPS)?;
    Some(("/apiVersion", id.group.as_str(), meant(group, &id.kind)))
}

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
    let is_slip = |group: &str, kind: &str| slip(group, kind).is_some();
    for placed in context.cluster.objects.of_kinds(is_slip).filter(|placed| placed.settled) {
        let object = &*placed.object;
        let Some((pointer, written, meant)) = meant(object) else { continue };
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
fn meant(object: &Object) -> Option<(&'static str, &str, ObjectId)> {
    let id = &object.id;
    let meant = |group: &str, kind: &str| ObjectId { group: group.into(), kind: kind.into(), ..id.clone() };
    Some(match slip(&id.group, &id.kind)? {
        Slip::Kind(group, kind) => ("/kind", id.kind.as_str(), meant(group, kind)),
        Slip::Group(group) => ("/apiVersion", id.group.as_str(), meant(group, &id.kind)),
    })
}

/// A typo.
enum Slip {
    /// Of a kind: the group, and the kind that is meant.
    Kind(&'static str, &'static str),
    /// Of a group: the one that is meant.
    Group(&'static str),
}

fn slip(group: &str, kind: &str) -> Option<Slip> {
    let mut of_group = kinds::flux().filter(|(known, _)| group == *known).peekable();
    if of_group.peek().is_some() {
        let known = of_group.map(|(group, known)| (edit_distance(known, kind), group, known));
        let (count, group, kind) = known.min()?;
        return (1..=MAX_SLIPS).contains(&count).then_some(Slip::Kind(group, kind));
    }
    let (group, _) = kinds::flux().find(|(known, it)| kind == *it && edit_distance(known, group) <= MAX_SLIPS)?;
    Some(Slip::Group(group))
}

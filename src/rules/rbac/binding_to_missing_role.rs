//! A binding names a role that is not there.

use crate::finding::{Fact, Findings, Place, Severity};
use crate::near::did_you_mean;
use crate::object::Object;
use crate::rbac::{FoundRole, referenced_role};
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

/// The objects that it looks at.
const KINDS: &[(&str, &str)] =
    &[("rbac.authorization.k8s.io", "RoleBinding"), ("rbac.authorization.k8s.io", "ClusterRoleBinding")];

pub(crate) const RULE: Rule = Rule {
    id: "rbac/binding-to-missing-role",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a binding names a role that does not exist, and grants nothing",
    is_pedantic: false,
    page: include_str!("../../../rules/rbac/binding-to-missing-role.md"),
    check: Check::Object(KINDS, check),
};

fn check(context: RuleContext<'_>, object: &Object, findings: &mut Findings) {
    let Some(role) = referenced_role(object) else { return };
    let (kind, place) = (role.kind(), Place::at(object, "/roleRef/name"));
    match context.rbac().find_role(&role) {
        FoundRole::Role(_) => {}
        // Almost the name of a role that every API server has: nobody calls another one so.
        FoundRole::Unknown(why) if context.rbac().near_given_role(&role).is_none() => {
            findings.undecided(why, Some(place));
        }
        FoundRole::Missing | FoundRole::Unknown(_) => {
            let message = format!("{kind} `{}` does not exist: this binding grants nothing", role.name);
            let known = context.rbac().policy().roles().map(|known| &known.id);
            let known: Vec<&str> =
                known.filter(|it| it.namespace == role.namespace).map(|it| it.name.as_str()).collect();
            let near = did_you_mean(&role.name, &known);
            let finding = findings.report(object, "/roleRef/name", message);
            finding.help(near.unwrap_or_else(|| format!("add the {kind}, or name one that exists")));
            finding.about(object, "/roleRef/kind");
            let place = object.at("/roleRef/name").and_then(Node::place);
            place.into_iter().for_each(|place| _ = finding.explains(Fact::WrongValue(place)));
        }
    }
}

//! A tenant can take rights that it does not have.

use crate::finding::{Findings, Severity};
use crate::object::ObjectId;
use crate::rbac::{FoundRole, PolicyRule, referenced_role};
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "rbac/escalation-verb",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a tenant has a verb by which it takes rights that it does not have",
    is_pedantic: false,
    page: include_str!("../../../rules/rbac/escalation-verb.md"),
    check: Check::Cluster(check),
};

/// The verbs, the resources that they are about, and what they let do.
const VERBS: [(&str, &[&str], &str); 3] = [
    ("escalate", &["roles", "clusterroles", "*"], "write roles with rights that it does not have"),
    ("bind", &["roles", "clusterroles", "*"], "bind roles with rights that it does not have"),
    ("impersonate", &["users", "groups", "*"], "act as somebody else"),
];

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    let mut known: Vec<(ObjectId, usize, String)> = Vec::new();
    for account in context.rbac().bound_accounts() {
        let owner = context.tenancy().owner_of_account(account.namespace, account.name);
        let binding = account.binding.object;
        let Some((tenant, role)) = owner.tenant().zip(referenced_role(binding)) else { continue };
        let FoundRole::Role(role) = context.rbac().find_role(&role) else { continue };
        for granted in &role.rules {
            let Some(object) = granted.written.object() else { continue };
            let Some((verb, what)) = escalates(&granted.rule) else { continue };
            let seen = (object.id.clone(), granted.index, tenant.to_owned());
            if known.contains(&seen) {
                continue;
            }
            known.push(seen);
            let message = format!("tenant `{tenant}` has the verb `{verb}`: it can {what}");
            let finding = findings.report(object, &format!("/rules/{}/verbs", granted.index), message);
            finding
                .argument(tenant)
                .help(format!("remove `{verb}` from the rule, or do not bind the role to a tenant"));
            finding.related(binding, &format!("/subjects/{}/name", account.index), "bound here");
        }
    }
}

/// The verb by which a rule that names it lets take more. What allows everything is the defect of other rules.
fn escalates(rule: &PolicyRule) -> Option<(&'static str, &'static str)> {
    let has = |verb: &str| rule.verbs.iter().any(|it| it == verb);
    let is_about = |resources: &[&str]| rule.resources.iter().any(|it| resources.contains(&it.as_str()));
    VERBS.iter().find(|(verb, resources, _)| has(verb) && is_about(resources)).map(|(verb, _, what)| (*verb, *what))
}

//! A binding names an account that is not there.

use crate::finding::{Findings, Place, Severity};
use crate::object::ObjectId;
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "rbac/subject-not-found",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "a binding names a service account that nothing creates",
    is_pedantic: false,
    page: include_str!("../../../rules/rbac/subject-not-found.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for account in context.rbac().bound_accounts() {
        let id = ObjectId {
            group: "".into(),
            kind: "ServiceAccount".into(),
            namespace: account.namespace.into(),
            name: account.name.into(),
        };
        // A namespace that the fleet does not create is somebody else's, and so may its accounts be.
        let is_elsewhere = context.cluster.namespace(account.namespace).is_none();
        let is_there = context.cluster.get(&id).is_some() || account.name == "default";
        if is_elsewhere || is_there || account.namespace == context.cluster.flux_namespace {
            continue;
        }
        let subject = format!("/subjects/{}/name", account.index);
        let binding = account.binding.object;
        if let Some(creator) = context.existence().could_create(&id, &[]) {
            context.cannot_tell(&id, &creator, Some(Place::at(binding, &subject)), findings);
            continue;
        }
        let message = format!(
            "service account `{}/{}` does not exist: this binding grants nothing, until somebody creates it",
            account.namespace, account.name
        );
        let near = context.existence().near_name(&id).map(|name| format!("did you mean `{name}`?"));
        let finding = findings.report(binding, &subject, message);
        finding.help(near.unwrap_or_else(|| "add the ServiceAccount, or remove the subject".to_owned()));
        finding.about(binding, &format!("/subjects/{}/namespace", account.index)).because(context.no_object(&id));
    }
}

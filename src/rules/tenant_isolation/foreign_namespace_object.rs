//! A tenant applies objects in a namespace where its service account has no rights to write.

use std::collections::BTreeMap;

use crate::finding::{Fact, Findings, Place, Severity};
use crate::fleet::facets::tenancy::TenantApply;
use crate::fleet::{ClusterObject, Identity};
use crate::object::ObjectId;
use crate::rbac::{ApplyVerdict, Scope};
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "tenant-isolation/foreign-namespace-object",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a tenant applies objects in a namespace where its service account cannot write",
    is_pedantic: false,
    page: include_str!("../../../rules/tenant-isolation/foreign-namespace-object.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for apply in context.tenancy().applies() {
        // Who applies as the controller can write everywhere: that it does is the defect.
        let account = context.rbac().account_of(apply.reconciler);
        let Some(account) = account.filter(|_| apply.reconciler.identity != Identity::Controller) else { continue };
        for (namespace, objects) in by_namespace(context, &apply) {
            judge(context, &apply, (&account, namespace), &objects, findings);
        }
    }
}

/// The objects that are in a namespace, by its name.
fn by_namespace<'a>(context: RuleContext<'a>, apply: &TenantApply<'a>) -> BTreeMap<&'a str, Vec<ClusterObject<'a>>> {
    let mut found: BTreeMap<&str, Vec<ClusterObject<'_>>> = BTreeMap::new();
    let inside = apply.objects.iter().filter(|it| !it.object.id.namespace.is_empty());
    for placed in inside.filter(|it| context.rbac().resource_of(it.object).scope != Scope::Cluster) {
        found.entry(&placed.object.id.namespace).or_default().push(*placed);
    }
    found
}

fn judge(
    context: RuleContext<'_>,
    apply: &TenantApply<'_>,
    (account, namespace): (&ObjectId, &str),
    objects: &[ClusterObject<'_>],
    findings: &mut Findings,
) {
    let (rbac, reconciler) = (context.rbac(), apply.reconciler);
    let Some(first) = objects.first().filter(|_| !rbac.can_write_in(reconciler, namespace)) else { return };
    let shown = format!("{}/{}", account.namespace, account.name);
    match rbac.apply_verdict(reconciler, *first) {
        ApplyVerdict::Denied(_) => {}
        ApplyVerdict::Allowed(_) => return,
        ApplyVerdict::Undetermined(why) => {
            let reason =
                format!("cannot tell whether service account `{shown}` can write in namespace `{namespace}`: {why}");
            let place = Place::at(&reconciler.object, "/spec/serviceAccountName");
            let unset = context.unset(&reconciler.object.id, "/spec/serviceAccountName");
            return findings.undecided(reason, Some(place)).because([unset, context.no_object(account)]);
        }
    }
    let (id, by) = (&first.object.id, &reconciler.object.id);
    let more = match objects.len() {
        1 => String::new(),
        2 => " and 1 other object".to_owned(),
        many => format!(" and {} other objects", many - 1),
    };
    let are = if objects.len() == 1 { "is" } else { "are" };
    let message = format!(
        "{} `{}`{more} {are} in namespace `{namespace}`, where service account `{shown}` of tenant `{}` cannot write: \
         nothing of {} `{}/{}` is applied",
        id.kind, id.name, apply.tenant, by.kind, by.namespace, by.name
    );
    let is_own = context.tenancy().is_of_tenant(namespace, &apply.tenant);
    let help = match is_own {
        true => format!(
            "bind service account `{shown}` to a role in `{namespace}`, or apply the object from the Kustomization of that namespace"
        ),
        false => format!("move it to a namespace of tenant `{}`, or leave it to the platform", apply.tenant),
    };
    let (not_applied, no_account) = (context.not_applied(reconciler), context.no_object(account));
    let finding = findings.report(first.object, "/metadata/namespace", message);
    finding.help(help).argument(apply.tenant.as_str()).argument(namespace).because(not_applied).because(no_account);
    finding.because(context.unset(by, "/spec/serviceAccountName"));
    for binding in rbac.bindings_in(namespace, account) {
        let role = binding.at("/roleRef/name").and_then(Node::place);
        role.into_iter().for_each(|role| _ = finding.because(Fact::WrongValue(role)));
    }
    finding.related(&reconciler.object, "/spec/serviceAccountName", "it is applied as this account");
}

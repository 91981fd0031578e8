//! A tenant takes inputs from namespaces of others.

use crate::finding::{Findings, Place, Severity};
use crate::flux::api::group;
use crate::object::Object;
use crate::rbac::{Answer, Judge, Request, ResourceRequest, User};
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

/// The objects that it looks at.
const KINDS: &[(&str, &str)] = &[("fluxcd.controlplane.io", "ResourceSetInputProvider")];

pub(crate) const RULE: Rule = Rule {
    id: "tenant-isolation/input-provider-cross-namespace",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "a tenant's ResourceSetInputProvider reads artifacts of namespaces that are not the tenant's",
    is_pedantic: false,
    page: include_str!("../../../rules/tenant-isolation/input-provider-cross-namespace.md"),
    check: Check::Object(KINDS, check),
};

/// What stands for every namespace.
const ALL: &str = "*";

fn check(context: RuleContext<'_>, object: &Object, findings: &mut Findings) {
    let Some(tenant) = context.tenant_of(object) else { return };
    for (index, selector) in object.at("/spec/selectors").map(Node::items).unwrap_or_default().iter().enumerate() {
        let namespace = selector.get("namespace").and_then(Node::text_if_set).unwrap_or_default();
        let is_own = namespace.is_empty() || context.tenancy().is_of_tenant(namespace, &tenant);
        if is_own || namespace == object.id.namespace {
            continue;
        }
        let pointer = format!("/spec/selectors/{index}/namespace");
        let Some(name) = object.str("/spec/serviceAccountName").filter(|name| !name.is_empty()) else {
            let reason = "cannot tell what a ResourceSetInputProvider can read that names no service account";
            findings.undecided(reason, Some(Place::at(object, &pointer)));
            continue;
        };
        let user = User::account(&object.id.namespace, name);
        let scope = if namespace == ALL { "" } else { namespace };
        let (group, resource) = (group::SOURCE, "externalartifacts");
        let list = ResourceRequest { verb: "list", group, resource, namespace: scope, ..Default::default() };
        match context.rbac().rights().may(&user, &Request::Resource(list)) {
            // It reads nothing then, and says so.
            Answer::Denied => {}
            Answer::Undetermined(why) => {
                let reason =
                    format!("cannot tell whether service account `{name}` can read artifacts of `{namespace}`: {why}");
                findings.undecided(reason, Some(Place::at(object, &pointer)));
            }
            Answer::Allowed(_) => {
                let whose =
                    if namespace == ALL { "every namespace".to_owned() } else { format!("namespace `{namespace}`") };
                let message = format!(
                    "ResourceSetInputProvider of tenant `{tenant}` takes inputs from {whose}, which others write: they decide \
                     what is applied here"
                );
                let finding = findings.report(object, &pointer, message);
                finding.argument(tenant.as_str()).help("select artifacts of the tenant's namespaces only");
            }
        }
    }
}

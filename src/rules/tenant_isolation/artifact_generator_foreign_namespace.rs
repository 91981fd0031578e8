//! A tenant writes artifacts into a namespace of somebody else.

use crate::finding::{Findings, Place, Severity};
use crate::flux::api::group;
use crate::object::Object;
use crate::rbac::{Answer, Judge, Request, ResourceRequest, User};
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

/// The objects that it looks at.
const KINDS: &[(&str, &str)] = &[("source.extensions.fluxcd.io", "ArtifactGenerator")];

pub(crate) const RULE: Rule = Rule {
    id: "tenant-isolation/artifact-generator-foreign-namespace",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a tenant's ArtifactGenerator writes artifacts into a namespace that is not the tenant's",
    is_pedantic: false,
    page: include_str!("../../../rules/tenant-isolation/artifact-generator-foreign-namespace.md"),
    check: Check::Object(KINDS, check),
};

/// The namespaces into which source-watcher writes for nobody.
const REFUSED: [&str; 1] = ["default"];

fn check(context: RuleContext<'_>, object: &Object, findings: &mut Findings) {
    let Some(tenant) = context.tenant_of(object) else { return };
    for (index, artifact) in object.at("/spec/artifacts").map(Node::items).unwrap_or_default().iter().enumerate() {
        let namespace = artifact.get("namespace").and_then(Node::text_if_set).unwrap_or_default();
        if namespace.is_empty() || namespace == object.id.namespace {
            continue;
        }
        let pointer = format!("/spec/artifacts/{index}/namespace");
        let Some(outcome) = outcome(context, object, namespace, &tenant) else { continue };
        match outcome {
            Ok(outcome) => {
                let message = format!(
                    "ArtifactGenerator of tenant `{tenant}` writes an artifact into namespace `{namespace}`: {outcome}"
                );
                let finding = findings.report(object, &pointer, message);
                finding.argument(tenant.as_str()).help("remove `namespace`, or write into a namespace of the tenant");
            }
            Err(why) => {
                let reason =
                    format!("cannot tell whether an artifact can be written into namespace `{namespace}`: {why}");
                findings.undecided(reason, Some(Place::at(object, &pointer)));
            }
        }
    }
}

/// What comes of an artifact in another namespace; `None` where it is the tenant's, and allowed.
fn outcome(context: RuleContext<'_>, object: &Object, namespace: &str, tenant: &str) -> Option<Result<String, String>> {
    let is_refused =
        REFUSED.contains(&namespace) || namespace.starts_with("kube-") || namespace == context.cluster.flux_namespace;
    if is_refused {
        return Some(Ok("source-watcher refuses this namespace, and the artifact is never created".to_owned()));
    }
    let Some(name) = object.str("/spec/serviceAccountName").filter(|name| !name.is_empty()) else {
        return Some(
            Err("the ArtifactGenerator names no service account, and the default one is not known".to_owned()),
        );
    };
    let user = User::account(&object.id.namespace, name);
    let create = ResourceRequest {
        verb: "create",
        group: group::SOURCE,
        resource: "externalartifacts",
        namespace,
        ..Default::default()
    };
    match context.rbac().rights().may(&user, &Request::Resource(create)) {
        Answer::Denied => {
            Some(Ok(format!("service account `{name}` cannot write there, and the artifact is never created")))
        }
        Answer::Undetermined(why) => Some(Err(why.to_string())),
        Answer::Allowed(_) => {
            let is_own = context.tenancy().is_of_tenant(namespace, tenant);
            (!is_own).then(|| Ok("it is not the tenant's, and whatever is in the artifact is applied there".to_owned()))
        }
    }
}

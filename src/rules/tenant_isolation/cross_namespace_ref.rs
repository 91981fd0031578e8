//! A reference to another namespace in a field that the lockdown blocks.

use crate::finding::{Findings, Severity};
use crate::fleet::Setting;
use crate::fleet::query::lockable_references;
use crate::rule::{Check, Rule, View};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "tenant-isolation/cross-namespace-ref",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a reference points to another namespace in a field that the multi-tenancy lockdown blocks",
    is_pedantic: false,
    page: include_str!("../../../rules/tenant-isolation/cross-namespace-ref.md"),
    check: Check::Cluster(check),
};

fn check(view: View<'_>, findings: &mut Findings) {
    let lockdown = &view.cluster.lockdown.no_cross_namespace_refs;
    // Without tenants there is nobody to isolate; references across namespaces are then a fleet's normal way.
    let is_open = matches!(lockdown, Setting::Off) && !view.fleet.tenants(view.cluster).is_empty();
    if !lockdown.is_on() && !is_open {
        return;
    }
    for placed in view.cluster.objects.iter().filter(|placed| placed.settled) {
        let object = &placed.object;
        for pointer in lockable_references(object) {
            let Some(namespace) = object.at(&pointer).and_then(Node::text) else { continue };
            if namespace.is_empty() || namespace == object.id.namespace {
                continue;
            }
            match lockdown {
                Setting::On((), place) => {
                    let message = format!(
                        "{} refers to namespace `{namespace}` from `{}`: the lockdown of this cluster refuses it",
                        object.id.kind, object.id.namespace
                    );
                    findings
                        .report(object, &pointer, message)
                        .help(format!("define what it refers to in `{}` and drop this field", object.id.namespace))
                        .related_span(*place, "references across namespaces are forbidden here");
                }
                _ => {
                    let message = format!(
                        "{} refers to namespace `{namespace}` from `{}`, on a cluster with tenants and without lockdown",
                        object.id.kind, object.id.namespace
                    );
                    findings
                        .report(object, &pointer, message)
                        .help("define what it refers to in its own namespace: the lockdown will refuse this reference")
                        .severity(Severity::Warning);
                }
            }
        }
    }
}

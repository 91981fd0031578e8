//! A Secret is created without the label by which a policy copies it.

use crate::finding::{Findings, Place, Severity};
use crate::fleet::{Cluster, Fleet};
use crate::object::Object;
use crate::repository::{Created, Repositories};
use crate::rule::{Check, Rule};
use crate::tokens::{created_secrets, object_of, rules_of, used_secrets};

pub(crate) const RULE: Rule = Rule {
    id: "secrets/clone-label-unreachable",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a runbook creates a Secret without the label by which a policy copies it to where it is used",
    is_pedantic: false,
    page: include_str!("../../../rules/secrets/clone-label-unreachable.md"),
    check: Check::Repository(check),
};

fn check(fleet: &Fleet, repositories: &Repositories<'_>, findings: &mut Findings) {
    for cluster in fleet.clusters.iter().filter(|cluster| !rules_of(cluster).is_empty()) {
        let used = used_secrets(fleet, cluster);
        for created in created_secrets(repositories).iter().filter(|it| it.is_certain) {
            let users = used
                .iter()
                .filter(|(namespace, name)| created.object.name.is(name) && !created.object.namespace.is(namespace));
            for (namespace, _) in users {
                judge(fleet, cluster, created, namespace, findings);
            }
        }
    }
}

/// Reports a Secret that a policy would copy into a namespace if it had other labels.
fn judge(fleet: &Fleet, cluster: &Cluster, created: &Created<'_>, namespace: &str, findings: &mut Findings) {
    let (Some(object), Some(target)) = (object_of(created.object), cluster.namespace(namespace)) else { return };
    if is_another_defect(fleet, cluster, &object, namespace) {
        return;
    }
    let rules = rules_of(cluster);
    let mut reaching =
        rules.iter().filter(|rule| rule.triggers_on(target.object) && rule.takes_from(&object.id.namespace));
    let Some(first) = reaching.clone().next().filter(|_| !reaching.any(|rule| rule.copies(&object))) else { return };
    let wanted = first.source_labels();
    let Some((key, value)) = wanted.first() else { return };
    let written = created.object.labels.iter().find(|(label, _)| label == key);
    let place = written.map_or(created.object.name.place, |(_, value)| value.place);
    if let Some(known) = findings.known_at(place) {
        known.on_cluster(&cluster.name);
        return;
    }
    let message = format!(
        "Secret `{}/{}` is created {}, but policy `{}` copies only what is labelled `{key}: {value}`: it never arrives in \
         `{namespace}`, where it is used",
        object.id.namespace,
        object.id.name,
        written.map_or_else(|| "without a label".to_owned(), |(_, text)| format!("with `{key}: {}`", text.text)),
        first.policy.id.name
    );
    let finding = findings.report_place(Place::of_span(place), message);
    finding.arguments.extend(written.map(|(_, value)| value.text.to_string()));
    finding
        .argument(namespace)
        .help(format!("create it with `--label={key}={value}`, or select the label in the policy"));
    finding.related(first.policy, "/metadata/name", "the policy").on_cluster(&cluster.name);
}

/// A Secret that is known and not copied is reported where it is used; one of the platform must not be copied at all.
fn is_another_defect(fleet: &Fleet, cluster: &Cluster, secret: &Object, namespace: &str) -> bool {
    let id = &secret.id;
    let has = |namespace: &str| cluster.find("", "Secret", namespace, &id.name).is_some();
    let is_platforms =
        fleet.credentials(cluster).platform_secrets().iter().any(|(of, name)| *of == id.namespace && *name == id.name);
    is_platforms || has(&id.namespace) && !has(namespace)
}

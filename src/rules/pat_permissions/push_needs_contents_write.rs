//! An ImageUpdateAutomation that pushes with a token that may only read.

use std::collections::BTreeMap;

use crate::credentials::{Permission, Token};
use crate::finding::{Fact, Findings, Severity};
use crate::fleet::{Cluster, ClusterObject, Fleet};
use crate::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "pat-permissions/push-needs-contents-write",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "an ImageUpdateAutomation pushes with a token that lacks Contents: write",
    is_pedantic: false,
    page: include_str!("../../../rules/pat-permissions/push-needs-contents-write.md"),
    check: Check::Fleet(check),
};

/// An automation on a cluster that pushes with a token which may not write.
struct Push<'a> {
    cluster: &'a Cluster,
    automation: ClusterObject<'a>,
    repository: ClusterObject<'a>,
    secret: ClusterObject<'a>,
    token: &'a Token,
}

fn check(fleet: &Fleet, findings: &mut Findings) {
    let mut assumed: BTreeMap<&str, Vec<Push<'_>>> = BTreeMap::new();
    for cluster in &fleet.clusters {
        for push in cluster.sources().automations().filter_map(|(by, to)| refused_push(fleet, cluster, by, to)) {
            match push.token.is_assumed() {
                true => assumed.entry(&push.token.name).or_default().push(push),
                false => report(&push, findings),
            }
        }
    }
    assumed.values().for_each(|pushes| report_assumed(pushes, findings));
}

fn refused_push<'a>(
    fleet: &'a Fleet,
    cluster: &'a Cluster,
    automation: ClusterObject<'a>,
    repository: ClusterObject<'a>,
) -> Option<Push<'a>> {
    let (secret, token) = fleet.credentials(cluster).credential(repository)?;
    let is_refused = !token.permissions.is_empty() && !token.allows("contents", Permission::Write);
    is_refused.then_some(Push { cluster, automation, repository, secret, token })
}

fn report(push: &Push<'_>, findings: &mut Findings) {
    let message = format!(
        "an automation pushes with Secret `{}`, whose token `{}` lacks Contents: write: every push is refused",
        push.secret.object.id.name, push.token.name
    );
    findings
        .report(push.repository.object, "/spec/secretRef/name", message)
        .argument(push.token.name.as_str())
        .help("name a Secret whose token has Contents: write, or give this token Contents: write")
        .related(push.automation.object, "/spec/sourceRef/name", "this automation pushes with it")
        .related_span(push.token.place, "the token's declared permissions")
        .because(Fact::OutOfReach(push.cluster.name.clone(), push.repository.object.id.clone()))
        .on_cluster(&push.cluster.name);
}

/// What an assumed token may do is not a fact: whoever knows it is asked, once for all automations that push with the token.
fn report_assumed(pushes: &[Push<'_>], findings: &mut Findings) {
    let Some(first) = pushes.first() else { return };
    let message = format!(
        "no token is declared for Secret `{}`, with which an automation pushes: in a fleet of this layout it can only read",
        first.secret.object.id.name
    );
    let mut token = first.token.clone();
    token.permissions.insert("contents".into(), Permission::Write);
    let finding = findings.report(first.repository.object, "/spec/secretRef/name", message);
    finding.argument(first.token.name.as_str()).severity(Severity::Warning).help(format!(
        "declare its permissions in `tokens:` of fleetlint.yaml, for example `{}`, or name a Secret whose token has Contents: write",
        token.declaration()
    ));
    for push in pushes {
        let finding = finding.on_cluster(&push.cluster.name);
        finding.because(Fact::OutOfReach(push.cluster.name.clone(), push.repository.object.id.clone()));
        finding.related(push.automation.object, "/spec/sourceRef/name", "this automation pushes with it");
    }
}

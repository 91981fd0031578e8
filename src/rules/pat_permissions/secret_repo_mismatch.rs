//! A GitRepository whose token does not reach its repository.

use std::collections::{BTreeMap, BTreeSet};

use crate::credentials::{Permission, Token};
use crate::finding::{Fact, Findings, Severity};
use crate::fleet::{Cluster, ClusterObject, Fleet};
use crate::rule::{Check, Rule};
use crate::source::url;

pub(crate) const RULE: Rule = Rule {
    id: "pat-permissions/secret-repo-mismatch",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a GitRepository uses a Secret whose token does not cover its repository",
    is_pedantic: false,
    page: include_str!("../../../rules/pat-permissions/secret-repo-mismatch.md"),
    check: Check::Fleet(check),
};

/// A source on a cluster that uses a token which does not cover its repository.
struct Mismatch<'a> {
    cluster: &'a Cluster,
    source: ClusterObject<'a>,
    secret: ClusterObject<'a>,
    token: &'a Token,
    /// `owner/name` of the source's repository.
    repository: String,
}

fn check(fleet: &Fleet, findings: &mut Findings) {
    let mut assumed: BTreeMap<&str, Vec<Mismatch<'_>>> = BTreeMap::new();
    for cluster in &fleet.clusters {
        let sources = cluster.sources().all_git_repositories();
        for mismatch in sources.filter_map(|source| mismatch_of(fleet, cluster, source)) {
            match mismatch.token.is_assumed() {
                true => assumed.entry(&mismatch.token.name).or_default().push(mismatch),
                false => report(&mismatch, findings),
            }
        }
    }
    assumed.values().for_each(|mismatches| report_assumed(mismatches, findings));
}

fn mismatch_of<'a>(fleet: &'a Fleet, cluster: &'a Cluster, source: ClusterObject<'a>) -> Option<Mismatch<'a>> {
    let (secret, token) = fleet.credentials(cluster).credential(source)?;
    let (owner, name) = source.object.str("/spec/url").and_then(url::owner_and_name)?;
    // A token declared without repositories says nothing about what it covers.
    let is_mismatch = !token.repositories.is_empty() && !token.covers(&owner, &name);
    is_mismatch.then(|| Mismatch { cluster, source, secret, token, repository: format!("{owner}/{name}") })
}

fn report(mismatch: &Mismatch<'_>, findings: &mut Findings) {
    let Mismatch { cluster, source, secret, token, repository } = mismatch;
    let message = format!(
        "the token `{}` in Secret `{}` covers {}, not `{repository}`: it can neither push there nor read it while it \
         is private",
        token.name,
        secret.object.id.name,
        list(&token.repositories)
    );
    let finding = findings.report(source.object, "/spec/secretRef/name", message);
    finding.argument(token.name.as_str()).about(source.object, "/spec/url").on_cluster(&cluster.name);
    finding.explains(Fact::OutOfReach(cluster.name.clone(), source.object.id.clone()));
    finding.help(format!(
        "use a Secret whose token covers `{repository}`, correct the URL, or declare in `tokens:` of fleetlint.yaml what it covers"
    ));
    finding.related(source.object, "/spec/url", "the repository");
    finding.related_span(token.place, "what the token covers");
    for push in cluster.sources().automations_of(*source) {
        finding.related(push.object, "/spec/sourceRef/name", "this automation pushes with it");
    }
}

/// What an assumed token covers is not a fact: whoever knows it is asked, once for all sources that use the token.
fn report_assumed(mismatches: &[Mismatch<'_>], findings: &mut Findings) {
    let Some(first) = mismatches.first() else { return };
    let missing: BTreeSet<&str> = mismatches.iter().map(|mismatch| mismatch.repository.as_str()).collect();
    let mut token = first.token.clone();
    let message = format!(
        "no token is declared for Secret `{}`: in a fleet of this layout it covers {}, not {}",
        first.secret.object.id.name,
        list(&token.repositories),
        list(&missing)
    );
    token.repositories.extend(missing.iter().map(|repository| (*repository).into()));
    let pushes = || mismatches.iter().flat_map(|it| it.cluster.sources().automations_of(it.source));
    if pushes().next().is_some() {
        token.permissions.insert("contents".into(), Permission::Write);
    }
    let finding = findings.report(first.source.object, "/spec/secretRef/name", message);
    finding.arguments.extend(missing.iter().map(|repository| (*repository).to_owned()));
    finding.severity(Severity::Warning).help(format!(
        "declare in `tokens:` of fleetlint.yaml what it covers, for example `{}`, or use another Secret",
        token.declaration()
    ));
    for Mismatch { cluster, source, repository, .. } in mismatches {
        finding.on_cluster(&cluster.name).related(
            source.object,
            "/spec/url",
            format!("`{repository}` is read with it"),
        );
        finding.explains(Fact::OutOfReach(cluster.name.clone(), source.object.id.clone()));
    }
    for push in pushes() {
        finding.related(push.object, "/spec/sourceRef/name", "this automation pushes with it");
    }
}

fn list<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{}`", name.as_ref())).collect();
    names.join(", ")
}

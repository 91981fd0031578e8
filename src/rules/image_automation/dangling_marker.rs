//! A marker whose policy no automation uses.

use std::cell::OnceCell;
use std::collections::HashSet;

use crate::finding::{Fact, Findings, Place, Severity};
use crate::fleet::{Cluster, Fleet};
use crate::repository::Repositories;
use crate::rule::image_updates::{ImageUpdate, PassedMarker, image_updates, passed_markers, policy_of};
use crate::rule::{Check, Rule};
use crate::source::FileId;

pub(crate) const RULE: Rule = Rule {
    id: "image-automation/dangling-marker",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a setter marker names an ImagePolicy that does not exist, or that its automation cannot see",
    is_pedantic: false,
    page: include_str!("../../../rules/image-automation/dangling-marker.md"),
    check: Check::Repository(check),
};

fn check(fleet: &Fleet, repositories: &Repositories<'_>, findings: &mut Findings) {
    let (updates, are_all) = image_updates(fleet, repositories);
    let built: OnceCell<HashSet<FileId>> = OnceCell::new();
    let is_built = |file: FileId| built.get_or_init(|| fleet.files_in_builds()).contains(&file);
    for passed in passed_markers(&updates) {
        // An automation that is not known may serve it.
        if passed.updates.iter().any(|update| update.serves(passed.marker)) || !are_all {
            continue;
        }
        // What a selector leaves out is left to another automation.
        let has_policy = |update: &&ImageUpdate<'_>| {
            let policy = update.cluster.image_updates().policy(&passed.marker.namespace, &passed.marker.name);
            policy.is_some_and(|policy| policy.object.id.namespace == update.automation.id.namespace)
        };
        if passed.updates.iter().find(has_policy).is_none() {
            report(fleet, &passed, &is_built, findings);
        }
    }
}

fn report(fleet: &Fleet, passed: &PassedMarker<'_>, is_built: &dyn Fn(FileId) -> bool, findings: &mut Findings) {
    let marker = passed.marker;
    let Some(first) = passed.updates.first() else { return };
    let id = policy_of(marker);
    let (automation, images) = (&first.automation.id, first.cluster.image_updates());
    // An automation of the policy's own namespace would see it if it were there.
    let own = passed.updates.iter().find(|update| update.automation.id.namespace == marker.namespace);
    let place = Place::of_span(marker.place);
    if let Some(creator) = own.and_then(|update| update.cluster.existence().could_create(&id, &[])) {
        findings.cannot_tell(&id, &creator, creator.object.is_none(), Some(place));
        return;
    }
    // What is written and not applied may be of a component that is off: then no cluster builds the file of the marker.
    let is_written = passed.updates.iter().any(|update| update.markers.policies.contains(&marker.name));
    if own.is_some() && is_written && !is_built(marker.place.file) {
        findings.cannot_tell(&id, "it is written in the repository, and no cluster applies it", false, Some(place));
        return;
    }
    let shown = format!("{}:{}", marker.namespace, marker.name);
    let is_elsewhere = images.policy(&marker.namespace, &marker.name).is_some();
    let has_policy = |cluster: &&Cluster| cluster.image_updates().policy(&marker.namespace, &marker.name).is_some();
    let other = fleet.clusters.iter().find(has_policy).map(|cluster| cluster.name.as_str());
    let message = match own {
        _ if marker.namespace.is_empty() => {
            format!(
                "`{}` names no namespace: no automation finds the policy, and the image is never updated",
                marker.name
            )
        }
        Some(own) if other.is_some() => format!(
            "ImagePolicy `{shown}` is on cluster `{}` only, and the automation that updates this file is on `{}`: the image is \
             never updated",
            other.unwrap_or_default(),
            own.cluster.name
        ),
        Some(_) => format!("ImagePolicy `{shown}` does not exist: the image is never updated"),
        None if is_elsewhere => format!(
            "automation `{}:{}` does not see ImagePolicy `{shown}`, which is in another namespace: the image is never updated",
            automation.namespace, automation.name
        ),
        None => format!(
            "automation `{}:{}` sees policies of its own namespace only, and this is `{shown}`: the image is never updated",
            automation.namespace, automation.name
        ),
    };
    let namespace = if own.is_some() { &marker.namespace } else { &automation.namespace };
    let help = match images.near_policies(namespace, &marker.name).first().filter(|_| other.is_none()) {
        Some(name) => format!("did you mean `{namespace}:{name}`?"),
        None if own.is_some() && other.is_some() => {
            "apply the policy where the automation is, or add an automation where the policy is".to_owned()
        }
        None if own.is_some() && is_written => {
            format!(
                "`{}` is written in the repository: list its file in the kustomization that holds the policies",
                marker.name
            )
        }
        None if is_elsewhere => format!("move the policy to namespace `{namespace}`, or add an automation beside it"),
        None => "name a policy of the automation's namespace: `NAMESPACE:NAME`".to_owned(),
    };
    let finding = findings.report_place(place, message).argument(shown).help(help);
    finding.related(first.automation, "/metadata/name", "the automation that updates this file");
    finding.explains(Fact::WrongValue(marker.place));
    finding.clusters(passed.updates.iter().map(|update| update.cluster.name.clone()));
}

//! A marker whose policy is about another image than the one that it is beside.

use crate::finding::{Findings, Place, Severity};
use crate::fleet::Fleet;
use crate::repository::{Marker, Repositories};
use crate::rule::image_updates::{image_updates, passed_markers};
use crate::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "image-automation/repository-mismatch",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "a marker is beside one image, and its policy scans another",
    is_pedantic: false,
    page: include_str!("../../../rules/image-automation/repository-mismatch.md"),
    check: Check::Repository(check),
};

fn check(fleet: &Fleet, repositories: &Repositories<'_>, findings: &mut Findings) {
    let (updates, _) = image_updates(fleet, repositories);
    for passed in passed_markers(&updates) {
        let Some(update) = passed.updates.iter().find(|update| update.serves(passed.marker)) else { continue };
        let scanned = update.cluster.image_updates().scanned_image(&passed.marker.namespace, &passed.marker.name);
        let (Some(written), Some(marked)) = (scanned, &passed.marker.image) else { continue };
        let scanned = written.text().unwrap_or_default();
        if is_same(passed.marker, &marked.name, scanned) {
            continue;
        }
        let policy = format!("{}:{}", passed.marker.namespace, passed.marker.name);
        let message = format!(
            "policy `{policy}` is about `{scanned}`, but this is `{}`: it gets the versions of another image",
            marked.name
        );
        let finding = findings.report_place(Place::of_span(passed.marker.place), message);
        finding.argument(policy).argument(marked.name.as_str()).argument(scanned);
        finding.help("name the policy of this image, or correct the image that is scanned");
        finding.related_node(written, "what is scanned");
        finding.clusters(passed.updates.iter().map(|update| update.cluster.name.clone()));
    }
}

/// Whether two images are the same. A registry may be a mirror of the other one, if only the tag is written: then the last part
/// of the name counts.
fn is_same(marker: &Marker, marked: &str, scanned: &str) -> bool {
    let last = |image: &str| image.rsplit('/').next().unwrap_or(image).to_ascii_lowercase();
    match marker.part.as_deref() {
        Some("tag" | "digest") => last(marked) == last(scanned),
        _ => full(marked) == full(scanned),
    }
}

/// The name of an image with the registry that Docker takes where none is named.
fn full(image: &str) -> String {
    let image = image.to_ascii_lowercase();
    let image = image.strip_prefix("index.docker.io/").or(image.strip_prefix("docker.io/")).unwrap_or(&image);
    match image.split_once('/') {
        Some((host, _)) if host.contains(['.', ':']) || host == "localhost" => image.to_owned(),
        Some(_) => format!("docker.io/{image}"),
        None => format!("docker.io/library/{image}"),
    }
}

//! A component that has an overlay for one environment and none for another.

use std::collections::BTreeMap;

use crate::finding::{Fact, Finding, Findings, Place, Severity};
use crate::fleet::Fleet;
use crate::repository::Repositories;
use crate::rule::promotion::promoting_repositories;
use crate::rule::{Check, Rule};
use crate::source::File;
use crate::yaml::Span;

pub(crate) const RULE: Rule = Rule {
    id: "promotion/env-overlay-asymmetry",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "a component has an overlay for one environment and lacks that of another",
    is_pedantic: false,
    page: include_str!("../../../rules/promotion/env-overlay-asymmetry.md"),
    check: Check::Repository(check),
};

/// What makes a folder an overlay.
const FILES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// A component, and its overlays: the environment, and the path of the file that makes the overlay.
type Components<'a> = BTreeMap<String, BTreeMap<&'a str, String>>;

fn check(fleet: &Fleet, repositories: &Repositories<'_>, findings: &mut Findings) {
    let environments: Vec<&str> = fleet.profile.environments.keys().map(|name| name.as_str()).collect();
    if environments.len() < 2 {
        return;
    }
    for repository in promoting_repositories(fleet, repositories) {
        let components = components(&repository.tree.files(), &environments);
        // A repository in which no component has them all has another idea of overlays.
        if !components.values().any(|overlays| overlays.len() == environments.len()) {
            continue;
        }
        for (component, overlays) in &components {
            for missing in environments.iter().filter(|name| !overlays.contains_key(*name)) {
                let Some((other, file)) = overlays.first_key_value() else { continue };
                let Ok(file) = repository.tree.file(file) else { continue };
                let message = format!(
                    "`{component}` has an overlay `{other}` and no `{missing}`, as other components of `{}` have",
                    repository.tree.repository
                );
                let finding = findings.report_place(Place::of_span(first_line(&file)), message);
                finding.argument(component.as_str()).argument(*missing);
                finding.help(format!("add `{component}/{missing}`, or remove the component from the environments"));
                because_of_missing(fleet, &format!("{component}/{missing}"), finding);
            }
        }
    }
}

/// The first line of a file: what is missing is written nowhere.
fn first_line(file: &File) -> Span {
    let line = file.text().and_then(|text| text.lines().next()).unwrap_or_default();
    Span { file: file.id, start: 0, end: u32::try_from(line.trim_end().len()).unwrap_or_default() }
}

fn components<'a>(files: &[String], environments: &[&'a str]) -> Components<'a> {
    let mut components = Components::new();
    for file in files {
        let Some((folder, name)) = file.rsplit_once('/') else { continue };
        let Some((component, environment)) = folder.rsplit_once('/').filter(|_| FILES.contains(&name)) else {
            continue;
        };
        if let Some(environment) = environments.iter().find(|known| **known == environment) {
            components.entry(component.to_owned()).or_default().insert(environment, file.clone());
        }
    }
    components
}

/// Where a cluster needs the overlay, its absence is an error there.
fn because_of_missing(fleet: &Fleet, path: &str, finding: &mut Finding) {
    for cluster in &fleet.clusters {
        for (reconciler, _) in cluster.graph().missing_paths().filter(|(_, missing)| missing == path) {
            finding.because(Fact::NoOverlay(cluster.name.clone(), reconciler.object.id.clone()));
        }
    }
}

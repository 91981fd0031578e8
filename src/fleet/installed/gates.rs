//! The feature gates that the controllers of a cluster run with: in their Deployments, in the patches of a FluxInstance or
//! over what bootstrap wrote, in the values of a chart.

use crate::fleet::Cluster;
use crate::fleet::discover::{Landscape, Root};
use crate::flux::api::{HelmRelease, group};
use crate::flux::instance;
use crate::flux::release::FeatureGates;
use crate::object::Object;
use crate::yaml::Node;

/// The controller whose gates decide what is applied.
const CONTROLLER: &str = "kustomize-controller";

/// The argument, wherever it stands in a text.
const ARGUMENT: &str = "--feature-gates=";

/// Where chart `flux2` takes arguments of this controller.
const VALUES: &str = "/spec/values/kustomizeController/container/additionalArgs";

/// What the roots show before anything is rendered.
pub(in crate::fleet) fn of_roots(roots: &[Root], land: &Landscape<'_>) -> FeatureGates {
    let beside = roots.iter().filter_map(|root| root.flux_folder.as_deref()).flat_map(|folder| land.objects_of(folder));
    let seeds = roots.iter().flat_map(|root| root.seeds.iter().cloned());
    of(beside.chain(seeds).flat_map(|object| arguments(&object)).collect())
}

/// What the objects of a cluster show, and where they show nothing, its roots.
pub(in crate::fleet) fn of_cluster(cluster: &Cluster, roots: &[Root], land: &Landscape<'_>) -> FeatureGates {
    // Releases of somebody else's charts are many, and none of them is beside Flux.
    let is_beside = |object: &Object| object.id.namespace == cluster.flux_namespace;
    let objects = cluster.objects.of_kinds(may_have_arguments).filter(|placed| placed.settled);
    let objects = objects.map(|placed| placed.object).filter(|object| is_beside(object));
    let found: Vec<String> = objects.flat_map(arguments).collect();
    match found.is_empty() {
        true => of_roots(roots, land),
        false => of(found),
    }
}

fn may_have_arguments(group: &str, kind: &str) -> bool {
    matches!((group, kind), ("apps", "Deployment") | (group::HELM, "HelmRelease") | (group::OPERATOR, "FluxInstance"))
}

fn of(arguments: Vec<String>) -> FeatureGates {
    FeatureGates::of_arguments(arguments.iter().map(String::as_str))
}

/// The arguments with gates that an object brings to the controller.
fn arguments(object: &Object) -> Vec<String> {
    let items = |pointer: &str| object.at(pointer).map(Node::items).unwrap_or_default().iter();
    if object.is("apps", "Deployment") && object.id.name == CONTROLLER {
        return items("/spec/template/spec/containers/0/args").filter_map(Node::text).flat_map(in_text).collect();
    }
    if let Some((spec, _)) = instance::spec_of(object) {
        let patches = spec.at("/kustomize/patches").map(Node::items).unwrap_or_default();
        return patches.iter().filter_map(|patch| patch.get("patch")?.text()).flat_map(in_text).collect();
    }
    match HelmRelease::of(object) {
        Some(_) => items(VALUES).filter_map(Node::text).flat_map(in_text).collect(),
        None => Vec::new(),
    }
}

/// The arguments in a text, which may be a patch. Its comments do not count.
fn in_text(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    let argument = |line: &str| {
        let found = &line[line.find(ARGUMENT)?..];
        let end = found.find(|end: char| end.is_whitespace() || matches!(end, '"' | '\'' | ']')).unwrap_or(found.len());
        Some(found[..end].to_owned())
    };
    lines.filter_map(argument).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_found_in_patches() {
        let patch =
            "- op: add\n  path: /args/-\n  value: \"--feature-gates=A=true,B=false\" # why\n# --feature-gates=C=true\n";
        assert_eq!(in_text(patch), ["--feature-gates=A=true,B=false"]);
        assert_eq!(in_text("args: [--x, --feature-gates=A=true]"), ["--feature-gates=A=true"]);
        assert_eq!(in_text("--feature-gates"), [""; 0]);
    }
}

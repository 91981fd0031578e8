//! `replicas` (kustomize-semantics, section 9).

use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Node, Origin};

use super::super::ReplicaEntry;
use super::super::field_spec::{Creates, FieldSpec};
use super::super::node_edit::set_integer;
use super::super::resmap::ResMap;
use super::refused;

/// Sets the number of replicas of the workloads of a name.
pub(in super::super) fn set_replicas(
    resources: &mut ResMap,
    entry: &ReplicaEntry,
    specs: &[FieldSpec],
    problems: &mut Vec<Problem>,
) {
    let name = entry.name.as_ref().and_then(Node::text).unwrap_or_default();
    let count = entry.count.as_ref().and_then(Node::text).unwrap_or("0");
    let span = entry.count.as_ref().and_then(|count| count.origin.span).or(entry.place);
    let origin = Origin::of(span).with_patch(entry.place);
    let mut found = false;
    for spec in specs {
        for resource in resources.iter_mut() {
            if !resource.ids().iter().any(|id| id.name == name && id.gvk.is_selected_by(&spec.gvk)) {
                continue;
            }
            found = true;
            let mut set = |node: &mut Node| set_integer(node, count, origin.clone());
            if let Err(error) = spec.visit(&mut resource.node, Creates::Scalar, &mut set) {
                problems.push(refused(resource, entry.place, &error));
            }
        }
    }
    if !found && !resources.is_lacking {
        problems.push(unmatched(entry, name, specs));
    }
}

fn unmatched(entry: &ReplicaEntry, name: &str, specs: &[FieldSpec]) -> Problem {
    let kinds: Vec<String> = specs.iter().map(|spec| format!("`{}`", spec.gvk)).collect();
    let message =
        format!("resource with name `{name}` does not match a config with the following GVK [{}]", kinds.join(", "));
    let place = entry.name.as_ref().and_then(Node::place).or(entry.place);
    Problem::new(ProblemKind::KustomizeFailed, message, place).help(
        "use the name of a workload of this build as written in its file, without prefixes and suffixes added here",
    )
}

//! The order of the output (kustomize-semantics, section 13).

use std::cmp::Ordering;
use std::collections::HashMap;

use fleetlint_yaml::Node;
use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::sort::sort_by_any;

use super::id::{Gvk, ResourceId};
use super::resmap::ResMap;
use super::resource::Resource;
use super::{Kustomization, Order};

const FIRST: [&str; 22] = [
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
];
const LAST: [&str; 2] = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/// So many items Go sorts by insertion.
const FEW: usize = 12;

/// Puts the resources into the order of the output: the root's `sortOptions`, else the caller's.
pub(super) fn apply(resources: &mut ResMap, root: &Kustomization, order: Order, problems: &mut Vec<Problem>) {
    let Some(options) = &root.sort_options else {
        if order == Order::Legacy {
            sort_legacy(resources, &FIRST, &LAST, problems);
        }
        return;
    };
    let legacy = options.get("legacySortOptions");
    match (options.get("order").and_then(Node::text), legacy) {
        (Some("legacy"), None) => sort_legacy(resources, &FIRST, &LAST, problems),
        (Some("legacy"), Some(lists)) => {
            let list = |key| -> Vec<&str> {
                lists.get(key).map(|list| list.items().iter().filter_map(Node::text).collect()).unwrap_or_default()
            };
            sort_legacy(resources, &list("orderFirst"), &list("orderLast"), problems);
        }
        (Some("fifo"), None) => {}
        (Some("fifo"), Some(lists)) => problems.push(failed(
            "the field `sortOptions.legacySortOptions` is set but the selected sort order is `fifo`, not `legacy`",
            lists,
        )),
        _ => problems.push(failed(
            "the field `sortOptions.order` must be one of `fifo`, `legacy`",
            options.get("order").unwrap_or(options),
        )),
    }
}

/// kustomize's order of kinds where it sorts field specs: by rank, then by group, version and kind.
pub(super) fn kind_key(gvk: &Gvk) -> (isize, String) {
    (rank_of(&gvk.kind, &FIRST, &LAST), sort_text(gvk))
}

fn sort_legacy(resources: &mut ResMap, first: &[&str], last: &[&str], problems: &mut Vec<Problem>) {
    let mut keyed: Vec<_> = resources.iter().enumerate().map(|(index, resource)| (resource.id(), index)).collect();
    let ranks: HashMap<String, isize> =
        keyed.iter().map(|(id, _)| (id.gvk.kind.to_string(), rank_of(&id.gvk.kind, first, last))).collect();
    sort_by_any(&mut keyed, FEW, |(left, _), (right, _)| compare_ids(left, right, &ranks));
    let order: Vec<usize> = keyed.into_iter().map(|(_, index)| index).collect();
    let mut unsorted: Vec<Option<Resource>> = std::mem::take(resources).into_iter().map(Some).collect();
    let sorted = order.into_iter().filter_map(|index| unsorted.get_mut(index).and_then(Option::take));
    resources.append(sorted, problems);
}

fn compare_ids(left: &ResourceId, right: &ResourceId, ranks: &HashMap<String, isize>) -> Ordering {
    if left.gvk == right.gvk {
        return id_text(left).cmp(&id_text(right));
    }
    let rank = |id: &ResourceId| ranks.get(id.gvk.kind.as_str()).copied().unwrap_or_default();
    let by_text = || {
        let order = sort_text(&left.gvk).cmp(&sort_text(&right.gvk));
        if left.gvk.kind != "Namespace" || right.gvk.kind != "Namespace" {
            return order;
        }
        // kustomize reverses the order where one of two Namespaces is of the core group, so that core comes first.
        match (left.gvk.group.is_empty(), right.gvk.group.is_empty()) {
            (true, true) => order.reverse(),
            (left_is_core, right_is_core) => right_is_core.cmp(&left_is_core).then(order),
        }
    };
    rank(left).cmp(&rank(right)).then_with(by_text)
}

/// Negative for what comes first, positive for what comes last; of a kind in both lists the last one counts.
fn rank_of(kind: &str, first: &[&str], last: &[&str]) -> isize {
    let position = |list: &[&str]| list.iter().rposition(|listed| *listed == kind).map(|index| index as isize);
    match (position(last), position(first)) {
        (Some(index), _) => 1 + index,
        (None, Some(index)) => index - first.len() as isize,
        (None, None) => 0,
    }
}

fn sort_text(gvk: &Gvk) -> String {
    let or = |text: &str, none: &str| if text.is_empty() { none.to_owned() } else { text.to_owned() };
    format!("{}_{}_{}", or(&gvk.group, "~G"), or(&gvk.version, "~V"), or(&gvk.kind, "~K"))
}

fn id_text(id: &ResourceId) -> String {
    let namespace = if id.namespace.is_empty() { "~X" } else { &id.namespace };
    let name = if id.name.is_empty() { "~N" } else { &id.name };
    format!("{}|{namespace}|{name}", id.gvk)
}

fn failed(message: &str, node: &Node) -> Problem {
    Problem::new(ProblemKind::KustomizeFailed, message, node.place())
        .help("write `order: fifo` alone, or `order: legacy` with or without `legacySortOptions`")
}

//! What the configuration says is made elsewhere: objects that are on a cluster although nothing in the fleet makes them.
//! References to them hold; no rule judges them.

use std::sync::Arc;

use smol_str::SmolStr;

use super::Cluster;
use crate::config::External;
use crate::flux::build::clean_path;
use crate::flux::substitute::unknown_value;
use crate::object::Object;
use crate::problem::{Problem, ProblemKind};
use crate::yaml::{Entry, Node, Origin};

/// The objects that a cluster has, by its name and path.
pub(super) fn of_cluster(externals: &[External], name: &str, paths: &[String]) -> Vec<Arc<Object>> {
    let is_named = |wanted: &SmolStr| wanted == name || paths.contains(&clean_path(wanted));
    let here = externals.iter().filter(|it| it.clusters.is_empty() || it.clusters.iter().any(|(it, _)| is_named(it)));
    here.filter_map(object).map(Arc::new).collect()
}

/// The clusters that entries name and that are none.
pub(super) fn lost_clusters(externals: &[External], clusters: &[&Cluster]) -> Vec<Problem> {
    let is_known = |name: &SmolStr| {
        clusters.iter().any(|cluster| cluster.name == *name || cluster.paths.contains(&clean_path(name)))
    };
    let lost = externals.iter().flat_map(|external| &external.clusters).filter(|(name, _)| !is_known(name));
    lost.map(|(name, place)| {
        let known: Vec<&str> = clusters.iter().map(|cluster| cluster.name.as_str()).collect();
        let help = crate::near::did_you_mean(name, &known)
            .unwrap_or_else(|| format!("the clusters are `{}`", known.join("`, `")));
        Problem::new(ProblemKind::InvalidObject, format!("there is no cluster `{name}`"), *place).help(help)
    })
    .collect()
}

fn object(external: &External) -> Option<Object> {
    let origin = external.place.map(Origin::at).unwrap_or_default();
    let text = |value: &str| Node::string(value, origin.clone());
    let entry = |key: &str, value: Node| Entry { key: text(key), value };
    let mut metadata = vec![entry("name", text(&external.name))];
    if !external.namespace.is_empty() {
        metadata.push(entry("namespace", text(&external.namespace)));
    }
    if !external.labels.is_empty() {
        let labels = external.labels.iter().map(|(key, value)| entry(key, text(value))).collect();
        metadata.push(entry("labels", Node::mapping(labels, origin.clone())));
    }
    let api_version = match external.group.as_str() {
        "" => external.version.to_string(),
        group => format!("{group}/{}", external.version),
    };
    let mut root = vec![
        entry("apiVersion", text(&api_version)),
        entry("kind", text(&external.kind)),
        entry("metadata", Node::mapping(metadata, origin.clone())),
    ];
    if let Some(data) = &external.data {
        let unknown = data.unknown.iter().map(|key| Entry { key: key.clone(), value: unknown_value(&key.origin) });
        let entries = unknown.chain(data.known.iter().cloned()).collect();
        let field = if external.kind == "Secret" { "stringData" } else { "data" };
        root.push(entry(field, Node::mapping(entries, origin.clone())));
    }
    Object::new(Node::mapping(root, origin))
}

//! `labels`, `commonLabels` and `commonAnnotations` (kustomize-semantics, section 9).

use crate::problem::Problem;
use crate::yaml::{Entry, Node};

use super::super::field_spec::{Creates, FieldSpec};
use super::super::node_edit::{created_string, mapping_at, set_entry};
use super::super::resmap::ResMap;
use super::super::resource::Resource;
use super::super::shared::{Shared, Step};
use super::refused;

/// Keys and values to set, with the places that wrote them.
pub(in super::super) type Pairs = [Entry];

/// Sets labels in every field that the specs name.
pub(in super::super) fn set_labels(
    resources: &mut ResMap,
    pairs: &Pairs,
    specs: &[FieldSpec],
    problems: &mut Vec<Problem>,
) {
    let mut sorted: Vec<&Entry> = pairs.iter().collect();
    sorted.sort_by_key(|pair| pair.key.text().unwrap_or_default());
    for resource in resources.iter_mut() {
        for pair in &sorted {
            if let Err(error) = set_pair(resource, pair, specs) {
                problems.push(refused(resource, pair.key.place(), &error));
            }
        }
        resource.settle_shared();
    }
}

fn set_pair(resource: &mut Resource, pair: &Entry, specs: &[FieldSpec]) -> Result<(), String> {
    let (key, value) = (pair.key.text().unwrap_or_default(), pair.value.text().unwrap_or_default());
    let mut created = Vec::new();
    let mut set = |node: &mut Node, path: &[Step]| {
        if set_entry(node, key, value, &pair.key.origin, pair.value.origin.clone())? {
            created.push([path, &[Step::Key(key.into())]].concat());
        }
        Ok(())
    };
    specs.iter().try_for_each(|spec| spec.visit_with_path(&mut resource.node, Creates::Mapping, &mut set))?;
    resource.shared.extend(Shared::new(created, created_string(value, pair.value.origin.clone())));
    Ok(())
}

/// Sets annotations in every field that the specs name; the same work as for labels, but that an object has annotations as
/// soon as kustomize has noted something there.
pub(in super::super) fn set_annotations(
    resources: &mut ResMap,
    pairs: &Pairs,
    specs: &[FieldSpec],
    problems: &mut Vec<Problem>,
) {
    let has_annotations = |resource: &&mut Resource| {
        resource.has_notes() || resource.node.at("/metadata/annotations").is_some_and(Node::is_null)
    };
    for resource in resources.iter_mut().filter(has_annotations) {
        let origin = resource.node.origin.clone();
        if let Some(metadata) = resource.node.get_mut("metadata") {
            mapping_at(metadata, "annotations", &origin);
        }
    }
    set_labels(resources, pairs, specs, problems);
    for resource in resources.iter_mut() {
        let Some(metadata) = resource.node.get_mut("metadata").and_then(Node::as_mapping_mut) else { continue };
        let is_empty = |annotations: &Node| annotations.as_mapping().is_some_and(|map| map.entries.is_empty());
        if metadata.get("annotations").is_some_and(is_empty) {
            metadata.remove("annotations");
        }
    }
}

//! `labels`, `commonLabels` and `commonAnnotations` (kustomize-semantics, section 9).

use fleetlint_yaml::problem::Problem;
use fleetlint_yaml::{Entry, Node, SharedVec};

use super::super::field_spec::{Creates, FieldSpec};
use super::super::node_edit::{created_string, set_entry};
use super::super::resmap::ResMap;
use super::super::resource::Resource;
use super::super::resource::notes;
use super::super::shared::{AliasedFields, Step};
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
    let sees_notes = specs.iter().any(|spec| spec.path.starts_with("metadata/annotations"));
    // The fields in which the last object got each label: most get it in the same ones.
    let mut fields = vec![SharedVec::default(); sorted.len()];
    for resource in resources.iter_mut() {
        if sees_notes {
            notes::show(resource);
        }
        for (pair, fields) in sorted.iter().zip(&mut fields) {
            if let Err(error) = set_pair(resource, pair, specs, fields) {
                problems.push(refused(resource, pair.key.place(), &error));
            }
        }
        if sees_notes {
            notes::hide(resource);
        }
        resource.sync_aliases();
    }
}

fn set_pair(
    resource: &mut Resource,
    pair: &Entry,
    specs: &[FieldSpec],
    fields: &mut SharedVec<Vec<Step>>,
) -> Result<(), String> {
    let (key, value) = (pair.key.text().unwrap_or_default(), pair.value.text().unwrap_or_default());
    let mut created = Vec::new();
    let mut set = |node: &mut Node, path: &[Step]| {
        if set_entry(node, key, value, &pair.key.origin, pair.value.origin.clone())? {
            created.push([path, &[Step::Key(key.into())]].concat());
        }
        Ok(())
    };
    specs.iter().try_for_each(|spec| spec.visit_with_path(&mut resource.node, Creates::Mapping, &mut set))?;
    if **fields != created {
        *fields = created.into();
    }
    if let Some(shared) = AliasedFields::new(fields.clone(), created_string(value, pair.value.origin.clone())) {
        resource.shared.reserve_exact(1);
        resource.shared.push(shared);
    }
    Ok(())
}

/// Sets annotations in every field that the specs name; the same work as for labels, but that null annotations become a
/// mapping, because kustomize writes them again at the end.
pub(in super::super) fn set_annotations(
    resources: &mut ResMap,
    pairs: &Pairs,
    specs: &[FieldSpec],
    problems: &mut Vec<Problem>,
) {
    if pairs.is_empty() || !specs.iter().any(|spec| spec.path == "metadata/annotations") {
        return set_labels(resources, pairs, specs, problems);
    }
    // Only what has to change is taken out of what the bases share.
    let has_null = |resource: &&mut Resource| resource.node.at("/metadata/annotations").is_some_and(Node::is_null);
    for resource in resources.iter_mut().filter(has_null) {
        let annotations = resource.node.get_mut("metadata").and_then(|metadata| metadata.get_mut("annotations"));
        if let Some(null) = annotations {
            *null = Node::mapping(Vec::new(), null.origin.clone());
        }
    }
    set_labels(resources, pairs, specs, problems);
}

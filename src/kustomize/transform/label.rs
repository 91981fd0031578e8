//! `labels`, `commonLabels` and `commonAnnotations` (kustomize-semantics, section 9).

use crate::problem::Problem;
use crate::yaml::Entry;

use super::super::field_spec::{self, Creates, FieldSpec};
use super::super::node_edit::set_entry;
use super::super::resmap::ResMap;
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
            let (key, value) = (pair.key.text().unwrap_or_default(), pair.value.text().unwrap_or_default());
            let result = field_spec::visit_all(&mut resource.node, specs, Creates::Mapping, &mut |node| {
                set_entry(node, key, value, &pair.key.origin, pair.value.origin.clone()).map(|_| ())
            });
            if let Err(error) = result {
                problems.push(refused(resource, pair.key.place(), &error));
            }
        }
    }
}

/// Sets annotations in every field that the specs name; the same work as for labels.
pub(in super::super) fn set_annotations(
    resources: &mut ResMap,
    pairs: &Pairs,
    specs: &[FieldSpec],
    problems: &mut Vec<Problem>,
) {
    set_labels(resources, pairs, specs, problems);
}

//! `namePrefix` and `nameSuffix` (kustomize-semantics, section 9).

use fleetlint_yaml::problem::Problem;
use fleetlint_yaml::{Node, Origin};

use super::super::field_spec::{Creates, FieldSpec};
use super::super::id::ResourceId;
use super::super::node_edit::set_scalar;
use super::super::resmap::ResMap;
use super::super::resource::Resource;
use super::refused;

/// Which end of the name grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Affix {
    Prefix,
    Suffix,
}

/// Puts a prefix before, or a suffix after, the names. A name stays the work of the text that wrote it: the field of
/// the kustomization is its `patch`.
pub(in super::super) fn add_affix(
    resources: &mut ResMap,
    affix: Affix,
    value: &Node,
    specs: &[FieldSpec],
    problems: &mut Vec<Problem>,
) {
    let text = value.text().unwrap_or_default();
    for resource in resources.iter_mut() {
        let id = resource.original_id();
        if keeps_its_name(&id) {
            continue;
        }
        for spec in specs.iter().filter(|spec| id.gvk.is_selected_by(&spec.gvk)) {
            if spec.path == "metadata/name" && !text.is_empty() {
                remember(resource, affix, text);
            }
            let result = spec.visit(&mut resource.node, Creates::Scalar, &mut |node| grow(node, affix, value));
            if let Err(error) = result {
                problems.push(refused(resource, value.place(), &error));
            }
        }
    }
}

fn remember(resource: &mut Resource, affix: Affix, text: &str) {
    let affixes = match affix {
        Affix::Prefix => &mut resource.prefixes,
        Affix::Suffix => &mut resource.suffixes,
    };
    affixes.reserve_exact(1);
    affixes.push(text.into());
    resource.store_previous_id();
}

fn grow(node: &mut Node, affix: Affix, value: &Node) -> Result<(), String> {
    let old = node.text().unwrap_or_default();
    let text = value.text().unwrap_or_default();
    let new = match affix {
        Affix::Prefix => format!("{text}{old}"),
        Affix::Suffix => format!("{old}{text}"),
    };
    let span = node.origin.span.or(value.origin.span);
    let origin = Origin::of(span).with_variable(node.origin.variable().cloned()).with_patch(value.origin.span);
    let origin = origin.with_secret(node.secret().cloned()).joined_with(old, value);
    set_scalar(node, new, origin)
}

fn keeps_its_name(id: &ResourceId) -> bool {
    match id.gvk.kind.as_str() {
        "CustomResourceDefinition" | "Namespace" => true,
        "APIService" => id.gvk.group == "apiregistration.k8s.io",
        _ => false,
    }
}

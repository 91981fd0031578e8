//! Files of `configurations` (section 7).

use fleetlint_yaml::Node;
use fleetlint_yaml::problem::{Problem, ProblemKind};

use super::super::field_spec::FieldSpec;
use super::super::id::Gvk;
use super::super::kustomization::{Mode, check_shape, configuration_shape};
use super::{NameReference, TransformerConfig};

/// Reads a transformer configuration; what does not fit is a problem and left out.
pub(in super::super) fn read_configuration(root: &Node, problems: &mut Vec<Problem>) -> TransformerConfig {
    let Some(root) = check_shape(root, configuration_shape(), Mode::Strict, problems) else {
        return TransformerConfig::default();
    };
    let specs = |key: &str| -> Vec<FieldSpec> {
        root.get(key).map(|list| list.items().iter().map(FieldSpec::of).collect()).unwrap_or_default()
    };
    let raw = TransformerConfig {
        name_prefix: specs("namePrefix"),
        name_suffix: specs("nameSuffix"),
        namespace: specs("namespace"),
        common_labels: specs("commonLabels"),
        labels: specs("labels"),
        template_labels: specs("templateLabels"),
        common_annotations: specs("commonAnnotations"),
        name_reference: root.get("nameReference").map(Node::items).unwrap_or_default().iter().map(reference).collect(),
        var_reference: specs("varReference"),
        images: specs("images"),
        replicas: specs("replicas"),
    };
    let mut config = TransformerConfig::default();
    if let Err(message) = config.merge(&raw) {
        problems.push(Problem::new(ProblemKind::KustomizeFailed, message, root.place()));
    }
    config
}

fn reference(node: &Node) -> NameReference {
    let text = |key| node.get(key).and_then(Node::text).unwrap_or_default();
    NameReference {
        target: Gvk { group: text("group").into(), version: text("version").into(), kind: text("kind").into() },
        referrers: node.get("fieldSpecs").map(Node::items).unwrap_or_default().iter().map(FieldSpec::of).collect(),
    }
}

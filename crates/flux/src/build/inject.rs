//! What a Flux Kustomization's spec adds to the kustomization file (flux-build-semantics section 2.3).

use crate::object::Object;
use crate::release::Features;
use fleetlint_kustomize::Kustomization;
use fleetlint_source::FileTree;
use fleetlint_yaml::Node;
use fleetlint_yaml::problem::Problem;

use super::{components, field, images, patches};

/// Puts the fields of the spec into the kustomization file of `folder`.
pub(super) fn inject(
    file: &mut Kustomization,
    kustomization: &Object,
    tree: &dyn FileTree,
    folder: &str,
    features: &Features,
    problems: &mut Vec<Problem>,
) {
    let Some(spec) = kustomization.at("/spec") else { return };
    replace(&mut file.namespace, spec, "targetNamespace", problems);
    replace(&mut file.name_prefix, spec, "namePrefix", problems);
    replace(&mut file.name_suffix, spec, "nameSuffix", problems);
    patches::inject(file, spec, problems);
    components::inject(file, spec, tree, folder, problems);
    images::inject(file, spec, features, problems);
    let build_metadata = field::texts(spec.get("buildMetadata"), "buildMetadata", problems);
    if !build_metadata.is_empty() {
        file.build_metadata = build_metadata.into_iter().cloned().collect();
    }
}

/// A text that is there replaces the file's; an empty one removes it.
fn replace(target: &mut Option<Node>, spec: &Node, name: &str, problems: &mut Vec<Problem>) {
    if let Some(value) = field::text(spec.get(name), name, problems) {
        *target = value.text().is_some_and(|text| !text.is_empty()).then(|| field::as_text(value));
    }
}

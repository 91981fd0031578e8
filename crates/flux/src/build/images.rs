//! `spec.images` (flux-build-semantics section 2.3).

use fleetlint_kustomize::{ImageEntry, Kustomization};
use fleetlint_yaml::Node;
use fleetlint_yaml::problem::Problem;

use super::field;
use crate::release::{Feature, Features};

/// Puts the images among those of the file: one of the same name is merged with it or replaces it, by the release of Flux.
pub(super) fn inject(file: &mut Kustomization, spec: &Node, features: &Features, problems: &mut Vec<Problem>) {
    for node in field::maps(spec.get("images"), "images", problems) {
        let image = read(node, problems);
        let same_name = |entry: &&mut ImageEntry| name(entry) == name(&image);
        match file.images.iter_mut().find(same_name) {
            Some(entry) if features.has_if_newest(Feature::MergedImages) => merge(entry, image),
            Some(entry) => *entry = image,
            None => file.images.push(image),
        }
    }
}

fn read(node: &Node, problems: &mut Vec<Problem>) -> ImageEntry {
    let mut text = |key: &str| {
        let value = field::text(node.get(key), &format!("images.{key}"), problems);
        value.filter(|value| value.text() != Some("")).cloned()
    };
    let (name, new_name, new_tag, digest) = (text("name"), text("newName"), text("newTag"), text("digest"));
    ImageEntry { place: node.place(), name, new_name, new_tag, tag_suffix: None, digest }
}

fn name(image: &ImageEntry) -> &str {
    image.name.as_ref().and_then(Node::text).unwrap_or_default()
}

/// Tag and digest choose the version together: either one replaces both.
fn merge(entry: &mut ImageEntry, image: ImageEntry) {
    if image.new_name.is_some() {
        entry.new_name = image.new_name;
    }
    if image.new_tag.is_some() || image.digest.is_some() {
        entry.new_tag = image.new_tag;
        entry.digest = image.digest;
    }
    entry.place = image.place;
}

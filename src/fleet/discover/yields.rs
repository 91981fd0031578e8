//! What a folder can never yield, told from texts before anything is built: most folders hold no Kustomization.

use super::landscape::Landscape;
use super::listing::is_kustomization_file;
use super::paths::has_variable;
use super::target::Target;
use crate::flux::api::{Kustomization, group};
use crate::source::path::parent;
use crate::yaml::Node;

/// The fields of a Kustomization that change objects or write some themselves.
const PATCHES: [&str; 3] = ["patches", "patchesStrategicMerge", "patchesJson6902"];

/// The annotations and labels of kustomize-controller, which are on objects of all kinds.
const ANNOTATIONS: [&str; 6] = ["/prune", "/reconcile", "/force", "/ssa", "/substitute", "/name"];

/// Whether a text names the group of Kustomizations, annotations apart.
fn names_group(text: &str) -> bool {
    let mut rest = text.split(group::KUSTOMIZE).skip(1);
    rest.any(|rest| !ANNOTATIONS.iter().any(|annotation| rest.starts_with(annotation)))
}

/// Whether a patch may turn an object into a Kustomization: it names their group, and not only to patch those that are there.
fn may_make_one(patch: &Node) -> bool {
    let target = |field: &str| patch.get("target")?.get(field)?.text();
    let is_for_them = target("kind") == Some("Kustomization") && target("group") == Some(group::KUSTOMIZE);
    !is_for_them && patch.scalars().filter_map(Node::text).any(names_group)
}

impl Landscape<'_> {
    /// Whether what a Kustomization builds may hold other Kustomizations; `target` is one of its targets.
    pub(super) fn may_make_kustomizations(&self, kustomization: Kustomization<'_>, target: &Target) -> bool {
        let spec = kustomization.object.at("/spec");
        let field = |name: &str| spec.and_then(|spec| spec.get(name));
        // Components are outside of the folder.
        let adds = field("components").is_some()
            || PATCHES.iter().filter_map(|name| field(name)).flat_map(Node::items).any(may_make_one);
        let is_plain = has_variable(kustomization.object.str("/spec/path").unwrap_or_default());
        !is_plain && adds || self.may_hold_kustomizations(&target.folder)
    }

    /// Whether a folder's build may hold Kustomizations: a file that it reads names their group.
    fn may_hold_kustomizations(&self, folder: &str) -> bool {
        if let Some(known) = self.known_to_hold(folder) {
            return known;
        }
        let may_hold = match self.listing.has(folder) {
            true => self.lists_kustomizations(folder),
            false => self.files_below(folder).iter().any(|file| match is_kustomization_file(file) {
                true => self.lists_kustomizations(parent(file).unwrap_or_default()),
                false => self.names_group(file),
            }),
        };
        self.remember_to_hold(folder, may_hold)
    }

    fn lists_kustomizations(&self, folder: &str) -> bool {
        self.listing.uses_plugins(folder) || self.listing.sources_of(folder).any(|file| self.names_group(&file))
    }

    fn names_group(&self, file: &str) -> bool {
        self.known_to_hold(file).unwrap_or_else(|| {
            let file_read = self.reader().tree.file(file);
            let text = file_read.as_ref().ok().and_then(|file| file.text());
            self.remember_to_hold(file, text.is_some_and(names_group))
        })
    }
}

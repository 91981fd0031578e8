//! Which release of Flux a cluster runs, as its roots show it.

use super::discover::Root;
use crate::flux::api::FluxInstance;
use crate::source::Tree;
use crate::source::path::join;
use crate::yaml::{Documents, Node};

pub use crate::flux::version::FluxVersion;

impl FluxVersion {
    /// The version that a cluster's roots show: `distribution.version` of the FluxInstance (or in the values of its chart),
    /// else the version label in the `gotk-components.yaml` beside the sync.
    pub(super) fn of_roots(roots: &[Root], tree: &Tree, documents: &Documents) -> Option<Self> {
        let seeds = roots.iter().flat_map(|root| &root.seeds);
        let declared = seeds.filter_map(|object| {
            let in_values = object.str("/spec/values/instance/distribution/version");
            FluxInstance::of(object).and_then(|it| it.object.str("/spec/distribution/version")).or(in_values)
        });
        let parsed = declared.filter_map(Self::parse).next();
        parsed.or_else(|| {
            roots.iter().find_map(|root| Self::of_components(root.flux_folder.as_deref()?, tree, documents))
        })
    }

    fn of_components(folder: &str, tree: &Tree, documents: &Documents) -> Option<Self> {
        let file = tree.file(&join(folder, "gotk-components.yaml")).ok()?;
        let stream = documents.of(&file);
        let mut roots = stream.documents.iter().flatten().filter_map(|document| document.root.as_ref());
        roots.find_map(|root| {
            Self::of_label(root.at("/metadata/labels/app.kubernetes.io~1version").and_then(Node::text)?)
        })
    }
}

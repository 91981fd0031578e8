//! What a reconciler may create beside the objects that are in the graph.

mod bases;
mod contents;

use std::sync::Arc;

use smol_str::SmolStr;

use crate::flux::build;
use crate::kustomize::Reader;
use crate::object::Object;

pub use contents::Contents;
pub(super) use contents::is_flux_group;

/// What a reconciler may create beside the objects that are in the graph.
#[derive(Clone, Debug, Default)]
pub enum Unseen {
    /// All that it creates is in the graph.
    #[default]
    Nothing,
    /// Nobody knows: a source that is not at hand, a chart.
    Anything,
    /// The files at hand say what it may be.
    Bounded(Arc<Bounds>),
}

/// What a build may create that was not understood in full.
#[derive(Debug, Default)]
pub struct Bounds {
    /// What it takes from elsewhere.
    pub remote: Vec<Remote>,
    /// The files that a refused build reads.
    pub files: Option<Contents>,
}

/// Something that a build takes from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remote {
    /// The namespace that the build puts it into; `None` is any.
    pub namespace: Option<SmolStr>,
    /// The URL of a file or the name of a chart: what vendors publish to install their software, no objects of Flux unless it
    /// is named so. Empty for data and patches, `None` for bases, which may hold anything.
    pub published: Option<SmolStr>,
}

/// The bounds of a build whose result is not known (`is_open`: it takes something from elsewhere), or that is refused.
pub(super) fn of_build(kustomization: &Object, reader: Reader<'_>, is_open: bool, is_refused: bool) -> Unseen {
    let Some(file) = build::root_file(kustomization, reader) else { return Unseen::Anything };
    let folder = build::clean_path(kustomization.str("/spec/path").unwrap_or_default());
    let remote = match is_open {
        true => bases::remote(reader, &folder, &file),
        false => Some(Vec::new()),
    };
    let Some(remote) = remote else { return Unseen::Anything };
    let files = is_refused.then(|| Contents::of_build(reader, &folder, &file));
    Unseen::Bounded(Arc::new(Bounds { remote, files }))
}

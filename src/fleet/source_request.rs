//! A source, with everything on the cluster that decides which files it holds.

use std::sync::Arc;

use smol_str::SmolStr;

use super::source_id::SourceId;
use super::unknown_reason::OpenArtifact;
use crate::object::Object;

/// A source and what the cluster holds of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SourceRequest {
    pub id: SourceId,
    /// The object that defines it.
    pub object: Option<Arc<Object>>,
    /// The object holds variables that are not known.
    pub is_open: bool,
    /// How it comes to be where no object defines it.
    pub maker: Option<Producer>,
    /// The repositories that `spec.include` copies from, in its order.
    pub included: Vec<SourceRequest>,
}

/// What makes an ExternalArtifact.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Producer {
    /// ArtifactGenerators that may make it, the first one that does counts.
    Generators(Vec<Generator>),
    /// One whose artifacts are not known, and why.
    Unknown(OpenArtifact),
}

/// An ArtifactGenerator, with the sources that it reads by their aliases.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Generator {
    pub object: Arc<Object>,
    pub sources: Vec<(SmolStr, SourceRequest)>,
}

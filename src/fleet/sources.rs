//! From `sourceRef` to files: which repository, at which branch.

use std::collections::BTreeSet;
use std::sync::Arc;

use smol_str::SmolStr;

use super::applier::{Outcome, SourceState};
use crate::flux::api::Kustomization;
use crate::object::Object;
use crate::source::{Reference, Resolution, Sources, Tree, url};
use crate::yaml::Node;

/// A source by kind, namespace and name.
pub(super) type SourceId = (SmolStr, SmolStr, SmolStr);

/// How the sources of one cluster resolve.
pub(super) struct ClusterSources<'a> {
    pub sources: &'a Sources,
    /// The repository, or the folder of it, that the roots read.
    pub fleet: Arc<Tree>,
    /// The sources of the roots: they are the repository at hand.
    pub roots: BTreeSet<SourceId>,
    /// What the source objects of the roots say: the same URL at the same reference is the repository at hand too.
    pub fleet_urls: Vec<(String, Reference)>,
}

/// The identity of what a Kustomization reads; `None` without `sourceRef`.
pub(super) fn source_id(kustomization: Kustomization<'_>) -> Option<SourceId> {
    let reference = kustomization.source_ref()?;
    let namespace = reference.namespace_or(&kustomization.object.id.namespace);
    Some((reference.kind().into(), namespace, reference.name().into()))
}

/// URL and reference of a source object; `None` where it has no URL.
pub(super) fn url_and_reference(source: &Object) -> Option<(String, Reference)> {
    let url = source.str("/spec/url").filter(|url| !url.is_empty())?;
    Some((url::normalize(url), reference(source)))
}

/// `spec.ref` of a source, by the precedence of source-controller: commit, name, semver, tag, branch.
fn reference(source: &Object) -> Reference {
    let field = |name: &str| {
        let value = source.at("/spec/ref")?.get(name).and_then(Node::text)?;
        (!value.is_empty()).then(|| value.to_owned())
    };
    // Given together, the branch is only where the commit is looked for.
    field("commit")
        .map(Reference::Commit)
        .or_else(|| field("name").map(Reference::Name))
        .or_else(|| field("semver").map(Reference::Semver))
        .or_else(|| field("tag").map(Reference::Tag))
        .or_else(|| field("branch").map(Reference::Branch))
        .unwrap_or(Reference::Default)
}

impl ClusterSources<'_> {
    /// The files that a Kustomization reads, given the source object that the cluster holds for it; else why there are none.
    pub(super) fn resolve(&self, id: SourceId, object: Option<Arc<Object>>) -> (SourceState, Option<Outcome>) {
        let (tree, outcome) = match self.tree(&id, object.as_deref()) {
            Ok(tree) => (Some(tree), None),
            Err(outcome) => (None, Some(outcome)),
        };
        let (kind, namespace, name) = id;
        (SourceState { object, kind, namespace, name, tree }, outcome)
    }

    fn tree(&self, id: &SourceId, object: Option<&Object>) -> Result<Arc<Tree>, Outcome> {
        let (kind, namespace, name) = id;
        let ignore = object.and_then(|object| object.str("/spec/ignore"));
        if self.roots.contains(id) {
            return Ok(self.fleet.artifact(ignore));
        }
        let Some(object) = object else { return Err(Outcome::SourceNotFound) };
        let Some((url, reference)) = url_and_reference(object) else {
            return Err(Outcome::Undetermined(format!(
                "{kind} `{namespace}/{name}` has no URL that fleetlint can read"
            )));
        };
        if self.fleet_urls.contains(&(url.clone(), reference.clone())) {
            return Ok(self.fleet.artifact(ignore));
        }
        match self.sources.resolve(&url, &reference) {
            Resolution::Tree(tree) => Ok(tree.artifact(ignore)),
            Resolution::NotGiven => {
                Err(Outcome::Undetermined(format!("source {kind} `{namespace}/{name}` (`{url}`) is not available")))
            }
            Resolution::NoSuchReference { available } => Err(Outcome::ReferenceNotFound { available }),
            Resolution::Failed(why) => {
                Err(Outcome::Undetermined(format!("source {kind} `{namespace}/{name}` cannot be read: {why}")))
            }
        }
    }
}

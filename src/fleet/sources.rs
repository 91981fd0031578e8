//! From `sourceRef` to files: which repository, at which branch.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::discover::Addresses;
use super::reconciler::{Outcome, SourceState};
use super::source_id::SourceId;
use super::source_request::{Generator, Producer, SourceRequest};
use super::unknown_reason::UnknownReason;
use crate::flux::api::Kustomization;
use crate::flux::artifact_generator::{Artifact, ArtifactGenerator, Made};
use crate::flux::release::{Feature, Features};
use crate::object::Object;
use crate::problem::Problem;
use crate::source::{Checkout, Reference, Resolution, Sources, Tree, url};
use crate::yaml::{Documents, Node};

/// How the sources of one cluster resolve.
pub(super) struct ClusterSources<'a> {
    pub sources: &'a Sources,
    pub documents: &'a Documents,
    /// The repository, or the folder of it, that the roots read.
    pub fleet: Arc<Tree>,
    /// The sources of the roots: they are the repository at hand.
    pub roots: BTreeSet<SourceId>,
    /// The addresses of the repository at hand.
    pub ours: &'a Addresses,
    /// What the Flux of the cluster does.
    pub features: Features,
    /// What the roots' source names; `None` where no file says it.
    pub reference: Option<Reference>,
    pub checkout: &'a Checkout,
    /// The folder from which paths count in the roots' artifact.
    pub base: &'a str,
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
    Some((url::normalize(url), reference(source).canonical()))
}

/// `spec.ref` of a source, by the precedence of source-controller: commit, name, semver, tag, branch.
pub(super) fn reference(source: &Object) -> Reference {
    let field = |name: &str| {
        let value = source.at("/spec/ref")?.get(name).and_then(Node::text_if_set)?;
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

/// A reference as a message names it.
pub(super) fn named(reference: &Reference) -> String {
    match reference {
        Reference::Default => "branch `master`".to_owned(),
        Reference::Branch(name) => format!("branch `{name}`"),
        Reference::Tag(name) => format!("tag `{name}`"),
        Reference::Semver(range) => format!("a tag in `{range}`"),
        Reference::Name(name) => format!("`{name}`"),
        Reference::Commit(id) => format!("commit `{id}`"),
    }
}

/// Why a source has no files.
#[derive(Clone, Debug)]
pub(super) struct Unresolved {
    pub outcome: Outcome,
    /// What is wrong with what makes it.
    pub problems: Vec<Problem>,
    /// It is not on this machine.
    pub is_unavailable: bool,
}

impl From<Outcome> for Unresolved {
    fn from(outcome: Outcome) -> Self {
        Self { outcome, problems: Vec::new(), is_unavailable: false }
    }
}

impl From<UnknownReason> for Unresolved {
    fn from(reason: UnknownReason) -> Self {
        Outcome::Undetermined(Box::new(reason)).into()
    }
}

impl From<Problem> for Unresolved {
    fn from(problem: Problem) -> Self {
        match problem.is_undetermined() {
            true => UnknownReason::Build(problem.message).into(),
            false => Self { outcome: Outcome::Failed, problems: vec![problem], is_unavailable: false },
        }
    }
}

impl Unresolved {
    /// The same, for what is made from the source: that the source is missing is not a property of its reader.
    pub(super) fn of_ingredient(self, source: &SourceId) -> Self {
        match self.outcome {
            Outcome::SourceNotFound => UnknownReason::SourceUndefined(source.clone()).into(),
            Outcome::ReferenceNotFound { .. } => UnknownReason::ReferenceMissing(source.clone()).into(),
            _ => self,
        }
    }
}

impl ClusterSources<'_> {
    /// The files that a Kustomization reads; else why there are none.
    pub(super) fn resolve(&self, wanted: &SourceRequest) -> (SourceState, Option<Unresolved>) {
        let (tree, failure) = match self.tree(wanted) {
            Ok(tree) => (Some(tree), None),
            Err(failure) => (None, Some(failure)),
        };
        let (kind, namespace, name) = wanted.id.clone();
        (SourceState { object: wanted.object.clone(), kind, namespace, name, tree }, failure)
    }

    pub(super) fn tree(&self, wanted: &SourceRequest) -> Result<Arc<Tree>, Unresolved> {
        // What the roots read is at hand, whatever variables its source holds.
        if wanted.is_open && !self.roots.contains(&wanted.id) {
            return Err(UnknownReason::OpenSource(wanted.id.clone()).into());
        }
        match &wanted.maker {
            None => {
                let tree = self.stored(&wanted.id, wanted.object.as_deref())?;
                self.put_together(tree, wanted)
            }
            Some(Producer::Unknown(why)) => {
                let (source, why) = (wanted.id.clone(), why.clone());
                Err(UnknownReason::OpenArtifact { source, why }.into())
            }
            Some(Producer::Generators(generators)) => self.composed(&wanted.id, generators),
        }
    }

    /// What an ArtifactGenerator makes. SourceRequest sources are bounded in depth and number.
    fn composed(&self, id: &SourceId, generators: &[Generator]) -> Result<Arc<Tree>, Unresolved> {
        let (kind, namespace, name) = id;
        for Generator { object, sources } in generators {
            let Some(generator) = ArtifactGenerator::of(object) else { continue };
            let mut trees = Vec::new();
            for (alias, source) in sources {
                let tree = self.tree(source).map_err(|failure| failure.of_ingredient(&source.id))?;
                trees.push((alias.as_str(), tree));
            }
            let Some(node) = generator.artifact(name, &trees)? else { continue };
            if let Some(problem) = generator.blocked(name, &trees) {
                return Err(problem.into());
            }
            let excludes_by_source_path = self.features.has_if_newest(Feature::ExcludeBySourcePath);
            let made = Made { sources: self.sources, documents: self.documents, excludes_by_source_path };
            let members = Artifact { generator, node: &node }.members(&trees, made)?;
            return Ok(self.sources.compose(&format!("{kind} {namespace}/{name}"), members));
        }
        Err(Outcome::SourceNotFound.into())
    }

    fn stored(&self, id: &SourceId, object: Option<&Object>) -> Result<Arc<Tree>, Unresolved> {
        let (kind, ..) = id;
        let ignore = object.and_then(|object| object.str("/spec/ignore"));
        if self.roots.contains(id) {
            return Ok(self.fleet.artifact(ignore));
        }
        let Some(object) = object else { return Err(Outcome::SourceNotFound.into()) };
        let Some((url, reference)) = url_and_reference(object) else {
            return Err(UnknownReason::SourceWithoutUrl(id.clone()).into());
        };
        let answer = match self.own_tree(&url, &reference, kind) {
            Some(Resolution::Tree(tree)) => Resolution::Tree(tree),
            own => match (self.sources.resolve(&url, &reference), own) {
                (Resolution::NotGiven | Resolution::NotForBranch { .. }, Some(own)) => own,
                (given, _) => given,
            },
        };
        match answer {
            Resolution::Tree(tree) => Ok(tree.artifact(ignore)),
            Resolution::NotGiven => {
                let reason = UnknownReason::SourceUnavailable { source: id.clone(), url };
                Err(Unresolved { is_unavailable: true, ..reason.into() })
            }
            Resolution::NotForBranch { given } => {
                let branch = reference.branch().map(|branch| format!("`{branch}`"));
                let asked = branch.unwrap_or_else(|| named(&reference));
                Err(UnknownReason::NotForBranch { url, given, asked }.into())
            }
            Resolution::NotInClone { fetch } => {
                Err(UnknownReason::NotInClone { url, asked: named(&reference), fetch }.into())
            }
            Resolution::NoSuchReference { available } => Err(Outcome::ReferenceNotFound { available }.into()),
            Resolution::Failed(why) => {
                let (source, why) = (id.clone(), why.to_string());
                Err(UnknownReason::SourceUnreadable { source, why }.into())
            }
        }
    }

    /// What the repository at hand is for a source that names it: the roots' tree at the roots' reference, its own objects
    /// at another one; `None` for other repositories and for artifacts that are pushed under another tag.
    fn own_tree(&self, url: &str, reference: &Reference, kind: &str) -> Option<Resolution> {
        if !self.ours.contains(url) {
            return None;
        }
        let is_of_roots = match &self.reference {
            Some(own) => own == reference,
            // No file says what the roots read: what is checked out.
            None => self.checkout.branch.is_none() || self.checkout.branch == reference.branch(),
        };
        if is_of_roots {
            return Some(Resolution::Tree(Arc::clone(&self.fleet)));
        }
        match self.checkout.at(reference) {
            _ if kind != "GitRepository" => None,
            Resolution::NotGiven | Resolution::NotForBranch { .. } => None,
            Resolution::Tree(tree) => Some(Resolution::Tree(tree.below(self.base))),
            other => Some(other),
        }
    }
}

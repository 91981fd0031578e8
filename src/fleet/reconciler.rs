//! What reconciles on a cluster: Kustomizations, HelmReleases, ResourceSets and FluxInstances.

use std::fmt;
use std::sync::Arc;

use smol_str::SmolStr;

use super::applied::Applied;
use super::unknown_reason::UnknownReason;
use super::unseen::Unseen;
use crate::flux::api::{FluxInstance, HelmRelease, Kustomization, ResourceSet};
use crate::flux::substitute::{ELSEWHERE, VariableUse};
use crate::kustomize::Remark;
use crate::object::Object;
use crate::problem::Problem;
use crate::source::Tree;

/// Names a reconciler of one cluster: an index into [`super::Cluster::reconcilers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReconcilerId(pub usize);

/// The kinds of objects that apply others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReconcilerKind {
    Kustomization,
    HelmRelease,
    ResourceSet,
    FluxInstance,
}

impl ReconcilerKind {
    /// The kind of an object that applies others; `None` for all other objects.
    pub fn of(object: &Object) -> Option<Self> {
        if Kustomization::of(object).is_some() {
            Some(Self::Kustomization)
        } else if HelmRelease::of(object).is_some() {
            Some(Self::HelmRelease)
        } else if ResourceSet::of(object).is_some() {
            Some(Self::ResourceSet)
        } else {
            FluxInstance::of(object).map(|_| Self::FluxInstance)
        }
    }
}

/// An object that applies others, and what became of it.
#[derive(Clone, Debug)]
pub struct Reconciler {
    pub kind: ReconcilerKind,
    /// Index of the object in [`super::Cluster::objects`].
    pub placed: usize,
    pub object: Arc<Object>,
    /// Who applies this reconciler; `None` for a root.
    pub parent: Option<ReconcilerId>,
    pub identity: Identity,
    /// What it reads; `None` for what reads no source (ResourceSet, FluxInstance) or has no `sourceRef`.
    pub source: Option<SourceState>,
    pub outcome: Outcome,
    /// What is wrong with its build or its substitution.
    pub problems: Vec<Problem>,
    /// What kustomize does in its build without a word and that is probably not meant.
    pub remarks: Arc<[Remark]>,
    /// The variables that the cluster's version of Flux refuses because they are not defined, by name.
    pub undefined: Vec<(SmolStr, Problem)>,
    /// What it applies, in the order of the build.
    pub applied: Arc<Applied>,
    /// The variables that its objects use.
    pub uses: Arc<[VariableUse]>,
    /// The ConfigMaps and Secrets that it substitutes from and that nothing in the fleet makes: kind and name.
    pub missing_sources: Vec<(SmolStr, SmolStr)>,
    /// The ConfigMaps and Secrets whose values its objects need and that are not known.
    pub unknown_values: Vec<UnknownValues>,
    /// Its source is not on this machine.
    pub is_source_unavailable: bool,
    /// Why its build is not known in full, each reason once. The objects in `applied` may be known all the same.
    pub open_reasons: Vec<OpenReason>,
    /// The objects land on another cluster (`spec.kubeConfig`).
    pub is_remote: bool,
    /// What it may create beside `applied`: a source that was not given, a remote base, a Helm chart.
    pub unseen: Unseen,
}

/// Why a build is not known in full: something that it takes from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OpenReason {
    /// Lower case, no full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// A ConfigMap or Secret whose values are not known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnknownValues {
    pub kind: SmolStr,
    pub name: SmolStr,
    pub cause: UnknownCause,
}

/// Why values are not known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnknownCause {
    /// Nothing in the fleet creates the object.
    Nothing,
    /// The configuration declares that it is created elsewhere.
    Declared,
    /// An object of the fleet creates it on the cluster: kind and name.
    Created(String),
    /// It holds variables that are not known.
    Open,
}

impl fmt::Display for UnknownCause {
    /// As the end of a reason.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("nothing in the fleet creates it"),
            Self::Declared => f.write_str(ELSEWHERE),
            Self::Created(by) => write!(f, "{by} creates it on the cluster"),
            Self::Open => f.write_str("it holds variables that are not known"),
        }
    }
}

/// As whom a reconciler applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// `spec.serviceAccountName`, in the reconciler's own namespace.
    Named(SmolStr),
    /// The default service account of the lockdown, in the reconciler's own namespace.
    Default(SmolStr),
    /// The controller's own service account: cluster-admin.
    Controller,
    /// Whether the lockdown is on is not known.
    Unknown,
}

/// What became of a reconciler's objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All is known.
    Rendered,
    /// The folder does not exist in the source.
    PathNotFound,
    /// `sourceRef` names an object that nothing on the cluster makes.
    SourceNotFound,
    /// The branch or tag that the source names does not exist in the repository given for it.
    ReferenceNotFound {
        /// The branches and tags that exist.
        available: Vec<String>,
    },
    /// The build or the substitution fails; what could be understood is there all the same.
    Failed,
    /// The input does not determine it, and why: a source not given, a variable that nothing in the fleet makes.
    Undetermined(Box<UnknownReason>),
    /// It makes objects that no repository shows (a Helm chart).
    Opaque,
}

/// A source as a reconciler sees it.
#[derive(Clone, Debug)]
pub struct SourceState {
    /// The source object; `None` where no object defines it.
    pub object: Option<Arc<Object>>,
    pub kind: SmolStr,
    pub namespace: SmolStr,
    pub name: SmolStr,
    /// The files, where they are at hand.
    pub tree: Option<Arc<Tree>>,
}

impl Reconciler {
    /// Its identity as a reconciler: no two of one cluster share it.
    pub fn name(&self) -> (&str, &str) {
        (&self.object.id.namespace, &self.object.id.name)
    }
}

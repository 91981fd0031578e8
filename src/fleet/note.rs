//! A note: what could not be judged, or what a reader has to know about how a run was done, and what to do about it.

use std::collections::BTreeSet;

use crate::object::ObjectId;
use crate::yaml::Span;

/// How many things a note names.
const NAMED: usize = 3;

/// The first names of a list, and how many more there are.
pub(super) fn and_more<T: AsRef<str>>(names: &[T]) -> String {
    let shown = names.iter().take(NAMED).map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// Why there is a note.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NoteReason {
    /// A source is not on this machine.
    SourceUnavailable,
    /// A clone does not hold the branch that a source names.
    NotInClone,
    /// Nothing in the fleet defines a source.
    SourceUndefined,
    /// A ConfigMap or Secret with variables is not at hand.
    ValuesUnknown,
    /// What a Kustomization creates is only partly known for another reason.
    #[default]
    PartlyChecked,
    /// No file says which release of Flux a cluster runs.
    FluxVersionAssumed,
    /// Kustomizations keep redefining each other.
    NotConverging,
    /// A FluxInstance does not say what it syncs.
    InstanceWithoutSync,
    /// Which folders are clusters is assumed.
    ClustersAssumed,
    /// A folder looks like a cluster, and nothing says so.
    ClusterQuestion,
    /// Something says that a folder is synced which does not exist.
    SyncedPathMissing,
    /// Two folders are taken for one cluster.
    OneCluster,
    /// No cluster applies a Kustomization.
    Unapplied,
    /// Clusters sync different branches of the repository.
    Revisions,
    /// More than the given folder was checked.
    PartOfRepository,
    /// Folders need variables from outside.
    Library,
    /// Folders were left out by their names.
    Inactive,
    /// Texts name a path that a cluster may sync.
    PathInText,
    /// Files were left out because other tools fill them in.
    Template,
    /// Nothing was checked.
    NothingChecked,
}

impl NoteReason {
    /// The word of the JSON report.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SourceUnavailable => "source-unavailable",
            Self::NotInClone => "not-in-clone",
            Self::SourceUndefined => "source-undefined",
            Self::ValuesUnknown => "values-unknown",
            Self::PartlyChecked => "partly-checked",
            Self::FluxVersionAssumed => "flux-version-assumed",
            Self::NotConverging => "not-converging",
            Self::InstanceWithoutSync => "instance-without-sync",
            Self::ClustersAssumed => "clusters-assumed",
            Self::ClusterQuestion => "cluster-question",
            Self::SyncedPathMissing => "synced-path-missing",
            Self::OneCluster => "one-cluster",
            Self::Unapplied => "unapplied",
            Self::Revisions => "revisions",
            Self::PartOfRepository => "part-of-repository",
            Self::Library => "library",
            Self::Inactive => "inactive",
            Self::PathInText => "path-in-text",
            Self::Template => "template",
            Self::NothingChecked => "nothing-checked",
        }
    }
}

/// A note of a stage.
#[derive(Clone, Debug, Default)]
pub struct FleetNote {
    pub reason: NoteReason,
    pub message: String,
    /// What a person can do about it.
    pub help: Option<String>,
    pub place: Option<Span>,
    /// The names of the clusters that it concerns.
    pub clusters: BTreeSet<String>,
    /// How many objects it concerns.
    pub count: usize,
    /// For each thing that it concerns a cluster, and objects: if a finding says that one of them is not there or not
    /// applied, that is the reason, and the note only repeats it.
    pub causes: Vec<(String, Vec<ObjectId>)>,
}

impl FleetNote {
    /// A note about no place and no cluster.
    pub fn new(reason: NoteReason, message: impl Into<String>) -> Self {
        Self { reason, message: message.into(), count: 1, ..Self::default() }
    }

    /// Adds what a person can do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds where it is to be seen.
    #[must_use]
    pub fn at(mut self, place: Option<Span>) -> Self {
        self.place = place;
        self
    }
}

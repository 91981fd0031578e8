//! An object on a cluster, and how it comes there.

use std::sync::Arc;

use super::ReconcilerId;
use crate::object::Object;

/// An object on a cluster: a view, because the clusters share what the same builds apply.
#[derive(Clone, Copy, Debug)]
pub struct ClusterObject<'a> {
    pub object: &'a Object,
    /// The same, as it is shared with the other clusters that hold it.
    pub shared: &'a Arc<Object>,
    pub by: AppliedBy,
    /// All of it is known: its variables, and what builds did to it. Rules judge only settled objects; the others merely
    /// exist.
    pub settled: bool,
}

/// How an object comes onto a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppliedBy {
    /// A reconciler of the cluster applies it.
    Reconciler(ReconcilerId),
    /// Flux Operator makes it from the FluxInstance, or `flux bootstrap` made it.
    Bootstrap,
    /// A policy or an annotation copies it from another namespace, or a policy makes it.
    Copy {
        /// The object that is copied, or the policy that holds it: an index into [`Cluster::objects`].
        source: usize,
        /// The policy or the annotated object that says so, an index into [`Cluster::objects`].
        policy: usize,
    },
    /// Declared in the configuration or by the profile, stored in no repository (a Secret with a token, an object that is
    /// made elsewhere).
    Declared,
}

impl ClusterObject<'_> {
    /// All that can be known of it is known: rules may not judge what the configuration declares, others may read it.
    pub(super) fn is_known(self) -> bool {
        self.settled || self.by == AppliedBy::Declared
    }

    /// As [`Self::is_known`], and of a declared ConfigMap or Secret it is said which keys it has.
    pub(super) fn has_known_data(self) -> bool {
        let has = |field: &str| self.object.root.get(field).is_some();
        self.settled && self.by != AppliedBy::Declared || self.is_known() && (has("data") || has("stringData"))
    }
}

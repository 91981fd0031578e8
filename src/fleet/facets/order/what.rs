//! What happens on a new cluster, and why it waits.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::fleet::ReconcilerId;
use crate::object::{Object, ObjectId};

/// Something that happens once on a new cluster.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// A reconciler starts: it is there, and so is all that it waits for.
    Start(ReconcilerId),
    /// It has applied definitions and namespaces, which come first.
    Staged(ReconcilerId),
    /// It has applied everything.
    Applied(ReconcilerId),
    /// It is ready.
    Ready(ReconcilerId),
    /// An object is there.
    Exists(ObjectId),
    /// A kind is served: group and kind.
    Served(SmolStr, SmolStr),
}

impl What {
    /// The reconciler that does it, if one does.
    pub fn reconciler(&self) -> Option<ReconcilerId> {
        match self {
            Self::Start(id) | Self::Staged(id) | Self::Applied(id) | Self::Ready(id) => Some(*id),
            Self::Exists(_) | Self::Served(..) => None,
        }
    }
}

/// Why an event waits for another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is the next step of the same reconciler.
    Next,
    /// A reconciler applies the object, or the definition of the kind.
    AppliedBy,
    /// The chart of a HelmRelease brings the kind.
    Chart,
    /// An object has to be there before it can do anything.
    Itself,
    /// `dependsOn`.
    DependsOn,
    /// `wait`: what it applies has to be ready.
    Wait,
    /// `healthChecks`.
    HealthCheck,
    /// It reads a source, a chart, a ConfigMap or a Secret.
    Reads,
    /// It applies as a service account.
    Account,
    /// It applies objects in a namespace.
    Namespace,
    /// It applies objects of a kind.
    Kind,
}

/// A need, and the field that says so.
#[derive(Clone, Debug)]
pub struct Why {
    pub reason: Reason,
    /// The object and the JSON pointer of the field; `None` where no field does.
    pub place: Option<(Arc<Object>, String)>,
}

impl Why {
    /// Without a place.
    pub(super) fn of(reason: Reason) -> Self {
        Self { reason, place: None }
    }

    /// At a field of an object.
    pub(super) fn at(reason: Reason, object: &Arc<Object>, pointer: impl Into<String>) -> Self {
        Self { reason, place: Some((Arc::clone(object), pointer.into())) }
    }
}

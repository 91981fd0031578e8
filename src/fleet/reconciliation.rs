//! What became of the reconcilers of a cluster in a round, and what they start from.

use std::collections::HashMap;
use std::sync::Arc;

use smol_str::SmolStr;

use super::reconciler::{Identity, OpenReason, Outcome, Reconciler, ReconcilerKind, SourceState, UnknownValues};
use super::rendered::Rendered;
use super::source_request::SourceRequest;
use super::unseen::Unseen;
use crate::flux::resource_set::Provider;
use crate::object::Object;

/// The objects that are on a cluster before anything is applied.
pub(super) struct Seeds {
    /// The roots: a FluxInstance or what bootstrap applied, with the source and the Kustomization they come with.
    pub bootstrap: Vec<Arc<Object>>,
    /// What no repository stores: the Secrets of declared tokens.
    pub declared: Vec<Arc<Object>>,
    /// What the configuration says is made elsewhere.
    pub externals: Vec<Arc<Object>>,
}

/// What became of a reconciler, by kind, namespace and name.
pub(super) type Results = HashMap<ReconcilerKey, Arc<Reconciliation>>;
pub(super) type ReconcilerKey = (ReconcilerKind, SmolStr, SmolStr);

/// What a reconciler made of what it was given.
pub(super) struct Reconciliation {
    pub(super) given: Inputs,
    pub source: Option<SourceState>,
    pub outcome: Outcome,
    pub rendered: Arc<Rendered>,
    pub missing_sources: Vec<(SmolStr, SmolStr)>,
    pub unknown_values: Vec<UnknownValues>,
    pub is_source_unavailable: bool,
    pub unseen: Unseen,
}

/// Everything about a cluster that decides what a reconciler makes.
#[derive(Clone, PartialEq)]
pub(super) struct Inputs {
    pub object: Arc<Object>,
    pub source: Option<SourceRequest>,
    pub variables: Vec<Arc<Object>>,
    pub unknown: Vec<UnknownValues>,
    /// Those that give inputs to a ResourceSet.
    pub providers: Vec<Provider>,
}

/// What names a reconciler on a cluster.
pub(super) fn key(object: &Object, kind: ReconcilerKind) -> ReconcilerKey {
    (kind, object.id.namespace.clone(), object.id.name.clone())
}

impl Reconciliation {
    pub(super) fn without(given: Inputs, outcome: Outcome) -> Self {
        let rendered = Arc::default();
        Self {
            given,
            source: None,
            outcome,
            rendered,
            missing_sources: Vec::new(),
            unknown_values: Vec::new(),
            is_source_unavailable: false,
            unseen: Unseen::Anything,
        }
    }

    pub(super) fn visible(self) -> Self {
        Self { unseen: Unseen::Nothing, ..self }
    }

    /// What its build lacks, and, beside that, why values are not known, unless an object that holds them says so.
    fn open_reasons(&self) -> Vec<OpenReason> {
        let mut reasons = self.rendered.undetermined.clone();
        let values = self.rendered.unknown_values.as_ref().filter(|_| self.unknown_values.is_empty());
        if !reasons.is_empty() {
            reasons.extend(values.map(|message| OpenReason { message: message.clone(), help: None }));
        }
        reasons
    }

    /// The reconciler, as the rest of a run sees it.
    pub(super) fn describe(&self, reconciler: &mut Reconciler) {
        reconciler.source.clone_from(&self.source);
        reconciler.outcome = self.outcome.clone();
        reconciler.problems = [self.rendered.problems.as_slice(), &self.rendered.told].concat();
        reconciler.remarks = Arc::clone(&self.rendered.remarks);
        reconciler.undefined.clone_from(&self.rendered.undefined);
        reconciler.uses = Arc::clone(&self.rendered.uses);
        reconciler.missing_sources.clone_from(&self.missing_sources);
        reconciler.unknown_values.clone_from(&self.unknown_values);
        reconciler.is_source_unavailable = self.is_source_unavailable;
        reconciler.open_reasons = self.open_reasons();
        reconciler.unseen = self.unseen.clone();
        reconciler.identity = Identity::Unknown;
    }
}

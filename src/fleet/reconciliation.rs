//! What became of the appliers of a cluster in a round, and what they start from.

use std::collections::HashMap;
use std::sync::Arc;

use smol_str::SmolStr;

use super::applier::{Applier, ApplierKind, Identity, OpenReason, Outcome, SourceState, UnknownValues};
use super::render::Rendered;
use super::unseen::Unseen;
use super::wanted::Wanted;
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

/// What became of an applier, by kind, namespace and name.
pub(super) type Results = HashMap<ApplierKey, Arc<Reconciliation>>;
pub(super) type ApplierKey = (ApplierKind, SmolStr, SmolStr);

/// What an applier made of what it was given.
pub(super) struct Reconciliation {
    pub(super) given: Given,
    pub source: Option<SourceState>,
    pub outcome: Outcome,
    pub rendered: Arc<Rendered>,
    pub missing_sources: Vec<(SmolStr, SmolStr)>,
    pub unknown_values: Vec<UnknownValues>,
    pub is_source_unavailable: bool,
    pub unseen: Unseen,
}

/// Everything about a cluster that decides what an applier makes.
#[derive(Clone, PartialEq)]
pub(super) struct Given {
    pub object: Arc<Object>,
    pub source: Option<Wanted>,
    pub variables: Vec<Arc<Object>>,
    pub unknown: Vec<UnknownValues>,
    /// Those that give inputs to a ResourceSet.
    pub providers: Vec<Provider>,
}

/// What names an applier on a cluster.
pub(super) fn key(object: &Object, kind: ApplierKind) -> ApplierKey {
    (kind, object.id.namespace.clone(), object.id.name.clone())
}

impl Reconciliation {
    pub(super) fn without(given: Given, outcome: Outcome) -> Self {
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

    /// The applier, as the rest of a run sees it.
    pub(super) fn describe(&self, applier: &mut Applier) {
        applier.source.clone_from(&self.source);
        applier.outcome = self.outcome.clone();
        applier.problems = [self.rendered.problems.as_slice(), &self.rendered.told].concat();
        applier.undefined.clone_from(&self.rendered.undefined);
        applier.uses.clone_from(&self.rendered.uses);
        applier.missing_sources.clone_from(&self.missing_sources);
        applier.unknown_values.clone_from(&self.unknown_values);
        applier.is_source_unavailable = self.is_source_unavailable;
        applier.open_reasons = self.open_reasons();
        applier.unseen = self.unseen.clone();
        applier.identity = Identity::Unknown;
    }
}

//! Facts about the cluster that a rule looks at: see [`Fact`].

use super::RuleContext;
use crate::finding::{Fact, Findings, Place};
use crate::fleet::existence::Creator;
use crate::fleet::{ClusterObject, Reconciler};
use crate::object::ObjectId;

impl RuleContext<'_> {
    /// Nothing of what a reconciler makes is applied.
    pub fn not_applied(self, reconciler: &Reconciler) -> Fact {
        Fact::NotApplied(self.cluster.name.clone(), reconciler.object.id.clone())
    }

    /// Nothing of what an object would make is applied.
    pub fn nothing_of(self, id: &ObjectId) -> Fact {
        Fact::NotApplied(self.cluster.name.clone(), id.clone())
    }

    /// A variable has no value where a reconciler substitutes it.
    pub fn no_value(self, reconciler: &Reconciler, name: &str) -> Fact {
        Fact::NoValue(self.cluster.name.clone(), reconciler.object.id.clone(), name.into())
    }

    /// A reconciler replaces no variables.
    pub fn not_substituted(self, reconciler: &Reconciler) -> Fact {
        Fact::NotSubstituted(self.cluster.name.clone(), reconciler.object.id.clone())
    }

    /// An object lacks a field, or has nothing in it.
    pub fn unset(self, id: &ObjectId, pointer: &str) -> Fact {
        Fact::Unset(self.cluster.name.clone(), id.clone(), pointer.to_owned())
    }

    /// Who applies an object has no right to.
    pub fn forbidden(self, id: &ObjectId) -> Fact {
        Fact::Forbidden(self.cluster.name.clone(), id.clone())
    }

    /// The cluster lacks an object.
    pub fn no_object(self, id: &ObjectId) -> Fact {
        Fact::NoObject(self.cluster.name.clone(), id.clone())
    }

    /// What an object depends on is not what it should be.
    pub fn not_ordered(self, id: &ObjectId) -> Fact {
        Fact::NotOrdered(self.cluster.name.clone(), id.clone())
    }

    /// An object should not be on the cluster.
    pub fn unwanted(self, id: &ObjectId) -> Fact {
        Fact::Unwanted(self.cluster.name.clone(), id.clone())
    }

    /// A Namespace is another one, renamed.
    pub fn renamed(self, id: &ObjectId) -> Fact {
        Fact::Renamed(self.cluster.name.clone(), id.clone())
    }

    /// A Namespace lacks the label of its tenant.
    pub fn no_tenant_label(self, namespace: ClusterObject<'_>) -> Fact {
        Fact::NoTenantLabel(self.cluster.name.clone(), namespace.object.id.name.clone())
    }

    /// An object is not on the cluster as far as is known, but something may create it that is not known.
    pub fn cannot_tell(self, id: &ObjectId, creator: &Creator<'_>, place: Option<Place>, findings: &mut Findings) {
        findings.cannot_tell(id, creator, creator.object.is_none(), place).because(self.unknown_because(creator));
    }

    /// Why it is not known what a creator creates: whatever explains one of these says it.
    pub fn unknown_because(self, creator: &Creator<'_>) -> Vec<Fact> {
        let cluster = &self.cluster.name;
        let facts = creator.makers.iter().flat_map(|maker| {
            let no_value = |name| Fact::NoValue(cluster.clone(), maker.clone(), name);
            [Some(self.nothing_of(maker)), creator.empty.clone().map(no_value)]
        });
        facts.flatten().collect()
    }
}

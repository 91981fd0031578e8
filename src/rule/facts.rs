//! Facts about the cluster that a rule looks at: see [`Fact`].

use super::View;
use crate::finding::Fact;
use crate::fleet::{Applier, Placed};
use crate::object::ObjectId;

impl View<'_> {
    /// Nothing of what an applier makes is applied.
    pub fn not_applied(self, applier: &Applier) -> Fact {
        Fact::NotApplied(self.cluster.name.clone(), applier.object.id.clone())
    }

    /// A variable has no value where an applier substitutes it.
    pub fn no_value(self, applier: &Applier, name: &str) -> Fact {
        Fact::NoValue(self.cluster.name.clone(), applier.object.id.clone(), name.into())
    }

    /// An applier replaces no variables.
    pub fn not_substituted(self, applier: &Applier) -> Fact {
        Fact::NotSubstituted(self.cluster.name.clone(), applier.object.id.clone())
    }

    /// The cluster lacks an object.
    pub fn no_object(self, id: &ObjectId) -> Fact {
        Fact::NoObject(self.cluster.name.clone(), id.clone())
    }

    /// A Namespace lacks the label of its tenant.
    pub fn no_tenant_label(self, namespace: &Placed) -> Fact {
        Fact::NoTenantLabel(self.cluster.name.clone(), namespace.object.id.name.clone())
    }
}

//! Copies of runtime-info in the namespaces of tenants, and the policies that make them.

use super::Variables;
use crate::fleet::Reconciler;
use crate::flux::propagation::clone_rules;
use crate::object::Object;
use crate::yaml::Node;

/// A policy that would copy an object if the object had other labels, and what waits for the copies.
#[derive(Clone, Debug)]
pub struct MissedCopies<'a> {
    pub policy: &'a Object,
    /// What the labels have to be.
    pub selector: &'a Node,
    /// The namespaces that need a copy and would get one, sorted.
    pub namespaces: Vec<&'a str>,
    pub waiting: Vec<&'a Reconciler>,
}

impl<'a> Variables<'a> {
    /// The policies that copy an object into other namespaces.
    pub fn copying_policies(self, object: &'a Object) -> impl Iterator<Item = &'a Object> {
        let policies = self.cluster.of_kind("kyverno.io", "ClusterPolicy").map(|placed| placed.object);
        policies.filter(move |policy| clone_rules(policy).iter().any(|rule| rule.copies(object)))
    }

    /// The policies that leave an object out because of its labels, where Kustomizations need its copies and have none.
    pub fn missed_copies(self, object: &'a Object) -> Vec<MissedCopies<'a>> {
        let is_copy = |reconciler: &Reconciler| {
            let mut missing = reconciler.missing_ids();
            missing
                .any(|id| id.kind == object.id.kind && id.name == object.id.name && id.namespace != object.id.namespace)
        };
        let waiting: Vec<&Reconciler> =
            self.cluster.reconcilers.iter().filter(|reconciler| is_copy(reconciler)).collect();
        if waiting.is_empty() {
            return Vec::new();
        }
        let policies = self.cluster.of_kind("kyverno.io", "ClusterPolicy").map(|placed| placed.object);
        let rules = policies.flat_map(clone_rules);
        let missed = rules.filter_map(|rule| {
            let selector = rule.misses_by_label(object)?;
            let gets_one = |reconciler: &&&Reconciler| {
                let namespace = self.cluster.namespace(&reconciler.object.id.namespace);
                namespace.is_some_and(|namespace| rule.triggers_on(namespace.object))
            };
            let waiting: Vec<&Reconciler> = waiting.iter().filter(gets_one).copied().collect();
            let mut namespaces: Vec<&str> = waiting.iter().map(|it| it.object.id.namespace.as_str()).collect();
            namespaces.sort_unstable();
            namespaces.dedup();
            let missed = MissedCopies { policy: rule.policy, selector, namespaces, waiting };
            (!missed.waiting.is_empty()).then_some(missed)
        });
        missed.collect()
    }
}

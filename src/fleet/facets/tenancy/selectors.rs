//! The labels by which policies select the namespaces of tenants.

use super::Tenancy;
use crate::fleet::ClusterObject;
use crate::fleet::tenant_label::TENANT_LABEL;
use crate::object::Object;
use crate::yaml::Node;

/// A label by which a policy selects the namespaces of a tenant.
#[derive(Clone, Copy, Debug)]
pub struct TenantSelector<'a> {
    pub policy: &'a Object,
    pub key: &'a str,
    pub value: &'a str,
    /// The value in the policy.
    pub place: &'a Node,
}

impl<'a> Tenancy<'a> {
    /// The labels by which policies select the namespaces of a tenant and that this one of its namespaces lacks.
    pub fn missing_tenant_labels(self, namespace: ClusterObject<'_>) -> Vec<TenantSelector<'a>> {
        let owner = self.owner(namespace);
        let (name, mut selectors) = (&namespace.object.id.name, self.tenant_selectors());
        selectors.retain(|label| {
            let is_tenants = owner.tenant() == Some(label.value) || self.holds_labelled(name, label.value);
            is_tenants && namespace.object.label(label.key).and_then(Node::text) != Some(label.value)
        });
        selectors
    }

    /// The tenant labels by which policies of the cluster select namespaces, each once.
    pub fn tenant_selectors(self) -> Vec<TenantSelector<'a>> {
        let mut found: Vec<TenantSelector<'a>> = Vec::new();
        let policies = self.cluster.objects.of_kinds(is_policy).filter(|placed| placed.settled);
        for policy in policies.map(|placed| placed.object) {
            for selector in selectors(policy) {
                let known = found.iter().any(|it| it.key == selector.key && it.value == selector.value);
                if !known {
                    found.push(selector);
                }
            }
        }
        found
    }
}

fn is_policy(group: &str, kind: &str) -> bool {
    group == "kyverno.io" && matches!(kind, "ClusterPolicy" | "Policy")
}

/// The tenant labels in a policy's `match` blocks: `selector` of Namespaces, `namespaceSelector` of other kinds.
fn selectors(policy: &Object) -> Vec<TenantSelector<'_>> {
    let rules = policy.at("/spec/rules").map(Node::items).unwrap_or_default();
    let matches = rules.iter().filter_map(|rule| rule.get("match"));
    let blocks = matches.flat_map(|matching| {
        let lists = ["any", "all"].into_iter().filter_map(|key| matching.get(key)).flat_map(Node::items);
        lists.filter_map(|block| block.get("resources")).chain(matching.get("resources"))
    });
    blocks.flat_map(|resources| selectors_of(policy, resources)).collect()
}

fn selectors_of<'a>(policy: &'a Object, resources: &'a Node) -> Vec<TenantSelector<'a>> {
    let kinds = resources.get("kinds").map(Node::items).unwrap_or_default();
    let is_namespace = |kind: &Node| kind.text().is_some_and(|kind| kind.rsplit('/').next() == Some("Namespace"));
    let field = if kinds.iter().any(is_namespace) { "selector" } else { "namespaceSelector" };
    let labels = resources.get(field).and_then(|selector| selector.get("matchLabels")).map(Node::entries);
    let tenant = labels.unwrap_or_default().iter().filter(|entry| entry.key.text() == Some(TENANT_LABEL));
    let selector = tenant.filter_map(|entry| {
        let value = entry.value.text().filter(|value| !value.is_empty() && !value.contains(['*', '?']))?;
        Some(TenantSelector { policy, key: TENANT_LABEL, value, place: &entry.value })
    });
    selector.collect()
}

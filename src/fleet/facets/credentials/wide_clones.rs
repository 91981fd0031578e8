//! Policies that copy credentials of the platform to tenants.

use smol_str::SmolStr;

use super::Credentials;
use crate::fleet::{AppliedBy, Owner};
use crate::flux::propagation::clone_rules;
use crate::object::Object;
use crate::yaml::Node;

/// A credential of the platform that a policy copies into a namespace of a tenant.
#[derive(Clone, Debug)]
pub struct WideClone<'a> {
    pub policy: &'a Object,
    /// JSON pointer of what selects the Secrets.
    pub field: String,
    pub has_selector: bool,
    /// The Secret that is copied.
    pub secret: &'a Object,
    /// The first namespace that gets it, and whose it is.
    pub namespace: SmolStr,
    pub tenant: SmolStr,
}

impl<'a> Credentials<'a> {
    /// The credentials of the platform that policies copy to tenants, each once for each policy.
    pub fn wide_clones(self) -> Vec<WideClone<'a>> {
        let cluster = self.cluster;
        let platform = self.platform_secrets();
        let mut found: Vec<WideClone<'_>> = Vec::new();
        for copy in cluster.objects.of_kind("", "Secret") {
            let AppliedBy::Copy { source, policy } = copy.by else { continue };
            let (Some(secret), Some(policy)) = (cluster.objects.get(source), cluster.objects.get(policy)) else {
                continue;
            };
            let id = &secret.object.id;
            let is_platform = platform.iter().any(|(namespace, name)| *namespace == id.namespace && *name == id.name);
            let is_known = found.iter().any(|it| it.policy.id == policy.object.id && it.secret.id == *id);
            let namespace = &copy.object.id.namespace;
            let Some(Owner::Tenant(tenant)) = self.fleet.tenancy(cluster).owner_of_namespace(namespace) else {
                continue;
            };
            let rule = clone_rules(policy.object).into_iter().find(|rule| rule.copies(secret.object));
            if let (true, false, Some(rule)) = (is_platform, is_known, rule) {
                found.push(WideClone {
                    policy: policy.object,
                    field: field_of(policy.object, secret.object),
                    has_selector: rule.is_selective(),
                    secret: secret.object,
                    namespace: namespace.clone(),
                    tenant,
                });
            }
        }
        found
    }
}

/// The field of the rule that copies a Secret: its selector, or the list without one.
fn field_of(policy: &Object, secret: &Object) -> String {
    let pointer = "/spec/rules";
    let rules = policy.at(pointer).map(Node::items).unwrap_or_default();
    let namespace =
        |rule: &Node, list: &str| rule.get("generate")?.get(list)?.get("namespace")?.text().map(str::to_owned);
    let of_rule = rules.iter().enumerate().find_map(|(index, rule)| {
        let list = ["cloneList", "clone"]
            .into_iter()
            .find(|list| namespace(rule, list).as_deref() == Some(&secret.id.namespace))?;
        let field = if list == "clone" { "name" } else { "selector" };
        Some(format!("{pointer}/{index}/generate/{list}/{field}"))
    });
    of_rule.unwrap_or_else(|| "/metadata/name".to_owned())
}

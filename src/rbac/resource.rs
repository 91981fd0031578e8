//! The resource of a kind: its plural, and whether it is in a namespace (kubernetes-facts section 4).

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Where objects of a kind are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Namespaced,
    Cluster,
    /// Nothing says it.
    Unknown,
}

/// How it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// It is one of Kubernetes' own, or of a widespread CRD.
    Table,
    /// A CustomResourceDefinition of the fleet says so.
    Definition,
    /// The plural follows from the kind, as it does for almost all of them.
    Convention,
}

/// The resource by which the API server knows a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    pub plural: Cow<'static, str>,
    pub scope: Scope,
    pub evidence: Evidence,
}

/// The table: the kinds of each group, in its order.
static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("../../roles/resources.txt")));

#[derive(Default)]
struct Table {
    /// By group, then by kind.
    by_kind: HashMap<&'static str, HashMap<&'static str, Resource>>,
    /// The first group of a plural, and of a kind in lower case.
    by_word: HashMap<String, (&'static str, Cow<'static, str>)>,
}

impl Table {
    fn read(text: &'static str) -> Self {
        let mut table = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut columns = line.split('\t');
            let (Some(group), Some(scope), Some(kinds)) = (columns.next(), columns.next(), columns.next()) else {
                continue;
            };
            let group = if group == "core" { "" } else { group };
            let scope = if scope == "C" { Scope::Cluster } else { Scope::Namespaced };
            for word in kinds.split(' ') {
                let (kind, plural) = word.split_once('=').unwrap_or((word, ""));
                let plural = if plural.is_empty() { Cow::Owned(plural_of(kind)) } else { Cow::Borrowed(plural) };
                for word in [plural.to_string(), kind.to_ascii_lowercase()] {
                    table.by_word.entry(word).or_insert_with(|| (group, plural.clone()));
                }
                let resource = Resource { plural, scope, evidence: Evidence::Table };
                table.by_kind.entry(group).or_default().insert(kind, resource);
            }
        }
        table
    }
}

/// The resource of a kind, where the table knows it.
pub fn resource_of(group: &str, kind: &str) -> Option<&'static Resource> {
    TABLE.by_kind.get(group)?.get(kind)
}

/// The resource that a kind has by convention; nothing says where its objects are.
pub fn resource_by_convention(kind: &str) -> Resource {
    Resource { plural: Cow::Owned(plural_of(kind)), scope: Scope::Unknown, evidence: Evidence::Convention }
}

/// Resource and group of what a person writes: `deployments.apps`, or a name of which the table knows the group. What is not
/// known is meant literally.
pub fn split_resource(text: &str) -> (Cow<'_, str>, &str) {
    if let Some((resource, group)) = text.split_once('.') {
        return (resource.into(), group);
    }
    match TABLE.by_word.get(&text.to_ascii_lowercase()) {
        Some((group, plural)) => (plural.clone(), group),
        None => (text.into(), ""),
    }
}

/// The regular plural of a kind.
fn plural_of(kind: &str) -> String {
    let word = kind.to_ascii_lowercase();
    let is_vowel = |it: char| matches!(it, 'a' | 'e' | 'i' | 'o' | 'u');
    match word.strip_suffix('y') {
        Some(stem) if !stem.ends_with(is_vowel) => return format!("{stem}ies"),
        _ => {}
    }
    let is_hissing = ["s", "x", "z", "ch", "sh"].iter().any(|ending| word.ends_with(ending));
    word + if is_hissing { "es" } else { "s" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_are_those_of_the_api() {
        let plural = |group: &str, kind: &str| resource_of(group, kind).unwrap().plural.to_string();
        let cases = [
            ("", "Endpoints", "endpoints"),
            ("", "ComponentStatus", "componentstatuses"),
            ("networking.k8s.io", "NetworkPolicy", "networkpolicies"),
            ("networking.k8s.io", "Ingress", "ingresses"),
            ("networking.k8s.io", "IPAddress", "ipaddresses"),
            ("networking.k8s.io", "ServiceCIDR", "servicecidrs"),
            ("storage.k8s.io", "StorageClass", "storageclasses"),
            ("storage.k8s.io", "CSIStorageCapacity", "csistoragecapacities"),
            ("gateway.networking.k8s.io", "Gateway", "gateways"),
            ("monitoring.coreos.com", "Prometheus", "prometheuses"),
            ("source.toolkit.fluxcd.io", "GitRepository", "gitrepositories"),
            ("flagger.app", "Canary", "canaries"),
            ("cilium.io", "CiliumLoadBalancerIPPool", "ciliumloadbalancerippools"),
            ("k8s.cni.cncf.io", "NetworkAttachmentDefinition", "network-attachment-definitions"),
        ];
        for (group, kind, expected) in cases {
            assert_eq!(plural(group, kind), expected);
        }
        assert_eq!(resource_by_convention("Gateway").plural, "gateways");
        assert_eq!(resource_by_convention("Proxy").plural, "proxies");
    }

    #[test]
    fn a_resource_splits_at_its_first_dot() {
        let split = |text: &'static str| {
            let (resource, group) = split_resource(text);
            (resource.into_owned(), group)
        };
        let pair = |resource: &str, group| (resource.to_owned(), group);
        assert_eq!(split("pods"), pair("pods", ""));
        assert_eq!(split("pod"), pair("pods", ""));
        assert_eq!(split("deployments"), pair("deployments", "apps"));
        assert_eq!(split("Deployment"), pair("deployments", "apps"));
        assert_eq!(split("ingresses"), pair("ingresses", "networking.k8s.io"));
        assert_eq!(split("events"), pair("events", ""));
        assert_eq!(split("clusters.postgresql.cnpg.io"), pair("clusters", "postgresql.cnpg.io"));
        assert_eq!(split("widgets"), pair("widgets", ""));
        assert_eq!(split("widgets.a.b"), pair("widgets", "a.b"));
    }
}

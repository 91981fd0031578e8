//! `tenants`: which tenants are part of the platform, and which are not.

use smol_str::SmolStr;

use super::shape::ConfigReader;
use crate::problem::{Problem, ProblemKind};
use crate::yaml::{Entry, Node, Span};

const KEYS: [&str; 2] = ["name", "platform"];

/// An entry of `tenants`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfiguredTenant {
    pub name: SmolStr,
    /// It is part of the platform: no rule about tenants judges it. `false` where the file does not say it.
    pub platform: bool,
    /// The name.
    pub place: Option<Span>,
}

impl ConfigReader<'_> {
    pub(super) fn tenants(&mut self, node: &Node) -> Vec<ConfiguredTenant> {
        let mut tenants: Vec<ConfiguredTenant> = Vec::new();
        for item in self.mappings(node, "tenants", "name the tenant, and say whether it is part of the `platform`") {
            let Some(tenant) = self.tenant(item) else { continue };
            if let Some(first) = tenants.iter().find(|first| first.name == tenant.name) {
                let message = format!("tenant `{}` is listed twice", tenant.name);
                let problem =
                    Problem::new(ProblemKind::InvalidObject, message, tenant.place).help("remove one of the two");
                self.problems.push(problem.related(first.place, "the first one"));
            }
            tenants.push(tenant);
        }
        tenants
    }

    fn tenant(&mut self, node: &Node) -> Option<ConfiguredTenant> {
        let (mut name, mut platform) = (None, false);
        for Entry { key, value } in self.entries(node, "a tenant") {
            match key.text().unwrap_or_default() {
                "name" => name = self.text(value, "the `name` of a tenant"),
                "platform" => platform = self.boolean(value, "`platform`").unwrap_or_default(),
                _ => self.unknown_key(key, &KEYS, "a tenant"),
            }
        }
        if let Some(first) = node.entries().first().filter(|_| node.get("name").is_none()) {
            self.wrong(&first.key, "a tenant has no `name`", "add the value of its label `toolkit.fluxcd.io/tenant`");
        }
        let place = node.get("name").and_then(Node::place);
        name.map(|name| ConfiguredTenant { name, platform, place })
    }
}

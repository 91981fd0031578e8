//! Roles and bindings that no repository holds: those of the API server, of Flux, and of the Flux Operator.

use std::sync::{Arc, LazyLock};

use smol_str::SmolStr;

use super::binding::{Binding, Subject};
use super::role::{GrantedRule, Role, RoleId, Written};
use super::rule::PolicyRule;
use super::selector::Selector;

/// Those that the API server creates (kubernetes-facts section 1).
static API_SERVER: LazyLock<Given> =
    LazyLock::new(|| Given::read(include_str!("../../roles/api-server.txt"), &Written::ApiServer));

/// Roles and bindings.
#[derive(Clone, Debug, Default)]
pub struct Given {
    pub(super) roles: Vec<Role>,
    pub(super) bindings: Vec<Binding>,
}

impl Given {
    /// Those that the API server creates.
    pub fn of_api_server() -> &'static Self {
        &API_SERVER
    }

    /// Those that come with the controllers of Flux in a namespace.
    pub fn of_flux(namespace: &str) -> Self {
        Self::read(&include_str!("../../roles/flux.txt").replace("NAMESPACE", namespace), &Written::Flux)
    }

    /// Those that come with the Flux Operator in a namespace.
    pub fn of_operator(namespace: &str) -> Self {
        Self::read(&include_str!("../../roles/flux-operator.txt").replace("NAMESPACE", namespace), &Written::Flux)
    }

    /// Reads a table: its first lines say how it is written.
    fn read(table: &str, written: &Written) -> Self {
        let mut given = Self::default();
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let mut columns = line.split('\t');
            let mut next = || columns.next().unwrap_or_default();
            let (word, first) = (next(), next());
            match (word, given.roles.last_mut(), given.bindings.last_mut()) {
                ("role", ..) => given.roles.push(role(first, written)),
                ("binding", ..) => given.bindings.push(binding(first, next(), next(), written)),
                ("label", Some(role), _) => role.labels.extend(pair(first)),
                ("gathers", Some(role), _) => {
                    let selector = pair(first).map(|(key, value)| Selector::of_label(&key, &value));
                    role.gathers.get_or_insert_default().extend(selector);
                }
                ("rule", Some(role), _) => {
                    let (groups, resources, names) = (next(), next(), next());
                    let groups = list(groups).into_iter().map(|it| if it == "core" { "".into() } else { it });
                    let (verbs, resources, names) = (list(first), list(resources), list(names));
                    let rule = PolicyRule { verbs, groups: groups.collect(), resources, names, urls: Vec::new() };
                    add(role, rule);
                }
                ("url", Some(role), _) => {
                    let rule = PolicyRule { verbs: list(first), urls: list(next()), ..PolicyRule::default() };
                    add(role, rule);
                }
                ("subject", _, Some(binding)) => {
                    let (name, namespace) = (next(), next());
                    binding.subjects.push(Subject::of(first, name, namespace));
                }
                _ => {}
            }
        }
        given
    }
}

fn id(name: &str) -> RoleId {
    match name.split_once('/') {
        Some((namespace, name)) => RoleId { namespace: namespace.into(), name: name.into() },
        None => RoleId::cluster(name),
    }
}

fn role(name: &str, written: &Written) -> Role {
    let (rules, labels) = (Vec::new(), Vec::new());
    Role { id: id(name), rules, written: written.clone(), open: None, by: None, labels, gathers: None }
}

fn binding(name: &str, kind: &str, role: &str, written: &Written) -> Binding {
    let RoleId { namespace, name } = id(name);
    let of = if kind == "Role" { namespace.clone() } else { "".into() };
    let role = Some(RoleId { namespace: of, name: role.into() });
    Binding { namespace, name, role, subjects: Vec::new(), written: written.clone() }
}

fn add(role: &mut Role, rule: PolicyRule) {
    let index = role.rules.len();
    let (id, written) = (role.id.clone(), role.written.clone());
    role.rules.push(Arc::new(GrantedRule { rule, role: id, written, index }));
}

fn pair(text: &str) -> Option<(SmolStr, SmolStr)> {
    let (key, value) = text.split_once('=')?;
    Some((key.into(), value.into()))
}

fn list(text: &str) -> Vec<SmolStr> {
    text.split(',').filter(|word| !word.is_empty()).map(SmolStr::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_the_tables_is_read() {
        let given = Given::of_api_server();
        assert_eq!((given.roles.len(), given.bindings.len()), (76, 57));
        assert!(given.roles.iter().all(|role| !role.rules.is_empty() || role.gathers.is_some()));
        assert!(given.bindings.iter().all(|it| !it.subjects.is_empty() || it.name == "system:node"));
        let flux = Given::of_flux("flux-system");
        let names: Vec<&str> = flux.roles.iter().map(|role| role.id.name.as_str()).collect();
        assert_eq!(names, ["crd-controller-flux-system", "flux-view-flux-system", "flux-edit-flux-system"]);
        assert_eq!(flux.bindings[1].subjects[1], Subject::Account("flux-system".into(), "helm-controller".into()));
        assert_eq!(Given::of_operator("a").bindings.len(), 1);
    }
}

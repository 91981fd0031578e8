//! Secrets that commands create, as policies see them: by their labels.

use smol_str::SmolStr;

use crate::fleet::{Cluster, Fleet, Owner};
use crate::flux::propagation::{CloneRule, clone_rules};
use crate::object::{Object, ObjectId};
use crate::repository::{Action, Created, CreatedObject, ObjectKind, Repositories};
use crate::yaml::{Entry, Node, Origin};

/// The Secret that a command creates, with its labels; `None` where not all of that is known.
pub fn object_of(created: &CreatedObject) -> Option<Object> {
    let text = |text: &str| Node::string(text, Origin::default());
    let entry = |key: &str, value: Node| Entry { key: text(key), value };
    let labels = created.labels.iter().map(|(key, value)| Some(entry(key, text(value.text()?))));
    let labels: Vec<Entry> = labels.collect::<Option<_>>()?;
    let metadata = vec![
        entry("name", text(created.name.text()?)),
        entry("namespace", text(created.namespace.text()?)),
        entry("labels", Node::mapping(labels, Origin::default())),
    ];
    let root = vec![
        entry("apiVersion", text("v1")),
        entry("kind", text("Secret")),
        entry("metadata", Node::mapping(metadata, Origin::default())),
    ];
    Object::new(Node::mapping(root, Origin::default()))
}

/// The commands that create Secrets whose names are known, in the order of the repositories and files.
pub fn created_secrets<'r>(repositories: &'r Repositories<'_>) -> Vec<Created<'r>> {
    let of_repository = |repository: &'r crate::repository::Repository<'_>| {
        repository.commands().filter_map(|(path, command)| match &command.action {
            Action::Create(object) if object.kind == ObjectKind::Secret && object.name.text().is_some() => {
                let repository = &repository.tree.repository;
                Some(Created { repository, path, command, object, is_certain: object.namespace.text().is_some() })
            }
            _ => None,
        })
    };
    repositories.iter().flat_map(of_repository).collect()
}

/// Whether a policy copies a Secret that a command creates into the namespace of another one.
pub fn copies_into(cluster: &Cluster, repositories: &Repositories<'_>, id: &ObjectId) -> bool {
    let Some(namespace) = cluster.namespace(&id.namespace) else { return false };
    let rules: Vec<CloneRule<'_>> =
        rules_of(cluster).into_iter().filter(|rule| rule.triggers_on(namespace.object)).collect();
    let mut created =
        created_secrets(repositories).into_iter().filter(|it| !rules.is_empty() && it.object.name.is(&id.name));
    created.any(|it| object_of(it.object).is_some_and(|secret| rules.iter().any(|rule| rule.copies(&secret))))
}

/// The Secrets that objects of a cluster log in with, each as namespace and name.
pub fn used_secrets(fleet: &Fleet, cluster: &Cluster) -> Vec<(SmolStr, SmolStr)> {
    let mut used: Vec<(SmolStr, SmolStr)> =
        fleet.credentials(cluster).uses().into_iter().map(|used| used.secret).collect();
    used.sort();
    used.dedup();
    used
}

/// The clone rules of a cluster's policies.
pub fn rules_of(cluster: &Cluster) -> Vec<CloneRule<'_>> {
    let policies = cluster.of_kind("kyverno.io", "ClusterPolicy");
    policies.flat_map(|policy| clone_rules(policy.object)).collect()
}

/// The tenant who gets a Secret: it is in a namespace of a tenant, or a policy copies it into one.
pub fn tenant_of(fleet: &Fleet, secret: &Object) -> Option<SmolStr> {
    let tenant = |cluster: &Cluster, namespace: &str| match fleet.tenancy(cluster).owner_of_namespace(namespace) {
        Some(Owner::Tenant(tenant)) => Some(tenant),
        _ => None,
    };
    fleet.clusters.iter().find_map(|cluster| {
        let copying: Vec<CloneRule<'_>> = rules_of(cluster).into_iter().filter(|rule| rule.copies(secret)).collect();
        let mut reached =
            cluster.of_kind("", "Namespace").filter(|it| copying.iter().any(|rule| rule.triggers_on(it.object)));
        let own = tenant(cluster, &secret.id.namespace);
        own.or_else(|| reached.find_map(|it| tenant(cluster, &it.object.id.name)))
    })
}

//! Objects that make Secrets: nothing in Git shows the Secret, but something in Git says that it will be there.

use crate::flux::propagation::selects_exactly;
use crate::object::Object;
use crate::yaml::{Entry, Node};

/// The object that makes a Secret (or ConfigMap) of a name, among those of a cluster that may. The namespaces of the
/// cluster tell which of them selectors reach.
pub(super) fn maker_of<'a>(
    makers: impl Iterator<Item = &'a Object> + Clone,
    mut namespaces: impl Iterator<Item = &'a Object>,
    kind: &str,
    namespace: &str,
    name: &str,
) -> Option<&'a Object> {
    let is_inside = |object: &&Object| object.id.namespace == namespace && makes(object, kind) == Some(name);
    let is_for_all = |object: &&Object| kind == "Secret" && makes_in_namespaces(object) == Some(name);
    let for_all = || {
        let mut makers = makers.clone().filter(is_for_all).peekable();
        makers.peek()?;
        let labels = namespaces.find(|it| it.id.name == namespace);
        makers.find(|object| reaches(object, namespace, labels))
    };
    makers.clone().find(is_inside).or_else(for_all)
}

/// Whether an object is of a kind that makes Secrets.
pub(super) fn may_make(object: &Object) -> bool {
    const GROUPS: [&str; 7] = [
        "external-secrets.io",
        "bitnami.com",
        "cert-manager.io",
        "secrets.hashicorp.com",
        "secrets.infisical.com",
        "secrets.doppler.com",
        "onepassword.com",
    ];
    GROUPS.contains(&object.id.group.as_str())
}

/// The Secret that an object makes, with all of it that Git shows: its name, labels and annotations.
pub(super) fn secret_of(object: &Object) -> Option<Object> {
    let metadata = match (object.id.group.as_str(), object.id.kind.as_str()) {
        ("external-secrets.io", "ExternalSecret") => object.at("/spec/target/template/metadata"),
        ("bitnami.com", "SealedSecret") => object.at("/spec/template/metadata"),
        ("cert-manager.io", "Certificate") => object.at("/spec/secretTemplate"),
        _ => None,
    }?;
    let name = makes(object, "Secret")?;
    let origin = object.at("/metadata/name").map(|name| name.origin.clone()).unwrap_or_default();
    let entry = |key: &str, value: Node| Entry { key: Node::string(key, value.origin.clone()), value };
    let text = |value: &str| Node::string(value, origin.clone());
    let mut fields = vec![entry("name", text(name)), entry("namespace", text(&object.id.namespace))];
    fields.extend(["labels", "annotations"].iter().filter_map(|key| Some(entry(key, metadata.get(key)?.clone()))));
    let root = vec![
        entry("apiVersion", text("v1")),
        entry("kind", text("Secret")),
        entry("metadata", Node::mapping(fields, origin.clone())),
    ];
    Object::new(Node::mapping(root, origin))
}

/// The name of the Secret that a ClusterExternalSecret makes in each namespace it selects.
fn makes_in_namespaces(object: &Object) -> Option<&str> {
    if !object.is("external-secrets.io", "ClusterExternalSecret") {
        return None;
    }
    if matches!(object.str("/spec/externalSecretSpec/target/creationPolicy"), Some("Merge" | "None")) {
        return None;
    }
    let target = object.str("/spec/externalSecretSpec/target/name").filter(|name| !name.is_empty());
    let own = object.str("/spec/externalSecretName").filter(|name| !name.is_empty());
    target.or(own).or(Some(&object.id.name))
}

/// Whether a ClusterExternalSecret selects a namespace, by name or by one of its selectors.
fn reaches(object: &Object, namespace: &str, labels: Option<&Object>) -> bool {
    let items = |pointer: &str| object.at(pointer).map(Node::items).unwrap_or_default();
    let is_named = items("/spec/namespaces").iter().any(|item| item.text() == Some(namespace));
    let mut selectors = object.at("/spec/namespaceSelector").into_iter().chain(items("/spec/namespaceSelectors"));
    is_named || labels.is_some_and(|labels| selectors.any(|selector| selects_exactly(selector, labels)))
}

/// The name of the Secret that an object makes in its own namespace.
fn makes<'a>(object: &'a Object, kind: &str) -> Option<&'a str> {
    if kind != "Secret" {
        return None;
    }
    let own_name = || Some(object.id.name.as_str());
    let text = |pointer: &str| object.at(pointer).and_then(Node::text);
    match (object.id.group.as_str(), object.id.kind.as_str()) {
        // `Merge` and `None` need a Secret that is already there.
        ("external-secrets.io", "ExternalSecret")
            if matches!(text("/spec/target/creationPolicy"), Some("Merge" | "None")) =>
        {
            None
        }
        ("external-secrets.io", "ExternalSecret") => text("/spec/target/name").or_else(own_name),
        ("bitnami.com", "SealedSecret") => text("/spec/template/metadata/name").or_else(own_name),
        ("cert-manager.io", "Certificate") => text("/spec/secretName"),
        ("secrets.hashicorp.com", "VaultStaticSecret" | "VaultDynamicSecret" | "VaultPKISecret") => {
            text("/spec/destination/name")
        }
        ("secrets.infisical.com", "InfisicalSecret") => text("/spec/managedSecretReference/secretName"),
        ("secrets.doppler.com", "DopplerSecret") => text("/spec/managedSecret/name"),
        ("onepassword.com", "OnePasswordItem") => own_name(),
        _ => None,
    }
}

//! Objects that make Secrets: nothing in Git shows the Secret, but something in Git says that it will be there.

use crate::object::Object;
use crate::yaml::Node;

/// The object that makes a Secret (or ConfigMap) of a name, among those of a cluster.
pub(super) fn maker_of<'a>(
    objects: impl Iterator<Item = &'a Object>,
    kind: &str,
    namespace: &str,
    name: &str,
) -> Option<&'a Object> {
    let mut inside = objects.filter(|object| object.id.namespace == namespace);
    inside.find(|object| makes(object, kind) == Some(name))
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

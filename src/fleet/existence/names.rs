//! How objects can be called, and which are in a namespace.

use crate::flux::kinds::{self, Namespace, Reference};
use crate::object::ObjectId;

/// Kinds of Kubernetes itself that only those make who want one, all namespaced. Others (pods, jobs, volume claims) are made
/// from them.
pub(super) const MADE_BY_NOBODY_ELSE: [(&str, &str); 6] = [
    ("apps", "Deployment"),
    ("apps", "StatefulSet"),
    ("apps", "DaemonSet"),
    ("batch", "CronJob"),
    ("", "ConfigMap"),
    ("networking.k8s.io", "Ingress"),
];

/// Whether an object or a namespace can be called so: nothing that is still an expression can.
pub fn can_be_called(text: &str) -> bool {
    !text.contains(['$', '{', '}', '<', '>'])
}

/// Whether a namespaced object is looked for in no namespace.
pub(super) fn lacks_namespace(id: &ObjectId, reference: &Reference) -> bool {
    let is_namespaced = || {
        let table = kinds::table(&id.group, &id.kind);
        table.map_or(MADE_BY_NOBODY_ELSE.contains(&(&id.group, &id.kind)), |table| table.is_namespaced)
    };
    reference.namespace == Namespace::Written && id.namespace.is_empty() && is_namespaced()
}

//! What names a finding across edits of its file.

use sha2::{Digest, Sha256};

use crate::finding::Finding;

/// Hashes rule, object, field and message, not the line; 32 hex digits.
pub fn fingerprint(finding: &Finding) -> String {
    let object = finding.object.as_ref();
    // The version of an API may change without the object becoming another one.
    let group = object.and_then(|object| object.api_version.rsplit_once('/')).map_or("", |(group, _)| group);
    let kind = object.map_or("", |object| &object.kind);
    let namespace = object.and_then(|object| object.namespace.as_deref()).unwrap_or_default();
    let name = object.map_or("", |object| &object.name);
    let mut hash = Sha256::new();
    for part in [finding.rule, group, kind, namespace, name, &finding.pointer, &finding.message] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

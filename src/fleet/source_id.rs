//! The name of a source on a cluster.

use smol_str::SmolStr;

/// A source by kind, namespace and name.
pub type SourceId = (SmolStr, SmolStr, SmolStr);

/// A source as messages name it.
pub(super) fn shown((kind, namespace, name): &SourceId) -> String {
    format!("{kind} `{namespace}/{name}`")
}

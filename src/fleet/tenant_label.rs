//! The label by which objects name their tenant.

use crate::object::Object;
use crate::yaml::Node;

/// The label that names a tenant.
pub const TENANT_LABEL: &str = "toolkit.fluxcd.io/tenant";

/// The tenant that an object's label names.
pub fn tenant_label(object: &Object) -> Option<&str> {
    object.label(TENANT_LABEL).and_then(Node::text).filter(|tenant| !tenant.is_empty())
}

//! Whose an object is: the platform's or a tenant's.

use smol_str::SmolStr;

/// The label that names a tenant.
pub const TENANT_LABEL: &str = "toolkit.fluxcd.io/tenant";

/// The owner of an object.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Owner {
    /// The platform team, platform tenants (`infra`) included.
    Platform,
    /// A tenant, by name.
    Tenant(SmolStr),
}

//! The questions that rules ask, by name.

mod api_versions;
mod beside;
mod charts;
mod copies;
mod credentials;
mod plain_transport;
mod rbac;
mod reconcilers;
mod schema;
mod sources;
mod tenants;
mod unknowns;
mod url_credential;
mod variables;
mod waits;

pub use api_versions::UsedVersion;
pub use copies::Uncopied;
pub use credentials::{SecretReference, credential};
pub use plain_transport::{PlainTransport, plain_transport};
pub use rbac::BoundAccount;
pub use schema::Judged;
pub use sources::FleetReference;
pub use tenants::TenantSelector;
pub use unknowns::Creator;
pub use url_credential::{UrlCredential, url_credential};
pub use variables::{PathVariable, path_variable};
pub use waits::Wait;

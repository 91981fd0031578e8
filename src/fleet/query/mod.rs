//! The questions that rules ask, by name.

mod absence;
mod api_versions;
mod beside;
mod charts;
mod clues;
mod copies;
mod credentials;
mod definitions;
mod environments;
mod image_updates;
mod names;
mod namespaces;
mod plain_transport;
mod rbac;
mod reconcilers;
mod references;
mod runtime_copies;
mod schema;
mod sources;
mod tenants;
mod unknowns;
mod unsubstituted;
mod url_credential;
mod variables;
mod waits;

pub use absence::BUILT_IN_NAMESPACES;
pub use api_versions::UsedVersion;
pub use clues::Clue;
pub use copies::Uncopied;
pub use credentials::{SecretReference, credential};
pub use definitions::{Definition, Rank, Shown};
pub use image_updates::{
    CHECKOUT, DeletingPatch, NamedBranch, PUSH, SOURCE, checkout_branch, push_branch, pushed_repository, selected_label,
};
pub use names::can_be_called;
pub use plain_transport::{PlainTransport, plain_transport};
pub use rbac::BoundAccount;
pub use references::{MissingReference, OpenReference, ReferenceUse};
pub use runtime_copies::MissedCopies;
pub use schema::Judged;
pub use sources::FleetReference;
pub use tenants::TenantSelector;
pub use unknowns::Creator;
pub use url_credential::{UrlCredential, url_credential};
pub use variables::{PathVariable, path_variable};
pub use waits::Wait;

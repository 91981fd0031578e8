//! fleetlint: a policy linter and CI validator for Flux CD fleet repositories.
//!
//! [`Workspace`] is the public interface: open a fleet repository, check it, get the [`Report`]. All other modules are the
//! stages of a run, in the order in which `run` calls them, and the engines below them; they are public for the tests and
//! tools of this workspace only, and change without notice. ARCHITECTURE.md tells the whole.

mod workspace;

pub use finding::{Finding, Note, Severity};
pub use fleetlint_flux::release::FluxVersion;
pub use fleetlint_source::SourceArgument;
pub use report::Report;
pub use run::RunError;
pub use triage::Selection;
pub use workspace::Workspace;

#[doc(hidden)]
pub mod cli;
#[doc(hidden)]
pub mod config;
#[doc(hidden)]
pub mod credentials;
#[doc(hidden)]
pub mod finding;
#[doc(hidden)]
pub mod fleet;
#[doc(hidden)]
pub mod locate;
#[doc(hidden)]
pub mod rbac;
#[doc(hidden)]
pub mod redact;
#[doc(hidden)]
pub mod report;
#[doc(hidden)]
pub mod repository;
#[doc(hidden)]
pub mod rule;
#[doc(hidden)]
pub mod rules;
#[doc(hidden)]
pub mod run;
#[doc(hidden)]
pub mod tokens;
#[doc(hidden)]
pub mod triage;

// The engines, under the names that stages use.
#[doc(hidden)]
pub use fleetlint_flux::{self as flux, object};
#[doc(hidden)]
pub use fleetlint_kustomize::{self as kustomize, near};
#[doc(hidden)]
pub use fleetlint_source as source;
#[doc(hidden)]
pub use fleetlint_yaml::{self as yaml, problem, sort};

//! fleetlint: a policy linter and CI validator for Flux CD fleet repositories.
//!
//! The modules are the stages of a run, in the order in which [`run`] calls them; ARCHITECTURE.md tells the whole.

pub mod cli;
pub mod config;
pub mod credentials;
pub mod finding;
pub mod fleet;
pub mod locate;
pub mod redact;
pub mod report;
pub mod repository;
pub mod rule;
pub mod rules;
pub mod run;
pub mod tokens;
pub mod triage;

// The engines, under the names that stages use.
pub use fleetlint_flux::{self as flux, object};
pub use fleetlint_kustomize::{self as kustomize, near};
pub use fleetlint_source as source;
pub use fleetlint_yaml::{self as yaml, problem, sort};

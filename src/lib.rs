//! fleetlint: a policy linter and CI validator for Flux CD fleet repositories.
//!
//! The modules are the stages of a run, in the order in which [`run`] calls them; ARCHITECTURE.md tells the whole.

pub mod cli;
pub mod config;
pub mod credentials;
pub mod finding;
pub mod fleet;
pub mod flux;
pub mod kustomize;
pub mod near;
pub mod object;
pub mod problem;
pub mod report;
pub mod rule;
pub mod rules;
pub mod run;
pub mod sort;
pub mod source;
pub mod triage;
pub mod yaml;

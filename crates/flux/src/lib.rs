//! What Flux does between a source and the objects it applies.

pub mod api;
pub mod artifact_generator;
pub mod build;
pub mod instance;
pub mod kinds;
pub mod lazy_root;
pub mod object;
pub mod propagation;
pub mod release;
pub mod resource_set;
pub mod slip;
pub mod structural;
pub mod substitute;
pub mod template;
pub mod texts;
pub mod validate;

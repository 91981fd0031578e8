//! The transformers of a kustomization's own fields, one file each (kustomize-semantics, sections 8 and 9).

mod affix;
mod image;
mod label;
mod namespace;
mod replica;
mod value_add;

use fleetlint_yaml::Span;
use fleetlint_yaml::problem::{Problem, ProblemKind};

use super::resource::Resource;

pub(super) use affix::{Affix, add_affix};
pub(super) use image::set_images;
pub(super) use label::{set_annotations, set_labels};
pub(super) use namespace::{NamespaceArguments, set_namespace};
pub(super) use replica::set_replicas;
pub(super) use value_add::ValueTarget;

/// What a transformer cannot do to a resource: the resource is to blame, the transformer's entry is on the way.
fn refused(resource: &Resource, entry: Option<Span>, error: &str) -> Problem {
    let message = format!("cannot transform `{}`: {error}", resource.id());
    Problem::new(ProblemKind::KustomizeFailed, message, resource.place()).related(entry, "required by this field")
}

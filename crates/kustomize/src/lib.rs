//! `kustomize build` 5.8.1, with the origin of every field.

mod accumulate;
mod annotations;
mod budget;
mod build_metadata;
mod config;
mod field_spec;
mod generate;
mod go_regex;
mod id;
mod json;
mod kustomization;
mod load;
mod missing;
mod name_reference;
pub mod near;
mod node_edit;
mod order;
mod patch;
mod plugin;
mod remark;
mod replacement;
mod resmap;
mod resource;
mod resource_origin;
mod secret;
mod shared;
mod transform;
mod unprintable;
mod vars;

use std::sync::Arc;

use fleetlint_source::FileTree;
use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Documents, Node};

pub use id::{Gvk, ResourceId, split_api_version};
pub use kustomization::{
    FILE_NAMES, GeneratorEntry, GeneratorOptions, ImageEntry, Kustomization, LabelEntry, Mode, PatchEntry, ReplicaEntry,
};
pub use load::{is_http, is_remote};
pub use remark::Remark;
pub use resmap::ResMap;
pub use resource::{Behavior, PreviousId, Resource};

/// Whether a problem is that of `helmCharts`, which are never inflated here.
pub fn is_of_charts(problem: &Problem) -> bool {
    problem.kind == ProblemKind::Incomplete && problem.message == accumulate::HELM_CHARTS
}

/// Whether a problem is that of two objects with one id. Its first related place is the other object.
pub fn is_of_repeated_id(problem: &Problem) -> bool {
    problem.kind == ProblemKind::KustomizeFailed && problem.message.starts_with(resmap::REPEATED_ID)
}

/// What a build reads: the files below a tree's root, each parsed once.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    pub tree: &'a dyn FileTree,
    pub documents: &'a Documents,
}

/// Which files a kustomization may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadRestriction {
    /// Files in or below the kustomization's own folder (kustomize's default).
    RootOnly,
    /// Every file of the tree (Flux; `--load-restrictor=LoadRestrictionsNone` of the command).
    None,
}

/// The order of the output where the root has no `sortOptions`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// As accumulated (Flux).
    Fifo,
    /// By kind (the commands).
    Legacy,
}

/// How to build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    pub load_restriction: LoadRestriction,
    pub order: Order,
}

/// What a build made. With problems the real tool would have failed; the resources are then what could be understood.
#[derive(Clone, Debug, Default)]
pub struct Build {
    pub resources: Vec<Arc<Node>>,
    /// For each resource, whether it is as the real tool would print it although the build lacks something.
    pub settled: Vec<bool>,
    pub problems: Vec<Problem>,
    /// Text of resource files that kustomize drops without a word.
    pub dropped: Vec<Problem>,
    /// What it does without a word and that is probably not meant.
    pub remarks: Vec<Remark>,
    /// Deprecation warnings, as the command prints them on standard error.
    pub warnings: Vec<String>,
}

/// Builds the kustomization in a folder, as `kustomize build` does.
pub fn build(reader: Reader<'_>, folder: &str, options: Options) -> Build {
    match Kustomization::read(reader, folder, Mode::Strict) {
        Ok(kustomization) => build_root(reader, folder, &kustomization, options),
        Err(problem) => Build { problems: vec![problem], ..Build::default() },
    }
}

/// Builds a kustomization that was read, or changed, or made by the caller, as if it were the file of the folder.
pub fn build_root(reader: Reader<'_>, folder: &str, kustomization: &Kustomization, options: Options) -> Build {
    accumulate::build_root(reader, folder, kustomization, options)
}

/// Lays `patches` over objects that no file holds, as if a kustomization listed them. With problems the real tool would have
/// failed; the objects are then as far as the other patches brought them.
pub fn patch_objects(reader: Reader<'_>, objects: Vec<Node>, patches: &[PatchEntry]) -> Build {
    accumulate::patch_objects(reader, objects, patches)
}

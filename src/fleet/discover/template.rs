//! Claims whose path holds variables: which of the folders that fit they are for.

use std::collections::BTreeSet;
use std::sync::Arc;

use smol_str::SmolStr;

use super::claim::Claim;
use super::landscape::Landscape;
use super::paths::{has_variable, is_in};
use super::target::Target;
use super::variables::variables_in;
use crate::flux::api::Kustomization;
use crate::object::Object;
use crate::yaml::Node;

/// Leaves to a path with variables what it stands for. In the folder that it fits it is a template, unless the variables are
/// replaced there, in which case it is that folder's; and it says nothing about folders that other claims name.
pub(super) fn without_templates(land: &Landscape<'_>, all: Vec<(Claim, Vec<Target>)>) -> Vec<(Claim, Vec<Target>)> {
    let named = all.iter().filter(|(claim, _)| !has_variable(claim.path())).flat_map(|(_, targets)| targets);
    let named: BTreeSet<Target> = named.cloned().collect();
    let files: Vec<String> = all.iter().map(|(claim, _)| claim.file.clone()).collect();
    let apply = |(claim, targets): (Claim, Vec<Target>)| {
        let (own, others): (Vec<Target>, Vec<Target>) =
            targets.iter().cloned().partition(|target| is_in(&claim.file, &target.folder));
        let kustomization = claim.kustomization().filter(|_| !own.is_empty() && has_variable(claim.path()));
        let Some(kustomization) = kustomization else { return (claim, targets) };
        let others: Vec<Target> = others.into_iter().filter(|target| !named.contains(target)).collect();
        if kustomization.object.at("/spec/postBuild").is_none() {
            return (claim, others);
        }
        // Nothing says that these have what installs Flux: they may be what the values stand for.
        let is_open = |target: &Target| !files.iter().any(|file| is_in(file, &target.folder));
        let open: Vec<Target> = others.into_iter().filter(is_open).collect();
        let is_own = open.is_empty() || replaces_own_path(land, kustomization, &own);
        (claim, if is_own { own } else { open })
    };
    all.into_iter().map(apply).collect()
}

/// Whether the values are known to hold the variables in the path where the folder is built that holds this Kustomization.
fn replaces_own_path(land: &Landscape<'_>, kustomization: Kustomization<'_>, own: &[Target]) -> bool {
    let holds = |node: Option<&Node>, name: &SmolStr| node.is_some_and(|values| values.get(name).is_some());
    let built: Vec<Arc<Object>> = own.iter().flat_map(|target| land.build(&target.folder).objects.clone()).collect();
    let is_source = |object: &Object| {
        let mut from = kustomization.substitute_from();
        from.any(|it| object.is("", it.kind) && it.name.text() == Some(object.id.name.as_str()))
    };
    let sources: Vec<&Arc<Object>> = built.iter().filter(|object| is_source(object)).collect();
    let given = |name: &SmolStr| {
        let is_listed = holds(kustomization.object.at("/spec/postBuild/substitute"), name);
        is_listed
            || sources.iter().any(|source| holds(source.at("/data"), name) || holds(source.at("/stringData"), name))
    };
    kustomization.object.at("/spec/path").is_none_or(|path| variables_in(path).iter().all(given))
}

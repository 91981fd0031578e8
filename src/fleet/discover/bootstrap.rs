//! R1: `gotk-sync.yaml`, which `flux bootstrap` writes: a source and the root Kustomization, or a stub that it will fill.

use std::sync::Arc;

use super::claim::Claim;
use super::folder_build::span_of;
use super::landscape::Landscape;
use super::paths::is_in;
use super::root::{Evidence, Strength};
use super::seeds::{SourceName, root_kustomization};
use crate::flux::api::Kustomization;
use crate::flux::build::clean_path;
use crate::object::Object;
use crate::source::path::parent;
use crate::yaml::Span;

const FILE: &str = "gotk-sync.yaml";

/// What each `gotk-sync.yaml` of a repository claims.
pub(super) fn claims(land: &Landscape<'_>) -> Vec<Claim> {
    let files = land.tree.files().into_iter().filter(|path| path.rsplit('/').next() == Some(FILE));
    files.flat_map(|file| claims_of(land, &file)).collect()
}

fn claims_of(land: &Landscape<'_>, file: &str) -> Vec<Claim> {
    let written: Vec<Arc<Object>> = land.objects_in(file).cloned().collect();
    if written.is_empty() {
        return stub(land, file).into_iter().collect();
    }
    let folders = land.listing.topmost_of(file).into_iter();
    let built = folders.map(|folder| (built_in(land, folder, &written), Some(folder)));
    let mut forms: Vec<Form<'_>> = built.filter(|(objects, _)| root_of(objects, file).is_some()).collect();
    if forms.is_empty() {
        forms.push((written, None));
    }
    let claim = |(objects, folder): Form<'_>| {
        let beside = folder.map(|folder| values_in(land, folder)).unwrap_or_default();
        Some(complete(file, objects)?.with(beside))
    };
    forms.into_iter().filter_map(claim).collect()
}

/// The objects of the file, and the folder that builds them.
type Form<'l> = (Vec<Arc<Object>>, Option<&'l str>);

/// What a folder builds that Kustomizations may substitute from: whoever applies the folder applies it, too.
fn values_in(land: &Landscape<'_>, folder: &str) -> Vec<Arc<Object>> {
    let holds_values = |object: &&Arc<Object>| object.is("", "ConfigMap") || object.is("", "Secret");
    land.build(folder).objects.iter().filter(holds_values).cloned().collect()
}

/// The objects of the file as a folder builds them: an overlay may patch the path.
fn built_in(land: &Landscape<'_>, folder: &str, written: &[Arc<Object>]) -> Vec<Arc<Object>> {
    if !land.listing.changes_objects(folder) && !land.listing.sets_names(folder) {
        return written.to_vec();
    }
    let build = land.build(folder);
    let is_same = |object: &&Arc<Object>| written.iter().any(|it| span_of(it) == span_of(object));
    build.objects.iter().filter(is_same).cloned().collect()
}

/// The Kustomization that is the sync: of several the one whose path contains the file, else one that bootstrap names.
fn root_of<'a>(objects: &'a [Arc<Object>], file: &str) -> Option<&'a Arc<Object>> {
    let all = || objects.iter().filter(|object| Kustomization::of(object).is_some());
    let path = |object: &Arc<Object>| clean_path(object.str("/spec/path").unwrap_or_default());
    let folder = parent(file).unwrap_or_default();
    let holds = |object: &&Arc<Object>| !path(object).is_empty() && is_in(folder, &path(object));
    let is_named = |object: &&Arc<Object>| Some(object.id.name.as_str()) == folder.rsplit('/').next();
    all().find(holds).or_else(|| all().find(is_named)).or_else(|| all().next())
}

fn complete(file: &str, objects: Vec<Arc<Object>>) -> Option<Claim> {
    let root = Arc::clone(root_of(&objects, file)?);
    let place = root.at("/spec/path").and_then(|path| path.place()).or_else(|| root.place())?;
    let others = objects.into_iter().filter(|object| !Arc::ptr_eq(object, &root));
    let seeds: Vec<Arc<Object>> = others.chain([Arc::clone(&root)]).collect();
    Some(Claim::new(file.to_owned(), seeds, Strength::Bootstrap, Evidence { place, what: FILE.to_owned() }))
}

/// An empty file: the root is the folder above the one that holds it, as bootstrap lays it out.
fn stub(land: &Landscape<'_>, file: &str) -> Option<Claim> {
    let folder = parent(file).filter(|folder| !folder.is_empty())?;
    let namespace = folder.rsplit('/').next()?;
    let seed = root_kustomization(parent(folder)?, &SourceName::of_bootstrap(namespace))?;
    let place = Span { file: land.tree.file(file).ok()?.id, start: 0, end: 0 };
    Some(Claim::new(file.to_owned(), vec![seed], Strength::Bootstrap, Evidence { place, what: FILE.to_owned() }))
}

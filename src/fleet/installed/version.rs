//! Which release of Flux a cluster runs, by the first thing that says so (discovery.md, section 7).

use crate::fleet::discover::{Landscape, Root};
use crate::fleet::version::of_spec;
use crate::fleet::{Cluster, FluxVersion};
use crate::flux::api::{FluxInstance, HelmRelease, group};
use crate::flux::instance;
use crate::object::Object;
use crate::source::path::join;
use crate::yaml::Node;

/// What a cluster's roots show: the sync's own instance, then what bootstrap wrote beside `gotk-sync.yaml`.
pub(in crate::fleet) fn of_roots(roots: &[Root], land: &Landscape<'_>) -> Option<FluxVersion> {
    let declared = roots.iter().find_map(|root| root.flux);
    declared.or_else(|| roots.iter().find_map(|root| of_flux_folder(root.flux_folder.as_deref()?, land)))
}

/// What a cluster's objects show, once they are known: an instance, the labels of the controllers, the artifact of
/// Flux's manifests, a remote base that installs them.
pub(in crate::fleet) fn of_objects(cluster: &Cluster, land: &Landscape<'_>) -> Option<FluxVersion> {
    let objects = || cluster.objects.iter().filter(|placed| placed.settled).map(|placed| placed.object);
    let instance = objects().find_map(of_instance);
    let labels = || objects().find_map(of_component);
    let manifests = || objects().find_map(of_manifests);
    let remote = || {
        let entries = cluster.paths.iter().flat_map(|path| land.missing_entries(path));
        entries.into_iter().find_map(|entry| FluxVersion::of_address(&entry))
    };
    instance.or_else(labels).or_else(manifests).or_else(remote)
}

fn of_instance(object: &Object) -> Option<FluxVersion> {
    if FluxInstance::of(object).is_some() {
        return of_spec(object.at("/spec")?, false);
    }
    HelmRelease::of(object).filter(|release| instance::is_of_chart(*release))?;
    let values = object.at("/spec/values/instance");
    let has_others = object.at("/spec/valuesFrom").is_some();
    values.and_then(|values| of_spec(values, !has_others))
}

/// The version label of a controller.
fn of_component(object: &Object) -> Option<FluxVersion> {
    let is_part = object.label("app.kubernetes.io/part-of").and_then(Node::text) == Some("flux");
    let version = object.label("app.kubernetes.io/version").and_then(Node::text).filter(|_| is_part)?;
    FluxVersion::of_label(version)
}

/// The tag of an OCIRepository that holds Flux's manifests.
fn of_manifests(object: &Object) -> Option<FluxVersion> {
    let url = object.str("/spec/url").filter(|_| object.is(group::SOURCE, "OCIRepository"))?;
    let tag = object.str("/spec/ref/tag").or_else(|| object.str("/spec/ref/semver"))?;
    let is_one = url.trim_end_matches('/').ends_with("/flux-manifests");
    is_one.then(|| FluxVersion::of_tag(tag).or_else(|| FluxVersion::parse(tag))).flatten()
}

/// What bootstrap keeps beside `gotk-sync.yaml`: `gotk-components.yaml`, or what the folder builds.
fn of_flux_folder(folder: &str, land: &Landscape<'_>) -> Option<FluxVersion> {
    let file = land.reader().tree.file(&join(folder, "gotk-components.yaml"));
    let beside = file.ok().and_then(|file| {
        let stream = land.reader().documents.of(&file);
        let mut roots = stream.documents.iter().flatten().filter_map(|document| document.root.as_ref());
        roots.find_map(|root| {
            FluxVersion::of_label(root.at("/metadata/labels/app.kubernetes.io~1version").and_then(Node::text)?)
        })
    });
    beside.or_else(|| {
        let built = land.objects_of(folder);
        built.iter().find_map(|object| of_component(object))
    })
}

//! R1: FluxInstances with a sync, HelmReleases of chart `flux-instance`, and values with `instance.sync` in other files.

use std::sync::Arc;

use smol_str::SmolStr;

use super::folder_build::{FolderBuild, span_of};
use super::landscape::Landscape;
use super::root::{Evidence, Strength, Sync};
use super::seeds::FLUX_NAMESPACE;
use crate::fleet::manifests::Manifest;
use crate::fleet::version;
use crate::flux::api::{FluxInstance, HelmRelease, Reference, ResourceSet, group};
use crate::flux::instance::{self, CHART};
use crate::flux::resource_set;
use crate::object::Object;
use crate::source::url;
use crate::yaml::Node;

/// The syncs of all instances that the objects of a repository make.
pub(super) fn syncs(land: &Landscape<'_>) -> Vec<Sync> {
    let artifacts: Vec<&str> = land.manifests.iter().filter_map(|it| artifact_of_chart(&it.object)).collect();
    let carriers = land.manifests.iter().filter(|it| may_hold_instance(&it.object, &artifacts));
    carriers.flat_map(|manifest| forms(land, manifest)).filter_map(|form| form.sync(land)).collect()
}

/// The same object in a namespace that its file leaves out.
fn in_namespace(object: &Arc<Object>, namespace: &str) -> Arc<Object> {
    let mut root = Node::clone(&object.root);
    let origin = root.get("metadata").map(|metadata| metadata.origin.clone()).unwrap_or_default();
    if let Some(metadata) = root.get_mut("metadata").and_then(Node::as_mapping_mut) {
        metadata.set("namespace", Node::string(namespace, origin));
    }
    Object::new(root).map_or_else(|| Arc::clone(object), Arc::new)
}

/// Asked of the files before anything is built: most releases are of other charts.
fn may_hold_instance(object: &Object, artifacts: &[&str]) -> bool {
    if let Some(release) = HelmRelease::of(object) {
        let artifact = object.str("/spec/chartRef/name");
        return instance::is_of_chart(release) || artifact.is_some_and(|name| artifacts.contains(&name));
    }
    let names = |text: &str| text.contains(CHART) || text.contains("FluxInstance");
    let is_named = || object.root.scalars().filter_map(Node::text).any(names);
    FluxInstance::of(object).is_some() || ResourceSet::of(object).is_some() && is_named()
}

/// The name of an OCIRepository that holds the chart.
fn artifact_of_chart(object: &Object) -> Option<&str> {
    let is_one =
        object.is(group::SOURCE, "OCIRepository") && object.str("/spec/url").map(url::last_segment) == Some(CHART);
    is_one.then_some(object.id.name.as_str())
}

/// An object as one build yields it, or as it is written where no kustomization file lists it.
struct Form {
    file: String,
    object: Arc<Object>,
    build: Arc<FolderBuild>,
}

fn forms(land: &Landscape<'_>, manifest: &Manifest) -> Vec<Form> {
    let built = land.listing.topmost_of(&manifest.path).into_iter().flat_map(|folder| {
        let build = land.build(folder);
        let same: Vec<Arc<Object>> =
            build.objects.iter().filter(|it| span_of(it) == span_of(&manifest.object)).cloned().collect();
        same.into_iter().map(move |object| (object, Arc::clone(&build))).collect::<Vec<_>>()
    });
    let mut found: Vec<(Arc<Object>, Arc<FolderBuild>)> = built.collect();
    if found.is_empty() {
        found.push((Arc::clone(&manifest.object), Arc::default()));
    }
    let inner = |(object, build): (Arc<Object>, Arc<FolderBuild>)| {
        let objects = match ResourceSet::of(&object) {
            Some(set) => resource_set::expand(&set, &[], land.documents).objects,
            None => vec![object],
        };
        objects.into_iter().map(move |object| (object, Arc::clone(&build)))
    };
    let all = found.into_iter().flat_map(inner).filter(|(object, _)| ResourceSet::of(object).is_none());
    all.map(|(object, build)| Form { file: manifest.path.clone(), object, build }).collect()
}

impl Form {
    fn sync(self, land: &Landscape<'_>) -> Option<Sync> {
        let (spec, strength) = match FluxInstance::of(&self.object) {
            Some(_) => (self.object.at("/spec")?.clone(), Strength::Instance),
            None => (self.values(land)?, Strength::HelmRelease),
        };
        let namespace = self.namespace(land);
        let made = instance::objects_of(&spec, &namespace, land.reader()).sync?;
        let id = &self.object.id;
        let evidence = Evidence { place: self.object.place()?, what: format!("{} {}", id.kind, id.name) };
        let object = if id.namespace.is_empty() { in_namespace(&self.object, &namespace) } else { self.object };
        let flux = version::of_spec(&spec, strength == Strength::HelmRelease);
        Some(Sync { file: self.file, instance: Some(object), made, strength, evidence, flux })
    }

    /// The namespace of the instance: that of the built object, or what a Kustomization gives to all that it applies.
    fn namespace(&self, land: &Landscape<'_>) -> SmolStr {
        let own = HelmRelease::of(&self.object).map_or(&*self.object.id.namespace, HelmRelease::target_namespace);
        if !own.is_empty() {
            return own.into();
        }
        let reconcilers = land.kustomizations().filter_map(|(manifest, kustomization)| {
            let namespace = kustomization.object.str("/spec/targetNamespace").filter(|name| !name.is_empty())?;
            Some((manifest, kustomization, namespace))
        });
        let mut setting = reconcilers.filter(|(manifest, kustomization, _)| {
            let targets = land.targets(*kustomization, &manifest.path);
            targets.iter().any(|target| land.build(&target.folder).yields(&self.object))
        });
        setting.next().map_or(FLUX_NAMESPACE, |(_, _, namespace)| namespace).into()
    }

    /// `instance` in the values of a HelmRelease of chart `flux-instance`: inline, or in a ConfigMap of the same build.
    fn values(&self, land: &Landscape<'_>) -> Option<Node> {
        let release = HelmRelease::of(&self.object).filter(|release| self.is_of_chart(*release))?;
        let inline = release.object.at("/spec/values/instance").cloned();
        inline.or_else(|| {
            let sources = release.object.at("/spec/valuesFrom").map(Node::items).unwrap_or_default();
            sources.iter().find_map(|source| self.values_from(source, land))
        })
    }

    fn values_from(&self, source: &Node, land: &Landscape<'_>) -> Option<Node> {
        let (kind, name) = (source.get("kind")?.text()?, source.get("name")?.text()?);
        let key = source.get("valuesKey").and_then(Node::text).unwrap_or("values.yaml");
        let mut maps =
            self.build.objects.iter().filter(|it| it.is("", kind) && kind == "ConfigMap" && it.id.name == name);
        let text = maps.next()?.at("/data")?.get(key)?.clone();
        // What a generator took from a file is read there, so that every value has its place.
        let file = text.origin.span.filter(|span| span.start == 0).and_then(|span| land.file_with(span.file));
        let stream = match file {
            Some(file) => land.documents.of(&file),
            None => land.documents.embedded(&text, true),
        };
        let root = stream.documents.iter().flatten().next()?.root.clone()?;
        root.get("instance").cloned()
    }

    fn is_of_chart(&self, release: HelmRelease<'_>) -> bool {
        let reference = release.object.at("/spec/chartRef").and_then(Reference::read);
        let source = reference.and_then(|reference| {
            let sources = self.build.objects.iter().filter(|it| it.id.group == group::SOURCE);
            let mut named = sources.filter(|it| it.id.kind == reference.kind() && it.id.name == reference.name());
            named.next()?.str("/spec/url").map(|address| url::last_segment(address).to_owned())
        });
        instance::is_of_chart(release) || source.as_deref() == Some(CHART)
    }
}

//! Sources, who reads them, who pushes to them.

mod fleet_wide;
mod plain_transport;
mod reference;
mod versions;

use std::collections::HashMap;

use smol_str::SmolStr;

use crate::fleet::{AppliedBy, Cluster, ClusterObject, Reconciler, ReconcilerKind};
use crate::flux::api::{HelmRelease, Reference, group, source_reference};
use crate::object::{Object, ObjectId};
use crate::yaml::Node;

pub use plain_transport::{PlainTransport, plain_transport};
pub use reference::FleetReference;
pub use versions::{cloud_provider, floating};

/// The sources of a cluster.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    cluster: &'a Cluster,
    index: &'a SourcesIndex,
}

/// Who reads what.
#[derive(Debug)]
pub(in crate::fleet) struct SourcesIndex {
    /// The reconcilers that read a source, by its kind, namespace and name.
    readers: HashMap<(SmolStr, SmolStr, SmolStr), Vec<usize>>,
}

impl SourcesIndex {
    fn of(reconcilers: &[Reconciler]) -> Self {
        let mut readers: HashMap<_, Vec<usize>> = HashMap::new();
        for (position, reconciler) in reconcilers.iter().enumerate() {
            if let Some(source) = &reconciler.source {
                let read = (source.kind.clone(), source.namespace.clone(), source.name.clone());
                readers.entry(read).or_default().push(position);
            }
        }
        Self { readers }
    }
}

impl Cluster {
    /// The facet of sources.
    pub fn sources(&self) -> Sources<'_> {
        Sources { cluster: self, index: self.facets.sources.get_or_init(|| SourcesIndex::of(&self.reconcilers)) }
    }
}

impl<'a> Sources<'a> {
    /// The source object that a reference of an object names.
    pub fn source_of(self, object: &Object, reference: &Reference<'_>) -> Option<ClusterObject<'a>> {
        let namespace = reference.namespace_or(&object.id.namespace);
        self.cluster.find(group::SOURCE, reference.kind(), &namespace, reference.name())
    }

    /// The GitRepositories, with the one that a FluxInstance's sync generates: its fields point into the FluxInstance.
    pub fn all_git_repositories(self) -> impl Iterator<Item = ClusterObject<'a>> {
        self.cluster.of_kind(group::SOURCE, "GitRepository")
    }

    /// The GitRepositories that files define: what the FluxInstance's sync generates is left out.
    pub fn git_repositories(self) -> impl Iterator<Item = ClusterObject<'a>> {
        self.all_git_repositories().filter(|placed| placed.by != AppliedBy::Bootstrap)
    }

    /// All sources that files define.
    pub fn defined(self) -> impl Iterator<Item = ClusterObject<'a>> {
        self.all().filter(|placed| placed.by != AppliedBy::Bootstrap)
    }

    /// All sources, with the one that a FluxInstance's sync generates: its fields point into the FluxInstance.
    pub fn all(self) -> impl Iterator<Item = ClusterObject<'a>> {
        self.cluster.objects.of_kinds(|group, _| group == group::SOURCE).filter(|placed| placed.settled)
    }

    /// The source that the cluster starts from: the one that the FluxInstance's sync generates, or that `flux bootstrap` wrote.
    pub fn fleet_source(self) -> Option<ClusterObject<'a>> {
        self.root_sources().next()
    }

    /// The sources of all roots.
    fn root_sources(self) -> impl Iterator<Item = ClusterObject<'a>> {
        let roots = self.cluster.roots().filter(|root| root.kind == ReconcilerKind::Kustomization);
        let read = roots.filter_map(|root| root.source.as_ref());
        read.filter_map(move |source| self.cluster.find(group::SOURCE, &source.kind, &source.namespace, &source.name))
    }

    /// The name of a release's chart: as written, or that of the object that holds it.
    pub fn chart_of(self, release: &'a Object) -> Option<&'a str> {
        let reference = || Reference::read(release.at("/spec/chartRef")?);
        let stored = || {
            let source = self.source_of(release, &reference()?)?.object;
            source.str("/spec/chart").or_else(|| source.str("/spec/url")?.rsplit('/').next())
        };
        HelmRelease::of(release)?.chart().or_else(stored)
    }

    /// The reconcilers that read a source.
    pub fn readers_of(self, source: ClusterObject<'a>) -> impl Iterator<Item = &'a Reconciler> {
        self.readers_of_id(&source.object.id)
    }

    /// The reconcilers that read a source, be it there or not.
    pub(in crate::fleet) fn readers_of_id(self, id: &ObjectId) -> impl Iterator<Item = &'a Reconciler> + use<'a> {
        let read = (id.kind.clone(), id.namespace.clone(), id.name.clone());
        let readers = self.index.readers.get(&read).map(Vec::as_slice).unwrap_or_default();
        readers.iter().filter_map(move |position| self.cluster.reconcilers.get(*position))
    }

    /// The ImageUpdateAutomations, each with the GitRepository that it pushes to.
    pub fn automations(self) -> impl Iterator<Item = (ClusterObject<'a>, ClusterObject<'a>)> {
        self.cluster.of_kind(group::IMAGE, "ImageUpdateAutomation").filter_map(move |automation| {
            let reference = source_reference(automation.object)?;
            Some((automation, self.source_of(automation.object, &reference)?))
        })
    }

    /// The ImageUpdateAutomations that push to a GitRepository.
    pub fn automations_of(self, repository: ClusterObject<'a>) -> impl Iterator<Item = ClusterObject<'a>> {
        let pushes = self.automations().filter(move |(_, target)| target.object.id == repository.object.id);
        pushes.map(|(automation, _)| automation)
    }
}

/// The variables that leave fields of a mapping without a value.
pub fn emptied_variables(object: &Object, pointer: &str) -> Vec<SmolStr> {
    let fields = object.at(pointer).map(Node::entries).unwrap_or_default();
    let empty = fields.iter().filter(|field| field.value.text_if_set().is_none_or(str::is_empty));
    empty.filter_map(|field| Some(field.value.origin.variable()?.name.clone())).collect()
}

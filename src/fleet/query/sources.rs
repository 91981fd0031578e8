//! Sources and what refers to them.

use std::collections::HashSet;

use smol_str::SmolStr;

use crate::config::ProfileKind;
use crate::fleet::sources::reference;
use crate::fleet::{AppliedBy, Cluster, ClusterObject, Fleet, ReconcilerKind};
use crate::flux::api::{Reference, group};
use crate::flux::kinds;
use crate::object::Object;
use crate::source::{self, NamedSource, SourceRole, url};
use crate::yaml::Node;

/// The `namespace` fields of an object that the lockdown looks at, as JSON pointers; the fields need not be there.
fn lockable_references(object: &Object) -> impl Iterator<Item = String> {
    let locked = kinds::references(&object.id.group, &object.id.kind).iter().filter(|it| it.is_locked);
    locked.flat_map(|it| it.places(object)).map(|place| format!("{place}/namespace"))
}

impl Cluster {
    /// The references to another namespace in fields that the lockdown looks at: the object, the field, the namespace.
    pub fn cross_namespace_refs(&self) -> impl Iterator<Item = (ClusterObject<'_>, String, &str)> {
        let is_locked = |group: &str, kind: &str| kinds::references(group, kind).iter().any(|it| it.is_locked);
        let objects = self.objects.of_kinds(is_locked);
        objects.filter(|placed| placed.settled).flat_map(|placed| {
            let own = placed.object.id.namespace.as_str();
            let references = lockable_references(placed.object).filter_map(move |pointer| {
                let namespace = placed.object.str(&pointer)?;
                Some((placed, pointer, namespace))
            });
            references.filter(move |(_, _, namespace)| !namespace.is_empty() && *namespace != own)
        })
    }

    /// The source object that a reference of an object names.
    pub fn source_of(&self, object: &Object, reference: &Reference<'_>) -> Option<ClusterObject<'_>> {
        let namespace = reference.namespace_or(&object.id.namespace);
        self.find(group::SOURCE, reference.kind(), &namespace, reference.name())
    }

    /// The GitRepositories, with the one that a FluxInstance's sync generates: its fields point into the FluxInstance.
    pub fn all_git_repositories(&self) -> impl Iterator<Item = ClusterObject<'_>> {
        self.of_kind(group::SOURCE, "GitRepository")
    }

    /// The GitRepositories that files define: what the FluxInstance's sync generates is left out.
    pub fn git_repositories(&self) -> impl Iterator<Item = ClusterObject<'_>> {
        self.all_git_repositories().filter(|placed| placed.by != AppliedBy::Bootstrap)
    }

    /// All sources that files define.
    pub fn sources(&self) -> impl Iterator<Item = ClusterObject<'_>> {
        self.all_sources().filter(|placed| placed.by != AppliedBy::Bootstrap)
    }

    /// All sources, with the one that a FluxInstance's sync generates: its fields point into the FluxInstance.
    pub fn all_sources(&self) -> impl Iterator<Item = ClusterObject<'_>> {
        self.objects.of_kinds(|group, _| group == group::SOURCE).filter(|placed| placed.settled)
    }

    /// The source that the cluster starts from: the one that the FluxInstance's sync generates, or that `flux bootstrap` wrote.
    pub fn fleet_source(&self) -> Option<ClusterObject<'_>> {
        self.root_sources().next()
    }

    /// The variables that leave fields of a mapping without a value.
    pub fn emptied_variables(&self, object: &Object, pointer: &str) -> Vec<SmolStr> {
        let fields = object.at(pointer).map(Node::entries).unwrap_or_default();
        let empty = fields.iter().filter(|field| field.value.text_if_set().is_none_or(str::is_empty));
        empty.filter_map(|field| Some(field.value.origin.variable()?.name.clone())).collect()
    }

    /// The sources of all roots.
    fn root_sources(&self) -> impl Iterator<Item = ClusterObject<'_>> {
        let roots = self.roots().filter(|root| root.kind == ReconcilerKind::Kustomization);
        let read = roots.filter_map(|root| root.source.as_ref());
        read.filter_map(|source| self.find(group::SOURCE, &source.kind, &source.namespace, &source.name))
    }

    /// The sources of the cluster that have a URL, each with what it can be given for, `None` where its URL is not known.
    /// `own` are the URLs of the fleet repository.
    fn named_sources(&self, own: &[&str]) -> Vec<(ClusterObject<'_>, Option<NamedSource>)> {
        let synced: Vec<_> = self.root_sources().filter_map(known_reference).collect();
        let sources = self.objects.of_kinds(|group, _| group == group::SOURCE);
        let named = |(placed, url): (ClusterObject<'_>, &str)| {
            let reference = known_reference(placed);
            let is_own = own.iter().any(|own| url::same_in_any_case(own, url));
            let role = match &reference {
                Some(reference) if is_own && synced.contains(reference) => SourceRole::Fleet,
                _ if is_own => SourceRole::FleetElsewhere,
                _ if WITH_FILES.contains(&placed.object.id.kind.as_str()) => SourceRole::Files,
                _ => SourceRole::Charts,
            };
            is_known(placed, url).then(|| NamedSource { url: url.to_owned(), reference, role })
        };
        sources.filter_map(|placed| Some((placed, address(placed)?))).map(|it| (it.0, named(it))).collect()
    }

    /// The URL of the repository that the cluster starts from.
    fn fleet_url(&self) -> Option<&str> {
        self.fleet_source()?.object.str("/spec/url")
    }

    /// The full reference that the cluster syncs the fleet repository at, and the field that says so. `None` where a commit
    /// or a range of versions is pinned, or nothing.
    pub fn fleet_reference(&self) -> Option<FleetReference<'_>> {
        if let Some(instance) = self.flux_instance() {
            let is_git = instance.str("/spec/sync/kind") == Some("GitRepository");
            // What is not a full reference Flux does not take for a branch.
            let reference = instance.str("/spec/sync/ref").filter(|it| is_git && it.starts_with("refs/"))?;
            return Some(FleetReference { object: instance, field: "/spec/sync/ref", reference: reference.to_owned() });
        }
        let source = self.fleet_source()?.object;
        let fields = [
            ("/spec/ref/commit", None),
            ("/spec/ref/name", Some("")),
            ("/spec/ref/semver", None),
            ("/spec/ref/tag", Some("refs/tags/")),
            ("/spec/ref/branch", Some("refs/heads/")),
        ];
        let mut set = fields.into_iter().filter_map(|(field, prefix)| Some((field, prefix, source.str(field)?)));
        let (field, prefix, value) = set.find(|(_, _, value)| !value.is_empty())?;
        let reference = format!("{}{value}", prefix?);
        (source.id.kind == "GitRepository").then_some(FleetReference { object: source, field, reference })
    }
}

/// The reference that a cluster syncs the fleet repository at.
#[derive(Clone, Debug)]
pub struct FleetReference<'a> {
    /// The FluxInstance, or the GitRepository that `flux bootstrap` wrote.
    pub object: &'a Object,
    /// JSON pointer of the field.
    pub field: &'static str,
    /// As `refs/heads/main`.
    pub reference: String,
}

/// The kinds of sources that hold files, which `--source` can give.
const WITH_FILES: [&str; 3] = ["GitRepository", "OCIRepository", "Bucket"];

/// The URL of a source, if it has one.
fn address(source: ClusterObject<'_>) -> Option<&str> {
    source.object.str("/spec/url")
}

/// Whether a text of an object holds no variable that is not known.
fn is_known(source: ClusterObject<'_>, text: &str) -> bool {
    source.settled || !text.contains("${")
}

/// What a source names; `None` if it is not known.
fn known_reference(source: ClusterObject<'_>) -> Option<source::Reference> {
    let fields = source.object.at("/spec/ref").map(Node::entries).unwrap_or_default();
    let mut texts = fields.iter().filter_map(|field| field.value.text());
    texts.all(|text| is_known(source, text)).then(|| reference(source.object).canonical())
}

impl Fleet {
    /// All sources of all clusters that have a URL; `None` if one of these is not known.
    pub fn named_sources(&self) -> Option<Vec<NamedSource>> {
        self.all_named_sources().into_iter().map(|(_, _, named)| named).collect()
    }

    fn all_named_sources(&self) -> Vec<(&Cluster, ClusterObject<'_>, Option<NamedSource>)> {
        let own: Vec<&str> = self.clusters.iter().flat_map(Cluster::root_sources).filter_map(address).collect();
        let named = self.clusters.iter().map(|cluster| (cluster, cluster.named_sources(&own)));
        named.flat_map(|(cluster, all)| all.into_iter().map(move |(placed, named)| (cluster, placed, named))).collect()
    }

    /// The source objects with files whose URL and reference are known, on each cluster: what they can be given for, and
    /// whose line reads that repository.
    pub fn sources_with_files(&self) -> Vec<(&Cluster, ClusterObject<'_>, NamedSource)> {
        let has_files = |named: &NamedSource| named.role != SourceRole::Charts && named.reference.is_some();
        let all = self.all_named_sources().into_iter();
        all.filter_map(|(cluster, placed, named)| Some((cluster, placed, named.filter(has_files)?))).collect()
    }

    /// The URLs of the repositories and artifacts with files that the clusters read beside the fleet's own, each with what is
    /// read of it. Those whose URL or reference is not known are left out.
    pub fn other_repositories(&self) -> Vec<(String, source::Reference)> {
        let others = self.sources_with_files().into_iter().map(|(_, _, named)| named);
        let known = others
            .filter(|named| named.role == SourceRole::Files)
            .filter_map(|named| Some((named.url, named.reference?)));
        let mut seen = HashSet::new();
        known.filter(|(url, reference)| seen.insert((url::key(url), reference.clone()))).collect()
    }

    /// A GitRepository of any cluster that reads the same repository at a branch from a variable; this cluster's first.
    pub fn variable_branch_of<'a>(
        &'a self,
        cluster: &'a Cluster,
        repository: ClusterObject<'_>,
    ) -> Option<ClusterObject<'a>> {
        let address = |placed: ClusterObject<'_>| placed.object.str("/spec/url").map(url::key);
        let own = address(repository)?;
        let others = self.clusters.iter().filter(|other| !std::ptr::eq(*other, cluster));
        let siblings = std::iter::once(cluster).chain(others).flat_map(Cluster::git_repositories);
        let mut variable = siblings.filter(|sibling| {
            sibling.object.at("/spec/ref/branch").is_some_and(|branch| branch.origin.variable().is_some())
        });
        variable.find(|sibling| address(*sibling).as_ref() == Some(&own))
    }

    /// Whether the profile maps environments to branches for a repository: those of the fleet's own owner do, what the
    /// fleet takes from elsewhere does not.
    pub fn maps_branches_of(&self, cluster: &Cluster, repository: ClusterObject<'_>) -> bool {
        let owner = |url: &str| url::owner_and_name(&url::key(url)).map(|(owner, _)| owner);
        let fleet = cluster.fleet_url();
        let address = repository.object.str("/spec/url");
        let is_fleet_itself = match (fleet, address) {
            (Some(fleet), Some(address)) => url::same_in_any_case(fleet, address),
            (fleet, address) => fleet == address,
        };
        let own = address.and_then(owner);
        self.profile.kind == ProfileKind::D1 && !is_fleet_itself && own.is_some() && fleet.and_then(owner) == own
    }
}

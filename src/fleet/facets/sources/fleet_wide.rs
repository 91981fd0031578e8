//! The sources of all clusters: which repositories the fleet reads.

use std::collections::HashSet;

use super::Sources;
use crate::config::ProfileKind;
use crate::fleet::sources::reference;
use crate::fleet::{Cluster, ClusterObject, Fleet};
use crate::flux::api::group;
use crate::source::{self, NamedSource, SourceRole, url};
use crate::yaml::Node;

/// The kinds of sources that hold files, which `--source` can give.
const WITH_FILES: [&str; 3] = ["GitRepository", "OCIRepository", "Bucket"];

impl<'a> Sources<'a> {
    /// The sources of the cluster that have a URL, each with what it can be given for, `None` where its URL is not known.
    /// `own` are the URLs of the fleet repository.
    fn named_sources(self, own: &[&str]) -> Vec<(ClusterObject<'a>, Option<NamedSource>)> {
        let synced: Vec<_> = self.root_sources().filter_map(known_reference).collect();
        let sources = self.cluster.objects.of_kinds(|group, _| group == group::SOURCE);
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
    fn fleet_url(self) -> Option<&'a str> {
        self.fleet_source()?.object.str("/spec/url")
    }
}

impl Fleet {
    /// All sources of all clusters that have a URL; `None` if one of these is not known.
    pub fn named_sources(&self) -> Option<Vec<NamedSource>> {
        self.all_named_sources().into_iter().map(|(_, _, named)| named).collect()
    }

    fn all_named_sources(&self) -> Vec<(&Cluster, ClusterObject<'_>, Option<NamedSource>)> {
        let own: Vec<&str> =
            self.clusters.iter().flat_map(|cluster| cluster.sources().root_sources()).filter_map(address).collect();
        let named = self.clusters.iter().map(|cluster| (cluster, cluster.sources().named_sources(&own)));
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
        let siblings = std::iter::once(cluster).chain(others).flat_map(|cluster| cluster.sources().git_repositories());
        let mut variable = siblings.filter(|sibling| {
            sibling.object.at("/spec/ref/branch").is_some_and(|branch| branch.origin.variable().is_some())
        });
        variable.find(|sibling| address(*sibling).as_ref() == Some(&own))
    }

    /// Whether the profile maps environments to branches for a repository: those of the fleet's own owner do, what the
    /// fleet takes from elsewhere does not.
    pub fn maps_branches_of(&self, cluster: &Cluster, repository: ClusterObject<'_>) -> bool {
        let owner = |url: &str| url::owner_and_name(&url::key(url)).map(|(owner, _)| owner);
        let fleet = cluster.sources().fleet_url();
        let address = repository.object.str("/spec/url");
        let is_fleet_itself = match (fleet, address) {
            (Some(fleet), Some(address)) => url::same_in_any_case(fleet, address),
            (fleet, address) => fleet == address,
        };
        let own = address.and_then(owner);
        self.profile.kind == ProfileKind::D1 && !is_fleet_itself && own.is_some() && fleet.and_then(owner) == own
    }
}

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

//! `clusters:` of the configuration, and `--root`: which folders are clusters, and what is known of their roots
//! (discovery.md, section 11).

use std::collections::{BTreeMap, BTreeSet};

use super::combine::{Draft, reach};
use super::landscape::Landscape;
use super::paths::{has_variable, is_folder, is_in, similar_folder};
use super::reach::Reach;
use super::root::{Root, Strength};
use super::seeds::{RootSpec, SourceName, configured_kustomization, source_object};
use super::structure::source_name;
use super::{FoundCluster, names};
use crate::config::{ConfiguredCluster, ConfiguredRoot, PathPattern};
use crate::flux::api::Kustomization;
use crate::flux::build::clean_path;
use crate::problem::{Problem, ProblemKind};
use crate::source::path::join;
use crate::yaml::Span;

/// Reads the entries. `declared` are the clusters that files declare: where an entry means one of their roots, what these
/// say about it counts as well.
///
/// # Errors
/// What the entries say and is not so: each problem points into the configuration.
pub(super) fn clusters(
    land: &Landscape<'_>,
    entries: &[ConfiguredCluster],
    declared: &[FoundCluster],
) -> Result<Vec<FoundCluster>, Vec<Problem>> {
    let mut reading = Reading { land, entries, declared, problems: Vec::new() };
    let listed: Vec<Listed<'_>> = entries.iter().flat_map(|entry| reading.listed(entry)).collect();
    let found = reading.named(listed);
    reading.refuse_children(&found);
    reading.refuse_doubles(&found);
    match reading.problems.is_empty() {
        true => Ok(found.into_iter().map(|(cluster, _)| cluster).collect()),
        false => Err(reading.problems),
    }
}

/// Adds the entries to what was found: one whose name or path is that of a found cluster adds its keys to it.
///
/// # Errors
/// As [`clusters`].
pub(super) fn added(
    land: &Landscape<'_>,
    entries: &[ConfiguredCluster],
    found: Vec<FoundCluster>,
) -> Result<Vec<FoundCluster>, Vec<Problem>> {
    let named: Vec<&ConfiguredCluster> = entries.iter().filter(|entry| entry.roots.is_empty()).collect();
    let with_roots: Vec<ConfiguredCluster> = entries.iter().filter(|entry| !entry.roots.is_empty()).cloned().collect();
    let listed = clusters(land, &with_roots, &found)?;
    let mut problems = Vec::new();
    let is_replaced =
        |cluster: &FoundCluster| listed.iter().any(|it| it.name == cluster.name || it.shares_root(cluster));
    let mut all: Vec<FoundCluster> = found.into_iter().filter(|cluster| !is_replaced(cluster)).collect();
    all.extend(listed);
    for entry in named {
        let name = entry.name.as_deref().unwrap_or_default();
        match all.iter_mut().find(|cluster| cluster.name == name) {
            Some(cluster) => cluster.take_keys(entry),
            None => problems.push(wrong(entry.place, format!("there is no cluster `{name}`"), "add its `path`")),
        }
    }
    all.sort_by(|a, b| a.roots.iter().map(|root| &root.path).cmp(b.roots.iter().map(|root| &root.path)));
    if problems.is_empty() { Ok(all) } else { Err(problems) }
}

impl FoundCluster {
    fn shares_root(&self, other: &Self) -> bool {
        self.roots.iter().any(|root| other.roots.iter().any(|it| it.path == root.path))
    }

    fn take_keys(&mut self, entry: &ConfiguredCluster) {
        self.flux = entry.flux.map(|flux| flux.version).or(self.flux);
        self.multitenant = entry.multitenant.or(self.multitenant);
    }
}

/// An entry, or one of the folders that its pattern matches.
struct Listed<'c> {
    entry: &'c ConfiguredCluster,
    name: Option<String>,
    roots: Vec<Root>,
}

struct Reading<'a> {
    land: &'a Landscape<'a>,
    entries: &'a [ConfiguredCluster],
    declared: &'a [FoundCluster],
    problems: Vec<Problem>,
}

impl<'a> Reading<'a> {
    fn listed<'c>(&mut self, entry: &'c ConfiguredCluster) -> Vec<Listed<'c>> {
        let own_name = entry.name.as_ref().map(ToString::to_string);
        let Some(first) = entry.roots.first().filter(|_| entry.is_pattern) else {
            let roots = self.roots(entry, &entry.roots);
            return vec![Listed { entry, name: own_name, roots }];
        };
        let folders = self.matching(first);
        if folders.is_empty() {
            self.wrong(
                first.path_place,
                format!("`{}` matches no folder of this repository", first.path),
                "correct it",
            );
        }
        let listed = folders.into_iter().map(|folder| {
            let root = ConfiguredRoot { path: folder.as_str().into(), ..first.clone() };
            let name = Some(matched_part(&first.path, &folder));
            Listed { entry, name, roots: self.roots(entry, &[root]) }
        });
        listed.collect()
    }

    fn matching(&self, root: &ConfiguredRoot) -> Vec<String> {
        let Ok(pattern) = PathPattern::new(&root.path, root.path_place) else { return Vec::new() };
        self.land.folders().iter().filter(|folder| pattern.matches(folder)).cloned().collect()
    }

    fn roots(&mut self, entry: &ConfiguredCluster, configured: &[ConfiguredRoot]) -> Vec<Root> {
        let existing: Vec<&ConfiguredRoot> = configured.iter().filter(|root| self.exists(root)).collect();
        let base = self.base(entry, &existing);
        let folders: Vec<String> = existing.iter().map(|root| root.path.to_string()).collect();
        let source = match &entry.source {
            Some(source) => SourceName {
                kind: source.kind.to_string(),
                namespace: source.namespace.to_string(),
                name: source.name.to_string(),
            },
            None => source_name(self.land, &folders),
        };
        let is_only = existing.len() == 1;
        existing.iter().for_each(|root| self.refuse_base(entry, root));
        existing.iter().filter_map(|root| self.root(entry, root, (&source, is_only), &base)).collect()
    }

    /// What files declare about a root decides from where paths count.
    fn refuse_base(&mut self, entry: &ConfiguredCluster, configured: &ConfiguredRoot) {
        let (Some((base, place)), Some(known)) = (&entry.base, self.known(entry, configured)) else { return };
        let wrong = known.kustomizations().find_map(|seed| {
            let written = seed.str("/spec/path")?;
            let meant = join(base, &clean_path(written));
            let is_other = meant != known.path && !has_variable(written);
            let id = &seed.id;
            is_other.then(|| (format!("{} `{}/{}`", id.kind, id.namespace, id.name), written.to_owned(), meant))
        });
        let Some((seed, written, meant)) = wrong else { return };
        let message = format!(
            "`{base}` cannot be the base of `{}`: {seed} syncs it as `{written}`, which would be `{meant}`",
            known.path
        );
        self.wrong(*place, message, "remove `base`: what declares the cluster says from where paths count");
    }

    /// What files declare about a root, where the entry says nothing else about it.
    fn known(&self, entry: &ConfiguredCluster, configured: &ConfiguredRoot) -> Option<&'a Root> {
        let mut roots = self.declared.iter().flat_map(|cluster| &cluster.roots);
        let is_plain = entry.source.is_none() && says_nothing(configured);
        roots.find(|root| root.path == configured.path).filter(|_| is_plain)
    }

    fn exists(&mut self, root: &ConfiguredRoot) -> bool {
        if root.path.is_empty() || is_folder(self.land.tree, &root.path) {
            return true;
        }
        let is_listed = |folder: &str| self.entries.iter().flat_map(|it| &it.roots).any(|it| it.path == folder);
        let similar = similar_folder(self.land.tree, &root.path, &is_listed);
        let similar = similar.map(|folder| format!("did you mean `{folder}`?"));
        let help = similar.unwrap_or_else(|| "paths count from the root of the repository".to_owned());
        self.wrong(root.path_place, format!("`{}` is not a folder of this repository", root.path), &help);
        false
    }

    /// The folder that paths count from: the configured one, or the one that the folder's own Kustomizations show.
    fn base(&mut self, entry: &ConfiguredCluster, roots: &[&ConfiguredRoot]) -> Option<String> {
        let (base, place) = entry.base.as_ref()?;
        if !roots.iter().all(|root| is_in(&root.path, base)) || !(base.is_empty() || is_folder(self.land.tree, base)) {
            let message = format!("`{base}` is not a folder above the path of the cluster");
            self.wrong(*place, message, "paths of Kustomizations count from `base`, which holds the cluster's folder");
            return None;
        }
        Some(base.to_string())
    }

    fn root(
        &self,
        entry: &ConfiguredCluster,
        configured: &ConfiguredRoot,
        (source, is_only): (&SourceName, bool),
        base: &Option<String>,
    ) -> Option<Root> {
        if let Some(known) = self.known(entry, configured) {
            let base = base.clone().unwrap_or_else(|| known.base.clone());
            return Some(Root { base, ..known.clone() });
        }
        let path = configured.path.to_string();
        let base = base.clone().unwrap_or_else(|| self.land.base_of(&path));
        let spec = RootSpec { configured, source, base: &base, is_only };
        let kustomization = configured_kustomization(&spec)?;
        let source = entry.source.as_ref().and_then(source_object);
        let seeds = source.into_iter().chain([kustomization]).collect();
        let evidence = Vec::new();
        let strength = Strength::Configured;
        Some(Root { path, base, seeds, strength, evidence, flux_folder: None, is_open: false, flux: None })
    }

    /// Gives names to those that have none.
    fn named<'c>(&self, listed: Vec<Listed<'c>>) -> Vec<(FoundCluster, &'c ConfiguredCluster)> {
        let drafts: Vec<Draft> = listed.iter().map(|it| Draft { roots: it.roots.clone(), kit: None }).collect();
        let derived = names::names(&drafts, &self.land.tree.repository);
        let found = listed.into_iter().zip(derived).map(|(it, derived)| {
            let name = it.name.unwrap_or(derived);
            let mut cluster = FoundCluster { name, roots: it.roots, flux: None, multitenant: None };
            cluster.take_keys(it.entry);
            (cluster, it.entry)
        });
        found.collect()
    }

    /// A root that another root of the same cluster applies is none.
    fn refuse_children(&mut self, found: &[(FoundCluster, &ConfiguredCluster)]) {
        for (cluster, entry) in found.iter().filter(|(cluster, _)| cluster.roots.len() > 1) {
            let reaches: Vec<Reach> = cluster.roots.iter().map(|root| reach(self.land, root)).collect();
            for (index, root) in cluster.roots.iter().enumerate() {
                let mut others = reaches.iter().enumerate().filter(|(other, _)| *other != index);
                let Some((other, _)) = others.find(|(_, reach)| reach.builds(self.land, &root.path)) else { continue };
                let parent = cluster.roots.get(other).map(|root| root.path.as_str()).unwrap_or_default();
                let place = entry.roots.get(index).and_then(|root| root.path_place);
                let message = format!("`{}` is applied by the root `{parent}`: it is not a root itself", root.path);
                self.wrong(place, message, "remove it");
            }
        }
    }

    fn refuse_doubles(&mut self, found: &[(FoundCluster, &ConfiguredCluster)]) {
        let mut seen: BTreeMap<&str, Option<Span>> = BTreeMap::new();
        let mut problems = Vec::new();
        for (cluster, entry) in found {
            match seen.get(cluster.name.as_str()) {
                Some(first) => {
                    let message = format!("there are two clusters `{}`", cluster.name);
                    problems.push(
                        wrong(entry.place, message, "give one of them another `name`").related(*first, "the first one"),
                    );
                }
                None => drop(seen.insert(&cluster.name, entry.place)),
            }
        }
        self.problems.extend(problems);
    }

    fn wrong(&mut self, place: Option<Span>, message: String, help: &str) {
        self.problems.push(wrong(place, message, help));
    }
}

fn wrong(place: Option<Span>, message: String, help: &str) -> Problem {
    Problem::new(ProblemKind::InvalidObject, message, place).help(help)
}

/// Whether an entry only names a folder.
fn says_nothing(root: &ConfiguredRoot) -> bool {
    let is_plain = root.name.is_none() && root.namespace.is_none() && root.service_account_name.is_none();
    is_plain && root.depends_on.is_empty() && root.substitute.is_empty() && root.substitute_from.is_empty()
}

/// The part of a path that the wildcards of a pattern match, from the first segment with one to the last.
fn matched_part(pattern: &str, path: &str) -> String {
    let wild = |segment: &&str| segment.contains(['*', '?', '[']);
    let pattern: Vec<&str> = pattern.split('/').collect();
    let leading = pattern.iter().take_while(|segment| !wild(segment)).count();
    let trailing = pattern.iter().rev().take_while(|segment| !wild(segment)).count();
    let segments: Vec<&str> = path.split('/').collect();
    segments.get(leading..segments.len().saturating_sub(trailing)).unwrap_or_default().join("/")
}

impl Landscape<'_> {
    /// The folder from which the paths of a folder's own Kustomizations count.
    pub(super) fn base_of(&self, folder: &str) -> String {
        let build = self.build(folder);
        let targets = build.objects.iter().filter_map(|object| {
            let file = self.file_of(object)?;
            self.targets(Kustomization::of(object)?, file).into_iter().next()
        });
        let bases: BTreeSet<String> = targets.map(|target| target.base).filter(|base| is_in(folder, base)).collect();
        bases.into_iter().next().unwrap_or_default()
    }
}

/// Whether files are left out on purpose.
pub(in crate::fleet) fn is_unapplied(patterns: &[PathPattern], file: &str) -> bool {
    patterns.iter().any(|pattern| pattern.covers(file))
}

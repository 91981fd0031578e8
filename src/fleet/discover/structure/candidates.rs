//! Candidates: the topmost folders that list or hold a Kustomization that no other one applies (R6, steps 1 to 3).

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use smol_str::SmolStr;

use crate::fleet::discover::address::SourceFact;
use crate::fleet::discover::folder_build::{FolderBuild, span_of};
use crate::fleet::discover::landscape::{Landscape, is_complete};
use crate::fleet::discover::paths::{
    has_placeholder, has_variable, is_folder, is_inactive, is_inactive_folder, is_similar,
};
use crate::fleet::discover::reads::Reads;
use crate::fleet::discover::source_facts::SourceFacts;
use crate::fleet::discover::target::Target;
use crate::fleet::discover::variables::variables_in;
use crate::flux::api::{Kustomization, ResourceSet};
use crate::flux::build::clean_path;
use crate::flux::resource_set;
use crate::object::Object;
use crate::source::path::parent;
use crate::yaml::{Node, Span};

/// Kustomizations, each with its file.
pub(in crate::fleet::discover) type Held = Vec<(Arc<Object>, String)>;

/// A folder that may be synced by a cluster.
#[derive(Clone)]
pub(in crate::fleet::discover) struct Candidate {
    pub folder: String,
    pub build: Arc<FolderBuild>,
    /// The complete Kustomizations that it builds, or that it holds where its build yields none, each with its file.
    pub kustomizations: Held,
}

/// The candidates of a repository, and the folders that only a variable from outside makes complete.
#[derive(Default)]
pub(in crate::fleet::discover) struct Found {
    pub candidates: Vec<Candidate>,
    pub libraries: Vec<Library>,
}

/// A folder that needs variables from outside.
pub(in crate::fleet::discover) struct Library {
    pub folder: String,
    pub variables: BTreeSet<SmolStr>,
}

/// What the search for candidates leaves out.
pub(in crate::fleet::discover) struct Known<'a> {
    /// Kustomizations that a cluster applies.
    pub is_applied: &'a dyn Fn(&Object) -> bool,
    /// Folders that roots and misspelt paths account for.
    pub is_taken: &'a dyn Fn(&Candidate) -> bool,
}

impl Known<'_> {
    /// Nothing is known yet.
    pub(in crate::fleet::discover) const NOTHING: Known<'static> =
        Known { is_applied: &|_| false, is_taken: &|_| false };
}

/// All candidates, sorted by folder.
pub(in crate::fleet::discover) fn find(land: &Landscape<'_>, known: &Known<'_>) -> Found {
    let applied = applied_by_others(land, known);
    let mut folders: BTreeMap<String, Held> = BTreeMap::new();
    for (manifest, kustomization) in land.kustomizations() {
        if land.listing.is_patch(&manifest.path) {
            continue;
        }
        let is_free = span_of(&manifest.object).is_none_or(|span| !applied.contains(&span));
        if !is_free
            || (known.is_applied)(&manifest.object)
            || !is_complete_somewhere(land, kustomization, &manifest.path)
            || is_inactive(&manifest.path)
        {
            continue;
        }
        for folder in land.listing.builders_of(&manifest.path) {
            let entry = (Arc::clone(&manifest.object), manifest.path.clone());
            folders.entry(folder.to_owned()).or_default().push(entry);
        }
    }
    let topmost = topmost(folders);
    let all = topmost.into_iter().filter(|(folder, _)| !is_inactive_folder(folder));
    let all: Vec<Candidate> = all.map(|(folder, held)| Candidate::new(land, folder, held)).collect();
    let targets = targets(land);
    let lost = lost_paths(land);
    let mut found = Found::default();
    for candidate in all {
        let variables = candidate.needed_variables();
        if (known.is_taken)(&candidate) || candidate.is_orphan(&targets) {
            continue;
        }
        if !variables.is_empty() || candidate.has_placeholder() {
            found.libraries.push(Library { folder: candidate.folder, variables });
        } else if !candidate.is_perhaps_applied(land, &lost) {
            found.candidates.push(candidate);
        }
    }
    found
}

/// A parent's patches may complete half a Kustomization: what a build yields counts. Without patches it stays half.
fn is_complete_somewhere(land: &Landscape<'_>, kustomization: Kustomization<'_>, file: &str) -> bool {
    is_complete(kustomization)
        || land.listing.topmost_of(file).iter().filter(|folder| land.listing.changes_objects(folder)).any(|folder| {
            let build = land.build(folder);
            build.kustomizations().any(|it| span_of(it.object) == span_of(kustomization.object) && is_complete(it))
        })
}

/// Folders below other candidates are part of them, or left out of them on purpose.
fn topmost(folders: BTreeMap<String, Held>) -> BTreeMap<String, Held> {
    let outer: HashSet<String> = folders.keys().filter(|folder| !folder.is_empty()).cloned().collect();
    let is_inside =
        |folder: &str| std::iter::successors(parent(folder), |above| parent(above)).any(|above| outer.contains(above));
    folders.into_iter().filter(|(folder, _)| !is_inside(folder)).collect()
}

/// The documents of Kustomizations that the build of another Kustomization yields, which nothing applies either.
fn applied_by_others(land: &Landscape<'_>, known: &Known<'_>) -> BTreeSet<Span> {
    let mut makers: HashMap<Span, BTreeSet<Option<Span>>> = HashMap::new();
    for (manifest, kustomization) in land.own_kustomizations().filter(|(it, _)| !(known.is_applied)(&it.object)) {
        let targets = land.targets(kustomization, &manifest.path).into_iter();
        // An empty path proves nothing.
        let targets = targets.filter(|target| !target.folder.is_empty());
        for target in targets.filter(|target| land.may_make_kustomizations(kustomization, target)) {
            let near: SourceFacts = land.objects_in(&manifest.path).filter_map(|it| SourceFact::read(it)).collect();
            let build = land.build_of(kustomization, &target, &near);
            for made in build.kustomizations().filter_map(|it| span_of(it.object)) {
                makers.entry(made).or_default().insert(span_of(&manifest.object));
            }
        }
    }
    let is_of_others = |(made, makers): &(Span, BTreeSet<Option<Span>>)| makers.iter().any(|it| *it != Some(*made));
    makers.into_iter().filter(is_of_others).map(|(made, _)| made).collect()
}

/// The folders that Kustomizations build, each with the documents that say so.
type Targets = HashMap<String, HashSet<Option<Span>>>;

/// An empty path proves nothing.
fn targets(land: &Landscape<'_>) -> Targets {
    let mut found = Targets::new();
    for (manifest, kustomization) in land.own_kustomizations() {
        for target in land.targets(kustomization, &manifest.path) {
            found.entry(target.folder).or_default().insert(span_of(&manifest.object));
        }
    }
    for target in targets_of_sets(land) {
        found.entry(target.folder).or_default().insert(None);
    }
    found.remove("");
    found
}

/// What the Kustomizations build that ResourceSets in files make, whoever applies these.
fn targets_of_sets(land: &Landscape<'_>) -> Vec<Target> {
    let mut found = Vec::new();
    for manifest in land.manifests.iter().filter(|manifest| !is_inactive(&manifest.path)) {
        let Some(set) = ResourceSet::of(&manifest.object) else { continue };
        let made = FolderBuild::of_objects(resource_set::expand(&set, &[], land.documents).objects);
        let ours = made.kustomizations().filter(|it| land.reads(*it, &made) != Reads::Other);
        found.extend(ours.flat_map(|it| land.targets(it, &manifest.path)));
    }
    found
}

/// The paths of Kustomizations that do not exist here.
fn lost_paths(land: &Landscape<'_>) -> BTreeSet<String> {
    let lost = land.kustomizations().filter(|(manifest, it)| land.targets(*it, &manifest.path).is_empty());
    let paths = lost.filter_map(|(_, it)| it.object.str("/spec/path")).filter(|path| !has_variable(path));
    paths.map(clean_path).filter(|path| !path.is_empty()).collect()
}

impl Candidate {
    fn new(land: &Landscape<'_>, folder: String, held: Held) -> Self {
        let build = land.build(&folder);
        let built = build.objects.iter().filter(|it| Kustomization::of(it).is_some_and(is_complete));
        let named = built.filter_map(|it| Some((Arc::clone(it), land.file_of(it)?.to_owned())));
        let built: Vec<(Arc<Object>, String)> = named.collect();
        let kustomizations = if built.is_empty() { held } else { built };
        Self { folder, build, kustomizations }
    }

    /// A folder in or below the target of another Kustomization: a line that is commented out.
    fn is_orphan(&self, targets: &Targets) -> bool {
        let own: BTreeSet<Span> = self.kustomizations.iter().filter_map(|(object, _)| span_of(object)).collect();
        let mut above = std::iter::successors(Some(self.folder.as_str()), |folder| parent(folder));
        let is_foreign = |span: &Option<Span>| span.is_none_or(|span| !own.contains(&span));
        above.any(|folder| targets.get(folder).is_some_and(|documents| documents.iter().any(is_foreign)))
    }

    /// The variables without a default that its Flux objects need in what names them, in paths and in addresses.
    fn needed_variables(&self) -> BTreeSet<SmolStr> {
        let held = self.kustomizations.iter().map(|(object, _)| object);
        let objects = self.build.flux_objects().chain(held);
        objects.flat_map(|object| identifying(object)).flat_map(variables_in).collect()
    }

    fn has_placeholder(&self) -> bool {
        self.paths().any(|path| has_placeholder(path) && path.contains(['{', '<', '>']))
    }

    /// Whether a path that does not exist here may mean this folder: it is the end of it, or similar.
    fn is_perhaps_applied(&self, land: &Landscape<'_>, lost: &BTreeSet<String>) -> bool {
        let exists = |(object, file): &(Arc<Object>, String)| {
            Kustomization::of(object).is_some_and(|it| {
                land.targets(it, file)
                    .iter()
                    .any(|target| !target.folder.is_empty() && is_folder(land.tree, &target.folder))
            })
        };
        let is_lost = !self.kustomizations.iter().any(exists);
        let own: BTreeSet<String> = self.paths().map(clean_path).collect();
        let foreign = || lost.iter().filter(|path| !own.contains(*path));
        let is_end = |path: &String| self.folder != *path && self.folder.ends_with(&format!("/{path}"));
        is_lost && foreign().any(is_end) || foreign().any(|path| is_similar(path, &self.folder))
    }

    /// `spec.path` of its Kustomizations, as they are written.
    pub(in crate::fleet::discover) fn paths(&self) -> impl Iterator<Item = &str> {
        self.kustomizations.iter().filter_map(|(object, _)| object.str("/spec/path"))
    }
}

/// What names an object and what it reads: `metadata`, `spec.path`, the address of a source.
fn identifying(object: &Arc<Object>) -> Vec<&Node> {
    let fields = ["/metadata", "/spec/path", "/spec/url"];
    fields.into_iter().filter_map(|field| object.at(field)).collect()
}

//! The builds of the Kustomizations of a run, and what they render to: what clusters share is made once.

use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use smol_str::SmolStr;

use super::applied::Contents;
use super::rendered::Rendered;
use super::revision_reuse::RevisionReuse;
use super::unseen::{self, Unseen};
use crate::flux::api::Kustomization;
use crate::flux::build::{self, FluxBuild};
use crate::flux::release::{Feature, Features};
use crate::flux::substitute::{Prepared, VariableUse, VariableValue, Variables};
use crate::flux::texts;
use crate::kustomize::Reader;
use crate::object::Object;
use crate::problem::Problem;
use crate::source::{FileTree, Files, Tree};
use crate::yaml::{Documents, Node};

/// The fields of a Kustomization's spec that go into the build (flux-build-semantics section 2.3).
const INJECTED: [&str; 10] = [
    "targetNamespace",
    "namePrefix",
    "nameSuffix",
    "patches",
    "patchesStrategicMerge",
    "patchesJson6902",
    "images",
    "components",
    "ignoreMissingComponents",
    "buildMetadata",
];

/// The builds of a run, each made once, whoever asks first.
pub(super) struct Builds<'a> {
    documents: &'a Documents,
    files: &'a Arc<Files>,
    made: Mutex<HashMap<(usize, String), Vec<Slot>>>,
    revisions: RevisionReuse,
}

/// A build and what decided it besides the folder. The tree is held so that its address stays taken.
struct Slot {
    _tree: Arc<Tree>,
    injected: Vec<Option<Node>>,
    /// `spec.images` takes the place of the folder's entries, as old releases of Flux have it.
    replaces_images: bool,
    build: Arc<OnceLock<Arc<Built>>>,
}

/// What a build comes to, by a hash of what decides it.
type Renderings = HashMap<u64, Vec<(Given, Arc<Rendered>)>>;

/// A build, and its resources as objects, so that clusters that change nothing share them.
pub(super) struct Built {
    pub build: Arc<FluxBuild>,
    files: Arc<Files>,
    objects: Vec<Option<Arc<Object>>>,
    unseen: OnceLock<Unseen>,
    prepared: OnceLock<PreparedBuild>,
    rendered: Mutex<Renderings>,
}

/// What a build comes to whatever the values of the variables are.
pub(super) struct PreparedBuild {
    /// Its resources.
    pub resources: Vec<Arc<Prepared>>,
    /// For each resource, what is known of all that differ from its object in values only.
    pub alike: Vec<OnceLock<Alike>>,
    /// For each resource, what the API server refuses in it.
    pub told: Vec<Vec<Problem>>,
    /// The index of its objects.
    pub contents: Arc<Contents>,
    /// Which variables count: looked up where something is substituted.
    names: OnceLock<Names>,
    /// The uses of variables, by which of them are defined.
    uses: Mutex<HashMap<Vec<bool>, Arc<[VariableUse]>>>,
}

/// The variables that count for a build.
struct Names {
    /// Those that its resources use.
    used: BTreeSet<SmolStr>,
    /// Its result depends on no others.
    are_all: bool,
}

/// What objects have in common that differ in the values of variables only.
pub(super) struct Alike {
    /// They are in the same places of every index as the object before substitution.
    pub is_indexed: bool,
    /// What the API server refuses in each.
    pub told: Vec<Problem>,
}

/// What decides what becomes of a build on a cluster: the values that it uses, where they are written, and what of the
/// Kustomization counts besides.
#[derive(Clone, PartialEq)]
pub(super) struct Given {
    pub strict: Option<bool>,
    pub is_open_root: bool,
    /// Flux substitutes; the strategy, if one is written.
    pub strategy: Option<Option<String>>,
    pub common_metadata: Option<Node>,
    is_empty: bool,
    may_be_empty: Option<String>,
    values: Vec<(Option<VariableValue>, Option<String>)>,
    /// Where one of them is missing, the names of all that there are: it may be one of these, misspelt.
    names: Vec<SmolStr>,
}

impl Given {
    /// What counts for a build. The values are those that it uses.
    pub(super) fn of(
        kustomization: Kustomization<'_>,
        prepared: &PreparedBuild,
        variables: &Variables,
        (strict, is_open_root, substitutes): (Option<bool>, bool, bool),
    ) -> Self {
        let text = |pointer: &str| kustomization.object.at(pointer).and_then(Node::text).map(str::to_owned);
        let value = |name: &SmolStr| (variables.get(name).cloned(), variables.unknown(name).map(str::to_owned));
        // Where nothing is substituted, no value counts.
        let names = substitutes.then(|| &prepared.names().used);
        let lacks_one = names.is_some_and(|names| names.iter().any(|name| !variables.is_defined(name)));
        let all = || variables.all_names().map(SmolStr::from).collect();
        Self {
            strict,
            is_open_root,
            strategy: substitutes.then(|| text("/spec/postBuild/substituteStrategy")),
            common_metadata: kustomization.object.at("/spec/commonMetadata").cloned(),
            is_empty: variables.is_empty(),
            may_be_empty: variables.may_be_empty().map(str::to_owned),
            values: names.into_iter().flatten().map(value).collect(),
            names: if lacks_one { all() } else { Vec::new() },
        }
    }

    fn hash(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.values.iter().for_each(|(value, _)| value.as_ref().map(|value| &value.text).hash(&mut hasher));
        hasher.finish()
    }
}

impl<'a> Builds<'a> {
    pub(super) fn new(documents: &'a Documents, files: &'a Arc<Files>) -> Self {
        Self { documents, files, made: Mutex::default(), revisions: RevisionReuse::default() }
    }

    /// Tells that clusters read several revisions of their repository.
    pub(super) fn expect_revisions(&self) {
        self.revisions.expect_several();
    }

    /// The parsed files of the run.
    pub(super) fn documents(&self) -> &'a Documents {
        self.documents
    }

    /// The build of a Kustomization before substitution, by a Flux that has these features.
    pub(super) fn get(&self, kustomization: &Object, tree: &Arc<Tree>, features: &Features) -> Arc<Built> {
        let slot = self.slot(kustomization, tree, features);
        let build = slot.get_or_init(|| {
            let (path, injected, replaces_images) = decided_by(kustomization, features);
            let make = |tree: &dyn FileTree| build::build(kustomization, tree, self.documents, features);
            let build = self.revisions.build(tree, &path, (&injected, replaces_images), make);
            let object = |node: &Arc<Node>| Object::new(Arc::clone(node)).map(Arc::new);
            let objects = build.resources.iter().map(object).collect();
            Arc::new(Built::of(build, objects, Arc::clone(self.files)))
        });
        Arc::clone(build)
    }

    fn slot(&self, kustomization: &Object, tree: &Arc<Tree>, features: &Features) -> Arc<OnceLock<Arc<Built>>> {
        let (path, injected, replaces_images) = decided_by(kustomization, features);
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let slots = made.entry((Arc::as_ptr(tree) as usize, path)).or_default();
        if let Some(slot) = slots.iter().find(|it| it.injected == injected && it.replaces_images == replaces_images) {
            return Arc::clone(&slot.build);
        }
        let build = Arc::new(OnceLock::new());
        slots.push(Slot { _tree: Arc::clone(tree), injected, replaces_images, build: Arc::clone(&build) });
        build
    }
}

/// What decides a build besides the files: the folder, the fields that go into it, and how images are merged.
fn decided_by(kustomization: &Object, features: &Features) -> (String, Vec<Option<Node>>, bool) {
    let path = build::clean_path(kustomization.str("/spec/path").unwrap_or_default());
    let spec = kustomization.at("/spec");
    let injected = INJECTED.iter().map(|field| spec?.get(field).cloned()).collect();
    let has_images = kustomization.at("/spec/images").is_some();
    (path, injected, has_images && !features.has_if_newest(Feature::MergedImages))
}

impl PreparedBuild {
    fn names(&self) -> &Names {
        self.names.get_or_init(|| {
            let uses = self.resources.iter().flat_map(|resource| resource.all_uses());
            let are_all = self.resources.iter().all(|resource| resource.names_all());
            Names { used: uses.map(|used| used.name.clone()).collect(), are_all }
        })
    }

    /// The variables that the resources use, without those that nobody asks for.
    pub(super) fn used(&self, variables: &Variables) -> Variables {
        variables.only(&self.names().used)
    }

    /// The uses of variables that a Kustomization replaces, in the order of the resources.
    pub(super) fn uses(&self, kustomization: &Object, variables: &Variables) -> Arc<[VariableUse]> {
        let resources = || self.resources.iter().flat_map(|resource| resource.uses(kustomization, variables));
        if resources().next().is_none() {
            return Arc::default();
        }
        let is_defined = |name: &SmolStr| variables.is_defined(name);
        let defined: Vec<bool> = self.names().used.iter().map(is_defined).collect();
        let mut known = self.uses.lock().unwrap_or_else(PoisonError::into_inner);
        let made =
            || resources().map(|used| VariableUse { is_defined: is_defined(&used.name), ..used.clone() }).collect();
        Arc::clone(known.entry(defined).or_insert_with(made))
    }
}

impl Built {
    fn of(build: Arc<FluxBuild>, objects: Vec<Option<Arc<Object>>>, files: Arc<Files>) -> Self {
        let (unseen, prepared, rendered) = Default::default();
        Self { build, files, objects, unseen, prepared, rendered }
    }

    /// The resources, looked over once.
    pub(super) fn prepared(&self) -> &PreparedBuild {
        self.prepared.get_or_init(|| {
            let prepared = self.build.resources.iter().map(|resource| Arc::new(Prepared::of(resource, &self.files)));
            let resources: Vec<Arc<Prepared>> = prepared.collect();
            let alike = resources.iter().map(|_| OnceLock::new()).collect();
            let told = self.build.resources.iter().map(|resource| texts::all_problems(resource)).collect();
            let contents = Arc::new(Contents::of(self.objects().map(|object| &**object)));
            PreparedBuild { resources, alike, told, contents, names: OnceLock::new(), uses: Mutex::default() }
        })
    }

    /// The object of a resource that nothing changes.
    pub(super) fn object(&self, index: usize) -> Option<&Arc<Object>> {
        self.objects.get(index)?.as_ref()
    }

    /// What the build comes to, made for the first cluster that gives it this.
    pub(super) fn rendered(&self, given: &Given, make: impl FnOnce() -> Rendered) -> Arc<Rendered> {
        if given.strategy.is_some() && !self.prepared().names().are_all {
            return Arc::new(make());
        }
        let hash = given.hash();
        let known = |made: &Renderings| {
            let found = made.get(&hash)?.iter().find(|(known, _)| known == given);
            found.map(|(_, rendered)| Arc::clone(rendered))
        };
        let lock = || self.rendered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(rendered) = known(&lock()) {
            return rendered;
        }
        let rendered = Arc::new(make());
        let mut made = lock();
        // Another cluster may have been faster.
        if let Some(rendered) = known(&made) {
            return rendered;
        }
        made.entry(hash).or_default().push((given.clone(), Arc::clone(&rendered)));
        rendered
    }

    /// The resources of the build before substitution.
    pub(super) fn resources(&self) -> &[Arc<Node>] {
        &self.build.resources
    }

    /// Whether Flux would refuse the folder.
    pub(super) fn is_refused(&self) -> bool {
        self.build.problems.iter().any(|problem| !problem.is_undetermined())
    }

    /// The same as objects; what is not an object is left out.
    pub(super) fn objects(&self) -> impl Iterator<Item = &Arc<Object>> {
        self.objects.iter().flatten()
    }

    /// What the build may hold beside its resources.
    pub(super) fn unseen(&self, kustomization: &Object, reader: Reader<'_>) -> Unseen {
        let is_open = self.build.problems.iter().any(Problem::is_undetermined);
        let made = || unseen::of_build(kustomization, reader, is_open, self.is_refused());
        match is_open || self.is_refused() {
            true => self.unseen.get_or_init(made).clone(),
            false => Unseen::Nothing,
        }
    }
}

//! One Kustomization of one cluster: build, substitute, set common metadata. What clusters share is built once.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock};

use smol_str::SmolStr;

use super::reconciler::OpenReason;
use super::unseen::{self, Unseen};
use crate::flux::api::Kustomization;
use crate::flux::build::{self, FluxBuild};
use crate::flux::release::{Feature, Features};
use crate::flux::substitute::{self, SubstituteSource, VariableUse, Variables};
use crate::flux::texts;
use crate::kustomize::Reader;
use crate::object::Object;
use crate::problem::{Problem, ProblemKind};
use crate::source::Tree;
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
    made: Mutex<HashMap<(usize, String), Vec<Slot>>>,
}

/// A build and what decided it besides the folder. The tree is held so that its address stays taken.
struct Slot {
    _tree: Arc<Tree>,
    injected: Vec<Option<Node>>,
    /// `spec.images` takes the place of the folder's entries, as old releases of Flux have it.
    replaces_images: bool,
    build: Arc<OnceLock<Arc<Built>>>,
}

/// A build, and its resources as objects, so that clusters that change nothing share them.
pub(super) struct Built {
    build: FluxBuild,
    objects: Vec<Option<Arc<Object>>>,
    unseen: OnceLock<Unseen>,
}

impl<'a> Builds<'a> {
    pub(super) fn new(documents: &'a Documents) -> Self {
        Self { documents, made: Mutex::default() }
    }

    /// The parsed files of the run.
    pub(super) fn documents(&self) -> &'a Documents {
        self.documents
    }

    /// The build of a Kustomization before substitution, by a Flux that has these features.
    pub(super) fn get(&self, kustomization: &Object, tree: &Arc<Tree>, features: &Features) -> Arc<Built> {
        let slot = self.slot(kustomization, tree, features);
        let build = slot.get_or_init(|| {
            let build = build::build(kustomization, tree, self.documents, features);
            let object = |node: &Arc<Node>| Object::new(Arc::clone(node)).map(Arc::new);
            let objects = build.resources.iter().map(object).collect();
            Arc::new(Built { build, objects, unseen: OnceLock::new() })
        });
        Arc::clone(build)
    }

    fn slot(&self, kustomization: &Object, tree: &Arc<Tree>, features: &Features) -> Arc<OnceLock<Arc<Built>>> {
        let path = build::clean_path(kustomization.str("/spec/path").unwrap_or_default());
        let spec = kustomization.at("/spec");
        let injected: Vec<Option<Node>> = INJECTED.iter().map(|field| spec?.get(field).cloned()).collect();
        let has_images = kustomization.at("/spec/images").is_some();
        let replaces_images = has_images && !features.has_if_newest(Feature::MergedImages);
        let mut made = self.made.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let slots = made.entry((Arc::as_ptr(tree) as usize, path)).or_default();
        if let Some(slot) = slots.iter().find(|it| it.injected == injected && it.replaces_images == replaces_images) {
            return Arc::clone(&slot.build);
        }
        let build = Arc::new(OnceLock::new());
        slots.push(Slot { _tree: Arc::clone(tree), injected, replaces_images, build: Arc::clone(&build) });
        build
    }
}

impl Built {
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
    fn unseen(&self, kustomization: &Object, reader: Reader<'_>) -> Unseen {
        let is_open = self.build.problems.iter().any(Problem::is_undetermined);
        let made = || unseen::of_build(kustomization, reader, is_open, self.is_refused());
        match is_open || self.is_refused() {
            true => self.unseen.get_or_init(made).clone(),
            false => Unseen::Nothing,
        }
    }
}

/// What a Kustomization applies on one cluster.
#[derive(Clone, Debug, Default)]
pub(super) struct Rendered {
    /// Each object, and whether all of it is known.
    pub objects: Vec<(Arc<Object>, bool)>,
    pub uses: Vec<VariableUse>,
    pub problems: Vec<Problem>,
    /// The variables that strict mode refuses because they are not defined, by name.
    pub undefined: Vec<(SmolStr, Problem)>,
    /// What is wrong although Flux builds all the same: what kustomize drops, what the API server refuses.
    pub told: Vec<Problem>,
    /// Why the build itself is not known in full, each reason once.
    pub undetermined: Vec<OpenReason>,
    /// Why not all values of its objects are known.
    pub unknown_values: Option<String>,
    /// What there may be beside `objects`: the build itself is not known, or refused.
    pub unseen: Unseen,
    /// The folder does not exist.
    pub path_not_found: bool,
}

/// Renders a Kustomization from its files and the ConfigMaps and Secrets of its cluster. With `is_open` the root may give variables to everything below it.
pub(super) fn render(
    builds: &Builds<'_>,
    kustomization: Kustomization<'_>,
    tree: &Arc<Tree>,
    source: &dyn SubstituteSource,
    (features, is_open_root): (&Features, bool),
) -> Rendered {
    let built = builds.get(kustomization.object, tree, features);
    let strict = features.has(Feature::StrictSubstitution);
    let mut rendered = Rendered { path_not_found: built.build.path_not_found, ..Rendered::default() };
    rendered.take_problems(&built.build.problems_of(kustomization.object));
    rendered.told.extend(built.build.dropped.iter().cloned());
    rendered.unseen = built.unseen(kustomization.object, Reader { tree, documents: builds.documents });
    let resources = &built.build.resources;
    // Where nothing is substituted, Flux does not even look at the variables.
    let substitutes = substitute::substitutes_any(kustomization.object, resources);
    let (mut variables, problems) = match substitutes {
        true => Variables::build(kustomization.object, source),
        false => (Variables::default(), Vec::new()),
    };
    if is_open_root {
        variables.leave_open(OF_ROOT);
    }
    rendered.take_problems(&problems);
    // What is wrong with one variable, or not known of it, costs what uses it.
    let (nodes, unknown): (Vec<Arc<Node>>, Vec<bool>) = resources
        .iter()
        .map(|resource| match substitutes {
            true => rendered.substitute(resource, kustomization, &variables, strict),
            false => (Arc::clone(resource), is_open_root && has_expression(resource)),
        })
        .unzip();
    if is_open_root && unknown.contains(&true) {
        rendered.unknown_values = Some(variables_of_root(resources.iter().zip(&unknown)));
    }
    rendered.take_problems(&substitute::clashes(resources, &nodes));
    // What something remote could change exists, but no rule judges it.
    let is_resolved =
        built.build.settled.iter().zip(unknown).map(|(is_resolved, has_unknown)| *is_resolved && !has_unknown);
    for (((resource, shared), node), is_resolved) in resources.iter().zip(&built.objects).zip(&nodes).zip(is_resolved) {
        rendered.place(resource, shared.as_ref(), node, kustomization, is_resolved);
    }
    rendered
}

impl Rendered {
    /// Problems that leave the result open are its reasons, the others are kept.
    fn take_problems(&mut self, problems: &[Problem]) {
        for problem in problems {
            if !problem.is_undetermined() {
                self.problems.push(problem.clone());
                continue;
            }
            let reason = OpenReason { message: problem.message.clone(), help: problem.help.clone() };
            if !self.undetermined.contains(&reason) {
                self.undetermined.push(reason);
            }
        }
    }

    /// An object after substitution, and whether a value in it is not known. Undefined variables become empty here, whatever
    /// the version of Flux says, so that the rest of the object can be judged; what strict mode refuses is noted beside it.
    fn substitute(
        &mut self,
        resource: &Arc<Node>,
        kustomization: Kustomization<'_>,
        variables: &Variables,
        strict: Option<bool>,
    ) -> (Arc<Node>, bool) {
        let substituted = substitute::substitute(resource, kustomization.object, variables, false);
        self.take_problems(substituted.problem.as_slice());
        for used in substituted.uses.iter().filter(|used| !used.is_defined && !used.has_default) {
            match strict {
                Some(false) => {}
                Some(true) => self.undefined.push((used.name.clone(), undefined(used))),
                None => {
                    let name = &used.name;
                    let reason = format!(
                        "undefined variable `${{{name}}}`: the result depends on the Flux version, which is unknown"
                    );
                    self.unknown_values.get_or_insert(reason);
                }
            }
        }
        self.uses.extend(substituted.uses);
        let is_open = substituted.undetermined.is_some();
        self.unknown_values = self.unknown_values.take().or(substituted.undetermined);
        (substituted.node, is_open)
    }

    /// Adds an object: the shared one where neither substitution nor common metadata changed it.
    fn place(
        &mut self,
        resource: &Arc<Node>,
        shared: Option<&Arc<Object>>,
        node: &Arc<Node>,
        kustomization: Kustomization<'_>,
        is_resolved: bool,
    ) {
        let node = build::with_common_metadata(Arc::clone(node), kustomization.object);
        self.told.extend(texts::problems(&node));
        self.told.extend(texts::without_namespace(&node));
        let object = match Arc::ptr_eq(&node, resource) {
            true => shared.cloned(),
            false => Object::new(node).map(Arc::new),
        };
        self.objects.extend(object.map(|object| (object, is_resolved)));
    }
}

/// Why a variable is not known that only an assumed root can give.
const OF_ROOT: &str = "it may come from the root, which is not in the repository";

/// The reason, with the variables of the objects that use one.
fn variables_of_root<'n>(resources: impl Iterator<Item = (&'n Arc<Node>, &'n bool)>) -> String {
    let used = resources.filter(|(_, is_unknown)| **is_unknown).flat_map(|(node, _)| substitute::names_in(node));
    let names: BTreeSet<SmolStr> = used.collect();
    let shown = match (names.first(), names.len()) {
        (None, _) => "a variable".to_owned(),
        (Some(only), 1) => format!("`${{{only}}}`"),
        (Some(first), count) => format!("`${{{first}}}` and {} more", count - 1),
    };
    format!("{shown} may come from the root, which is not in the repository")
}

fn undefined(used: &VariableUse) -> Problem {
    let message = format!("variable `{}` is not defined: Flux 2.9 and later refuse the substitution", used.name);
    Problem::new(ProblemKind::SubstitutionFailed, message, used.place).help(format!(
        "define it, give it a default (`${{{0}:=…}}`), or write `$${{{0}}}` if it is not a variable",
        used.name
    ))
}

/// Whether `${` is anywhere in the tree.
pub(super) fn has_expression(node: &Node) -> bool {
    node.scalars().any(|scalar| scalar.text().is_some_and(|text| text.contains("${")))
}

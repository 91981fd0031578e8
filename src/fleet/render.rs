//! One Kustomization of one cluster: build, substitute, set common metadata. What clusters share is built once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use super::sources::ClusterSources;
use crate::flux::api::Kustomization;
use crate::flux::build::{self, FluxBuild};
use crate::flux::substitute::{self, SubstituteSource, VariableUse, Variables};
use crate::object::Object;
use crate::problem::{Problem, ProblemKind};
use crate::source::Tree;
use crate::yaml::{Documents, Node, Value};

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
#[derive(Clone)]
struct Slot {
    _tree: Arc<Tree>,
    injected: Vec<Option<Node>>,
    build: Arc<OnceLock<Arc<FluxBuild>>>,
}

impl<'a> Builds<'a> {
    pub(super) fn new(documents: &'a Documents) -> Self {
        Self { documents, made: Mutex::default() }
    }

    /// The build of a Kustomization before substitution.
    pub(super) fn get(&self, kustomization: &Object, tree: &Arc<Tree>) -> Arc<FluxBuild> {
        let slot = self.slot(kustomization, tree);
        Arc::clone(slot.get_or_init(|| Arc::new(build::build(kustomization, tree, self.documents))))
    }

    fn slot(&self, kustomization: &Object, tree: &Arc<Tree>) -> Arc<OnceLock<Arc<FluxBuild>>> {
        let path = kustomization.at("/spec/path").and_then(Node::text).unwrap_or_default();
        let spec = kustomization.at("/spec");
        let injected: Vec<Option<Node>> = INJECTED.iter().map(|field| spec?.get(field).cloned()).collect();
        let mut made = self.made.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let slots = made.entry((Arc::as_ptr(tree) as usize, path.to_owned())).or_default();
        if let Some(slot) = slots.iter().find(|slot| slot.injected == injected) {
            return Arc::clone(&slot.build);
        }
        let build = Arc::new(OnceLock::new());
        slots.push(Slot { _tree: Arc::clone(tree), injected, build: Arc::clone(&build) });
        build
    }
}

/// What a Kustomization applies on one cluster.
#[derive(Clone, Debug, Default)]
pub(super) struct Rendered {
    /// Each object, and whether all of it is known.
    pub objects: Vec<(Arc<Object>, bool)>,
    pub uses: Vec<VariableUse>,
    pub problems: Vec<Problem>,
    /// Why not all is known.
    pub undetermined: Option<String>,
    /// The folder does not exist.
    pub path_not_found: bool,
}

/// Renders a Kustomization from its files and the ConfigMaps and Secrets of its cluster.
pub(super) fn render(
    builds: &Builds<'_>,
    kustomization: Kustomization<'_>,
    tree: &Arc<Tree>,
    lookup: &dyn SubstituteSource,
    strict: bool,
) -> Rendered {
    let build = builds.get(kustomization.object, tree);
    let mut rendered = Rendered { path_not_found: build.path_not_found, ..Rendered::default() };
    rendered.take_problems(build.problems.iter().cloned());
    let (variables, problems) = Variables::build(kustomization.object, lookup);
    rendered.take_problems(problems.into_iter());
    let variables_known = rendered.undetermined.is_none() || kustomization.object.at("/spec/postBuild").is_none();
    for resource in &build.resources {
        let node = rendered.substitute(resource, &variables, variables_known, strict);
        let node = build::with_common_metadata(node, kustomization.object);
        rendered.place(node, variables_known);
    }
    rendered
}

impl Rendered {
    /// Problems that leave the result open are its reason, the others are kept.
    fn take_problems(&mut self, problems: impl Iterator<Item = Problem>) {
        for problem in problems {
            match problem.kind {
                ProblemKind::Undetermined => self.undetermined = self.undetermined.take().or(Some(problem.message)),
                _ => self.problems.push(problem),
            }
        }
    }

    fn substitute(&mut self, resource: &Arc<Node>, variables: &Variables, known: bool, strict: bool) -> Arc<Node> {
        if !known {
            return Arc::clone(resource);
        }
        let substituted = substitute::substitute(resource, variables, strict);
        self.uses.extend(substituted.uses);
        self.take_problems(substituted.problem.into_iter());
        substituted.node
    }

    /// Adds an object; one that still has an expression in it is not settled where the variables are not known.
    fn place(&mut self, node: Arc<Node>, variables_known: bool) {
        let settled = variables_known || !has_expression(&node);
        match Object::new(Arc::unwrap_or_clone(node)) {
            Some(object) => self.objects.push((Arc::new(object), settled)),
            None => {}
        }
    }
}

/// Whether `${` stands anywhere in the tree. The parser bounds the depth of trees.
fn has_expression(node: &Node) -> bool {
    match &node.value {
        Value::Mapping(mapping) => {
            mapping.entries.iter().any(|entry| has_expression(&entry.key) || has_expression(&entry.value))
        }
        Value::Sequence(items) => items.iter().any(has_expression),
        Value::Scalar(scalar) => scalar.text.contains("${"),
    }
}

/// Everything about a Kustomization that decides what it renders, to see whether it must be rendered again.
pub(super) struct Memo {
    pub object: Arc<Object>,
    pub tree: Arc<Tree>,
    pub inputs: Vec<Option<Arc<Object>>>,
    pub rendered: Arc<Rendered>,
}

impl Memo {
    /// Whether the same question was asked.
    pub(super) fn answers(&self, object: &Arc<Object>, tree: &Arc<Tree>, inputs: &[Option<Arc<Object>>]) -> bool {
        let same = |a: &Arc<Object>, b: &Arc<Object>| Arc::ptr_eq(a, b) || a == b;
        let inputs_same = self.inputs.len() == inputs.len()
            && self.inputs.iter().zip(inputs).all(|(a, b)| match (a, b) {
                (Some(a), Some(b)) => same(a, b),
                (a, b) => a.is_none() && b.is_none(),
            });
        same(&self.object, object) && Arc::ptr_eq(&self.tree, tree) && inputs_same
    }
}

/// The sources and the strictness that all Kustomizations of a cluster share.
pub(super) struct Surroundings<'a> {
    pub builds: &'a Builds<'a>,
    pub sources: ClusterSources<'a>,
    pub strict: bool,
}

//! One cluster, brought to the state that Flux would bring it to: from the roots' objects, rendered again and again until
//! nothing changes. What a reconciler makes defines its children and their variables.

use std::sync::Arc;

use rayon::prelude::*;
use smol_str::SmolStr;

use super::applied::Applied;
use super::builds::Builds;
use super::inventory::Inventory;
use super::reconciler::{Outcome, Reconciler, ReconcilerKind, UnknownCause, UnknownValues};
use super::reconciliation::{Inputs, Reconciliation, Results, Seeds, key};
use super::render::render;
use super::rendered::Rendered;
use super::source_resolver;
use super::sources::{ClusterSources, Unresolved, source_id};
use super::undecided::is_undecided;
use super::unknown_reason::UnknownReason;
use super::unseen::Unseen;
use crate::flux::api::{Kustomization, ResourceSet, recurses_submodules};
use crate::flux::instance;
use crate::flux::resource_set;
use crate::flux::substitute::{Lookup, SubstituteSource, with_open_values};
use crate::kustomize::Reader;
use crate::object::Object;
use crate::source::Tree;

/// How often a cluster is rendered at most. Fleets need as many rounds as their Kustomizations are deep, and one more.
const MAX_ROUNDS: usize = 64;

/// How many reconcilers a cluster may have. Far beyond any fleet; Kustomizations that bring ever more of themselves stop here.
const MAX_RECONCILERS: usize = 5_000;

/// What all Kustomizations of a cluster share.
pub(super) struct ReconcileContext<'a> {
    pub builds: &'a Builds<'a>,
    pub sources: ClusterSources<'a>,
    /// The root is assumed: what it substitutes and patches is not known.
    pub is_open: bool,
}

/// Renders a cluster to its fixed point. `false` where it was still changing after the last round.
pub(super) fn reconcile(around: &ReconcileContext<'_>, seeds: &Seeds) -> (Inventory, Results, bool) {
    let mut results = Results::new();
    for _ in 0..MAX_ROUNDS {
        let inventory = Inventory::collect(seeds, &results);
        if inventory.reconcilers.len() > MAX_RECONCILERS {
            return (inventory, results, false);
        }
        let next: Results = inventory
            .reconcilers
            .par_iter()
            .map(|reconciler| {
                let key = key(&reconciler.object, reconciler.kind);
                let known = results.get(&key);
                (key, reconcile_one(around, &inventory, reconciler, known))
            })
            .collect();
        let is_same = next.len() == results.len()
            && next.iter().all(|(key, now)| results.get(key).is_some_and(|before| Arc::ptr_eq(before, now)));
        results = next;
        if is_same {
            return (inventory, results, true);
        }
    }
    (Inventory::collect(seeds, &results), results, false)
}

fn reconcile_one(
    around: &ReconcileContext<'_>,
    inventory: &Inventory,
    reconciler: &Reconciler,
    known: Option<&Arc<Reconciliation>>,
) -> Arc<Reconciliation> {
    let variables = VariableSources::of(inventory, &reconciler.object);
    let source_id = Kustomization::of(&reconciler.object).and_then(source_id);
    let given = Inputs {
        object: Arc::clone(&reconciler.object),
        source: source_id.map(|id| source_resolver::wanted(inventory, id)),
        variables: variables.found.clone(),
        unknown: variables.unknown.clone(),
        providers: inventory.providers(&reconciler.object),
    };
    if let Some(known) = known.filter(|known| known.given == given) {
        return Arc::clone(known);
    }
    let is_resolved = inventory.objects.get(reconciler.placed).is_some_and(|placed| placed.settled);
    let is_open = !is_resolved && is_undecided(&reconciler.object);
    Arc::new(match reconciler.kind {
        _ if is_open => {
            let reason = UnknownReason::OpenObject(reconciler.object.id.clone());
            Reconciliation::without(given, Outcome::Undetermined(Box::new(reason)))
        }
        ReconcilerKind::FluxInstance => instance(around, given, Outcome::Rendered).visible(),
        ReconcilerKind::HelmRelease => instance(around, given, Outcome::Opaque),
        ReconcilerKind::ResourceSet => expand(around, given),
        ReconcilerKind::Kustomization => kustomization(around, given, &variables, is_resolved),
    })
}

/// A FluxInstance, or a HelmRelease that may make one: its sync is among the seeds, what fails in its patches is reported here.
fn instance(around: &ReconcileContext<'_>, given: Inputs, outcome: Outcome) -> Reconciliation {
    let reader = Reader { tree: &*around.sources.fleet, documents: around.builds.documents() };
    let made = instance::spec_of(&given.object).map(|(spec, namespace)| instance::objects_of(spec, &namespace, reader));
    let problems = made.map(|made| made.problems).unwrap_or_default();
    let outcome = if problems.is_empty() { outcome } else { Outcome::Failed };
    let rendered = Arc::new(Rendered { problems, ..Rendered::default() });
    Reconciliation { rendered, ..Reconciliation::without(given, outcome) }
}

fn expand(around: &ReconcileContext<'_>, given: Inputs) -> Reconciliation {
    let object = Arc::clone(&given.object);
    let Some(set) = ResourceSet::of(&object) else { return Reconciliation::without(given, Outcome::Opaque) };
    let expanded = resource_set::expand(&set, &given.providers, around.builds.documents());
    let outcome = match &expanded.undetermined {
        _ if !expanded.problems.is_empty() => Outcome::Failed,
        Some(reason) => Outcome::Undetermined(Box::new(UnknownReason::Build(reason.clone()))),
        None => Outcome::Rendered,
    };
    let objects = expanded.objects.into_iter().map(|object| (object, true)).collect();
    let applied = Arc::new(Applied::new(objects));
    let rendered = Arc::new(Rendered { applied, problems: expanded.problems, ..Rendered::default() });
    let unseen = if outcome == Outcome::Rendered { Unseen::Nothing } else { Unseen::Anything };
    Reconciliation { rendered, unseen, ..Reconciliation::without(given, outcome) }
}

fn kustomization(
    around: &ReconcileContext<'_>,
    given: Inputs,
    variables: &VariableSources,
    is_resolved: bool,
) -> Reconciliation {
    let Some(wanted) = &given.source else {
        let reason = UnknownReason::NoSourceRef(given.object.id.clone());
        return Reconciliation::without(given, Outcome::Undetermined(Box::new(reason)));
    };
    let (source, failure) = around.sources.resolve(wanted);
    let missing_sources = variables.missing.clone();
    let Some(tree) = source.tree.clone() else {
        let failure = failure.unwrap_or_else(|| Outcome::SourceNotFound.into());
        let Unresolved { outcome, problems, is_unavailable } = failure;
        let rendered = Arc::new(Rendered { problems, ..Rendered::default() });
        let source = Some(source);
        return Reconciliation {
            source,
            missing_sources,
            rendered,
            is_source_unavailable: is_unavailable,
            ..Reconciliation::without(given, outcome)
        };
    };
    // Inline values with variables that are not known are none themselves.
    let open = || with_open_values(&given.object, &[&["spec", "postBuild", "substitute"]]);
    let object = if is_resolved { None } else { open() };
    let (mut rendered, mut outcome) = rendered(around, object.as_ref().unwrap_or(&given.object), &tree, variables);
    let is_missing = matches!(outcome, Outcome::PathNotFound | Outcome::Failed);
    if is_missing && source.object.as_deref().is_some_and(recurses_submodules) {
        // No tree here holds what submodules hold.
        rendered = Arc::new(Rendered { unseen: Unseen::Anything, ..Rendered::default() });
        outcome = Outcome::Undetermined(Box::new(UnknownReason::Submodules));
    }
    let unknown_values = if rendered.unknown_values.is_some() { variables.unknown.clone() } else { Vec::new() };
    Reconciliation {
        unseen: rendered.unseen.clone(),
        rendered,
        given,
        source: Some(source),
        outcome,
        missing_sources,
        unknown_values,
        is_source_unavailable: false,
    }
}

fn rendered(
    around: &ReconcileContext<'_>,
    object: &Object,
    tree: &Arc<Tree>,
    variables: &VariableSources,
) -> (Arc<Rendered>, Outcome) {
    let Some(view) = Kustomization::of(object) else { return (Arc::default(), Outcome::Opaque) };
    let rendered = render(around.builds, view, tree, variables, (&around.sources.features, around.is_open));
    // What a folder above the meant one makes, all overlays at once, is a consequence.
    if let Some(variable) = collapsed_variable(object).filter(|_| !rendered.problems.is_empty()) {
        let reason = UnknownReason::EmptyInPath(variable.clone());
        let rendered = Rendered { unseen: Unseen::Anything, ..Rendered::default() };
        return (Arc::new(rendered), Outcome::Undetermined(Box::new(reason)));
    }
    let of_build = rendered.undetermined.first().map(|open| UnknownReason::Build(open.message.clone()));
    let of_values = || rendered.unknown_values.clone().map(UnknownReason::Values);
    let outcome = match of_build.or_else(of_values) {
        _ if rendered.path_not_found => Outcome::PathNotFound,
        _ if !rendered.problems.is_empty() || !rendered.undefined.is_empty() => Outcome::Failed,
        Some(reason) => Outcome::Undetermined(Box::new(reason)),
        None => Outcome::Rendered,
    };
    (rendered, outcome)
}

/// The variable whose segment of the path is lost, because it has no value.
fn collapsed_variable(kustomization: &Object) -> Option<&SmolStr> {
    let variable = kustomization.at("/spec/path")?.origin.variable()?;
    variable.collapses_segment.then_some(&variable.name)
}

/// The ConfigMaps and Secrets that a Kustomization substitutes from, as its cluster has them.
#[derive(Default)]
struct VariableSources {
    found: Vec<Arc<Object>>,
    unknown: Vec<UnknownValues>,
    /// Those that nothing in the fleet makes and that are not optional.
    missing: Vec<(SmolStr, SmolStr)>,
}

impl VariableSources {
    fn of(inventory: &Inventory, object: &Object) -> Self {
        let mut sources = Self::default();
        let Some(kustomization) = Kustomization::of(object) else { return sources };
        for entry in kustomization.substitute_from() {
            let name = entry.name.text().unwrap_or_default();
            let (kind, name): (SmolStr, SmolStr) = (entry.kind.into(), name.into());
            let namespace = &object.id.namespace;
            match inventory.get("", &kind, namespace, &name) {
                Some(placed) if placed.has_known_data() => sources.found.push(Arc::clone(placed.shared)),
                Some(placed) if placed.is_known() => {
                    sources.unknown(kind, name, UnknownCause::Declared);
                }
                Some(placed) => match inventory.with_open_values(placed) {
                    Some(object) => sources.found.push(Arc::new(object)),
                    None => sources.unknown(kind, name, UnknownCause::Open),
                },
                None => match inventory.maker_of(&kind, namespace, &name) {
                    Some(maker) => {
                        let by = format!("{} `{}`", maker.id.kind, maker.id.name);
                        sources.unknown(kind, name, UnknownCause::Created(by));
                    }
                    None if entry.optional => {}
                    None => {
                        sources.missing.push((kind.clone(), name.clone()));
                        sources.unknown(kind, name, UnknownCause::Nothing);
                    }
                },
            }
        }
        sources
    }

    fn unknown(&mut self, kind: SmolStr, name: SmolStr, cause: UnknownCause) {
        self.unknown.push(UnknownValues { kind, name, cause });
    }
}

impl SubstituteSource for VariableSources {
    fn lookup(&self, kind: &str, name: &str) -> Lookup {
        let found = self.found.iter().find(|object| object.id.kind == kind && object.id.name == name);
        let unknown = self.unknown.iter().find(|it| it.kind == kind && it.name == name);
        match (found, unknown) {
            (Some(object), _) => Lookup::Found(Arc::clone(object)),
            (None, Some(unknown)) => Lookup::Unknown(unknown.cause.to_string()),
            (None, None) => Lookup::Missing,
        }
    }
}

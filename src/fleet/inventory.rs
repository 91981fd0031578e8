//! What is on a cluster at a moment: the objects, in the order in which reconcilers bring them, and the reconcilers among them.

use std::sync::Arc;

use super::cluster_object::{AppliedBy, ClusterObject};
use super::objects::{Added, Objects, Placed};
use super::reconciler::{Identity, Outcome, Reconciler, ReconcilerId, ReconcilerKind};
use super::reconciliation::{Results, Seeds, key};
use super::render::has_expression;
use super::roles::Role;
use super::secret_producers;
use super::unknown_reason::UnknownReason;
use super::unseen::Unseen;
use crate::flux::api::{Kustomization, ResourceSet, group};
use crate::flux::propagation::{self, CloneRule, Pushes};
use crate::flux::resource_set::{self, Provider};
use crate::flux::substitute::with_open_values;
use crate::object::Object;

/// The objects of a cluster at a moment.
#[derive(Default)]
pub(super) struct Inventory {
    pub objects: Objects,
    /// Parents before children.
    pub reconcilers: Vec<Reconciler>,
}

impl Inventory {
    /// What the roots and all that hangs below them have made so far.
    pub(super) fn collect(seeds: &Seeds, results: &Results) -> Self {
        let mut inventory = Self::default();
        for object in &seeds.bootstrap {
            inventory.place(Arc::clone(object), true, AppliedBy::Bootstrap);
        }
        for object in &seeds.declared {
            inventory.place(Arc::clone(object), true, AppliedBy::Declared);
        }
        let mut next = 0;
        while next < inventory.reconcilers.len() {
            inventory.apply(ReconcilerId(next), results);
            next += 1;
        }
        // What is made elsewhere applies nothing, whatever its kind: nobody says what.
        for object in &seeds.externals {
            let added = Added { object: Arc::clone(object), by: AppliedBy::Declared, settled: false };
            inventory.objects.add_missing(added);
        }
        inventory.propagate();
        inventory
    }

    /// An object by the parts of its identity.
    pub(super) fn get(&self, group: &str, kind: &str, namespace: &str, name: &str) -> Option<ClusterObject<'_>> {
        self.objects.find([group, kind, namespace, name])
    }

    /// A source by its reference.
    pub(super) fn source(&self, kind: &str, namespace: &str, name: &str) -> Option<ClusterObject<'_>> {
        self.get(group::SOURCE, kind, namespace, name)
    }

    /// The ArtifactGenerators of a namespace.
    pub(super) fn generators(&self, namespace: &str) -> Vec<ClusterObject<'_>> {
        let generators = self.objects.with_role(Role::Generator);
        generators.filter(|placed| placed.object.id.namespace == namespace).collect()
    }

    /// The ResourceSetInputProviders that a ResourceSet asks for, each with whether all of it is known.
    pub(super) fn providers(&self, object: &Object) -> Vec<Provider> {
        let Some(set) = ResourceSet::of(object) else { return Vec::new() };
        let providers = self.objects.with_role(Role::Provider);
        let wanted = providers.filter(|placed| resource_set::wants(&set, placed.object));
        wanted.map(|placed| (Arc::clone(placed.shared), placed.settled)).collect()
    }

    /// A ConfigMap or Secret of which only what its values hold is not known: the values that hold variables are marked.
    pub(super) fn with_open_values(&self, placed: ClusterObject<'_>) -> Option<Object> {
        let AppliedBy::Reconciler(id) = placed.by else { return None };
        let is_known = matches!(self.reconcilers[id.0].unseen, Unseen::Nothing) && has_expression(&placed.object.root);
        is_known.then(|| with_open_values(placed.object, &[&["data"], &["stringData"]])).flatten()
    }

    /// The object that makes a Secret (or ConfigMap) in the cluster, where it is known which one does.
    pub(super) fn maker_of(&self, kind: &str, namespace: &str, name: &str) -> Option<&Object> {
        let with = |role| self.objects.with_role(role).map(|placed| placed.object);
        let by_policy = || {
            let labels = self.get("", "Namespace", "", namespace).map(|placed| placed.object);
            with(Role::Policy).find(|it| propagation::may_make(it, (kind, namespace, name), labels).is_some())
        };
        let maker = secret_producers::maker_of(with(Role::SecretMaker), with(Role::Namespace), kind, namespace, name);
        maker.or_else(by_policy)
    }

    fn apply(&mut self, id: ReconcilerId, results: &Results) {
        let reconciler = &self.reconcilers[id.0];
        let Some(result) = results.get(&key(&reconciler.object, reconciler.kind)).map(Arc::clone) else { return };
        result.describe(&mut self.reconcilers[id.0]);
        self.reconcilers[id.0].applied = Arc::clone(&result.rendered.applied);
        if self.reconcilers[id.0].is_remote {
            return;
        }
        for placed in self.objects.add_block(&result.rendered.applied, id) {
            self.follow(placed, Some(id));
        }
    }

    /// Adds an object that no reconciler applies.
    fn place(&mut self, object: Arc<Object>, settled: bool, by: AppliedBy) {
        let placed = self.objects.add(Added { object, by, settled });
        self.follow(placed, None);
    }

    /// Notes the reconciler that an object is.
    fn follow(&mut self, Placed { position, is_first, is_replaced }: Placed, parent: Option<ReconcilerId>) {
        let Some(ClusterObject { shared: object, .. }) = self.objects.get(position) else { return };
        if is_replaced {
            let is_root = self.reconcilers.iter_mut().find(|reconciler| reconciler.placed == position);
            if let Some(root) = is_root {
                root.object = Arc::clone(object);
                root.is_remote = is_remote(object);
            }
        } else if let Some(kind) = ReconcilerKind::of(object).filter(|_| is_first) {
            self.reconcilers.push(new_reconciler(kind, position, object, parent));
        }
    }

    /// Adds what policies and annotations copy between namespaces. Copies are not copied again: one round covers what fleets do.
    fn propagate(&mut self) {
        self.fill_copies();
        let mut copies = Vec::new();
        let mut made = Vec::new();
        let namespaces: Vec<ClusterObject<'_>> =
            self.objects.with_role(Role::Namespace).filter(|placed| placed.is_known()).collect();
        let spreading = self.objects.positions_with_role(Role::Spreads).into_iter();
        let spreading = spreading.filter_map(|position| Some((position, self.objects.get(position)?)));
        for (index, placed) in spreading.filter(|(_, placed)| placed.is_known()) {
            for rule in propagation::clone_rules(placed.object) {
                self.copies_of(index, &rule, &namespaces, &mut copies);
            }
            let by = AppliedBy::Copy { source: index, policy: index };
            // Of a Secret that something makes on the cluster, only its metadata is known.
            let secret = secret_producers::secret_of(placed.object);
            let (pushing, is_known) = match &secret {
                Some(secret) => (secret, false),
                None => (placed.object, placed.has_known_data()),
            };
            if let Some(pushes) = Pushes::of(pushing) {
                let targets = namespaces.iter().filter(|it| pushes.into_namespace(it.object));
                let pushed = targets.filter_map(|it| propagation::copy_into(pushing, &it.object.id.name));
                copies.extend(pushed.map(|copy| (Arc::new(copy), is_known, by)));
            }
            for rule in propagation::data_rules(placed.object) {
                let objects = namespaces.iter().filter_map(|it| rule.object_for(it.object));
                made.extend(objects.map(|(object, settled)| (Arc::new(object), settled, by)));
            }
        }
        for (object, settled, by) in copies.into_iter().chain(made) {
            let placed = self.objects.add_missing(Added { object, by, settled });
            placed.into_iter().for_each(|placed| self.follow(placed, None));
        }
    }

    /// Gives ConfigMaps and Secrets that name a source its data; what of it is not in the fleet is not known.
    fn fill_copies(&mut self) {
        for index in self.objects.positions_with_role(Role::Spreads) {
            let Some(placed) = self.objects.get(index) else { continue };
            let by_operator = matches!(placed.by, AppliedBy::Reconciler(id) if self.reconcilers[id.0].kind == ReconcilerKind::ResourceSet);
            let Some(from) = propagation::copied_from(placed.object, by_operator) else { continue };
            let (kind, own) = (&placed.object.id.kind, &placed.object.id.namespace);
            let source = self.get("", kind, from.namespace, from.name).filter(|source| source.has_known_data());
            let namespace = self.get("", "Namespace", "", own).map(|namespace| namespace.object);
            let source = source.filter(|source| from.is_allowed(source.object, own, namespace));
            let filled = source.and_then(|source| propagation::with_data_of(placed.object, source.object));
            let (object, settled) = match filled {
                Some(filled) => (Arc::new(filled), placed.settled),
                None => (Arc::clone(placed.shared), false),
            };
            self.objects.change(index, object, settled);
        }
    }

    fn copies_of(
        &self,
        policy: usize,
        rule: &CloneRule<'_>,
        namespaces: &[ClusterObject<'_>],
        copies: &mut Vec<(Arc<Object>, bool, AppliedBy)>,
    ) {
        let targets: Vec<&str> =
            namespaces.iter().filter(|it| rule.triggers_on(it.object)).map(|it| it.object.id.name.as_str()).collect();
        for (source, placed) in self.objects.iter().enumerate().filter(|(_, placed)| placed.is_known()) {
            let secret = secret_producers::secret_of(placed.object);
            let (object, settled) = match &secret {
                Some(secret) => (secret, false),
                None => (placed.object, placed.has_known_data()),
            };
            if !rule.copies(object) {
                continue;
            }
            let elsewhere = targets.iter().filter(|target| **target != object.id.namespace);
            let made = elsewhere.filter_map(|target| propagation::copy_into(object, target));
            copies.extend(made.map(|copy| (Arc::new(copy), settled, AppliedBy::Copy { source, policy })));
        }
    }
}

fn new_reconciler(
    kind: ReconcilerKind,
    placed: usize,
    object: &Arc<Object>,
    parent: Option<ReconcilerId>,
) -> Reconciler {
    Reconciler {
        kind,
        placed,
        object: Arc::clone(object),
        parent,
        identity: Identity::Unknown,
        source: None,
        outcome: Outcome::Undetermined(Box::new(UnknownReason::NotRendered)),
        problems: Vec::new(),
        remarks: Arc::default(),
        undefined: Vec::new(),
        applied: Arc::default(),
        uses: Arc::default(),
        missing_sources: Vec::new(),
        unknown_values: Vec::new(),
        is_source_unavailable: false,
        open_reasons: Vec::new(),
        is_remote: is_remote(object),
        unseen: Unseen::Anything,
    }
}

fn is_remote(object: &Object) -> bool {
    Kustomization::of(object).is_some_and(Kustomization::is_remote) || object.at("/spec/kubeConfig").is_some()
}

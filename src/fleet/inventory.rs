//! What is on a cluster at a moment: the objects, in the order in which reconcilers bring them, and the reconcilers among them.

use std::collections::HashMap;
use std::sync::Arc;

use super::cluster::{AppliedBy, ClusterObject};
use super::reconciler::{Identity, Outcome, Reconciler, ReconcilerId, ReconcilerKind};
use super::reconciliation::{Results, Seeds, key};
use super::render::has_expression;
use super::secret_producers;
use super::unknown_reason::UnknownReason;
use super::unseen::Unseen;
use crate::flux::api::{Kustomization, ResourceSet, group};
use crate::flux::propagation::{self, CloneRule};
use crate::flux::resource_set::{self, Provider};
use crate::flux::substitute::with_open_values;
use crate::object::{Object, ObjectId};

/// The objects of a cluster at a moment.
#[derive(Default)]
pub(super) struct Inventory {
    pub objects: Vec<ClusterObject>,
    /// Parents before children.
    pub reconcilers: Vec<Reconciler>,
    /// The first object of each identity.
    pub by_id: HashMap<ObjectId, usize>,
}

impl Inventory {
    /// What the roots and all that hangs below them have made so far.
    pub(super) fn collect(seeds: &Seeds, results: &Results) -> Self {
        let mut inventory = Self::default();
        for object in &seeds.bootstrap {
            inventory.place(Arc::clone(object), true, AppliedBy::Bootstrap, None);
        }
        for object in &seeds.declared {
            inventory.place(Arc::clone(object), true, AppliedBy::Declared, None);
        }
        let mut next = 0;
        while next < inventory.reconcilers.len() {
            inventory.apply(ReconcilerId(next), results);
            next += 1;
        }
        for object in &seeds.externals {
            inventory.add_external(object);
        }
        inventory.propagate();
        inventory
    }

    /// An object by the parts of its identity.
    pub(super) fn get(&self, group: &str, kind: &str, namespace: &str, name: &str) -> Option<&ClusterObject> {
        let id = ObjectId { group: group.into(), kind: kind.into(), namespace: namespace.into(), name: name.into() };
        self.by_id.get(&id).map(|&index| &self.objects[index])
    }

    /// A source by its reference.
    pub(super) fn source(&self, kind: &str, namespace: &str, name: &str) -> Option<&ClusterObject> {
        self.get(group::SOURCE, kind, namespace, name)
    }

    /// The ArtifactGenerators of a namespace.
    pub(super) fn generators(&self, namespace: &str) -> Vec<&ClusterObject> {
        let is_one = |object: &Object| {
            object.is(group::SOURCE_EXTENSIONS, "ArtifactGenerator") && object.id.namespace == namespace
        };
        self.objects.iter().filter(|placed| is_one(&placed.object)).collect()
    }

    /// The ResourceSetInputProviders that a ResourceSet asks for, each with whether all of it is known.
    pub(super) fn providers(&self, object: &Object) -> Vec<Provider> {
        let Some(set) = ResourceSet::of(object) else { return Vec::new() };
        let wanted = self.objects.iter().filter(|placed| resource_set::wants(&set, &placed.object));
        wanted.map(|placed| (Arc::clone(&placed.object), placed.settled)).collect()
    }

    /// A ConfigMap or Secret of which only what its values hold is not known: the values that hold variables are marked.
    pub(super) fn with_open_values(&self, placed: &ClusterObject) -> Option<Object> {
        let AppliedBy::Reconciler(id) = placed.by else { return None };
        let is_known = matches!(self.reconcilers[id.0].unseen, Unseen::Nothing) && has_expression(&placed.object.root);
        is_known.then(|| with_open_values(&placed.object, &[&["data"], &["stringData"]])).flatten()
    }

    /// The object that makes a Secret (or ConfigMap) in the cluster, where it is known which one does.
    pub(super) fn maker_of(&self, kind: &str, namespace: &str, name: &str) -> Option<&Object> {
        let objects = || self.objects.iter().map(|placed| &*placed.object);
        let by_policy = || {
            let labels = self.get("", "Namespace", "", namespace).map(|placed| &*placed.object);
            let mut policies = objects().filter(|object| propagation::is_of_kyverno(object));
            policies.find(|it| propagation::may_make(it, (kind, namespace, name), labels).is_some())
        };
        secret_producers::maker_of(objects, kind, namespace, name).or_else(by_policy)
    }

    fn apply(&mut self, id: ReconcilerId, results: &Results) {
        let reconciler = &self.reconcilers[id.0];
        let Some(result) = results.get(&key(&reconciler.object, reconciler.kind)).map(Arc::clone) else { return };
        result.describe(&mut self.reconcilers[id.0]);
        let applied = &result.rendered.objects;
        self.reconcilers[id.0].applied = applied.iter().map(|(object, _)| Arc::clone(object)).collect();
        if self.reconcilers[id.0].is_remote {
            return;
        }
        for (object, settled) in applied {
            let index = self.place(Arc::clone(object), *settled, AppliedBy::Reconciler(id), Some(id));
            self.reconcilers[id.0].objects.push(index);
        }
    }

    /// Adds an object. What a reconciler makes takes the place of what bootstrap made of the same name.
    fn place(&mut self, object: Arc<Object>, settled: bool, by: AppliedBy, parent: Option<ReconcilerId>) -> usize {
        let known = self.by_id.get(&object.id).copied();
        if let Some(index) = known.filter(|&index| settled && self.objects[index].by == AppliedBy::Bootstrap) {
            let is_root = self.reconcilers.iter().position(|reconciler| reconciler.placed == index);
            if let Some(root) = is_root.map(|root| &mut self.reconcilers[root]) {
                root.object = Arc::clone(&object);
                root.is_remote = is_remote(&object);
            }
            self.objects[index] = ClusterObject { object, by, settled };
            return index;
        }
        let index = self.objects.len();
        if let (None, Some(kind)) = (known, ReconcilerKind::of(&object)) {
            self.reconcilers.push(new_reconciler(kind, index, &object, parent));
        }
        self.by_id.entry(object.id.clone()).or_insert(index);
        self.objects.push(ClusterObject { object, by, settled });
        index
    }

    /// Adds what is made elsewhere, unless the fleet makes it. It applies nothing, whatever its kind: nobody says what.
    fn add_external(&mut self, object: &Arc<Object>) {
        if !self.by_id.contains_key(&object.id) {
            self.by_id.insert(object.id.clone(), self.objects.len());
            let placed = ClusterObject { object: Arc::clone(object), by: AppliedBy::Declared, settled: false };
            self.objects.push(placed);
        }
    }

    /// Adds what policies and annotations copy between namespaces. Copies are not copied again: one round covers what fleets do.
    fn propagate(&mut self) {
        self.fill_copies();
        let mut copies = Vec::new();
        let mut made = Vec::new();
        let namespaces: Vec<&ClusterObject> =
            self.objects.iter().filter(|placed| placed.is_known() && placed.object.is("", "Namespace")).collect();
        for (index, placed) in self.objects.iter().enumerate().filter(|(_, placed)| placed.is_known()) {
            for rule in propagation::clone_rules(&placed.object) {
                self.copies_of(index, &rule, &namespaces, &mut copies);
            }
            let by = AppliedBy::Copy { source: index, policy: index };
            // Of a Secret that something makes on the cluster, only its metadata is known.
            let secret = secret_producers::secret_of(&placed.object);
            let (pushing, is_known) = match &secret {
                Some(secret) => (secret, false),
                None => (&*placed.object, placed.has_known_data()),
            };
            let reached = if propagation::may_push(pushing) { namespaces.as_slice() } else { &[] };
            let targets = reached.iter().filter(|it| propagation::pushes_into(pushing, &it.object));
            let pushed = targets.filter_map(|it| propagation::copy_into(pushing, &it.object.id.name));
            copies.extend(pushed.map(|copy| (Arc::new(copy), is_known, by.clone())));
            for rule in propagation::data_rules(&placed.object) {
                let objects = namespaces.iter().filter_map(|it| rule.object_for(&it.object));
                made.extend(objects.map(|(object, settled)| (Arc::new(object), settled, by.clone())));
            }
        }
        for (object, settled, by) in copies.into_iter().chain(made) {
            if !self.by_id.contains_key(&object.id) {
                self.place(object, settled, by, None);
            }
        }
    }

    /// Gives ConfigMaps and Secrets that name a source its data; what of it is not in the fleet is not known.
    fn fill_copies(&mut self) {
        for index in 0..self.objects.len() {
            let placed = &self.objects[index];
            let by_operator = matches!(placed.by, AppliedBy::Reconciler(id) if self.reconcilers[id.0].kind == ReconcilerKind::ResourceSet);
            let Some(from) = propagation::copied_from(&placed.object, by_operator) else { continue };
            let (kind, own) = (&placed.object.id.kind, &placed.object.id.namespace);
            let source = self.get("", kind, from.namespace, from.name).filter(|source| source.has_known_data());
            let namespace = self.get("", "Namespace", "", own).map(|namespace| &*namespace.object);
            let source = source.filter(|source| from.is_allowed(&source.object, own, namespace));
            let filled = source.and_then(|source| propagation::with_data_of(&placed.object, &source.object));
            let placed = &mut self.objects[index];
            match filled {
                Some(filled) => placed.object = Arc::new(filled),
                None => placed.settled = false,
            }
        }
    }

    fn copies_of(
        &self,
        policy: usize,
        rule: &CloneRule<'_>,
        namespaces: &[&ClusterObject],
        copies: &mut Vec<(Arc<Object>, bool, AppliedBy)>,
    ) {
        let targets: Vec<&str> =
            namespaces.iter().filter(|it| rule.triggers_on(&it.object)).map(|it| it.object.id.name.as_str()).collect();
        for (source, placed) in self.objects.iter().enumerate().filter(|(_, placed)| placed.is_known()) {
            let secret = secret_producers::secret_of(&placed.object);
            let (object, settled) = match &secret {
                Some(secret) => (secret, false),
                None => (&*placed.object, placed.has_known_data()),
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
        undefined: Vec::new(),
        applied: Vec::new(),
        objects: Vec::new(),
        uses: Vec::new(),
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

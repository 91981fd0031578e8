//! The events of a cluster: what its reconcilers wait for, as far as the graph shows it.
//!
//! What is not in the graph holds nothing up: it may come from elsewhere. Suspended reconcilers hold nothing up either,
//! because somebody looks after them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use smol_str::SmolStr;

use super::appliers::Appliers;
use super::plan::{Event, Need};
use super::what::{Reason, What, Why};
use crate::fleet::apply_order::is_staged;
use crate::fleet::facets::graph::Wait;
use crate::fleet::unseen::is_flux_group;
use crate::fleet::{AppliedBy, Cluster, Reconciler, ReconcilerId, ReconcilerKind};
use crate::flux::kinds;
use crate::object::{Object, ObjectId};

/// The fields whose object has to be there before a reconciler can start. Others are waited for in ways of their own, or come
/// from elsewhere in all fleets.
const READ: [&str; 6] = [
    "spec.sourceRef",
    "spec.chartRef",
    "spec.chart.spec.sourceRef",
    "spec.postBuild.substituteFrom[]",
    "spec.valuesFrom[]",
    "spec.sources[]",
];

/// Makes the events of a cluster.
pub(super) struct Builder<'a> {
    cluster: &'a Cluster,
    appliers: Appliers<'a>,
    events: Vec<Event<Why>>,
    whats: Vec<What>,
    known: HashMap<What, Option<usize>>,
}

/// All events, and what each is.
#[derive(Debug)]
pub(super) struct Events {
    pub(super) events: Vec<Event<Why>>,
    pub(super) whats: Vec<What>,
}

/// The position of the first event of a reconciler; the others come after it.
const PER_RECONCILER: usize = 4;

impl Events {
    pub(super) fn of(cluster: &Cluster) -> Self {
        let mut builder = Builder {
            cluster,
            appliers: Appliers::of(cluster),
            events: Vec::new(),
            whats: Vec::new(),
            known: HashMap::new(),
        };
        builder.add_reconcilers();
        Self { events: builder.events, whats: builder.whats }
    }

    pub(super) fn start(id: ReconcilerId) -> usize {
        id.0 * PER_RECONCILER
    }

    pub(super) fn staged(id: ReconcilerId) -> usize {
        Self::start(id) + 1
    }

    pub(super) fn applied(id: ReconcilerId) -> usize {
        Self::start(id) + 2
    }

    pub(super) fn ready(id: ReconcilerId) -> usize {
        Self::start(id) + 3
    }
}

impl Builder<'_> {
    fn add_reconcilers(&mut self) {
        for at in 0..self.cluster.reconcilers.len() {
            let id = ReconcilerId(at);
            self.push(What::Start(id), false, 1, Vec::new());
            for (what, before) in [
                (What::Staged(id), Events::start(id)),
                (What::Applied(id), Events::staged(id)),
                (What::Ready(id), Events::applied(id)),
            ] {
                self.push(what, false, 0, vec![Need { on: before, reason: Why::of(Reason::Next) }]);
            }
        }
        let waits = self.cluster.graph().dependencies();
        let mut by_waiting: HashMap<ReconcilerId, Vec<Wait>> = HashMap::new();
        waits.into_iter().for_each(|wait| by_waiting.entry(wait.from).or_default().push(wait));
        let mut children: HashMap<ReconcilerId, Vec<ReconcilerId>> = HashMap::new();
        for (at, reconciler) in self.cluster.reconcilers.iter().enumerate() {
            reconciler.parent.into_iter().for_each(|parent| children.entry(parent).or_default().push(ReconcilerId(at)));
        }
        for (at, reconciler) in self.cluster.reconcilers.iter().enumerate() {
            let (id, object) = (ReconcilerId(at), &reconciler.object);
            if is_suspended(object) {
                self.events[Events::start(id)].weight = 0;
                continue;
            }
            let needs = self.needs_of_start(reconciler, by_waiting.remove(&id).unwrap_or_default());
            self.events[Events::start(id)].needs.extend(needs);
            let needs = self.needs_of_apply(reconciler);
            self.events[Events::applied(id)].needs.extend(needs);
            let needs = self.needs_of_ready(reconciler, children.get(&id).map(Vec::as_slice).unwrap_or_default());
            self.events[Events::ready(id)].needs.extend(needs);
        }
    }

    fn push(&mut self, what: What, is_any: bool, weight: u32, needs: Vec<Need<Why>>) -> usize {
        self.events.push(Event { is_any, weight, needs });
        self.whats.push(what);
        self.events.len() - 1
    }

    /// What has to be there before a reconciler starts.
    fn needs_of_start(&mut self, reconciler: &Reconciler, waits: Vec<Wait>) -> Vec<Need<Why>> {
        let object = &reconciler.object;
        let mut needs = Vec::new();
        if let Some(parent) = reconciler.parent {
            let reason = Why::at(Reason::Itself, object, "/metadata/name");
            needs.push(Need { on: Events::applied(parent), reason });
        }
        for Wait { to, pointer, .. } in waits {
            // A ResourceSet may ask that an object is there, be it ready or not; that is no wait of the graph.
            needs.push(Need { on: Events::ready(to), reason: Why::at(Reason::DependsOn, object, pointer) });
        }
        // Who applies a root by hand applies what it reads, and the account that it needs.
        let all = kinds::references(&object.id.group, &object.id.kind).iter();
        for reference in all.filter(|_| reconciler.parent.is_some()) {
            let is_account = reference.path == "spec.serviceAccountName" && !reconciler.is_remote;
            if !is_account && !READ.contains(&reference.path) {
                continue;
            }
            let reason = if is_account { Reason::Account } else { Reason::Reads };
            for named in reference.named(object).into_iter().filter(|named| !named.is_optional) {
                let on = self.exists(&named.id);
                needs.extend(on.map(|on| Need { on, reason: Why::at(reason, object, named.name.as_str()) }));
            }
        }
        needs
    }

    /// What has to be there before everything that a reconciler applies can be applied.
    fn needs_of_apply(&mut self, reconciler: &Reconciler) -> Vec<Need<Why>> {
        if reconciler.is_remote || reconciler.object.at("/spec/steps").is_some() {
            return Vec::new();
        }
        if reconciler.kind == ReconcilerKind::HelmRelease {
            return self.needs_of_release(&reconciler.object);
        }
        let mut namespaces: BTreeMap<&SmolStr, &Arc<Object>> = BTreeMap::new();
        let mut kinds: BTreeMap<(&SmolStr, &SmolStr), &Arc<Object>> = BTreeMap::new();
        for applied in reconciler.applied.of_each_namespace() {
            namespaces.entry(&applied.id.namespace).or_insert(applied);
        }
        for applied in reconciler.applied.of_each_kind() {
            let id = &applied.id;
            if id.group.contains('.') && !is_flux_group(&id.group) {
                kinds.entry((&id.group, &id.kind)).or_insert(applied);
            }
        }
        let mut needs = Vec::new();
        for (namespace, applied) in namespaces {
            let on = self.namespace(namespace);
            let reason = Why::at(Reason::Namespace, applied, "/metadata/namespace");
            needs.extend(on.map(|on| Need { on, reason }));
        }
        for ((group, kind), applied) in kinds {
            let on = self.served(group, kind);
            needs.extend(on.map(|on| Need { on, reason: Why::at(Reason::Kind, applied, "/kind") }));
        }
        needs
    }

    /// A chart is installed into a namespace that is there, unless the release creates it.
    fn needs_of_release(&mut self, release: &Arc<Object>) -> Vec<Need<Why>> {
        let target = release.str("/spec/targetNamespace").filter(|_| !creates_namespace(release));
        let on = target.and_then(|target| self.namespace(target));
        let reason = Why::at(Reason::Namespace, release, "/spec/targetNamespace");
        on.map(|on| Need { on, reason }).into_iter().collect()
    }

    /// What has to be there before a reconciler is ready.
    fn needs_of_ready(&mut self, reconciler: &Reconciler, children: &[ReconcilerId]) -> Vec<Need<Why>> {
        let object = &reconciler.object;
        let waits = matches!(reconciler.kind, ReconcilerKind::Kustomization | ReconcilerKind::ResourceSet);
        if reconciler.is_remote || !waits {
            return Vec::new();
        }
        if object.str("/spec/wait") == Some("true") {
            let need = |child: &ReconcilerId| Need {
                on: Events::ready(*child),
                reason: Why::at(Reason::Wait, object, "/spec/wait"),
            };
            return children.iter().map(need).collect();
        }
        let references = kinds::references(&object.id.group, &object.id.kind).iter();
        let checks = references.filter(|it| it.path == "spec.healthChecks[]").flat_map(|it| it.named(object));
        let mut needs = Vec::new();
        for named in checks.collect::<Vec<_>>() {
            let known = self.cluster.graph().position_of(&named.id).map(Events::ready);
            let on = known.or_else(|| self.exists(&named.id));
            needs.extend(on.map(|on| Need { on, reason: Why::at(Reason::HealthCheck, object, named.name.as_str()) }));
        }
        needs
    }

    /// An object is there; `None` where nothing in the graph decides when.
    fn exists(&mut self, id: &ObjectId) -> Option<usize> {
        let what = What::Exists(id.clone());
        if let Some(known) = self.known.get(&what) {
            return *known;
        }
        // What is looked for while it is being looked for holds nothing up.
        self.known.insert(what.clone(), None);
        let appliers = self.appliers.of_object(id);
        let on = self.any_of(what.clone(), &appliers);
        self.known.insert(what, on);
        on
    }

    fn namespace(&mut self, name: &str) -> Option<usize> {
        let id = ObjectId { group: "".into(), kind: "Namespace".into(), namespace: "".into(), name: name.into() };
        if name == self.cluster.flux_namespace {
            return None;
        }
        self.exists(&id)
    }

    /// A kind is served; `None` where nothing in the graph brings it.
    fn served(&mut self, group: &SmolStr, kind: &SmolStr) -> Option<usize> {
        let what = What::Served(group.clone(), kind.clone());
        if let Some(known) = self.known.get(&what) {
            return *known;
        }
        let charts: Vec<ReconcilerId> = self.appliers.charts_with(group).to_vec();
        let definitions = self.appliers.of_definition(group, kind);
        let mut needs: Vec<Need<Why>> = Vec::new();
        let mut is_given = false;
        for (object, by) in &definitions {
            match self.applied_by(object, *by) {
                Some(need) => needs.push(need),
                None => is_given = true,
            }
        }
        for release in charts {
            let chart = Why::at(Reason::Chart, &self.cluster.reconciler(release).object, "/metadata/name");
            needs.push(Need { on: Events::applied(release), reason: chart });
        }
        let on = (!is_given && !needs.is_empty()).then(|| self.push(what.clone(), true, 0, needs));
        self.known.insert(what, on);
        on
    }

    /// The event that any of several appliers brings about.
    fn any_of(&mut self, what: What, appliers: &[(Arc<Object>, AppliedBy)]) -> Option<usize> {
        let mut needs = Vec::new();
        for (object, by) in appliers {
            // One that waits for nothing is enough.
            needs.push(self.applied_by(object, *by)?);
        }
        (!needs.is_empty()).then(|| self.push(what, true, 0, needs))
    }

    /// When an object is applied; `None` if that waits for nothing in the graph.
    fn applied_by(&mut self, object: &Arc<Object>, by: AppliedBy) -> Option<Need<Why>> {
        match by {
            AppliedBy::Reconciler(id) => {
                let on = if is_staged(&object.id.kind) { Events::staged(id) } else { Events::applied(id) };
                Some(Need { on, reason: Why::at(Reason::AppliedBy, object, "/metadata/name") })
            }
            // It follows the policy and the original: the later of the two is that of the policy in all fleets that have one.
            AppliedBy::Copy { policy, .. } => {
                let policy = self.cluster.objects.get(policy)?;
                let (shared, by) = (Arc::clone(policy.shared), policy.by);
                if matches!(by, AppliedBy::Copy { .. }) { None } else { self.applied_by(&shared, by) }
            }
            AppliedBy::Bootstrap | AppliedBy::Declared => None,
        }
    }
}

/// Whether a release creates its target namespace.
pub(super) fn creates_namespace(release: &Object) -> bool {
    release.str("/spec/install/createNamespace") == Some("true")
}

fn is_suspended(object: &Object) -> bool {
    object.str("/spec/suspend") == Some("true")
}

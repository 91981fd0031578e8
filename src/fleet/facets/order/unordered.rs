//! What needs something of another reconciler, and is not ordered after it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::appliers::brings_unknown;
use super::events::Events;
use super::{Order, Reason, What};
use crate::fleet::{AppliedBy, ReconcilerId, ReconcilerKind};
use crate::flux::api::Kustomization;
use crate::object::Object;
use crate::yaml::Node;

/// A reconciler that applies objects of a kind that another one brings, without an order between the two.
#[derive(Clone, Debug)]
pub struct UnorderedKind<'a> {
    pub later: ReconcilerId,
    /// Brings the definition: a Kustomization, or what applies the release whose chart does.
    pub earlier: ReconcilerId,
    /// The release whose chart brings it.
    pub release: Option<ReconcilerId>,
    /// An object of the kind.
    pub object: &'a Arc<Object>,
}

/// A Kustomization that substitutes from an object that another one applies from the same source.
#[derive(Clone, Debug)]
pub struct UnorderedRead<'a> {
    pub later: ReconcilerId,
    pub earlier: ReconcilerId,
    /// JSON pointer of the name.
    pub pointer: String,
    pub object: &'a Object,
}

/// The label by which a change of an object starts its readers.
const WATCH: &str = "reconcile.fluxcd.io/watch";

impl<'a> Order<'a> {
    /// The objects whose kind something brings that is not applied before them, once for each pair of reconcilers.
    pub fn unordered_kinds(self) -> Vec<UnorderedKind<'a>> {
        let events = &self.index.events;
        let mut found: BTreeMap<(ReconcilerId, ReconcilerId), UnorderedKind<'a>> = BTreeMap::new();
        for later in self.ids() {
            let needs = events.events[Events::applied(later)].needs.iter();
            for need in needs.filter(|need| need.reason.reason == Reason::Kind) {
                let Some((object, _)) = &need.reason.place else { continue };
                let makers: Vec<ReconcilerId> = events.events[need.on]
                    .needs
                    .iter()
                    .filter_map(|maker| events.whats[maker.on].reconciler())
                    .collect();
                if makers.iter().any(|maker| self.brings_in_time(*maker, later)) || self.follows_unknown(later) {
                    continue;
                }
                let Some(one) = makers.first().and_then(|maker| self.unordered(*maker, later, object)) else {
                    continue;
                };
                found.entry((one.later, one.earlier)).or_insert(one);
            }
        }
        found.into_values().collect()
    }

    /// Whether a reconciler brings definitions before another one needs them, or the two cannot be ordered.
    fn brings_in_time(self, maker: ReconcilerId, later: ReconcilerId) -> bool {
        let reconciler = self.cluster.reconciler(maker);
        let waiting = self.cluster.reconciler(later);
        let is_below = || self.cluster.graph().ancestors_and_self(reconciler).any(|it| std::ptr::eq(it, waiting));
        let is_release = reconciler.kind == ReconcilerKind::HelmRelease;
        let by_parent = |parent| parent == later || self.starts_after(later, parent);
        // Who comes before it can hardly wait for it.
        let is_before = || self.starts_after(maker, later);
        maker == later
            || self.starts_after(later, maker)
            || is_below()
            || is_release && reconciler.parent.is_some_and(by_parent)
            || is_before()
    }

    /// Whether a reconciler starts after one of which not all is known, and which may bring what it needs.
    fn follows_unknown(self, later: ReconcilerId) -> bool {
        let unknown = self.ids().filter(|id| brings_unknown(self.cluster.reconciler(*id)));
        unknown.into_iter().any(|id| self.starts_after(later, id))
    }

    fn unordered(self, maker: ReconcilerId, later: ReconcilerId, object: &'a Arc<Object>) -> Option<UnorderedKind<'a>> {
        let reconciler = self.cluster.reconciler(maker);
        let is_release = reconciler.kind == ReconcilerKind::HelmRelease;
        let earlier = if is_release { reconciler.parent? } else { maker };
        Some(UnorderedKind { later, earlier, release: is_release.then_some(maker), object })
    }

    /// The Kustomizations that substitute from an object that another one applies from the same source, without an order
    /// between them. Where the object starts its readers when it changes, none is needed.
    pub fn unordered_reads(self) -> Vec<UnorderedRead<'a>> {
        let mut found = Vec::new();
        for later in self.ids() {
            let reader = self.cluster.reconciler(later);
            let is_read = !reader.uses.is_empty() && Kustomization::of(&reader.object).is_some();
            let events = &self.index.events.events[Events::start(later)];
            for need in events.needs.iter().filter(|need| is_read && need.reason.reason == Reason::Reads) {
                let (What::Exists(id), Some((_, pointer))) = (&self.index.events.whats[need.on], &need.reason.place)
                else {
                    continue;
                };
                let Some(placed) = self.cluster.get(id).filter(|_| pointer.contains("substituteFrom")) else {
                    continue;
                };
                let AppliedBy::Reconciler(earlier) = placed.by else { continue };
                let is_watched = placed.object.label(WATCH).and_then(Node::text) == Some("Enabled");
                let is_ordered = earlier == later || self.is_ordered(later, earlier);
                if !is_watched && !is_ordered && self.share_source(later, earlier) {
                    found.push(UnorderedRead { later, earlier, pointer: pointer.clone(), object: placed.object });
                }
            }
        }
        found
    }

    /// Whether a reconciler starts after another one for a reason other than the object that it reads.
    fn is_ordered(self, later: ReconcilerId, earlier: ReconcilerId) -> bool {
        let needs = self.index.events.events[Events::start(later)].needs.iter();
        let others = needs.filter(|need| need.reason.reason != Reason::Reads).map(|need| need.on);
        let applied = Events::applied(earlier);
        others.into_iter().any(|on| super::plan::follows(&self.index.events.events, on, applied))
    }

    fn share_source(self, one: ReconcilerId, other: ReconcilerId) -> bool {
        let source = |id: ReconcilerId| {
            let source = self.cluster.reconciler(id).source.as_ref()?;
            Some((&source.kind, &source.namespace, &source.name))
        };
        source(one).is_some() && source(one) == source(other)
    }
}

//! Timeouts that are shorter than what has to happen in them.

use std::collections::HashMap;
use std::time::Duration;

use super::{Order, effective_timeout};
use crate::fleet::{Reconciler, ReconcilerId, ReconcilerKind};

/// A Kustomization whose timeout is shorter than what it waits for may take.
#[derive(Clone, Debug)]
pub struct ShortTimeout<'a> {
    pub waiting: &'a Reconciler,
    pub timeout: Duration,
    /// What it waits for, in the order in which it starts, and how long each may take.
    pub chain: Vec<(&'a Reconciler, Duration)>,
}

impl ShortTimeout<'_> {
    /// How long the chain may take.
    pub fn needed(&self) -> Duration {
        self.chain.iter().map(|(_, timeout)| *timeout).sum()
    }
}

impl<'a> Order<'a> {
    /// The Kustomizations with `wait` that apply a chain of Kustomizations whose timeouts add up to more than their own.
    pub fn short_timeouts(self) -> Vec<ShortTimeout<'a>> {
        let mut below: HashMap<ReconcilerId, Vec<ReconcilerId>> = HashMap::new();
        for id in self.ids() {
            self.cluster.reconciler(id).parent.into_iter().for_each(|parent| below.entry(parent).or_default().push(id));
        }
        let mut dependencies: HashMap<ReconcilerId, Vec<ReconcilerId>> = HashMap::new();
        for wait in self.cluster.graph().dependencies() {
            dependencies.entry(wait.from).or_default().push(wait.to);
        }
        let mut found = Vec::new();
        for id in self.ids() {
            let waiting = self.cluster.reconciler(id);
            let is_waiting =
                waiting.kind == ReconcilerKind::Kustomization && waiting.object.str("/spec/wait") == Some("true");
            let children = below.get(&id).map(Vec::as_slice).unwrap_or_default();
            let Some(timeout) = effective_timeout(&waiting.object).filter(|_| is_waiting) else { continue };
            let chain = self.longest_chain(children, &dependencies);
            let short = ShortTimeout { waiting, timeout, chain };
            // One alone is another matter: it is for its own objects that it needs the time.
            if short.chain.len() > 1 && short.needed() > timeout {
                found.push(short);
            }
        }
        found
    }

    /// The chain of dependencies among some Kustomizations that may take longest.
    fn longest_chain(
        self,
        among: &[ReconcilerId],
        dependencies: &HashMap<ReconcilerId, Vec<ReconcilerId>>,
    ) -> Vec<(&'a Reconciler, Duration)> {
        let mut longest: HashMap<ReconcilerId, (Duration, Option<ReconcilerId>)> = HashMap::new();
        let mut ordered: Vec<ReconcilerId> = among.to_vec();
        ordered.sort_by_key(|id| (self.wave(*id), *id));
        for id in ordered.iter().copied().filter(|id| self.wave(*id).is_some()) {
            let own = self.cluster.reconciler(id);
            let time = effective_timeout(&own.object).filter(|_| own.kind == ReconcilerKind::Kustomization);
            let before = dependencies.get(&id).into_iter().flatten().filter_map(|on| Some((longest.get(on)?.0, *on)));
            let before = before.max();
            let total = before.map_or(Duration::ZERO, |(time, _)| time) + time.unwrap_or_default();
            longest.insert(id, (total, before.map(|(_, on)| on)));
        }
        let last = ordered.iter().filter_map(|id| Some((longest.get(id)?.0, std::cmp::Reverse(*id)))).max();
        let way = std::iter::successors(last.map(|(_, id)| id.0), |id| longest.get(id)?.1);
        let mut chain: Vec<(&Reconciler, Duration)> = way
            .map(|id| self.cluster.reconciler(id))
            .filter_map(|it| Some((it, effective_timeout(&it.object)?)))
            .collect();
        chain.reverse();
        chain
    }
}

//! In which order a new cluster comes up: what waits for what, in which wave each reconciler starts, what never does.

mod appliers;
mod chain;
mod charts;
mod circle;
mod events;
mod plan;
mod timeouts;
mod unordered;
mod what;

use crate::fleet::{Cluster, ReconcilerId};

pub use chain::ShortTimeout;
pub use circle::{Circle, CircleStep};
pub use timeouts::{Timed, duration, effective_timeout, shown_duration};
pub use unordered::{UnorderedKind, UnorderedRead};
pub use what::{Reason, What, Why};

use events::Events;
use plan::{Schedule, followers, follows, schedule};

/// The order in which the reconcilers of a cluster start, if nothing of it is there yet.
///
/// The model is that of the controllers (domain-facts section 5): definitions and namespaces are applied before all else that
/// a Kustomization applies; nothing else is applied before all of it can be; `wait` and `healthChecks` delay readiness;
/// `dependsOn` waits for readiness.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    cluster: &'a Cluster,
    index: &'a OrderIndex,
}

/// The events of a cluster, and when they happen.
#[derive(Debug)]
pub(in crate::fleet) struct OrderIndex {
    events: Events,
    schedule: Schedule,
}

impl OrderIndex {
    fn of(cluster: &Cluster) -> Self {
        let events = Events::of(cluster);
        let schedule = schedule(&events.events, |_| false);
        Self { events, schedule }
    }
}

impl Cluster {
    /// The facet of order.
    pub fn order(&self) -> Order<'_> {
        Order { cluster: self, index: self.facets.order.get_or_init(|| OrderIndex::of(self)) }
    }
}

impl Order<'_> {
    /// The wave in which a reconciler starts, the first one being 1; `None` if it never does.
    pub fn wave(self, id: ReconcilerId) -> Option<u32> {
        self.index.schedule.waves.get(Events::start(id)).copied().flatten()
    }

    /// The reconcilers of each wave; the first list is wave 1.
    pub fn waves(self) -> Vec<Vec<ReconcilerId>> {
        let mut waves: Vec<Vec<ReconcilerId>> = Vec::new();
        for id in self.ids() {
            let Some(wave) = self.wave(id).and_then(|wave| usize::try_from(wave).ok()?.checked_sub(1)) else {
                continue;
            };
            if waves.len() <= wave {
                waves.resize_with(wave + 1, Vec::new);
            }
            waves[wave].push(id);
        }
        waves
    }

    /// The reconcilers that never start, or never become ready.
    pub fn never(self) -> Vec<ReconcilerId> {
        let is_ready =
            |id: &ReconcilerId| self.index.schedule.waves.get(Events::ready(*id)).copied().flatten().is_some();
        self.ids().filter(|id| !is_ready(id)).collect()
    }

    /// Whether a reconciler never starts before another one has applied everything.
    pub fn starts_after(self, later: ReconcilerId, earlier: ReconcilerId) -> bool {
        later != earlier && follows(&self.index.events.events, Events::start(later), Events::applied(earlier))
    }

    /// For each reconciler, how many others do not start before it has applied everything.
    pub fn waited_for(self) -> Vec<(usize, ReconcilerId)> {
        let starts: Vec<usize> = self.ids().map(Events::start).collect();
        let counts = followers(&self.index.events.events, self.ids().map(Events::applied), &starts);
        counts.into_iter().zip(self.ids()).collect()
    }

    fn ids(self) -> impl Iterator<Item = ReconcilerId> {
        (0..self.cluster.reconcilers.len()).map(ReconcilerId)
    }
}

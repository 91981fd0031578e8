//! Circles: what never starts because it waits for itself.

use super::plan::{self, Step};
use super::{Order, Reason, What, Why};

/// Events that wait for each other.
#[derive(Clone, Debug)]
pub struct Circle<'a> {
    pub steps: Vec<CircleStep<'a>>,
}

/// An event of a circle, and why it waits for the next one.
#[derive(Clone, Copy, Debug)]
pub struct CircleStep<'a> {
    pub what: &'a What,
    pub why: &'a Why,
    /// What it waits for.
    pub on: &'a What,
}

impl Circle<'_> {
    /// Whether it is one of dependencies and waits alone.
    pub fn is_of_waits(&self) -> bool {
        self.steps.iter().all(|step| match step.why.reason {
            Reason::Next | Reason::Itself | Reason::DependsOn | Reason::Wait => true,
            Reason::HealthCheck => matches!(step.on, What::Ready(_)),
            _ => false,
        })
    }

    /// Whether it rests on what a chart is known to bring.
    pub fn rests_on_chart(&self) -> bool {
        self.steps.iter().any(|step| step.why.reason == Reason::Chart)
    }
}

impl<'a> Order<'a> {
    /// The circles of events that never happen, the shortest first. Each begins at the step that a person can cut most easily,
    /// and what only waits for a circle is none of its own.
    pub fn circles(self) -> Vec<Circle<'a>> {
        let circles = plan::circles(&self.index.events.events, |steps| self.first_to_cut(steps));
        circles.into_iter().map(|steps| self.circle(&steps)).collect()
    }

    fn why(self, step: &Step) -> &'a Why {
        &self.index.events.events[step.event].needs[step.need].reason
    }

    fn first_to_cut(self, steps: &[Step]) -> usize {
        let is_cut = |step: &Step| self.why(step).place.is_some() && self.why(step).reason != Reason::Itself;
        let first = steps.iter().enumerate().filter(|(_, step)| is_cut(step));
        let reconciler = |step: &Step| self.index.events.whats[step.event].reconciler();
        let name = |step: &Step| reconciler(step).map(|id| self.cluster.reconciler(id).name());
        let first = first.min_by_key(|(_, step)| (rank(self.why(step).reason), name(step), step.event));
        first.map_or(0, |(at, _)| at)
    }

    fn circle(self, steps: &[Step]) -> Circle<'a> {
        let events = &self.index.events;
        let step = |step: &Step| CircleStep {
            what: &events.whats[step.event],
            why: self.why(step),
            on: &events.whats[events.events[step.event].needs[step.need].on],
        };
        Circle { steps: steps.iter().map(step).collect() }
    }
}

/// Where a circle is cut most easily: the least first.
fn rank(reason: Reason) -> usize {
    match reason {
        Reason::DependsOn => 0,
        Reason::HealthCheck => 1,
        Reason::Wait => 2,
        Reason::Kind => 3,
        Reason::Namespace => 4,
        Reason::Reads => 5,
        Reason::Account => 6,
        Reason::Chart | Reason::AppliedBy | Reason::Itself | Reason::Next => 7,
    }
}

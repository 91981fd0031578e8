//! How long reconcilers may take: their timeouts, alone and along a chain.

use std::time::Duration;

use super::Order;
use super::events::Events;
use crate::fleet::{Reconciler, ReconcilerId, ReconcilerKind};
use crate::object::Object;

/// How much less than its interval a Kustomization without a timeout takes, and the least that it is given.
const SLACK: Duration = Duration::from_secs(30);

/// The timeout of helm-controller for one action.
const OF_HELM: Duration = Duration::from_secs(300);

/// A reconciler on a way, and how long it may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timed {
    pub id: ReconcilerId,
    pub timeout: Duration,
}

impl<'a> Order<'a> {
    /// The chain of reconcilers that takes longest if each needs all of its timeout, in the order in which they start. Those
    /// that are ready once they have applied take no time, and what one waits for takes no more than its timeout.
    pub fn critical_path(self) -> Vec<Timed> {
        let events = &self.index.events.events;
        let mut longest: Vec<Duration> = vec![Duration::ZERO; events.len()];
        let mut before: Vec<Option<usize>> = vec![None; events.len()];
        let timed: Vec<Option<Timed>> = self.ids().map(|id| self.timed(id)).collect();
        for &at in &self.index.schedule.order {
            let event = &events[at];
            let done = event.needs.iter().map(|need| need.on).filter(|on| self.index.schedule.waves[*on].is_some());
            let latest = match event.is_any {
                true => done.min_by_key(|on| (longest[*on], *on)),
                false => done.max_by_key(|on| (longest[*on], std::cmp::Reverse(*on))),
            };
            before[at] = latest;
            longest[at] = latest.map_or(Duration::ZERO, |on| longest[on]);
            // It is ready in that time, whatever it waits for in it, or fails.
            if let Some(timed) = self.ready_at(at).and_then(|id| timed.get(id.0).copied().flatten()) {
                let start = Events::start(timed.id);
                before[at] = Some(start);
                longest[at] = longest[start] + timed.timeout;
            }
        }
        let last = (0..events.len()).max_by_key(|at| (longest[*at], std::cmp::Reverse(*at)));
        let way = std::iter::successors(last, |at| before[*at]);
        let mut path: Vec<Timed> = way.filter_map(|at| timed.get(self.ready_at(at)?.0).copied().flatten()).collect();
        path.reverse();
        path
    }

    /// The reconciler that an event makes ready.
    fn ready_at(self, event: usize) -> Option<ReconcilerId> {
        let id = ReconcilerId(event / 4);
        (id.0 < self.cluster.reconcilers.len() && event == Events::ready(id)).then_some(id)
    }

    fn timed(self, id: ReconcilerId) -> Option<Timed> {
        let reconciler = self.cluster.reconcilers.get(id.0)?;
        waits(reconciler).then(|| Some(Timed { id, timeout: effective_timeout(&reconciler.object)? })).flatten()
    }
}

/// Whether a reconciler is ready only some time after it has applied.
fn waits(reconciler: &Reconciler) -> bool {
    match reconciler.kind {
        ReconcilerKind::HelmRelease => true,
        ReconcilerKind::Kustomization | ReconcilerKind::ResourceSet => {
            let object = &reconciler.object;
            object.str("/spec/wait") == Some("true")
                || object.at("/spec/healthChecks").is_some_and(|it| !it.items().is_empty())
        }
        ReconcilerKind::FluxInstance => false,
    }
}

/// How long a Kustomization or HelmRelease may take: its timeout, or what stands for it. `None` where it is not known.
pub fn effective_timeout(object: &Object) -> Option<Duration> {
    if let Some(timeout) = object.str("/spec/timeout") {
        return duration(timeout);
    }
    match object.id.kind.as_str() {
        "HelmRelease" => Some(OF_HELM),
        _ => Some(duration(object.str("/spec/interval")?)?.saturating_sub(SLACK).max(SLACK)),
    }
}

/// A duration as Flux writes it: `1h30m`, `0.5s`. `None` for anything else.
pub fn duration(text: &str) -> Option<Duration> {
    let (mut rest, mut total) = (text, Duration::ZERO);
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
        let (number, unit) = rest.split_at(end);
        let (seconds, length) = match unit {
            _ if unit.starts_with("ms") => (0.001, 2),
            _ if unit.starts_with('s') => (1.0, 1),
            _ if unit.starts_with('m') => (60.0, 1),
            _ if unit.starts_with('h') => (3600.0, 1),
            _ => return None,
        };
        let number: f64 = number.parse().ok()?;
        total = total.checked_add(Duration::try_from_secs_f64(number * seconds).ok()?)?;
        rest = unit.get(length..)?;
    }
    Some(total)
}

/// A duration as people write it: `1h30m`.
pub fn shown_duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")];
    let shown: String =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, unit)| format!("{count}{unit}")).collect();
    if shown.is_empty() { "0s".to_owned() } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_those_of_flux() {
        let cases = [
            ("10m", Some(600)),
            ("1h30m", Some(5400)),
            ("0.5h", Some(1800)),
            ("90s", Some(90)),
            ("1500ms", Some(1)),
            ("", None),
            ("10", None),
            ("1d", None),
            ("m", None),
            ("${TIMEOUT}", None),
            ("99999999999999999999999h", None),
        ];
        for (text, expected) in cases {
            assert_eq!(duration(text).map(|it| it.as_secs()), expected, "{text}");
        }
    }
}

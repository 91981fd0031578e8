//! Events and what they wait for: in which wave each happens, and the circles of those that never do.
//!
//! Nothing here knows of clusters. An event happens once everything that it needs has happened, or, if it needs any of
//! several, once one of them has.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet, VecDeque};

/// How many circles are looked for.
const MAX_CIRCLES: usize = 20;

/// From how many events a circle is looked for.
const MAX_STARTS: usize = 500;

/// Something that happens once.
#[derive(Debug)]
pub(super) struct Event<R> {
    /// One of its needs is enough.
    pub(super) is_any: bool,
    /// How many waves later than its needs it is.
    pub(super) weight: u32,
    pub(super) needs: Vec<Need<R>>,
}

/// Something that has to happen before.
#[derive(Debug)]
pub(super) struct Need<R> {
    pub(super) on: usize,
    pub(super) reason: R,
}

/// A step of a circle: an event, and which of its needs leads on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Step {
    pub(super) event: usize,
    pub(super) need: usize,
}

/// When each event happens.
#[derive(Debug)]
pub(super) struct Schedule {
    /// The wave of each event; `None` for what never happens.
    pub(super) waves: Vec<Option<u32>>,
    /// The events that happen, in an order in which they can.
    pub(super) order: Vec<usize>,
}

/// When each event happens. With `is_given` some count as if nothing held them up.
pub(super) fn schedule<R>(events: &[Event<R>], is_given: impl Fn(usize) -> bool) -> Schedule {
    schedule_without(events, &HashSet::new(), is_given)
}

/// The same, without some needs; an event that needs any of several no longer waits once one of them is left out.
fn schedule_without<R>(events: &[Event<R>], cut: &HashSet<Step>, is_given: impl Fn(usize) -> bool) -> Schedule {
    let mut waiting: Vec<Vec<usize>> = vec![Vec::new(); events.len()];
    let mut open: Vec<usize> = vec![0; events.len()];
    let mut latest: Vec<u32> = vec![0; events.len()];
    let mut queue: BinaryHeap<Reverse<(u32, usize)>> = BinaryHeap::new();
    for (at, event) in events.iter().enumerate() {
        let is_cut = |need: &usize| cut.contains(&Step { event: at, need: *need });
        let left: Vec<usize> = (0..event.needs.len()).filter(|need| !is_cut(need)).collect();
        left.iter().for_each(|need| waiting[event.needs[*need].on].push(at));
        let is_free = event.is_any && left.len() < event.needs.len();
        open[at] = if event.is_any { left.len().min(usize::from(!is_free)) } else { left.len() };
        if open[at] == 0 || is_given(at) {
            queue.push(Reverse((event.weight, at)));
        }
    }
    let mut schedule = Schedule { waves: vec![None; events.len()], order: Vec::new() };
    while let Some(Reverse((wave, at))) = queue.pop() {
        if schedule.waves[at].is_some() {
            continue;
        }
        schedule.waves[at] = Some(wave);
        schedule.order.push(at);
        for &next in &waiting[at] {
            latest[next] = latest[next].max(wave);
            open[next] = open[next].saturating_sub(1);
            if open[next] == 0 && schedule.waves[next].is_none() {
                queue.push(Reverse((latest[next] + events[next].weight, next)));
            }
        }
    }
    schedule
}

/// The circles of events that never happen, the shortest first, each beginning at the step that `first` chooses. That step is
/// cut before the next circle is looked for, so that what waits for something in a circle is no circle of its own.
pub(super) fn circles<R>(events: &[Event<R>], first: impl Fn(&[Step]) -> usize) -> Vec<Vec<Step>> {
    let (mut found, mut cut) = (Vec::new(), HashSet::new());
    while found.len() < MAX_CIRCLES {
        let never = never(&schedule_without(events, &cut, |_| false));
        let knots = knots(events, &cut, &never);
        let shortest = knots.iter().filter_map(|knot| shortest_of(events, &cut, knot));
        let Some(mut circle) = shortest.min_by_key(Vec::len) else { break };
        let start = first(&circle).min(circle.len().saturating_sub(1));
        circle.rotate_left(start);
        cut.extend(circle.first().copied());
        found.push(circle);
    }
    found
}

/// Which events never happen.
fn never(schedule: &Schedule) -> Vec<bool> {
    schedule.waves.iter().map(Option::is_none).collect()
}

/// The sets of events that all lead to each other over needs that never happen.
fn knots<R>(events: &[Event<R>], cut: &HashSet<Step>, never: &[bool]) -> Vec<Vec<usize>> {
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); events.len()];
    let after = |at: usize| left(events, cut, at).map(|(_, on)| on).collect::<Vec<_>>();
    for at in 0..events.len() {
        after(at).into_iter().for_each(|on| before[on].push(at));
    }
    let (mut known, mut knots) = (vec![false; events.len()], Vec::new());
    for start in (0..events.len()).filter(|at| never[*at]).take(MAX_STARTS) {
        if known[start] {
            continue;
        }
        let (forward, backward) = (reached(start, never, after), reached(start, never, |at| before[at].clone()));
        let knot: Vec<usize> = (0..events.len()).filter(|at| forward[*at] && backward[*at]).collect();
        knot.iter().for_each(|at| known[*at] = true);
        known[start] = true;
        if !knot.is_empty() {
            knots.push(knot);
        }
    }
    knots
}

/// The needs of an event that are not cut: position, and what is needed.
fn left<'e, R>(
    events: &'e [Event<R>],
    cut: &'e HashSet<Step>,
    at: usize,
) -> impl Iterator<Item = (usize, usize)> + use<'e, R> {
    let needs = events[at].needs.iter().map(|need| need.on).enumerate();
    needs.filter(move |(need, _)| !cut.contains(&Step { event: at, need: *need }))
}

/// What can be reached from an event, itself only on a way back.
fn reached(start: usize, never: &[bool], next: impl Fn(usize) -> Vec<usize>) -> Vec<bool> {
    let (mut reached, mut open) = (vec![false; never.len()], vec![start]);
    while let Some(at) = open.pop() {
        for on in next(at).into_iter().filter(|on| never[*on]) {
            if !std::mem::replace(&mut reached[on], true) {
                open.push(on);
            }
        }
    }
    reached
}

/// The shortest circle of a knot, if it holds itself up: whatever else happened, it would not.
fn shortest_of<R>(events: &[Event<R>], cut: &HashSet<Step>, knot: &[usize]) -> Option<Vec<Step>> {
    let mut is_inside = vec![false; events.len()];
    knot.iter().for_each(|at| is_inside[*at] = true);
    let never = never(&schedule_without(events, cut, |at| !is_inside[at]));
    let starts = knot.iter().copied().filter(|at| never[*at]).take(MAX_STARTS);
    starts.filter_map(|at| shortest_circle(events, cut, &never, at)).min_by_key(Vec::len)
}

/// The shortest way from an event back to itself over needs that never happen.
fn shortest_circle<R>(events: &[Event<R>], cut: &HashSet<Step>, never: &[bool], start: usize) -> Option<Vec<Step>> {
    let mut came_by: HashMap<usize, Step> = HashMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for (need, on) in left(events, cut, at) {
            let step = Step { event: at, need };
            if on == start {
                return Some(way_back(step, start, &came_by));
            }
            if never[on] && !came_by.contains_key(&on) {
                came_by.insert(on, step);
                queue.push_back(on);
            }
        }
    }
    None
}

fn way_back(last: Step, start: usize, came_by: &HashMap<usize, Step>) -> Vec<Step> {
    let mut way = vec![last];
    let mut at = last.event;
    while let Some(step) = came_by.get(&at).filter(|_| at != start) {
        way.push(*step);
        at = step.event;
    }
    way.reverse();
    way
}

/// Whether an event never happens before another one has: on every way, where there are several.
pub(super) fn follows<R>(events: &[Event<R>], later: usize, earlier: usize) -> bool {
    // What happens although the earlier one does not, does not follow it.
    let mut seen = vec![false; events.len()];
    let mut open = vec![later];
    while let Some(at) = open.pop() {
        if at == earlier {
            return true;
        }
        if std::mem::replace(&mut seen[at], true) {
            continue;
        }
        let event = &events[at];
        if !event.is_any || event.needs.len() == 1 {
            open.extend(event.needs.iter().map(|need| need.on));
        }
    }
    false
}

/// For each of some events, how many others of a list never happen before it has.
pub(super) fn followers<R>(events: &[Event<R>], earlier: impl Iterator<Item = usize>, later: &[usize]) -> Vec<usize> {
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); events.len()];
    for (at, event) in events.iter().enumerate().filter(|(_, event)| !event.is_any || event.needs.len() == 1) {
        event.needs.iter().for_each(|need| after[need.on].push(at));
    }
    let everything = vec![true; events.len()];
    let count = |from: usize| {
        let reached = reached(from, &everything, |at| after[at].clone());
        later.iter().filter(|at| **at != from && reached[**at]).count()
    };
    earlier.map(count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `3: 1 2` needs both, `3| 1 2` any; all weigh one.
    fn events(text: &str) -> Vec<Event<()>> {
        let event = |line: &str| {
            let (is_any, needs) = match line.split_once('|') {
                Some((_, needs)) => (true, needs),
                None => (false, line.split_once(':').unwrap().1),
            };
            let needs = needs.split_whitespace().map(|on| Need { on: on.parse().unwrap(), reason: () });
            Event { is_any, weight: 1, needs: needs.collect() }
        };
        text.lines().map(event).collect()
    }

    fn waves(text: &str) -> Vec<Option<u32>> {
        schedule(&events(text), |_| false).waves
    }

    #[test]
    fn all_needs_count_or_the_first_of_any() {
        assert_eq!(waves("0:\n1: 0\n2: 0 1\n3| 2 0"), [Some(1), Some(2), Some(3), Some(2)]);
        assert_eq!(waves("0: 1\n1: 0\n2| 0 3\n3:"), [None, None, Some(2), Some(1)]);
        assert_eq!(waves("0: 0\n1| 0"), [None, None]);
    }

    #[test]
    fn circles_are_the_shortest_and_each_is_one() {
        let circle = |text: &str| -> Vec<Vec<usize>> {
            circles(&events(text), |_| 0).iter().map(|circle| circle.iter().map(|step| step.event).collect()).collect()
        };
        assert_eq!(circle("0: 1\n1: 0\n2: 1"), [vec![0, 1]]);
        assert_eq!(circle("0: 1 2\n1: 2\n2: 0"), [vec![0, 2], vec![0, 1, 2]]);
        assert_eq!(circle("0: 1\n1: 0\n2: 3\n3: 2"), [vec![0, 1], vec![2, 3]]);
        assert_eq!(circle("0:\n1: 0"), Vec::<Vec<usize>>::new());
        // One way out is enough.
        assert_eq!(circle("0| 1 2\n1: 0\n2:"), Vec::<Vec<usize>>::new());
        // It would be, if only the circle of another one did not hold it up.
        assert_eq!(circle("0| 1 2\n1: 0\n2: 3\n3: 3"), [vec![3]]);
        // Two ways that both come back are no way out.
        assert_eq!(circle("0| 1 2\n1: 0\n2: 0"), [vec![0, 1]]);
    }

    #[test]
    fn what_can_happen_another_way_does_not_follow() {
        let events = events("0:\n1: 0\n2| 1 0\n3: 1\n4| 1");
        let cases = [(1, 0, true), (0, 1, false), (2, 1, false), (3, 0, true), (4, 0, true)];
        for (later, earlier, expected) in cases {
            assert_eq!(follows(&events, later, earlier), expected, "{later} after {earlier}");
        }
    }
}

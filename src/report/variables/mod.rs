//! Variables by clusters, one file per format.

mod json;
mod text;

pub use json::json;
pub use text::text;

use std::collections::BTreeMap;

use crate::fleet::UseState;
use crate::locate::Location;
use crate::source::Files;
use crate::yaml::Span;

/// What an expression comes to, in one word.
fn word(state: UseState) -> &'static str {
    match state {
        UseState::Defined => "defined",
        UseState::Unknown => "unknown",
        UseState::Default => "default",
        UseState::Empty => "empty",
        UseState::Refused => "refused",
    }
}

/// Keys with where they are, in the order of their places: the order of ids of files is arbitrary.
fn placed<'t, K: Ord, V: Ord>(
    rows: &'t BTreeMap<K, V>,
    place: impl Fn(&K) -> Option<Span>,
    files: &Files,
) -> Vec<(Option<Location>, &'t K, &'t V)> {
    let located = rows.iter().map(|(key, value)| (place(key).map(|span| Location::of(span, files)), key, value));
    let mut rows: Vec<_> = located.collect();
    rows.sort_by(|(left, _, value), (right, _, other)| (left, value).cmp(&(right, other)));
    rows
}

//! `fleetlint vars`: for each variable its values by clusters, then its uses.

use std::collections::BTreeSet;

use super::placed;
use crate::fleet::{Discovery, Spread, UseKey, UseState, ValueKey, ValueRank, VariableRow, VariableTable};
use crate::locate::Location;
use crate::redact::Redactor;
use crate::report::{escaped, on_their_own};
use crate::source::Files;

/// How many places of one variable are shown if not asked for that variable alone.
const MAX_PLACES: usize = 10;

/// How many clusters or Kustomizations a line names.
const MAX_NAMES: usize = 5;

/// How long a value is shown, in characters.
const MAX_VALUE: usize = 60;

/// What all lines need to know.
struct Lines<'a> {
    redactor: &'a Redactor,
    files: &'a Files,
    /// The name of the fleet repository: its files need no name before them.
    home: &'a str,
    limit: usize,
}

/// One block for each variable. With `is_whole` every place is shown.
pub fn text(
    table: &VariableTable,
    discovery: &Discovery,
    redactor: &Redactor,
    (files, home): (&Files, &str),
    is_whole: bool,
) -> String {
    let limit = if is_whole { usize::MAX } else { MAX_PLACES };
    let lines = Lines { redactor, files, home, limit };
    let blocks: Vec<String> = table.variables.iter().map(|(name, row)| lines.variable(name, row)).collect();
    match (blocks.is_empty(), discovery.clusters.is_empty()) {
        (true, true) => format!("{}\n", on_their_own(discovery)),
        (true, false) => "no Kustomization defines or uses such a variable\n".to_owned(),
        (false, _) => blocks.join("\n"),
    }
}

impl Lines<'_> {
    fn variable(&self, name: &str, row: &VariableRow) -> String {
        let mut lines = vec![name.to_owned()];
        let values = placed(&row.values, |key: &ValueKey| key.place, self.files);
        lines.extend(self.bounded(values, |(place, key, (objects, spread))| self.value(place, key, (objects, spread))));
        if !row.uses.is_empty() {
            lines.push("  used at".to_owned());
        }
        let uses = placed(&row.uses, |key: &UseKey| key.place, self.files);
        lines.extend(self.bounded(uses, |(place, key, spread)| self.used(place, key, spread)));
        lines.iter().map(|line| escaped(&self.redactor.text(line)) + "\n").collect()
    }

    /// A line for each of the first rows, and how many more there are.
    fn bounded<T>(&self, rows: Vec<T>, line: impl Fn(T) -> String) -> Vec<String> {
        let more = rows.len().saturating_sub(self.limit);
        let shown = rows.into_iter().take(self.limit).map(line);
        let more = (more > 0).then(|| format!("    … {more} more: `--var NAME` shows all"));
        shown.chain(more).collect()
    }

    fn value(
        &self,
        place: Option<Location>,
        key: &ValueKey,
        (objects, spread): (&BTreeSet<String>, &Spread),
    ) -> String {
        let value = match (&key.value, key.is_secret) {
            (Some(value), _) if value.is_empty() => "\"\"".to_owned(),
            (Some(value), _) => shortened(value),
            (None, true) => "(secret)".to_owned(),
            (None, false) => "(not known)".to_owned(),
        };
        let remark = match key.rank {
            ValueRank::Shadowed => " · shadowed by a later key",
            ValueRank::Open => " · unless an object that is not available defines it",
            ValueRank::Counts if spread.kustomizations.is_empty() => " · not used",
            ValueRank::Counts => "",
        };
        let (clusters, place) = (named(&spread.clusters), self.at(place));
        // The object in Flux's namespace says more than its copies, and nobody has to read these.
        let object = objects.iter().find(|object| object.contains(" flux-system/")).or(objects.first());
        let object = object.map(String::as_str).unwrap_or_default();
        format!("  {value} · {clusters} · {object} · {place}{remark}")
    }

    fn used(&self, place: Option<Location>, key: &UseKey, spread: &Spread) -> String {
        let remark = match key.state {
            UseState::Defined => "",
            UseState::Unknown => " · value not known",
            UseState::Default => " · not defined, has a default",
            UseState::Empty => " · NOT DEFINED, becomes empty",
            UseState::Refused => " · NOT DEFINED, Flux refuses it",
        };
        let (clusters, users) = (named(&spread.clusters), named(&spread.kustomizations));
        format!("    {} · {users} on {clusters}{remark}", self.at(place))
    }

    fn at(&self, place: Option<Location>) -> String {
        let Some(Location { repository, revision, file, line, column, .. }) = place else {
            return "in no file".to_owned();
        };
        let revision = revision.map(|revision| format!("@{revision}")).unwrap_or_default();
        match *repository == *self.home && revision.is_empty() {
            true => format!("{file}:{line}:{column}"),
            false => format!("{repository}{revision}: {file}:{line}:{column}"),
        }
    }
}

fn named(names: &BTreeSet<String>) -> String {
    let shown: Vec<&str> = names.iter().take(MAX_NAMES).map(String::as_str).collect();
    match names.len().saturating_sub(MAX_NAMES) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn shortened(value: &str) -> String {
    match value.char_indices().nth(MAX_VALUE) {
        Some((end, _)) => format!("{}…", value.get(..end).unwrap_or_default()),
        None => value.to_owned(),
    }
}

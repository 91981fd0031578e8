//! `fleetlint vars --format json`.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{placed, word};
use crate::fleet::{Discovery, Spread, UseKey, ValueKey, ValueRank, VariableRow, VariableTable};
use crate::locate::Location;
use crate::redact::Redactor;
use crate::report::discovery::DiscoveryItem;
use crate::report::escape;
use crate::source::Files;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    variables: Vec<Variable<'a>>,
    discovery: DiscoveryItem<'a>,
}

#[derive(Serialize)]
struct Variable<'a> {
    name: String,
    values: Vec<Value<'a>>,
    uses: Vec<Use<'a>>,
}

#[derive(Serialize)]
struct Value<'a> {
    /// Null where it comes from a Secret, or is not known.
    value: Option<String>,
    secret: bool,
    /// `KIND NAMESPACE/NAME` of what holds it: a ConfigMap or Secret and its copies, or a Kustomization.
    objects: Vec<String>,
    /// `counts`, `shadowed` by a key that Flux reads later, or `open`: one that is not available may shadow it.
    rank: &'static str,
    location: Option<Location>,
    clusters: &'a BTreeSet<String>,
    /// Those that use the value.
    kustomizations: Vec<String>,
}

#[derive(Serialize)]
struct Use<'a> {
    /// `defined`, `unknown`, `default`, `empty` or `refused`.
    state: &'static str,
    location: Option<Location>,
    clusters: &'a BTreeSet<String>,
    kustomizations: Vec<String>,
}

/// The table as one JSON object, with a final newline.
pub fn json(table: &VariableTable, discovery: &Discovery, redactor: &Redactor, files: &Files) -> String {
    let variables = table.variables.iter().map(|(name, row)| variable(name, row, redactor, files)).collect();
    let document = Document { version: 1, variables, discovery: DiscoveryItem::new(discovery, files) };
    escape::json(&serde_json::to_string_pretty(&document).unwrap_or_default()) + "\n"
}

fn variable<'a>(name: &str, row: &'a VariableRow, redactor: &Redactor, files: &Files) -> Variable<'a> {
    let shown = |text: &str| redactor.text(text).into_owned();
    let kustomizations = |spread: &Spread| spread.kustomizations.iter().map(|name| shown(name)).collect();
    let values = placed(&row.values, |key: &ValueKey| key.place, files).into_iter();
    let values = values.map(|(location, key, (objects, spread))| Value {
        value: key.value.as_deref().map(shown),
        secret: key.is_secret,
        objects: objects.iter().map(|object| shown(object)).collect(),
        rank: match key.rank {
            ValueRank::Counts => "counts",
            ValueRank::Shadowed => "shadowed",
            ValueRank::Open => "open",
        },
        location,
        clusters: &spread.clusters,
        kustomizations: kustomizations(spread),
    });
    let uses = placed(&row.uses, |key: &UseKey| key.place, files).into_iter();
    let uses = uses.map(|(location, key, spread)| Use {
        state: word(key.state),
        location,
        clusters: &spread.clusters,
        kustomizations: kustomizations(spread),
    });
    Variable { name: shown(name), values: values.collect(), uses: uses.collect() }
}

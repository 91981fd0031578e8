//! `fleetlint graph --format json`.

use serde::Serialize;

use crate::fleet::{Discovery, FleetGraph};
use crate::report::discovery::DiscoveryItem;
use crate::report::escape;
use crate::source::Files;

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    outline: &'a FleetGraph,
    discovery: DiscoveryItem<'a>,
}

/// The outline as one JSON object, with a final newline.
pub fn json(outline: &FleetGraph, discovery: &Discovery, files: &Files) -> String {
    let document = Document { outline, discovery: DiscoveryItem::new(discovery, files) };
    escape::json(&serde_json::to_string_pretty(&document).unwrap_or_default()) + "\n"
}

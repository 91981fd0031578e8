//! `fleetlint graph [PATH]`.

use super::arguments::{GraphArguments, GraphFormat};
use super::print::{out, run_error};
use crate::report::graph;
use crate::run::{Request, Session};

pub(super) fn run(arguments: &GraphArguments) -> u8 {
    let session = Session::default();
    let fleet = &arguments.fleet;
    let request = Request { path: &arguments.path, sources: &fleet.sources, config: fleet.config.as_deref() };
    let outline = session.fleet(&request).and_then(|(known, _)| {
        let only = fleet.cluster.as_deref().map(|name| known.cluster(name)).transpose()?;
        Ok(known.outline(only.map(|cluster| cluster.name.as_str())))
    });
    let outline = match outline {
        Ok(outline) => outline,
        Err(why) => return run_error(&why, &session.files),
    };
    out(&match arguments.format {
        GraphFormat::Text => graph::text(&outline),
        GraphFormat::Json => graph::json(&outline),
        GraphFormat::Mermaid => graph::mermaid(&outline),
        GraphFormat::Dot => graph::dot(&outline),
    })
}

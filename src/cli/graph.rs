//! `fleetlint graph [PATH]`.

use super::arguments::{GraphArguments, GraphFormat};
use super::print::{out, run_error};
use super::question;
use crate::report::graph;
use crate::run::Session;

pub(super) fn run(arguments: &GraphArguments) -> u8 {
    let session = Session::default();
    let fleet = &arguments.fleet;
    let request = fleet.request(&arguments.path);
    let drawn = session.fleet(&request).and_then(|(known, _)| {
        let cluster = fleet.cluster.as_deref().filter(|_| known.discovery.blocked.is_none());
        let only = cluster.map(|name| known.cluster(name)).transpose()?;
        let mut outline = known.outline(only.map(|cluster| cluster.name.as_str()));
        let redactor = session.redactor(&known);
        let mut discovery = known.discovery;
        redactor.outline(&mut outline);
        redactor.discovery(&mut discovery);
        Ok((outline, discovery))
    });
    let (outline, discovery) = match drawn {
        Ok(drawn) => drawn,
        Err(why) => return run_error(&why, &session.files),
    };
    let is_blocked = discovery.blocked.is_some();
    let printed = out(&match arguments.format {
        GraphFormat::Json => graph::json(&outline, &discovery, &session.files),
        _ if is_blocked => String::new(),
        GraphFormat::Text => graph::text(&outline, &discovery),
        GraphFormat::Mermaid => graph::mermaid(&outline),
        GraphFormat::Dot => graph::dot(&outline),
    });
    printed.max(question::ask(&discovery, &session.files))
}

//! `fleetlint graph [PATH]`.

use super::arguments::{GraphArguments, GraphFormat};
use super::print::{error, out, run_error};
use super::question;
use crate::fleet::{Discovery, FleetGraph};
use crate::report::graph;
use crate::run::Session;

pub(super) fn run(arguments: &GraphArguments) -> u8 {
    if arguments.order && matches!(arguments.format, GraphFormat::Mermaid | GraphFormat::Dot) {
        return error("`--order` is written as text or json");
    }
    let session = Session::default();
    let fleet = &arguments.fleet;
    let request = fleet.request(&arguments.path);
    let drawn = session.fleet(&request).and_then(|(known, _)| {
        let cluster = fleet.cluster.as_deref().filter(|_| known.discovery.blocked.is_none());
        let only = cluster.map(|name| known.cluster(name)).transpose()?;
        let only = only.map(|cluster| cluster.name.as_str());
        let redactor = session.redactor(&known);
        let mut outline = known.outline(only);
        redactor.outline(&mut outline);
        let mut order = arguments.order.then(|| known.order_outline(only));
        order.iter_mut().for_each(|order| redactor.order(order));
        let mut discovery = known.discovery;
        redactor.discovery(&mut discovery);
        Ok((outline, order, discovery))
    });
    let (outline, order, discovery) = match drawn {
        Ok(drawn) => drawn,
        Err(why) => return run_error(&why, &session.files),
    };
    let is_blocked = discovery.blocked.is_some();
    let printed = out(&match (&order, arguments.format) {
        (Some(order), GraphFormat::Json) => graph::order_json(order, &discovery, &session.files),
        (Some(_), _) if is_blocked => String::new(),
        (Some(order), _) => graph::order_text(order, &discovery),
        (None, format) => drawn_as(format, (&outline, &discovery, &session)),
    });
    printed.max(question::ask(&discovery, &session.files))
}

fn drawn_as(format: GraphFormat, (outline, discovery, session): (&FleetGraph, &Discovery, &Session)) -> String {
    let is_blocked = discovery.blocked.is_some();
    match format {
        GraphFormat::Json => graph::json(outline, discovery, &session.files),
        _ if is_blocked => String::new(),
        GraphFormat::Text => graph::text(outline, discovery),
        GraphFormat::Mermaid => graph::mermaid(outline),
        GraphFormat::Dot => graph::dot(outline),
    }
}

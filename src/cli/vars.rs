//! `fleetlint vars [PATH]`.

use super::arguments::{VarsArguments, VarsFormat};
use super::print::{out, run_error};
use super::question;
use crate::report::variables;
use crate::run::Session;

pub(super) fn run(arguments: &VarsArguments) -> u8 {
    let session = Session::default();
    let fleet = &arguments.fleet;
    let name = arguments.name.as_deref();
    let answer = session.fleet(&fleet.request(&arguments.path)).and_then(|(known, _)| {
        let cluster = fleet.cluster.as_deref().filter(|_| known.discovery.blocked.is_none());
        let only = cluster.map(|name| known.cluster(name)).transpose()?;
        let table = known.variable_table(only.map(|cluster| cluster.name.as_str()), name);
        let redactor = session.redactor(&known);
        let (home, mut discovery) = (known.tree.repository.clone(), known.discovery);
        redactor.discovery(&mut discovery);
        Ok((table, redactor, home, discovery))
    });
    let (table, redactor, home, discovery) = match answer {
        Ok(answer) => answer,
        Err(why) => return run_error(&why, &session.files),
    };
    let files = &session.files;
    let printed = out(&match arguments.format {
        VarsFormat::Json => variables::json(&table, &discovery, &redactor, files),
        VarsFormat::Text if discovery.blocked.is_some() => String::new(),
        VarsFormat::Text => variables::text(&table, &discovery, &redactor, (files, &home), name.is_some()),
    });
    printed.max(question::ask(&discovery, files))
}

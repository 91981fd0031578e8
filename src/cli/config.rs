//! `fleetlint config [PATH]`.

use super::arguments::{ConfigArguments, ConfigFormat};
use super::print::{out, run_error};
use super::question;
use crate::report::settings;
use crate::run::Session;

pub(super) fn run(arguments: &ConfigArguments) -> u8 {
    let session = Session::default();
    let fleet = &arguments.fleet;
    match session.settings(&fleet.request(&arguments.path), fleet.cluster.as_deref()) {
        Err(why) => run_error(&why, &session.files),
        Ok((settings, discovery)) => {
            let printed = out(&match arguments.format {
                ConfigFormat::Text => settings::text(&settings),
                ConfigFormat::Json => settings::json(&settings),
            });
            printed.max(question::ask(&discovery, &session.files))
        }
    }
}

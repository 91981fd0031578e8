//! `fleetlint tokens [PATH]`.

use super::arguments::{TokensArguments, TokensFormat};
use super::print::{out, run_error};
use super::question;
use crate::report::tokens;
use crate::run::Session;

pub(super) fn run(arguments: &TokensArguments) -> u8 {
    let session = Session::default();
    let fleet = &arguments.fleet;
    let (sheet, discovery) = match session.tokens(&fleet.request(&arguments.path), fleet.cluster.as_deref()) {
        Ok(known) => known,
        Err(why) => return run_error(&why, &session.files),
    };
    let files = &session.files;
    let printed = out(&match arguments.format {
        TokensFormat::Json => tokens::json(&sheet, &discovery, files),
        _ if discovery.blocked.is_some() => String::new(),
        TokensFormat::Text => tokens::text(&sheet, files),
        TokensFormat::Markdown => tokens::markdown(&sheet, files),
    });
    printed.max(question::ask(&discovery, files))
}

//! Where the schemas of a run are: the command line first, then the configuration.

use std::path::Path;

use super::{Request, RunError, Session, config_file};
use crate::config::Config;
use crate::fleet::schema::SchemaLocation;
use crate::problem::{Problem, ProblemKind};
use crate::source::{self, OpenError};

/// The places that are given.
///
/// # Errors
/// If one is neither a folder nor a file that can be read.
pub(super) fn locations(
    session: &Session,
    request: &Request<'_>,
    config: &Config,
) -> Result<Vec<SchemaLocation>, RunError> {
    let mut locations = Vec::new();
    for path in request.schemas {
        locations.push(location(session, path)?);
    }
    let mut problems = Vec::new();
    for given in &config.schemas {
        match location(session, &config_file::without_dots(&config.folder.join(&given.path))) {
            Ok(found) => locations.push(found),
            Err(why) => {
                let problem = Problem::new(ProblemKind::InvalidObject, format!("`schemas`: {why}"), given.place);
                problems.push(problem.help("the path counts from the repository"));
            }
        }
    }
    if problems.is_empty() { Ok(locations) } else { Err(RunError::Config(problems)) }
}

fn location(session: &Session, path: &Path) -> Result<SchemaLocation, OpenError> {
    match source::open_for_build(&session.files, path, false) {
        Ok((tree, folder)) => Ok(SchemaLocation::Folder(tree, folder)),
        Err(OpenError::NotAFolder { .. }) => source::open_file(&session.files, path).map(SchemaLocation::File),
        Err(why) => Err(why),
    }
}

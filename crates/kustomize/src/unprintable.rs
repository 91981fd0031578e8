//! Objects that kustomize cannot print, or cannot read again once it has printed them.

use fleetlint_yaml::print;
use fleetlint_yaml::problem::{Problem, ProblemKind};

use super::resource::Resource;

/// A problem at the value or key that is to blame; where it was copied into a field of another type, at what copied it.
pub(super) fn unprintable(resource: &Resource, refused: &print::Refused<'_>) -> Problem {
    let field = if refused.path.is_empty() { String::new() } else { format!("field `{}`: ", refused.path) };
    let message = format!("cannot print `{}`: {field}{}", resource.id(), refused.why);
    let (value, patch) = (refused.origin.edit_place(), refused.origin.patch());
    match (patch, value) {
        // Copied from elsewhere into a field of another type.
        (Some(patch), Some(value)) if refused.is_misfit && !patch.holds(value) => {
            Problem::new(ProblemKind::KustomizeFailed, message, Some(patch))
                .related(Some(value), "the value")
                .help("a field keeps its type: give it a value of that type")
        }
        _ => {
            let problem = Problem::new(ProblemKind::KustomizeFailed, message, value.or(patch).or(resource.place()));
            refused.way_out().into_iter().fold(problem, Problem::help)
        }
    }
}

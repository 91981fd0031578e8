//! Templates that use the inputs of several providers at once, which the strategy `Flatten` keeps apart.

use super::inputs::{Input, key};
use crate::template::TemplateError;
use fleetlint_yaml::Span;
use fleetlint_yaml::problem::{Problem, ProblemKind};

/// The problem of a template that fails for a key which only the inputs of another provider have.
pub(super) fn problem(fault: &TemplateError, place: Option<Span>, input: &Input, inputs: &[Input]) -> Option<Problem> {
    let missing = fault.missing_key.as_deref()?;
    let own = input.provider()?;
    let is_other = |it: &&Input| it.provider().is_some_and(|name| name != own) && it.has(missing);
    let other = inputs.iter().find(is_other).filter(|_| !input.has(missing))?;
    let name = other.provider()?;
    let message = format!(
        "the template fails for the inputs of `{own}`: they have no key `{missing}`, only those of `{name}` do"
    );
    let help = format!(
        "each provider gives a set of inputs of its own; with `inputStrategy: {{name: Permute}}` all are there at once: \
         `inputs.{}.{missing}`",
        key(name)
    );
    let place_of_key = other.origin(&[missing.to_owned()]).and_then(|origin| origin.span);
    let problem = Problem::new(ProblemKind::SubstitutionFailed, message, place).help(help);
    Some(problem.related(place_of_key, "the key is given here"))
}

//! Evaluation of envsubst's expressions (flux-build-semantics section 5).

use smol_str::SmolStr;

use super::error::{EnvsubstError, Failure};
use super::expression::{Expression, Operator, Part, parse};
use super::{function, trim};

/// Results longer than this are refused, in bytes; no object is that large.
const MAX_RESULT: usize = 16 * 1024 * 1024;

/// Comparisons of characters that the patterns of one text may take.
const MAX_STEPS: usize = 20_000_000;

/// What texts may still take.
pub(super) struct Limits {
    bytes: usize,
    steps: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: MAX_RESULT, steps: MAX_STEPS }
    }
}

/// The expression language on text alone. Without `strict` a variable that is not defined is empty. Bytes that are no
/// UTF-8 (a substring may cut a character in two) become U+FFFD.
///
/// # Errors
/// The first expression that is none; in strict mode the first variable that is not defined.
pub fn envsubst(text: &str, value: &dyn Fn(&str) -> Option<SmolStr>, strict: bool) -> Result<String, EnvsubstError> {
    let bytes = bytes(text, value, strict, &mut Limits::default())?;
    Ok(String::from_utf8(bytes).unwrap_or_else(|error| function::lossy(error.as_bytes())))
}

/// As [`envsubst`], with all bytes.
pub(super) fn bytes(
    text: &str,
    value: &dyn Fn(&str) -> Option<SmolStr>,
    strict: bool,
    limits: &mut Limits,
) -> Result<Vec<u8>, EnvsubstError> {
    let parts = parse(text)?;
    let mut evaluation = Evaluation { value, strict, limits };
    let mut result = Vec::with_capacity(text.len());
    evaluation.parts(&parts, &mut result)?;
    Ok(result)
}

struct Evaluation<'a> {
    value: &'a dyn Fn(&str) -> Option<SmolStr>,
    strict: bool,
    limits: &'a mut Limits,
}

impl Evaluation<'_> {
    fn parts(&mut self, parts: &[Part], out: &mut Vec<u8>) -> Result<(), EnvsubstError> {
        for part in parts {
            match part {
                Part::Text(text) => out.extend_from_slice(text.as_bytes()),
                Part::Expression(expression) => out.extend_from_slice(&self.expression(expression)?),
            }
        }
        Ok(())
    }

    /// Arguments are evaluated first, also those that are not needed.
    fn expression(&mut self, expression: &Expression) -> Result<Vec<u8>, EnvsubstError> {
        let fail = |failure| EnvsubstError { failure, at: expression.start };
        let mut arguments = Vec::with_capacity(expression.arguments.len());
        for argument in &expression.arguments {
            let mut result = Vec::new();
            self.parts(std::slice::from_ref(argument), &mut result)?;
            arguments.push(result);
        }
        let value = (self.value)(&expression.name);
        if self.strict && value.is_none() && expression.operator != Operator::Default {
            return Err(fail(Failure::NotSet(expression.name.clone())));
        }
        let value = value.as_deref().unwrap_or_default();
        let result = apply(expression.operator, value, &arguments, &mut self.limits.steps).map_err(fail)?;
        self.limits.bytes = self.limits.bytes.checked_sub(result.len()).ok_or_else(|| fail(Failure::TooLarge))?;
        Ok(result)
    }
}

fn apply(operator: Operator, value: &str, arguments: &[Vec<u8>], steps: &mut usize) -> Result<Vec<u8>, Failure> {
    let first = arguments.first().map(Vec::as_slice).unwrap_or_default();
    let second = arguments.get(1).map(Vec::as_slice);
    let result = match operator {
        Operator::Value => value.into(),
        Operator::Default if value.is_empty() => arguments.concat(),
        Operator::Default => value.into(),
        Operator::Length => value.len().to_string().into(),
        Operator::UpperFirst => function::first(value, function::upper).into(),
        Operator::Upper => value.chars().map(function::upper).collect::<String>().into(),
        Operator::LowerFirst => function::first(value, function::lower).into(),
        Operator::Lower => value.chars().map(function::lower).collect::<String>().into(),
        Operator::Substring => function::substring(value, first, second).into(),
        Operator::ReplaceFirst => function::replace(value, first, second.unwrap_or_default(), 1, MAX_RESULT)?,
        Operator::ReplaceAll => function::replace(value, first, second.unwrap_or_default(), usize::MAX, MAX_RESULT)?,
        Operator::ReplacePrefix => function::replace_prefix(value, first, second),
        Operator::ReplaceSuffix => function::replace_suffix(value, first, second),
        Operator::TrimShortestPrefix => trim::prefix(value.as_bytes(), first, trim::Match::Shortest, steps)?,
        Operator::TrimLongestPrefix => trim::prefix(value.as_bytes(), first, trim::Match::Longest, steps)?,
        Operator::TrimShortestSuffix => trim::suffix(value, first, trim::Match::Shortest, steps)?,
        Operator::TrimLongestSuffix => trim::suffix(value, first, trim::Match::Longest, steps)?,
    };
    Ok(result)
}

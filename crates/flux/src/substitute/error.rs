//! Why a text cannot be substituted.

use smol_str::SmolStr;

/// Why an expression fails, in Flux's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// No name after `${`.
    #[error("unable to parse variable name")]
    VariableName,
    /// Something after the name that is not an operator.
    #[error("missing closing brace")]
    MissingBrace,
    /// An operator with what it cannot have.
    #[error("bad substitution")]
    BadSubstitution,
    /// An operator without its argument.
    #[error("unable to parse substitution within function")]
    Argument,
    /// Strict mode, and the variable is not defined.
    #[error("variable not set (strict mode): `{0}`")]
    NotSet(SmolStr),
    /// Ours: the result or the work would be too large.
    #[error("the expression is too large to be evaluated")]
    TooLarge,
}

/// An expression that fails.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{failure}")]
pub struct EnvsubstError {
    /// Why it fails.
    pub failure: Failure,
    /// Where its `$` is in the text, in bytes.
    pub at: usize,
}

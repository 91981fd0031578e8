//! What keeps an expression from having a value.

/// Why there is no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The server refuses it, too: a key that is missing, a value of another type.
    Fails,
    /// It is outside of what is evaluated here.
    Unsupported,
}

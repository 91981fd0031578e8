//! Credentials that are in the URLs of sources.

use crate::object::Object;
use crate::source::url::user_info;

/// Shorter user names without a password are names.
const MIN_TOKEN: usize = 20;

/// Words that stand for a credential in examples.
const PLACEHOLDERS: [&str; 12] = [
    "token",
    "password",
    "passwd",
    "pass",
    "secret",
    "changeme",
    "redacted",
    "placeholder",
    "pat",
    "your-token",
    "your_token",
    "example",
];

/// A credential in the URL of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UrlCredential {
    /// JSON pointer of the URL.
    pub pointer: &'static str,
    /// It is none, but stands for one.
    pub is_placeholder: bool,
}

/// The password in the URL of a source, or a user that is a token.
pub fn url_credential(source: &Object) -> Option<UrlCredential> {
    let pointer = "/spec/url";
    let (user, password) = user_info(source.str(pointer)?)?;
    let secret = match password {
        Some(password) => Some(password).filter(|password| !password.is_empty()),
        None => Some(user).filter(|user| user.len() >= MIN_TOKEN),
    };
    secret.map(|secret| UrlCredential { pointer, is_placeholder: is_placeholder(secret) })
}

fn is_placeholder(secret: &str) -> bool {
    let lower = secret.to_ascii_lowercase();
    let mut characters = lower.chars();
    let first = characters.next();
    let is_one_character = characters.all(|c| Some(c) == first);
    is_one_character || PLACEHOLDERS.contains(&lower.as_str()) || secret.contains(['<', '>', '$', '*', '{', '%'])
}

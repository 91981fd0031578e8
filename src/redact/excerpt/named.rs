//! Values whose keys say that they are secret, wherever they are: passwords in the values of a chart, tokens in a template.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::{Mask, range_of};
use crate::yaml::{Entry, Node};

/// Last words of keys whose values are secret.
const WORDS: [&str; 11] = [
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "token",
    "apikey",
    "credentials",
    "accesskey",
    "privatekey",
    "pat",
    "dsn",
];

/// What makes a key, or a secret, one that is a value and not the name of something.
const KINDS: [&str; 19] = [
    "access",
    "api",
    "app",
    "auth",
    "client",
    "consumer",
    "cookie",
    "encryption",
    "hmac",
    "jwt",
    "master",
    "oauth",
    "oidc",
    "private",
    "secret",
    "session",
    "shared",
    "signing",
    "webhook",
];

/// Before `token`: it says where a token is, or is one of a pipeline.
const HARMLESS: [&str; 2] = ["existing", "next"];

/// A line with a key and a value, also in a text and in a comment.
static LINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?m)(?:^|[\s{,])["']?([A-Za-z][A-Za-z0-9_.-]*)["']?[ \t]*[:=][ \t]*("[^"\n]*"|'[^'\n]*'|[^\s"'{\[|>&!#,}][^\s,}]*)"#).ok()
});

impl Mask<'_> {
    /// The value of an entry, if its key, or the name beside it, says that it is secret.
    pub(super) fn named(&mut self, entry: &Entry, holder: &Node) {
        let key = entry.key.text().unwrap_or_default();
        let field = |name: &str| holder.get(name).and_then(Node::text).unwrap_or_default();
        let named = match key {
            "value" if holder.get("name").is_some() => field("name"),
            "value" => field("path").rsplit('/').next().unwrap_or_default(),
            _ => key,
        };
        let value = entry.value.text().unwrap_or_default();
        if says_secret(named, value) {
            self.ranges.extend(range_of(&entry.value));
        }
    }
}

/// The values in lines whose keys say that they are secret: for texts in texts, and what cannot be parsed.
pub(super) fn lines(text: &str, ranges: &mut Vec<Range<usize>>) {
    let found = LINE.iter().flat_map(|pattern| pattern.captures_iter(text));
    let secret = found.filter_map(|found| {
        let (key, value) = (found.get(1)?, found.get(2)?);
        let inner = value.as_str().trim_matches(['"', '\'']);
        says_secret(key.as_str(), inner).then(|| value.range())
    });
    ranges.extend(secret);
}

/// Whether a key says that its value is secret, and the value may be one: no switch, nothing that is filled in later.
fn says_secret(key: &str, value: &str) -> bool {
    let is_later = |open: &str| value.starts_with(open);
    let is_expression = (is_later("${") || is_later("$(") || is_later("{{") || is_later("<<") || is_later("$"))
        && !value.contains([':', '=']);
    if value.is_empty() || is_expression || ["true", "false", "null", "~"].contains(&value) {
        return false;
    }
    let words = words(key);
    let Some((last, before)) = words.split_last() else { return false };
    let is_kind = before.last().is_some_and(|word| KINDS.contains(&&**word));
    match last.as_str() {
        // `secretKey` of an ExternalSecret, and `key` of a reference, are names.
        "key" => is_kind && key != "secretKey",
        "secret" => is_kind || before.is_empty() && !is_name(value) || is_upper(key),
        last => WORDS.contains(&last) && !before.last().is_some_and(|word| HARMLESS.contains(&&**word)),
    }
}

/// `DB_PASSWORD` is a variable.
fn is_upper(key: &str) -> bool {
    key.chars().any(char::is_alphabetic) && !key.chars().any(char::is_lowercase)
}

/// Whether a value is a name as objects have: words in lower case with hyphens.
fn is_name(value: &str) -> bool {
    value.split(['-', '.']).all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase()))
}

/// `dbPassword`, `DB_PASSWORD` and `db-password` as words in lower case.
fn words(key: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut was_lower = false;
    for c in key.chars() {
        if !c.is_alphanumeric() {
            was_lower = false;
            words.push(String::new());
            continue;
        }
        if c.is_uppercase() && was_lower || words.is_empty() {
            words.push(String::new());
        }
        was_lower = !c.is_uppercase();
        words.last_mut().into_iter().for_each(|word| word.extend(c.to_lowercase()));
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_say_what_is_secret() {
        let secret =
            ["password", "DB_PASSWORD", "adminPassword", "token", "api_key", "apiKey", "clientSecret", "credentials"];
        for key in secret {
            assert!(says_secret(key, "hunter"), "{key}");
        }
        assert!(says_secret("secret", "Hunter2"));
        for key in ["secretRef", "name", "secretName", "tokenSecret", "passwordKey", "secretKey", "serviceAccountName"]
        {
            assert!(!says_secret(key, "Hunter2"), "{key}");
        }
        for value in ["", "true", "${DB_PASSWORD}", "{{ .password }}", "$(PASSWORD)"] {
            assert!(!says_secret("password", value), "{value}");
        }
        assert!(!says_secret("secret", "grafana-admin") && says_secret("password", "${X:=hunter}"));
    }

    #[test]
    fn lines_of_texts_are_read() {
        let text = "a: |\n  password: 'x y'\n  # token: abc\n  user = me\n  API_KEY=abc\n  name: b\n";
        let mut ranges = Vec::new();
        lines(text, &mut ranges);
        let shown: Vec<&str> = ranges.into_iter().map(|range| &text[range]).collect();
        assert_eq!(shown, ["'x y'", "abc", "abc"]);
    }
}

//! Which texts are secrets: by the name of what holds them, by their form; and which of them are in plain text.

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

/// Words that people choose themselves: any value may be one.
const CHOSEN: [&str; 4] = ["password", "passwd", "passphrase", "pwd"];

/// How tokens begin whose form says what they are.
const PREFIXES: [&str; 12] = [
    "AKIA",
    "ghp_",
    "gho_",
    "ghs_",
    "ghu_",
    "github_pat_",
    "glpat-",
    "hvs.",
    "sk_live_",
    "xoxb-",
    "xoxp-",
    "AGE-SECRET-KEY-1",
];

/// Words that stand for a secret in examples.
const PLACEHOLDERS: [&str; 26] = [
    "change",
    "dummy",
    "enter",
    "example",
    "fake",
    "fill",
    "fixme",
    "foobar",
    "goes-here",
    "insert",
    "mock",
    "my-",
    "my_",
    "none",
    "not-a-",
    "notreal",
    "placeholder",
    "redacted",
    "replace",
    "sample",
    "set-me",
    "setme",
    "some",
    "todo",
    "unused",
    "your",
];

/// Values that are the word for themselves.
const ITSELF: [&str; 9] = ["token", "password", "passwd", "pass", "secret", "pat", "key", "apikey", "value"];

/// What begins the name of a secret that is kept elsewhere.
const ELSEWHERE: [&str; 8] =
    ["ENC[", "op://", "ref+", "vault:", "bws://", "arn:", "-----BEGIN PGP MESSAGE", "-----BEGIN AGE ENCRYPTED"];

/// Shorter tokens of a known form are no tokens.
const MIN_FORMED: usize = 20;

/// A shorter text that no name says anything about is no key that somebody generated.
const MIN_RANDOM: usize = 24;

/// Whether a key says that its value is secret, and the value may be one: no switch, nothing that is filled in later.
pub fn says_secret(key: &str, value: &str) -> bool {
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

/// Whether a value is a credential in plain text, by its key or by its own form: not encrypted, not kept elsewhere, no
/// placeholder, no name of a Secret or of a key in one.
pub fn is_plain_credential(key: &str, value: &str) -> bool {
    let value = value.trim();
    if is_stand_in(value) {
        return false;
    }
    has_form_of_credential(value) || says_secret(key, value) && !value.contains('\n') && is_own_value(key, value)
}

/// Whether a value in a Secret is a credential in plain text: there, a text without meaning is one, too.
pub fn is_plain_in_secret(key: &str, value: &str) -> bool {
    is_plain_credential(key, value) || is_random(value.trim()) && !is_stand_in(value.trim()) && !is_identifier(key)
}

/// Whether a text stands for a secret: a placeholder, an expression, something encrypted, the address of one.
fn is_stand_in(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let mut characters = lower.chars();
    let first = characters.next();
    let is_one_character = characters.all(|c| Some(c) == first);
    let is_expression =
        || ["${", "$(", "{{", "<<", "<", ">", "%(", "***", "…", "..."].iter().any(|it| value.contains(it));
    // A placeholder is short: what is long only happens to hold one of these words.
    let is_placeholder = || lower.len() <= 40 && PLACEHOLDERS.iter().any(|word| lower.contains(word));
    is_one_character
        || lower.contains("xxxx")
        || value.starts_with('$') && is_upper(value)
        || ITSELF.contains(&lower.as_str())
        || ELSEWHERE.iter().any(|start| value.starts_with(start))
        || is_expression()
        || is_placeholder()
}

/// Whether a value is meant itself, and does not name something that holds it.
fn is_own_value(key: &str, value: &str) -> bool {
    let last = words(key).pop().unwrap_or_default();
    let names_secret = words(value).iter().any(|word| WORDS.contains(&&**word) || ["secret", "key"].contains(&&**word));
    let may_be_one = match is_name(&value.replace('_', "-")) {
        true => CHOSEN.contains(&&*last) && !names_secret,
        false => !value.starts_with('/') && !value.contains(' '),
    };
    may_be_one && value.chars().count() >= 4
}

fn has_form_of_credential(value: &str) -> bool {
    let is_key = value.contains("-----BEGIN ") && value.contains("PRIVATE KEY-----");
    let is_formed = |prefix: &&str| {
        let rest = value.strip_prefix(*prefix);
        rest.is_some_and(|it| it.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c)))
    };
    is_key || value.len() >= MIN_FORMED && PREFIXES.iter().any(is_formed)
}

/// Whether a text looks like one that a program made up: capitals, small letters and digits in one word.
fn is_random(value: &str) -> bool {
    let has = |is: fn(&char) -> bool| value.chars().any(|c| is(&c));
    value.len() >= MIN_RANDOM
        && value.chars().all(|c| c.is_ascii_alphanumeric() || "+/=_".contains(c))
        && has(char::is_ascii_uppercase)
        && has(char::is_ascii_lowercase)
        && has(char::is_ascii_digit)
}

/// Whether a key names what is public: an identifier, an address, a certificate.
fn is_identifier(key: &str) -> bool {
    const PUBLIC: [&str; 17] = [
        "arn",
        "ca",
        "cert",
        "certificate",
        "crt",
        "digest",
        "endpoint",
        "host",
        "hosts",
        "id",
        "name",
        "pub",
        "public",
        "sha",
        "url",
        "user",
        "username",
    ];
    words(key).last().is_some_and(|last| PUBLIC.contains(&&**last))
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
    fn plain_credentials_and_what_stands_for_them() {
        let plain = [
            ("password", "hunter2"),
            ("adminPassword", "prom-operator"),
            ("DB_PASSWORD", "postgres"),
            ("apiKey", "9f8b7c6d5e"),
            ("config", "ghp_9aB8cD7eF6gH5iJ4kL3mN2oP1qR0"),
            ("key.pem", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"),
        ];
        for (key, value) in plain {
            assert!(is_plain_credential(key, value), "{key}: {value}");
        }
        let others = [
            ("password", "changeme"),
            ("password", "<your password>"),
            ("password", "ENC[AES256_GCM,data:Zm9v]"),
            ("password", "${PASSWORD:-x}"),
            ("password", "op://vault/item/field"),
            ("password", "admin-password"),
            ("password", "xxxxxxxx"),
            ("password", "password"),
            ("password", "abc"),
            ("token", "my-token-secret"),
            ("credentials", "cloud-credentials"),
            ("apiKey", "api_key"),
            ("passwordFile", "/run/secrets/x"),
            ("token", "/var/run/secrets/token"),
            ("config", "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            ("host", "db.example.com"),
            ("tunnel_id", "7e8d8e06-b9e2-4dc6-a8fa-bb811e8e972b"),
        ];
        for (key, value) in others {
            assert!(!is_plain_credential(key, value), "{key}: {value}");
        }
    }

    #[test]
    fn what_has_no_meaning_is_secret_in_a_secret() {
        let random = "q8Zr2LkT0vYw5nXs3HdJ7bQf";
        assert!(is_plain_in_secret("config", random) && !is_plain_credential("config", random));
        assert!(!is_plain_in_secret("client-id", random));
        assert!(!is_plain_in_secret("config", "kube-prometheus-stack-operator"));
    }
}

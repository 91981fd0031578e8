//! Credentials in URLs: user and password, and the values of query parameters.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// Users without a password that are shorter are names.
const MIN_TOKEN: usize = 20;

/// Parameters that say what to fetch, and how.
const HARMLESS: [&str; 7] = ["ref", "version", "timeout", "submodules", "depth", "path", "sparse"];

/// What begins a URL, also where a path was made of it, and how far its host may reach.
static HOST: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"[A-Za-z0-9]:/{1,3}([^/?#\s"'`<>\\]+)"#).ok());

/// A user whose password holds blanks.
static BLANKS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"[A-Za-z0-9]:/{1,3}([^/?#\s"'`<>\\:@]+:[^\s"'`<>@][^\n\r"'`<>@]*)@"#).ok());

/// A scheme, also one without its slashes.
static SCHEME: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(?:[a-z][a-z0-9+.-]*:/|(?:git::)?(?:https?|ssh|git|oci|ftp|file):)/*").ok());

/// Addresses that let whoever knows them write: the path is the secret.
static WEBHOOK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)(?:hooks\.slack\.com/|discord(?:app)?\.com/api/webhooks/|webhook\.office\.com/",
        r"|chat\.googleapis\.com/v1/|api\.telegram\.org/bot|logic\.azure\.com[^\s/]*/)",
        r#"([^\s"'`<>]+)"#
    ))
    .ok()
});

/// A text between blanks and quotes is looked at that far before an `@`.
const MAX_INFO: usize = 1024;

/// A parameter in a query, or after a `#`.
static PARAMETER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"[/.][^\s"'`<>?#]*[?#][^\s"'`<>]*"#).ok());

/// The bytes of a text that are credentials in URLs.
pub fn ranges(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    if text.contains(":/") {
        ranges.extend(users(text));
        let found = WEBHOOK.as_ref().into_iter().flat_map(|pattern| pattern.captures_iter(text));
        ranges.extend(found.filter_map(|found| found.get(1)).map(|path| path.range()));
    }
    if text.contains('@') {
        ranges.extend(text.match_indices('@').filter_map(|(at, _)| password(text, at)));
    }
    if text.contains(['?', '#']) {
        let queries = PARAMETER.as_ref().into_iter().flat_map(|pattern| pattern.find_iter(text));
        queries.for_each(|query| parameters(query.as_str(), query.start(), &mut ranges));
    }
    ranges
}

/// The one URL without its credentials.
pub fn url(url: &str) -> String {
    super::text(url).into_owned()
}

/// User and password of each URL; a user that stands alone is the name of an account.
fn users(text: &str) -> Vec<Range<usize>> {
    let hosts = HOST.as_ref().into_iter().flat_map(|pattern| pattern.captures_iter(text));
    let info = hosts.filter_map(|found| found.get(1)).filter_map(|found| {
        let behind = text.get(found.end()..).is_some_and(|rest| rest.starts_with('@'));
        let info = if behind { found.as_str() } else { found.as_str().rsplit_once('@')?.0 };
        let is_name = !info.contains(':') && info.len() < MIN_TOKEN;
        (!is_name).then(|| found.start()..found.start() + info.len())
    });
    let blanks = BLANKS.as_ref().into_iter().flat_map(|pattern| pattern.captures_iter(text));
    let blanks = blanks.filter_map(|found| found.get(1)).filter(|found| !has_port(found.as_str()));
    info.chain(blanks.map(|found| found.range())).collect()
}

/// What is before an `@` if it is `…:…`, with or without a scheme, however the URL goes on: rather a name too much than a
/// password. Digests of images and ports are none.
fn password(text: &str, at: usize) -> Option<Range<usize>> {
    let behind = text.get(at + 1..)?;
    let is_host = behind.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '[' | '$' | '-' | '_'));
    if !is_host || ["sha256:", "sha512:"].iter().any(|digest| behind.starts_with(digest)) {
        return None;
    }
    let is_end =
        |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>' | '\\' | '(' | ')' | '{' | ',');
    let before = text.get(..at)?;
    let floor = (at.saturating_sub(MAX_INFO)..at).find(|floor| before.is_char_boundary(*floor))?;
    let start = before
        .get(floor..)?
        .rfind(is_end)
        .map_or(floor, |end| floor + end + before[floor + end..].chars().next().map_or(1, char::len_utf8));
    // The last URL of several in one.
    let word = before.get(start..)?;
    let scheme = word.rfind("://").map(|found| start + found + "://".len());
    let begin = scheme.unwrap_or_else(|| {
        let rest = word.trim_start_matches(['.', '/']);
        let skipped = SCHEME.as_ref().and_then(|pattern| pattern.find(rest)).map_or(0, |found| found.end());
        start + word.len() - rest.len() + skipped
    });
    let info = before.get(begin..)?;
    let (user, secret) = info.split_once(':')?;
    // `git@host:22/x@main`, `host:8443/a@b`
    if user.contains('@') || secret.is_empty() || has_port(info) {
        return None;
    }
    // `me:pass@host.example/a@b`: what follows the host is a path.
    let mut hosts = info.match_indices('@').filter_map(|(at, _)| info.get(at + 1..)?.split_once('/'));
    if hosts.any(|(host, _)| host.contains(['.', ':'])) {
        return None;
    }
    let path = user.rfind('/').map_or(0, |slash| slash + 1);
    Some(begin + path..at)
}

/// Whether a text begins with a host and its port.
fn has_port(info: &str) -> bool {
    let port = info.split_once(':').map_or("", |(_, behind)| behind.split(['/', '?', '#']).next().unwrap_or_default());
    let is_followed = info.contains('/');
    is_followed && !port.is_empty() && port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit())
}

/// The values after the `=` of a query, but for harmless ones.
fn parameters(query: &str, offset: usize, ranges: &mut Vec<Range<usize>>) {
    let Some(begin) = query.find(['?', '#']) else { return };
    let mut at = begin + 1;
    for pair in query.get(begin + 1..).unwrap_or_default().split(['&', '#', '?', ';']) {
        if let Some((name, value)) = pair.split_once('=').filter(|(_, value)| !value.is_empty()) {
            let start = offset + at + name.len() + 1;
            let is_harmless = HARMLESS.contains(&name.to_ascii_lowercase().as_str());
            ranges.extend((!is_harmless).then(|| start..start + value.len()));
        }
        at += pair.len() + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_found() {
        let cases = [
            ("see `https://me:pass@h.example/a@b`", "see `https://…@h.example/a@b`"),
            ("https://ghp_0123456789abcdefghij@h/x, ssh://git@h/x", "https://…@h/x, ssh://git@h/x"),
            ("https://h/x?access_token=abc&ref=main#id_token=d", "https://h/x?access_token=…&ref=main#id_token=…"),
            ("h.example/x?token=abc", "h.example/x?token=…"),
            ("./https:/me:pass@h/x", "./https:/…@h/x"),
            ("https://me:pa/ss@h/x", "https://…@h/x"),
            ("https://me:p@ss@h/x", "https://…@h/x"),
            ("https://u:/pass@h/o/r, https://u:12ab/c@h", "https://…@h/o/r, https://…@h"),
            ("https:u:pass@h/x and u:pass@h/o/r", "https:…@h/x and …@h/o/r"),
            ("`u:pass@h:o/r.git` //u:pass@h/x", "`…@h:o/r.git` //…@h/x"),
            ("\"https://u:pass @h/x\" https://h:80/x me@y", "\"https://…@h/x\" https://h:80/x me@y"),
            (
                "git::https://u:pass@h//x?ref=v1, ssh://git@h:22/x@main",
                "git::https://…@h//x?ref=v1, ssh://git@h:22/x@main",
            ),
            ("https://h/u:pass@x, git@h:o/x@main", "https://h/…@x, git@h:o/x@main"),
            ("https://hooks.slack.com/services/T0/B0/x y", "https://hooks.slack.com/… y"),
            ("https://discord.com/api/webhooks/1/x", "https://discord.com/api/webhooks/…"),
            ("https://h:8443/a@b", "https://h:8443/a@b"),
            ("a ${X:?y=z} # b=c, image a/b:1@sha256:0", "a ${X:?y=z} # b=c, image a/b:1@sha256:0"),
        ];
        for (text, shown) in cases {
            assert_eq!(url(text), shown);
        }
    }
}

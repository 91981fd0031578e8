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

/// A user whose password holds a `/`: what follows the `:` is not a port.
static ODD_HOST: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"[A-Za-z0-9]://([^/?#\s"'`<>\\:@]+:[^0-9/\s"'`<>][^\s"'`<>@]*)@"#).ok());

/// A parameter in a query, or after a `#`.
static PARAMETER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"[/.][^\s"'`<>?#]*[?#][^\s"'`<>]*"#).ok());

/// The bytes of a text that are credentials in URLs.
pub fn ranges(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    if text.contains(":/") {
        ranges.extend(users(text));
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
    let hosts = [&*HOST, &*ODD_HOST].into_iter().flatten();
    let found = hosts.flat_map(|pattern| pattern.captures_iter(text)).filter_map(|found| found.get(1));
    let info = found.filter_map(|found| {
        let behind = text.get(found.end()..).is_some_and(|rest| rest.starts_with('@'));
        let info = if behind { found.as_str() } else { found.as_str().rsplit_once('@')?.0 };
        let is_name = !info.contains(':') && info.len() < MIN_TOKEN;
        (!is_name).then(|| found.start()..found.start() + info.len())
    });
    info.collect()
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
            ("https://h:8443/a@b", "https://h:8443/a@b"),
            ("a ${X:?y=z} # b=c, image a/b:1@sha256:0", "a ${X:?y=z} # b=c, image a/b:1@sha256:0"),
        ];
        for (text, shown) in cases {
            assert_eq!(url(text), shown);
        }
    }
}

//! `urlParse` and `urlJoin`, as Go's net/url reads and writes URLs. What needs more than plain characters is not known.

use super::{Function, Parameter, any_of, text_of};
use crate::template::{TemplateError, Value};

/// The parts in a dictionary.
const PARTS: [&str; 8] = ["scheme", "host", "hostname", "path", "query", "opaque", "fragment", "userinfo"];

pub(super) fn find(name: &str) -> Option<Function> {
    match name {
        "urlParse" => Function::of(&[Parameter::Text], |v| parse(text_of(v, 0))),
        "urlJoin" => Function::of(&[Parameter::Map], |v| join(any_of(v, 0))),
        _ => None,
    }
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_.~$&+,/:;=@?#".contains(c)
}

fn parse(text: &str) -> Result<Value, TemplateError> {
    if !text.chars().all(is_plain) {
        return Err(TemplateError::undetermined("fleetlint reads URLs of plain characters only"));
    }
    let refused = |why: &str| TemplateError::wrong(format!("unable to parse url: {why}"));
    let (rest, fragment) = text.split_once('#').unwrap_or((text, ""));
    let (scheme, rest) = scheme(rest).map_err(refused)?;
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let mut parts = Parts { scheme: scheme.to_ascii_lowercase(), query, fragment, ..Parts::default() };
    if !rest.starts_with('/') {
        if !scheme.is_empty() {
            parts.opaque = rest;
            return Ok(parts.value());
        }
        if rest.split('/').next().is_some_and(|segment| segment.contains(':')) {
            return Err(refused("first path segment in URL cannot contain colon"));
        }
    }
    parts.path = rest;
    if let Some(behind) = rest.strip_prefix("//").filter(|_| !scheme.is_empty() || !rest.starts_with("///")) {
        let end = behind.find('/').unwrap_or(behind.len());
        let (authority, path) = behind.split_at(end);
        let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        let port = host.rsplit_once(':').map_or("", |(_, port)| port);
        if !port.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(refused("invalid port"));
        }
        if user.contains(['@', '/']) {
            return Err(TemplateError::undetermined("fleetlint reads users of plain characters only"));
        }
        (parts.path, parts.host, parts.userinfo) = (path, host, user);
    }
    Ok(parts.value())
}

/// The scheme in front of the first `:`, if it is one.
fn scheme(text: &str) -> Result<(&str, &str), &'static str> {
    let Some(end) = text.find(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c)) else {
        return Ok(("", text));
    };
    let (name, behind) = text.split_at(end);
    match behind.strip_prefix(':') {
        Some(_) if name.is_empty() => Err("missing protocol scheme"),
        Some(rest) if name.starts_with(|c: char| c.is_ascii_alphabetic()) => Ok((name, rest)),
        _ => Ok(("", text)),
    }
}

#[derive(Default)]
struct Parts<'a> {
    scheme: String,
    host: &'a str,
    path: &'a str,
    query: &'a str,
    opaque: &'a str,
    fragment: &'a str,
    userinfo: &'a str,
}

impl Parts<'_> {
    fn value(&self) -> Value {
        let hostname = self.host.rsplit_once(':').map_or(self.host, |(name, _)| name);
        let texts =
            [&self.scheme, self.host, hostname, self.path, self.query, self.opaque, self.fragment, self.userinfo];
        Value::map(PARTS.into_iter().zip(texts).map(|(name, text)| (name.into(), Value::text(text))))
    }
}

fn join(dictionary: &Value) -> Result<Value, TemplateError> {
    let part = |name: &str| match dictionary {
        Value::Map(entries) => match entries.get(name) {
            None => Ok(String::new()),
            Some(Value::Text(text)) if text.chars().all(is_plain) => Ok(text.to_string()),
            Some(Value::Text(_)) => Err(TemplateError::undetermined("fleetlint writes URLs of plain characters only")),
            Some(Value::Unknown(why)) => Err(TemplateError::undetermined(why.as_str())),
            Some(other) => Err(TemplateError::wrong(format!(
                "unable to parse {name} key, must be of type string, not {}",
                other.type_name()
            ))),
        },
        _ => Ok(String::new()),
    };
    let (scheme, host, path, query) = (part("scheme")?, part("host")?, part("path")?, part("query")?);
    let (opaque, fragment, user) = (part("opaque")?, part("fragment")?, part("userinfo")?);
    if [&host, &path, &fragment, &user].iter().any(|part| part.contains(['?', '#'])) || user.contains(['@', '/']) {
        return Err(TemplateError::undetermined("fleetlint writes URLs of plain characters only"));
    }
    let mut url = if scheme.is_empty() { String::new() } else { format!("{scheme}:") };
    if opaque.is_empty() {
        let has_authority = !scheme.is_empty() || !host.is_empty() || !user.is_empty();
        if has_authority && (!host.is_empty() || !path.is_empty() || !user.is_empty()) {
            url.push_str("//");
        }
        if !user.is_empty() {
            url.push_str(&format!("{user}@"));
        }
        url.push_str(&host);
        if !path.is_empty() && !path.starts_with('/') && !host.is_empty() {
            url.push('/');
        }
        if url.is_empty() && path.split('/').next().is_some_and(|segment| segment.contains(':')) {
            url.push_str("./");
        }
        url.push_str(&path);
    } else {
        url.push_str(&opaque);
    }
    for (mark, part) in [('?', query), ('#', fragment)] {
        if !part.is_empty() {
            url.push(mark);
            url.push_str(&part);
        }
    }
    Ok(Value::text(url))
}

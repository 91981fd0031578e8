//! `fleetlint explain RULE`, and `fleetlint explain [--api-version GROUP/VERSION] KIND[.field.path]`.

mod facts;
mod kind;
mod page;
mod path;
mod rule;

/// The page of a rule, or what the tables say about a kind or a field of it.
///
/// # Errors
/// There is no such rule, kind, version or field; says what may be meant.
pub fn run(name: &str, api_version: Option<&str>) -> Result<String, String> {
    if let Some(page) = rule::find(name).filter(|_| api_version.is_none()) {
        return Ok(page);
    }
    let (kind, path) = name.split_once('.').unwrap_or((name, ""));
    // Kinds are written in capitals, rules never are; only rules have a slash.
    let is_lower = path.is_empty() && !name.starts_with(|first: char| first.is_uppercase());
    let is_rule = api_version.is_none() && (is_lower || name.contains('/'));
    if is_rule && !kind::is_meant(kind) {
        return Err(rule::missing(name));
    }
    let kind = kind::find(kind, api_version)?;
    let found = path::find(&kind, path)?;
    Ok(match found {
        None => page::of_kind(&kind),
        Some(field) => page::of_field(&kind, field),
    })
}

//! What an item of a list or a row of a table says about permissions.

use std::sync::LazyLock;

use regex::Regex;

use super::names::{SCOPES, leading};
use crate::credentials::Permission;

/// What may be between a permission and how far it goes, and how far it goes.
const AFTER: &str = r"(?x)
    ^ [_\s]* (?: permissions? | access | scope )? \s* [:\-–—>=→(|,]* \s* (?: access \s* [:=]? )? \s*
    (?: set \s+ to | to \s+ be | must \s+ be | needs | with | as )? \s*
    (?P<level> read (?: \s* (?: and | & | / | \+ | , | - ) \s* write )? | write | admin ) \b";

/// `Read and write access to code and commit statuses`, as GitHub's settings sum it up.
const BEFORE: &str = r"(?x)
    ^ \s* (?P<level> read (?: \s* (?: and | & | / | \+ | , | - ) \s* write )? | write ) (?: [\s-]* only )?
    \s+ (?: access | permissions? ) \s+ (?: to | for | on ) \s+ (?: the \s+ )? (?P<names> .+ ) $";

/// An item is not longer, in bytes.
const LIMIT: usize = 500;

/// The permissions that an item demands, by their names in the API.
pub(super) fn demanded(plain: &str) -> Vec<(&'static str, Permission)> {
    static RULES: LazyLock<Option<(Regex, Regex)>> =
        LazyLock::new(|| Regex::new(AFTER).ok().zip(Regex::new(BEFORE).ok()));
    let Some((after, before)) = RULES.as_ref().filter(|_| plain.len() <= LIMIT) else { return Vec::new() };
    let text = plain.to_lowercase();
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    if let Some((name, rest)) = leading(text) {
        let level = after.captures(rest).and_then(|found| Some(level(found.name("level")?.as_str())));
        return level.map(|level| (name, level)).into_iter().collect();
    }
    let Some(found) = before.captures(text) else { return Vec::new() };
    let (Some(granted), Some(names)) = (found.name("level"), found.name("names")) else { return Vec::new() };
    let names = names.as_str().split([',', ';']).flat_map(|part| part.split(" and "));
    let names = names.map(|name| name.trim().trim_start_matches("and ").trim_end_matches('.'));
    let known = names.filter_map(|name| leading(name).filter(|(_, rest)| rest.trim().is_empty()));
    known.map(|(name, _)| (name, level(granted.as_str()))).collect()
}

/// The scope of a classic token at the beginning of an item.
pub(super) fn scope(plain: &str) -> Option<&'static str> {
    let word = plain.trim().split([' ', '\t', '(', ',']).next().unwrap_or_default().trim_end_matches(':');
    SCOPES.iter().find(|scope| **scope == word).copied()
}

fn level(text: &str) -> Permission {
    if text.contains("write") || text.contains("admin") { Permission::Write } else { Permission::Read }
}

//! Which of the texts are looked for in sentences: those that are long enough to say something, and no public names.

use std::collections::HashSet;

use super::collect::{Found, Reach};
use crate::fleet::Fleet;
use crate::source::Files;

/// A text of an object that is shorter is not looked for: else `a` would blot out half of a message.
const MIN: usize = 4;

/// A text of an object that is shorter is taken out only where it stands alone.
const MIN_INSIDE: usize = 6;

/// A value that is in a Secret only is not looked for if it is shorter, or a word: users and databases are called
/// like what they belong to.
const MIN_OF_SECRET: usize = 8;

/// Numbers of fewer digits are ports and sizes.
const MIN_DIGITS: usize = 8;

/// Words that mean something to every reader.
const WORDS: [&str; 12] = [
    "true",
    "false",
    "null",
    "none",
    "default",
    "main",
    "master",
    "enabled",
    "disabled",
    "production",
    "staging",
    "development",
];

/// The names that anybody who sees the repository knows: of its folders and files, clusters, branches, kinds. A Secret that
/// holds one tells nothing new, and a report without them nothing at all.
pub(super) fn public(fleet: &Fleet, files: &Files) -> HashSet<String> {
    let mut names: HashSet<String> = WORDS.iter().map(|word| (*word).to_owned()).collect();
    for cluster in &fleet.clusters {
        names.insert(cluster.name.clone());
        names.extend(cluster.paths.iter().flat_map(|path| path.split('/')).map(str::to_owned));
        names.insert(cluster.flux_namespace.to_string());
        names.extend(cluster.objects.kinds().map(str::to_owned));
    }
    for file in files.all() {
        names.insert(file.repository.to_string());
        names.extend(file.revision.iter().map(ToString::to_string));
        names.extend(file.path.split('/').map(str::to_owned));
        names.insert(file.path.clone());
    }
    names
}

/// The patterns of what is looked for, in lower case, longer ones first.
pub(super) fn searched(found: &Found, public: &HashSet<String>) -> Vec<String> {
    let mut texts: Vec<(&str, Reach)> = found.iter().map(|(text, reach)| (text.as_str(), *reach)).collect();
    texts.retain(|(text, reach)| is_searched(text, *reach) && !public.contains(*text));
    texts.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
    texts.into_iter().map(|(text, _)| pattern(text)).collect()
}

fn is_searched(text: &str, reach: Reach) -> bool {
    let length = text.chars().count();
    let is_number = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | ':'));
    match reach {
        _ if is_number => length >= MIN_DIGITS,
        Reach::Object => length >= MIN,
        Reach::Secret => length >= MIN_OF_SECRET && is_made_up(text),
    }
}

/// Whether a text looks like no word: letters beside digits, or capitals inside.
fn is_made_up(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut mixed = words.map(|word| {
        let has = |is: fn(char) -> bool| word.chars().any(is);
        let has_capital_inside = word.chars().skip(1).any(char::is_uppercase) && has(char::is_lowercase);
        has_capital_inside || has(char::is_alphabetic) && has(|c| c.is_ascii_digit())
    });
    mixed.any(|is_mixed| is_mixed)
}

fn pattern(text: &str) -> String {
    let escaped = regex::escape(&text.to_ascii_lowercase());
    let is_short = text.chars().count() < MIN_INSIDE;
    let edge = |c: Option<char>| if is_short && c.is_some_and(char::is_alphanumeric) { r"\b" } else { "" };
    format!("{}{escaped}{}", edge(text.chars().next()), edge(text.chars().next_back()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::Redactor;

    #[test]
    fn short_values_and_names_stay_readable() {
        let object = ["a", "yes", "pass", "hunter2", "8080", "prod-eu", "12345678"];
        let secret = ["admin", "paperless", "eu-west-1", "Tr0ub4dor"];
        let mut found: Found = object.into_iter().map(|text| (text.to_owned(), Reach::Object)).collect();
        found.extend(secret.map(|text| (text.to_owned(), Reach::Secret)));
        let public = HashSet::from(["prod-eu".to_owned()]);
        let redactor = Redactor::new(searched(&found, &public));
        assert_eq!(
            redactor.text("a yes `pass` passes xhunter2y 8080 prod-eu 12345678"),
            "a yes `…` passes x…y 8080 prod-eu …"
        );
        assert_eq!(
            redactor.text("cluster-admin paperless-ngx eu-west-1 tr0ub4dor"),
            "cluster-admin paperless-ngx eu-west-1 …"
        );
    }
}

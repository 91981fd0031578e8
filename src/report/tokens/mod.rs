//! `fleetlint tokens`: what each token is used for, and how to create it.

mod json;
mod markdown;
mod text;

pub use json::json;
pub use markdown::markdown;
pub use text::text;

use std::collections::BTreeSet;

use crate::credentials::{Access, Permission, Purpose, permission_label};
use crate::fleet::facets::credentials::Login;
use crate::locate::Location;
use crate::redact::{self, Redactor};
use crate::report::escaped;
use crate::source::Files;
use crate::tokens::{KnownBy, Sheet, SheetToken, SheetUse};
use crate::yaml::Span;

/// Where GitHub has the form.
const FORM: &str = "https://github.com/settings/personal-access-tokens/new";

/// The sheet without what must not be shown.
pub fn redacted(mut sheet: Sheet, redactor: &Redactor) -> Sheet {
    let clean = |text: &mut String| {
        redactor.redact(text);
        // A name of several lines is none, and would look like lines of ours.
        *text = redact::text(text).replace(['\n', '\r'], " ");
    };
    for token in &mut sheet.tokens {
        clean(&mut token.name);
        token
            .secrets
            .iter_mut()
            .chain(&mut token.store)
            .chain(&mut token.missing)
            .chain(&mut token.unneeded)
            .for_each(clean);
        token.declaration.iter_mut().for_each(clean);
        let cleaned = |text: &String| {
            let mut text = text.clone();
            clean(&mut text);
            text
        };
        token.copies = token.copies.iter().map(cleaned).collect();
        token.least = token.least.iter().map(|(repository, it)| (cleaned(repository), it.clone())).collect();
        for used in &mut token.uses {
            clean(&mut used.object);
            used.repository.iter_mut().chain(&mut used.branch).for_each(clean);
        }
    }
    sheet
}

/// A text as terminals and logs may show it, line by line.
fn lines(text: &str) -> String {
    text.lines().map(|line| escaped(line) + "\n").collect()
}

/// What to choose on GitHub's form, in its order: the field, and the value.
fn settings(token: &SheetToken) -> Vec<(&'static str, String)> {
    let owners: BTreeSet<&str> = token.least.keys().filter_map(|it| Some(it.split_once('/')?.0)).collect();
    let permissions = form_permissions(token).into_iter().map(|(name, level)| format!("{name}: {level}"));
    let permissions: Vec<String> = permissions.collect();
    vec![
        ("Token name", token.name.clone()),
        ("Resource owner", owners.into_iter().collect::<Vec<_>>().join(" and ")),
        ("Expiration", "as short as it can be rotated".to_owned()),
        ("Repository access", format!("Only select repositories: {}", repositories(token))),
        ("Repository permissions", permissions.join("; ")),
    ]
}

/// `acme/a, acme/b`.
fn repositories(token: &SheetToken) -> String {
    token.least.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// The permissions as the form words them. Every other one brings Metadata.
fn form_permissions(token: &SheetToken) -> Vec<(String, &'static str)> {
    let mut all: Vec<(String, &'static str)> = Vec::new();
    for (name, level) in permissions(token) {
        let level = if level == Permission::Write { "Read and write" } else { "Read-only" };
        all.push((permission_label(name), level));
    }
    all.push(("Metadata".to_owned(), "Read-only"));
    all
}

/// The least permissions over all repositories: a token has the same in each of them.
fn permissions(token: &SheetToken) -> Vec<(&'static str, Permission)> {
    let mut all: Vec<(&'static str, Permission)> = token.least.values().flatten().copied().collect();
    all.sort_by(|a, b| (a.0, b.1).cmp(&(b.0, a.1)));
    all.dedup_by_key(|(name, _)| *name);
    all
}

/// Whether one form creates it: a token for the permissions of GitHub, whose repositories have one owner.
fn owners(token: &SheetToken) -> usize {
    token.least.keys().filter_map(|it| Some(it.split_once('/')?.0)).collect::<BTreeSet<_>>().len()
}

/// What there is to create: `None` for what no form of GitHub creates.
fn is_creatable(token: &SheetToken) -> bool {
    token.is_github && token.login != Login::Ssh && !token.least.is_empty()
}

/// The manifest of a GitHub App that is allowed the same.
fn app_manifest(token: &SheetToken) -> serde_json::Value {
    let allowed = permissions(token).into_iter().map(|(name, level)| (name.to_owned(), level.as_str().into()));
    let mut permissions: serde_json::Map<String, serde_json::Value> = allowed.collect();
    permissions.insert("metadata".to_owned(), "read".into());
    let url = token.least.keys().next().map(|repository| format!("https://github.com/{repository}"));
    serde_json::json!({
        "name": format!("flux-{}", token.name.to_lowercase().replace([' ', '_'], "-")),
        "url": url.unwrap_or_default(),
        "public": false,
        "default_events": [],
        "default_permissions": permissions,
    })
}

/// Who says what it may do.
fn known_by(token: &SheetToken, files: &Files) -> String {
    let at = token.place.map(|span| format!(" ({})", shown_place(span, files))).unwrap_or_default();
    match token.known_by {
        KnownBy::Configuration => format!("declared in fleetlint.yaml{at}"),
        KnownBy::Page => format!("described in a page{at}"),
        KnownBy::Profile => "not declared; this layout lets expect it".to_owned(),
        KnownBy::Nobody => "not declared".to_owned(),
    }
}

/// What is to be said of it instead of permissions.
fn remark(token: &SheetToken) -> Option<String> {
    let only_receives = token.uses.iter().all(|used| used.purpose.need().any_of.is_empty());
    if token.uses.is_empty() {
        return Some("nothing uses it: revoke it".to_owned());
    }
    if only_receives {
        return Some("a shared secret for webhooks: it needs no permission, any random text will do".to_owned());
    }
    if token.login == Login::Ssh {
        let access = if token.account >= Access::Write { "with write access" } else { "without write access" };
        return Some(format!("an SSH key: add it to the repository as a deploy key {access}"));
    }
    if !token.is_github {
        return Some(
            "not at GitHub: which permissions that forge asks for what is listed is not known here".to_owned(),
        );
    }
    if owners(token) > 1 {
        return Some(
            "its repositories have several owners: a fine-grained token has one, so create one for each".to_owned(),
        );
    }
    let mut needs = token.least.values();
    let first = needs.next();
    if needs.any(|other| Some(other) != first) {
        return Some("its repositories need different permissions, and a token has the same in all: one for each would be smaller".to_owned());
    }
    None
}

/// What a use does, with the repository and branch.
fn what(used: &SheetUse) -> String {
    let branch = used.branch.as_ref().map(|branch| format!("@{branch}")).unwrap_or_default();
    let before = match used.purpose {
        Purpose::Pull | Purpose::Receive => "",
        Purpose::Push | Purpose::Status | Purpose::Dispatch => "to ",
        _ => "of ",
    };
    match &used.repository {
        Some(repository) => format!("{} {before}{repository}{branch}", used.purpose.as_str()),
        None => used.purpose.as_str().to_owned(),
    }
}

fn clusters(used: &SheetUse) -> String {
    used.clusters.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// `file:line:column`, with the repository.
fn shown_place(span: Span, files: &Files) -> String {
    let Location { repository, file, line, column, .. } = Location::of(span, files);
    format!("{repository}/{file}:{line}:{column}")
}

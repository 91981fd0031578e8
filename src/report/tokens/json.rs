//! `fleetlint tokens --format json`.

use serde_json::{Map, Value, json};

use super::{app_manifest, is_creatable, remark, settings};
use crate::credentials::Permission;
use crate::fleet::Discovery;
use crate::fleet::facets::credentials::Login;
use crate::locate::Location;
use crate::report::discovery::DiscoveryItem;
use crate::report::escape;
use crate::source::Files;
use crate::tokens::{KnownBy, Sheet, SheetToken, SheetUse};
use crate::yaml::Span;

/// The sheet as one JSON object, with a final newline.
pub fn json(sheet: &Sheet, discovery: &Discovery, files: &Files) -> String {
    let document = json!({
        "tokens": sheet.tokens.iter().map(|it| token(it, files)).collect::<Vec<_>>(),
        "not_all_known": sheet.gaps,
        "discovery": DiscoveryItem::new(discovery, files),
    });
    escape::json(&serde_json::to_string_pretty(&document).unwrap_or_default()) + "\n"
}

fn token(token: &SheetToken, files: &Files) -> Value {
    let least = token.least.iter().map(|(repository, it)| (repository.clone(), permissions(it)));
    let settings = settings(token).into_iter().map(|(name, value)| (name.to_owned(), value.into()));
    let creatable = is_creatable(token);
    json!({
        "name": token.name,
        "declared_by": match token.known_by {
            KnownBy::Configuration => "configuration",
            KnownBy::Page => "page",
            KnownBy::Profile => "profile",
            KnownBy::Nobody => "nobody",
        },
        "place": token.place.map(|span| place(span, files)),
        "secrets": token.secrets,
        "copies": token.copies,
        "login": match token.login {
            Login::Token => "token",
            Login::App => "github-app",
            Login::Ssh => "ssh-key",
        },
        "github": token.is_github,
        "uses": token.uses.iter().map(|it| used(it, files)).collect::<Vec<_>>(),
        "least": least.collect::<Map<String, Value>>(),
        "account": token.account.as_str(),
        "missing": token.missing,
        "unneeded": token.unneeded,
        "note": remark(token),
        "declaration": token.declaration,
        "store": token.store,
        "form": (creatable && token.login == Login::Token).then(|| settings.collect::<Map<String, Value>>()),
        "github_app": creatable.then(|| app_manifest(token)),
    })
}

fn used(used: &SheetUse, files: &Files) -> Value {
    json!({
        "purpose": used.purpose.as_str(),
        "object": used.object,
        "repository": used.repository,
        "branch": used.branch,
        "place": used.place.map(|span| place(span, files)),
        "clusters": used.clusters,
        "documented": used.purpose.need().source,
    })
}

fn permissions(all: &[(&'static str, Permission)]) -> Value {
    let pairs = all.iter().map(|(name, level)| ((*name).to_owned(), level.as_str().into()));
    Value::Object(pairs.collect())
}

fn place(span: Span, files: &Files) -> Value {
    let Location { repository, file, line, column, .. } = Location::of(span, files);
    json!({"repository": &*repository, "file": &*file, "line": line, "column": column})
}

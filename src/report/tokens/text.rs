//! `fleetlint tokens --format text`.

use std::fmt::Write;

use super::{FORM, app_manifest, clusters, is_creatable, known_by, lines, remark, settings, shown_place, what};
use crate::credentials::shown_permission;
use crate::fleet::facets::credentials::Login;
use crate::source::Files;
use crate::tokens::{Sheet, SheetToken};

/// The sheet as text, a block per token.
pub fn text(sheet: &Sheet, files: &Files) -> String {
    let mut blocks: Vec<String> = sheet.tokens.iter().map(|token| block(token, files)).collect();
    if sheet.tokens.is_empty() {
        blocks.push("no object uses a credential of a forge\n".to_owned());
    }
    if !sheet.gaps.is_empty() {
        blocks.push(format!("not all is known of {}: something there may need more\n", sheet.gaps.join(", ")));
    }
    lines(&blocks.join("\n"))
}

fn block(token: &SheetToken, files: &Files) -> String {
    let mut out = format!("{} · {}\n", token.name, known_by(token, files));
    let mut line = |name: &str, text: &str| _ = writeln!(out, "  {name:<12} {text}");
    let copies: Vec<&str> = token.copies.iter().map(String::as_str).collect();
    let copies = if copies.is_empty() { String::new() } else { format!("; copies in {}", copies.join(", ")) };
    line("Secret", &format!("{}{copies}", token.secrets.join(", ")));
    for (index, used) in token.uses.iter().enumerate() {
        let place = used.place.map(|span| format!(" ({})", shown_place(span, files))).unwrap_or_default();
        let name = if index == 0 { "used for" } else { "" };
        line(name, &format!("{}: {}{place} on {}", what(used), used.object, clusters(used)));
    }
    for (index, (repository, permissions)) in token.least.iter().enumerate() {
        let shown: Vec<String> = permissions.iter().map(|(name, level)| shown_permission(name, *level)).collect();
        line(if index == 0 { "needs" } else { "" }, &format!("{repository}: {}", shown.join(", ")));
    }
    remark(token).iter().for_each(|text| line("note", text));
    if !token.missing.is_empty() {
        line("missing", &token.missing.join(", "));
    }
    if !token.unneeded.is_empty() {
        line("too much", &token.unneeded.join(", "));
    }
    token
        .declaration
        .iter()
        .for_each(|entry| line("declare", &format!("tokens: [{}]", entry.trim_start_matches("- "))));
    if is_creatable(token) && token.login == Login::Token {
        line("create", FORM);
        settings(token).iter().for_each(|(name, value)| line("", &format!("{name}: {value}")));
        line("account", &format!("{} access to {}", token.account.as_str(), super::repositories(token)));
        for (index, command) in token.store.iter().enumerate() {
            line(if index == 0 { "store" } else { "" }, command);
        }
    }
    if is_creatable(token) {
        let name = if token.login == Login::App { "the App" } else { "or an App" };
        line(name, &app_manifest(token).to_string());
    }
    out
}

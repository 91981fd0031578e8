//! `fleetlint tokens --format markdown`: a page to keep, or to paste into an issue.

use std::fmt::Write;

use super::{FORM, app_manifest, clusters, is_creatable, known_by, lines, remark, settings, shown_place, what};
use crate::credentials::shown_permission;
use crate::fleet::facets::credentials::Login;
use crate::source::Files;
use crate::tokens::{Sheet, SheetToken};

/// The sheet as a page of Markdown.
pub fn markdown(sheet: &Sheet, files: &Files) -> String {
    let mut out = "# Tokens\n".to_owned();
    if !sheet.gaps.is_empty() {
        let _ = writeln!(out, "\nNot all is known of {}: something there may need more.", sheet.gaps.join(", "));
    }
    sheet.tokens.iter().for_each(|token| section(token, files, &mut out));
    lines(&out)
}

fn section(token: &SheetToken, files: &Files, out: &mut String) {
    let _ = writeln!(out, "\n## `{}`\n\n{}.", token.name, capital(&known_by(token, files)));
    let _ = writeln!(out, "\n- Secret: {}", code(&token.secrets));
    if !token.copies.is_empty() {
        let _ = writeln!(out, "- Copies: {}", code(&token.copies.iter().cloned().collect::<Vec<_>>()));
    }
    remark(token).iter().for_each(|text| _ = writeln!(out, "- Note: {text}"));
    if !token.missing.is_empty() {
        let _ = writeln!(out, "- Missing: {}", token.missing.join(", "));
    }
    if !token.unneeded.is_empty() {
        let _ = writeln!(out, "- Too much: {}", token.unneeded.join(", "));
    }
    if !token.uses.is_empty() {
        let _ = writeln!(out, "\n| Used for | By | Place | Clusters |\n|---|---|---|---|");
    }
    for used in &token.uses {
        let place = used.place.map(|span| shown_place(span, files)).unwrap_or_default();
        let cells = [what(used), used.object.clone(), place, clusters(used)].map(|cell| cell.replace('|', "\\|"));
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    if !token.least.is_empty() {
        let _ = writeln!(out, "\n| Repository | Least permissions |\n|---|---|");
    }
    for (repository, permissions) in &token.least {
        let shown: Vec<String> = permissions.iter().map(|(name, level)| shown_permission(name, *level)).collect();
        let _ = writeln!(out, "| `{repository}` | {} |", shown.join(", "));
    }
    if let Some(entry) = &token.declaration {
        let _ = writeln!(out, "\nDeclare it in `tokens:` of fleetlint.yaml:\n\n```yaml\ntokens:\n  {entry}\n```");
    }
    if is_creatable(token) && token.login == Login::Token {
        let _ = writeln!(out, "\nCreate it at <{FORM}>, with an account of {} access:\n", token.account.as_str());
        settings(token).iter().for_each(|(name, value)| _ = writeln!(out, "- {name}: {value}"));
        if !token.store.is_empty() {
            let _ = writeln!(out, "\nStore it:\n\n```shell\n{}\n```", token.store.join("\n"));
        }
    }
    if is_creatable(token) {
        let name = if token.login == Login::App { "The GitHub App" } else { "The same as a GitHub App" };
        let _ = writeln!(out, "\n{name}:\n\n```json\n{:#}\n```", app_manifest(token));
    }
}

fn code(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// With a capital letter, as a sentence begins.
fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

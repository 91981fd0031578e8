//! Rules as SARIF describes them: what code scanning shows beside a finding comes from their pages.

use super::format::{Configuration, Descriptor, Help, Message, RuleProperties};
use crate::finding::Severity;
use crate::report::pages;
use crate::rule::Rule;

/// How long the name of a rule, and its descriptions, may be (GitHub, "SARIF support for code scanning").
const MAX_NAME: usize = 255;
const MAX_DESCRIPTION: usize = 1_024;

/// The families whose findings let somebody do or see what they must not.
const SECURITY_FAMILIES: [&str; 2] = ["tenant-isolation", "pat-permissions"];

/// Rules of other families of which the same is true.
const SECURITY_RULES: [&str; 1] = ["sources/insecure-transport"];

/// The sections of a page that explain: the examples are fleets in a form of their own.
const SECTIONS: [&str; 4] = ["What it finds", "Why it matters", "Options", "References"];

/// A rule that ran.
pub(super) fn descriptor(rule: &'static Rule) -> Descriptor<'static> {
    let help = explanation(rule.page);
    let summary = Message { text: cut(rule.summary, MAX_DESCRIPTION) };
    let full = beginning(section(rule.page, "What it finds").unwrap_or(rule.summary));
    let help = Help { text: help.replace("## ", ""), markdown: help };
    described(rule.id, rule.severity, (summary, Message { text: cut(&full, MAX_DESCRIPTION) }), help)
}

/// A rule of which nothing but its findings is known.
pub(super) fn unknown(id: &str, severity: Severity) -> Descriptor<'_> {
    let message = || Message { text: id.to_owned() };
    described(id, severity, (message(), message()), Help { text: id.to_owned(), markdown: id.to_owned() })
}

/// The word of SARIF for a level.
pub(super) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn described(id: &str, severity: Severity, (short, full): (Message, Message), help: Help) -> Descriptor<'_> {
    let family = id.split_once('/').map_or(id, |(family, _)| family);
    let is_security = SECURITY_FAMILIES.contains(&family) || SECURITY_RULES.contains(&id);
    // Scores from 7.0 on are high, from 4.0 on medium, below low.
    let (problem, score) = match severity {
        Severity::Error => ("error", "8.0"),
        Severity::Warning => ("warning", "5.0"),
        Severity::Info => ("recommendation", "2.0"),
    };
    let tags = std::iter::once(family).chain(is_security.then_some("security")).collect();
    Descriptor {
        id,
        name: name(id),
        short_description: short,
        full_description: full,
        help,
        help_uri: pages::url(id),
        default_configuration: Configuration { level: level(severity) },
        properties: RuleProperties {
            tags,
            precision: "high",
            problem_severity: problem,
            security_severity: is_security.then_some(score),
        },
    }
}

/// `TenantIsolationMissingServiceAccount`, as SARIF recommends it.
fn name(id: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    };
    cut(&id.split(['/', '-']).map(word).collect::<String>(), MAX_NAME)
}

/// The first sentences of a text: its first paragraph, with the list in which it ends, without a table.
fn beginning(text: &str) -> String {
    let mut shown: Vec<&str> = Vec::new();
    for paragraph in text.split("\n\n").take_while(|paragraph| !paragraph.starts_with('|')) {
        shown.extend(paragraph.lines().map(str::trim));
        if paragraph.ends_with('.') {
            break;
        }
    }
    shown.join(" ")
}

fn explanation(page: &str) -> String {
    let sections = SECTIONS.iter().filter_map(|name| Some((name, section(page, name)?)));
    let texts: Vec<String> = sections.map(|(name, text)| format!("## {name}\n\n{text}\n")).collect();
    texts.join("\n")
}

fn section<'a>(page: &'a str, name: &str) -> Option<&'a str> {
    let mut sections = page.split("\n## ").skip(1).filter_map(|section| section.split_once('\n'));
    sections
        .find(|(title, _)| title.trim() == name)
        .map(|(_, text)| text.trim())
        .filter(|text| !["", "none"].contains(text))
}

/// The first characters of a text.
fn cut(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        None => text.to_owned(),
        Some(_) => text.chars().take(length - 1).chain(['…']).collect(),
    }
}

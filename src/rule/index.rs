//! The catalogue as text: the table of the README and of `fleetlint rules`.

use super::Rule;

/// The Markdown table of the README: each rule with its level and a link to its page.
pub fn markdown(rules: &[&Rule]) -> String {
    let mut text = String::from("| rule | level | finds |\n|---|---|---|\n");
    for rule in rules {
        let pedantic = if rule.is_pedantic { ", pedantic" } else { "" };
        let (id, level, summary) = (rule.id, rule.severity.as_str(), rule.summary.replace('|', "\\|"));
        text.push_str(&format!("| [`{id}`](rules/{id}.md) | {level}{pedantic} | {summary} |\n"));
    }
    text
}

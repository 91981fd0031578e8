//! `fleetlint explain RULE`.

use crate::near::near;
use crate::rule::Rule;
use crate::rules::{self, RULES};

/// The page of a rule, if there is one of this name.
pub(super) fn find(rule: &str) -> Option<String> {
    rules::find(rule).map(page)
}

/// That there is no such rule, and which ones are near, or in the family of that name.
pub(super) fn missing(rule: &str) -> String {
    unknown(rule, RULES)
}

/// The page below a line that sums up; its own heading left out.
fn page(rule: &Rule) -> String {
    let pedantic = if rule.is_pedantic { " · pedantic" } else { "" };
    let header = format!("{} · {}{pedantic} · since {}", rule.id, rule.severity.as_str(), rule.since);
    let body = rule.page.find("\n## ").map_or(rule.page, |start| &rule.page[start..]);
    format!("{header}\n\n{}\n\n{}\n", rule.summary, body.trim())
}

fn unknown(name: &str, rules: &[&'static Rule]) -> String {
    let ids: Vec<&str> = rules.iter().map(|rule| rule.id).collect();
    let family: Vec<&str> = rules.iter().filter(|rule| rule.family() == name).map(|rule| rule.id).collect();
    let (text, near) = match family.is_empty() {
        true => (format!("there is no rule `{name}`"), near(name, &ids)),
        false => (format!("`{name}` is a family of rules"), family),
    };
    match near.is_empty() {
        true => format!("{text}; `fleetlint rules` lists all rules"),
        false => format!("{text}; did you mean one of these?\n  {}", near.join("\n  ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;
    use crate::problem::ProblemKind;
    use crate::rule::Check;

    const RULE: Rule = Rule {
        id: "rbac/wildcard-rule",
        severity: Severity::Warning,
        since: "0.1.0",
        summary: "a role allows everything",
        is_pedantic: true,
        page: "# rbac/wildcard-rule\n\nx\n\n## What it finds\nA role.\n\n",
        check: Check::Problem(ProblemKind::InvalidObject),
    };

    #[test]
    fn shows_the_page_below_a_header() {
        let expected = "rbac/wildcard-rule · warning · pedantic · since 0.1.0\n\na role allows everything\n\n## What it finds\nA role.\n";
        assert_eq!(page(&RULE), expected);
    }

    #[test]
    fn says_what_was_meant() {
        let near = "; did you mean one of these?\n  rbac/wildcard-rule";
        assert_eq!(unknown("wildcard-rules", &[&RULE]), format!("there is no rule `wildcard-rules`{near}"));
        assert_eq!(unknown("rbac", &[&RULE]), format!("`rbac` is a family of rules{near}"));
        assert_eq!(unknown("x", &[&RULE]), "there is no rule `x`; `fleetlint rules` lists all rules");
    }
}

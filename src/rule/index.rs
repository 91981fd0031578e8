//! The catalogue as text: the table of the README and of `fleetlint rules`.

use super::Rule;

/// The Markdown table of the README: each rule with its level and a link to its page.
pub fn markdown(rules: &[&Rule]) -> String {
    let mut text = String::from("| rule | level | finds |\n|---|---|---|\n");
    for rule in rules {
        let (id, summary) = (rule.id, rule.summary.replace('|', "\\|"));
        text.push_str(&format!("| [`{id}`](rules/{id}.md) | {} | {summary} |\n", level(rule)));
    }
    text
}

/// The table of the command: columns that line up, one rule a line.
pub fn table(rules: &[&Rule]) -> String {
    let header = ["rule".to_owned(), "level".to_owned(), "since".to_owned(), "finds".to_owned()];
    let rows = rules.iter().map(|rule| [rule.id.into(), level(rule), rule.since.into(), rule.summary.into()]);
    let rows: Vec<[String; 4]> = std::iter::once(header).chain(rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let (id_width, level_width, since_width) = (width(0), width(1), width(2));
    let lines = rows.iter().map(|[id, level, since, summary]| {
        format!("{id:id_width$}  {level:level_width$}  {since:since_width$}  {summary}\n")
    });
    lines.collect()
}

fn level(rule: &Rule) -> String {
    let pedantic = if rule.is_pedantic { ", pedantic" } else { "" };
    format!("{}{pedantic}", rule.severity.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;
    use crate::problem::ProblemKind;
    use crate::rule::Check;

    const RULE: Rule = Rule {
        id: "build/yaml-syntax",
        severity: Severity::Error,
        since: "0.1.0",
        summary: "a file is not YAML",
        is_pedantic: false,
        page: "",
        check: Check::Problem(ProblemKind::YamlSyntax),
    };

    #[test]
    fn lists_rules() {
        let pedantic = Rule { id: "a/b", summary: "x | y", is_pedantic: true, severity: Severity::Info, ..RULE };
        let rules = [&RULE, &pedantic];
        let expected = "| rule | level | finds |\n|---|---|---|\n\
            | [`build/yaml-syntax`](rules/build/yaml-syntax.md) | error | a file is not YAML |\n\
            | [`a/b`](rules/a/b.md) | info, pedantic | x \\| y |\n";
        assert_eq!(markdown(&rules), expected);
        let expected = "rule               level           since  finds\n\
            build/yaml-syntax  error           0.1.0  a file is not YAML\n\
            a/b                info, pedantic  0.1.0  x | y\n";
        assert_eq!(table(&rules), expected);
    }
}

//! What a run reports, as pages record it: read from the JSON report, the one form that stays.

use std::fmt::Write as _;

use fleetlint::rule::page::Example;
use serde_json::Value;

/// A finding, and how a page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) rule: String,
    /// `repository/file:line:column-column`, for comparison with marks.
    pub(crate) place: String,
    pub(crate) text: String,
}

/// The findings of a report, those of the given rule first.
pub(crate) fn findings(report: &str, rule: &str, fleet: &str) -> Vec<Finding> {
    let report: Value = serde_json::from_str(report).unwrap();
    let findings = report["findings"].as_array().unwrap().iter().map(|finding| Finding {
        rule: text(&finding["rule"]),
        place: place(&finding["location"]),
        text: shown(finding, fleet),
    });
    let mut findings: Vec<Finding> = findings.collect();
    findings.sort_by_key(|finding| finding.rule != rule);
    findings
}

/// A block of findings.
pub(crate) fn block(findings: &[Finding]) -> String {
    let texts: Vec<&str> = findings.iter().map(|finding| finding.text.as_str()).collect();
    texts.join("\n")
}

/// Where a mark or a finding is.
pub(crate) fn place(location: &Value) -> String {
    if location.is_null() {
        return "nowhere".to_owned();
    }
    format!("{}/{}:{}", text(&location["repository"]), text(&location["file"]), range(location))
}

/// Level, rule and message; then where, what to do, the other places, on which clusters.
fn shown(finding: &Value, fleet: &str) -> String {
    let level = text(&finding["severity"]);
    let mut shown = format!("{level}[{}]: {}\n", text(&finding["rule"]), text(&finding["message"]));
    let mut line = |name: &str, value: String| _ = writeln!(shown, "  {name}: {value}");
    line("at", at(&finding["location"], fleet));
    helps(finding).into_iter().for_each(|help| line("help", help));
    for related in finding["related"].as_array().into_iter().flatten() {
        line("note", format!("{}, at {}", text(&related["message"]), at(&related["location"], fleet)));
    }
    let clusters: Vec<String> = finding["clusters"].as_array().into_iter().flatten().map(text).collect();
    if !clusters.is_empty() {
        line("on", clusters.join(", "));
    }
    shown
}

/// All helps of a finding; `help` is the first one.
fn helps(finding: &Value) -> Vec<String> {
    match finding["helps"].as_array() {
        Some(helps) => helps.iter().map(text).collect(),
        None => finding["help"].as_str().map(str::to_owned).into_iter().collect(),
    }
}

/// A place as a reader of the page looks for it: the repository is named where it is not that of the fleet.
fn at(location: &Value, fleet: &str) -> String {
    if location.is_null() {
        return "no place".to_owned();
    }
    let (repository, revision) = (text(&location["repository"]), location["revision"].as_str());
    let tree = match revision {
        None if repository == fleet => String::new(),
        None => format!(" of {repository}"),
        Some(revision) => format!(" of {repository}, branch {revision}"),
    };
    format!("{}:{}{tree}", text(&location["file"]), range(location))
}

/// `line:column-column`, or `line:column-line:column` over several lines.
fn range(location: &Value) -> String {
    let [line, column, end_line, end_column] = ["line", "column", "end_line", "end_column"].map(|key| &location[key]);
    match line == end_line {
        true => format!("{line}:{column}-{end_column}"),
        false => format!("{line}:{column}-{end_line}:{end_column}"),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The lines that differ, from the first to the last of them.
pub(crate) fn difference(old: &str, new: &str) -> String {
    let (mut old, mut new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    while old.last().is_some_and(|line| new.last() == Some(line)) {
        old.pop();
        new.pop();
    }
    let same = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let old = old.iter().skip(same).map(|line| format!("- {line}\n"));
    let new = new.iter().skip(same).map(|line| format!("+ {line}\n"));
    old.chain(new).collect::<String>().trim_end().to_owned()
}

/// A page with a block of findings after the files of each example; none where the block is empty.
pub(crate) fn page(text: &str, blocks: &[(&Example, &str)]) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let mut blocks = blocks.to_vec();
    blocks.sort_by_key(|(example, _)| std::cmp::Reverse(example.last_line));
    for (example, block) in blocks {
        let old = example.findings.as_ref().map(|recorded| recorded.lines.clone());
        let end = old.map_or(example.last_line, |old| *old.end());
        // What is between, but for the block, is prose of the author.
        let start = example.findings.as_ref().map_or(end, |recorded| recorded.lines.start() - 1);
        let has_blank = start < end && lines[start - 1].is_empty();
        let start = if has_blank { start - 1 } else { start };
        let fenced = ["", "```text findings"].into_iter().chain(block.lines()).chain(["```"]);
        let new: Vec<&str> = if block.is_empty() { Vec::new() } else { fenced.collect() };
        lines.splice(start..end, new);
    }
    lines.join("\n") + "\n"
}

mod cases {
    use fleetlint::rule::page::parse;
    use serde_json::json;

    use super::{block, difference, findings, page};

    #[test]
    fn a_finding_is_recorded_with_all_that_a_reader_sees() {
        let location = |repository: &str, revision: Option<&str>, line: usize, end_line: usize| json!({"repository": repository, "revision": revision, "file": "a.yaml", "line": line, "column": 2, "end_line": end_line, "end_column": 5});
        let own = json!({
            "rule": "a/b", "severity": "error", "message": "wrong", "help": "do", "clusters": ["eu", "us"],
            "location": location("fleet", None, 1, 2),
            "related": [{"message": "this", "location": location("apps", Some("main"), 3, 3)}, {"message": "that", "location": location("apps", None, 3, 3)}],
        });
        let other = json!({
            "rule": "a/a", "severity": "info", "message": "odd", "help": null, "helps": ["one", "two"], "clusters": [], "location": null, "related": [],
        });
        let report = json!({"findings": [other, own]}).to_string();
        let found = findings(&report, "a/b", "fleet");
        assert_eq!(
            found.iter().map(|finding| finding.place.as_str()).collect::<Vec<_>>(),
            ["fleet/a.yaml:1:2-2:5", "nowhere"]
        );
        let expected = "error[a/b]: wrong\n  at: a.yaml:1:2-2:5\n  help: do\n  note: this, at a.yaml:3:2-5 of apps, branch main\n  \
            note: that, at a.yaml:3:2-5 of apps\n  on: eu, us\n\ninfo[a/a]: odd\n  at: no place\n  help: one\n  help: two\n";
        assert_eq!(block(&found), expected);
    }

    #[test]
    fn a_page_is_recorded_anew() {
        let fenced = "\n```text findings\nnew\n```\n";
        let with = |findings: &str| format!("## Bad\n\n```yaml file\n# a\n```\n{findings}\n## Good\n");
        for before in ["", "\n```text findings\nold\nolder\n```\n", "\nProse.\n\n```text findings\n```\n"] {
            let text = with(before);
            let read = parse(&text).unwrap();
            let [example] = read.examples("Bad") else { panic!("one example") };
            let prose = if before.contains("Prose") { "\nProse.\n" } else { "" };
            assert_eq!(page(&text, &[(example, "new\n")]), with(&format!("{prose}{fenced}")), "{before}");
            assert_eq!(page(&text, &[(example, "")]), with(prose), "{before}");
        }
    }

    #[test]
    fn a_difference_is_what_lies_between_equal_lines() {
        assert_eq!(difference("a\nb\nd\n", "a\nc\nc\nd\n"), "- b\n+ c\n+ c");
        assert_eq!(difference("a\n", "a\na\n"), "+ a");
    }
}

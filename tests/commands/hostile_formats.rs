//! Names from a repository change nothing in any format: they add no line, no command, no element, no link, no escape. And
//! the limits of hosts hold, however much is found.

mod cases {
    use std::sync::Arc;

    use fleetlint::finding::{Finding, Note, Place, Severity};
    use fleetlint::report::{self, Home, Report, Style, Summary};
    use fleetlint::source::Files;
    use fleetlint::yaml::{Documents, Span};
    use serde_json::Value;
    use sha2::{Digest, Sha256};

    /// What means something to a terminal, a runner, a browser, or a parser.
    const HOSTILE: [&str; 22] = [
        "::error::x",
        "\n::error::x",
        "\r::add-mask::x",
        "##[error]x",
        "\n##vso[task.complete]",
        "%0A::error::x",
        "%25,file=x::",
        "]]><x/>",
        "<img src=x onerror=alert(1)>",
        "</failure></testcase>",
        "\"/><x a=\"",
        "&#10;&lt;",
        "\u{1b}[31mred\u{1b}[0m",
        "\u{9b}31m",
        "\u{202e}txt\u{2066}",
        "\u{200b}\u{feff}\u{e0041}",
        "\0\u{7}\u{8}",
        "`` ` ```",
        "[x](javascript:alert(1)) ![y](http://z)",
        "@everyone #1 http://evil.example www.evil.example",
        "-->\n# heading\n| a | b |\n",
        "\u{2028}\u{85}\\",
    ];

    fn hidden(c: char) -> bool {
        c.is_control() && c != '\n'
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
    }

    /// A report in which a text is wherever a repository can put one.
    fn report(text: &str, count: usize) -> (Files, Report) {
        let files = Files::default();
        // An excerpt has as many lines as the file.
        let content = format!("key: value # {}\n", text.replace('\n', " "));
        let own = files.add("fleet".into(), None, format!("a/{text}.yaml"), content.clone().into_bytes());
        let other = files.add(Arc::from(text), Some(Arc::from(text)), format!("{text}.yaml"), content.into_bytes());
        let place = |file: &fleetlint::source::File| Place::of_span(Span { file: file.id, start: 5, end: 10 });
        let finding = |severity, place: Place, number: usize| {
            let mut finding = Finding::new("schema/unknown-kind", severity, format!("`{text}` is wrong: {text}"));
            (finding.place, finding.fingerprint) = (place, format!("{number:032x}"));
            finding.help = Some(format!("write `{text}`"));
            finding.clusters.insert(text.to_owned());
            finding
        };
        let mut findings = Vec::new();
        for number in 0..count {
            findings.push(finding(Severity::Error, place(&own), 3 * number));
            findings.push(finding(Severity::Info, Place::nowhere(), 3 * number + 1));
            let mut foreign = finding(Severity::Warning, place(&other), 3 * number + 2);
            foreign.reader = Some(place(&own));
            foreign.related = vec![(place(&own), text.to_owned()), (place(&other), text.to_owned())];
            findings.push(foreign);
        }
        let note = Note {
            reason: "inconclusive",
            message: format!("cannot tell about `{text}` {text}"),
            help: Some(text.to_owned()),
            rule: Some("schema/unknown-kind"),
            place: Some(place(&other)),
            count: 1,
            ..Note::default()
        };
        let (clusters, flux) = (vec![text.to_owned()], vec![None]);
        let profile = Some(("d1", text.to_owned()));
        let summary = Summary { clusters, flux, profile, files: 2, objects: 1, ..Summary::default() };
        let home = Home { repository: "fleet".into(), ..Home::default() };
        let mut report = Report { findings, notes: vec![note], summary, home, ..Report::default() };
        report.sort(&files);
        (files, report)
    }

    /// All formats of a report by name.
    fn formats(files: &Files, report: &Report) -> Vec<(&'static str, String)> {
        let style = Style { colour: false, width: 100, unicode: true };
        vec![
            ("human", report::human(report, files, &Documents::default(), style)),
            ("json", report::json(report, files)),
            ("sarif", report::sarif(report, files)),
            ("github", report::github(report, files)),
            ("gitlab", report::gitlab(report, files)),
            ("junit", report::junit(report, files)),
            ("checkstyle", report::checkstyle(report, files)),
            ("markdown", report::markdown(report, files)),
            ("line", report::line(report, files)),
        ]
    }

    fn elements(text: &str) -> Vec<String> {
        let document = roxmltree::Document::parse(text).unwrap_or_else(|why| panic!("{why}\n{text}"));
        document.descendants().filter(roxmltree::Node::is_element).map(|it| it.tag_name().name().to_owned()).collect()
    }

    /// The keys of all objects of a JSON text, in order.
    fn keys(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => fields.iter().for_each(|(key, value)| {
                found.push(key.clone());
                keys(value, found);
            }),
            Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
            _ => {}
        }
    }

    fn shape(name: &str, text: &str) -> Vec<String> {
        match name {
            "junit" | "checkstyle" => elements(text),
            "json" | "sarif" | "gitlab" => {
                let mut found = Vec::new();
                keys(&serde_json::from_str(text).unwrap(), &mut found);
                found
            }
            // The first word of each line.
            "github" => {
                let names = text.lines().map(|line| line.split([' ', '\u{3a}']).find(|word| !word.is_empty()));
                let hashed = |word: &str| word.len() == 64;
                names.map(|name| name.filter(|it| !hashed(it)).unwrap_or("token").to_owned()).take(4).collect()
            }
            _ => vec![text.lines().count().to_string()],
        }
    }

    /// Whether a text is another one in which hidden characters were replaced: `?` stands for them.
    fn is_same(text: &str, shown: &str) -> bool {
        text.chars().count() == shown.chars().count()
            && text.chars().zip(shown.chars()).all(|(a, b)| a == b || b == '?')
    }

    #[test]
    fn hostile_names_change_nothing_in_any_format() {
        let (files, plain) = report("plain", 1);
        let expected: Vec<(&str, Vec<String>)> =
            formats(&files, &plain).into_iter().map(|(name, text)| (name, shape(name, &text))).collect();
        for hostile in HOSTILE {
            let (files, report) = report(hostile, 1);
            for ((name, text), (_, expected)) in formats(&files, &report).into_iter().zip(&expected) {
                assert!(!text.contains(hidden), "{name} {hostile:?}: {text:?}");
                // Some keys are names of clusters and repositories, and these decide the order.
                let shown: String = hostile.chars().map(|c| if hidden(c) || c == '\n' { '?' } else { c }).collect();
                let [mut shape, mut expected] = [shape(name, &text), expected.clone()];
                for keys in [&mut shape, &mut expected] {
                    keys.retain(|key| !["plain", hostile].contains(&key.as_str()) && !is_same(key, &shown));
                    keys.sort();
                }
                assert_eq!(shape, expected, "{name} {hostile:?}: {text}");
                if name != "github" {
                    assert!(
                        !text.lines().any(|line| line.trim_start().starts_with("::")),
                        "{name} {hostile:?}: {text}"
                    );
                }
                assert!(!text.contains("##["), "{name} {hostile:?}: {text}");
                assert!(!text.contains("##vso["), "{name} {hostile:?}: {text}");
            }
        }
    }

    /// The runner takes what is before the second `::` for the command, and splits it at commas.
    #[test]
    fn commands_for_github_have_only_our_properties() {
        for hostile in HOSTILE {
            let (files, report) = report(hostile, 1);
            let text = report::github(&report, &files);
            let (commands, rest) = text.split_once("::stop-commands::").unwrap();
            assert_eq!(commands.lines().count(), 3, "{hostile:?}");
            for command in commands.lines() {
                let (head, message) = command.strip_prefix("::").unwrap().split_once("::").unwrap();
                let (_, properties) = head.split_once(' ').unwrap();
                let names: Vec<&str> = properties.split(',').map(|it| it.split_once('=').unwrap().0).collect();
                let expected: &[&str] = match names.len() {
                    1 => &["title"],
                    _ => &["file", "line", "endLine", "col", "endColumn", "title"],
                };
                assert_eq!(names, expected, "{command}");
                assert!(!message.contains(['\r', '\n']), "{command}");
            }
            let (token, quoted) = rest.split_once('\n').unwrap();
            let inside = quoted.strip_suffix(&format!("::{token}::\n")).unwrap();
            let hash: String = Sha256::digest(inside).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(token, hash, "nothing can hold its own hash");
            assert!(quoted.ends_with(&format!("\n::{token}::\n")) && quoted.matches(token).count() == 1, "{text}");
        }
    }

    /// In SARIF `[text](1)` is a link, in Markdown much more is.
    #[test]
    fn links_are_ours() {
        for hostile in HOSTILE {
            let (files, report) = report(hostile, 1);
            let log: Value = serde_json::from_str(&report::sarif(&report, &files)).unwrap();
            for result in log["runs"][0]["results"].as_array().unwrap() {
                let text = result["message"]["text"].as_str().unwrap();
                let ours = result["relatedLocations"].as_array().map_or(0, |_| 1);
                assert_eq!(text.matches("](").count(), ours, "{hostile:?}: {text}");
            }
            let text = report::markdown(&report, &files);
            // Without code, in which nothing means anything.
            let outside = outside_code(&text);
            let ours = "(https://github.com/fleetlint/fleetlint/blob/main/rules/schema/unknown-kind.md)";
            let rest = outside.replace(ours, "").replacen("<!-- fleetlint -->", "", 1).replacen("### ", "", 1);
            let rest = rest.replace("\\\\", "");
            for markup in ["<", "@", "#", "http:", "www.", "*x", "~~", "&"] {
                let found = rest.match_indices(markup).any(|(at, _)| !rest[..at].ends_with('\\'));
                assert!(
                    !found || markup == "http:" && !rest.contains("http://"),
                    "{markup} {hostile:?}: {text}\n{rest}"
                );
            }
        }
    }

    /// A page without its spans of code, as CommonMark finds them: from a run of backticks to the next of that length.
    fn outside_code(page: &str) -> String {
        let mut outside = String::new();
        let mut rest = page;
        while let Some(start) = rest.find('`') {
            let (before, after) = rest.split_at(start);
            outside.push_str(before);
            let length = after.len() - after.trim_start_matches('`').len();
            if before.ends_with('\\') {
                outside.push('`');
                rest = &after[1..];
                continue;
            }
            let inner = &after[length..];
            let fence = "`".repeat(length);
            let mut ends = inner.match_indices(&fence).map(|(at, _)| at);
            let is_end = |at: &usize| !inner[..*at].ends_with('`') && !inner[at + length..].starts_with('`');
            match ends.find(is_end) {
                Some(end) => rest = &inner[end + length..],
                None => {
                    outside.push_str(&fence);
                    rest = inner;
                }
            }
        }
        outside + rest
    }

    #[test]
    fn github_gets_ten_of_each_level_and_the_rest_as_text() {
        let (files, report) = report("plain", 25);
        let text = report::github(&report, &files);
        let (commands, rest) = text.split_once("::stop-commands::").unwrap();
        let levels: Vec<&str> = commands.lines().map(|line| line.split(' ').next().unwrap()).collect();
        let expected: Vec<&str> = ["::error", "::warning", "::notice"].iter().flat_map(|it| [*it; 10]).collect();
        assert_eq!(levels, expected, "worst first");
        for more in ["and 15 more errors, ", "and 15 more warnings, ", "and 15 more infos, "] {
            assert!(rest.contains(more), "{rest}");
        }
        assert_eq!(rest.matches(" schema/unknown-kind ").count(), 45, "no finding is lost");
        assert!(rest.contains("note inconclusive cannot tell about"));
    }

    #[test]
    fn a_comment_is_not_longer_than_github_takes() {
        for (name, count) in [("plain", 2_000), ("<img>\u{202e}&&&&", 2_000), ("x", 1)] {
            let (files, report) = report(name, count);
            let text = report::markdown(&report, &files);
            assert!(text.len() <= 65_536 && (count == 1 || text.len() > 60_000), "{}", text.len());
            let shown = text.matches("/rules/schema/unknown-kind.md): ").count();
            let more = format!("\nand {} more, for which there is no room here\n", 3 * count - shown);
            assert_eq!(text.contains(&more), count > 1, "{text}");
            assert!(text.ends_with("\n") && text.contains("Not judged, or worth knowing:\n- "));
        }
    }

    #[test]
    fn code_scanning_gets_as_many_as_it_takes() {
        let (files, mut report) = report("plain", 1);
        let finding = report.findings.iter().find(|it| it.severity == Severity::Error).unwrap().clone();
        report.findings = vec![finding; 25_001];
        let log: Value = serde_json::from_str(&report::sarif(&report, &files)).unwrap();
        let run = &log["runs"][0];
        assert_eq!(run["results"].as_array().unwrap().len(), 25_000);
        let said = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
        let text = "1 more findings are left out: code scanning takes 25000";
        assert!(said.iter().any(|it| it["message"]["text"] == text && it["level"] == "warning"));
        let (related, mut one) = (report.findings[0].place.clone(), report.findings[0].clone());
        one.related = (0..150).map(|number| (related.clone(), number.to_string())).collect();
        report.findings = vec![one];
        let log: Value = serde_json::from_str(&report::sarif(&report, &files)).unwrap();
        let result = &log["runs"][0]["results"][0];
        assert_eq!(result["relatedLocations"].as_array().unwrap().len(), 100);
        assert!(result["message"]["text"].as_str().unwrap().contains("\nand 50 more places\n"));
    }

    #[test]
    fn what_has_no_place_is_not_lost() {
        let (files, report) = report("plain", 1);
        let log: Value = serde_json::from_str(&report::sarif(&report, &files)).unwrap();
        let said = log["runs"][0]["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
        assert!(
            said.iter().any(|it| it["descriptor"]["id"] == "schema/unknown-kind" && it["level"] == "note"),
            "{log}"
        );
        assert!(report::line(&report, &files).contains(".:1:1: info schema/unknown-kind "));
        assert!(report::github(&report, &files).contains("::notice title=schema/unknown-kind::"));
    }

    #[test]
    fn nothing_found_is_an_empty_report() {
        let (files, report) = (Files::default(), Report::default());
        assert_eq!(report::gitlab(&report, &files), "[]\n");
        let log: Value = serde_json::from_str(&report::sarif(&report, &files)).unwrap();
        assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
        assert_eq!(elements(&report::checkstyle(&report, &files)), ["checkstyle"]);
        assert_eq!(elements(&report::junit(&report, &files)), ["testsuites"]);
        assert_eq!(report::line(&report, &files), "");
    }
}

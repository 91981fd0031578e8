//! Every page of a rule is a test. Each example is checked with all rules. A *Bad* one gives exactly one finding of the page's
//! rule, exactly at its mark, those of other rules that its line `also:` announces, and what its block of findings records. A
//! *Good* one gives none.
//!
//! `UPDATE=1 cargo test --test rules` records again; `PAGE=family/rule` runs that page only.

pub(crate) mod cases {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    use fleetlint::report;
    use fleetlint::rule::Rule;
    use fleetlint::rule::page::{Example, Page, parse};
    use fleetlint::rules::RULES;
    use fleetlint::run::{Request, RunError, Session};
    use fleetlint::triage::Selection;
    use rayon::prelude::*;

    use crate::example::{Checkout, is_possible};
    use crate::recorded::{self, Finding};

    #[test]
    fn pages_tell_the_truth() {
        let failures: Vec<String> = chosen().par_iter().flat_map(|rule| failures(rule)).collect();
        assert!(failures.is_empty(), "{} examples are not true:\n\n{}", failures.len(), failures.join("\n\n"));
    }

    /// The rules of the variable `PAGE`, or all.
    fn chosen() -> Vec<&'static Rule> {
        let chosen: Vec<&Rule> = RULES.iter().copied().filter(|rule| is_chosen(rule)).collect();
        assert!(!chosen.is_empty(), "PAGE names no rule: it is FAMILY/NAME");
        chosen
    }

    /// Whether the variable `PAGE` names the rule, or none.
    pub(crate) fn is_chosen(rule: &Rule) -> bool {
        std::env::var("PAGE").map_or(true, |page| page == rule.id)
    }

    fn path(rule: &Rule) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("rules/{}.md", rule.id))
    }

    fn failures(rule: &'static Rule) -> Vec<String> {
        let text = fs::read_to_string(path(rule)).unwrap();
        let name = format!("rules/{}.md", rule.id);
        let page = match parse(&text) {
            Ok(page) => page,
            Err(why) => return vec![format!("{name}: {why}")],
        };
        let examples: Vec<_> = examples(&page).collect();
        let judged: Vec<Judged<'_>> =
            examples.into_par_iter().map(|(section, example)| judge(rule, section, example)).collect();
        if std::env::var_os("UPDATE").is_some() {
            record(rule, &text, &judged);
        }
        let without = ["Bad", "Good"].into_iter().filter(|section| page.examples(section).is_empty());
        let missing = without.map(|section| format!("{name}: section `{section}` has no example: write at least one"));
        let failures = judged.into_iter().filter(|judged| !judged.faults.is_empty());
        let shown = failures.map(|Judged { section, example, faults, .. }| {
            let line = example.files.first().map_or(0, |file| file.line);
            let heading = example.heading.as_deref().unwrap_or_default();
            format!("{name}:{line}: {section}: {heading}\n  {}", faults.join("\n").replace('\n', "\n  "))
        });
        missing.chain(shown).collect()
    }

    fn examples(page: &Page) -> impl Iterator<Item = (&'static str, &Example)> {
        let examples = ["Bad", "Good"].map(|section| page.examples(section).iter().map(move |it| (section, it)));
        examples.into_iter().flatten().filter(|(_, example)| is_possible(example))
    }

    /// What came out of an example.
    struct Judged<'a> {
        section: &'static str,
        example: &'a Example,
        /// What the page has to record; nothing is recorded where the example could not be run.
        block: Option<String>,
        faults: Vec<String>,
    }

    fn judge<'a>(rule: &Rule, section: &'static str, example: &'a Example) -> Judged<'a> {
        let (findings, marks) = match run(rule, example) {
            Ok(found) => found,
            Err(why) => return Judged { section, example, block: None, faults: vec![why] },
        };
        let block = if section == "Bad" { recorded::block(&findings) } else { String::new() };
        let mut faults: Vec<String> = faults_of_place(rule, section, &findings, &marks).into_iter().collect();
        faults.extend(faults_of_others(rule, example, &findings));
        faults.extend(faults_of_record(example, &block));
        Judged { section, example, block: Some(block), faults }
    }

    /// What a run with all rules finds in an example, and where it is marked.
    fn run(rule: &Rule, example: &Example) -> Result<(Vec<Finding>, Vec<String>), String> {
        let checkout = Checkout::of(example)?;
        let session = Session::default();
        let path = checkout.path();
        let request = Request::of(&path);
        let selection = Selection { pedantic: true, ..Selection::default() };
        let report = session.check(&request, &selection, None).map_err(|why| match why {
            RunError::Config(problems) => format!("{problems:?}"),
            why => why.to_string(),
        })?;
        let findings = recorded::findings(&report::json(&report, &session.files), rule.id, &checkout.fleet);
        let marks = checkout.marks.iter().map(|mark| recorded::place(&serde_json::to_value(mark).unwrap()));
        Ok((findings, marks.collect()))
    }

    /// A bad example has one mark, and there the one finding of the rule. A good one has neither.
    fn faults_of_place(rule: &Rule, section: &str, findings: &[Finding], marks: &[String]) -> Option<String> {
        let own: Vec<&Finding> = findings.iter().filter(|finding| finding.rule == rule.id).collect();
        match (section, own.as_slice(), marks) {
            ("Bad", [finding], [mark]) if finding.place == *mark => None,
            ("Bad", [], [_]) => {
                Some(format!("`{}` reports nothing here: its function has still to find this", rule.id))
            }
            ("Bad", _, []) => {
                Some("no line says `# <- here`: a bad example has one mark, where its finding is".to_owned())
            }
            ("Good", [], []) => None,
            _ => {
                let marks = marks.iter().map(|mark| format!("marked: {mark}\n"));
                let found = own.iter().map(|finding| format!("found:  {}\n{}", finding.place, finding.text));
                Some(marks.chain(found).collect::<String>().trim_end().to_owned())
            }
        }
    }

    /// What other rules report is announced, and what is announced is reported.
    fn faults_of_others(rule: &Rule, example: &Example, findings: &[Finding]) -> Vec<String> {
        let others = || findings.iter().filter(|finding| finding.rule != rule.id);
        let unannounced = others().filter(|finding| !example.also.contains(&finding.rule)).map(|finding| {
            format!(
                "another rule reports something, too; make the example clean, or write \"also: `{}`\":\n{}",
                finding.rule,
                finding.text.trim_end()
            )
        });
        let absent = example.also.iter().filter(|rule| !others().any(|finding| finding.rule == **rule));
        unannounced.chain(absent.map(|rule| format!("`also:` announces `{rule}`, which reports nothing"))).collect()
    }

    fn faults_of_record(example: &Example, block: &str) -> Option<String> {
        let old = example.findings.as_ref().map_or("", |recorded| recorded.text.as_str());
        let is_asked = std::env::var_os("UPDATE").is_some();
        (old != block && !is_asked).then(|| {
            let difference = recorded::difference(old, block);
            format!("the findings differ from those recorded (`UPDATE=1 cargo test --test rules` records them):\n{difference}")
        })
    }

    /// Writes the findings into the page.
    fn record(rule: &Rule, text: &str, judged: &[Judged<'_>]) {
        let blocks = judged.iter().filter_map(|judged| Some((judged.example, judged.block.as_deref()?)));
        let new = recorded::page(text, &blocks.collect::<Vec<_>>());
        if new != text {
            fs::write(path(rule), new).unwrap();
        }
    }

    #[test]
    fn no_two_examples_of_a_page_are_equal() {
        for rule in RULES {
            let page = parse(rule.page).unwrap();
            let examples = ["Bad", "Good"].into_iter().flat_map(|section| page.examples(section));
            let mut seen = BTreeSet::new();
            for example in examples {
                let files = example.files.iter().map(|file| format!("{} {:?}\n", file.path, file.content));
                let files: String = files.collect();
                assert!(seen.insert(files), "{}: {:?} stands there twice", rule.id, example.heading);
            }
        }
    }

    #[test]
    fn the_base_of_the_examples_is_clean() {
        for base in ["d1", "home"] {
            let example = Example { base: Some(base.to_owned()), ..Example::default() };
            let (findings, _) = run(RULES[0], &example).unwrap();
            assert_eq!(recorded::block(&findings), "", "{base}");
        }
    }
}

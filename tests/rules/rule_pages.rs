//! Every page of a rule is a test: each *Bad* example gives exactly one finding of that rule, exactly at its mark; each
//! *Good* example gives none.

mod cases {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    use fleetlint::config::Config;
    use fleetlint::locate::Location;
    use fleetlint::rule::Rule;
    use fleetlint::rule::driver;
    use fleetlint::rule::page::{Example, parse};
    use fleetlint::rules::RULES;
    use fleetlint::run::{Request, RunError, Session};
    use fleetlint::triage::{Selection, Terms, triage};
    use rayon::prelude::*;

    use crate::fleet::{D1, Repositories, files};
    use crate::git;

    /// Files by branch: path and text.
    type Branches<'a> = BTreeMap<&'a str, Vec<(&'a str, &'a str)>>;

    /// What begins a byte of a name that is not UTF-8: `\xNN`. Only Linux has such names.
    const ESCAPE: &str = "\\x";

    /// The repository of an example that lies over no other fleet.
    const OWN: &str = "fleet";

    #[test]
    fn pages_tell_the_truth() {
        let failures: Vec<String> = RULES.par_iter().flat_map(|rule| failures(rule)).collect();
        assert!(failures.is_empty(), "{} examples are not true:\n\n{}", failures.len(), failures.join("\n\n"));
    }

    fn failures(rule: &'static Rule) -> Vec<String> {
        let path = format!("rules/{}.md", rule.id);
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&path)).unwrap();
        let page = match parse(&text) {
            Ok(page) => page,
            Err(why) => return vec![format!("{path}: {why}")],
        };
        let examples = ["Bad", "Good"].map(|section| page.examples(section).iter().map(move |it| (section, it)));
        let is_possible = |example: &Example| {
            cfg!(target_os = "linux") || !example.files.iter().any(|file| file.path.contains(ESCAPE))
        };
        let examples = examples.into_iter().flatten().filter(|(_, example)| is_possible(example));
        let failed = examples.filter_map(|(section, example)| {
            let expected = expected(example);
            let actual = findings(rule, example);
            let is_as_told = match section {
                "Bad" => expected.len() == 1 && actual.iter().map(|(place, _)| place).eq(expected.iter()),
                _ => expected.is_empty() && actual.is_empty(),
            };
            (!is_as_told).then(|| shown(&path, section, example, &expected, &actual))
        });
        failed.collect()
    }

    /// The marks of an example.
    fn expected(example: &Example) -> Vec<Location> {
        let marks = example.files.iter().flat_map(|file| file.marks.iter().map(move |mark| (file, mark)));
        let location = marks.map(|(file, mark)| {
            // What is wrong with a name is found at the beginning of the file, wherever the mark is.
            let is_name = file.path.contains(ESCAPE);
            let (line, column, end_column) =
                if is_name { (1, 1, 1) } else { (mark.line, mark.column, mark.end_column) };
            Location {
                repository: file.repository.as_deref().unwrap_or(repository(example)).into(),
                revision: None,
                file: file.path.clone(),
                line,
                column,
                end_line: line,
                end_column,
            }
        });
        location.collect()
    }

    /// What the rule finds in an example beside all others: places and messages.
    fn findings(rule: &'static Rule, example: &Example) -> Vec<(Location, String)> {
        let repositories = match &example.base {
            Some(base) => Repositories::copy_of(base),
            None => Repositories::empty(),
        };
        let mut branches: BTreeMap<&str, Branches<'_>> = BTreeMap::new();
        for file in &example.files {
            let name = file.repository.as_deref().unwrap_or(repository(example));
            match &file.branch {
                None => repositories.write(name, &file.path, &file.text),
                Some(branch) => {
                    let files = branches.entry(name).or_default().entry(branch).or_default();
                    files.push((&file.path, &file.text));
                }
            }
        }
        // What names no branch is on all of them.
        branches.iter().for_each(|(name, branches)| commit(&repositories.path(name), branches));
        let session = Session::default();
        let request = Request { path: &repositories.path(repository(example)), sources: &[], config: None, roots: &[] };
        let (fleet, config) = match session.fleet(&request) {
            Ok(made) => made,
            Err(RunError::Config(problems)) => panic!("{problems:?}"),
            Err(why) => panic!("{why}"),
        };
        let said = driver::run(&fleet, RULES, None);
        let selection = Selection { pedantic: true, ..Selection::default() };
        let config = Config { exceptions: config.exceptions, ..Config::default() };
        let (rules, skipped, files) = (RULES, &[][..], &*session.files);
        let terms = Terms { config: &config, selection: &selection, rules, skipped, is_whole: true, files };
        let found = triage(said, terms).findings.into_iter();
        let found = found.filter(|finding| finding.rule == rule.id).map(|finding| {
            let place = finding.place.span().unwrap_or_else(|| panic!("no place: {}", finding.message));
            (Location::of(place, &session.files), finding.message)
        });
        found.collect()
    }

    /// Makes a folder a Git repository with these branches, each with the files of the folder and its own.
    fn commit(folder: &Path, branches: &Branches<'_>) {
        std::fs::create_dir_all(folder).unwrap();
        let text = |path: String| (std::fs::read_to_string(folder.join(&path)).unwrap(), path);
        let shared: Vec<(String, String)> = files(folder).into_iter().map(text).collect();
        let shared = shared.iter().map(|(text, path)| (path.as_str(), text.as_str()));
        let mut all: Vec<(&str, Vec<(&str, &str)>)> = Vec::new();
        for (name, own) in branches {
            all.push((name, shared.clone().chain(own.iter().copied()).collect()));
        }
        let all: Vec<(&str, &[(&str, &str)])> = all.iter().map(|(name, files)| (*name, files.as_slice())).collect();
        git::repository(folder, &all);
    }

    fn repository(example: &Example) -> &'static str {
        match example.base.as_deref() {
            None => OWN,
            Some("d1") => D1,
            Some(other) => panic!("there is no fleet `{other}` to lie over"),
        }
    }

    fn shown(
        path: &str,
        section: &str,
        example: &Example,
        expected: &[Location],
        actual: &[(Location, String)],
    ) -> String {
        let line = example.files.first().map_or(0, |file| file.line);
        let heading = example.heading.as_deref().unwrap_or_default();
        let expected = expected.iter().map(|place| format!("\n  marked: {}", place_shown(place)));
        let actual = actual.iter().map(|(place, message)| format!("\n  found:  {}  {message}", place_shown(place)));
        let lines: String = expected.chain(actual).collect();
        format!("{path}:{line}: {section}: {heading}{lines}")
    }

    fn place_shown(place: &Location) -> String {
        let Location { repository, file, line, column, end_line, end_column, .. } = place;
        let end = if line == end_line { String::new() } else { format!("{end_line}:") };
        format!("{repository}/{file}:{line}:{column}-{end}{end_column}")
    }

    #[test]
    fn no_two_examples_of_a_page_are_equal() {
        for rule in RULES {
            let page = parse(rule.page).unwrap();
            let examples = ["Bad", "Good"].into_iter().flat_map(|section| page.examples(section));
            let mut seen = BTreeSet::new();
            for example in examples {
                let files: Vec<_> = example.files.iter().map(|file| (&file.path, &file.text)).collect();
                assert!(seen.insert(files), "{}: {:?} stands there twice", rule.id, example.heading);
            }
        }
    }
}

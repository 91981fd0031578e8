//! What silences findings, tried on the findings of every bad example of every page: a baseline that was just written leaves
//! nothing, and so does a comment above each place.

mod cases {
    use std::path::Path;

    use fleetlint::finding::Finding;
    use fleetlint::fleet::Outcome;
    use fleetlint::locate::Location;
    use fleetlint::report::Report;
    use fleetlint::rule::page::{Example, parse};
    use fleetlint::rules::RULES;
    use fleetlint::run::{Request, RunError, Session};
    use fleetlint::triage::{Baseline, Selection};
    use rayon::prelude::*;

    use crate::example::{Checkout, is_possible};
    use crate::rule_pages::cases::is_chosen;

    fn check(checkout: &Checkout, baseline: Option<Baseline>, writes_baseline: bool) -> (Report, Session) {
        try_check(checkout, baseline, writes_baseline).unwrap()
    }

    fn try_check(
        checkout: &Checkout,
        baseline: Option<Baseline>,
        writes_baseline: bool,
    ) -> Result<(Report, Session), RunError> {
        let session = Session::default();
        let path = checkout.path();
        let request = Request::of(&path);
        let selection = Selection { pedantic: true, baseline, writes_baseline, ..Selection::default() };
        let report = session.check(&request, &selection, None)?;
        Ok((report, session))
    }

    /// Runs over each bad example of each page: the page, the heading and what is wrong.
    fn on_all(judge: fn(&Checkout) -> Vec<String>) -> Vec<String> {
        // A comment does not silence what is said of comments.
        let rules = RULES.par_iter().filter(|rule| rule.id != "suppression/unused" && is_chosen(rule));
        let failures = rules.flat_map_iter(|rule| {
            let page = parse(rule.page).unwrap();
            let examples: Vec<Example> = page.examples("Bad").iter().filter(|it| is_possible(it)).cloned().collect();
            examples.into_iter().flat_map(move |example| {
                let checkout = Checkout::of(&example).unwrap();
                let heading = example.heading.clone().unwrap_or_default();
                judge(&checkout).into_iter().map(move |what| format!("{}: {heading}: {what}", rule.id))
            })
        });
        failures.collect()
    }

    fn shown(finding: &Finding) -> String {
        format!("{} {}", finding.rule, finding.message)
    }

    #[test]
    fn a_baseline_that_was_just_written_leaves_nothing() {
        let failures = on_all(|checkout| {
            let (written, _) = check(checkout, None, true);
            let text = written.baseline.as_ref().unwrap().text();
            let (again, _) = check(checkout, Some(Baseline::read(&text).unwrap()), false);
            let notes = again.notes.iter().filter(|note| note.reason == "baseline").map(|note| note.message.clone());
            let left = written.findings.iter().chain(&again.findings).map(shown).chain(notes);
            let is_same = written.summary.known == again.summary.known && again.summary.known > 0;
            left.chain((!is_same).then(|| "not all are known".to_owned())).collect()
        });
        assert!(failures.is_empty(), "{failures:#?}");
    }

    #[test]
    fn a_comment_above_each_place_leaves_nothing() {
        let failures = on_all(|checkout| {
            let (before, session) = check(checkout, None, false);
            let mut places: Vec<(Location, &str)> = Vec::new();
            for finding in &before.findings {
                let Some(span) = finding.place.span() else { continue };
                let at = Location::of(span, &session.files);
                // What is in the objects of Git, and what is not YAML, cannot be edited here.
                if at.revision.is_some() || !is_editable(checkout, &at) {
                    return Vec::new();
                }
                places.push((at, finding.rule));
            }
            // From the end of each file on, so that lines keep their numbers.
            places.sort_by(|(left, _), (right, _)| right.cmp(left));
            places.iter().for_each(|(at, rule)| insert(checkout, at, rule));
            let (after, _) = check(checkout, None, false);
            after.findings.iter().map(shown).collect()
        });
        assert!(failures.is_empty(), "{failures:#?}");
    }

    /// If another value at the primary place is wrong in another way, nothing that accepts the one hides the other.
    #[test]
    fn another_wrong_value_is_another_finding() {
        let failures = on_all(|checkout| {
            let (before, session) = check(checkout, None, false);
            let changed = before.findings.iter().filter_map(|finding| {
                let at = Location::of(finding.place.span()?, &session.files);
                let path = path(checkout, &at);
                let text = std::fs::read_to_string(&path).ok().filter(|_| at.revision.is_none())?;
                std::fs::write(&path, with_other_value(&text, &at)?).unwrap();
                let after = try_check(checkout, None, false);
                std::fs::write(&path, text).unwrap();
                // A word that the configuration does not know is refused before anything is judged.
                let (after, others) = match after {
                    Err(RunError::Config(_)) => return None,
                    after => after.unwrap(),
                };
                let is_there = |it: &&Finding| {
                    let start = it.place.span().map(|span| Location::of(span, &others.files));
                    it.rule == finding.rule && start.is_some_and(|it| (it.file, it.line) == (at.file.clone(), at.line))
                };
                let other = after.findings.iter().find(is_there)?;
                let is_hidden = other.message != finding.message && other.fingerprint == finding.fingerprint;
                is_hidden.then(|| format!("{} hides {}", shown(finding), shown(other)))
            });
            changed.collect()
        });
        assert!(failures.is_empty(), "{failures:#?}");
    }

    /// The same for values that a message names and that are elsewhere.
    #[test]
    fn another_role_or_account_is_another_finding() {
        let file = "tenants/apps/components/orders/identity.yaml";
        let rule = RULES.iter().find(|rule| rule.id == "tenant-isolation/cluster-admin-tenant").unwrap();
        let page = parse(rule.page).unwrap();
        for (old, new) in [("name: admin", "name: cluster-admin"), ("namespace: orders", "namespace: storefront")] {
            let checkout = Checkout::of(&page.examples("Bad")[0]).unwrap();
            let path = checkout.path().join(file);
            let text = std::fs::read_to_string(&path).unwrap();
            std::fs::write(&path, text.replace("name: admin", "name: view")).unwrap();
            let (written, _) = check(&checkout, None, true);
            let old = old.replace("name: admin", "name: view");
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(text.contains(&old), "{text}");
            std::fs::write(&path, text.replace(&old, new)).unwrap();
            let (after, _) = check(&checkout, written.baseline, false);
            let rules: Vec<&str> = after.findings.iter().map(|finding| finding.rule).collect();
            assert!(rules.contains(&rule.id), "{new}: {rules:?}");
        }
    }

    #[test]
    fn a_comment_for_one_key_is_for_no_other() {
        let rule = RULES.iter().find(|rule| rule.id == "tenant-isolation/cluster-admin-tenant").unwrap();
        let checkout = Checkout::of(&parse(rule.page).unwrap().examples("Bad")[0]).unwrap();
        let path = checkout.path().join("clusters/prod-us/runtime-info.yaml");
        let text = std::fs::read_to_string(&path).unwrap();
        let without = |text: &str, key: &str| {
            text.split_inclusive('\n').filter(|line| !line.trim_start().starts_with(key)).collect::<String>()
        };
        let comment = "\ndata: # fleetlint: ignore[runtime-info/missing-key: CLUSTER_DOMAIN] it serves nothing\n";
        let text = without(&text, "CLUSTER_DOMAIN").replace("\ndata:\n", comment);
        let missing = |text: &str| {
            std::fs::write(&path, text).unwrap();
            let (report, _) = check(&checkout, None, false);
            let keys = report.findings.into_iter().filter(|it| it.rule == "runtime-info/missing-key");
            keys.map(|it| it.pointer).collect::<Vec<_>>()
        };
        assert_eq!(missing(&text), [""; 0]);
        assert_eq!(missing(&without(&text, "CLUSTER_NAME")), ["/data/CLUSTER_NAME"]);
    }

    /// The text with a letter more in the value at a place; `None` where it is a key.
    fn with_other_value(text: &str, at: &Location) -> Option<String> {
        let start: usize = text.split_inclusive('\n').take(at.line - 1).map(str::len).sum();
        let line = text.get(start..)?.lines().next()?;
        let (begin, _) = line.char_indices().nth(at.column - 1)?;
        let (end, _) = line.char_indices().chain([(line.len(), ' ')]).nth(at.end_column - 1)?;
        let is_value = at.end_line == at.line && !line.get(end..)?.trim_start_matches(['"', '\'']).starts_with(':');
        let inner = line.get(begin..end)?.trim_end_matches(['"', '\'', '/']);
        let at = start + begin + inner.len();
        (is_value && !inner.is_empty()).then(|| format!("{}x{}", &text[..at], &text[at..]))
    }

    #[test]
    fn no_fleet_that_flux_refuses_passes_in_silence() {
        let failures = on_all(|checkout| {
            let session = Session::default();
            let path = checkout.path();
            let request = Request::of(&path);
            let (fleet, _) = session.fleet(&request).unwrap();
            let reconcilers = || fleet.clusters.iter().flat_map(|cluster| &cluster.reconcilers);
            let is_refused = |outcome: &Outcome| {
                matches!(outcome, Outcome::Failed | Outcome::PathNotFound | Outcome::ReferenceNotFound { .. })
            };
            let refused = reconcilers().any(|reconciler| is_refused(&reconciler.outcome));
            let has_note = |report: &Report| report.notes.iter().any(|note| note.reason == "not-reported");
            let (all, _) = check(checkout, None, false);
            let select = vec!["suppression".to_owned()];
            let none = session.check(&request, &Selection { select, ..Selection::default() }, None).unwrap();
            let mut wrong = Vec::new();
            wrong.extend((refused && all.findings.is_empty()).then(|| "no finding".to_owned()));
            wrong.extend(has_note(&all).then(|| "a note although all rules ran".to_owned()));
            wrong.extend((has_note(&none) != refused).then(|| format!("refused {refused}, note {}", !refused)));
            wrong
        });
        assert!(failures.is_empty(), "{failures:#?}");
    }

    /// Whether a comment on a line of its own can be above the place.
    fn is_editable(checkout: &Checkout, at: &Location) -> bool {
        let path = path(checkout, at);
        let is_yaml = at.file.ends_with(".yaml") || at.file.ends_with(".yml");
        is_yaml && std::fs::read_to_string(path).is_ok()
    }

    fn path(checkout: &Checkout, at: &Location) -> std::path::PathBuf {
        let fleet = checkout.path();
        fleet.parent().unwrap_or(Path::new("")).join(&*at.repository).join(&at.file)
    }

    fn insert(checkout: &Checkout, at: &Location, rule: &str) {
        let path = path(checkout, at);
        let text = std::fs::read_to_string(&path).unwrap();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let line = lines.get(at.line - 1).cloned().unwrap_or_default();
        let indent = &line[..line.len() - line.trim_start().len()];
        lines.insert(at.line - 1, format!("{indent}# fleetlint: ignore[{rule}] as tested"));
        std::fs::write(path, lines.join("\n") + "\n").unwrap();
    }
}

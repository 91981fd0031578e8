//! Comments, exceptions and baselines.

mod cases {
    use std::fs;
    use std::path::Path;

    use fleetlint::report::Report;
    use fleetlint::run::{Request, Session};
    use fleetlint::triage::{Baseline, Day, Selection};
    use tempfile::TempDir;

    const SYNC: &str = "apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 1m
  url: https://github.com/acme/fleet
  ref:
    branch: main
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 1m
  prune: true
  path: ./clusters/prod
  sourceRef:
    kind: GitRepository
    name: flux-system
";

    const BASE: &str = "# BASE
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  path: ./apps
  sourceRef:
    kind: GitRepository
    name: flux-system
  interval: 1m
  prune: true
";

    const OVERLAY: &str = "resources:
  - flux-system
  - ../../base
patches:
  # ENTRY
  - patch: |
      # PATCH
      apiVersion: kustomize.toolkit.fluxcd.io/v1
      kind: Kustomization
      metadata:
        name: apps
        namespace: flux-system
      spec:
        path: ./gone # LINE
";

    /// A fleet whose overlay sets a path that does not exist, with comments in the places of the words.
    fn fleet(comments: &[(&str, &str)], config: &str) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let text = ["BASE", "ENTRY", "PATCH", "LINE"].iter().fold(text.to_owned(), |text, word| {
                let comment = comments.iter().find(|(it, _)| it == word).map_or("x", |(_, comment)| comment);
                text.replace(&format!("# {word}"), &format!("# {comment}"))
            });
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("clusters/prod/flux-system/gotk-sync.yaml", SYNC);
        write("clusters/prod/flux-system/kustomization.yaml", "resources: [gotk-sync.yaml]\n");
        write("clusters/prod/kustomization.yaml", OVERLAY);
        write("base/kustomization.yaml", "resources: [apps.yaml]\n");
        write("base/apps.yaml", BASE);
        write("fleetlint.yaml", config);
        folder
    }

    fn check(folder: &Path, selection: Selection) -> Report {
        let request = Request::of(folder);
        Session::default().check(&request, &selection, None).unwrap()
    }

    fn rules(report: &Report) -> Vec<&str> {
        report.findings.iter().map(|finding| finding.rule).collect()
    }

    fn with_comment(word: &str, comment: &str) -> (Vec<String>, usize) {
        let folder = fleet(&[(word, comment)], "");
        let report = check(folder.path(), Selection::default());
        (rules(&report).into_iter().map(str::to_owned).collect(), report.summary.silenced)
    }

    #[test]
    fn comments_count_in_base_overlay_and_inline_patch() {
        assert_eq!(with_comment("BASE", "nothing"), (vec!["kustomization-graph/path-not-found".to_owned()], 0));
        for word in ["BASE", "ENTRY", "PATCH", "LINE"] {
            let ignore = "fleetlint: ignore[kustomization-graph/path-not-found] it comes next week";
            assert_eq!(with_comment(word, ignore), (vec![], 1), "{word}");
            assert_eq!(with_comment(word, "fleetlint: ignore[kustomization-graph] so"), (vec![], 1), "{word}");
        }
        let file = "fleetlint: ignore-file[kustomization-graph/*] all of it";
        assert_eq!(with_comment("ENTRY", file), (vec![], 1));
    }

    #[test]
    fn comments_count_on_the_line_of_the_key_and_of_the_collection_in_braces() {
        let ignore = "# fleetlint: ignore[kustomization-graph] why\n";
        let rest = "  interval: 1m\n  prune: true\n  sourceRef: {kind: GitRepository, name: flux-system}\n";
        let spellings = [
            format!("spec:\n  path: {ignore}    ./gone\n{rest}"),
            format!(
                "{ignore}spec: {{\n  path:\n    ./gone,\n  interval: 1m, prune: true, sourceRef: {{kind: GitRepository, name: flux-system}}}}\n"
            ),
            format!(
                "{ignore}spec: {{interval: 1m, prune: true, sourceRef: {{kind: GitRepository, name: flux-system}},\n\n  path: ./gone}}\n"
            ),
        ];
        for spec in spellings {
            let folder = fleet(&[], "");
            let (head, _) = BASE.split_once("spec:").unwrap();
            fs::write(folder.path().join("base/apps.yaml"), format!("{head}{spec}")).unwrap();
            fs::write(folder.path().join("clusters/prod/kustomization.yaml"), "resources: [flux-system, ../../base]\n")
                .unwrap();
            let report = check(folder.path(), Selection::default());
            assert_eq!((rules(&report), report.summary.silenced), (vec![], 1), "{spec}");
        }
    }

    #[test]
    fn a_comment_that_silences_nothing_is_reported() {
        for comment in ["fleetlint: ignore[sources] why", "fleetlint: ignore[no-such/rule] why"] {
            let both = ["kustomization-graph/path-not-found", "suppression/unused"].map(str::to_owned).to_vec();
            assert_eq!(with_comment("LINE", comment), (both, 0), "{comment}");
        }
        // The rule did not run: whether it would have found something is not known.
        let folder = fleet(&[("LINE", "fleetlint: ignore[kustomization-graph] why")], "");
        let select = vec!["sources".to_owned(), "suppression".to_owned()];
        assert_eq!(rules(&check(folder.path(), Selection { select, ..Selection::default() })), [""; 0]);
    }

    #[test]
    fn comments_that_nobody_can_read_and_comments_on_what_is_hidden() {
        // The first is none that can be read; what is in a text is not about its file.
        let both = ["kustomization-graph/path-not-found", "suppression/unused"].map(str::to_owned).to_vec();
        assert_eq!(with_comment("LINE", "fleetlint: ignore kustomization-graph"), (both, 0));
        let (told, silenced) = with_comment("PATCH", "fleetlint: ignore-file[kustomization-graph] all");
        assert_eq!((told.len(), silenced), (2, 0), "{told:?}");
        // A finding that is hidden by its level is what the comment is for.
        let hidden = "rules: {kustomization-graph/path-not-found: info}\n";
        let folder = fleet(&[("LINE", "fleetlint: ignore[kustomization-graph/path-not-found] why")], hidden);
        assert_eq!(rules(&check(folder.path(), Selection::default())), [""; 0]);
        // Twice the same text: the second one silences nothing.
        let twice = [("LINE", "fleetlint: ignore[kustomization-graph] why"), ("BASE", "x")];
        let folder = fleet(&twice, "");
        let path = folder.path().join("clusters/prod/kustomization.yaml");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replacen("patches:", "patches: # fleetlint: ignore[kustomization-graph] why", 1))
            .unwrap();
        let report = check(folder.path(), Selection::default());
        assert_eq!((rules(&report), report.findings[0].fingerprint.len()), (vec!["suppression/unused"], 32));
    }

    #[test]
    fn what_is_wrong_with_a_comment_is_said_of_each_part() {
        let told = |comment: &str| {
            let report = check(fleet(&[("LINE", comment)], "").path(), Selection::default());
            let told =
                report.findings.iter().map(|it| format!("{} ({})", it.message, it.help.as_deref().unwrap_or("")));
            (told.filter(|it| !it.starts_with("there is no folder")).collect::<Vec<_>>(), report.summary.silenced)
        };
        let reason = "this comment silences nothing: it gives no reason (write the reason behind the brackets: `# fleetlint: ignore[RULE] reason`)";
        assert_eq!(told("fleetlint: ignore[kustomization-graph] -"), (vec![reason.to_owned()], 0));
        let unknown = "this comment names a rule that does not exist, and silences nothing by it (did you mean `build/yaml-syntax`?)";
        let both = "fleetlint: ignore[kustomization-graph, build/yaml-syntaxx] why";
        assert_eq!(told(both), (vec![unknown.to_owned()], 1));
        let part = "a part of this comment silences nothing: no finding of `build` is on the line that it refers to (remove it, or move it onto the line or above the object of the finding)";
        assert_eq!(told("fleetlint: ignore[kustomization-graph, build] why"), (vec![part.to_owned()], 1));
        let value = "this comment silences nothing: no finding of `kustomization-graph` about that value is on the line that it refers to (remove it, or move it onto the line or above the object of the finding)";
        assert_eq!(told("fleetlint: ignore[kustomization-graph: ./other] why"), (vec![value.to_owned()], 0));
        assert_eq!(told("fleetlint: ignore[kustomization-graph: ./gone] why"), (vec![], 1));
        assert_eq!(told("fleetlint: ignore[kustomization-graph/path-not-found: path] why"), (vec![], 1));
    }

    #[test]
    fn an_exception_for_a_value_is_for_no_other() {
        let silenced = |value: &str| {
            let config = format!("exceptions:\n  - {{rule: kustomization-graph, value: {value}, reason: next week}}\n");
            check(fleet(&[], &config).path(), Selection::default()).summary.silenced
        };
        assert_eq!((silenced("./gone"), silenced("./other")), (1, 0));
    }

    #[test]
    fn what_is_not_judged_is_not_said_to_be_gone() {
        let folder = fleet(&[], "");
        let baseline = check(folder.path(), Selection { writes_baseline: true, ..Selection::default() }).baseline;
        let after = |file: &str, text: &str| {
            let path = folder.path().join(file);
            let before = fs::read_to_string(&path).unwrap();
            fs::write(&path, text).unwrap();
            let report = check(folder.path(), Selection { baseline: baseline.clone(), ..Selection::default() });
            fs::write(&path, before).unwrap();
            let notes = report.notes.iter().filter(|note| note.reason == "baseline").count();
            (rules(&report).into_iter().map(str::to_owned).collect::<Vec<_>>(), notes)
        };
        // Another value is another finding.
        let other = OVERLAY.replace("./gone", "./other");
        assert_eq!(
            after("clusters/prod/kustomization.yaml", &other),
            (vec!["kustomization-graph/path-not-found".to_owned()], 0)
        );
        let (told, notes) = after("clusters/prod/kustomization.yaml", "resources: [flux-system, ../../bsae]\n");
        assert_eq!((told, notes), (vec!["build/kustomize-failed".to_owned()], 0));
    }

    #[test]
    fn exceptions_hold_until_they_expire() {
        let config = "exceptions:
  - rule: kustomization-graph/path-not-found
    files: clusters/**
    object: Kustomization flux-system/apps
    cluster: prod
    reason: the folder comes with the next release
    expires: 2026-12-31
";
        let on = |day: &str| {
            let today = Some(Day::Given(day.to_owned()));
            let report = check(fleet(&[], config).path(), Selection { today, ..Selection::default() });
            let rules: Vec<String> = rules(&report).into_iter().map(str::to_owned).collect();
            (rules, report.summary.silenced, report.summary.today)
        };
        assert_eq!(on("2026-12-31"), (vec![], 1, Some("2026-12-31".to_owned())));
        let both = ["kustomization-graph/path-not-found", "suppression/unused"].map(str::to_owned).to_vec();
        assert_eq!(on("2027-01-01"), (both, 0, Some("2027-01-01".to_owned())));
    }

    #[test]
    fn what_no_longer_occurs_is_reported() {
        let folder = fleet(&[], "");
        let written = check(folder.path(), Selection { writes_baseline: true, ..Selection::default() });
        let baseline = written.baseline.clone();
        assert_eq!((rules(&written), written.summary.known), (vec![], 1));
        fs::create_dir_all(folder.path().join("gone")).unwrap();
        fs::write(
            folder.path().join("gone/config.yaml"),
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\n",
        )
        .unwrap();
        let after = check(folder.path(), Selection { baseline: baseline.clone(), ..Selection::default() });
        let notes = after.notes.iter().filter(|note| note.reason == "baseline");
        let notes: Vec<&str> = notes.map(|note| note.message.as_str()).collect();
        let gone = "1 entry of the baseline no longer occurs: `kustomization-graph/path-not-found`";
        assert_eq!((rules(&after), notes), (vec![], vec![gone]));
        let text = baseline.unwrap().text();
        assert_eq!(Baseline::read(&text).unwrap().text(), text);
        assert!(Baseline::read("{}").is_err() && Baseline::read("{\"version\": 2, \"findings\": {}}").is_err());
    }
}

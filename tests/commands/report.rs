//! One set of findings, made by hand, in every format. `UPDATE=1 cargo test` rewrites the expected texts.

mod cases {
    use std::path::Path;
    use std::sync::Arc;

    use fleetlint::finding::{Finding, Note, ObjectRef, Place, Severity};
    use fleetlint::report::{Report, Style, Summary, human, json};
    use fleetlint::source::{File, Files};
    use fleetlint::yaml::{Documents, Span};

    const RBAC: &str = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  name: flux-apps\nroleRef:\n  kind: ClusterRole\n  name: cluster-admin\nsubjects:\n  - kind: ServiceAccount\n    name: flux\n    namespace: apps\n";
    const SYNC: &str = "apiVersion: kustomize.toolkit.fluxcd.io/v1\r\nkind: Kustomization\r\nmetadata:\r\n  name: apps\r\nspec:\r\n  serviceAccountName: flux\r\n\tpath: \u{1b}[31mred\u{202e} # ::error::x\r\n  prune: true";
    const SECRET: &str = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: app\nstringData:\n  password: hunter2\n";

    struct Fixture {
        files: Files,
        report: Report,
    }

    /// The span of a text in a file: the first one after `after`.
    fn span(file: &File, after: &str, text: &str) -> Span {
        let content = file.text().unwrap();
        let from = content.find(after).unwrap();
        let start = from + content[from..].find(text).unwrap();
        Span { file: file.id, start: start as u32, end: (start + text.len()) as u32 }
    }

    fn place(file: &File, after: &str, text: &str) -> Place {
        Place::of_span(span(file, after, text))
    }

    fn finding(rule: &'static str, severity: Severity, message: &str, place: Place, clusters: &[&str]) -> Finding {
        Finding {
            clusters: clusters.iter().map(|&cluster| cluster.to_owned()).collect(),
            place,
            ..Finding::new(rule, severity, message)
        }
    }

    fn fixture() -> Fixture {
        let files = Files::default();
        let add = |repository: &str, revision: Option<&str>, path: &str, text: &str| {
            files.add(repository.into(), revision.map(Arc::from), path.into(), text.as_bytes().to_vec())
        };
        // Added in an order that is not that of the report.
        let secret = add("d1-infra", Some("production"), "components/app/secret.yaml", SECRET);
        let main = add("d1-infra", Some("main"), "components/app/secret.yaml", SECRET);
        let sync = add("d1-fleet", None, "tenants/apps/sync.yaml", SYNC);
        let rbac = add("d1-fleet", None, "tenants/apps/rbac.yaml", RBAC);
        let long = add("d1-fleet", None, "long.yaml", &format!("a: 1\nkey: {}ü: needle\n", "x".repeat(300)));

        let mut findings = Vec::new();
        findings.push(Finding {
            help: Some("move the value to a Secret that SOPS encrypts".into()),
            ..finding(
                "secrets/plain-secret",
                Severity::Warning,
                "Secret `app` is stored as plain text",
                place(&secret, "password", "hunter2"),
                &["prod-eu", "prod-us"],
            )
        });
        findings.push(finding(
            "secrets/plain-secret",
            Severity::Warning,
            "Secret `app` is stored as plain text",
            place(&main, "password", "hunter2"),
            &["staging"],
        ));
        let object = ObjectRef {
            api_version: "rbac.authorization.k8s.io/v1".into(),
            kind: "ClusterRoleBinding".into(),
            namespace: None,
            name: "flux-apps".into(),
        };
        findings.push(Finding {
            help: Some("use a RoleBinding in each of the tenant's namespaces".into()),
            object: Some(object),
            pointer: "/roleRef/name".into(),
            related: vec![
                (place(&rbac, "subjects", "flux"), "this subject".into()),
                (place(&sync, "serviceAccountName", "flux"), "tenant `apps` reconciles as it".into()),
                (Place::nowhere(), "the binding is made by the operator".into()),
            ],
            ..finding(
                "tenant-isolation/cluster-admin-tenant",
                Severity::Error,
                "tenant `apps` is bound to ClusterRole `cluster-admin` cluster-wide",
                place(&rbac, "roleRef:", "cluster-admin"),
                &["prod-eu", "prod-us", "staging"],
            )
        });
        findings.push(finding(
            "schema/unknown-field",
            Severity::Error,
            "`\u{1b}[31mred\n::add-mask::x` is no path",
            place(&sync, "path", "\u{1b}[31mred\u{202e}"),
            &[],
        ));
        findings.push(finding(
            "schema/unknown-field",
            Severity::Info,
            "the file ends here",
            Place::of_span(Span { file: sync.id, start: SYNC.len() as u32, end: SYNC.len() as u32 }),
            &[],
        ));
        findings.push(finding("schema/unknown-field", Severity::Info, "far right", place(&long, "ü", "needle"), &[]));
        findings.push(finding(
            "schema/unknown-field",
            Severity::Info,
            "of several lines",
            place(&rbac, "subjects", "subjects:\n  - kind: ServiceAccount"),
            &[],
        ));
        findings.push(finding(
            "fleet-structure/no-cluster",
            Severity::Error,
            "the fleet has no cluster",
            Place::nowhere(),
            &[],
        ));

        let note = |message: &str, place: Option<Place>, clusters: &[&str]| Note {
            message: message.into(),
            place,
            clusters: clusters.iter().map(|&cluster| cluster.to_owned()).collect(),
            reason: "source-unavailable",
            help: Some("give it with `--source`".to_owned()),
            count: 1,
            ..Note::default()
        };
        let notes = vec![
            note(
                "source `flux-system/flux-apps` is not available: what hangs below it was not checked",
                None,
                &["staging"],
            ),
            note(
                "source `flux-system/flux-apps` is not available: what hangs below it was not checked",
                None,
                &["prod-eu"],
            ),
            note("a variable comes from a Secret", Some(place(&sync, "spec", "flux")), &[]),
        ];
        let clusters = ["prod-eu", "prod-us", "staging"].map(str::to_owned).to_vec();
        let summary = Summary {
            files: 41,
            documents: 63,
            objects: 214,
            clusters,
            undetermined: 2,
            inconclusive: 1,
            profile: Some(("d1", "as configured".to_owned())),
            flux: vec![Some("2.7".to_owned()), Some("2.7".to_owned()), None],
            ..Summary::default()
        };
        let mut report = Report { findings, notes, summary, ..Report::default() };
        report.sort(&files);
        Fixture { files, report }
    }

    fn check(name: &str, text: &str) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/report").join(name);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, text).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "{name}");
    }

    fn style(colour: bool, unicode: bool) -> Style {
        Style { colour, width: 100, unicode }
    }

    #[test]
    fn as_json() {
        let Fixture { files, report } = fixture();
        let text = json(&report, &files);
        check("report.json", &text);
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    }

    #[test]
    fn for_people() {
        let Fixture { files, report } = fixture();
        check("report.txt", &human(&report, &files, &Documents::default(), style(false, true)));
        check("report-ascii.txt", &human(&report, &files, &Documents::default(), style(false, false)));
        check("report-colour.txt", &human(&report, &files, &Documents::default(), style(true, true)));
    }

    #[test]
    fn places_of_any_kind_are_shown_without_harm() {
        let texts: [&[u8]; 6] = [
            b"",
            b"\n",
            b"a: \xff\xfe\nb\r\n\tc",
            "ü: \u{301}日本\r\rx\n".as_bytes(),
            b"kind: Secret\ndata: {a: ",
            b"\0\x1b",
        ];
        for text in texts {
            let files = Files::default();
            let file = files.add("r".into(), None, "a.yaml".into(), text.to_vec());
            let length = text.len() as u32 + 2;
            for (start, end) in (0..length).flat_map(|start| (0..length).map(move |end| (start, end))) {
                let place = Place::of_span(Span { file: file.id, start, end });
                let other = Place::of_span(Span { file: file.id, start: end, end: start });
                let mut finding = finding("a/b", Severity::Error, "", place, &[]);
                finding.related = vec![(other, "label".into())];
                let report = Report { findings: vec![finding], ..Report::default() };
                let shown = human(&report, &files, &Documents::default(), style(false, true));
                assert!(!shown.contains(['\u{1b}', '\0', '\r']), "{text:?} {start} {end}");
                assert!(json(&report, &files).ends_with("}\n"));
            }
        }
    }

    #[test]
    fn nothing_found_is_said() {
        let report = Report::default();
        let expected = "no cluster in this repository: 0 manifests checked on their own\n";
        assert_eq!(human(&report, &Files::default(), &Documents::default(), style(false, true)), expected);
    }
}

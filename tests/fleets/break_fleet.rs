//! One-line mistakes in a clean copy of d1: each is one finding, at the line to edit, on the clusters that have it.

mod cases {
    use fleetlint::report;
    use fleetlint::run::{Request, RunError, Session};
    use fleetlint::source::SourceArgument;
    use fleetlint::triage::Selection;
    use serde_json::Value;

    use crate::fleet::{D1, Repositories};

    /// What the planted defects of d1 are replaced by.
    const CLEAN: [(&str, &str, &str); 5] = [
        ("tenants/infra/update/sync.yaml", "name: flux-system\n", "name: flux-infra-update\n"),
        (
            "tenants/apps/components/orders/sync.yaml",
            "spec:\n  interval: 1h\n",
            "spec:\n  serviceAccountName: flux-apps\n  interval: 1h\n",
        ),
        ("tenants/apps/components/storefront/sync.yaml", "branch: main", "branch: ${GIT_BRANCH}"),
        ("clusters/prod-us/runtime-info.yaml", "prod-us\n", "prod-us\n  CLUSTER_DOMAIN: us.acme.example\n"),
        ("tenants/infra/components/admission.yaml", "monitoring-controlers", "monitoring-controllers"),
    ];

    const EU: &str = "clusters/prod-eu/";
    const ORDERS: &str = "tenants/apps/components/orders/";
    const INFRA: &str = "tenants/infra/components/";

    fn clean() -> Repositories {
        let repositories = Repositories::copy_of("d1");
        CLEAN.iter().for_each(|(file, from, to)| replace(&repositories, file, from, to));
        repositories
    }

    fn replace(repositories: &Repositories, file: &str, from: &str, to: &str) {
        let path = repositories.path(D1).join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} has no {from:?}");
        std::fs::write(path, text.replacen(from, to, 1)).unwrap();
    }

    fn check(repositories: &Repositories) -> Value {
        let session = Session::default();
        let path = repositories.path(D1);
        let request = Request::of(&path);
        let report = session.check(&request, &Selection::default(), None).unwrap_or_else(|why| panic!("{why}"));
        serde_json::from_str(&report::json(&report, &session.files)).unwrap()
    }

    /// `file:line: rule: message [clusters]`, the rule without its family.
    fn found(report: &Value) -> Vec<String> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let line = |finding: &Value| {
            let clusters: Vec<String> = finding["clusters"].as_array().unwrap().iter().map(text).collect();
            let rule = text(&finding["rule"]);
            format!(
                "{}:{}: {}: {} [{}]",
                text(&finding["location"]["file"]),
                finding["location"]["line"],
                rule.split('/').next_back().unwrap(),
                text(&finding["message"]),
                clusters.join(" ")
            )
        };
        report["findings"].as_array().unwrap().iter().map(line).collect()
    }

    fn after(file: &str, from: &str, to: &str) -> Vec<String> {
        let repositories = clean();
        replace(&repositories, file, from, to);
        found(&check(&repositories))
    }

    #[test]
    fn the_clean_fleet_has_no_finding() {
        assert_eq!(found(&check(&clean())), [""; 0]);
    }

    #[test]
    fn a_variable_without_value_in_paths_is_one_finding() {
        let file = format!("{EU}runtime-info.yaml");
        assert_eq!(
            after(&file, "  ENVIRONMENT: production\n", ""),
            [
                "clusters/prod-eu/runtime-info.yaml:11: missing-key: `flux-runtime-info` lacks the key `ENVIRONMENT`, which objects of this cluster use: it becomes empty [prod-eu]"
            ]
        );
        assert_eq!(
            after(&file, "ENVIRONMENT: production", "ENVIRONMENT: \"\""),
            [
                "clusters/prod-eu/runtime-info.yaml:12: environment-overlay-missing: `ENVIRONMENT` is empty: `./components/orders/` resolves to the parent folder, which does not build [prod-eu]"
            ]
        );
        assert_eq!(
            after(&format!("{ORDERS}sync.yaml"), "orders/${ENVIRONMENT}", "orders/${STAGE}"),
            [
                "tenants/apps/components/orders/sync.yaml:23: environment-overlay-missing: `STAGE` is not defined: `./components/orders/` resolves to the parent folder, which does not build [prod-eu prod-us staging]"
            ]
        );
    }

    #[test]
    fn a_slip_in_the_name_of_a_variable_is_told_where_it_is() {
        let all = "[prod-eu prod-us staging]";
        for name in ["GIT_BRANCHS", "GIT_BARNCH", "git_branch"] {
            assert_eq!(
                after(&format!("{INFRA}source.yaml"), "GIT_BRANCH", name),
                [format!(
                    "{INFRA}source.yaml:9: missing-key: `{name}` is not a key in `flux-runtime-info`: it becomes empty {all}"
                )]
            );
        }
        assert_eq!(after(&format!("{INFRA}source.yaml"), "${GIT_BRANCH}", "${GIT_BRANCHS:=main}"), [""; 0]);
    }

    #[test]
    fn a_parent_that_substitutes_nothing_is_one_finding() {
        let post_build =
            "  postBuild:\n    substituteFrom:\n      - kind: ConfigMap\n        name: flux-runtime-info\n";
        assert_eq!(
            after(&format!("{EU}apps-tenant.yaml"), post_build, ""),
            [
                "clusters/prod-eu/apps-tenant.yaml:6: path-not-found: Kustomization `flux-system/apps-tenant` substitutes no variables: the `${…}` in the paths of its children are left unsubstituted [prod-eu]"
            ]
        );
    }

    #[test]
    fn an_expression_that_fails_is_no_hardcoded_branch() {
        assert_eq!(
            after(&format!("{INFRA}source.yaml"), "${GIT_BRANCH}", "${GIT_BRANCH"),
            [
                "tenants/infra/components/source.yaml:9: substitution-failed: variable substitution failed: missing closing brace in `${GIT_BRANCH` [prod-eu prod-us staging]"
            ]
        );
    }

    #[test]
    fn a_synced_folder_that_does_not_exist_is_found() {
        assert_eq!(
            after(&format!("{EU}flux-system/flux-instance.yaml"), "clusters/prod-eu", "clusters/prod-ue"),
            [
                "clusters/prod-eu/flux-system/flux-instance.yaml:25: path-not-found: there is no folder `clusters/prod-ue` in `acme-fleet`: nothing in this Kustomization will be applied [prod-ue]"
            ]
        );
    }

    #[test]
    fn a_policy_that_is_gone_is_one_finding() {
        let repositories = clean();
        let file = "tenants/apps/policies/clone-secrets.yaml";
        replace(&repositories, file, "v1/Secret", "v1/ConfigMap");
        let report = check(&repositories);
        let expected = "tenants/apps/components/orders/sync.yaml:11: secret-not-propagated: Secret `flux-apps` exists in `flux-system` only: no policy copies it to `orders`, where this GitRepository looks for it [prod-eu prod-us staging]";
        assert_eq!(found(&report), [expected]);
        let related = report["findings"][0]["related"].as_array().unwrap().iter();
        let shown: Vec<String> = related
            .map(|it| {
                format!("{}:{} {}", it["location"]["file"], it["location"]["line"], it["message"]).replace('"', "")
            })
            .collect();
        let expected = [
            "fleetlint.yaml:20 the Secret",
            "tenants/apps/components/storefront/sync.yaml:11 Secret `flux-apps` is missing here, in `storefront`, too",
            "tenants/apps/update/sync.yaml:11 Secret `flux-apps-update` is missing here, in `apps-update`, too",
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_circle_is_told_once() {
        let depends = |name: &str| format!("  serviceAccountName: flux-infra\n  dependsOn:\n    - name: {name}\n");
        assert_eq!(
            after(&format!("{INFRA}monitoring.yaml"), "  serviceAccountName: flux-infra\n", &depends("infra-tenant")),
            [
                "tenants/infra/components/monitoring.yaml:8: depends-on-cycle: `flux-system/monitoring-controllers` and `flux-system/infra-tenant` wait for each other and are never ready [prod-eu prod-us staging]"
            ]
        );
    }

    #[test]
    fn two_circles_through_one_parent_are_two() {
        let repositories = clean();
        let file = format!("{INFRA}monitoring.yaml");
        let controllers = "  serviceAccountName: flux-infra\n  interval";
        replace(
            &repositories,
            &file,
            controllers,
            "  serviceAccountName: flux-infra\n  dependsOn: [name: infra-tenant]\n  interval",
        );
        replace(&repositories, &file, "    - name: monitoring-controllers\n", "    - name: infra-tenant\n");
        let found = found(&check(&repositories));
        let places: Vec<&str> = found.iter().map(|line| line.split(": ").next().unwrap()).collect();
        assert_eq!(places, [format!("{file}:7"), format!("{file}:29")]);
    }

    #[test]
    fn a_dependency_on_another_kind_is_explained() {
        let repositories = clean();
        let to = "    - name: kube-prometheus-stack\n      namespace: monitoring\n";
        replace(&repositories, &format!("{INFRA}monitoring.yaml"), "    - name: monitoring-controllers\n", to);
        let report = check(&repositories);
        assert_eq!(
            report["findings"][0]["help"],
            "`dependsOn` of a Kustomization names objects of its own kind; HelmRelease `monitoring/kube-prometheus-stack` is on this cluster, but cannot be named here"
        );
    }

    #[test]
    fn a_place_is_related_once() {
        let repositories = clean();
        replace(&repositories, &format!("{ORDERS}kustomization.yaml"), "  - identity.yaml\n", "");
        let related = check(&repositories)["findings"][0]["related"].take();
        let places: Vec<(&str, i64)> = related
            .as_array()
            .unwrap()
            .iter()
            .map(|it| (it["location"]["file"].as_str().unwrap(), it["location"]["line"].as_i64().unwrap()))
            .collect();
        let storefront = "tenants/apps/components/storefront/identity.yaml";
        assert_eq!(places, [("tenants/apps/components/orders/sync.yaml", 34), (storefront, 4)]);
    }

    #[test]
    fn kustomizations_that_bring_ever_more_of_themselves_end() {
        let repositories = Repositories::empty();
        let root = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: flux-system, namespace: flux-system}\nspec: {interval: 1m, url: https://github.com/acme/fleet}\n";
        let kustomization = |name: &str, path: &str, value: &str| {
            let post_build = format!("postBuild: {{substitute: {{X: \"{value}\"}}}}");
            format!(
                "---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: \"{name}\", namespace: flux-system}}\nspec:\n  interval: 1m\n  prune: true\n  path: {path}\n  sourceRef: {{kind: GitRepository, name: flux-system}}\n  {post_build}\n"
            )
        };
        let sync = format!("{root}{}", kustomization("flux-system", "./clusters/a", ""));
        repositories.write(D1, "clusters/a/flux-system/gotk-sync.yaml", &sync);
        repositories.write(D1, "clusters/a/first.yaml", &kustomization("g", "./more", "x"));
        let names: String =
            (0..80).map(|n| kustomization(&format!("g{n}${{X}}"), "./more", &format!("${{X}}{n}-"))).collect();
        repositories.write(D1, "more/more.yaml", &names);
        let report = check(&repositories);
        assert_eq!(
            report["notes"][0]["message"],
            "`clusters/a` does not converge: its Kustomizations keep redefining each other or creating new ones"
        );
    }

    #[test]
    fn a_folder_without_a_cluster_is_not_passed_in_silence() {
        let repositories = Repositories::empty();
        repositories.write(D1, "a.yaml", "kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\n");
        let report = check(&repositories);
        assert_eq!(report["summary"]["clusters"], serde_json::json!([]));
        assert_eq!(report["discovery"]["status"], "none");
        let reason = "nothing in this repository says what a cluster syncs, and no folder looks like one";
        assert_eq!(report["discovery"]["reason"], reason);
    }

    #[test]
    fn an_instance_without_sync_is_a_note() {
        let repositories = clean();
        let instance = repositories.path(D1).join(EU).join("flux-system/flux-instance.yaml");
        let text = std::fs::read_to_string(&instance).unwrap();
        std::fs::write(&instance, text.split("  sync:").next().unwrap()).unwrap();
        let notes = check(&repositories)["notes"].take();
        let expected = [
            "FluxInstance `flux-system/flux` has no `spec.sync`: what is applied to its cluster was not checked",
            "`clusters/prod-eu` looks like a cluster that is not bootstrapped yet (beside clusters/prod-us, applied by \
             nothing); it was not checked",
        ];
        let messages: Vec<&str> =
            notes.as_array().unwrap().iter().filter_map(|note| note["message"].as_str()).collect();
        assert_eq!(messages, expected);
    }

    #[test]
    fn an_instance_in_a_list_is_a_root() {
        let repositories = clean();
        let instance = repositories.path(D1).join(EU).join("flux-system/flux-instance.yaml");
        let text = std::fs::read_to_string(&instance).unwrap();
        let items = text.lines().map(|line| format!("    {line}\n")).collect::<String>();
        std::fs::write(&instance, format!("apiVersion: v1\nkind: List\nitems:\n  -\n{items}")).unwrap();
        let report = check(&repositories);
        assert_eq!(report["summary"]["clusters"], serde_json::json!(["prod-eu", "prod-us", "staging"]));
        assert_eq!(found(&report), [""; 0]);
    }

    #[test]
    fn a_configured_source_that_is_not_there_is_named_unless_it_is_given() {
        let repositories = clean();
        replace(&repositories, "fleetlint.yaml", " ../acme-infra", " ../acme-infar");
        let session = Session::default();
        let path = repositories.path(D1);
        let infra = SourceArgument::parse(&format!(
            "git@github.com:acme/acme-infra={}",
            repositories.path("acme-infra").display()
        ));
        let given = [infra.unwrap()];
        let request = |sources| Request { sources, ..Request::of(&path) };
        match session.check(&request(&[]), &Selection::default(), None) {
            Err(RunError::Config(problems)) => {
                let [problem] = &problems[..] else { panic!("{problems:?}") };
                assert!(problem.message.starts_with("source `https://github.com/acme/acme-infra`: "));
                assert_eq!(session.files.get(problem.place.unwrap().file).path, "fleetlint.yaml");
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(session.check(&request(&given), &Selection::default(), None).unwrap().findings.len(), 0);
    }

    #[test]
    fn declared_repositories_end_in_git_or_not_but_hold_no_wildcard() {
        assert_eq!(after("fleetlint.yaml", "[acme/acme-infra]", "[acme/acme-infra.git]"), [""; 0]);
        let repositories = clean();
        replace(&repositories, "fleetlint.yaml", "[acme/acme-infra]", "[\"acme/*\"]");
        let path = repositories.path(D1);
        let request = Request::of(&path);
        let result = Session::default().check(&request, &Selection::default(), None);
        assert!(
            matches!(result, Err(RunError::Config(problems)) if problems[0].message == "`acme/*` is not of the form `owner/name`")
        );
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn output_that_cannot_be_written_fails_the_run() {
        let repositories = clean();
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_fleetlint"));
        let output = command.arg("check").arg(repositories.path(D1)).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).starts_with("error: standard output cannot be written: "));
    }

    #[test]
    fn a_cluster_is_named_by_its_folder_in_any_spelling() {
        let repositories = clean();
        let path = repositories.path(D1);
        let request = Request::of(&path);
        for name in ["prod-eu", "clusters/prod-eu", "./clusters/prod-eu/"] {
            assert!(Session::default().check(&request, &Selection::default(), Some(name)).is_ok(), "{name}");
        }
    }

    /// A cluster whose Kustomization `g` substitutes `X` from a Secret into one of its own.
    fn substituting(text: &str) -> Repositories {
        let repositories = Repositories::empty();
        let sync = |name: &str, path: &str, rest: &str| {
            format!(
                "---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: {name}, namespace: flux-system}}\nspec:\n  path: {path}\n  sourceRef: {{kind: GitRepository, name: flux-system}}\n{rest}"
            )
        };
        let source = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: flux-system, namespace: flux-system}\nspec: {url: https://github.com/acme/fleet}\n";
        let root = format!("{source}{}", sync("flux-system", "./clusters/a", ""));
        repositories.write(D1, "clusters/a/flux-system/gotk-sync.yaml", &root);
        let secret = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: flux-system}\nstringData: {X: hunter2}\n";
        let post_build = "  postBuild: {substituteFrom: [{kind: Secret, name: s}]}\n";
        repositories.write(D1, "clusters/a/g.yaml", &format!("{}{secret}", sync("g", "./g", post_build)));
        repositories.write(D1, "g/h.yaml", &sync("h", "./g", "").replace("path: ./g", text));
        repositories
    }

    #[test]
    fn values_of_secrets_are_in_no_message() {
        let cases = [
            "path: ./${X}",
            "path: ./${X}/z",
            "path: ./g\n  dependsOn: [name: \"${X}\"]",
            "path: ./g\n  serviceAccountName: ${X}",
        ];
        for case in cases {
            let report = check(&substituting(case));
            assert!(!report.to_string().contains("hunter2"), "{case}");
            assert_eq!(found(&report).iter().filter(|line| line.contains('…')).count(), 1, "{case}: {report}");
        }
    }

    #[test]
    fn what_build_says_drives_no_terminal() {
        let repositories = substituting("path: \"./\\e[31m${X}\"");
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_fleetlint"));
        let output = command.args(["build", "--cluster", "a"]).arg(repositories.path(D1)).output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(errors.contains("␛[31m…") && !errors.contains(['\u{1b}']) && !errors.contains("hunter2"), "{errors}");
    }
}

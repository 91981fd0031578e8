//! One cause is one finding, and no rule keeps silent because another one would speak.

mod cases {
    use std::collections::BTreeMap;

    use fleetlint::finding::Finding;
    use fleetlint::locate::Location;
    use fleetlint::report::Report;
    use fleetlint::run::{Request, Session};
    use fleetlint::triage::Selection;

    use crate::fleet::{D1, Repositories, files, source};
    use crate::git;

    /// An edit of a file of the fleet repository: what is there, and what comes in its place.
    type Edit<'a> = (&'a str, &'a str, &'a str);

    const RUNTIME_INFO: &str = "clusters/prod-us/runtime-info.yaml";
    const INSTANCE: &str = "clusters/prod-us/flux-system/flux-instance.yaml";

    /// The fleet of d1 without its planted defects, with some edits. Its sources are Git repositories with both branches.
    fn fleet(edits: &[Edit<'_>]) -> Repositories {
        let repositories = Repositories::copy_of("d1");
        for name in ["acme-infra", "acme-apps"] {
            let folder = source("d1").join(name);
            let text = |file: String| (std::fs::read_to_string(folder.join(&file)).unwrap(), file);
            let texts: Vec<(String, String)> = files(&folder).into_iter().map(text).collect();
            let texts: Vec<(&str, &str)> = texts.iter().map(|(text, file)| (file.as_str(), text.as_str())).collect();
            std::fs::remove_dir_all(repositories.path(name)).unwrap();
            git::repository(&repositories.path(name), &[("main", &texts), ("production", &texts)]);
        }
        let sound: [Edit<'_>; 6] = [
            (RUNTIME_INFO, "  CLUSTER_NAME: prod-us", "  CLUSTER_NAME: prod-us\n  CLUSTER_DOMAIN: us.acme.example"),
            (
                "tenants/apps/components/orders/sync.yaml",
                "spec:\n  interval: 1h",
                "spec:\n  serviceAccountName: flux-apps\n  interval: 1h",
            ),
            ("tenants/apps/components/storefront/sync.yaml", "branch: main", "branch: ${GIT_BRANCH}"),
            ("tenants/infra/components/admission.yaml", "monitoring-controlers", "monitoring-controllers"),
            ("tenants/infra/update/sync.yaml", "name: flux-system\n", "name: flux-infra-update\n"),
            ("fleetlint.yaml", "repositories: [acme/acme-fleet]", "repositories: [acme/acme-fleet]"),
        ];
        for (file, from, to) in sound.iter().chain(edits) {
            let path = repositories.path(D1).join(file);
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(text.contains(from), "{file} has no {from:?}:\n{text}");
            std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
        }
        repositories
    }

    fn check(repositories: &Repositories, select: &[&str], cluster: Option<&str>) -> (Report, Session) {
        let session = Session::default();
        let path = repositories.path(D1);
        let request = Request::of(&path);
        let select = select.iter().map(|&pattern| pattern.to_owned()).collect();
        let selection = Selection { select, ..Selection::default() };
        let report = session.check(&request, &selection, cluster).unwrap();
        (report, session)
    }

    /// Each finding as `rule file:line:col`, its consequences after `<-`.
    fn told(edits: &[Edit<'_>], select: &[&str], cluster: Option<&str>) -> Vec<String> {
        let (report, session) = check(&fleet(edits), select, cluster);
        let shown = |finding: &Finding| {
            let at = finding.place.span().map(|span| Location::of(span, &session.files));
            let at = at.map_or_else(String::new, |at| format!(" {}:{}:{}", at.file, at.line, at.column));
            format!("{}{at}", finding.rule)
        };
        let told = report.findings.iter().map(|finding| {
            let consequences: String = finding.consequences.iter().map(|it| format!("\n  <- {}", shown(it))).collect();
            shown(finding) + &consequences
        });
        told.collect()
    }

    #[test]
    fn a_sound_fleet_has_no_finding() {
        assert_eq!(told(&[], &[], None), [""; 0]);
    }

    #[test]
    fn a_wrong_environment_is_one_finding() {
        let edit = [(RUNTIME_INFO, "ENVIRONMENT: production", "ENVIRONMENT: produktion")];
        let found = told(&edit, &[], None);
        let all = "runtime-info/environment-overlay-missing clusters/prod-us/runtime-info.yaml:12:16
  <- runtime-info/substitute-from-missing tenants/apps/components/orders/sync.yaml:38:15
  <- runtime-info/substitute-from-missing tenants/apps/components/storefront/sync.yaml:38:15
  <- kustomization-graph/path-not-found tenants/apps/components/orders/sync.yaml:23:9
  <- kustomization-graph/path-not-found tenants/apps/components/storefront/sync.yaml:23:9
  <- kustomization-graph/path-not-found tenants/infra/components/monitoring.yaml:11:9
  <- kustomization-graph/path-not-found tenants/infra/components/monitoring.yaml:33:9
  <- kustomization-graph/path-not-found tenants/infra/components/admission.yaml:13:9
  <- kustomization-graph/path-not-found tenants/infra/components/admission.yaml:35:9";
        assert_eq!(found, [all]);
        // Without that rule its consequences are what can be said.
        let paths = told(&edit, &["kustomization-graph"], None);
        assert_eq!(paths.len(), 6, "{paths:#?}");
        assert!(paths.iter().all(|path| path.starts_with("kustomization-graph/path-not-found tenants/")), "{paths:#?}");
    }

    #[test]
    fn a_wrong_branch_is_one_finding() {
        let edit = [(RUNTIME_INFO, "GIT_BRANCH: production", "GIT_BRANCH: mian")];
        let found = told(&edit, &[], None);
        assert_eq!(
            found,
            ["branch-mapping/environment-branch-mismatch clusters/prod-us/runtime-info.yaml:13:15
  <- branch-mapping/branch-does-not-exist clusters/prod-us/runtime-info.yaml:13:15
  <- branch-mapping/clusters-of-environment-disagree clusters/prod-us/runtime-info.yaml:13:15"]
        );
        let sources = told(&edit, &["branch-mapping/branch-does-not-exist"], None);
        assert_eq!(sources, ["branch-mapping/branch-does-not-exist clusters/prod-us/runtime-info.yaml:13:15"]);
    }

    #[test]
    fn another_wrong_branch_is_another_defect() {
        let fingerprint = |branch: &str| {
            let edit = [(RUNTIME_INFO, "GIT_BRANCH: production", &*format!("GIT_BRANCH: {branch}"))];
            check(&fleet(&edit), &[], None).0.findings[0].fingerprint.clone()
        };
        assert_ne!(fingerprint("main"), fingerprint("mian"));
    }

    #[test]
    fn a_branch_without_a_value_is_one_finding() {
        let found = told(&[(RUNTIME_INFO, "  GIT_BRANCH: production\n", "")], &[], None);
        assert_eq!(
            found,
            ["runtime-info/missing-key clusters/prod-us/runtime-info.yaml:11:1
  <- branch-mapping/branch-does-not-exist tenants/infra/components/source.yaml:8:3
  <- branch-mapping/branch-does-not-exist tenants/apps/components/orders/sync.yaml:8:3
  <- branch-mapping/branch-does-not-exist tenants/apps/components/storefront/sync.yaml:8:3"]
        );
    }

    #[test]
    fn an_undefined_variable_that_fails_the_build_is_one_finding() {
        let edits =
            [(INSTANCE, "version: 2.7.x", "version: 2.9.x"), (RUNTIME_INFO, "\n  CLUSTER_DOMAIN: us.acme.example", "")];
        let found = told(&edits, &[], None);
        let refused = [
            "build/substitution-failed components/storefront/base/storefront.yaml:35:18",
            "build/substitution-failed components/monitoring/controllers/base/prometheus-values.yaml:7:17",
        ];
        let [first, second] = refused;
        let key = "runtime-info/missing-key clusters/prod-us/runtime-info.yaml:11:1";
        assert_eq!(found, [format!("{key}\n  <- {first}\n  <- {second}")]);
        let build = told(&edits, &["build"], Some("prod-us"));
        assert_eq!(build, refused);
        // Where no rule is on that could say it, a note does.
        let (report, _) = check(&fleet(&edits), &["tenant-isolation"], None);
        let notes: Vec<(&str, &str)> = report.notes.iter().map(|note| (note.reason, note.message.as_str())).collect();
        let refused = "Flux refuses Kustomization `flux-system/monitoring-controllers` and 1 more, and the rules that would say why are off or not selected";
        assert_eq!(notes, [("not-reported", refused)]);
    }

    #[test]
    fn a_missing_line_between_two_objects_is_one_finding() {
        let edit = [(
            "tenants/infra/components/admission.yaml",
            "        name: flux-runtime-info\n---\n",
            "        name: flux-runtime-info\n",
        )];
        let found = told(&edit, &[], None);
        assert_eq!(found, ["schema/missing-separator tenants/infra/components/admission.yaml:22:1"]);
    }

    #[test]
    fn a_name_with_a_variable_is_one_finding_with_one_fingerprint() {
        let sync = "tenants/apps/components/orders/sync.yaml";
        let wrong = (sync, "serviceAccountName: flux-apps", "serviceAccountName: flx-apps");
        let name = (
            sync,
            "kind: Kustomization\nmetadata:\n  name: orders",
            "kind: Kustomization\nmetadata:\n  name: orders-${CLUSTER_NAME}",
        );
        let (report, _) = check(&fleet(&[wrong, name]), &[], None);
        let found: Vec<(&str, usize)> =
            report.findings.iter().map(|finding| (finding.rule, finding.clusters.len())).collect();
        assert_eq!(found, [("tenant-isolation/service-account-not-found", 3)]);
        // A cluster that is added does not change it.
        let (one, _) = check(&fleet(&[wrong, name]), &[], Some("staging"));
        assert_eq!(one.findings[0].fingerprint, report.findings[0].fingerprint);
    }

    #[test]
    fn a_cluster_is_judged_and_counted_alone() {
        let (all, _) = check(&fleet(&[]), &[], None);
        let (one, _) = check(&fleet(&[]), &[], Some("staging"));
        assert_eq!(one.summary.clusters, ["staging"]);
        assert!(one.summary.objects < all.summary.objects / 2, "{} of {}", one.summary.objects, all.summary.objects);
    }

    #[test]
    fn rules_that_are_not_selected_leave_no_note() {
        let edit =
            [("tenants/apps/components/orders/sync.yaml", "serviceAccountName: flux-apps", "serviceAccountName: flx")];
        let by_rule = |select: &[&str]| {
            let (report, _) = check(&fleet(&edit), select, None);
            report.notes.iter().filter_map(|note| note.rule).map(|rule| (rule, 1)).collect::<BTreeMap<_, _>>()
        };
        assert!(by_rule(&["branch-mapping"]).is_empty());
    }

    #[test]
    fn what_a_shown_finding_explains_is_counted_and_not_noted() {
        let edit = [(RUNTIME_INFO, "  ENVIRONMENT: production\n", "")];
        let notes = |select: &[&str]| {
            let (report, _) = check(&fleet(&edit), select, None);
            let rules: Vec<&str> = report.findings.iter().map(|finding| finding.rule).collect();
            let notes: Vec<&str> = report.notes.iter().filter_map(|note| note.rule).collect();
            (rules, notes, report.summary.inconclusive)
        };
        let missing = "runtime-info/substitute-from-missing";
        assert_eq!(notes(&[]), (vec!["runtime-info/missing-key"], vec![], 2));
        assert_eq!(notes(&[missing]), (vec![], vec![missing, missing], 2));
    }

    #[test]
    fn a_misspelt_name_is_one_finding_whatever_looks_for_it() {
        let repositories = Repositories::copy_of("d1");
        let file = repositories.path("acme-apps").join("components/orders/base/cache.yaml");
        let text = std::fs::read_to_string(&file).unwrap();
        let (source, release) = text.split_once("---").unwrap();
        std::fs::write(&file, format!("{source}---{}", release.replacen("name: cache", "name: ccahe", 1))).unwrap();
        let rules = |select: &[&str]| {
            let (report, _) = check(&repositories, select, None);
            let about = |finding: &&Finding| finding.slip.as_ref().is_some_and(|(_, wanted)| wanted == "cache");
            let rules = report.findings.iter().filter(about);
            rules.map(|finding| (finding.rule, finding.consequences.len())).collect::<Vec<_>>()
        };
        let (missing, failed) = ("kustomization-graph/depends-on-missing", "build/kustomize-failed");
        // That the account of the Kustomization has no rights follows, too: nothing of it is applied.
        assert_eq!(rules(&[]), [(failed, 2)]);
        assert_eq!(rules(&["build"]), [(failed, 0)]);
        assert_eq!(rules(&["kustomization-graph"]), [(missing, 0)]);
    }
}

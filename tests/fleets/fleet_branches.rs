//! One clone, several branches: staging reads `main`, production reads `production`, without a checkout.

mod cases {
    use std::collections::BTreeMap;

    use fleetlint::report;
    use fleetlint::run::{Request, Session};
    use fleetlint::source::SourceArgument;
    use fleetlint::triage::Selection;
    use serde_json::{Value, json};

    use crate::fleet::{D1, Repositories, files, source};
    use crate::git;

    /// A change of a file; `None` removes it.
    type Change<'a> = (&'a str, Option<(&'a str, &'a str)>);

    /// The fleet, with infra in `acme-infra` (not bare) and apps in `acme-apps.git` (bare).
    fn repositories(infra: &[Change<'_>], apps: &[Change<'_>]) -> Repositories {
        let repositories = Repositories::copy_of("d1");
        for (name, folder, changes) in [("acme-infra", "acme-infra", infra), ("acme-apps", "acme-apps.git", apps)] {
            std::fs::remove_dir_all(repositories.path(name)).unwrap();
            let main = texts(name);
            let production = changed(&main, changes);
            git::repository(
                &repositories.path(folder),
                &[("main", &slices(&main)[..]), ("production", &slices(&production)[..])],
            );
        }
        repositories
    }

    fn texts(repository: &str) -> BTreeMap<String, String> {
        let folder = source("d1").join(repository);
        let text = |file: &String| std::fs::read_to_string(folder.join(file)).unwrap();
        files(&folder).into_iter().map(|file| (file.clone(), text(&file))).collect()
    }

    fn changed(texts: &BTreeMap<String, String>, changes: &[Change<'_>]) -> BTreeMap<String, String> {
        let mut texts = texts.clone();
        for (file, change) in changes {
            match change {
                None => _ = texts.remove(*file).unwrap(),
                Some((from, to)) => {
                    let text = texts.get_mut(*file).unwrap();
                    assert!(text.contains(from), "{file} has no {from:?}");
                    *text = text.replace(from, to);
                }
            }
        }
        texts
    }

    fn slices(texts: &BTreeMap<String, String>) -> Vec<(&str, &str)> {
        texts.iter().map(|(file, text)| (file.as_str(), text.as_str())).collect()
    }

    /// What one rule finds, and the notes.
    fn check(repositories: &Repositories, rule: &str, revision: &str) -> (Value, Value) {
        let argument = |url: &str, folder: &str| {
            let path = repositories.path(folder);
            SourceArgument::parse(&format!("https://github.com/acme/{url}={}{revision}", path.display())).unwrap()
        };
        let sources = [argument("acme-infra", "acme-infra"), argument("acme-apps.git", "acme-apps.git")];
        let session = Session::default();
        let config = repositories.path("empty.yaml");
        std::fs::write(&config, "").unwrap();
        let path = repositories.path(D1);
        let request = Request { sources: &sources, config: Some(&config), ..Request::of(&path) };
        let selection = Selection { select: vec![rule.to_owned()], ..Selection::default() };
        let report = session.check(&request, &selection, None).unwrap_or_else(|why| panic!("{why}"));
        let mut report: Value = serde_json::from_str(&report::json(&report, &session.files)).unwrap();
        (report["findings"].take(), report["notes"].take())
    }

    const ACCOUNT: &str = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: flux-infra\n---\n";

    /// The files that the objects of a cluster are written in, with their revisions, as far as they are in a repository.
    fn places(session: &Session, cluster: &fleetlint::fleet::Cluster, repository: &str) -> BTreeMap<String, String> {
        let spans = cluster.objects.iter().filter_map(|placed| placed.object.place());
        let files = spans.map(|span| session.files.get(span.file)).filter(|file| &*file.repository == repository);
        files.map(|file| (file.path.clone(), file.revision.as_deref().unwrap_or("-").to_owned())).collect()
    }

    #[test]
    fn what_is_the_same_on_both_branches_is_built_once_and_keeps_its_places() {
        let change = ("components/orders/base/orders.yaml", Some(("interval: 1h", "interval: 2h")));
        let repositories = repositories(&[], &[change]);
        let path = repositories.path("acme-apps.git");
        let sources =
            [SourceArgument::parse(&format!("https://github.com/acme/acme-apps.git={}", path.display())).unwrap()];
        let config = repositories.path("empty.yaml");
        std::fs::write(&config, "").unwrap();
        // All clusters read the same folders, staging at `main`.
        let change = |file: &str, from: &str, to: &str| {
            let file = repositories.path(D1).join(file);
            let text = std::fs::read_to_string(&file).unwrap();
            std::fs::write(&file, text.replace(from, to)).unwrap();
        };
        change("clusters/staging/runtime-info.yaml", "ENVIRONMENT: staging", "ENVIRONMENT: production");
        change("tenants/apps/components/storefront/sync.yaml", "branch: main", "branch: ${GIT_BRANCH}");
        let folder = repositories.path(D1);
        let request = Request { sources: &sources, config: Some(&config), ..Request::of(&folder) };
        let session = Session::default();
        let (fleet, _) = session.fleet(&request).unwrap();
        let of = |name: &str| places(&session, fleet.find_cluster(name).unwrap(), "acme-apps");
        let (staging, production) = (of("staging"), of("prod-eu"));
        assert!(staging.len() == 6 && staging.values().all(|revision| revision == "main"), "{staging:?}");
        assert!(
            production.len() == 3 && production.values().all(|revision| revision == "production"),
            "{production:?}"
        );
        // The component whose base differs is read twice, its files that are the same count once.
        let parsed = session.documents.parsed();
        let count = |path: &str| parsed.iter().filter(|(file, _)| file.path == path).count();
        let counts = ["orders/base/orders.yaml", "orders/base/cache.yaml", "storefront/base/storefront.yaml"];
        assert_eq!(counts.map(|path| count(&format!("components/{path}"))), [2, 2, 1]);
    }

    #[test]
    fn a_defect_of_production_is_found_on_production_clusters() {
        let changes = [("components/monitoring/controllers/base/namespace.yaml", Some((ACCOUNT, "")))];
        let repositories = repositories(&changes, &[]);
        let (findings, notes) = check(&repositories, "tenant-isolation/service-account-not-found", "");
        let expected = json!([{
            "rule": "tenant-isolation/service-account-not-found",
            "severity": "error",
            "message": "service account `flux-infra` does not exist in namespace `monitoring`: nothing that uses it can be applied",
            "help": "name an account of the same namespace as this object, or add the ServiceAccount there",
            "helps": ["name an account of the same namespace as this object, or add the ServiceAccount there"],
            "clusters": ["prod-eu", "prod-us"],
            "object": {
                "apiVersion": "helm.toolkit.fluxcd.io/v2",
                "kind": "HelmRelease",
                "namespace": "monitoring",
                "name": "kube-prometheus-stack"
            },
            "location": {
                "repository": "acme-infra",
                "revision": "production",
                "file": "components/monitoring/controllers/base/prometheus.yaml",
                "line": 19, "column": 23, "end_line": 19, "end_column": 33
            },
            "related": [{
                "message": "there is one in `flux-system`",
                "location": {
                    "repository": "acme-fleet",
                    "revision": null,
                    "file": "tenants/infra/components/identity.yaml",
                    "line": 4, "column": 9, "end_line": 4, "end_column": 19
                }
            }],
            "consequences": 0,
            "fingerprint": "41a491c4750451417efcba24c385521e"
        }]);
        assert_eq!((findings, notes), (expected, json!([])));
    }

    #[test]
    fn an_overlay_that_was_not_promoted_is_missing_on_production_clusters() {
        let apps = [
            ("components/orders/production/kustomization.yaml", None),
            ("components/orders/production/orders-size.yaml", None),
            ("components/orders/production/cache-size.yaml", None),
        ];
        let repositories = repositories(&[], &apps);
        let (findings, notes) = check(&repositories, "runtime-info/environment-overlay-missing", "");
        let value = |cluster: &str| {
            json!({
                "message": "the value of the variable on this cluster",
                "location": {
                    "repository": "acme-fleet",
                    "revision": null,
                    "file": format!("clusters/{cluster}/runtime-info.yaml"),
                    "line": 12, "column": 16, "end_line": 12, "end_column": 26
                }
            })
        };
        let expected = json!([{
            "rule": "runtime-info/environment-overlay-missing",
            "severity": "error",
            "message": "`components/orders/production` does not exist in `acme-apps` on `production`: there is no overlay \
                        for `ENVIRONMENT` `production`",
            "help": "add the overlay to that branch, or correct the variable",
            "helps": ["add the overlay to that branch, or correct the variable"],
            "clusters": ["prod-eu", "prod-us"],
            "object": {
                "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
                "kind": "Kustomization",
                "namespace": "orders",
                "name": "orders"
            },
            "location": {
                "repository": "acme-fleet",
                "revision": null,
                "file": "tenants/apps/components/orders/sync.yaml",
                "line": 22, "column": 9, "end_line": 22, "end_column": 43
            },
            "related": [value("prod-eu"), value("prod-us")],
            "consequences": 0,
            "fingerprint": "6c9d0bdd419edef40f93d054397974da"
        }]);
        assert_eq!((findings, notes), (expected, json!([])));
    }

    #[test]
    fn equal_branches_have_equal_findings() {
        let repositories = repositories(&[], &[]);
        for rule in ["tenant-isolation/service-account-not-found", "runtime-info/environment-overlay-missing"] {
            assert_eq!(check(&repositories, rule, ""), (json!([]), json!([])), "{rule}");
        }
    }

    #[test]
    fn a_revision_of_the_command_line_counts_for_all_clusters() {
        let changes = [("components/monitoring/controllers/base/namespace.yaml", Some((ACCOUNT, "")))];
        let repositories = repositories(&changes, &[]);
        let rule = "tenant-isolation/service-account-not-found";
        assert_eq!(check(&repositories, rule, "@main"), (json!([]), json!([])));
        let (findings, _) = check(&repositories, rule, "@production");
        assert_eq!(findings[0]["clusters"], json!(["prod-eu", "prod-us", "staging"]));
    }

    /// Makes a repository what `actions/checkout` makes of it: `main` only, without history, and a wildcard for the rest.
    fn cut_short(repositories: &Repositories, folder: &str, branches: &[&str]) {
        let path = repositories.path(folder);
        let git = if path.join(".git").exists() { path.join(".git") } else { path };
        let config = std::fs::read_to_string(git.join("config")).unwrap();
        let remote = "[remote \"origin\"]\n\turl = x\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n";
        std::fs::write(git.join("config"), config + remote).unwrap();
        std::fs::write(git.join("shallow"), std::fs::read_to_string(git.join("refs/heads/main")).unwrap()).unwrap();
        branches.iter().for_each(|branch| std::fs::remove_file(git.join("refs/heads").join(branch)).unwrap());
    }

    #[test]
    fn a_shallow_clone_does_not_prove_that_a_branch_is_missing() {
        let repositories = repositories(&[], &[]);
        let rule = "branch-mapping/branch-does-not-exist";
        cut_short(&repositories, "acme-infra", &["production"]);
        cut_short(&repositories, "acme-apps.git", &["production"]);
        let (findings, notes) = check(&repositories, rule, "");
        assert_eq!(findings, json!([]));
        let note = |url: &str, folder: &str, to: &str, kustomizations: &str| {
            let message = format!(
                "the clone of `github.com/acme/{url}` does not hold branch `production`: {kustomizations} not expanded"
            );
            let path = repositories.path(folder).display().to_string();
            (message, format!("run `git -C {path} fetch origin production:{to}`"))
        };
        let expected = [
            note("acme-apps", "acme-apps.git", "refs/heads/production", "Kustomization `orders/orders` was"),
            note(
                "acme-infra",
                "acme-infra",
                "refs/remotes/origin/production",
                "Kustomizations `flux-system/admission-configs`, `flux-system/admission-controllers`, \
                 `flux-system/monitoring-configs` and 1 more were",
            ),
        ];
        let text = |note: &serde_json::Value, key: &str| note[key].as_str().unwrap_or_default().to_owned();
        let notes = notes.as_array().unwrap().iter().filter(|note| note["reason"] == "not-in-clone");
        let found: Vec<(String, String)> = notes.map(|note| (text(note, "message"), text(note, "help"))).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_clone_of_all_branches_proves_that_one_is_missing() {
        let repositories = repositories(&[], &[]);
        for folder in ["acme-infra/.git", "acme-apps.git"] {
            let branch = repositories.path(folder).join("refs/heads/production");
            std::fs::rename(&branch, branch.with_file_name("live")).unwrap();
        }
        let (findings, _) = check(&repositories, "branch-mapping/branch-does-not-exist", "");
        let of = |finding: &Value| (finding["message"].clone(), finding["clusters"].clone());
        let found: Vec<_> = findings.as_array().unwrap().iter().map(of).collect();
        let nothing = "nothing that reads this source is applied";
        let expected = ["prod-eu", "prod-us"].map(|cluster| {
            ["acme-apps", "acme-infra"].map(|name| {
                (json!(format!("branch `production` does not exist in `{name}`: {nothing}")), json!([cluster]))
            })
        });
        let expected: Vec<_> = expected.into_iter().flatten().collect();
        assert_eq!(found, expected);
    }
}

//! `externals` in fleetlint.yaml: objects that something outside the fleet makes.

mod cases {
    use fleetlint::finding::Note;
    use fleetlint::fleet::{Outcome, ReconcilerKind};
    use fleetlint::report::Report;
    use fleetlint::run::{Request, RunError, Session};
    use fleetlint::triage::Selection;

    use crate::fleet::Repositories;

    const FLEET: &str = "fleet";

    const SYNC: &str = "apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, url: https://github.com/acme/fleet, ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec:
  interval: 1m
  prune: true
  path: ./clusters/CLUSTER
  sourceRef: {kind: GitRepository, name: flux-system}
";

    /// What everything of is made elsewhere: the variables, the service account, what is waited for, a source.
    const APPS: &str = "apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec:
  interval: 1m
  prune: true
  path: ./apps
  serviceAccountName: deployer
  dependsOn: [{name: terraform-base}]
  sourceRef: {kind: GitRepository, name: flux-system}
  postBuild:
    substituteFrom:
      - {kind: ConfigMap, name: cluster-vars}
      - {kind: Secret, name: cluster-secrets}
";

    const OBJECTS: &str = "apiVersion: v1
kind: ConfigMap
metadata: {name: known, namespace: flux-system}
data: {region: '${REGION}', size: '${SIZE:=small}'}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: open, namespace: flux-system}
data: {password: '${PASSWORD}'}
";

    const EXTERNALS: &str = "externals:
  - {kind: ConfigMap, namespace: flux-system, name: cluster-vars, values: {REGION: eu-1}}
  - {kind: Secret, namespace: flux-system, name: cluster-secrets, keys: [PASSWORD]}
  - {kind: ServiceAccount, namespace: flux-system, name: deployer}
  - {kind: Kustomization, namespace: flux-system, name: terraform-base}
";

    fn repositories(configuration: &str) -> Repositories {
        let repositories = Repositories::empty();
        for cluster in ["eu", "us"] {
            let sync = SYNC.replace("CLUSTER", cluster);
            repositories.write(FLEET, &format!("clusters/{cluster}/flux-system/gotk-sync.yaml"), &sync);
            repositories.write(FLEET, &format!("clusters/{cluster}/apps.yaml"), APPS);
        }
        repositories.write(FLEET, "apps/objects.yaml", OBJECTS);
        repositories.write(FLEET, "fleetlint.yaml", configuration);
        repositories
    }

    fn check(repositories: &Repositories) -> Report {
        let path = repositories.path(FLEET);
        let request = Request::of(&path);
        Session::default().check(&request, &Selection::default(), None).unwrap()
    }

    /// `rule [clusters]`
    fn rules(report: &Report) -> Vec<String> {
        let clusters = |names: &std::collections::BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>().join(" ");
        report.findings.iter().map(|it| format!("{} [{}]", it.rule, clusters(&it.clusters))).collect()
    }

    fn messages(notes: &[Note]) -> Vec<&str> {
        notes
            .iter()
            .map(|note| note.message.as_str())
            .filter(|it| !it.contains("which release of Flux runs here"))
            .collect()
    }

    fn problem(configuration: &str) -> String {
        let repositories = repositories(configuration);
        let path = repositories.path(FLEET);
        let session = Session::default();
        let request = Request::of(&path);
        match session.check(&request, &Selection::default(), None) {
            Err(RunError::Config(problems)) => {
                let place = problems[0].place.unwrap();
                let file = session.files.get(place.file);
                let help = problems[0].help.as_deref().unwrap_or_default();
                format!("{}:{} {} ({help})", file.path, file.position(place.start).line, problems[0].message)
            }
            other => panic!("{other:?}"),
        }
    }

    /// How much counts as undetermined, and what does not because the configuration says that it is elsewhere.
    fn declared(report: &Report) -> (usize, Vec<&str>) {
        assert!(report.undetermined.iter().all(|it| it.is_declared));
        (report.summary.undetermined, report.undetermined.iter().map(|it| it.subject.as_str()).collect())
    }

    #[test]
    fn without_them_the_references_are_missing() {
        let report = check(&repositories(""));
        assert_eq!(
            rules(&report),
            [
                "tenant-isolation/service-account-not-found [eu]",
                "kustomization-graph/depends-on-missing [eu]",
                "tenant-isolation/service-account-not-found [us]",
                "kustomization-graph/depends-on-missing [us]",
            ]
        );
        let why = ["ConfigMap `flux-system/cluster-vars`", "Secret `flux-system/cluster-secrets`"].map(|object| {
            format!(
                "the values of {object} are not known (nothing in the fleet creates it): what Kustomization \
                 `flux-system/apps` substitutes from it was not judged"
            )
        });
        assert_eq!(messages(&report.notes), why);
    }

    #[test]
    fn references_to_them_hold_and_only_what_uses_unknown_values_stays_open() {
        let report = check(&repositories(EXTERNALS));
        assert_eq!(rules(&report), [""; 0]);
        assert_eq!(messages(&report.notes), [""; 0]);
        assert_eq!(declared(&report), (0, vec!["ConfigMap flux-system/open"]));
    }

    #[test]
    fn their_values_are_substituted() {
        let repositories = repositories(EXTERNALS);
        let path = repositories.path(FLEET);
        let session = Session::default();
        let (fleet, _) = session.fleet(&Request::of(&path)).unwrap();
        let cluster = fleet.cluster("eu").unwrap();
        let reconciler = cluster.graph().find_reconciler(ReconcilerKind::Kustomization, "flux-system", "apps").unwrap();
        assert!(matches!(reconciler.outcome, Outcome::Undetermined(_)));
        let placed = |name| cluster.find("", "ConfigMap", "flux-system", name).unwrap();
        let region = placed("known").object.at("/data/region").unwrap();
        assert_eq!((region.text(), placed("known").object.str("/data/size")), (Some("eu-1"), Some("small")));
        let place = region.place().unwrap();
        assert_eq!(session.files.get(place.file).path, "fleetlint.yaml");
        assert!(placed("known").settled && !placed("open").settled);
        assert!(
            cluster.graph().find_reconciler(ReconcilerKind::Kustomization, "flux-system", "terraform-base").is_none()
        );
    }

    #[test]
    fn without_keys_nothing_is_known_of_the_variables() {
        let configuration = EXTERNALS.replace(", values: {REGION: eu-1}", "");
        let report = check(&repositories(&configuration));
        assert_eq!(rules(&report), [""; 0]);
        assert_eq!(messages(&report.notes), [""; 0]);
        assert_eq!(declared(&report), (0, vec!["ConfigMap flux-system/known", "ConfigMap flux-system/open"]));
    }

    #[test]
    fn they_are_on_the_clusters_that_they_name() {
        let deployer = "name: deployer}";
        for (clusters, missing) in [("[eu]", "us"), ("[clusters/us, ./clusters/us/]", "eu")] {
            let configuration = EXTERNALS.replace(deployer, &format!("name: deployer, clusters: {clusters}}}"));
            let report = check(&repositories(&configuration));
            assert_eq!(rules(&report), [format!("tenant-isolation/service-account-not-found [{missing}]")]);
        }
    }

    #[test]
    fn what_the_fleet_makes_itself_counts() {
        let configuration = EXTERNALS.replace("eu-1", "wrong");
        let repositories = repositories(&configuration);
        let vars = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cluster-vars, namespace: flux-system}\ndata: {REGION: own}\n";
        repositories.write(FLEET, "clusters/eu/vars.yaml", vars);
        let path = repositories.path(FLEET);
        let (fleet, _) = Session::default().fleet(&Request::of(&path)).unwrap();
        let region = |cluster: &str| {
            let cluster = fleet.cluster(cluster).unwrap();
            cluster
                .find("", "ConfigMap", "flux-system", "known")
                .unwrap()
                .object
                .str("/data/region")
                .unwrap()
                .to_owned()
        };
        assert_eq!((region("eu"), region("us")), ("own".to_owned(), "wrong".to_owned()));
    }

    #[test]
    fn mistakes_in_them_are_told_at_their_place() {
        let cases = [
            ("externals: [{kind: Secret, name: a}]", "1 this Secret has no `namespace` (add the one that it is in)"),
            (
                "externals: [{kind: Namespace, namespace: b, name: a}]",
                "1 Namespace is cluster-scoped (remove `namespace`)",
            ),
            (
                "externals:\n- kind: Widget\n  name: a",
                "2 the group of kind `Widget` is not known (add its `apiVersion`)",
            ),
            (
                "externals:\n- name: a",
                "2 an external object has no `kind` (name the object by kind, namespace and name)",
            ),
            (
                "externals:\n- kind: Secret\n  namespace: a\n  name: b\n  clusters:\n  - ue",
                "6 there is no cluster `ue` (did you mean `eu` or `us`?)",
            ),
            (
                "externals:\n- {kind: Role, namespace: a, name: b, keys: [c]}",
                "2 a Role has no keys (only ConfigMaps and Secrets have `keys` and `values`)",
            ),
            (
                "externals:\n- {kind: Secret, namespace: a, nmae: b, name: c}",
                "2 an external object has no key `nmae` (did you mean `name`?)",
            ),
        ];
        for (configuration, expected) in cases {
            assert_eq!(problem(configuration), format!("fleetlint.yaml:{expected}"), "{configuration}");
        }
    }
}

//! References: what is missing is one finding, at the text to edit; what may be there is a note.

mod cases {
    use fleetlint::finding::Finding;
    use fleetlint::locate::Location;
    use fleetlint::run::{Request, Session};
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
  path: ./clusters/prod
  prune: true
  interval: 1h
  sourceRef: {kind: GitRepository, name: flux-system}
";

    /// A fleet with one cluster, and a file of it.
    fn fleet(text: &str) -> Repositories {
        let repositories = Repositories::empty();
        repositories.write(FLEET, "clusters/prod/flux-system/gotk-sync.yaml", SYNC);
        repositories.write(FLEET, "clusters/prod/more.yaml", text);
        repositories
    }

    /// The findings as `rule file:line:column message`, related places below them, and the reasons of the notes with what
    /// they are about.
    fn told(repositories: &Repositories) -> (Vec<String>, Vec<String>) {
        let session = Session::default();
        let path = repositories.path(FLEET);
        let report = session.check(&Request::of(&path), &Selection::default(), None).unwrap();
        let at = |place: &fleetlint::finding::Place| {
            let at = place.span().map(|span| Location::of(span, &session.files));
            at.map_or_else(String::new, |at| format!("{}:{}:{}", at.file, at.line, at.column))
        };
        let shown = |finding: &Finding| {
            let related: String = finding.related.iter().map(|(place, _)| format!("\n  {}", at(place))).collect();
            format!("{} {} {}{related}", finding.rule, at(&finding.place), finding.message)
        };
        let notes = report.notes.iter().filter(|note| note.reason != "flux-version-assumed");
        (report.findings.iter().map(shown).collect(), notes.map(|note| note.message.clone()).collect())
    }

    /// A Kustomization in Flux's namespace, in flow style; `more` are fields of its spec.
    fn kustomization(name: &str, more: &str) -> String {
        format!(
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: {name}, namespace: \
             flux-system}}\nspec: {{path: ./apps, prune: true, interval: 1h, {more}}}\n---\n"
        )
    }

    #[test]
    fn a_missing_source_is_one_finding_and_no_note() {
        let two = ["one", "two"].map(|name| kustomization(name, "sourceRef: {kind: GitRepository, name: infra}"));
        let (findings, notes) = told(&fleet(&two.concat()));
        assert_eq!(
            findings,
            ["sources/source-not-found clusters/prod/more.yaml:4:88 GitRepository `flux-system/infra` is not on this \
              cluster: nothing in Kustomization `flux-system/one` will be applied\n  clusters/prod/more.yaml:9:88"]
        );
        assert_eq!(notes, [""; 0]);
    }

    #[test]
    fn a_source_that_may_be_there_is_one_note() {
        let away = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: away, namespace: \
                    flux-system}\nspec: {interval: 1m, url: https://github.com/acme/away, ref: {branch: main}}\n---\n";
        let reader = kustomization("away", "sourceRef: {kind: GitRepository, name: away}");
        let user = kustomization("user", "sourceRef: {kind: GitRepository, name: infra}");
        let (findings, notes) = told(&fleet(&[away, &reader, &user].concat()));
        assert_eq!(findings, [""; 0]);
        let about = notes.iter().filter(|note| note.contains("infra")).count();
        assert_eq!(about, 1, "{notes:#?}");
    }

    #[test]
    fn a_secret_that_nobody_makes_is_a_note() {
        let release = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: {name: charts, namespace: \
                       flux-system}\nspec: {url: https://charts.example.com, interval: 1h}\n---\napiVersion: \
                       helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: shop, namespace: \
                       flux-system}\nspec:\n  interval: 1h\n  chart: {spec: {chart: shop, sourceRef: {kind: \
                       HelmRepository, name: charts}}}\n  valuesFrom:\n  - {kind: Secret, name: shop-token}\n";
        let (findings, notes) = told(&fleet(release));
        assert_eq!(findings, [""; 0]);
        assert_eq!(
            notes,
            [
                "cannot tell whether Secret `flux-system/shop-token` exists: nothing in the fleet creates it, but Secrets \
              may be created by hand"
            ]
        );
        // Of a ConfigMap, Git says that it is not there.
        let (findings, notes) = told(&fleet(&release.replace("kind: Secret", "kind: ConfigMap")));
        assert_eq!(
            findings,
            ["sources/reference-not-found clusters/prod/more.yaml:13:29 ConfigMap `flux-system/shop-token` is not on \
              this cluster: HelmRelease `flux-system/shop` has no values and cannot be installed"]
        );
        assert_eq!(notes, [""; 0]);
    }

    #[test]
    fn what_charts_may_create_is_one_note() {
        let checks = "healthChecks: [{apiVersion: apps/v1, kind: Deployment, name: web, namespace: web}, {apiVersion: \
                      apps/v1, kind: Deployment, name: db, namespace: db}]";
        let repositories =
            fleet(&kustomization("apps", &format!("sourceRef: {{kind: GitRepository, name: flux-system}}, {checks}")));
        let release = |name: &str| {
            format!(
                "apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}}}\n---\napiVersion: \
                 helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{name: {name}, namespace: {name}}}\nspec: \
                 {{interval: 1h, chart: {{spec: {{chart: {name}, sourceRef: {{kind: HelmRepository, name: charts, \
                 namespace: flux-system}}}}}}}}\n---\n"
            )
        };
        let source = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: {name: charts, namespace: \
                      flux-system}\nspec: {url: https://charts.example.com, interval: 1h}\n";
        repositories.write(FLEET, "apps/apps.yaml", &[&release("web"), &release("db"), source].concat());
        let (findings, notes) = told(&repositories);
        assert_eq!(findings, [""; 0]);
        assert_eq!(
            notes,
            [
                "cannot tell whether Deployment `db/db`, Deployment `web/web` exist: the charts of HelmReleases may create \
              them, and are not rendered"
            ]
        );
    }

    #[test]
    fn no_error_rests_on_what_an_assumed_root_lacks() {
        let repositories = Repositories::empty();
        let apps = kustomization("apps", "sourceRef: {kind: GitRepository, name: flux-system}");
        repositories.write(FLEET, "clusters/prod/apps.yaml", &apps);
        let release = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: {name: charts, namespace: \
                       flux-system}\nspec: {url: https://charts.example.com, interval: 1h}\n---\napiVersion: \
                       helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: shop, namespace: \
                       flux-system}\nspec:\n  interval: 1h\n  chart: {spec: {chart: shop, sourceRef: {kind: \
                       HelmRepository, name: charts}}}\n  valuesFrom:\n  - {kind: ConfigMap, name: shop-values}\n";
        repositories.write(FLEET, "apps/release.yaml", release);
        let (findings, notes) = told(&repositories);
        assert_eq!(findings, [""; 0]);
        let why = "cannot tell whether ConfigMap `flux-system/shop-values` exists: the roots of this cluster are assumed, \
                   and it may hold more than they apply";
        assert!(notes.iter().any(|note| note == why), "{notes:#?}");
    }

    #[test]
    fn an_expression_in_a_generated_file_is_found_there() {
        let repositories = fleet(&kustomization(
            "apps",
            "sourceRef: {kind: GitRepository, name: flux-system}, postBuild: {substitute: {REGION: eu}}",
        ));
        repositories.write(
            FLEET,
            "apps/kustomization.yaml",
            "configMapGenerator:\n- name: geography\n  namespace: default\n  files: [values.yaml]\n",
        );
        repositories.write(
            FLEET,
            "apps/values.yaml",
            "name: ''\nregion: ${REGION}\nquery: \"rate(x{c=~\\\"${cluster-name}\\\"})\"\n",
        );
        let (findings, _) = told(&repositories);
        assert_eq!(
            findings,
            ["build/substitution-failed apps/values.yaml:3:21 variable substitution failed: missing closing brace in \
              `${cluster-name}`"]
        );
    }

    #[test]
    fn keys_of_two_providers_are_one_finding() {
        let provider = |name: &str, key: &str| {
            format!(
                "apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSetInputProvider\nmetadata: {{name: {name}, \
                 namespace: flux-system}}\nspec: {{type: Static, defaultValues: {{{key}: x}}}}\n---\n"
            )
        };
        let set = "apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nmetadata: {name: both, namespace: \
                   flux-system}\nspec:\n  inputsFrom:\n  - {kind: ResourceSetInputProvider, name: inputs-a}\n  - {kind: \
                   ResourceSetInputProvider, name: inputs-b}\n  resources:\n  - apiVersion: v1\n    kind: ConfigMap\n    \
                   metadata: {name: joined, namespace: default}\n    data:\n      foo: << inputs.foo >>\n      baz: << \
                   inputs.baz >>\n";
        let (findings, _) =
            told(&fleet(&[provider("inputs-a", "foo"), provider("inputs-b", "baz"), set.into()].concat()));
        assert_eq!(
            findings,
            [
                "build/substitution-failed clusters/prod/more.yaml:24:12 the template fails for the inputs of `inputs-a`: \
              they have no key `baz`, only those of `inputs-b` do\n  clusters/prod/more.yaml:9:43"
            ]
        );
    }

    #[test]
    fn a_value_that_a_range_goes_through_is_edited_in_the_input() {
        let set = "apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nmetadata: {name: set, namespace: \
                   flux-system}\nspec:\n  inputs:\n  - name: ldap\n    needs: [prereqs]\n  - name: portal\n    needs: \
                   [ldap, prereqs]\n  resourcesTemplate: |\n    apiVersion: helm.toolkit.fluxcd.io/v2\n    kind: \
                   HelmRelease\n    metadata:\n      name: << inputs.name >>\n      namespace: flux-system\n    spec:\n      \
                   interval: 1h\n      chart: {spec: {chart: x, sourceRef: {kind: HelmRepository, name: charts}}}\n      \
                   dependsOn:\n      <<- range inputs.needs >>\n      - name: << . >>\n      <<- end >>\n---\napiVersion: \
                   source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: {name: charts, namespace: \
                   flux-system}\nspec: {url: https://charts.example.com, interval: 1h}\n";
        let (findings, _) = told(&fleet(set));
        assert_eq!(
            findings,
            [
                "kustomization-graph/depends-on-missing clusters/prod/more.yaml:7:13 HelmRelease `flux-system/prereqs` is \
                 not on this cluster: HelmRelease `flux-system/ldap` waits for it forever",
                "kustomization-graph/depends-on-missing clusters/prod/more.yaml:9:19 HelmRelease `flux-system/prereqs` is \
                 not on this cluster: HelmRelease `flux-system/portal` waits for it forever"
            ]
        );
    }

    #[test]
    fn an_artifact_may_come_from_any_controller() {
        let reader =
            |name: &str| kustomization("user", &format!("sourceRef: {{kind: ExternalArtifact, name: {name}}}"));
        let (findings, notes) = told(&fleet(&reader("infra")));
        assert_eq!((findings, notes.len()), (vec![], 1));
        let generator = "apiVersion: source.extensions.fluxcd.io/v1beta1\nkind: ArtifactGenerator\nmetadata: {name: \
                         parts, namespace: flux-system}\nspec:\n  sources: [{alias: repo, kind: GitRepository, name: \
                         flux-system}]\n  artifacts: [{name: infra, copy: [{from: '@repo/apps/**', to: \
                         '@artifact/'}]}]\n---\n";
        let elsewhere = reader("infra").replace("./apps", "./");
        let repositories = fleet(&[generator, &elsewhere].concat());
        let config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: default}\n";
        repositories.write(FLEET, "apps/config.yaml", config);
        assert_eq!(told(&repositories), (vec![], vec![]));
    }

    #[test]
    fn what_an_operator_may_create_is_a_note() {
        let checked = |extra: &str| {
            let repositories = fleet(&kustomization(
                "web",
                "sourceRef: {kind: GitRepository, name: flux-system}, healthChecks: [{apiVersion: apps/v1, kind: \
                 Deployment, name: web, namespace: web}]",
            ));
            let namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n";
            repositories.write(FLEET, "apps/web.yaml", &format!("{namespace}{extra}"));
            told(&repositories)
        };
        let (findings, notes) = checked("");
        assert_eq!(
            findings,
            ["sources/reference-not-found clusters/prod/more.yaml:4:163 Deployment `web/web` is not on this cluster: \
              Kustomization `flux-system/web` waits for it and is never ready"]
        );
        assert_eq!(notes, [""; 0]);
        let (findings, notes) =
            checked("---\napiVersion: web.example.com/v1\nkind: WebServer\nmetadata: {name: web, namespace: web}\n");
        assert_eq!(findings, [""; 0]);
        assert_eq!(
            notes,
            [
                "cannot tell whether Deployment `web/web` exists: a controller may create it from objects of its own, as \
              WebServer web/web"
            ]
        );
    }

    #[test]
    fn what_a_lost_folder_would_bring_is_its_consequence() {
        let sources = kustomization("sources", "sourceRef: {kind: GitRepository, name: flux-system}");
        let release = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: shop, namespace: \
                       flux-system}\nspec:\n  interval: 1h\n  chart: {spec: {chart: shop, sourceRef: {kind: \
                       HelmRepository, name: charts}}}\n";
        let (findings, _) = told(&fleet(&[&sources, release].concat()));
        let rules: Vec<&str> = findings.iter().filter_map(|finding| finding.split(' ').next()).collect();
        assert_eq!(rules, ["kustomization-graph/path-not-found"]);
    }
}

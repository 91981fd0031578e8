//! Where clusters begin (flux-build-semantics section 7), and what comes onto them besides their Kustomizations.

mod cases {
    use fleetlint::fleet::{AppliedBy, Cluster, Fleet};
    use fleetlint::object::ObjectId;
    use fleetlint::run::{Request, Session};

    use crate::fleet::Repositories;

    const FLEET: &str = "fleet";

    fn fleet_of(files: &[(&str, &str)]) -> Fleet {
        let repositories = Repositories::empty();
        files.iter().for_each(|(file, text)| repositories.write(FLEET, file, text));
        let path = repositories.path(FLEET);
        Session::default().fleet(&Request::of(&path)).unwrap().0
    }

    /// Name and path of each cluster, and its reconcilers with what became of them.
    fn shown(fleet: &Fleet) -> Vec<(&str, &str, Vec<String>)> {
        let reconcilers = |cluster: &Cluster| {
            let reconcilers = cluster.reconcilers.iter();
            reconcilers.map(|reconciler| format!("{} {:?}", reconciler.object.id, reconciler.outcome)).collect()
        };
        fleet.clusters.iter().map(|it| (it.name.as_str(), it.paths[0].as_str(), reconcilers(it))).collect()
    }

    fn roots(files: &[(&str, &str)]) -> Vec<(String, String, Vec<String>)> {
        let fleet = fleet_of(files);
        let owned = |(name, path, reconcilers): (&str, &str, _)| (name.to_owned(), path.to_owned(), reconcilers);
        shown(&fleet).into_iter().map(owned).collect()
    }

    fn one(name: &str, path: &str, reconcilers: &[&str]) -> Vec<(String, String, Vec<String>)> {
        vec![(name.to_owned(), path.to_owned(), reconcilers.iter().map(|it| (*it).to_owned()).collect())]
    }

    const CONFIG: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\n";
    const SYNC: &str = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: flux-system, \
        namespace: flux-system}\nspec: {url: 'ssh://git@example.com/fleet', ref: {branch: main}}\n---\n\
        apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: flux-system, namespace: \
        flux-system}\nspec: {path: ./clusters/prod, sourceRef: {kind: GitRepository, name: flux-system}}\n";
    const ROOT: &str = "Kustomization flux-system/flux-system Rendered";
    const INSTANCE: &str = "FluxInstance flux-system/flux Rendered";

    fn instance(spec: &str) -> String {
        format!(
            "apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: {{name: flux, namespace: flux-system}}\n\
             spec:\n{spec}"
        )
    }

    fn sync(kind: &str, path: &str) -> String {
        format!("  sync: {{kind: {kind}, url: 'https://example.com/fleet', ref: x, path: {path}}}\n")
    }

    fn kustomization(name: &str, path: &str) -> String {
        format!(
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: {name}, namespace: \
             flux-system}}\nspec: {{path: {path}, sourceRef: {{kind: GitRepository, name: flux-system}}}}\n"
        )
    }

    #[test]
    fn bootstrap() {
        let files = [("clusters/prod/flux-system/gotk-sync.yaml", SYNC), ("clusters/prod/a.yaml", CONFIG)];
        assert_eq!(roots(&files), one("prod", "clusters/prod", &[ROOT]));
    }

    #[test]
    fn bootstrap_before_its_first_run() {
        let files = [("clusters/prod/flux-system/gotk-sync.yaml", ""), ("clusters/prod/a.yaml", CONFIG)];
        assert_eq!(roots(&files), one("prod", "clusters/prod", &[ROOT]));
    }

    #[test]
    fn an_instance() {
        let instance = instance(&sync("GitRepository", "clusters/prod"));
        let files = [("clusters/prod/flux.yaml", instance.as_str()), ("clusters/prod/a.yaml", CONFIG)];
        assert_eq!(roots(&files), one("prod", "clusters/prod", &[INSTANCE, ROOT]));
    }

    #[test]
    fn an_instance_of_the_whole_repository() {
        let instance = instance(&sync("GitRepository", "./"));
        let files = [("flux/instance.yaml", instance.as_str()), ("a.yaml", CONFIG)];
        assert_eq!(roots(&files), one("fleet", "", &[INSTANCE, ROOT]));
    }

    #[test]
    fn an_instance_of_a_folder_that_is_pushed_on_its_own() {
        let instance = instance(&sync("OCIRepository", "clusters/prod"));
        let files = [("deploy/clusters/prod/flux.yaml", instance.as_str()), ("deploy/clusters/prod/a.yaml", CONFIG)];
        assert_eq!(roots(&files), one("prod", "deploy/clusters/prod", &[INSTANCE, ROOT]));
    }

    #[test]
    fn an_instance_whose_patches_reach_its_sync() {
        let patches = "  kustomize:\n    patches:\n      - target: {kind: Kustomization}\n        patch: |\n          \
            - op: replace\n            path: /spec/path\n            value: clusters/other\n          \
            - op: add\n            path: /spec/postBuild\n            value: {substitute: {region: eu}}\n      \
            - target: {kind: Deployment}\n        patch: |\n          - {op: remove, path: /spec/replicas}\n";
        let instance = instance(&(sync("GitRepository", "clusters/prod") + patches));
        let config =
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\ndata: {r: '${region}'}\n";
        let files = [
            ("flux/instance.yaml", instance.as_str()),
            ("clusters/prod/b.yaml", CONFIG),
            ("clusters/other/a.yaml", config),
        ];
        let fleet = fleet_of(&files);
        let names = vec!["FluxInstance flux-system/flux Rendered".to_owned(), ROOT.to_owned()];
        assert_eq!(shown(&fleet), [("other", "clusters/other", names)]);
        let placed = fleet.clusters[0].find("", "ConfigMap", "default", "a").unwrap();
        assert_eq!(placed.object.str("/data/r"), Some("eu"));
    }

    #[test]
    fn the_chart_of_an_instance() {
        let release = format!(
            "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{name: flux, namespace: flux-system}}\n\
             spec:\n  chart: {{spec: {{chart: flux-instance}}}}\n  values:\n    instance:\n      \
             kustomize: {{patches: [{{target: {{kind: Kustomization}}, patch: '[{{\"op\": \"add\", \"path\": \"/spec/suspend\", \"value\": true}}]'}}]}}\n    {}",
            sync("GitRepository", "clusters/prod")
        );
        let files = [("clusters/prod/flux.yaml", release.as_str()), ("clusters/prod/a.yaml", CONFIG)];
        let fleet = fleet_of(&files);
        let names = vec!["HelmRelease flux-system/flux Opaque".to_owned(), ROOT.to_owned()];
        assert_eq!(shown(&fleet), [("prod", "clusters/prod", names)]);
        assert_eq!(fleet.clusters[0].reconcilers[1].object.str("/spec/suspend"), Some("true"));
    }

    #[test]
    fn a_folder_that_syncs_itself() {
        let own = kustomization("own", "clusters/prod");
        let files = [("clusters/prod/own.yaml", own.as_str()), ("clusters/prod/a.yaml", CONFIG)];
        assert_eq!(roots(&files), one("prod", "clusters/prod", &["Kustomization flux-system/own Rendered"]));
    }

    #[test]
    fn kustomizations_that_somebody_applies() {
        let (apps, infra) = (kustomization("apps", "apps"), kustomization("infra", "infra"));
        let files = [
            ("prod/apps.yaml", apps.as_str()),
            ("prod/infra/infra.yaml", infra.as_str()),
            ("apps/a.yaml", CONFIG),
            ("infra/a.yaml", CONFIG),
        ];
        let reconcilers = [ROOT, "Kustomization flux-system/apps Rendered", "Kustomization flux-system/infra Rendered"];
        assert_eq!(roots(&files), one("prod", "prod", &reconcilers));
    }

    #[test]
    fn two_roots_of_one_folder() {
        let instance = instance(&sync("GitRepository", "clusters/prod")).replace("sync: {", "sync: {name: sync, ");
        let files = [
            ("clusters/prod/flux-system/gotk-sync.yaml", SYNC),
            ("clusters/prod/flux.yaml", instance.as_str()),
            ("clusters/prod/a.yaml", CONFIG),
        ];
        let reconcilers = [INSTANCE, "Kustomization flux-system/sync Rendered", ROOT];
        assert_eq!(roots(&files), one("prod", "clusters/prod", &reconcilers));
    }

    #[test]
    fn a_catalogue_has_no_root() {
        let files = [("components/a/kustomization.yaml", "resources: [a.yaml]\n"), ("components/a/a.yaml", CONFIG)];
        assert_eq!(roots(&files), []);
    }

    const SET: &str = "apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nmetadata: {name: tenants, namespace: \
        flux-system}\nspec:\n  inputsFrom: [{kind: ResourceSetInputProvider, selector: {matchLabels: {kind: tenant}}}]\n  \
        resources:\n    - {apiVersion: v1, kind: Namespace, metadata: {name: << inputs.tenant >>, labels: {tenant: 'yes'}}}\n    \
        - apiVersion: v1\n      kind: ConfigMap\n      metadata:\n        name: info\n        namespace: << inputs.tenant >>\n        \
        annotations: {fluxcd.controlplane.io/copyFrom: flux-system/info}\n    \
        - apiVersion: v1\n      kind: Secret\n      metadata:\n        name: made-elsewhere\n        namespace: << inputs.tenant >>\n        \
        annotations: {fluxcd.controlplane.io/copyFrom: elsewhere/token}\n    \
        - apiVersion: kustomize.toolkit.fluxcd.io/v1\n      kind: Kustomization\n      metadata: {name: app, namespace: << inputs.tenant >>}\n      \
        spec:\n        path: apps/<< inputs.tenant >>\n        sourceRef: {kind: GitRepository, name: flux-system, namespace: flux-system}\n        \
        postBuild: {substituteFrom: [{kind: ConfigMap, name: info}]}\n";
    const PROVIDER: &str = "apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSetInputProvider\nmetadata: {name: red, \
        namespace: flux-system, labels: {kind: tenant}}\nspec: {type: Static, defaultValues: {tenant: red}}\n";
    const INFO: &str =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: info, namespace: flux-system}\ndata: {ZONE: eu-1}\n";
    const APP: &str =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app, namespace: red}\ndata: {zone: '${ZONE}'}\n";

    #[test]
    fn a_resource_set_brings_its_tenants() {
        let files = [
            ("clusters/prod/flux-system/gotk-sync.yaml", SYNC),
            ("clusters/prod/set.yaml", SET),
            ("clusters/prod/provider.yaml", PROVIDER),
            ("clusters/prod/info.yaml", INFO),
            ("apps/red/app.yaml", APP),
        ];
        let fleet = fleet_of(&files);
        let reconcilers =
            [ROOT, "ResourceSet flux-system/tenants Rendered", "Kustomization red/app Rendered"].map(str::to_owned);
        assert_eq!(shown(&fleet), [("prod", "clusters/prod", reconcilers.to_vec())]);
        let cluster = &fleet.clusters[0];
        assert_eq!(cluster.find("", "ConfigMap", "red", "info").unwrap().object.str("/data/ZONE"), Some("eu-1"));
        assert_eq!(cluster.find("", "ConfigMap", "red", "app").unwrap().object.str("/data/zone"), Some("eu-1"));
        assert!(!cluster.find("", "Secret", "red", "made-elsewhere").unwrap().settled);
    }

    #[test]
    fn a_resource_set_with_unknown_inputs_is_undetermined() {
        let provider = PROVIDER.replace("Static", "GitHubPullRequest");
        let files = [
            ("clusters/prod/flux-system/gotk-sync.yaml", SYNC),
            ("clusters/prod/set.yaml", SET),
            ("clusters/prod/provider.yaml", provider.as_str()),
        ];
        let reason =
            "the inputs of ResourceSetInputProvider flux-system/red (type `GitHubPullRequest`) are not in the fleet";
        let set = format!("ResourceSet flux-system/tenants Undetermined(Build({reason:?}))");
        assert_eq!(roots(&files), one("prod", "clusters/prod", &[ROOT, &set]));
    }

    #[test]
    fn policies_and_annotations_make_copies() {
        let policy = "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: defaults}\nspec:\n  rules:\n    \
            - name: quota\n      match: {any: [{resources: {kinds: [Namespace], selector: {matchLabels: {team: a}}}}]}\n      \
            generate:\n        apiVersion: v1\n        kind: ConfigMap\n        name: '{{ request.object.metadata.name }}-quota'\n        \
            namespace: '{{request.object.metadata.name}}'\n        data: {data: {pods: '10'}}\n    \
            - name: open\n      match: {any: [{resources: {kinds: [Namespace], names: [b]}}]}\n      \
            generate: {apiVersion: v1, kind: ConfigMap, name: open, namespace: b, data: {data: {by: '{{request.userInfo.username}}'}}}\n";
        let namespaces = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: {team: a}}\n---\n\
            apiVersion: v1\nkind: Namespace\nmetadata: {name: b}\n";
        let secrets = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: pull\n  namespace: flux-system\n  annotations: \
            {reflector.v1.k8s.emberstack.com/reflection-allowed: 'true', reflector.v1.k8s.emberstack.com/reflection-auto-enabled: 'true'}\n---\n\
            apiVersion: v1\nkind: Secret\nmetadata:\n  name: push\n  namespace: flux-system\n  annotations: \
            {replicator.v1.mittwald.de/replicate-to-matching: team=a}\n";
        let files = [
            ("clusters/prod/flux-system/gotk-sync.yaml", SYNC),
            ("clusters/prod/policy.yaml", policy),
            ("clusters/prod/namespaces.yaml", namespaces),
            ("clusters/prod/secrets.yaml", secrets),
        ];
        let fleet = fleet_of(&files);
        let copies = fleet.clusters[0].objects.iter().filter(|placed| matches!(placed.by, AppliedBy::Copy { .. }));
        let mut copies: Vec<String> = copies.map(|placed| format!("{} {}", placed.object.id, placed.settled)).collect();
        copies.sort();
        let expected = [
            "ConfigMap a/a-quota true",
            "ConfigMap b/open false",
            "Secret a/pull true",
            "Secret a/push true",
            "Secret b/pull true",
        ];
        assert_eq!(copies, expected);
    }

    /// Of what something on the cluster makes, Git shows the metadata: copies of it exist, and nothing judges them.
    #[test]
    fn secrets_that_are_made_on_the_cluster_are_copied() {
        let namespaces = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: {team: a}}\n---\n\
            apiVersion: v1\nkind: Namespace\nmetadata: {name: b}\n";
        let certificate = "apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: wildcard, namespace: certs}\n\
            spec:\n  secretName: tls\n  secretTemplate:\n    annotations:\n      \
            reflector.v1.k8s.emberstack.com/reflection-allowed: 'true'\n      \
            reflector.v1.k8s.emberstack.com/reflection-auto-enabled: 'true'\n      \
            reflector.v1.k8s.emberstack.com/reflection-auto-namespaces: a\n";
        let external = "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: pull, namespace: certs}\n\
            spec: {target: {template: {metadata: {labels: {share: 'yes'}}}}}\n";
        let policy = "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: share}\nspec:\n  rules:\n    \
            - name: share\n      match: {any: [{resources: {kinds: [Namespace], names: [b]}}]}\n      \
            generate: {namespace: '{{request.object.metadata.name}}', cloneList: {namespace: certs, kinds: [v1/Secret], selector: {matchLabels: {share: 'yes'}}}}\n";
        let everywhere = "apiVersion: external-secrets.io/v1\nkind: ClusterExternalSecret\nmetadata: {name: git}\n\
            spec: {namespaceSelectors: [{matchLabels: {team: a}}], externalSecretSpec: {target: {name: git-token}}}\n";
        let files = [
            ("clusters/prod/flux-system/gotk-sync.yaml", SYNC),
            ("clusters/prod/namespaces.yaml", namespaces),
            ("clusters/prod/certificate.yaml", certificate),
            ("clusters/prod/external.yaml", external),
            ("clusters/prod/policy.yaml", policy),
            ("clusters/prod/everywhere.yaml", everywhere),
        ];
        let fleet = fleet_of(&files);
        let cluster = &fleet.clusters[0];
        let copies = cluster.objects.iter().filter(|placed| matches!(placed.by, AppliedBy::Copy { .. }));
        let mut copies: Vec<String> = copies.map(|placed| format!("{} {}", placed.object.id, placed.settled)).collect();
        copies.sort();
        assert_eq!(copies, ["Secret a/tls false", "Secret b/pull false"]);
        let has = |namespace: &str| {
            let (kind, name) = ("Secret".into(), "git-token".into());
            cluster.existence().has_secret(&ObjectId { group: "".into(), kind, namespace: namespace.into(), name })
        };
        assert!(has("a") && !has("b"));
    }
}

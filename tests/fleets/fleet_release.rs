//! What releases of Flux and the flags of its controllers change in what a cluster applies.

mod cases {
    use fleetlint::fleet::Cluster;
    use fleetlint::flux::release::FluxVersion;
    use fleetlint::run::{Request, Session};
    use fleetlint::triage::Selection;

    use crate::fleet::Repositories;

    const SYNC: &str = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: flux-system, \
        namespace: flux-system}\nspec: {interval: 1m, url: 'https://github.com/acme/fleet', ref: {branch: main}}\n---\n\
        apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: flux-system, namespace: \
        flux-system}\nspec: {interval: 1m, prune: true, path: ./clusters/home, sourceRef: {kind: GitRepository, name: \
        flux-system}}\n";

    /// The release and the controller that bootstrap wrote down.
    fn components(version: &str) -> String {
        format!(
            "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: flux-system\n  labels: {{app.kubernetes.io/part-of: \
             flux, app.kubernetes.io/version: {version}}}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: \
             kustomize-controller, namespace: flux-system}}\nspec: {{template: {{spec: {{containers: [{{name: manager, \
             args: [--watch-all-namespaces=true]}}]}}}}}}\n"
        )
    }

    const GATE: &str = "--feature-gates=StrictPostBuildSubstitutions=false";

    /// A bootstrapped cluster whose app uses a variable that nothing defines.
    fn bootstrapped(version: &str, patches: &str, app: &str, files: &[(&str, &str)]) -> Repositories {
        let repositories = Repositories::empty();
        let write = |file: &str, text: &str| repositories.write("fleet", file, text);
        write("clusters/home/flux-system/gotk-components.yaml", &components(version));
        write("clusters/home/flux-system/gotk-sync.yaml", SYNC);
        let flux = format!("resources: [gotk-components.yaml, gotk-sync.yaml]\n{patches}");
        write("clusters/home/flux-system/kustomization.yaml", &flux);
        write("clusters/home/app.yaml", app);
        write("app/config.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {token: 'x-${TOKEN}'}\n");
        files.iter().for_each(|(file, text)| write(file, text));
        repositories
    }

    const APP: &str = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: app, namespace: \
        flux-system}\nspec: {interval: 1h, prune: true, path: ./app, targetNamespace: default, sourceRef: {kind: \
        GitRepository, name: flux-system}, postBuild: {substitute: {APP: a}}}\n";

    /// The messages of a run; `flux` is what `--flux` says.
    fn messages(repositories: &Repositories, flux: Option<&str>) -> Vec<String> {
        let path = repositories.path("fleet");
        let request = Request { flux: flux.and_then(FluxVersion::parse), ..Request::of(&path) };
        let report = Session::default().check(&request, &Selection::default(), None).unwrap();
        report.findings.into_iter().map(|finding| finding.message).collect()
    }

    /// A field of an object of the only cluster.
    fn value(repositories: &Repositories, (kind, name): (&str, &str), pointer: &str) -> Option<String> {
        let path = repositories.path("fleet");
        let (fleet, _) = Session::default().fleet(&Request::of(&path)).unwrap();
        let cluster: &Cluster = &fleet.clusters[0];
        let found = cluster.objects.iter().find(|it| it.object.id.kind == kind && it.object.id.name == name)?;
        found.object.str(pointer).map(str::to_owned)
    }

    const UNDEFINED: &str = "variable `TOKEN` is not defined: Flux 2.9 and later refuse the substitution";
    const EMPTY: &str = "`TOKEN` is not defined: `${TOKEN}` becomes empty in Kustomization `flux-system/app`";

    #[test]
    fn undefined_variables_fail_from_2_9_on() {
        assert_eq!(messages(&bootstrapped("v2.9.2", "", APP, &[]), None), [UNDEFINED]);
        assert_eq!(messages(&bootstrapped("v2.8.1", "", APP, &[]), None), [EMPTY]);
    }

    #[test]
    fn a_run_may_judge_all_clusters_as_if_they_ran_another_release() {
        assert_eq!(messages(&bootstrapped("v2.8.1", "", APP, &[]), Some("2.10")), [UNDEFINED]);
        assert_eq!(messages(&bootstrapped("v2.9.2", "", APP, &[]), Some("2.8")), [EMPTY]);
    }

    #[test]
    fn a_patch_over_what_bootstrap_wrote_turns_strict_substitution_off() {
        let path = "/spec/template/spec/containers/0/args/-";
        let add = format!(r#"[{{"op": "add", "path": "{path}", "value": "{GATE}"}}]"#);
        let inline =
            format!("patches: [{{target: {{kind: Deployment, name: kustomize-controller}}, patch: '{add}'}}]\n");
        assert_eq!(messages(&bootstrapped("v2.9.2", &inline, APP, &[]), None), [EMPTY]);
        let file = "patches: [{target: {kind: Deployment, name: kustomize-controller}, path: gates.yaml}]\n";
        let files = [("clusters/home/flux-system/gates.yaml", add.as_str())];
        assert_eq!(messages(&bootstrapped("v2.9.2", file, APP, &files), None), [EMPTY]);
        // Whatever release is asked about: the controllers run with the gate.
        assert_eq!(messages(&bootstrapped("v2.9.2", &inline, APP, &[]), Some("2.10")), [EMPTY]);
        // What a comment says does nothing.
        let comment = format!(
            "patches:\n- target: {{kind: Deployment, name: kustomize-controller}}\n  patch: |\n    # {GATE}\n    - op: \
             add\n      path: {path}\n      value: --log-level=info\n"
        );
        assert_eq!(messages(&bootstrapped("v2.9.2", &comment, APP, &[]), None), [UNDEFINED]);
    }

    /// A cluster of the Flux Operator.
    fn instance(version: &str, spec: &str) -> Repositories {
        let repositories = Repositories::empty();
        let text = format!(
            "apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: {{name: flux, namespace: \
             flux-system}}\nspec:\n  distribution: {{version: {version}, registry: ghcr.io/fluxcd}}\n  sync: {{kind: \
             GitRepository, url: 'https://github.com/acme/fleet', ref: refs/heads/main, path: clusters/home}}\n{spec}"
        );
        repositories.write("fleet", "clusters/home/flux-instance.yaml", &text);
        repositories.write("fleet", "clusters/home/app.yaml", APP);
        let config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {token: 'x-${TOKEN}'}\n";
        repositories.write("fleet", "app/config.yaml", config);
        repositories
    }

    #[test]
    fn a_patch_of_the_instance_turns_strict_substitution_off_or_on() {
        let patch = |gate: &str| {
            format!(
                "  kustomize:\n    patches:\n    - target: {{kind: Deployment, name: kustomize-controller}}\n      patch: \
                 |\n        - op: add\n          path: /spec/template/spec/containers/0/args/-\n          value: {gate}\n"
            )
        };
        assert_eq!(messages(&instance("2.9.x", ""), None), [UNDEFINED]);
        assert_eq!(messages(&instance("2.9.x", &patch(GATE)), None), [EMPTY]);
        assert_eq!(messages(&instance("2.8.x", &patch(&GATE.replace("false", "true"))), None), [UNDEFINED]);
    }

    const IMAGES: &str = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: app, \
        namespace: flux-system}\nspec: {interval: 1h, prune: true, path: ./app, targetNamespace: default, sourceRef: \
        {kind: GitRepository, name: flux-system}, images: [{name: web, newName: mirror/web}]}\n";

    #[test]
    fn images_of_a_kustomization_replace_those_of_the_folder_before_2_9_3() {
        let files = [
            ("app/kustomization.yaml", "resources: [pod.yaml]\nimages: [{name: web, newTag: v3}]\n"),
            ("app/pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{image: web}]}\n"),
            ("app/config.yaml", ""),
        ];
        let image = |version| {
            let repositories = bootstrapped(version, "", IMAGES, &files);
            value(&repositories, ("Pod", "p"), "/spec/containers/0/image").unwrap()
        };
        assert_eq!(image("v2.9.3"), "mirror/web:v3");
        assert_eq!(image("v2.10.0"), "mirror/web:v3");
        assert_eq!(image("v2.9.2"), "mirror/web");
        assert_eq!(image("v2.7.5"), "mirror/web");
    }

    #[test]
    fn exclude_of_a_generator_means_paths_of_the_source_from_2_9_on() {
        let generator = "apiVersion: source.extensions.fluxcd.io/v1beta1\nkind: ArtifactGenerator\nmetadata: {name: g, \
            namespace: flux-system}\nspec:\n  sources: [{alias: repo, kind: GitRepository, name: flux-system}]\n  \
            artifacts:\n  - name: infra\n    copy:\n    - {from: '@repo/infra/**', to: '@artifact/', exclude: \
            ['infra/a/old/**']}\n---\n";
        let app = generator.to_owned()
            + "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: infra, namespace: \
               flux-system}\nspec: {interval: 1h, prune: true, path: ./, sourceRef: {kind: ExternalArtifact, name: \
               infra}}\n";
        let config =
            |name: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: x}}\n");
        let (old, new) = (config("old"), config("new"));
        let files = [("infra/a/old/c.yaml", old.as_str()), ("infra/a/new/c.yaml", new.as_str())];
        let found = |version| {
            let repositories = bootstrapped(version, "", &app, &files);
            ["old", "new"].map(|name| value(&repositories, ("ConfigMap", name), "/metadata/name").is_some())
        };
        assert_eq!(found("v2.9.0"), [false, true]);
        assert_eq!(found("v2.8.1"), [true, true]);
    }
}

//! `clusters` and the keys beside it in fleetlint.yaml: what is read, and where errors point.

mod cases {
    use fleetlint::config::{ConfiguredCluster, ConfiguredRoot};
    use fleetlint::fleet::FluxVersion;

    use crate::support::{config, problems};

    const CLUSTERS: &str = "clusters:
  - name: prod-eu
    path: ./clusters/prod-eu/
  - name: qa/01
    roots:
      - {path: infra/qa/01}
      - path: services/qa/01
        name: services
        namespace: flux-config
        dependsOn: [infra]
        substitute: {ENVIRONMENT: qa, EMPTY: '', COUNT: 3}
        substituteFrom: [{kind: ConfigMap, name: platform-vars}, {kind: Secret, name: keys}]
        serviceAccountName: flux-applier
  - path: deploy/environments/*/*
    base: deploy
    source: {kind: OCIRepository, namespace: flux-config, name: fleet, url: 'oci://git.example/fleet', branch: main}
    flux: 2.10
    multitenant: true
  - path: .
    source: {url: 'https://git.example/fleet'}
    multitenant: false
discover: false
unapplied: [archive/**, ./apps/*/old/**/]
flux: 2.x
";

    fn paths(cluster: &ConfiguredCluster) -> Vec<&str> {
        cluster.roots.iter().map(|root| root.path.as_str()).collect()
    }

    #[test]
    fn clusters_are_read() {
        let config = config(CLUSTERS);
        let clusters = config.clusters.as_deref().unwrap();
        let names: Vec<_> = clusters.iter().map(|it| (it.name.as_deref(), paths(it), it.is_pattern)).collect();
        let expected = [
            (Some("prod-eu"), vec!["clusters/prod-eu"], false),
            (Some("qa/01"), vec!["infra/qa/01", "services/qa/01"], false),
            (None, vec!["deploy/environments/*/*"], true),
            (None, vec![""], false),
        ];
        assert_eq!(names, expected);
        assert!(!config.discover);
        let base: Vec<_> = clusters.iter().map(|it| it.base.as_ref().map(|(base, _)| base.as_str())).collect();
        assert_eq!(base, [None, None, Some("deploy"), None]);
        let multitenant: Vec<_> = clusters.iter().map(|it| it.multitenant).collect();
        assert_eq!(multitenant, [None, None, Some(true), Some(false)]);
        assert!(clusters.iter().all(|it| it.place.is_some()));
    }

    #[test]
    fn roots_are_read() {
        let config = config(CLUSTERS);
        let [plain, root] = &config.clusters.as_deref().unwrap()[1].roots[..] else { panic!("two roots") };
        let ConfiguredRoot { path, path_place: Some(_), .. } = plain else { panic!("a place") };
        assert_eq!((path.as_str(), &plain.name, plain.depends_on.len()), ("infra/qa/01", &None, 0));
        assert_eq!((root.name.as_deref(), root.namespace.as_deref()), (Some("services"), Some("flux-config")));
        assert_eq!(root.depends_on.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["infra"]);
        assert_eq!(root.service_account_name.as_ref().map(|(name, _)| name.as_str()), Some("flux-applier"));
        let texts = |entry: &fleetlint::yaml::Entry| {
            assert!(entry.value.place().is_some());
            format!("{}={}", entry.key.text().unwrap(), entry.value.text().unwrap())
        };
        assert_eq!(root.substitute.iter().map(texts).collect::<Vec<_>>(), ["ENVIRONMENT=qa", "EMPTY=", "COUNT=3"]);
        let from: Vec<_> = root.substitute_from.iter().map(|(kind, (name, _))| format!("{kind}/{name}")).collect();
        assert_eq!(from, ["ConfigMap/platform-vars", "Secret/keys"]);
    }

    #[test]
    fn sources_and_versions_of_clusters_are_read() {
        let config = config(CLUSTERS);
        let clusters = config.clusters.as_deref().unwrap();
        let source = |index: usize| {
            let source = clusters[index].source.as_ref()?;
            let url = source.url.as_deref().unwrap_or("-");
            let branch = source.branch.as_deref().unwrap_or("-");
            Some(format!("{} {}/{} {url} {branch}", source.kind, source.namespace, source.name))
        };
        assert_eq!(source(0), None);
        assert_eq!(source(2).as_deref(), Some("OCIRepository flux-config/fleet oci://git.example/fleet main"));
        assert_eq!(source(3).as_deref(), Some("GitRepository flux-system/flux-system https://git.example/fleet -"));
        let version = FluxVersion { oldest: (2, 10), newest: (2, 10), patch: None };
        assert_eq!(clusters[2].flux.map(|flux| flux.version), Some(version));
        assert_eq!(config.flux.map(|flux| flux.version), FluxVersion::parse("2.x"));
    }

    #[test]
    fn unapplied_paths_are_patterns() {
        let config = config(CLUSTERS);
        let is_unapplied = |path: &str| config.unapplied.iter().any(|pattern| pattern.matches(path));
        assert!(is_unapplied("archive/a/b.yaml") && is_unapplied("apps/mail/old/ks"));
        assert!(!is_unapplied("apps/a/b/old/ks.yaml") && !is_unapplied("clusters/archive/a"));
    }

    #[test]
    fn no_clusters_differ_from_none_that_are_listed() {
        assert!(config("profile: d1\n").clusters.is_none());
        assert!(config("clusters:\n").clusters.is_none());
        assert_eq!(config("clusters: []\n").clusters, Some(Vec::new()));
        assert!(config("clusters:\n- {path: a}\ndiscover: true\n").discover);
    }

    #[test]
    fn a_found_cluster_is_named_only() {
        let config = config("clusters:\n- {name: prod, flux: '2.7'}\ndiscover: true\n");
        let cluster = &config.clusters.unwrap()[0];
        assert_eq!((cluster.name.as_deref(), cluster.roots.len()), (Some("prod"), 0));
    }

    #[test]
    fn releases_before_2_0_are_of_flux_2() {
        let config = config("clusters:\n- {path: a, flux: '0.41'}\n");
        assert_eq!(config.clusters.unwrap()[0].flux.map(|flux| flux.version), FluxVersion::parse("0.41"));
    }

    #[test]
    fn one_folder_may_be_two_clusters() {
        let two = "clusters:\n- {name: a, roots: [{path: x, substitute: {E: a}}]}\n- {name: b, path: x}\n";
        assert_eq!(config(two).clusters.unwrap().len(), 2);
    }

    #[test]
    fn errors_in_clusters_point_into_the_file() {
        let cases: &[(&str, &[&str])] = &[
            (
                "clusters:\n- {path: a, roots: [{path: b}]}\n- {name: x}\n- {flux: '2.7'}\n",
                &[
                    "2:13-18 a cluster has `path` or `roots`, not both (list all folders below `roots`)",
                    "3:4-8 a cluster has no `path` and no `roots` (add the folder that it syncs as `path`, or several below `roots`)",
                    "4:4-8 a cluster has no `path` and no `roots` (add the folder that it syncs as `path`, or several below `roots`)",
                ],
            ),
            (
                "clusters:\n- {flux: '2.7'}\ndiscover: true\n",
                &[
                    "2:4-8 a cluster has no `path` and no `roots` (add the folder that it syncs as `path`, or several below `roots`)",
                ],
            ),
            (
                "clusters:\n- {pth: a, path: b}\n- {path: c, substitute: {A: b}}\n- d\n",
                &[
                    "2:4-7 a cluster has no key `pth` (did you mean `path`?)",
                    "3:13-23 a cluster has no key `substitute` (move `substitute` into an entry of `roots`, beside its `path`)",
                    "4:3-4 an entry of `clusters` is not a mapping (write `key: value` lines below it)",
                ],
            ),
            (
                "clusters:\n- path: a**\n- path: ../b\n- {path: c, base: ../d}\n- {name: e, path: e/*}\n",
                &[
                    "2:9-12 `a**` is not a pattern: recursive wildcards must form a single path component (`*` matches part of a name, `**` any number of folders, `[a-c]` one character)",
                    "3:9-13 `path` leads out of the repository: `../b` (paths count from the root of the repository)",
                    "4:19-23 `base` leads out of the repository: `../d` (paths count from the root of the repository)",
                    "5:4-8 a pattern cannot have a name: its clusters are named by what `*` matches (remove `name`, or list the folders one by one)",
                ],
            ),
            (
                "clusters:\n- {name: a, path: b}\n- {name: a, path: c}\n- {path: d}\n- {path: ./d/}\n",
                &[
                    "3:10-11 two clusters have the name `a` (rename one of the two)",
                    "5:10-14 two clusters have the path `d` (remove one of the two)",
                ],
            ),
            (
                "clusters:\n- roots: []\n- roots: [{name: x}, {path: 'y/*'}, {path: z, dependson: [w]}, ../v]\n",
                &[
                    "2:10-12 `roots` is empty (list the folders that the cluster syncs)",
                    "3:12-16 a root has no `path` (add the folder that it syncs)",
                    "3:29-34 the path of a root cannot be a pattern: `y/*` (give the cluster itself a pattern as `path`: then each folder that it matches is a cluster)",
                    "3:47-56 a root has no key `dependson` (did you mean `dependsOn`?)",
                    "3:64-68 an entry of `roots` is not a mapping (write `key: value` lines below it)",
                ],
            ),
            (
                "clusters:\n- roots:\n  - path: a\n    substituteFrom: [{kind: Configmap, name: x}, {kind: Secret}]\n    substitute: {A: [b]}\n",
                &[
                    "4:29-38 there is no kind `Configmap` (did you mean `ConfigMap`?)",
                    "4:51-55 an entry of `substituteFrom` has no `name` (name the ConfigMap or Secret by `kind` and `name`)",
                    "5:22-23 a value is not a string (write a single value)",
                ],
            ),
            (
                "clusters:\n- {path: a, source: {kind: GitRepo, uri: x}, multitenant: maybe, flux: latest}\n",
                &[
                    "2:28-35 there is no kind of source `GitRepo` (known are `GitRepository`, `OCIRepository`, `Bucket`, `ExternalArtifact`)",
                    "2:37-40 the source of a cluster has no key `uri` (did you mean `url`?)",
                    "2:59-64 `multitenant` is neither `true` nor `false` (write one of the two)",
                    "2:72-78 `latest` is not a version of Flux (write a release of Flux 2 (`\"2.7\"`) or a range (`2.x`, `>=2.6 <2.9`))",
                ],
            ),
            (
                "flux: 27\ndiscover: yes please\nunapplied: [a/***, ../b, '']\n",
                &[
                    "1:7-9 `27` is not a version of Flux (write a release of Flux 2 (`\"2.7\"`) or a range (`2.x`, `>=2.6 <2.9`))",
                    "2:11-21 `discover` is neither `true` nor `false` (write one of the two)",
                    "3:13-18 `a/***` is not a pattern: wildcards are either regular `*` or recursive `**` (`*` matches part of a name, `**` any number of folders, `[a-c]` one character)",
                    "3:20-24 an item of `unapplied` leads out of the repository: `../b` (paths count from the root of the repository)",
                    "3:26-28 an item of `unapplied` is empty (give it a value or remove it)",
                ],
            ),
            (
                "clusters:\n- {}\n- null\n-\n- {path: a, roots: [{}]}\n- roots: [~, {path: b, substituteFrom: [{}]}]\n",
                &[
                    "2:3-5 an entry of `clusters` is empty (a cluster needs the folder that it syncs as `path`, and may have a `name`; `clusters: []` says that there are none)",
                    "3:3-7 an entry of `clusters` is empty (a cluster needs the folder that it syncs as `path`, and may have a `name`; `clusters: []` says that there are none)",
                    "4:2-2 an entry of `clusters` is empty (a cluster needs the folder that it syncs as `path`, and may have a `name`; `clusters: []` says that there are none)",
                    "5:13-18 a cluster has `path` or `roots`, not both (list all folders below `roots`)",
                    "5:21-23 an entry of `roots` is empty (add the folder that the cluster syncs as its `path`)",
                    "6:11-12 an entry of `roots` is empty (add the folder that the cluster syncs as its `path`)",
                    "6:41-43 an entry of `substituteFrom` is empty (name the ConfigMap or Secret by `kind` and `name`)",
                ],
            ),
            (
                "externals: [{}]\ntenants: [{}]\ntokens: [null]\n",
                &[
                    "1:13-15 an entry of `externals` is empty (name the object by kind, namespace and name)",
                    "2:11-13 an entry of `tenants` is empty (name the tenant, and say whether it is part of the `platform`)",
                    "3:10-14 an entry of `tokens` is empty (give the token a `name`, and say what it may do)",
                ],
            ),
            (
                "clusters:\n- {path: a, flux: '1.24'}\n- {path: b, flux: '0'}\n",
                &[
                    "2:19-25 `1.24` is not a version of Flux (write a release of Flux 2 (`\"2.7\"`) or a range (`2.x`, `>=2.6 <2.9`))",
                    "3:19-22 `0` is not a version of Flux (write a release of Flux 2 (`\"2.7\"`) or a range (`2.x`, `>=2.6 <2.9`))",
                ],
            ),
            ("clustrs: []\n", &["1:1-8 the configuration has no key `clustrs` (did you mean `clusters`?)"]),
            ("clusters: {a: b}\n", &["1:12-13 `clusters` is not a list (write `- item` lines below it)"]),
        ];
        for (text, expected) in cases {
            assert_eq!(problems(text), *expected, "{text}");
        }
    }

    #[test]
    fn tenants_are_read() {
        let config = config("tenants: [{name: infra, platform: true}, {name: apps}, {name: ops, platform: false}]\n");
        let tenants: Vec<_> = config.tenants.iter().map(|it| (it.name.as_str(), it.platform)).collect();
        assert_eq!(tenants, [("infra", true), ("apps", false), ("ops", false)]);
        let expected = [
            "2:4-12 a tenant has no `name` (add the value of its label `toolkit.fluxcd.io/tenant`)",
            "3:13-20 a tenant has no key `plaform` (did you mean `platform`?)",
            "4:10-11 tenant `x` is listed twice (remove one of the two)",
            "5:3-4 a tenant is not a mapping (write `key: value` lines below it)",
        ];
        let text = "tenants:\n- {platform: true}\n- {name: x, plaform: true}\n- {name: x}\n- y\n";
        assert_eq!(problems(text), expected);
    }

    #[test]
    fn sources_are_external_on_purpose() {
        let text =
            "sources:\n  https://git.example/acme/apps.git: {external: true}\n  b: {path: ../b, external: false}\n";
        let config = config(text);
        let sources: Vec<_> = config.sources.iter().map(|it| (it.path.as_deref(), it.external)).collect();
        assert_eq!(sources, [(None, true), (Some("../b"), false)]);
        assert!(config.is_external("ssh://git@GIT.example/acme/apps"));
        assert!(!config.is_external("https://git.example/acme/app") && !config.is_external("b"));
        let expected = [
            "2:23-27 source `a` is external, and has a `path` (remove it, or `external`: an external source is not read)",
            "3:3-4 source `b` has no `path` (add its local path, or `external: true` if it is left out on purpose)",
            "4:17-18 `external` is neither `true` nor `false` (write one of the two)",
        ];
        let text = "sources:\n  a: {external: true, path: x}\n  b: {external: false}\n  c: {external: 1}\n";
        assert_eq!(problems(text), expected);
    }
}

//! Builds that lack something which lies elsewhere: which objects are known all the same. Each case is built twice, with what
//! is missing at hand and as a URL: what counts as settled in the second must be in the first as it is.

mod cases {
    use std::sync::Arc;

    use fleetlint::kustomize::{Build, LoadRestriction, Options, Order, Reader, build};
    use fleetlint::object::Object;
    use fleetlint::problem::ProblemKind;
    use fleetlint::source::{Files, open_for_build};
    use fleetlint::yaml::{Documents, print};

    /// One of each way to name others, and some that name nothing.
    const OBJECTS: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec: {template: {spec: {serviceAccountName: sa, containers: [{name: c, image: i, envFrom: [{configMapRef: {name: cfg}}]}]}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: binding}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: role}
subjects: [{kind: ServiceAccount, name: sa, namespace: old}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: hook}
webhooks: [{name: h, clientConfig: {service: {name: svc, namespace: old}}}]
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: release}
spec: {valuesFrom: [{kind: ConfigMap, name: cfg}]}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: ks}
spec: {path: ./apps}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: text}
data: {k: a $(VAR) b}
";

    /// What is missing: as a file, and in a base.
    const M: &str = "apiVersion: v1
kind: ServiceAccount
metadata: {name: sa, namespace: old}
---
apiVersion: v1
kind: Service
metadata: {name: svc, namespace: old}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: cfg}
data: {k: v}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: role}
";

    const HERE: [(&str, &str); 5] = [
        ("objects.yaml", OBJECTS),
        ("m.yaml", M),
        ("m/m.yaml", M),
        (
            "m/kustomization.yaml",
            "namePrefix: pre-\nresources: [m.yaml]\nconfigMapGenerator: [{name: gen, literals: [a=b]}]\n",
        ),
        ("data.json", "{}"),
    ];

    const URLS: [(&str, &str); 3] = [
        ("@file", "https://files.example.com/m.yaml"),
        ("@base", "https://github.com/acme/bases//m?ref=v1"),
        ("@data", "https://files.example.com/data.json"),
    ];

    fn built(files: &[(String, String)]) -> Build {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let files = Arc::new(Files::default());
        let (tree, root) = open_for_build(&files, folder.path(), false).unwrap();
        let options = Options { load_restriction: LoadRestriction::None, order: Order::Fifo };
        build(Reader { tree: &tree, documents: &Documents::default() }, &root, options)
    }

    /// The files of a case with the entries for what is missing, as a folder writes them.
    fn with(files: &[(&str, &str)], entry: impl Fn(&str, &str) -> String) -> Vec<(String, String)> {
        let filled = |path: &str, text: &str| {
            let folder = if path.starts_with("inner/") { "../" } else { "" };
            URLS.iter().fold(text.to_owned(), |text, (name, url)| text.replace(name, &entry(folder, url)))
        };
        let own = files.iter().map(|(path, text)| ((*path).to_owned(), filled(path, text)));
        HERE.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).chain(own).collect()
    }

    fn here(folder: &str, url: &str) -> String {
        let name = url.rsplit('/').next().unwrap().trim_end_matches("?ref=v1");
        format!("{folder}{name}")
    }

    fn away(files: &[(&str, &str)]) -> Build {
        built(&with(files, |_, url| url.to_owned()))
    }

    /// The names of the objects that could be others; `None` where all could.
    #[track_caller]
    fn open(files: &[(&str, &str)]) -> Option<Vec<String>> {
        let here = built(&with(files, here));
        assert_eq!(here.problems, []);
        let away = away(files);
        assert!(away.problems.iter().all(|problem| problem.is_undetermined()), "{:?}", away.problems);
        assert_eq!(away.settled.len(), away.resources.len());
        let known: Vec<String> = here.resources.iter().map(|node| print::resource(node).unwrap()).collect();
        let mut names = Vec::new();
        for (node, settled) in away.resources.iter().zip(&away.settled) {
            let printed = print::resource(node).unwrap();
            match settled {
                true => assert!(known.contains(&printed), "{printed}\n{known:#?}"),
                false => names.push(Object::new(node.as_ref().clone()).unwrap().id.name.to_string()),
            }
        }
        (names.len() < away.resources.len()).then_some(names)
    }

    #[track_caller]
    fn root(text: &str, expected: &[&str]) {
        assert_eq!(open(&[("kustomization.yaml", text)]).unwrap(), expected);
    }

    #[track_caller]
    fn all_open(text: &str) {
        assert_eq!(open(&[("kustomization.yaml", text)]), None);
    }

    #[test]
    fn a_file_alone_changes_nothing() {
        root("resources: [objects.yaml, '@file']\n", &[]);
        root("resources: [objects.yaml, '@file']\ncommonLabels: {a: b}\nimages: [{name: i, newTag: x}]\n", &[]);
    }

    #[test]
    fn where_names_grow_what_names_others_is_open() {
        for affix in ["namePrefix: p-", "nameSuffix: -s"] {
            let found =
                open(&[("kustomization.yaml", &format!("resources: [objects.yaml, '@file']\n{affix}\n"))]).unwrap();
            let bare: Vec<&str> =
                found.iter().map(|name| name.trim_start_matches("p-").trim_end_matches("-s")).collect();
            assert_eq!(bare, ["app", "binding", "hook", "text"]);
        }
        let plugin = "apiVersion: builtin\nkind: PrefixTransformer\nmetadata: {name: p}\nprefix: p-\nfieldSpecs: [{path: \
                      metadata/name}]\n";
        let text = "resources: [objects.yaml, '@file']\ntransformers: [plugin.yaml]\n";
        let found = open(&[("kustomization.yaml", text), ("plugin.yaml", plugin)]);
        assert_eq!(found.unwrap(), ["p-app", "p-binding", "p-hook", "p-text"]);
    }

    #[test]
    fn a_prefix_somewhere_else_counts_as_well() {
        let files = [
            ("kustomization.yaml", "resources: [objects.yaml, inner]\n"),
            ("inner/kustomization.yaml", "namePrefix: p-\nresources: ['@file']\n"),
        ];
        assert_eq!(open(&files).unwrap(), ["app", "binding", "hook", "text"]);
    }

    #[test]
    fn a_namespace_opens_what_names_the_namespace_of_others() {
        root("namespace: new\nresources: [objects.yaml, '@file']\n", &["binding", "hook"]);
        let files = [
            ("kustomization.yaml", "resources: [objects.yaml, inner]\n"),
            ("inner/kustomization.yaml", "namespace: new\nresources: ['@file']\n"),
        ];
        assert_eq!(open(&files).unwrap(), ["binding", "hook"]);
    }

    #[test]
    fn a_base_may_rename_what_it_holds() {
        root("resources: [objects.yaml, '@base']\n", &["app", "binding", "hook", "text"]);
    }

    #[test]
    fn patches_of_what_is_missing() {
        let named = "resources: [objects.yaml, '@file']\npatches:\n- patch: '{apiVersion: v1, kind: ConfigMap, metadata: \
                     {name: cfg}, data: {k: w}}'\n";
        root(named, &[]);
        let json = |path: &str| {
            format!(
                "resources: [objects.yaml, '@file']\npatches:\n- target: {{kind: ConfigMap, name: cfg}}\n  patch: '[{{\"op\": \
                 \"replace\", \"path\": \"{path}\", \"value\": \"other\"}}]'\n"
            )
        };
        root(&json("/data/k"), &[]);
        root(&json("/metadata/name"), &["app", "binding", "hook", "text"]);
        let renaming = "resources: [objects.yaml, '@file']\npatches:\n- target: {kind: ConfigMap, name: cfg}\n  options: \
                        {allowNameChange: true}\n  patch: '{apiVersion: v1, kind: ConfigMap, metadata: {name: other}}'\n";
        root(renaming, &["app", "binding", "hook", "text"]);
        // What fails may be a consequence.
        let replicas = "resources: [objects.yaml, '@file']\nreplicas: [{name: app, count: 2}]\n";
        root(replicas, &[]);
    }

    #[test]
    fn values_that_are_copied_may_come_from_what_is_missing() {
        let replacement = "resources: [objects.yaml, '@file']\nreplacements:\n- source: {kind: ConfigMap, name: cfg, fieldPath: \
                           data.k}\n  targets: [{select: {kind: Kustomization}, fieldPaths: [spec.path]}]\n";
        all_open(replacement);
        let var = "resources: [objects.yaml, '@file']\nvars: [{name: VAR, objref: {apiVersion: v1, kind: ConfigMap, name: cfg}, \
                   fieldref: {fieldpath: data.k}}]\n";
        all_open(var);
    }

    #[test]
    fn a_generated_object_opens_what_mentions_it() {
        let entry = "resources: [objects.yaml]\nconfigMapGenerator: [{name: cfg, files: ['d.json=@data']}]\n";
        root(entry, &["app", "release"]);
        let others = "resources: [objects.yaml]\nconfigMapGenerator: [{name: board, files: ['@data', 'x=@data']}]\n";
        root(others, &[]);
        let secret = "resources: [objects.yaml]\nsecretGenerator: [{name: cfg, envs: ['@data'], files: ['x=@data']}]\n";
        root(secret, &["app", "release"]);
        let plugin = "apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: cfg}\nfiles: ['d.json=@data']\n";
        let text = "resources: [objects.yaml]\ngenerators: [plugin.yaml]\n";
        let found = open(&[("kustomization.yaml", text), ("plugin.yaml", plugin)]);
        assert_eq!(found.unwrap(), ["app", "release"]);
    }

    #[test]
    fn a_generator_that_would_merge_opens_what_it_would_merge_into() {
        let files = [
            (
                "kustomization.yaml",
                "resources: [objects.yaml, inner]\nconfigMapGenerator: [{name: cfg, behavior: merge, files: [x=@data]}]\n",
            ),
            ("inner/kustomization.yaml", "configMapGenerator: [{name: cfg, literals: [a=b]}]\n"),
        ];
        assert_eq!(open(&files).unwrap(), ["app", "release", "cfg-4h2mbtbbt6"]);
    }

    #[test]
    fn a_generator_that_merges_with_what_is_missing_is_missing_itself() {
        let text =
            "resources: [objects.yaml, '@file']\nconfigMapGenerator: [{name: cfg, behavior: merge, literals: [a=b]}]\n";
        root(text, &["app", "release"]);
    }

    #[test]
    fn a_component_a_patch_or_a_plugin_that_is_missing_opens_everything() {
        for text in [
            "resources: [objects.yaml]\ncomponents: ['https://github.com/acme/bases//c?ref=v1']\n",
            "resources: [objects.yaml]\npatches: [{path: 'https://files.example.com/p.yaml'}]\n",
            "resources: [objects.yaml]\ntransformers: ['https://files.example.com/p.yaml']\n",
            "resources: [objects.yaml]\ngenerators: ['https://files.example.com/p.yaml']\n",
            "resources: [objects.yaml]\nconfigurations: ['https://files.example.com/p.yaml']\n",
            "resources: [objects.yaml]\nopenapi: {path: 'https://files.example.com/p.yaml'}\n",
        ] {
            let away = away(&[("kustomization.yaml", text)]);
            let kinds: Vec<ProblemKind> = away.problems.iter().map(|problem| problem.kind).collect();
            assert_eq!((kinds, away.settled), (vec![ProblemKind::Undetermined], vec![false; 6]), "{text}");
        }
    }

    #[test]
    fn what_a_component_brings_may_be_what_is_not_found() {
        let text = "resources: [objects.yaml]\ncomponents: ['https://github.com/acme/bases//c?ref=v1']\nreplicas: [{name: db, \
                    count: 2}]\nconfigMapGenerator: []\n";
        let away = away(&[("kustomization.yaml", text)]);
        assert!(away.problems.iter().all(|problem| problem.is_undetermined()), "{:?}", away.problems);
    }

    #[test]
    fn what_a_var_names_may_be_what_is_missing() {
        let text = |more: &str| {
            format!(
                "resources: [objects.yaml{more}]\nvars: [{{name: P, objref: {{apiVersion: v1, kind: ConfigMap, name: far}}}}]\n"
            )
        };
        let found = away(&[("kustomization.yaml", &text(", '@file'"))]);
        let kinds: Vec<ProblemKind> = found.problems.iter().map(|problem| problem.kind).collect();
        assert_eq!((kinds, found.settled), (vec![ProblemKind::Incomplete], vec![false; 6]));
        let whole = away(&[("kustomization.yaml", &text(""))]);
        let told: Vec<(ProblemKind, &str)> = whole.problems.iter().map(|it| (it.kind, it.message.as_str())).collect();
        let message = "var `P` cannot be mapped to a field in the set of known resources";
        assert_eq!(told, [(ProblemKind::KustomizeFailed, message)]);
    }

    #[test]
    fn each_remote_file_of_a_generator_is_named() {
        let text = "configMapGenerator: [{name: a, files: ['https://x.io/a.json', 'https://x.io/b.json'], envs: \
                    ['https://x.io/c']}]\n";
        let away = away(&[("kustomization.yaml", text)]);
        let told: Vec<&str> = away.problems.iter().map(|problem| problem.message.as_str()).collect();
        let message = |url: &str| format!("`{url}` is remote: it is not fetched");
        assert_eq!(told, [message("https://x.io/c"), message("https://x.io/a.json"), message("https://x.io/b.json")]);
    }
}

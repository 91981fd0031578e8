//! Builds of Flux Kustomizations: what the cases in testdata/flux/cases.json do not show.

mod cases {
    use std::sync::Arc;

    use fleetlint::flux::build::{self, FluxBuild};
    use fleetlint::flux::release::Features;
    use fleetlint::object::Object;
    use fleetlint::problem::ProblemKind;
    use fleetlint::source::{Files, open_fleet};
    use fleetlint::yaml::{Documents, Node, print};

    const CONFIG_MAP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n";

    struct Bench {
        files: Arc<Files>,
        documents: Documents,
    }

    impl Bench {
        fn new() -> Self {
            Self { files: Arc::default(), documents: Documents::default() }
        }

        fn parse(&self, text: &str) -> Node {
            let file = self.files.add("r".into(), None, "a.yaml".into(), text.as_bytes().to_vec());
            self.documents.of(&file).documents[0].as_ref().unwrap().root.clone().unwrap()
        }

        fn kustomization(&self, spec: &str) -> Object {
            let head = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: app}\n";
            Object::new(self.parse(&format!("{head}spec: {spec}\n"))).unwrap()
        }

        fn build(&self, spec: &str, files: &[(&str, &str)]) -> FluxBuild {
            let folder = tempfile::tempdir().unwrap();
            for (path, text) in files {
                let path = folder.path().join(path);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, text).unwrap();
            }
            let tree = open_fleet(&self.files, folder.path()).unwrap().artifact(None);
            build::build(&self.kustomization(spec), &tree, &self.documents, &Features::default())
        }

        fn shown(&self, node: &Node) -> String {
            let place = node.place().unwrap();
            self.files.get(place.file).text().unwrap()[place.start as usize..place.end as usize].to_owned()
        }
    }

    #[test]
    fn paths_stay_in_the_artifact() {
        for path in ["./a/b/", "/a/b", "../a/b", "a//b/.", "../../a/c/../b"] {
            assert_eq!(build::clean_path(path), "a/b");
        }
        assert_eq!([build::clean_path(""), build::clean_path("./"), build::clean_path("..")], ["", "", ""]);
    }

    #[test]
    fn a_path_that_is_no_folder_is_not_found() {
        let bench = Bench::new();
        for spec in ["{path: ./nope}", "{path: ./a.yaml}"] {
            let built = bench.build(spec, &[("a.yaml", CONFIG_MAP)]);
            assert!(built.path_not_found && built.problems.is_empty() && built.resources.is_empty());
        }
    }

    #[test]
    fn charts_are_refused_once_and_patches_of_what_they_hold_are_no_second_fault() {
        let bench = Bench::new();
        let charts = "helmCharts:\n- name: one\n- name: two\n";
        let patch = "patches:\n- target: {kind: Deployment, name: one}\n  patch: '[{\"op\": \"remove\", \"path\": \"/spec\"}]'\n- path: patch.yaml\n";
        let files = [
            ("kustomization.yaml", &*format!("resources: [base]\n{patch}")),
            ("patch.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: two}\n"),
            ("base/kustomization.yaml", charts),
        ];
        // In a base as in the folder itself.
        let built = bench.build("{path: ./}", &files);
        let problems: Vec<_> =
            built.problems.iter().map(|it| (it.kind, it.message.as_str(), it.related.len())).collect();
        let refused = "Flux does not inflate `helmCharts`: must specify `--enable-helm`";
        assert_eq!(problems, [(ProblemKind::KustomizeFailed, refused, 1)]);
        let own = format!("{charts}{patch}");
        let built = bench.build("{path: ./}", &[("kustomization.yaml", &own), files[1]]);
        assert_eq!(built.problems.iter().map(|it| it.message.as_str()).collect::<Vec<_>>(), [refused]);
    }

    #[test]
    fn an_object_without_api_version_is_a_problem_of_its_own() {
        let bench = Bench::new();
        let built = bench.build("{path: ./}", &[("a.yaml", CONFIG_MAP), ("b.yaml", "kind: X\nmetadata: {name: b}\n")]);
        assert_eq!(built.resources.len(), 1);
        let problem = &built.problems[0];
        assert_eq!(
            (problem.kind, problem.message.as_str()),
            (ProblemKind::InvalidObject, "this object has no `apiVersion`")
        );
        assert!(problem.place.is_some());
    }

    #[test]
    fn injected_values_point_into_the_kustomization() {
        let bench = Bench::new();
        let built = bench.build("{path: ./, targetNamespace: apps}", &[("a.yaml", CONFIG_MAP)]);
        assert_eq!(built.problems, []);
        assert_eq!(bench.shown(built.resources[0].at("/metadata/namespace").unwrap()), "apps");
    }

    #[test]
    fn remote_files_leave_the_objects_at_hand_as_they_are() {
        let bench = Bench::new();
        let file = "resources: ['https://example.invalid/x.yaml', a.yaml]\n";
        let built = bench.build("{path: ./}", &[("kustomization.yaml", file), ("a.yaml", CONFIG_MAP)]);
        assert_eq!((built.resources.len(), built.settled), (1, vec![true]));
        assert_eq!(built.problems.iter().map(|problem| problem.kind).collect::<Vec<_>>(), [ProblemKind::Incomplete]);
    }

    #[test]
    fn remote_components_leave_the_build_open() {
        let bench = Bench::new();
        let file = "resources: [a.yaml]\ncomponents: ['https://example.invalid/x']\n";
        let built = bench.build("{path: ./}", &[("kustomization.yaml", file), ("a.yaml", CONFIG_MAP)]);
        assert_eq!((built.resources.len(), built.settled), (1, vec![false]));
        assert_eq!(built.problems.iter().map(|problem| problem.kind).collect::<Vec<_>>(), [ProblemKind::Undetermined]);
    }

    #[test]
    fn common_metadata_is_set_over_what_is_there() {
        let bench = Bench::new();
        let kustomization =
            bench.kustomization("{commonMetadata: {labels: {team: x, env: p}, annotations: {note: n}}}");
        let node = Arc::new(
            bench.parse("kind: X\nmetadata: {name: a, labels: {team: old, app: a}, annotations: {size: 5}}\n"),
        );
        let changed = build::with_common_metadata(node, &kustomization);
        let text = "kind: X\nmetadata:\n  annotations:\n    note: \"n\"\n  labels:\n    app: a\n    env: p\n    team: x\n  name: a\n";
        assert_eq!(print::resource(&changed).unwrap(), text);
        assert_eq!(bench.shown(changed.at("/metadata/labels/team").unwrap()), "x");
    }

    #[test]
    fn without_common_metadata_the_object_is_the_same() {
        let bench = Bench::new();
        let node = Arc::new(bench.parse(CONFIG_MAP));
        let kustomization = bench.kustomization("{commonMetadata: {}}");
        assert!(Arc::ptr_eq(&build::with_common_metadata(Arc::clone(&node), &kustomization), &node));
    }
}

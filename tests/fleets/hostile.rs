//! Input that is made to hurt: a few lines that stand for more than memory holds, trees without a bottom, work without end.
//! Each costs a problem with a place, and little time.

mod cases {
    use std::fmt::Write;
    use std::sync::Arc;

    use fleetlint::flux::substitute::{Failure, Lookup, SubstituteSource, Variables, envsubst, substitute};
    use fleetlint::kustomize::{LoadRestriction, Options, Order, Reader, build};
    use fleetlint::object::Object;
    use fleetlint::source::{Files, Tree};
    use fleetlint::yaml::Documents;

    const OBJECT: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: v}\n";
    const TOO_MUCH: &str = "this build copies more than fleetlint's size limit";

    /// The first problem of a build: `file:line:column message`.
    fn problem(contents: &[(&str, &str)]) -> String {
        let files = Arc::new(Files::default());
        let contents = contents.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
        let tree = Tree::of_files(Arc::clone(&files), "r".into(), contents.collect());
        let documents = Documents::default();
        let options = Options { load_restriction: LoadRestriction::None, order: Order::Legacy };
        let build = build(Reader { tree: &tree, documents: &documents }, "", options);
        let Some(problem) = build.problems.first() else { return format!("{} resources", build.resources.len()) };
        let place = problem.place.expect("a problem without a place");
        let file = files.get(place.file);
        let position = file.position(place.start);
        format!("{}:{}:{} {}", file.path, position.line, position.column, problem.message)
    }

    fn repeated(head: &str, part: impl Fn(usize) -> String, count: usize) -> String {
        (0..count).fold(head.to_owned(), |mut text, index| {
            let _ = write!(text, "{}", part(index));
            text
        })
    }

    #[test]
    fn a_json_patch_that_doubles_a_list() {
        let kustomization = "resources: [a.yaml]\npatches: [{path: p.yaml, target: {kind: ConfigMap}}]\n";
        let patch = repeated(
            "- {op: add, path: /l, value: {a: [x]}}\n",
            |n| {
                format!(
                    "- {{op: copy, from: /l, path: /m{n}}}\n- {{op: add, path: /n, value: {{}}}}\n\
                     - {{op: move, from: /l, path: /n/l}}\n- {{op: move, from: /m{n}, path: /n/m}}\n\
                     - {{op: move, from: /n, path: /l}}\n"
                )
            },
            60,
        );
        let found = problem(&[("kustomization.yaml", kustomization), ("a.yaml", OBJECT), ("p.yaml", &patch)]);
        assert!(found.ends_with(TOO_MUCH), "{found}");
    }

    #[test]
    fn a_json_patch_that_nests_deeper_with_each_step() {
        let kustomization = "resources: [a.yaml]\npatches: [{path: p.yaml, target: {kind: ConfigMap}}]\n";
        let step = "- {op: add, path: /x, value: {}}\n- {op: move, from: /data, path: /x/y}\n\
                    - {op: move, from: /x, path: /data}\n";
        let patch = repeated("", |_| step.to_owned(), 20_000);
        let found = problem(&[("kustomization.yaml", kustomization), ("a.yaml", OBJECT), ("p.yaml", &patch)]);
        assert!(found.ends_with(": this would nest more than 128 levels deep"), "{found}");
    }

    #[test]
    fn a_replacement_that_makes_a_path_without_end() {
        let path = "a.".repeat(100_000) + "a";
        let kustomization = format!(
            "resources: [a.yaml]\nreplacements:\n- sourceValue: x\n  targets:\n  - select: {{kind: ConfigMap}}\n    \
             fieldPaths: [{path}]\n    options: {{create: true}}\n"
        );
        let found = problem(&[("kustomization.yaml", &kustomization), ("a.yaml", OBJECT)]);
        assert_eq!(found, "kustomization.yaml:6:18 this would nest more than 128 levels deep");
    }

    #[test]
    fn replacements_that_double_a_text() {
        let entry = "- source: {kind: ConfigMap, fieldPath: data.k}\n  targets:\n  - select: {kind: ConfigMap}\n    \
                     fieldPaths: [data.k]\n    options: {delimiter: '|', index: 9}\n";
        let kustomization = repeated("resources: [a.yaml]\nreplacements:\n", |_| entry.to_owned(), 64);
        let found = problem(&[("kustomization.yaml", &kustomization), ("a.yaml", OBJECT)]);
        assert!(found.ends_with(TOO_MUCH), "{found}");
    }

    #[test]
    fn replacements_that_double_a_tree() {
        let entry = |n: usize| {
            format!(
                "- source: {{kind: ConfigMap, fieldPath: data}}\n  targets:\n  - select: {{kind: ConfigMap}}\n    \
                 fieldPaths: [data.x{n}]\n    options: {{create: true}}\n"
            )
        };
        let kustomization = repeated("resources: [a.yaml]\nreplacements:\n", entry, 64);
        let found = problem(&[("kustomization.yaml", &kustomization), ("a.yaml", OBJECT)]);
        assert!(found.ends_with(TOO_MUCH), "{found}");
    }

    #[test]
    fn a_label_field_without_end() {
        let path = "a/".repeat(100_000) + "a";
        let kustomization =
            format!("resources: [a.yaml]\nlabels:\n- pairs: {{l: v}}\n  fields: [{{path: {path}, create: true}}]\n");
        let found = problem(&[("kustomization.yaml", &kustomization), ("a.yaml", OBJECT)]);
        assert!(found.ends_with("a path has more than 128 steps"), "{:?}", found.get(found.len() - 80..));
    }

    #[test]
    fn a_var_that_is_written_more_often_than_memory_holds() {
        let object = format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {{k: {}, v: '{}'}}\n",
            "x".repeat(1 << 18),
            "$(V)".repeat(1 << 16)
        );
        let kustomization = "resources: [a.yaml]\nconfigurations: [c.yaml]\nvars:\n- name: V\n  objref: {kind: ConfigMap, \
                             name: a, apiVersion: v1}\n  fieldref: {fieldpath: data.k}\n";
        let config = "varReference: [{path: data/v}]\n";
        let found = problem(&[("kustomization.yaml", kustomization), ("a.yaml", &object), ("c.yaml", config)]);
        assert!(found.ends_with(TOO_MUCH), "{found}");
    }

    #[test]
    fn one_file_in_many_generated_values() {
        let names: Vec<String> = (0..100_000).map(|n| format!("k{n}=f.txt")).collect();
        let kustomization = format!("configMapGenerator:\n- name: g\n  files: [{}]\n", names.join(", "));
        let text = "x".repeat(1 << 20);
        let found = problem(&[("kustomization.yaml", &kustomization), ("f.txt", &text)]);
        assert_eq!(found, "kustomization.yaml:3:705 the files hold more than 67108864 bytes");
    }

    #[test]
    fn definitions_that_refer_to_each_other_twice() {
        let kinds: Vec<String> = (0..30)
            .map(|n| {
                let next = format!("{{\"$ref\": \"{}\"}}", n + 1);
                format!(
                    "\"{n}\": {{\"Schema\": {{\"properties\": {{\"kind\": {{}}, \"apiVersion\": {{}}, \"metadata\": {{}}, \
                     \"a\": {next}, \"b\": {next}}}}}}}"
                )
            })
            .collect();
        let crds = format!("{{{}}}", kinds.join(",\n"));
        let kustomization = "resources: [a.yaml]\ncrds: [c.json]\n";
        let found = problem(&[("kustomization.yaml", kustomization), ("a.yaml", OBJECT), ("c.json", &crds)]);
        let message = "the definitions have more than 100000 properties, those they refer to included";
        assert_eq!(found, format!("kustomization.yaml:2:8 {message}"));
    }

    #[test]
    fn bases_that_are_listed_twice_in_every_layer() {
        let layer = |n: usize, side: &str| {
            let next = n + 1;
            (
                format!("{n}{side}/kustomization.yaml"),
                format!("namePrefix: {side}\nresources: [../{next}a, ../{next}b]\n"),
            )
        };
        let mut contents = vec![("kustomization.yaml".to_owned(), "resources: [0a, 0b]\n".to_owned())];
        (0..40).for_each(|n| contents.extend([layer(n, "a"), layer(n, "b")]));
        let contents: Vec<(&str, &str)> = contents.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let found = problem(&contents);
        assert!(found.ends_with("cannot read `../40a`: no such file or folder"), "{found}");
    }

    #[test]
    fn a_merged_list_longer_than_any() {
        let ports = |from: usize| -> String { (from..from + 20_000).map(|n| format!("  - {{port: {n}}}\n")).collect() };
        let service =
            |from| format!("apiVersion: v1\nkind: Service\nmetadata: {{name: a}}\nspec:\n  ports:\n{}", ports(from));
        let kustomization = "resources: [a.yaml]\npatches: [{path: p.yaml}]\n";
        let found =
            problem(&[("kustomization.yaml", kustomization), ("a.yaml", &service(1)), ("p.yaml", &service(30_000))]);
        assert!(found.ends_with("a list with merge keys has more than 5000 elements"), "{found}");
    }

    #[test]
    fn a_text_of_dollars() {
        let object = format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {{k: x, v: '{}'}}\n",
            "$(".repeat(1 << 19)
        );
        let kustomization = "resources: [a.yaml]\nconfigurations: [c.yaml]\nvars:\n- name: V\n  objref: {kind: ConfigMap, \
                             name: a, apiVersion: v1}\n  fieldref: {fieldpath: data.k}\n";
        let config = "varReference: [{path: data/v}]\n";
        let found = problem(&[("kustomization.yaml", kustomization), ("a.yaml", &object), ("c.yaml", config)]);
        assert_eq!(found, "1 resources");
    }

    #[test]
    fn patterns_that_are_compared_without_end() {
        let value = |_: &str| Some("b".repeat(1 << 17).into());
        let long = "a".repeat(1 << 17);
        for text in [format!("${{v#{long}}}"), format!("${{v%%{long}}}"), format!("${{v##*[{long}]}}")] {
            let failure = envsubst(&text, &value, false).unwrap_err().failure;
            assert_eq!(failure, Failure::TooLarge);
        }
    }

    /// To find which of many values is to blame costs no more than to evaluate them once.
    #[test]
    fn many_slow_values_beside_one_that_fails() {
        let slow = format!("${{v#{}}}", "a".repeat(4000));
        let items = format!("- '{slow}'\n").repeat(3000);
        let object = format!("apiVersion: v1\nkind: X\nmetadata: {{name: a}}\nl:\n{items}z: '${{}}'\n");
        let kustomization = format!(
            "apiVersion: v1\nkind: K\nmetadata: {{name: a}}\nspec: {{postBuild: {{substitute: {{v: {}}}}}}}\n",
            "b".repeat(4000)
        );
        let (files, documents) = (Files::default(), Documents::default());
        let root = |text: &str| {
            let file = files.add("r".into(), None, "a.yaml".into(), text.as_bytes().to_vec());
            documents.of(&file).documents[0].as_ref().unwrap().root.clone().unwrap()
        };
        let kustomization = Object::new(root(&kustomization)).unwrap();
        let (variables, _) = Variables::build(&kustomization, &Nothing);
        let problem = substitute(&Arc::new(root(&object)), &kustomization, &variables, false, None).problem.unwrap();
        assert_eq!(problem.message, "variable substitution failed: unable to parse variable name in `${}`");
    }

    struct Nothing;

    impl SubstituteSource for Nothing {
        fn lookup(&self, _: &str, _: &str) -> Lookup {
            Lookup::Missing
        }
    }
}

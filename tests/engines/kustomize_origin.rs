//! Where the fields of built objects say that they come from: the text that wrote the value, and the patch that put it there.

mod cases {
    use std::sync::Arc;

    use fleetlint::kustomize::{LoadRestriction, Options, Order, Reader, build};
    use fleetlint::source::{Files, open_for_build};
    use fleetlint::yaml::{Documents, Span};

    /// Builds files in a folder and gives, for each pointer into the first object, the text that wrote the value and the
    /// first line of the entry that put it there, each with its file and line.
    fn origins(files: &[(&str, &str)], pointers: &[&str]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            std::fs::create_dir_all(folder.path().join(path).parent().unwrap()).unwrap();
            std::fs::write(folder.path().join(path), text).unwrap();
        }
        let run = Arc::new(Files::default());
        let (tree, root) = open_for_build(&run, folder.path(), false).unwrap();
        let documents = Documents::default();
        let options = Options { load_restriction: LoadRestriction::None, order: Order::Fifo };
        let build = build(Reader { tree: &tree, documents: &documents }, &root, options);
        assert_eq!(build.problems, []);
        let shown = |span: Option<Span>| {
            let Some(span) = span else { return "-".to_owned() };
            let file = run.get(span.file);
            let text = &file.text().unwrap()[span.start as usize..span.end as usize];
            format!("{}:{} {}", file.path, file.position(span.start).line, text.lines().next().unwrap_or_default())
        };
        let origin = |pointer: &&str| {
            let origin = &build.resources[0].at(pointer).unwrap().origin;
            format!("{} | {}", shown(origin.span), shown(origin.patch()))
        };
        pointers.iter().map(origin).collect()
    }

    const OBJECT: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  a: one\n  b: two\n";

    #[test]
    fn an_inline_strategic_merge_patch() {
        let patch = "resources: [a.yaml]\npatches:\n  - patch: |\n      apiVersion: v1\n      kind: ConfigMap\n      \
                     metadata:\n        name: a\n      data:\n        b: \"new\"\n        c: {d: e}\n";
        let found = origins(
            &[("a.yaml", OBJECT), ("kustomization.yaml", patch)],
            &["/data/a", "/data/b", "/data/c", "/data/c/d", "/metadata/name", "/kind", "/data"],
        );
        assert_eq!(
            found,
            [
                "a.yaml:6 one | -",
                "kustomization.yaml:9 \"new\" | kustomization.yaml:3 patch: |",
                "kustomization.yaml:10 {d: e} | kustomization.yaml:3 patch: |",
                "kustomization.yaml:10 e | kustomization.yaml:3 patch: |",
                "a.yaml:4 a | -",
                "a.yaml:2 ConfigMap | -",
                "a.yaml:6 a: one | -",
            ]
        );
    }

    #[test]
    fn a_json_patch_in_a_file() {
        let kustomization = "resources: [a.yaml]\npatches:\n  - path: p.yaml\n    target:\n      kind: ConfigMap\n";
        let patch = "- op: replace\n  path: /data/b\n  value: new\n- op: move\n  from: /data/a\n  path: /data/c\n";
        let found = origins(
            &[("a.yaml", OBJECT), ("kustomization.yaml", kustomization), ("p.yaml", patch)],
            &["/data/b", "/data/c", "/metadata/name"],
        );
        assert_eq!(
            found,
            [
                "p.yaml:3 new | kustomization.yaml:3 path: p.yaml",
                "a.yaml:6 one | kustomization.yaml:3 path: p.yaml",
                "a.yaml:4 a | -",
            ]
        );
    }

    #[test]
    fn a_replacement() {
        let kustomization = "resources: [a.yaml]\nreplacements:\n  - source: {kind: ConfigMap, fieldPath: data.a}\n    \
                             targets:\n      - select: {kind: ConfigMap}\n        fieldPaths: [data.b]\n";
        let found = origins(&[("a.yaml", OBJECT), ("kustomization.yaml", kustomization)], &["/data/b"]);
        assert_eq!(found, ["a.yaml:6 one | kustomization.yaml:3 source: {kind: ConfigMap, fieldPath: data.a}"]);
    }

    #[test]
    fn a_base_an_overlay_and_a_component() {
        let found = origins(
            &[
                ("kustomization.yaml", "resources: [base]\ncomponents: [part]\npatches: [{path: p.yaml}]\n"),
                ("p.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {b: overlay}\n"),
                ("base/kustomization.yaml", "resources: [a.yaml]\n"),
                ("base/a.yaml", OBJECT),
                (
                    "part/kustomization.yaml",
                    "kind: Component\npatches:\n- patch: |\n    apiVersion: v1\n    kind: ConfigMap\n    \
                     metadata: {name: a}\n    data: {b: part, c: part}\n- {path: ../p2.yaml}\n",
                ),
                ("p2.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {d: second}\n"),
            ],
            &["/data/a", "/data/b", "/data/c", "/data/d"],
        );
        assert_eq!(
            found,
            [
                "base/a.yaml:6 one | -",
                "p.yaml:4 overlay | kustomization.yaml:3 {path: p.yaml}",
                "part/kustomization.yaml:7 part | part/kustomization.yaml:3 patch: |",
                "p2.yaml:4 second | part/kustomization.yaml:8 {path: ../p2.yaml}",
            ]
        );
    }

    #[test]
    fn generators() {
        let kustomization = "configMapGenerator:\n- name: g\n  literals: [l=one]\n  envs: [e.env]\n  files: [f.txt]\n  \
                             options: {labels: {x: \"1\"}}\n";
        let found = origins(
            &[("kustomization.yaml", kustomization), ("e.env", "# none\nE=two\n"), ("f.txt", "three\n")],
            &["/metadata/name", "/metadata/labels/x", "/data/l", "/data/E", "/data/f.txt", "/kind"],
        );
        assert_eq!(
            found,
            [
                "kustomization.yaml:2 g | -",
                "kustomization.yaml:6 \"1\" | -",
                "kustomization.yaml:3 l=one | -",
                "e.env:2 E=two | kustomization.yaml:4 e.env",
                "f.txt:1 three | kustomization.yaml:5 f.txt",
                "kustomization.yaml:2 name: g | -",
            ]
        );
    }
}

//! Builds of what no repository should hold and testdata cannot: links in cycles or out of the folder, pipes, devices, and
//! files of absurd size. Each ends soon, with a problem that has a place. (Odd bytes are in testdata/build.)

mod cases {
    use std::path::Path;
    use std::process::Command;
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    use fleetlint::kustomize::{Build, LoadRestriction, Options, Order, Reader, build};
    use fleetlint::source::{Files, open_for_build};
    use fleetlint::yaml::Documents;

    use crate::symlink::symlink;

    /// Debug builds on busy machines are slow; what explodes takes far longer.
    const SOON: Duration = Duration::from_secs(20);

    const CONFIG_MAP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n";

    /// Builds a folder that `prepare` fills: the number of resources, and each problem as `file:line:col message`.
    fn built(prepare: impl Fn(&Path)) -> (usize, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        // The limit of what may be read is the repository.
        std::fs::create_dir(folder.path().join(".git")).unwrap();
        prepare(folder.path());
        let files = Arc::new(Files::default());
        let (tree, root) = open_for_build(&files, folder.path(), false).unwrap();
        let options = Options { load_restriction: LoadRestriction::None, order: Order::Fifo };
        let start = Instant::now();
        let built: Build = build(Reader { tree: &tree, documents: &Documents::default() }, &root, options);
        assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
        let line = |problem: &fleetlint::problem::Problem| {
            let place = problem.place.expect("a problem without a place");
            let (file, position) = (files.get(place.file), files.get(place.file).position(place.start));
            format!("{}:{}:{} {}", file.path, position.line, position.column, problem.message)
        };
        (built.resources.len(), built.problems.iter().map(line).collect())
    }

    fn write(folder: &Path, path: &str, text: impl AsRef<[u8]>) {
        std::fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
        std::fs::write(folder.join(path), text).unwrap();
    }

    fn resources(folder: &Path, list: &str) {
        write(folder, "kustomization.yaml", format!("resources: [{list}]\n"));
    }

    #[test]
    fn links_in_a_circle() {
        let found = built(|folder| {
            resources(folder, "a.yaml");
            symlink("b.yaml", folder.join("a.yaml")).unwrap();
            symlink("a.yaml", folder.join("b.yaml")).unwrap();
        });
        assert_eq!(found, (0, vec!["kustomization.yaml:1:13 cannot read `a.yaml`: no such file or folder".to_owned()]));
    }

    #[test]
    fn a_link_of_a_base_to_its_own_overlay() {
        let found = built(|folder| {
            resources(folder, "base");
            symlink(".", folder.join("base")).unwrap();
        });
        let message = "kustomization.yaml:1:13 cycle detected: candidate root `.` contains visited root `.`";
        assert_eq!(found, (0, vec![message.to_owned()]));
    }

    #[test]
    fn a_link_to_a_file_beside_it() {
        let found = built(|folder| {
            resources(folder, "a.yaml");
            write(folder, "deep/b.yaml", CONFIG_MAP);
            symlink("deep/b.yaml", folder.join("a.yaml")).unwrap();
        });
        assert_eq!(found, (1, vec![]));
    }

    #[test]
    fn links_out_of_the_folder() {
        let outside = tempfile::tempdir().unwrap();
        write(outside.path(), "a.yaml", CONFIG_MAP);
        write(outside.path(), "kustomization.yaml", "resources: [a.yaml]\n");
        let (count, problems) = built(|folder| {
            resources(folder, "a.yaml, base, ../../../../../../../../etc/hostname");
            symlink(outside.path().join("a.yaml"), folder.join("a.yaml")).unwrap();
            symlink(outside.path(), folder.join("base")).unwrap();
        });
        assert_eq!(count, 0);
        assert_eq!(
            problems,
            [
                "kustomization.yaml:1:13 cannot read `a.yaml`: it is outside the repository",
                "kustomization.yaml:1:21 cannot read `base`: it is outside the repository",
                "kustomization.yaml:1:27 cannot read `../../../../../../../../etc/hostname`: it is outside the repository",
            ]
        );
    }

    #[test]
    #[cfg(unix)]
    fn pipes_and_devices() {
        let (count, problems) = built(|folder| {
            let text = "resources: [pipe, zero]\nconfigMapGenerator: [{name: g, files: [pipe]}]\n";
            write(folder, "kustomization.yaml", text);
            assert!(Command::new("mkfifo").arg(folder.join("pipe")).status().unwrap().success());
            symlink("/dev/zero", folder.join("zero")).unwrap();
        });
        assert_eq!(count, 0);
        assert_eq!(problems.len(), 3, "{problems:?}");
        assert!(problems[0].starts_with("kustomization.yaml:1:13 cannot read `pipe`: "), "{problems:?}");
        assert!(problems[2].starts_with("kustomization.yaml:2:40 cannot read `pipe`: "), "{problems:?}");
    }

    #[test]
    fn ten_thousand_levels() {
        let head = "apiVersion: example.com/v1\nkind: X\nmetadata: {name: x}\n";
        let maps: String = (0..10_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
        let lists = "- ".repeat(10_000) + "a\n";
        let flow = "{a: ".repeat(10_000) + &"}".repeat(10_000);
        for text in [format!("{head}{maps}"), format!("{head}spec:\n{lists}"), format!("{head}spec: {flow}\n")] {
            let (count, problems) = built(|folder| {
                resources(folder, "a.yaml");
                write(folder, "a.yaml", &text);
            });
            assert_eq!((count, problems.len()), (0, 1), "{problems:?}");
            let wanted = if text.len() > 16 << 20 { "kustomization.yaml:1:13 " } else { "a.yaml:" };
            assert!(problems[0].starts_with(wanted), "{problems:?}");
        }
    }

    #[test]
    fn bases_behind_each_other_without_end() {
        let (count, problems) = built(|folder| {
            resources(folder, "b0");
            for index in 0..250 {
                write(folder, &format!("b{index}/kustomization.yaml"), format!("resources: [../b{}]\n", index + 1));
            }
        });
        assert_eq!((count, problems.len()), (0, 1), "{problems:?}");
        assert!(problems[0].contains("too many bases"), "{problems:?}");
    }

    #[test]
    fn bases_that_double_at_each_step() {
        let (_, problems) = built(|folder| {
            resources(folder, "b0");
            for index in 0..40 {
                let next = index + 1;
                let text = format!("resources: [../b{next}, ../b{next}]\n");
                write(folder, &format!("b{index}/kustomization.yaml"), text);
            }
            write(folder, "b40/kustomization.yaml", "resources: []\n");
        });
        assert!(problems.iter().any(|problem| problem.contains("too many bases")), "{:?}", problems.first());
    }

    #[test]
    fn a_line_of_ten_megabytes() {
        let (count, problems) = built(|folder| {
            resources(folder, "a.yaml");
            write(folder, "a.yaml", format!("{CONFIG_MAP}data: {{k: {}}}\n", "x".repeat(10_000_000)));
        });
        assert_eq!((count, problems), (1, vec![]));
    }

    #[test]
    fn a_path_of_twenty_thousand_steps() {
        let (_, problems) = built(|folder| {
            write(folder, "kustomization.yaml", "resources: [a.yaml]\ntransformers: [t.yaml]\n");
            write(folder, "a.yaml", CONFIG_MAP);
            let path = "a/".repeat(20_000) + "b";
            let head = "apiVersion: builtin\nkind: ValueAddTransformer\nmetadata: {name: t}\nvalue: v\n";
            write(folder, "t.yaml", format!("{head}targets:\n- fieldPath: {path}\n"));
        });
        assert_eq!(problems, ["t.yaml:6:14 this would nest more than 128 levels deep"]);
    }

    #[test]
    fn a_text_that_aliases_copy_a_thousandfold() {
        let (_, problems) = built(|folder| {
            resources(folder, "a.yaml");
            let aliases = "*a, ".repeat(10_000);
            write(folder, "a.yaml", format!("{CONFIG_MAP}data: &a {}\nlist: [{aliases}]\n", "x".repeat(100_000)));
        });
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].contains("expand to too many values"), "{problems:?}");
    }

    #[test]
    fn replacements_in_texts_with_aliases_and_wildcards() {
        let (_, problems) = built(|folder| {
            let paths = "      - data.*.t.a\n".repeat(60);
            let into = "    targets:\n    - select: {kind: ConfigMap}\n      fieldPaths:\n      - data.json.c\n";
            let text = format!("resources: [a.yaml]\nreplacements:\n  - sourceValue: v\n{into}{paths}");
            write(folder, "kustomization.yaml", text);
            let json =
                format!("{{\"a\": &a \"{}\", \"b\": [{}], \"c\": \"1\"}}", "x".repeat(100_000), "*a,".repeat(20_000));
            write(folder, "a.yaml", format!("{CONFIG_MAP}data:\n  json: '{json}'\n"));
        });
        assert_eq!(problems.len(), 1, "{problems:?}");
    }

    #[test]
    fn annotations_by_the_ten_thousand() {
        let (count, problems) = built(|folder| {
            let annotations: String = (0..10_000).map(|index| format!("  a{index}: b\n")).collect();
            write(folder, "kustomization.yaml", format!("resources: [a.yaml]\ncommonAnnotations:\n{annotations}"));
            write(folder, "a.yaml", CONFIG_MAP);
        });
        assert_eq!((count, problems), (1, vec![]));
    }
}

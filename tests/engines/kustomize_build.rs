//! Builds against what kustomize 5.8.1 printed: each folder of testdata/build holds a kustomization in `in/`, and what
//! must come out, `expected.yaml`, or what must be wrong and where, `error.txt`. The folder's name says what it shows.

mod cases {
    use std::path::{Path, PathBuf};
    use std::sync::Arc;

    use fleetlint::kustomize::{LoadRestriction, Options, Order, Reader, build};
    use fleetlint::problem::Problem;
    use fleetlint::source::{Files, open_for_build};
    use fleetlint::yaml::{Documents, print};

    fn folders() -> Vec<PathBuf> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/build");
        let entries = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
        let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
        folders.sort();
        folders
    }

    /// The printed resources, or one line for each problem.
    fn run(folder: &Path, documents: &Documents) -> Result<String, String> {
        let files = Arc::new(Files::default());
        let (tree, folder) = open_for_build(&files, &folder.join("in"), false).unwrap();
        let options = Options { load_restriction: LoadRestriction::None, order: Order::Legacy };
        let build = build(Reader { tree: &tree, documents }, &folder, options);
        if !build.problems.is_empty() {
            let lines: String = build.problems.iter().map(|problem| line(problem, &files)).collect();
            // Where the repository lies does not matter.
            return Err(lines.replace(&format!("`{folder}/"), "`").replace(&format!("`{folder}`"), "`.`"));
        }
        let printed: Result<Vec<String>, String> = build.resources.iter().map(|node| print::resource(node)).collect();
        printed.map(|resources| resources.join("---\n")).map_err(|error| error + "\n")
    }

    /// `file:line:col message`; without a place only the message.
    fn line(problem: &Problem, files: &Files) -> String {
        let Some(place) = problem.place else { return format!("{}\n", problem.message) };
        let file = files.get(place.file);
        let position = file.position(place.start);
        let path = file.path.rsplit_once("/in/").map_or(file.path.as_str(), |(_, path)| path);
        format!("{path}:{}:{} {}\n", position.line, position.column, problem.message)
    }

    #[test]
    fn every_folder_builds_as_kustomize_builds_it() {
        let folders = folders();
        assert!(!folders.is_empty());
        let mut wrong = Vec::new();
        for folder in &folders {
            let read = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
            let (expected, name) = match (read("expected.yaml"), read("error.txt")) {
                (Some(text), None) => (Ok(text), folder.file_name().unwrap().display()),
                (None, Some(text)) => (Err(text), folder.file_name().unwrap().display()),
                _ => panic!("{}: it needs one of expected.yaml and error.txt", folder.display()),
            };
            for documents in [Documents::default(), Documents::passing()] {
                let got = run(folder, &documents);
                if got != expected {
                    wrong.push(format!("== {name}\nexpected: {expected:#?}\ngot: {got:#?}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{} of {} differ\n{}", wrong.len(), folders.len(), wrong.join("\n"));
    }
}

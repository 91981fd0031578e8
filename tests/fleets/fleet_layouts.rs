//! Whole fleets, one per layout: what `build --cluster` and `graph` print is what `testdata/fleets/<name>/expected/` says, and `check`
//! finds nothing where the fleet is meant to be clean. `UPDATE=1` writes the expectations again.

mod cases {
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::process::Command;

    use fleetlint::run::{Request, Session};

    use crate::fleet::{files, source};

    /// The layouts and the least number of clusters that show each.
    const LAYOUTS: [(&str, usize); 7] =
        [("artifacts", 1), ("bootstrap", 2), ("chained", 2), ("d1", 3), ("home", 1), ("monorepo", 1), ("oci", 2)];

    /// The one with defects on purpose: its README lists them.
    const DEFECTIVE: &str = "d1";

    /// The fleet repository of a layout: of its folders the one that has clusters.
    fn repository(layout: &str) -> PathBuf {
        let folders = fs::read_dir(source(layout)).unwrap().map(|entry| entry.unwrap().path());
        let is_fleet = |folder: &PathBuf| files(folder).iter().any(|file| file.contains("clusters/"));
        let found: Vec<PathBuf> = folders.filter(|path| path.is_dir()).filter(is_fleet).collect();
        assert_eq!(found.len(), 1, "{layout}: which is the fleet repository? {found:?}");
        found.into_iter().next().unwrap()
    }

    fn clusters(repository: &Path) -> Vec<String> {
        let session = Session::default();
        let request = Request::of(repository);
        let (fleet, _) = session.fleet(&request).unwrap();
        fleet.clusters.iter().map(|cluster| cluster.name.clone()).collect()
    }

    /// What a command prints about a repository; it must have no complaint of its own.
    fn printed(arguments: &[&str], repository: &Path) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fleetlint"));
        let output = command.args(arguments).arg(repository).output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn compare(file: &Path, text: &str) {
        if std::env::var_os("UPDATE").is_some() {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        let expected = fs::read_to_string(file).unwrap_or_default();
        let mut lines = expected.lines().zip(text.lines()).enumerate();
        let first = lines.find(|(_, (expected, printed))| expected != printed);
        assert!(expected == text, "{}: the first line that differs: {first:?}", file.display());
    }

    #[test]
    fn fleets_build_to_what_is_expected() {
        for (layout, least) in LAYOUTS {
            let repository = repository(layout);
            let expected = source(layout).join("expected");
            compare(&expected.join("graph.txt"), &printed(&["graph"], &repository));
            let clusters = clusters(&repository);
            assert!(clusters.len() >= least, "{layout}: {clusters:?}");
            for cluster in &clusters {
                compare(
                    &expected.join(format!("{cluster}.yaml")),
                    &printed(&["build", "--cluster", cluster], &repository),
                );
            }
            assert_eq!(files(&expected).len(), clusters.len() + 1, "{layout}: an expectation of no cluster");
        }
    }

    #[test]
    fn every_fleet_is_a_layout() {
        let root = source("");
        let mut known: Vec<String> =
            fs::read_dir(root).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        known.sort();
        assert_eq!(known, LAYOUTS.map(|(layout, _)| layout));
    }

    #[test]
    fn clean_fleets_are_clean() {
        for (layout, _) in LAYOUTS.iter().filter(|(layout, _)| *layout != DEFECTIVE) {
            let text = printed(&["check", "--fail-on", "never"], &repository(layout));
            assert!(text.lines().any(|line| line.starts_with("nothing found in ")), "{layout}:\n{text}");
        }
    }
}

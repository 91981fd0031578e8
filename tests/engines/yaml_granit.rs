//! Our spans and comments against granit-parser's, over `testdata/` and over shapes that real files seldom have.

#[cfg(test)]
#[path = "../support/yaml_granit/compare.rs"]
mod compare;

mod cases {
    use std::path::{Path, PathBuf};

    use super::compare::compare;

    fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                if !is_odd(&path) {
                    collect(&path, paths);
                }
            // JSON files are left out: what only JSON allows (`\/`) is not YAML here, as it is none for kustomize.
            } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
                paths.push(path);
            }
        }
    }

    /// Cases of odd bytes and of go-yaml's peculiarities, which granit reads in its own way, and of files beyond its limits or ours.
    fn is_odd(folder: &Path) -> bool {
        let name = folder.file_name().unwrap().to_string_lossy();
        ["bytes-", "bomb-", "deep-", "limit-", "yaml-"].iter().any(|prefix| name.starts_with(prefix))
    }

    #[test]
    fn every_file_of_testdata_has_the_spans_of_granit() {
        let mut paths = Vec::new();
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata"), &mut paths);
        assert!(!paths.is_empty());
        for path in paths {
            let text = std::fs::read_to_string(&path).unwrap();
            // Lines end in LF here, as in editors and in Git; a CR alone is a line break for YAML only.
            if text.replace("\r\n", "\n").contains('\r') {
                continue;
            }
            let outcome = compare(&text);
            assert_eq!(outcome.differences, [""; 0], "{}", path.display());
        }
    }

    #[test]
    fn every_shape_has_the_spans_of_granit() {
        let text =
            std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/yaml/shapes.yaml")).unwrap();
        let outcome = compare(&text);
        assert_eq!(outcome.differences, [""; 0]);
        assert_eq!(outcome.broken, [""; 0]);
        assert_eq!((outcome.documents, outcome.nodes, outcome.comments), (13, 188, 18));
    }
}

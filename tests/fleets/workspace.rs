//! The public interface: the same files give the same report, wherever they come from.

mod cases {
    use fleetlint::{Report, RunError, Selection, Workspace};

    use crate::fleet::{Repositories, files};
    use crate::git;

    const CLUSTER: &str = "clusters/prod/flux-system/gotk-sync.yaml";

    const SYNC: &str = "apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, url: \"https://github.com/acme/fleet\", ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, path: ./clusters/prod, prune: true, sourceRef: {kind: GitRepository, name: flux-system}}
";

    const APPS: &str = "apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec:
  interval: 1m
  path: ./apps
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system}
";

    const SETTINGS: &str = "kind: ConfigMap\napiVersion: v1\nmetadata: {name: settings, namespace: default}\n";

    fn fleet() -> Vec<(&'static str, &'static str)> {
        vec![(CLUSTER, SYNC), ("clusters/prod/apps.yaml", APPS), ("apps/settings.yaml", SETTINGS)]
    }

    fn in_memory(files: &[(&str, &str)]) -> Workspace {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
        Workspace::in_memory("fleet", files)
    }

    /// `file:line rule` of each finding.
    fn found(workspace: &Workspace) -> Vec<String> {
        let report = workspace.check(&Selection::default()).unwrap();
        told(workspace, &report)
    }

    fn told(workspace: &Workspace, report: &Report) -> Vec<String> {
        let report: serde_json::Value = serde_json::from_str(&workspace.json(report)).unwrap();
        let finding = |finding: &serde_json::Value| {
            let at = &finding["location"];
            format!("{}:{} {}", at["file"].as_str().unwrap(), at["line"], finding["rule"].as_str().unwrap())
        };
        report["findings"].as_array().unwrap().iter().map(finding).collect()
    }

    #[test]
    fn files_in_memory_are_checked_like_those_of_a_folder() {
        let path = crate::fleet::source("d1").join("acme-fleet");
        let text = |file: &String| std::fs::read(path.join(file)).unwrap();
        let contents: Vec<(String, Vec<u8>)> = files(&path)
            .into_iter()
            .filter(|file| file != "fleetlint.yaml")
            .map(|file| (file.clone(), text(&file)))
            .collect();
        let mut folder = Workspace::folder(&path);
        folder.change("fleetlint.yaml", None);
        let memory = Workspace::in_memory("acme-fleet", contents);
        let [folder, memory] = [&folder, &memory].map(|workspace| {
            let report = workspace.check(&Selection::default()).unwrap();
            let mut json: serde_json::Value = serde_json::from_str(&workspace.json(&report)).unwrap();
            json.as_object_mut().unwrap().remove("repositories");
            json
        });
        assert_eq!(folder, memory);
        assert!(!folder["findings"].as_array().unwrap().is_empty());
    }

    #[test]
    fn what_is_not_saved_counts() {
        let mut workspace = in_memory(&fleet());
        assert_eq!(found(&workspace), [""; 0]);
        workspace.change("clusters/prod/apps.yaml", Some(&APPS.replace("./apps", "./aps")));
        assert_eq!(found(&workspace), ["clusters/prod/apps.yaml:6 kustomization-graph/path-not-found"]);
        workspace.change("aps/settings.yaml", Some(SETTINGS));
        assert_eq!(found(&workspace), [""; 0], "a file that is new");
        workspace.change("aps/settings.yaml", None);
        assert_eq!(found(&workspace), ["clusters/prod/apps.yaml:6 kustomization-graph/path-not-found"]);
        workspace.change("../../outside.yaml", Some("kind: ["));
        workspace.change(
            "fleetlint.yaml",
            Some("exceptions: [{rule: kustomization-graph/path-not-found, reason: it is renamed next}]\n"),
        );
        assert_eq!(found(&workspace), [""; 0], "the configuration is a file like others");
    }

    #[test]
    fn what_is_not_saved_lies_over_a_folder() {
        let repositories = Repositories::empty();
        fleet().into_iter().for_each(|(file, text)| repositories.write("fleet", file, text));
        let mut workspace = Workspace::folder(repositories.path("fleet"));
        assert_eq!(found(&workspace), [""; 0]);
        workspace.change("apps/settings.yaml", Some("kind: ["));
        assert_eq!(found(&workspace), ["apps/settings.yaml:1 build/yaml-syntax"]);
    }

    #[test]
    fn a_revision_is_read_without_a_checkout() {
        let repositories = Repositories::empty();
        let broken: Vec<(&str, &str)> = fleet().into_iter().filter(|(file, _)| !file.starts_with("apps/")).collect();
        git::repository(&repositories.path("fleet"), &[("main", &fleet()[..]), ("work", &broken[..])]);
        let at = |revision: &str| Workspace::revision(repositories.path("fleet"), revision);
        assert_eq!(found(&at("main")), [""; 0]);
        assert_eq!(found(&at("work")), ["clusters/prod/apps.yaml:6 kustomization-graph/path-not-found"]);
        let missing = at("wrk").check(&Selection::default());
        let Err(RunError::Open(why)) = missing else { panic!("there is no such branch") };
        assert!(why.to_string().ends_with("has no branch, tag or commit `wrk`; it has `main`, `work`"), "{why}");
        let plain = tempfile::tempdir().unwrap();
        assert!(Workspace::revision(plain.path(), "main").check(&Selection::default()).is_err());
    }
}

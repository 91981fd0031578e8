//! What the artifact of a GitRepository holds besides its repository, and what it leaves out.

mod cases {
    use fleetlint::run::{Request, Session};
    use fleetlint::source::SourceArgument;
    use fleetlint::triage::Selection;

    use crate::fleet::Repositories;

    const SYNC: &str = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: flux-system, \
        namespace: flux-system}\nspec: {interval: 1m, url: 'https://github.com/acme/fleet', ref: {branch: main}}\n---\n\
        apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: flux-system, namespace: \
        flux-system}\nspec: {interval: 1m, prune: true, path: ./clusters/home, sourceRef: {kind: GitRepository, name: \
        flux-system}}\n";

    /// A GitRepository and the Kustomization that reads a folder of it.
    fn shop(spec: &str, path: &str) -> String {
        format!(
            "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {{name: shop, namespace: \
             flux-system}}\nspec:\n  interval: 1m\n  url: https://github.com/acme/shop\n  ref: {{branch: \
             main}}\n{spec}---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {{name: \
             settings, namespace: flux-system}}\nspec: {{interval: 1m, url: 'https://github.com/acme/settings', ref: \
             {{branch: main}}}}\n---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: \
             Kustomization\nmetadata: {{name: shop, namespace: flux-system}}\nspec:\n  interval: 1h\n  prune: true\n  \
             path: {path}\n  sourceRef: {{kind: GitRepository, name: shop}}\n"
        )
    }

    fn config(name: &str) -> String {
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: default}}\n")
    }

    /// Findings as `rule file:line message`, then notes; then the names of the ConfigMaps that are applied.
    fn run(spec: &str, path: &str, given: &[&str], files: &[(&str, &str, &str)]) -> (Vec<String>, Vec<String>) {
        let repositories = Repositories::empty();
        repositories.write("fleet", "clusters/home/flux-system/gotk-sync.yaml", SYNC);
        repositories.write("fleet", "clusters/home/shop.yaml", &shop(spec, path));
        repositories.write("fleet", "fleetlint.yaml", "flux: '2.10'\n");
        repositories.write("shop", "deploy/config.yaml", &config("deploy"));
        repositories.write("settings", "stable/config.yaml", &config("stable"));
        repositories.write("settings", "other/config.yaml", &config("other"));
        files.iter().for_each(|(repository, file, text)| repositories.write(repository, file, text));
        let argument = |name: &&str| {
            let path = repositories.path(name);
            SourceArgument::parse(&format!("https://github.com/acme/{name}={}", path.display())).unwrap()
        };
        let sources: Vec<SourceArgument> = given.iter().map(argument).collect();
        let folder = repositories.path("fleet");
        let request = Request { sources: &sources, ..Request::of(&folder) };
        let session = Session::default();
        let report = session.check(&request, &Selection::default(), None).unwrap();
        let findings = report.findings.iter().map(|it| format!("{}: {}", it.rule, it.message));
        let notes = report.notes.iter().map(|it| it.message.clone());
        let (fleet, _) = Session::default().fleet(&request).unwrap();
        let objects = fleet.clusters[0].objects.iter().map(|placed| &placed.object.id);
        let applied = objects.filter(|id| id.kind == "ConfigMap").map(|id| id.name.to_string()).collect();
        (findings.chain(notes).collect(), applied)
    }

    const INCLUDE: &str =
        "  include:\n  - repository: {name: settings}\n    fromPath: stable\n    toPath: env/stable\n";
    const BOTH: [&str; 2] = ["shop", "settings"];

    #[test]
    fn what_is_included_is_applied() {
        let names = |applied: &[&str]| applied.iter().map(|&it| it.to_owned()).collect::<Vec<_>>();
        assert_eq!(run(INCLUDE, "./env/stable", &BOTH, &[]), (vec![], names(&["stable"])));
        // Without `toPath` it is called as the repository, without `fromPath` it is all of it.
        let whole = "  include: [{repository: {name: settings}}]\n";
        assert_eq!(run(whole, "./settings/other", &BOTH, &[]), (vec![], names(&["other"])));
        assert_eq!(run(INCLUDE, "./deploy", &BOTH, &[]), (vec![], names(&["deploy"])));
    }

    #[test]
    fn what_is_included_from_elsewhere_is_not_known() {
        let (said, applied) = run(INCLUDE, "./env/stable", &["shop"], &[]);
        assert_eq!(applied, [""; 0]);
        assert_eq!(
            said,
            [
                "source GitRepository `flux-system/settings` (`github.com/acme/settings`) is not available: Kustomization \
              `flux-system/shop` was not expanded"
            ]
        );
        let gone = INCLUDE.replace("stable\n    to", "gone\n    to");
        let reason = "GitRepository flux-system/shop includes folder `gone` of `settings`, which does not exist";
        let (said, _) = run(&gone, "./env/stable", &BOTH, &[]);
        assert!(said.len() == 1 && said[0].contains(reason), "{said:?}");
        let taken = INCLUDE.replace("env/stable", "deploy");
        let (said, _) = run(&taken, "./deploy", &BOTH, &[]);
        let reason =
            "GitRepository flux-system/shop includes `settings` as `deploy`, where its own repository has files";
        assert!(said.len() == 1 && said[0].contains(reason), "{said:?}");
        let own = "  include: [{repository: {name: shop}}]\n";
        let (said, _) = run(own, "./deploy", &BOTH, &[]);
        assert!(said.len() == 1 && said[0].contains("it is created from itself"), "{said:?}");
    }

    #[test]
    fn a_sparse_checkout_leaves_out_the_rest() {
        let sparse = "  sparseCheckout: [deploy]\n";
        assert_eq!(run(sparse, "./deploy", &["shop"], &[]), (vec![], vec!["deploy".to_owned()]));
        let more = config("more");
        let (said, applied) = run(sparse, "./apps", &["shop"], &[("shop", "apps/config.yaml", &more)]);
        assert_eq!(applied, [""; 0]);
        assert_eq!(
            said,
            [
                "kustomization-graph/path-not-found: `sparseCheckout` of GitRepository flux-system/shop leaves out `apps`: \
              nothing in this Kustomization will be applied"
            ]
        );
    }

    #[test]
    fn what_is_in_submodules_is_not_known() {
        let modules = [("shop", ".gitmodules", "[submodule \"lib\"]\n\tpath = lib\n\turl = ../lib\n")];
        let (said, _) = run("  recurseSubmodules: true\n", "./lib/deploy", &["shop"], &modules);
        let reason = "its source has submodules, whose files fleetlint does not read";
        assert!(said.len() == 1 && said[0].contains(reason), "{said:?}");
        let (said, _) = run("", "./lib/deploy", &["shop"], &modules);
        assert!(said.len() == 1 && said[0].contains("there is no folder `lib`"), "{said:?}");
        let (said, applied) = run("  recurseSubmodules: true\n", "./deploy", &["shop"], &modules);
        assert_eq!((said, applied), (vec![], vec!["deploy".to_owned()]));
    }
}

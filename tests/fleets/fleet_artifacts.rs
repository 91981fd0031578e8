//! Kustomizations that read what ArtifactGenerators make.

mod cases {
    use std::sync::Arc;

    use fleetlint::fleet::{Outcome, ReconcilerKind, apply_order};
    use fleetlint::locate::Location;
    use fleetlint::run::{Request, Session};
    use fleetlint::triage::Selection;
    use fleetlint::yaml::print;

    use crate::fleet::{Repositories, files};

    const ARTIFACTS: &str = "clusters/production/artifacts.yaml";

    fn monorepo() -> Repositories {
        Repositories::copy_of("artifacts")
    }

    /// The monorepo with one artifact `apps`, made by these copies.
    fn with_copies(copies: &str) -> Repositories {
        let repositories = monorepo();
        let text = format!(
            "apiVersion: source.extensions.fluxcd.io/v1beta1\nkind: ArtifactGenerator\n\
             metadata: {{name: monorepo, namespace: flux-system}}\nspec:\n  \
             sources:\n    - {{alias: monorepo, kind: GitRepository, name: flux-system}}\n    \
             - {{alias: apps, kind: ExternalArtifact, name: apps}}\n  artifacts:\n    - name: apps\n      copy:\n{copies}"
        );
        repositories.write("monorepo", ARTIFACTS, &text);
        repositories
    }

    /// What a Kustomization applies, as `build --cluster` prints it, or what became of it.
    fn built(repositories: &Repositories, name: &str) -> Result<String, Outcome> {
        let session = Session::default();
        let path = repositories.path("monorepo");
        let (fleet, _) = session.fleet(&Request::of(&path)).unwrap();
        let cluster = fleet.cluster("production").unwrap();
        let reconciler = cluster.graph().find_reconciler(ReconcilerKind::Kustomization, "flux-system", name).unwrap();
        if reconciler.outcome != Outcome::Rendered {
            return Err(reconciler.outcome.clone());
        }
        let ordered = apply_order(&reconciler.applied);
        let texts: Vec<String> = ordered.into_iter().map(|object| print::resource(&object.root).unwrap()).collect();
        Ok(texts.join("---\n"))
    }

    /// The findings of family `build`: rule, file, line, message.
    fn findings(repositories: &Repositories) -> Vec<String> {
        let session = Session::default();
        let path = repositories.path("monorepo");
        let request = Request::of(&path);
        let report = session.check(&request, &Selection::default(), None).unwrap();
        let of_builds = report.findings.iter().filter(|finding| finding.rule.starts_with("build/"));
        let shown = of_builds.map(|finding| {
            let place = Location::of(finding.place.span().unwrap(), &session.files);
            format!("{} {}:{}:{} {}", finding.rule, place.repository, place.file, place.line, finding.message)
        });
        shown.collect()
    }

    #[test]
    fn builds_from_what_a_generator_copies() {
        let repositories = monorepo();
        let configuration = |prefix: &str, region: &str| {
            format!(
                "apiVersion: v1\ndata:\n  region: {region}\nkind: ConfigMap\nmetadata:\n  name: {prefix}settings\n  \
                 namespace: shop\n---\napiVersion: v1\ndata:\n  baskets: \"1000\"\nkind: ConfigMap\nmetadata:\n  \
                 name: {prefix}limits\n  namespace: shop\n"
            )
        };
        let quota = "apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: default\n  namespace: shop\nspec:\n  hard:\n    \
                     pods: \"20\"\n";
        assert_eq!(built(&repositories, "infrastructure"), Ok(quota.to_owned()));
        assert_eq!(built(&repositories, "apps"), Ok(configuration("", "eu")));
        assert_eq!(built(&repositories, "shop-again"), Ok(configuration("again-", "${REGION}")));
        assert_eq!(findings(&repositories), Vec::<String>::new());
    }

    #[test]
    fn findings_in_copied_files_are_placed_where_they_come_from() {
        let repositories = monorepo();
        repositories.write(
            "monorepo",
            "apps/shared/limits-large.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: [\n",
        );
        let found = findings(&repositories);
        let place = "build/yaml-syntax monorepo:apps/shared/limits-large.yaml:";
        assert!(!found.is_empty() && found.iter().all(|finding| finding.starts_with(place)), "{found:?}");
    }

    #[test]
    fn copies_as_source_watcher_does() {
        let cases: &[(&str, &str, &str, &[&str])] = &[
            (
                "apps/base/**",
                "",
                "",
                &["drafts/idea.yaml", "README.md", "shop/kustomization.yaml", "shop/limits.yaml", "shop/settings.yaml"],
            ),
            ("apps/base/shop", "x", "", &["x/shop/kustomization.yaml", "x/shop/limits.yaml", "x/shop/settings.yaml"]),
            ("apps/base/shop/", "x/", "", &["x/shop/kustomization.yaml", "x/shop/limits.yaml", "x/shop/settings.yaml"]),
            ("apps/base/shop/limits.yaml", "x", "", &["x"]),
            ("apps/base/shop/limits.yaml", "x/", "", &["x/limits.yaml"]),
            ("apps/base/shop/limits.yaml", "", "", &["limits.yaml"]),
            ("apps/base/shop/l*.yaml", "x", "", &["x/apps/base/shop/limits.yaml"]),
            (
                "apps/base/**/*.yaml",
                "",
                "drafts/*",
                &["apps/base/shop/kustomization.yaml", "apps/base/shop/limits.yaml", "apps/base/shop/settings.yaml"],
            ),
            ("apps/**/*.yaml", "", "", &["apps/production/kustomization.yaml", "apps/shared/limits-large.yaml"]),
            ("apps/base/**", "", "**/shop/**", &["README.md", "drafts/idea.yaml"]),
            ("apps/base/**", "", "*.{md,yaml}", &[]),
            ("apps/s*/limits-large.yaml", "x", "", &["x/apps/shared/limits-large.yaml"]),
        ];
        for (from, to, exclude, expected) in cases {
            let mut expected: Vec<&str> = expected.to_vec();
            expected.sort_unstable();
            assert_eq!(copied(from, to, exclude), expected, "{from} to {to} without {exclude}");
        }
    }

    /// The files of an artifact of one copy.
    fn copied(from: &str, to: &str, exclude: &str) -> Vec<String> {
        let exclude = if exclude.is_empty() { String::new() } else { format!(", exclude: ['{exclude}']") };
        let copy = format!("        - {{from: '@monorepo/{from}', to: '@artifact/{to}'{exclude}}}\n");
        let repositories = with_copies(&copy);
        let session = Session::default();
        let path = repositories.path("monorepo");
        let (fleet, _) = session.fleet(&Request::of(&path)).unwrap();
        let cluster = fleet.cluster("production").unwrap();
        let reconciler = cluster.graph().find_reconciler(ReconcilerKind::Kustomization, "flux-system", "apps").unwrap();
        let source = reconciler.source.as_ref().unwrap();
        source.tree.as_ref().unwrap_or_else(|| panic!("{from}: {:?}", reconciler.outcome)).files()
    }

    #[test]
    fn wrong_copies_are_findings_at_their_place() {
        let cases = [
            (
                "        - {from: monorepo/apps, to: '@artifact/'}\n",
                "build/invalid-object monorepo:clusters/production/artifacts.yaml:11 `monorepo/apps` does not name a source",
            ),
            (
                "        - {from: '@monorepo/apps', to: apps}\n",
                "build/invalid-object monorepo:clusters/production/artifacts.yaml:11 `apps` is not a path in the artifact",
            ),
            (
                "        - from: '@monorepo/apps'\n          to: '@artifact/'\n          strategy: Replace\n",
                "build/invalid-object monorepo:clusters/production/artifacts.yaml:13 there is no copy strategy `Replace`",
            ),
            (
                "        - {from: '@mono/apps', to: '@artifact/'}\n",
                "build/kustomize-failed monorepo:clusters/production/artifacts.yaml:11 ArtifactGenerator \
                 flux-system/monorepo has no source `mono`",
            ),
            (
                "        - {from: '@monorepo/app', to: '@artifact/'}\n",
                "build/kustomize-failed monorepo:clusters/production/artifacts.yaml:11 `app` does not exist in source \
                 `monorepo`",
            ),
            (
                "        - {from: '@monorepo/apps/*.yaml', to: '@artifact/'}\n",
                "build/kustomize-failed monorepo:clusters/production/artifacts.yaml:11 `apps/*.yaml` matches nothing in \
                 source `monorepo`",
            ),
            (
                "        - {from: '@monorepo/apps/base', to: '@artifact/'}\n        \
                 - {from: '@monorepo/apps/base/README.md', to: '@artifact/base/shop/settings.yaml/x'}\n",
                "build/kustomize-failed monorepo:clusters/production/artifacts.yaml:12 `apps/base/README.md` cannot become \
                 `base/shop/settings.yaml/x`: a file and a folder would have the same path",
            ),
            (
                "        - {from: '@monorepo/apps', to: '@artifact/../x'}\n",
                "build/kustomize-failed monorepo:clusters/production/artifacts.yaml:11 `../x` leads out of the artifact",
            ),
        ];
        for (copies, expected) in cases {
            assert_eq!(findings(&with_copies(copies)), [expected], "{copies}");
        }
    }

    #[test]
    fn what_is_not_known_is_no_finding() {
        let limits = "{from: '@monorepo/apps/shared/limits-large.yaml', to: '@artifact/apps/base/shop/limits.yaml'";
        let cases = [
            (
                format!("        - {limits}, strategy: Extract}}\n"),
                "`@monorepo/apps/shared/limits-large.yaml` is extracted from an archive, which fleetlint does not unpack",
            ),
            (
                "        - {from: '@apps/x', to: '@artifact/'}\n".to_owned(),
                "the files of ExternalArtifact `flux-system/apps` are not known: it is created from itself",
            ),
        ];
        for (copies, expected) in cases {
            let repositories = with_copies(&copies);
            let Err(Outcome::Undetermined(reason)) = built(&repositories, "apps") else { panic!("{copies}") };
            assert_eq!(reason.to_string(), expected, "{copies}");
            assert_eq!(findings(&repositories), Vec::<String>::new(), "{copies}");
        }
    }

    const OVERLAY: &str = "        - {from: '@monorepo/apps/base/', to: '@artifact/'}\n        \
        - {from: '@monorepo/apps/production/**', to: '@artifact/overlay/'}\n";

    /// As Helm merges values: mappings by key, everything else replaced, the documents of a file one after the other.
    #[test]
    fn yaml_is_merged_over_what_is_there() {
        let merge = "        - {from: '@monorepo/more.yaml', to: '@artifact/base/shop/limits.yaml', strategy: Merge}\n";
        let repositories = with_copies(&format!("{OVERLAY}{merge}"));
        let more = "data: {baskets: \"7\", new: 'yes'}\n---\nmetadata: {labels: {a: b}}\ndata: {other: x}\n";
        repositories.write("monorepo", "more.yaml", more);
        let limits = "apiVersion: v1\ndata:\n  baskets: \"7\"\n  new: \"yes\"\n  other: x\nkind: ConfigMap\nmetadata:\n  labels:\n    \
            a: b\n  name: limits\n  namespace: shop\n";
        let text = built(&repositories, "apps").unwrap();
        assert!(text.ends_with(&format!("---\n{limits}")), "{text}");
        repositories.write("monorepo", "more.yaml", "metadata: {labels: {a: b}}\ndata: {other: 5}\n");
        let number = "build/invalid-object monorepo:more.yaml:2 `other` must be a string, but it is a number: the API server rejects this object";
        assert_eq!(findings(&repositories), [number]);
        for (text, why) in [("- a\n", "it contains more than mappings"), ("a: [\n", "this `[` is not closed")] {
            repositories.write("monorepo", "more.yaml", text);
            let place = "build/kustomize-failed monorepo:clusters/production/artifacts.yaml:13";
            assert_eq!(findings(&repositories), [format!("{place} `more.yaml` cannot be merged: {why}")]);
        }
    }

    /// The monorepo with artifacts for the folders that a pattern matches; Kustomization `apps` reads artifact `name`.
    fn with_pattern(pattern: &str, name: &str, template: &str) -> Repositories {
        let repositories = monorepo();
        let text = format!(
            "apiVersion: source.extensions.fluxcd.io/v1beta1
kind: ArtifactGenerator
metadata: {{name: monorepo, namespace: flux-system}}
spec:
  pathPattern: '{pattern}'
  sources:
    - {{alias: monorepo, kind: GitRepository, name: flux-system}}
  artifacts:
    - name: '{template}'
      copy:
        - {{from: '@monorepo/teams/{{team}}/{{app}}/**', to: '@artifact/'}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: apps, namespace: flux-system}}
spec: {{path: ., sourceRef: {{kind: ExternalArtifact, name: {name}}}}}
"
        );
        repositories.write("monorepo", ARTIFACTS, &text);
        let others = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [artifacts.yaml]\n";
        repositories.write("monorepo", "clusters/production/kustomization.yaml", others);
        for (folder, value) in [("Red/shop", "a"), ("Red/cart", "b"), ("blue/shop", "c")] {
            let map = format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {value}}}\n");
            repositories.write("monorepo", &format!("teams/{folder}/map.yaml"), &map);
        }
        repositories
    }

    #[test]
    fn a_pattern_makes_an_artifact_of_each_folder() {
        let map = |name: &str| Ok(format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n"));
        for (name, expected) in [("red-shop", "a"), ("red-cart", "b"), ("blue-shop", "c")] {
            let repositories = with_pattern("@monorepo/teams/{team}/{app}", name, "{team}-{app}");
            assert_eq!(built(&repositories, "apps"), map(expected), "{name}");
            assert_eq!(findings(&repositories), Vec::<String>::new());
        }
        for name in ["blue-cart", "Red-shop", "other"] {
            let repositories = with_pattern("@monorepo/teams/{team}/{app}", name, "{team}-{app}");
            assert_eq!(built(&repositories, "apps"), Err(Outcome::SourceNotFound), "{name}");
        }
    }

    #[test]
    fn wrong_patterns_are_findings_at_their_place() {
        let cases = [
            (
                "monorepo/teams/{team}/{app}",
                "{team}-{app}",
                "build/invalid-object",
                5,
                "`monorepo/teams/{team}/{app}` does not name a source",
            ),
            (
                "@mono/teams/{team}/{app}",
                "{team}-{app}",
                "build/kustomize-failed",
                5,
                "ArtifactGenerator flux-system/monorepo has no source `mono`",
            ),
            (
                "@monorepo/teams/{team}/{team}",
                "{team}-{app}",
                "build/kustomize-failed",
                5,
                "`pathPattern` is invalid: `team` appears twice",
            ),
            (
                "@monorepo/teams/{team/{app}",
                "{team}-{app}",
                "build/kustomize-failed",
                5,
                "`pathPattern` is invalid: `{team/{app}` is not a valid name",
            ),
            (
                "@monorepo/teams/{team}/{app}",
                "{team}-shop",
                "build/kustomize-failed",
                5,
                "two folders produce artifact `red-shop`, one of them `teams/Red/shop`",
            ),
            (
                "@monorepo/{top}/{app}",
                "{top}-{app}",
                "build/kustomize-failed",
                11,
                "`@monorepo/teams/{team}/{app}/**` is not a valid template: `pathPattern` has no `team`",
            ),
        ];
        for (pattern, template, rule, line, message) in cases {
            let repositories = with_pattern(pattern, "red-shop", template);
            let place = format!("{rule} monorepo:clusters/production/artifacts.yaml:{line}");
            assert_eq!(findings(&repositories), [format!("{place} {message}")], "{pattern}");
        }
        let repositories = with_pattern("@monorepo/teams/{team}/{app}", "red-shop", "{team}-{app}");
        repositories.write("monorepo", "teams/red/-x/a.txt", "");
        let place = "build/kustomize-failed monorepo:clusters/production/artifacts.yaml:5";
        let message = "`-x` in `teams/red/-x` is not a valid label value: the ArtifactGenerator creates nothing";
        assert_eq!(findings(&repositories), [format!("{place} {message}")]);
    }

    #[test]
    fn an_artifact_that_nothing_makes_is_not_found() {
        let repositories = with_copies("        - {from: '@monorepo/apps/production', to: '@artifact/'}\n");
        assert_eq!(built(&repositories, "infrastructure"), Err(Outcome::SourceNotFound));
    }

    #[test]
    fn equal_compositions_are_one_tree() {
        let repositories = monorepo();
        for file in files(&repositories.path("monorepo").join("clusters/production")) {
            let text = std::fs::read_to_string(repositories.path("monorepo/clusters/production").join(&file)).unwrap();
            let text = text.replace("clusters/production", "clusters/staging");
            repositories.write("monorepo", &format!("clusters/staging/{file}"), &text);
        }
        let session = Session::default();
        let path = repositories.path("monorepo");
        let (fleet, _) = session.fleet(&Request::of(&path)).unwrap();
        let tree = |cluster: &str, name| {
            let cluster = fleet.cluster(cluster).unwrap();
            let reconciler =
                cluster.graph().find_reconciler(ReconcilerKind::Kustomization, "flux-system", name).unwrap();
            reconciler.source.clone().unwrap().tree.unwrap()
        };
        assert!(Arc::ptr_eq(&tree("production", "apps"), &tree("staging", "apps")));
        assert!(!Arc::ptr_eq(&tree("production", "apps"), &tree("production", "infrastructure")));
    }
}

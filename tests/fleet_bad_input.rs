//! What can be wrong in what Flux reads: each a finding at the place to edit with a way out, and the rest goes on.

#[cfg(test)]
#[path = "support/fleet.rs"]
mod fleet;

#[cfg(test)]
mod cases {
    use fleetlint::report;
    use fleetlint::run::{Request, Session};
    use fleetlint::triage::Selection;
    use serde_json::Value;

    use crate::fleet::Repositories;

    const FLEET: &str = "fleet";

    /// A cluster of Flux 2.9; `instance` goes below `spec`.
    fn cluster(instance: &str) -> Repositories {
        let repositories = Repositories::empty();
        let text = format!(
            "apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata:
  name: flux
  namespace: flux-system
spec:
  distribution: {{version: 2.9.x, registry: ghcr.io/fluxcd}}
  sync: {{kind: GitRepository, url: https://github.com/acme/fleet, ref: refs/heads/main, path: clusters/prod}}
{instance}"
        );
        repositories.write(FLEET, "clusters/prod/flux.yaml", &text);
        // What has to be found whatever is wrong elsewhere.
        repositories.write(FLEET, "clusters/prod/lost.yaml", &kustomization("lost", "nowhere", ""));
        repositories
    }

    fn kustomization(name: &str, path: &str, rest: &str) -> String {
        format!(
            "apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: {name}, namespace: flux-system}}
spec:
  interval: 1h
  prune: true
  sourceRef: {{kind: GitRepository, name: flux-system}}
  path: {path}
{rest}"
        )
    }

    fn config_map(name: &str, value: &str) -> String {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: flux-system}}\ndata:\n  a: {value}\n"
        )
    }

    fn check(repositories: &Repositories) -> Value {
        let session = Session::default();
        let path = repositories.path(FLEET);
        let request = Request { path: &path, sources: &[], config: None };
        let report = session.check(&request, &Selection::default(), None).unwrap_or_else(|why| panic!("{why}"));
        serde_json::from_str(&report::json(&report, &session.files)).unwrap()
    }

    /// `file:line: rule: message (help)` of each finding but the one that is always there.
    fn found(repositories: &Repositories) -> Vec<String> {
        let report = check(repositories);
        let findings = report["findings"].as_array().unwrap();
        let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        let line = |finding: &Value| {
            format!(
                "{}:{}: {}: {} ({})",
                text(&finding["location"]["file"]),
                finding["location"]["line"],
                text(&finding["rule"]),
                text(&finding["message"]),
                text(&finding["help"])
            )
        };
        let mut lines: Vec<String> = findings.iter().map(line).collect();
        let lost = lines.iter().position(|line| line.contains("`nowhere` is no folder"));
        lines.remove(lost.unwrap_or_else(|| panic!("the rest is lost: {lines:#?}")));
        lines
    }

    #[test]
    fn a_patch_of_an_instance_that_fails_is_told_and_the_others_count() {
        let good = "    - target: {kind: Kustomization}
      patch: |
        - {op: add, path: /spec/postBuild, value: {substitute: {x: patched}}}
";
        // `line: rule: message (help)`; where the patch is refused as a whole, what that means is said, too.
        let failed = |line: u32, message: &str, help: &str| {
            format!(
                "{line}: build/kustomize-failed: a patch of the FluxInstance fails: {message} ({help}; the Flux Operator \
                 applies nothing while a patch fails)"
            )
        };
        let lost = |kind: &str, name: &str, help: &str| {
            format!(
                "14: build/kustomize-failed: the Flux Operator makes no {kind} `{name}`: this patch has nothing to change ({help})"
            )
        };
        let controllers = "the controllers are called `source-controller`, `kustomize-controller`, `helm-controller`, \
            `notification-controller`, `image-reflector-controller`, `image-automation-controller`, `source-watcher`";
        let cases = [
            (
                "    - target: {kind: Kustomization, name: flux-system}\n      patch: |\n        - op: remove\n          path: /spec/nothing\n",
                failed(
                    14,
                    "cannot patch `Kustomization.v1.kustomize.toolkit.fluxcd.io/flux-system.flux-system`: error in remove for path `/spec/nothing`: nonexistent key `nothing`",
                    "correct the patch",
                ),
            ),
            (
                "    - patch: |\n        - {op: add, path: /spec/wait, value: true}\n",
                failed(11, "must specify a target for a JSON patch", "say below `target` which resources it is for"),
            ),
            (
                "    - target: {kind: Deployment}\n      patch: |\n        kind: [\n",
                failed(
                    13,
                    "unable to parse strategic-merge or JSON patch: this `[` is not closed",
                    "add the `]`, or the `,` between two items",
                ),
            ),
            (
                "    - patch: |\n        apiVersion: apps/v1\n        kind: Deployment\n        metadata: {name: kustomise-controller}\n",
                lost("Deployment", "kustomise-controller", controllers),
            ),
            (
                "    - patch: |\n        apiVersion: kustomize.toolkit.fluxcd.io/v1\n        kind: Kustomization\n        metadata: {name: flux, namespace: flux-system}\n",
                lost(
                    "Kustomization",
                    "flux",
                    "it makes the Kustomization `flux-system`: correct the name, or select by `target`",
                ),
            ),
            (
                "    - target: {kind: Deployment}\n",
                failed(11, "must specify one of `patch` and `path`", "correct the patch"),
            ),
            (
                "    - target: {kind: 'Deploy('}\n      patch: |\n        - {op: add, path: /a, value: b}\n",
                failed(11, "`kind` of a target is no regular expression: unclosed group", "correct the patch"),
            ),
        ];
        for (patch, expected) in cases {
            let repositories = cluster(&format!("  kustomize:\n    patches:\n{}{}", indented(patch), indented(good)));
            repositories.write(FLEET, "clusters/prod/map.yaml", &config_map("a", "'${x}'"));
            assert_eq!(found(&repositories), [format!("clusters/prod/flux.yaml:{expected}")], "{patch}");
        }
    }

    #[test]
    fn patches_of_an_instance_that_reach_controllers_are_no_defect() {
        let patches = "    - target: {kind: Deployment, name: '(kustomize-controller|helm-controller)'}
      patch: |
        - {op: add, path: /spec/template/spec/containers/0/args/-, value: --concurrent=10}
    - patch: |
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: source-controller-shard1, namespace: flux-system}
        spec: {replicas: 2}
    - target: {kind: NetworkPolicy}
      patch: |
        $patch: delete
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: all}
";
        let repositories = cluster(&format!("  kustomize:\n    patches:\n{}", indented(patches)));
        assert_eq!(found(&repositories), [""; 0]);
    }

    fn indented(text: &str) -> String {
        text.lines().map(|line| format!("  {line}\n")).collect()
    }
}

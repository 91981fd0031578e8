//! What can be wrong in what Flux reads: each a finding at the place to edit with a way out, and the rest goes on.

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
        let request = Request::of(&path);
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
        let lost = lines.iter().position(|line| line.contains("no folder `nowhere` in"));
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
                "14: build/kustomize-failed: the Flux Operator creates no {kind} `{name}`: this patch changes nothing ({help})"
            )
        };
        let controllers = "the controllers are named `source-controller`, `kustomize-controller`, `helm-controller`, \
            `notification-controller`, `image-reflector-controller`, `image-automation-controller`, `source-watcher`";
        let cases = [
            (
                "    - target: {kind: Kustomization, name: flux-system}\n      patch: |\n        - op: remove\n          path: /spec/nothing\n",
                failed(
                    14,
                    "cannot patch `Kustomization.v1.kustomize.toolkit.fluxcd.io/flux-system.flux-system`: error in remove for path `/spec/nothing`: nonexistent key `nothing`",
                    "check the path against the object at that point: the parents of a field must exist, and `replace` in a list, `remove` and `test` need the field itself",
                ),
            ),
            (
                "    - patch: |\n        - {op: add, path: /spec/wait, value: true}\n",
                failed(
                    11,
                    "must specify a target for a JSON patch",
                    "select the resources that it is for with `target`",
                ),
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
                    "it creates the Kustomization `flux-system`: correct the name, or select by `target`",
                ),
            ),
            (
                "    - target: {kind: Deployment}\n",
                failed(11, "the entry has no `patch`", "write the patch below `patch`"),
            ),
            (
                "    - target: {kind: 'Deploy('}\n      patch: |\n        - {op: add, path: /a, value: b}\n",
                failed(11, "`kind` of a target is not a regular expression: unclosed group", "correct the patch"),
            ),
        ];
        for (patch, expected) in cases {
            let repositories = cluster(&format!("  kustomize:\n    patches:\n{}{}", indented(patch), indented(good)));
            repositories.write(FLEET, "clusters/prod/map.yaml", &config_map("a", "'${x}'"));
            assert_eq!(found(&repositories), [format!("clusters/prod/flux.yaml:{expected}")], "{patch}");
        }
    }

    /// The cluster with a Kustomization `apps` (its post-build, its path) over these files.
    fn apps(rest: &str, files: &[(&str, &str)]) -> Repositories {
        let repositories = cluster("");
        repositories.write(FLEET, "clusters/prod/apps.yaml", &kustomization("apps", "apps", rest));
        // Lies beside what is wrong: its path is not found either way.
        repositories.write(FLEET, "apps/beside.yaml", &kustomization("beside", "nowhere-either", ""));
        files.iter().for_each(|(file, text)| repositories.write(FLEET, file, text));
        repositories
    }

    /// What is found beside: `apps` is built all the same.
    const BESIDE: &str = "apps/beside.yaml:8: kustomization-graph/path-not-found: there is no folder `nowhere-either` in `fleet`: nothing in this Kustomization will be applied (correct the path (it is relative to the root of the source), or add the \
        folder)";

    /// Substitution works on what kustomize prints, and that has lost the quotes: those in the files are there already.
    #[test]
    fn what_substitution_turns_into_a_number_or_null_is_told_where_the_value_is() {
        let post_build = "  postBuild:\n    substituteFrom:\n      - {kind: ConfigMap, name: vars}\n";
        let child = "  postBuild:\n    substitute:\n      ID: '${ID}'\n      URL: '${URL}'\n";
        let vars = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: vars, namespace: flux-system}\ndata:\n  ID: '07'\n  \
                    URL: ''\n";
        let map =
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: default}\ndata: {a: 'x${URL}-${ID}'}\n";
        let files = [
            ("clusters/prod/vars.yaml", vars),
            ("apps/child.yaml", &kustomization("child", "child", child)),
            ("child/c.yaml", map),
        ];
        let expected = [
            BESIDE,
            "clusters/prod/vars.yaml:5: build/substitution-failed: the value of `ID` in `postBuild.substitute` must be a string (put quotes inside the value of the variable, or text around the variable: substitution drops the quotes in the manifest)",
            "clusters/prod/vars.yaml:6: build/substitution-failed: the value of `URL` in `postBuild.substitute` must be a string (give the expression a default that is not empty (`${NAME:=value}`), or remove the entry: substitution drops the quotes in the manifest)",
        ];
        assert_eq!(found(&apps(post_build, &files)), expected);
    }

    fn notes(repositories: &Repositories) -> Vec<String> {
        let report = check(repositories);
        let notes = report["notes"].as_array().unwrap().iter();
        notes.map(|note| note["message"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn bad_substitutions_are_told_and_the_other_objects_judged() {
        let map = |name: &str, text: &str| config_map(name, &format!("\"{text}\""));
        let number = "clusters/prod/apps.yaml:9: build/invalid-object: `a` must be a string, but it is a number: the API server rejects this object (put quotes inside the value of the variable, or text around the variable: substitution drops the quotes in the manifest)";
        let cases: &[(&str, String, &[&str])] = &[
            (
                "  postBuild: {substitute: {known: '1'}}\n",
                map("c", "${known") + &map("d", "${known}"),
                &[
                    "apps/c.yaml:5: build/substitution-failed: variable substitution failed: missing closing brace in `${known` (add the missing `}`: `${known}`; a `${` that Flux should leave alone is written `$${`)",
                    number,
                ],
            ),
            (
                "  postBuild: {substitute: {known: '1'}}\n",
                map("c", "${known}-${unknown}") + &map("d", "${known}"),
                &[
                    "apps/c.yaml:5: build/substitution-failed: variable `unknown` is not defined: Flux 2.9 and later refuse the substitution (define it, give it a default (`${unknown:=…}`), or write `$${unknown}` if it is not a variable)",
                    number,
                ],
            ),
            (
                "  postBuild: {substitute: {known: '1', my-key: y}}\n",
                map("c", "a") + &map("d", "${known}"),
                &[
                    number,
                    "clusters/prod/apps.yaml:9: build/substitution-failed: `my-key` is not a valid variable name (use letters, digits and `_`, with no digit first; Flux refuses the name even if it is not used)",
                ],
            ),
            (
                "  postBuild: {substitute: {known: '1', port: 80}}\n",
                map("c", "${port}") + &map("d", "${known}"),
                &[
                    number,
                    "clusters/prod/apps.yaml:9: build/substitution-failed: the value of `port` in `postBuild.substitute` must be a string (put quotes around the value)",
                ],
            ),
            (
                "  postBuild:\n    substituteFrom:\n      - {kind: ConfigMap, name: vras}\n",
                map("c", "${known}") + &map("vars", "b"),
                &[
                    "clusters/prod/apps.yaml:11: runtime-info/substitute-from-missing: ConfigMap flux-system/vras is not on this cluster: Kustomizations that substitute from it will not be applied (did you mean `vars`? `externals` in fleetlint.yaml declares what is created elsewhere)",
                ],
            ),
        ];
        for (post_build, text, expected) in cases {
            let repositories =
                apps(post_build, &[("apps/c.yaml", &text.replace("apiVersion", "---\napiVersion")[4..])]);
            let expected: Vec<&str> = std::iter::once(BESIDE).chain(expected.iter().copied()).collect();
            assert_eq!(found(&repositories), expected, "{post_build}");
        }
    }

    #[test]
    fn an_encrypted_value_costs_what_uses_it() {
        let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: flux-system}\nstringData: {password: 'ENC[x]'}\nsops: {version: 3}\n";
        let rest = "  postBuild:\n    substituteFrom:\n      - {kind: Secret, name: s}\n    substitute: {port: '80'}\n";
        let files = [
            ("clusters/prod/secret.yaml", secret),
            ("apps/open.yaml", &config_map("open", "'${password}'")),
            ("apps/number.yaml", &config_map("number", "${port}")),
        ];
        let repositories = apps(rest, &files);
        let number = "clusters/prod/apps.yaml:12: build/invalid-object: `a` must be a string, but it is a number: the API server rejects this object (put quotes inside the value of the variable, or text around the variable: substitution drops the quotes in the manifest)";
        let encrypted = "clusters/prod/flux.yaml:8: secrets/decryption-missing: Kustomization flux-system/flux-system has no `decryption`, but Secret flux-system/s is encrypted with SOPS: Flux refuses it, and nothing of this Kustomization is applied (add `decryption` with a patch in `kustomize.patches` of the FluxInstance)";
        assert_eq!(found(&repositories), [BESIDE, number, encrypted]);
        let note = "substitute from `Secret/s`: its values are encrypted: the output of Kustomization `flux-system/apps` was only partly checked";
        assert_eq!(notes(&repositories), [note]);
    }

    #[test]
    fn templates_that_loop_or_explode_end_at_their_place() {
        let set = |template: &str| {
            format!(
                "apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: {{name: set, namespace: flux-system}}
spec:
  resources:
    - apiVersion: v1
      kind: ConfigMap
      metadata: {{name: made, namespace: flux-system}}
      data:
        a: '{template}'
    - apiVersion: kustomize.toolkit.fluxcd.io/v1
      kind: Kustomization
      metadata: {{name: other, namespace: flux-system}}
      spec: {{interval: 1m, prune: true, path: nowhere-else, sourceRef: {{kind: GitRepository, name: flux-system}}}}
"
            )
        };
        let cases = [
            (r#"<< define "t" >><< template "t" >><< end >><< template "t" >>"#, "template `t` calls itself endlessly"),
            ("<< range until 100000000 >>x<< end >>", "`until`: more than 100000 steps"),
            (
                "<< range until 100000 >><< range until 100000 >>x<< end >><< end >>",
                "the template takes too long or produces too much output",
            ),
            (r#"<< repeat 100000000 "x" >>"#, "`repeat`: it produces more than 1048576 bytes"),
            (
                r#"<< $x := "x" >><< range until 100 >><< $x = printf "%s%s" $x $x >><< end >><< $x >>"#,
                "the template takes too long or produces too much output",
            ),
            ("<< inputs.nothing.here >>", "there is no key `nothing`: the value before it is null"),
            ("<< now >>", "function `now` is not defined"),
        ];
        for (template, message) in cases {
            let repositories = cluster("");
            repositories.write(FLEET, "clusters/prod/set.yaml", &set(template));
            let failed = format!(
                "clusters/prod/set.yaml:10: build/substitution-failed: the template fails: {message} (the Flux Operator applies nothing from a ResourceSet whose template fails)"
            );
            let other = "clusters/prod/set.yaml:14: kustomization-graph/path-not-found: there is no folder `nowhere-else` in `fleet`: nothing in this Kustomization will be applied (correct the path (it is relative to the root of the source), or add the folder)";
            assert_eq!(found(&repositories), [&failed, other], "{template}");
        }
    }

    #[test]
    fn a_path_that_leads_out_is_built_as_flux_does() {
        let repositories = cluster("");
        repositories.write(FLEET, "clusters/prod/apps.yaml", &kustomization("apps", "../../apps", ""));
        repositories.write(FLEET, "apps/number.yaml", &config_map("number", "80"));
        let expected = [
            "apps/number.yaml:5: build/invalid-object: `a` must be a string, but it is a number: the API server rejects this object (put quotes around the value)",
            "clusters/prod/apps.yaml:8: kustomization-graph/path-leaves-source: `../../apps` leads out of the source: Flux ignores the leading `..` and builds `./apps` instead (write `./apps`, or the folder that is meant: a path is relative to the root of the source)",
        ];
        assert_eq!(found(&repositories), expected);
    }

    #[test]
    fn a_credential_in_a_url_is_told_and_shown_nowhere() {
        let repositories = cluster("");
        let source = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: apps, namespace: flux-system}\nspec:\n  url: https://bot:hunter2hunter2@example.com/acme/apps\n  ref: {branch: main}\n  interval: 1m\n";
        let sync = kustomization("apps", "x", "").replace("name: flux-system}", "name: apps}");
        repositories.write(FLEET, "clusters/prod/apps.yaml", &format!("{source}---\n{sync}"));
        let expected = "clusters/prod/apps.yaml:5: pat-permissions/classic-pat-url: the URL of GitRepository flux-system/apps contains a credential (revoke it, keep it in a Secret, and name the Secret in `secretRef` (`pullSecret` of a FluxInstance's `sync`))";
        assert_eq!(found(&repositories), [expected]);
        let mut output = String::new();
        for arguments in [&["check"][..], &["check", "--format", "json"], &["graph"], &["graph", "--format", "json"]] {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_fleetlint"));
            let ran = command.args(arguments).arg(repositories.path(FLEET)).output().unwrap();
            output += &String::from_utf8_lossy(&ran.stdout);
            output += &String::from_utf8_lossy(&ran.stderr);
        }
        assert!(output.contains("example.com/acme/apps") && !output.contains("hunter2"), "{output}");
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

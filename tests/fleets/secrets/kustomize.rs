//! Values that kustomize generates, patches, cuts and copies.

use super::assert_silent;
use super::planted::{Way, way};

const SECRET: &str = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: flux-system}\nstringData:\n  user: me\n  token: @S@\n  long: x.@S@.y\n  file.yaml: |\n    password: @S@\n    other: 1\ndata:\n  coded: @B@\n";

/// A Kustomization that takes values.
const TAKER: &str = "apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: taker, namespace: flux-system, labels: {a: x}, annotations: {b: 'a.b.c'}}
spec:
  interval: 1h
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system}
  path: gone
  serviceAccountName: team
";

fn built(name: impl Into<String>, kustomization: &str) -> Way {
    let resources =
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [s.yaml, taker.yaml]\n";
    way(name)
        .apps("")
        .file("apps/kustomization.yaml", format!("{resources}{kustomization}"))
        .file("apps/s.yaml", SECRET)
        .file("apps/taker.yaml", TAKER)
}

fn replaced(source: &str, options: &str, target: &str, target_options: &str) -> Way {
    let entry = format!(
        "replacements:\n  - source: {{kind: Secret, name: s, fieldPath: {source}{options}}}\n    targets:\n      - select: {{kind: Kustomization}}\n        fieldPaths: [{target}]\n{target_options}"
    );
    built(format!("replacement {source}{options} {target}"), &entry).everywhere()
}

#[test]
fn values_that_replacements_and_vars_copy_are_in_no_output() {
    let cut = |index: usize| format!(", options: {{delimiter: '-', index: {index}}}");
    let mut ways = Vec::new();
    let targets = [
        "spec.path",
        "metadata.name",
        "metadata.namespace",
        "metadata.labels.a",
        "spec.serviceAccountName",
        "spec.sourceRef.name",
        "spec.dependsOn",
        "spec.interval",
    ];
    for target in targets {
        let create = "        options: {create: true}\n";
        ways.push(replaced("stringData.token", "", target, create));
        if target.contains("name") || target == "spec.path" {
            ways.push(replaced("data.coded", "", target, create));
            ways.push(replaced("stringData.token", &cut(1), target, create));
            ways.push(replaced("stringData.long", ", options: {delimiter: '.', index: 1}", target, create));
        }
    }
    let joined = "        options: {delimiter: '.', index: 1}\n";
    ways.push(replaced("stringData.token", "", "metadata.annotations.b", joined));
    ways.push(replaced("stringData.token", "", "spec.path", "        options: {delimiter: /, index: 5}\n"));
    ways.push(replaced("stringData", "", "spec.sourceRef", ""));
    ways.push(replaced("'stringData.[file.yaml]'", "", "spec.path", ""));
    ways.push(replaced("stringData.token", ", options: {delimiter: '-', index: 9}", "spec.path", ""));
    ways.push(replaced("stringData.nothing", "", "spec.path", ""));
    ways.push(replaced("stringData.token", "", "spec.nothing.x", ""));
    let vars = "vars:\n  - {name: V, objref: {apiVersion: v1, kind: Secret, name: s}, fieldref: {fieldpath: stringData.token}}\nconfigurations: [varref.yaml]\n";
    let varref = "varReference:\n  - {path: spec/path, kind: Kustomization}\n  - {path: metadata/labels, kind: Kustomization}\n  - {path: spec/sourceRef/name, kind: Kustomization}\n";
    let used = TAKER
        .replace("path: gone", "path: gone/$(V)")
        .replace("a: x", "a: $(V)")
        .replace("name: flux-system}", "name: $(V)}");
    ways.push(built("vars", vars).file("apps/varref.yaml", varref).file("apps/taker.yaml", used));
    assert_silent(ways);
}

#[test]
fn values_that_patches_move_are_in_no_output() {
    let json = |name: &str, target: &str, operations: &str| {
        let entry = format!("patches:\n  - target: {{{target}}}\n    patch: |-\n{operations}");
        built(name, &entry)
    };
    let strategic = |name: &str, body: &str| built(name, &format!("patches:\n  - patch: |-\n{body}"));
    let secret = "kind: Secret";
    let file = |name: &str, entry: &str, text: &str| built(name, entry).file("apps/patch.yaml", text);
    let of_file = "patches:\n  - {path: patch.yaml, target: {kind: Secret}}\n";
    let flux = |name: &str, patches: &str| {
        way(name).apps(&format!("  patches:\n{patches}")).file("apps/s.yaml", SECRET).file("apps/taker.yaml", TAKER)
    };
    assert_silent(vec![
        json("copy to the name", secret, "      - {op: copy, from: /stringData/token, path: /metadata/name}\n"),
        json("copy to a label", secret, "      - {op: copy, from: /stringData/token, path: /metadata/labels}\n"),
        json("move to the namespace", secret, "      - {op: move, from: /stringData/token, path: /metadata/namespace}\n"),
        json("replaced value in a list that fails", secret, "      - {op: replace, path: /stringData/token, value: @S@}\n      - {op: replace, path: /stringData/none/x, value: @S@}\n").shows("**"),
        json("a test that fails", secret, "      - {op: test, path: /stringData/token, value: x@S@}\n").shows("**"),
        json("an operation that is the value", secret, "      - op: @S@\n        path: /stringData/token\n        value: x\n"),
        json("a path that is the value", secret, "      - op: add\n        path: @S@\n        value: x\n"),
        json("a key that is the value", secret, "      - {@S@: add}\n"),
        json("no kind in the target", "name: s", "      - op: replace\n        path: /stringData/none/x\n        value: @S@\n").shows("**"),
        json("a target that is a pattern", "kind: Sec.*", "      - op: replace\n        path: /stringData/none/x\n        value: @S@\n").shows("**"),
        json("a JSON text", secret, "      [{\"op\": \"replace\", \"path\": \"/stringData/none/x\", \"value\": \"@S@\"}]\n"),
        json("a broken JSON text", secret, "      [{\"op\": \"replace\", \"path\": \"/stringData/none/x\", \"value\": \"@S@\"\n"),
        json("a broken patch", secret, "      - op: replace\n        value: \"@S@\n"),
        strategic("inline", "      apiVersion: v1\n      kind: Secret\n      metadata: {name: s, namespace: flux-system}\n      stringData:\n        token: @S@\n        token: @S@2\n").shows("**"),
        strategic("inline with a value that is no text", "      apiVersion: v1\n      kind: Secret\n      metadata: {name: s, namespace: flux-system}\n      stringData:\n        token: @S@\n        other: 1\n").shows("**"),
        strategic("inline of another name", "      apiVersion: v1\n      kind: Secret\n      metadata: {name: other}\n      stringData: {token: @S@}\n"),
        strategic("inline broken", "      apiVersion: v1\n      kind: Secret\n      metadata: {name: s}\n      stringData: {token: @S@\n"),
        strategic("inline without a kind", "      metadata: {name: s}\n      stringData:\n        token: @S@\n"),
        built("strategic of the old kind", "patchesStrategicMerge:\n  - |-\n    apiVersion: v1\n    kind: Secret\n    metadata: {name: other}\n    stringData: {token: @S@}\n"),
        built("strategic of the old kind, broken", "patchesStrategicMerge:\n  - |-\n    kind: Secret\n    stringData: {token: @S@\n"),
        built("JSON of the old kind", "patchesJson6902:\n  - target: {version: v1, kind: Secret, name: s}\n    patch: '[{\"op\": \"replace\", \"path\": \"/stringData/none/x\", \"value\": \"@S@\"}]'\n"),
        file("a file of operations", of_file, "- op: replace\n  path: /stringData/none/x\n  value: @S@\n").shows("**"),
        file("a file of operations elsewhere in the object", of_file, "- op: replace\n  path: /none/x\n  value: @S@\n").shows("**"),
        file("a broken file of operations", of_file, "- op: replace\n  path: /stringData/none/x\n  value: \"@S@\n"),
        file("a file of JSON", of_file, "[{\"op\": \"replace\",\n\"path\": \"/stringData/none/x\",\n\"value\": \"@S@\"}]"),
        file("a file with an odd operation", of_file, "- op: @S@\n  path: /stringData/token\n"),
        file("a file without a kind", of_file, "stringData: {token: @S@}\nmetadata: {name: s}\n").shows("**"),
        file("a file for nobody", "patchesStrategicMerge: [patch.yaml]\n", "apiVersion: v1\nkind: Secret\nmetadata: {name: other}\nstringData: {token: @S@}\n"),
        file("a file for nobody, JSON", "patchesJson6902:\n  - {path: patch.yaml, target: {version: v1, kind: Secret, name: s}}\n", "- {op: replace, path: /stringData/none/x, value: @S@}\n").shows("**"),
        built("a kind that changes", "patches:\n  - target: {kind: Secret}\n    options: {allowKindChange: true}\n    patch: |-\n      apiVersion: v1\n      kind: ConfigMap\n      metadata: {name: s}\n"),
        flux("patches of Flux, strategic", "    - patch: |\n        apiVersion: v1\n        kind: Secret\n        metadata: {name: other}\n        stringData:\n          token: @S@\n"),
        flux("patches of Flux, JSON", "    - target: {kind: Secret}\n      patch: |\n        - op: replace\n          path: /stringData/none/x\n          value: @S@\n").shows("**"),
        flux("patches of Flux, broken", "    - target: {kind: Secret}\n      patch: |\n        - op: replace\n          value: \"@S@\n"),
        flux("patches of Flux, an odd operation", "    - target: {kind: Secret}\n      patch: |\n        - op: @S@\n          path: /data\n"),
    ]);
}

#[test]
fn what_generators_read_is_in_no_output() {
    let generated = |name: &str, entry: &str| built(name, &format!("secretGenerator:\n{entry}"));
    let files =
        |way: Way| way.file("apps/one.env", "# @S@\nTOKEN=@S@\n@S@\n@S@\nTOKEN=@S@2\n").file("apps/one.txt", "@S@\n");
    assert_silent(vec![
        files(generated("literals", "  - name: g\n    literals: [token=@S@, token=@S@2]\n")).shows("**"),
        files(generated("literals in a block", "  - name: g\n    literals:\n      - token=@S@ # @S@\n      - token=@S@2\n")).shows("**"),
        files(generated("a literal in quotes", "  - name: g\n    literals:\n      - 'token=\"@S@\"'\n      - token=\n")).shows("**"),
        files(generated("a literal without a key", "  - name: g\n    literals:\n      - @S@\n")).shows("**"),
        files(generated("a literal with an empty key", "  - name: g\n    literals: ['=@S@']\n")).shows("**"),
        files(generated("literals that are a map", "  - name: g\n    literals: {token: @S@, @S@: }\n")).shows("**"),
        files(generated("literals that are a text", "  - name: g\n    literals: token=@S@\n")).shows("**"),
        files(generated("literals of maps", "  - name: g\n    literals:\n      - token: @S@\n")).shows("**"),
        files(generated("a generator that is a map", "  name: g\n  literals: [token=@S@]\n")),
        files(generated("an odd field", "  - name: g\n    literals: [x]\n    literal: [token=@S@]\n")).shows("**"),
        files(generated("envs", "  - {name: g, envs: [one.env]}\n")).shows("**"),
        files(generated("env", "  - {name: g, env: one.env}\n")).shows("**"),
        files(generated("an env file that is no text", "  - {name: g, envs: [two.env]}\n"))
            .bytes("apps/two.env", b"A=S3cr3t-Pl4nted-V4LUE9\nB=\xffS3cr3t-Pl4nted-V4LUE9\nC=S3cr3t-Pl4nted-V4LUE9\n".to_vec())
            .shows("**"),
        files(generated("files", "  - {name: g, files: [one.txt, key=one.txt, key=one.txt]}\n")),
        files(generated("a file that is a resource, too", "  - {name: g, files: [broken.yaml]}\nresources: [s.yaml, broken.yaml]\n"))
            .file("apps/broken.yaml", "password: \"@S@\n"),
        files(generated("merged", "  - {name: s, namespace: flux-system, behavior: merge, literals: [token=@S@]}\nreplacements:\n  - source: {kind: Secret, fieldPath: data.token}\n    targets: [{select: {kind: Kustomization}, fieldPaths: [spec.path, metadata.name]}]\n")),
        files(built("a misspelt generator", "secretGenerators:\n  - name: g\n    literals: [token=@S@]\n")),
        files(built("a generator as a plugin", "generators: [generator.yaml]\n"))
            .file("apps/generator.yaml", "apiVersion: builtin\nkind: SecretGenerator\nmetadata: {name: g}\nliterals:\n  - token=@S@\n  - @S@\n")
            .shows("**"),
        files(built("generated, then replaced", "secretGenerator:\n  - {name: g, envs: [good.env]}\nreplacements:\n  - source: {kind: Secret, name: g, fieldPath: data.TOKEN}\n    targets: [{select: {kind: Kustomization}, fieldPaths: [spec.path, metadata.name]}]\n"))
            .file("apps/good.env", "TOKEN=@S@\n"),
    ]);
}

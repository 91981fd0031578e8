//! Secrets that are not Secrets, or no YAML: their excerpts show nothing.

use super::assert_silent;
use super::planted::{Way, way};

const HEAD: &str = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: flux-system}\n";

fn resource(name: &str, text: &str) -> Way {
    way(name).apps("").file("apps/s.yaml", text)
}

#[test]
fn secrets_that_cannot_be_read_are_masked() {
    let head = |text: &str| format!("{HEAD}{text}");
    let bytes = |name: &str, bytes: &[&[u8]]| {
        let text = bytes.concat();
        let planted = String::from("S3cr3t-Pl4nted-V4LUE9");
        let text = text.split(|&byte| byte == b'@').collect::<Vec<_>>().join(planted.as_bytes());
        way(name).apps("").bytes("apps/s.yaml", text)
    };
    let utf16 = |text: &str| {
        let units = text.encode_utf16().flat_map(u16::to_le_bytes);
        [0xff, 0xfe].into_iter().chain(units).collect::<Vec<u8>>()
    };
    assert_silent(vec![
        resource("a quote that is open", &head("stringData:\n  a: \"@S@\n  b: @S@\n")).shows("**"),
        resource("a quote in front of it", &head("stringData:\n  b: @S@\n  a: \"x\n  c: @S@\n")).shows("**"),
        resource("a tab", &head("stringData:\n\ta: @S@\n")).shows("**"),
        resource("a bracket", &head("stringData: {a: @S@\n")).shows("**"),
        resource("a list", &head("stringData:\n  - a: @S@\n  b: @S@\n")).shows("**"),
        resource("a line without a key", &head("stringData:\n  a: x\n  @S@\n")).shows("**"),
        resource("a key that is the value", &head("stringData: {@S@, c: 1}\n")).shows("**"),
        resource("data that is a text", &head("stringData: @S@\ndata: {c: 1}\n")).shows("**"),
        resource("data that is a list", &head("data: [@S@]\nstringData: {c: 1}\n")).shows("**"),
        resource("a value that is a map", &head("stringData:\n  a:\n    b: @S@\n  c: 1\n")).shows("**"),
        resource("a value that is a list", &head("stringData:\n  a:\n    - @S@\n  c: 1\n")).shows("**"),
        resource("a repeated key", &head("stringData:\n  a: @S@\n  a: @S@2\n")).shows("**"),
        resource("an alias that is none", &head("stringData:\n  a: *@S@\n")),
        resource("a template that is the value", &head("stringData:\n  a: {{ @S@ }}\n")),
        resource("an anchor that holds itself", &head("stringData:\n  a: &@S@ [*@S@]\n")),
        resource("an anchor", &head("stringData:\n  a: &@S@ x\n  b: [\n")),
        resource("a tag", &head("stringData:\n  a: !@S@ x\n  a: y\n")).shows("**"),
        resource("a multi-line text", &head("stringData:\n  a: \"x\n    @S@\n    y\n  b: 1\n")),
        resource("a bad escape", &head("stringData:\n  a: \"\\q@S@\"\n")).shows("**"),
        resource("a misspelt field", &head("stringdata:\n  a: @S@\nstringData: {c: 1}\n")).shows("**"),
        resource("a misspelt kind", &head("stringData:\n  a: @S@\n  a: @S@2\n").replace("Secret", "Secert")).shows("**"),
        resource("a kind in lower case", &head("data:\n  a: @S@\n  a: @S@2\n").replace("Secret", "secret")).shows("**"),
        resource("no kind", &head("data:\n  a: @S@\n  a: @S@2\n").replace("kind: Secret\n", "")).shows("**"),
        resource("no kind and broken", &head("stringData:\n  a: \"@S@\n").replace("kind: Secret\n", "")).shows("**"),
        resource("a kind in quotes", &head("data:\n  a: @S@\n  b: \"@S@\n").replace("Secret", "\"Secret\"")).shows("**"),
        resource("a kind behind the data", "apiVersion: v1\ndata:\n  a: @S@\n  b: \"@S@\nkind: Secret\nmetadata: {name: s}\n"),
        resource("JSON", "{\"apiVersion\": \"v1\", \"kind\": \"Secret\",\n\"metadata\": {\"name\": \"s\"},\n\"stringData\": {\n\"a\": \"@S@\",\n\"b\": \"@S@\n}}"),
        resource("a comment", &head("stringData: # @S@\n  # old: @S@\n  a: 1 # @S@\n  # @S@\n")).shows("**"),
        resource("a comment above", &format!("# @S@\n{HEAD}# @S@\nimmutable: true # @S@\nstringData: {{a: 1}} # @S@\n")),
        resource(
            "a comment that silences nothing",
            &format!(
                "# fleetlint: ignore[build/yaml-syntax] @S@\n{}",
                head("stringData:\n  # fleetlint: ignore @S@\n  a: 1 # fleetlint: ignore[build/kustomize-failed] @S@\n")
            ),
        ),
        resource("in a list", "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Secret\n    metadata: {name: s}\n    stringData:\n      a: @S@\n      c: 1\n").shows("**"),
        resource("in a list that is broken", "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Secret\n    metadata: {name: s}\n    stringData:\n      a: [@S@\n"),
        resource("beside a broken document", &head("stringData: {a: x}\n---\nkind: ConfigMap\ndata: {a: [}\n---\nkind: Secret\nstringData:\n  a: \"@S@\n")),
        resource("the last applied", &head("stringData: [x]\n").replace("{name: s, namespace: flux-system}", "\n  name: s\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '{\"data\": {\"a\": \"@S@\"}}'\n    other: 1")),
        bytes("no UTF-8", &[HEAD.as_bytes(), b"stringData:\n  a: @\n  b: \xff@\n  c: @\n"]).shows("**"),
        bytes("no UTF-8 in a block", &[HEAD.as_bytes(), b"stringData:\n  a: |\n    @\n    \xff\xfe\n    @\n"]).shows("**"),
        way("broken UTF-16").apps("").bytes("apps/s.yaml", {
            let mut bytes = utf16(&format!("{HEAD}stringData:\n  a: S3cr3t-Pl4nted-V4LUE9\n"));
            bytes.extend([0x00, 0xd8]);
            bytes.extend(utf16("\n  b: S3cr3t-Pl4nted-V4LUE9\n").into_iter().skip(2));
            bytes
        }),
        way("UTF-16 that is broken YAML").apps("").bytes("apps/s.yaml", utf16(&format!("{HEAD}stringData:\n  a: \"S3cr3t-Pl4nted-V4LUE9\n"))),
    ]);
}

#[test]
fn secrets_inside_of_other_objects_are_masked() {
    let inside = |name: &str, text: &str| resource(name, text);
    assert_silent(vec![
        inside("in a ConfigMap", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: flux-system}\ndata:\n  a: |\n    kind: Secret\n    stringData:\n      token: @S@\n  a: 1\n"),
        inside("in a ResourceSet", "apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nmetadata: {name: a, namespace: flux-system}\nspec:\n  resources:\n    - apiVersion: v1\n      kind: Secret\n      metadata: {name: b, namespace: flux-system}\n      stringData:\n        token: @S@\n        other: 1\n"),
        inside("in a template", "apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nmetadata: {name: a, namespace: flux-system}\nspec:\n  resourcesTemplate: |\n    apiVersion: v1\n    kind: Secret\n    metadata: {name: b, namespace: flux-system}\n    stringData:\n      token: << x >>@S@\n"),
        inside("in a policy", "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: copies}\nspec:\n  rules:\n    - name: copy\n      match: {any: [{resources: {kinds: [Namespace]}}]}\n      generate:\n        apiVersion: v1\n        kind: Secret\n        name: copy\n        namespace: '{{request.object.metadata.name}}'\n        data:\n          stringData:\n            token: @S@\n            other: 1\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: team}\n"),
        inside("in a component's patch of an instance", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: flux-system}\ndata: {}\n")
            .file("clusters/prod/flux.yaml", "apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: {name: flux, namespace: flux-system}\nspec:\n  distribution: {version: 2.9.x, registry: ghcr.io/fluxcd}\n  sync: {kind: GitRepository, url: https://github.com/acme/fleet, ref: refs/heads/main, path: clusters/prod}\n  kustomize:\n    patches:\n      - patch: |\n          apiVersion: v1\n          kind: Secret\n          metadata: {name: none, namespace: flux-system}\n          stringData:\n            token: @S@\n"),
    ]);
}

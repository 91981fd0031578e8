//! Values that flow out of Secrets: substitution, templates, copies.

use super::assert_silent;
use super::planted::{Way, kustomization, output, way};

/// What substitution can do to a value.
const FUNCTIONS: [&str; 22] = [
    "${SLASHED}",
    "${TOKEN}",
    "pre-${TOKEN}-post",
    "${TOKEN^^}",
    "${TOKEN,,}",
    "${TOKEN^}",
    "${TOKEN,}",
    "${TOKEN:0:12}",
    "${TOKEN:7}",
    "${TOKEN/nte/x}",
    "${TOKEN//-/_}",
    "${TOKEN/#S3/x}",
    "${TOKEN/%9/x}",
    "${TOKEN#S3cr}",
    "${TOKEN##*-}",
    "${TOKEN%-*}",
    "${TOKEN%%E9}",
    "${NONE:=${TOKEN}}",
    "${NONE:-a${TOKEN:0:9}}",
    "${TOKEN:=none}",
    "${ENCODED}",
    "${ENCODED:4:12}",
];

/// A Kustomization; `NAME` and the like stand for what a place sets.
fn child(number: usize, field: &str, value: &str) -> String {
    let set = |own: &str, usual: &str| if field == own { value.to_owned() } else { usual.to_owned() };
    format!(
        "---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: '{name}'
  namespace: '{namespace}'
  labels: {{toolkit.fluxcd.io/tenant: '{label}'}}
spec:
  interval: '{interval}'
  prune: true
  sourceRef: {{kind: GitRepository, name: '{source}'}}
  path: '{path}'
  serviceAccountName: '{account}'
  targetNamespace: '{target}'
  dependsOn: [{{name: '{depends}'}}]
  decryption: {{provider: sops, secretRef: {{name: '{decryption}'}}}}
  postBuild: {{substitute: {{INNER: '{inner}'}}, substituteFrom: [{{kind: ConfigMap, name: '{from}'}}]}}
",
        name = set("name", &format!("child{number}")),
        namespace = set("namespace", "flux-system"),
        label = set("label", "team"),
        interval = set("interval", "1h"),
        source = set("source", "flux-system"),
        path = set("path", "apps/inner"),
        account = set("account", "team"),
        target = set("target", "team"),
        depends = set("depends", "apps"),
        decryption = set("decryption", "key"),
        inner = set("inner", "x"),
        from = set("from", "given"),
    )
}

const PLACES: [&str; 12] = [
    "name",
    "namespace",
    "label",
    "interval",
    "source",
    "path",
    "account",
    "target",
    "depends",
    "decryption",
    "inner",
    "from",
];

fn with_children(name: String, children: String) -> Way {
    way(name).substituting().file("apps/children.yaml", children).file(
        "apps/inner/inner.yaml",
        kustomization("inner${INNER/}", "apps/${INNER}", "")
            .replace("name: inner${INNER/}", "name: 'in-${INNER:0:14}'"),
    )
}

#[test]
fn values_that_substitution_brings_are_in_no_output() {
    let of_place = |place: &str| {
        let children = FUNCTIONS.iter().enumerate().map(|(number, function)| child(number, place, function));
        with_children(format!("substituted {place}"), children.collect())
    };
    let ways: Vec<Way> = PLACES.iter().map(|place| of_place(place)).collect();
    assert_silent(ways);
}

/// A source; a Kustomization reads it.
fn source(number: usize, url: &str, reference: &str) -> String {
    let source = format!(
        "---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: source{number}, namespace: flux-system}}
spec:
  interval: 1h
  url: '{url}'
  ref: {reference}
"
    );
    source
        + "---\n"
        + &kustomization(&format!("reads{number}"), "x", "")
            .replace("name: flux-system}\n  path", &format!("name: source{number}}}\n  path"))
}

#[test]
fn substituted_sources_are_in_no_output() {
    let sources = |name: &str, url: &dyn Fn(&str) -> String, reference: &dyn Fn(&str) -> String| {
        let all = FUNCTIONS.iter().enumerate().map(|(number, it)| source(number, &url(it), &reference(it)));
        way(name).substituting().file("apps/sources.yaml", all.collect::<String>())
    };
    let main = |_: &str| "{branch: main}".to_owned();
    let own = |_: &str| "https://github.com/acme/fleet".to_owned();
    assert_silent(vec![
        sources("substituted URL", &|it| format!("https://example.com/{it}/x"), &main),
        sources("substituted host", &|it| format!("https://{it}.example.com/x"), &main),
        sources("substituted password", &|it| format!("https://me:{it}@example.com/x"), &main),
        sources("substituted user", &|it| format!("https://{it}@example.com/x"), &main),
        sources("substituted query", &|it| format!("https://example.com/x?access_token={it}"), &main),
        sources("substituted branch", &own, &|it| format!("{{branch: '{it}'}}")),
        sources("substituted tag", &own, &|it| format!("{{tag: '{it}'}}")),
        sources("substituted ref", &own, &|it| format!("{{name: 'refs/heads/{it}'}}")),
        sources("substituted commit", &own, &|it| format!("{{commit: '{it}'}}")),
    ]);
}

const DEPLOYMENT: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: app, namespace: flux-system}
spec: {template: {spec: {containers: [{name: app, image: app}]}}}
";

fn config_map(name: &str, value: &str) -> String {
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: flux-system}}\ndata:\n  COPIED: {value}\n"
    )
}

#[test]
fn values_that_are_copied_on_are_in_no_output() {
    let from_map = "  postBuild:\n    substituteFrom:\n      - {kind: ConfigMap, name: copy}\n";
    let nested = |name: &str, value: &str, path: &str| {
        way(name)
            .substituting()
            .file("apps/copy.yaml", config_map("copy", value))
            .file("apps/next.yaml", kustomization("next", "next", from_map))
            .file("next/last.yaml", kustomization("last", path, "").replace("name: last", "name: 'last-${COPIED:0:7}'"))
    };
    let set = "apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: {name: set, namespace: flux-system}
spec:
  inputs:
    - {team: '${TOKEN}', other: plain}
  resources:
";
    let made = |name: &str, path: &str| {
        let set = format!(
            "{set}    - apiVersion: kustomize.toolkit.fluxcd.io/v1\n      kind: Kustomization\n      metadata: {{name: '{name}', namespace: flux-system}}\n      spec: {{interval: 1h, prune: true, path: '{path}', sourceRef: {{kind: GitRepository, name: 'nowhere-<< inputs.team >>'}}}}\n    - apiVersion: kustomize.toolkit.fluxcd.io/v1\n      kind: Kustomization\n      metadata: {{name: 'own-{name}', namespace: flux-system}}\n      spec: {{interval: 1h, prune: true, path: '{path}', sourceRef: {{kind: GitRepository, name: flux-system}}}}\n"
        );
        way(format!("ResourceSet {name} {path}")).substituting().file("apps/set.yaml", set)
    };
    let template = "apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: {name: set, namespace: flux-system}
spec:
  inputs:
    - {team: '${TOKEN}', list: ['${TOKEN}', b]}
  resourcesTemplate: |
    << range $item := inputs.list >>
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata: {name: 'k-<< $item | lower | trunc 12 >>', namespace: flux-system}
    spec: {interval: 1h, prune: true, path: '<< $item >>', sourceRef: {kind: GitRepository, name: '<< inputs.team | upper >>'}}
    << end >>
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata: {name: 'q-<< inputs.team | b64enc >>', namespace: flux-system}
    spec: {interval: 1h, prune: true, path: << inputs.team | quote >>, sourceRef: {kind: GitRepository, name: flux-system}}
";
    let policy = "apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: copies}
spec:
  rules:
    - name: copy
      match: {any: [{resources: {kinds: [Namespace]}}]}
      generate: {apiVersion: v1, kind: ConfigMap, name: copy, namespace: '{{request.object.metadata.name}}', data: {data: {COPIED: '${TOKEN}'}}}
---
apiVersion: v1
kind: Namespace
metadata: {name: team}
---
";
    let by_policy = kustomization("next", "next", from_map).replace("namespace: flux-system", "namespace: team");
    let external =
        "externals:\n  - kind: Secret\n    namespace: flux-system\n    name: vars\n    values:\n      TOKEN: @S@\n";
    let from_external = "  postBuild:\n    substituteFrom:\n      - {kind: Secret, name: vars}\n";
    let patched = "  patches:
    - target: {kind: Kustomization}
      patch: |
        - {op: replace, path: /spec/path, value: 'gone-${TOKEN^^}'}
        - {op: add, path: /metadata/labels, value: {a: '${TOKEN}'}}
        - {op: replace, path: /spec/none/x, value: '${TOKEN}'}
";
    let release = "apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: release, namespace: flux-system}
spec:
  interval: 1h
  chart: {spec: {chart: x, version: '1', sourceRef: {kind: HelmRepository, name: 'none-${TOKEN}'}}}
  valuesFrom:
    - {kind: Secret, name: vars, valuesKey: TOKEN, targetPath: a.b}
    - {kind: Secret, name: 'none-${TOKEN}'}
  values: {password: '${TOKEN}'}
";
    let fields = "  namePrefix: '${TOKEN:0:9}-'
  nameSuffix: '-${TOKEN^^}'
  targetNamespace: '${TOKEN:9}'
  commonMetadata: {labels: {toolkit.fluxcd.io/tenant: '${TOKEN:1:9}'}, annotations: {a: '${TOKEN}'}}
  images: [{name: app, newName: 'x/${TOKEN}', newTag: '${TOKEN:2:9}'}]
";
    let instance = |path: &str, url: &str| {
        format!(
            "apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: {{name: flux, namespace: flux-system}}\nspec:\n  distribution: {{version: '${{TOKEN}}', registry: ghcr.io/fluxcd}}\n  sync: {{kind: GitRepository, url: '{url}', ref: 'refs/heads/${{TOKEN}}', path: {path}}}\n  kustomize:\n    patches:\n      - patch: |\n          - {{op: replace, path: /none/x, value: '${{TOKEN}}'}}\n        target: {{kind: '${{TOKEN}}'}}\n"
        )
    };
    let provided = "apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSetInputProvider
metadata: {name: provider, namespace: flux-system}
spec: {type: Static, defaultValues: {team: '${TOKEN}', deep: {name: '${TOKEN}'}}}
---
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: {name: set, namespace: flux-system}
spec:
  inputStrategy: {name: Permute}
  inputsFrom: [{name: provider}]
  inputs: [{own: a}, {own: '${TOKEN,,}'}]
  resources:
    - apiVersion: kustomize.toolkit.fluxcd.io/v1
      kind: Kustomization
      metadata: {name: '<< inputs.provider.team >>-<< inputs.set.own | trunc 9 >>', namespace: '<< index inputs.provider.deep \"name\" | trunc 8 >>'}
      spec: {interval: 1h, prune: true, path: '<< inputs.provider.deep.name | upper >>', sourceRef: {kind: GitRepository, name: '<< fail inputs.none >>'}}
    - apiVersion: kustomize.toolkit.fluxcd.io/v1
      kind: Kustomization
      metadata: {name: '<< with inputs.provider.deep >><< .name | replace \"-\" \"\" >><< end >>', namespace: flux-system}
      spec: {interval: 1h, prune: true, path: gone, sourceRef: {kind: GitRepository, name: flux-system}}
    - apiVersion: v1
      kind: ConfigMap
      metadata: {name: a, namespace: flux-system}
      data: {a: '<< fail inputs.provider.team >>'}
    - apiVersion: v1
      kind: ConfigMap
      metadata: {name: b, namespace: flux-system}
      data: {a: '<< fail (inputs.provider.team | upper | trunc 9) >>'}
    - apiVersion: v1
      kind: ConfigMap
      metadata: {name: c, namespace: flux-system}
      data: {a: '<< index inputs.provider.deep (inputs.provider.team | reverse | trunc 9) >>'}
    - apiVersion: kustomize.toolkit.fluxcd.io/v1
      kind: Kustomization
      metadata: {name: '<< $x := inputs.provider.team >><< printf \"%s-%s\" (upper $x | trunc 9) inputs.set.own >>', namespace: flux-system}
      spec: {interval: 1h, prune: true, path: gone, sourceRef: {kind: GitRepository, name: flux-system}}
";
    let no_yaml = "apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: {name: set, namespace: flux-system}
spec:
  inputs: [{team: '${TOKEN}'}]
  resourcesTemplate: |
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: a, namespace: flux-system}
    data: {a: *<< inputs.team | lower | trunc 9 >>}
";
    let by_annotation = "apiVersion: v1
kind: Namespace
metadata: {name: team}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: from, namespace: flux-system}
data: {COPIED: '${TOKEN}'}
---
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: {name: set, namespace: flux-system}
spec:
  resources:
    - apiVersion: v1
      kind: ConfigMap
      metadata: {name: copy, namespace: team, annotations: {fluxcd.controlplane.io/copyFrom: flux-system/from}}
";
    assert_silent(vec![
        nested("copied by a ConfigMap", "'${TOKEN}'", "gone/${COPIED}"),
        nested("copied by a ConfigMap, changed", "'a-${TOKEN^^}-z'", "gone/${COPIED,,}"),
        nested("copied by a ConfigMap, cut", "'a-${TOKEN:2:15}-z'", "gone/${COPIED:4:9}"),
        made("made-<< inputs.team >>", "gone/<< inputs.team >>"),
        made("made-<< inputs.team | upper >>", "gone/<< inputs.team | trunc 9 >>"),
        made("made-<< inputs.team | b64enc | lower >>", "gone/<< printf \"%s-x\" inputs.team >>"),
        made("made-<< slugify inputs.team >>", "gone/<< inputs.team | replace \"-\" \"/\" >>"),
        way("resourcesTemplate").substituting().file("apps/set.yaml", template),
        way("copied by a policy")
            .substituting()
            .file("apps/policy.yaml", format!("{policy}{by_policy}"))
            .file("next/last.yaml", kustomization("last", "gone/${COPIED:0:9}", "")),
        way("external Secret")
            .file("fleetlint.yaml", external)
            .apps(from_external)
            .file("apps/last.yaml", kustomization("last", "gone/${TOKEN:0:9}", "")),
        way("external Secret with mistakes")
            .file("fleetlint.yaml", format!("{external}      a.b: [@S@]\n    keys: [TOKEN, TOKEN]\n    nokey: @S@\n"))
            .apps(from_external),
        way("external Secret beside a source that matches nothing")
            .file("fleetlint.yaml", format!("{external}sources:\n  https://github.com/none/none: .\n"))
            .apps(from_external)
            .shows("github.com/none/none"),
        way("patches of a Kustomization that hold the value")
            .substituting()
            .file("apps/next.yaml", kustomization("next", "next", patched))
            .file("next/last.yaml", kustomization("last", "x", "")),
        way("fields of a Kustomization that write into others")
            .substituting()
            .file("apps/next.yaml", kustomization("next", "next", fields))
            .file("next/kustomization.yaml", "resources: [last.yaml]\n")
            .file("next/last.yaml", format!("{}---\n{}", kustomization("last", "gone", ""), DEPLOYMENT)),
        way("components of a Kustomization")
            .substituting()
            .file("apps/next.yaml", kustomization("next", "next", "  components: ['../${TOKEN:0:9}', '${TOKEN}']\n"))
            .file("next/kustomization.yaml", "resources: [last.yaml]\n")
            .file("next/last.yaml", kustomization("last", "gone", "")),
        way("an image whose name is a pattern that fails")
            .substituting()
            .file("apps/next.yaml", kustomization("next", "next", "  images: [{name: '${TOKEN}(', newTag: '1'}]\n"))
            .file("next/last.yaml", DEPLOYMENT),
        way("an instance").substituting().file("apps/instance.yaml", instance("'${TOKEN}'", "https://example.com/a")),
        way("an instance with a URL").substituting().file(
            "apps/instance.yaml",
            instance("clusters/${TOKEN:0:9}", "https://me:${TOKEN}@example.com/${TOKEN^^}"),
        ),
        way("an input provider").substituting().file("apps/set.yaml", provided),
        way("a template that makes no YAML").substituting().file("apps/set.yaml", no_yaml),
        way("a copy by annotation")
            .substituting()
            .file("apps/copy.yaml", by_annotation)
            .file(
                "apps/next.yaml",
                kustomization("next", "next", from_map).replace("namespace: flux-system", "namespace: team"),
            )
            .file("next/last.yaml", kustomization("last", "gone/${COPIED:0:9}", "")),
        way("HelmRelease").substituting().file("apps/release.yaml", release),
    ]);
}

#[test]
fn values_that_break_what_they_are_put_into_are_in_no_output() {
    let broken = |name: &str, value: &str, text: &str| {
        let secret = format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: vars, namespace: flux-system}}\nstringData:\n  TOKEN: {value}\n"
        );
        way(name).substituting().file("clusters/prod/vars.yaml", secret).file("apps/next.yaml", text)
    };
    let plain = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: flux-system}\ndata:\n  a: ${TOKEN}\n";
    assert_silent(vec![
        broken("a value with a quote", "'\"@S@'", plain),
        broken("a value that is an alias", "'*@S@'", plain),
        broken("a value that is an alias, cut", "'*@S@'", &plain.replace("${TOKEN}", "${TOKEN:0:10}")),
        broken("a value that is an alias, cut, in a key", "'*@S@'", &plain.replace("a: ${TOKEN}", "${TOKEN:0:10}: a")),
        broken("a value that is a tag", "'!@S@ [x'", plain),
        broken("a value that is a map", "'{a: @S@, a: @S@}'", plain),
        broken("a value that is a list", "'[@S@'", plain),
        broken("a value with a colon", "'x: @S@: @S@'", plain),
        broken("a value with an escape", "'\"\\q@S@\"'", plain),
        broken("a number", "'0x@S@'", plain),
        broken("a value that is no pattern", "'@S@'", &plain.replace("${TOKEN}", "${TOKEN/[/${TOKEN}}")),
        broken("a missing brace", "'@S@'", &plain.replace("${TOKEN}", "${TOKEN")),
        broken("a bad function", "'@S@'", &plain.replace("${TOKEN}", "${TOKEN:@S@}")).shows("a"),
        broken("a key", "'@S@'", &plain.replace("  a: ${TOKEN}", "  ${TOKEN}: a\n  ${TOKEN}: b")),
        broken("a kind", "'@S@'", &plain.replace("ConfigMap", "${TOKEN}")),
        broken("a version", "'@S@'", &plain.replace("v1", "${TOKEN}")),
        broken("data that is no text", "'{b: @S@}'", plain),
        broken("a name of a variable", "'@S@'\n  @S@: x", plain),
        broken("base64 that is none", "'@S@'\ndata:\n  TOKEN2: '@S@!'", plain).shows("TOKEN2: *"),
    ]);
}

#[test]
fn short_values_and_names_leave_a_report_readable() {
    let secret = "apiVersion: v1
kind: Secret
metadata: {name: vars, namespace: flux-system}
stringData: {CLUSTER: prod, ON: 'true', N: '3', USER: postgres, KIND: kustomization}
";
    let way = way("short values")
        .substituting()
        .file("clusters/prod/vars.yaml", secret)
        .file(
            "apps/next.yaml",
            kustomization("next", "gone/${CLUSTER}/${N}/${ON}", "").replace("next,", "'${N}-next',"),
        )
        .file("apps/postgres.yaml", kustomization("postgres", "lost", ""));
    let graph = "prod (path ./clusters/prod · Flux 2.9 · lockdown off)
├── FluxInstance flux-system/flux
└── Kustomization flux-system/flux-system · reads fleet ./clusters/prod · 3 objects
    └── Kustomization flux-system/apps · reads fleet ./apps · 2 objects
        ├── Kustomization flux-system/…-next · reads fleet ./gone/…/…/… · the folder does not exist
        └── Kustomization flux-system/postgres · reads fleet ./lost · the folder does not exist
";
    assert_eq!(output(&way, &["graph"]), graph);
    let report = output(&way, &["check"]);
    assert!(report.contains("no folder `gone` in `fleet`") && report.contains("    on: prod\n"), "{report}");
    assert!(report.contains("no folder `lost` in `fleet`") && report.contains("clusters: prod (Flux 2.9)"), "{report}");
    assert!(!report.contains('…'), "{report}");
}

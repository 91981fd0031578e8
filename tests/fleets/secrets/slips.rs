//! Values at a wrong place: where a path, a name or a key is expected, and beside a mistake in another object.

use super::assert_silent;
use super::planted::{Way, kustomization, way};

const CONFIG_MAP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: flux-system}\ndata: {}\n";

fn built(name: &str, text: &str) -> Way {
    way(name)
        .apps("")
        .file("apps/kustomization.yaml", format!("{text}resources: [x.yaml]\n"))
        .file("apps/x.yaml", CONFIG_MAP)
}

#[test]
fn texts_where_paths_are_expected_are_in_no_output() {
    let secret = "apiVersion: v1\n      kind: Secret\n      metadata: {name: s}\n      stringData: {a: @S@}\n";
    let field = |name: &str, field: &str| {
        built(name, &format!("{field}: [x.yaml]\n").replace("[x.yaml]", &format!("\n  - |-\n      {secret}")))
    };
    let broken = |name: &str| built(name, &format!("{name}:\n  - |-\n      {}", secret.replace("@S@}", "@S@")));
    let generator =
        "apiVersion: builtin\n      kind: SecretGenerator\n      metadata: {name: g}\n      literals: [a=@S@\n";
    assert_silent(vec![
        built("a patch below path", &format!("patches:\n  - path: |-\n      {secret}")).everywhere(),
        field("components", "components"),
        field("crds", "crds"),
        field("configurations", "configurations"),
        way("a resource")
            .apps("")
            .file("apps/x.yaml", CONFIG_MAP)
            .file("apps/kustomization.yaml", format!("resources:\n  - x.yaml\n  - |-\n      {secret}"))
            .everywhere(),
        broken("patchesStrategicMerge"),
        broken("transformers"),
        broken("validators"),
        built("a generator", &format!("generators:\n  - |-\n      {generator}")),
        built("a patch on one line", "patches:\n  - path: '{kind: Secret, stringData: {a: @S@}}'\n"),
    ]);
}

#[test]
fn literals_where_files_are_expected_are_in_no_output() {
    let generated = |name: &str, rest: &str| built(name, &format!("secretGenerator:\n  - name: g\n    {rest}\n"));
    assert_silent(vec![
        generated("envs", "envs: [A=@S@]").shows("**"),
        generated("env", "env: A=@S@").shows("**"),
        generated("envs in lines", "envs:\n      - A=@S@").shows("**"),
        generated("files", "files: [a=@S@]").shows("**"),
        generated("files with a second sign", "files: [a=@S@=]"),
        generated("files without a key", "files: ['=@S@']"),
        generated("files in lines", "files:\n      - 'a=@S@/b'").shows("**"),
    ]);
}

#[test]
fn keys_and_kinds_that_are_the_value_are_in_no_output() {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: flux-system}\n";
    let resource = |name: &str, text: String| way(name).apps("").file("apps/s.yaml", text);
    let reads = |field: &str| kustomization("more", "x", "").replace(field, "${TOKEN}");
    assert_silent(vec![
        resource("a key that is the value", format!("{secret}stringData:\n  @S@: 5\n")).everywhere(),
        resource("a key of data that is the value", format!("{secret}data:\n  @S@: true\n")),
        resource(
            "a comment that names no rule",
            format!("{secret}# fleetlint: ignore[@S@] why\nstringData: {{a: b}}\n"),
        ),
        resource(
            "a comment with a value",
            format!("{secret}# fleetlint: ignore[build: @S@] why\nstringData: {{a: b}}\n"),
        ),
        way("the kind of a source").substituting().file("apps/more.yaml", reads("GitRepository")),
    ]);
}

#[test]
fn patches_of_files_without_a_kind_in_the_target_are_in_no_output() {
    let patch = |name: &str, text: &str| {
        built(name, "patches:\n  - target: {name: x}\n    path: p.yaml\n").file("apps/p.yaml", text)
    };
    assert_silent(vec![
        patch("a broken last line", "- op: replace\n  path: /data/a\n  value: @S@\n bad\n").shows("**"),
        patch("a broken value", "- op: replace\n  path: /stringData/a\n  value: \"@S@\n").shows("**"),
        patch("a broken text", "- op: replace\n  path: /data/a\n  value: |\n    @S@\n   @S@: [\n"),
        patch("broken JSON", "[{\"op\": \"replace\", \"path\": \"/data/a\",\n\"value\": \"@S@\"\n"),
    ]);
}

#[test]
fn values_whose_keys_say_so_are_in_no_output() {
    let beside = |name: &str, head: &str, body: &str| {
        way(name)
            .apps("")
            .file("apps/x.yaml", format!("{head}\nmetadata: {{name: a, namespace: flux-system}}\nspec:\n{body}"))
    };
    let twice = "  interval: 1h\n  interval: 1h\n";
    let external = "apiVersion: external-secrets.io/v1\nkind: ExternalSecret";
    let release = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease";
    let provider = "apiVersion: notification.toolkit.fluxcd.io/v1beta3\nkind: Provider";
    assert_silent(vec![
        beside(
            "a template",
            external,
            "  target:\n    template:\n      data:\n        password: @S@\n        password: x\n",
        )
        .shows("**"),
        beside(
            "a template of a file",
            external,
            "  target:\n    template:\n      data:\n        a: |\n          token: @S@\n        a: x\n",
        )
        .shows("**"),
        beside(
            "inputs",
            "apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSetInputProvider",
            &format!("  defaultValues:\n    password: @S@\n{twice}"),
        )
        .shows("**"),
        beside(
            "substitute",
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization",
            &format!("  postBuild:\n    substitute:\n      DB_PASSWORD: @S@\n{twice}"),
        )
        .shows("**"),
        beside("values", release, &format!("  values:\n    auth: {{adminPassword: @S@}}\n{twice}")).shows("**"),
        beside(
            "a list of variables",
            release,
            &format!("  values:\n    env:\n      - name: API_TOKEN\n        value: @S@\n{twice}"),
        )
        .shows("**"),
        beside("an address", provider, &format!("  address: https://hooks.slack.com/services/@S@\n{twice}"))
            .shows("**"),
        beside("a broken file", release, "  values:\n    password: @S@\n   bad: [\n").shows("**"),
    ]);
}

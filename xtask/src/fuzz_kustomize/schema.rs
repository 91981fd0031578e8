//! `openapi.path` and `crds`: schemas of types that kustomize knows and of some that it does not.

use super::layer::Layer;
use super::rng::Rng;

/// Makes a kustomization choose a schema file.
pub(crate) fn openapi(layer: &mut Layer) {
    let text = if layer.rng.chance(6) {
        layer
            .rng
            .pick(&["", "{", "[]", "a: b\n", "# nothing\n", "definitions: []\n", "{\"definitions\": 1}"])
            .to_owned()
    } else {
        let types = [
            ("x.io", "v1", "Widget"),
            ("apps", "v1", "Deployment"),
            ("helm.toolkit.fluxcd.io", "v2", "HelmRelease"),
            ("", "v1", "ConfigMap"),
            ("", "v1", "Service"),
        ];
        let mut definitions = vec![format!("\"part\": {}", object(layer.rng, 2))];
        for (group, version, kind) in types {
            if kind == "Widget" || layer.rng.chance(40) {
                let gvk = format!("[{{\"group\": \"{group}\", \"version\": \"{version}\", \"kind\": \"{kind}\"}}]");
                let spec = value(layer.rng, 3);
                let of_type = format!(
                    "\"t.{kind}\": {{\"type\": \"object\", \"properties\": {{\"spec\": {spec}, \"metadata\": {}, \"data\": {}}}, \"x-kubernetes-group-version-kind\": {gvk}}}",
                    value(layer.rng, 2),
                    value(layer.rng, 1)
                );
                definitions.push(of_type);
            }
        }
        format!("{{\"definitions\": {{{}}}}}\n", definitions.join(", "))
    };
    let is_yaml = layer.rng.chance(25);
    let text = if is_yaml && text.starts_with('{') { format!("# yaml\n{text}") } else { text };
    let name = layer.file("schema", if is_yaml { "yaml" } else { "json" }, text);
    layer.kustomization.set("openapi", super::text::Y::map(vec![("path", super::text::Y::scalar(name))]));
}

/// The fields that objects and patches of the other modules have.
const FIELDS: &[&str] = &[
    "l",
    "a",
    "b",
    "containers",
    "spec",
    "template",
    "ports",
    "env",
    "configRef",
    "values",
    "volumes",
    "labels",
    "finalizers",
    "k",
    "valuesFrom",
    "args",
];

fn object(rng: &mut Rng, depth: usize) -> String {
    let count = rng.between(1, 4);
    let mut names: Vec<&str> = Vec::new();
    for _ in 0..count {
        let name = rng.pick(FIELDS);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let fields: Vec<String> =
        names.iter().map(|name| format!("\"{name}\": {}", value(rng, depth.saturating_sub(1)))).collect();
    let more = if rng.chance(15) {
        format!(", \"additionalProperties\": {}", value(rng, depth.saturating_sub(1)))
    } else {
        String::new()
    };
    format!("{{\"type\": \"object\", \"properties\": {{{}}}{more}}}", fields.join(", "))
}

fn value(rng: &mut Rng, depth: usize) -> String {
    if depth == 0 {
        return rng.pick(&["{}", "{\"type\": \"string\"}", "{\"$ref\": \"#/definitions/part\"}"]).to_owned();
    }
    match rng.below(6) {
        0 => rng.pick(&["{\"$ref\": \"#/definitions/part\"}", "{\"$ref\": \"#/definitions/none\"}"]).to_owned(),
        1 | 2 => list(rng, depth),
        _ => object(rng, depth),
    }
}

fn list(rng: &mut Rng, depth: usize) -> String {
    let keys = rng.pick(&[
        "\"x-kubernetes-patch-merge-key\": \"name\"",
        "\"x-kubernetes-patch-merge-key\": \"name\"",
        "\"x-kubernetes-list-map-keys\": [\"name\"]",
        "\"x-kubernetes-list-map-keys\": [\"name\", \"value\"]",
        "\"x-kubernetes-list-type\": \"set\"",
    ]);
    let strategy = rng.pick(&["merge", "merge", "merge", "replace", "merge,retainKeys"]);
    let items = value(rng, depth - 1);
    let kind = if rng.chance(92) { "\"type\": \"array\", " } else { "" };
    format!("{{{kind}\"items\": {items}, {keys}, \"x-kubernetes-patch-strategy\": \"{strategy}\"}}")
}

/// Names a file of definitions with kustomize's own extensions.
pub(crate) fn crds(layer: &mut Layer) {
    let property = |rng: &mut Rng| {
        rng.pick(&[
            "{\"x-kubernetes-annotation\": \"\"}",
            "{\"x-kubernetes-label-selector\": \"\"}",
            "{\"x-kubernetes-identity\": \"\"}",
            "{\"x-kubernetes-object-ref-api-version\": \"v1\", \"x-kubernetes-object-ref-kind\": \"ConfigMap\"}",
            "{\"x-kubernetes-object-ref-api-version\": \"v1\", \"x-kubernetes-object-ref-kind\": \"Secret\", \"x-kubernetes-object-ref-name-key\": \"k\"}",
            "{\"$ref\": \"io.x.Part\"}",
            "{\"type\": \"string\"}",
        ])
        .to_owned()
    };
    let mut fields = Vec::new();
    for name in ["a", "configRef", "l", "k"] {
        if layer.rng.chance(60) {
            fields.push(format!("\"{name}\": {}", property(layer.rng)));
        }
    }
    let kind = layer.rng.pick(&["Widget", "HelmRelease", "Deployment"]);
    let schema = layer.rng.pick(&["Schema", "Schema", "schema"]);
    let text = format!(
        "{{\"io.x.{kind}\": {{\"{schema}\": {{\"properties\": {{\"apiVersion\": {{}}, \"kind\": {{}}, \"metadata\": {{}}, \"spec\": {{\"$ref\": \"io.x.Spec\"}}}}}}}}, \"io.x.Spec\": {{\"{schema}\": {{\"properties\": {{{}}}}}}}, \"io.x.Part\": {{\"{schema}\": {{\"properties\": {{\"name\": {}, \"b\": {}}}}}}}}}\n",
        fields.join(", "),
        property(layer.rng).replace("io.x.Part", "io.x.None"),
        property(layer.rng).replace("io.x.Part", "io.x.None"),
    );
    let text = if layer.rng.chance(6) { layer.rng.pick(&["{", "[]\n", "a: 1\n", "{}\n"]).to_owned() } else { text };
    let name = layer.file("crd", "json", text);
    layer.push("crds", super::text::Y::scalar(name));
}

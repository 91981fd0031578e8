//! `transformers`, `generators` and `validators` with the built-in kinds: inline, as a file, as a folder.

use super::feature::{field_spec, generator_entry, image, replacement_value, target};
use super::layer::Layer;
use super::patch::{json, strategic};
use super::text::Y;
use super::values::{LABEL_KEYS, entries, string};

/// Adds one plugin to the kustomization.
pub(crate) fn add(layer: &mut Layer) {
    let kind = layer.rng.pick(&[
        "AnnotationsTransformer",
        "LabelTransformer",
        "NamespaceTransformer",
        "PrefixTransformer",
        "SuffixTransformer",
        "PrefixSuffixTransformer",
        "ImageTagTransformer",
        "PatchTransformer",
        "PatchTransformer",
        "PatchStrategicMergeTransformer",
        "PatchJson6902Transformer",
        "ReplicaCountTransformer",
        "ReplacementTransformer",
        "ValueAddTransformer",
        "ConfigMapGenerator",
        "SecretGenerator",
        "HashTransformer",
        "IAMPolicyGenerator",
    ]);
    let mut plugin = Y::map(vec![
        ("apiVersion", Y::scalar("builtin")),
        ("kind", Y::scalar(kind)),
        ("metadata", Y::map(vec![("name", Y::scalar("p"))])),
    ]);
    configure(layer, kind, &mut plugin);
    let field = if kind.ends_with("Generator") {
        "generators"
    } else if layer.rng.chance(4) {
        "validators"
    } else {
        "transformers"
    };
    let text = layer.documents(&[plugin]);
    let inline = !text.contains('\r')
        && !text.contains('\u{feff}')
        && !text.starts_with([' ', '\n', '-', '#', '{'])
        && layer.rng.chance(40);
    if inline {
        layer.push(field, Y::Block("|-", text.lines().map(str::to_owned).collect()));
        return;
    }
    let name = layer.file("t", "yaml", text);
    if layer.rng.chance(10) {
        let folder = layer.folder.clone();
        if let Some(text) = layer.files.remove(&format!("{folder}/{name}")) {
            layer.files.insert(format!("{folder}/plug{name}/{name}"), text);
            layer.files.insert(format!("{folder}/plug{name}/kustomization.yaml"), format!("resources:\n- {name}\n"));
            layer.push(field, Y::scalar(format!("plug{name}")));
        }
        return;
    }
    layer.push(field, Y::scalar(name));
}

fn configure(layer: &mut Layer, kind: &str, plugin: &mut Y) {
    match kind {
        "AnnotationsTransformer" => {
            plugin.set("annotations", entries(layer.rng, LABEL_KEYS, 2, string));
            specs(layer, plugin, &["metadata/annotations", "spec/template/metadata/annotations"], true);
        }
        "LabelTransformer" => {
            plugin.set("labels", entries(layer.rng, LABEL_KEYS, 2, string));
            specs(layer, plugin, &["metadata/labels", "spec/selector/matchLabels"], true);
        }
        "NamespaceTransformer" => {
            let namespace = layer.rng.pick(&["x", "z"]);
            plugin.set("metadata", Y::map(vec![("name", Y::scalar("p")), ("namespace", Y::scalar(namespace))]));
            if layer.rng.chance(40) {
                plugin.set(
                    "setRoleBindingSubjects",
                    Y::scalar(layer.rng.pick(&["defaultOnly", "allServiceAccounts", "none"])),
                );
            }
            if layer.rng.chance(40) {
                plugin.set("unsetOnly", Y::scalar("true"));
            }
            specs(layer, plugin, &["metadata/namespace", "spec/a"], true);
        }
        "PrefixTransformer" => {
            plugin.set("prefix", Y::scalar("pp-"));
            specs(layer, plugin, &["metadata/name", "spec/configRef/name"], false);
        }
        "SuffixTransformer" => {
            plugin.set("suffix", Y::scalar("-ss"));
            specs(layer, plugin, &["metadata/name", "data/k"], false);
        }
        "PrefixSuffixTransformer" => {
            plugin.set("prefix", Y::scalar("pp-"));
            specs(layer, plugin, &["metadata/name"], false);
        }
        "ImageTagTransformer" => {
            plugin.set("imageTag", image(layer.rng));
            specs(
                layer,
                plugin,
                &["spec/template/spec/containers[]/image", "spec/image", "spec/containers/image"],
                false,
            );
        }
        "ReplicaCountTransformer" => {
            let name = layer.any_object().map_or_else(|| "a".to_owned(), |object| object.name);
            plugin.set("replica", Y::map(vec![("name", Y::scalar(name)), ("count", Y::scalar("5"))]));
            specs(layer, plugin, &["spec/replicas"], true);
        }
        "ConfigMapGenerator" | "SecretGenerator" => {
            let Y::Map(entry) = generator_entry(layer, kind == "SecretGenerator") else { return };
            for (key, value) in entry {
                match key.as_str() {
                    "name" => plugin.set("metadata", Y::map(vec![("name", value)])),
                    "namespace" => {}
                    key => plugin.set(key, value),
                }
            }
        }
        "ReplacementTransformer" => {
            if let Some(value) = replacement_value(layer) {
                plugin.set("replacements", Y::List(vec![value]));
            }
        }
        "HashTransformer" => {}
        "IAMPolicyGenerator" => {
            let name = layer.rng.pick(&["a", "sa", "\"1\"", "'a: b'", "\"\""]);
            let mut service = Y::map(vec![("name", Y::scalar(name))]);
            if layer.rng.chance(40) {
                service.set("namespace", Y::scalar(layer.rng.pick(&["x", "\"1\"", "default"])));
            }
            let account = Y::map(vec![
                ("name", Y::scalar(layer.rng.pick(&["g", "\"1\""]))),
                ("projectId", Y::scalar(layer.rng.pick(&["p", "'p # q'"]))),
            ]);
            plugin.set("cloud", Y::scalar(if layer.rng.chance(92) { "gke" } else { "eks" }));
            plugin.set("kubernetesService", service);
            plugin.set("serviceAccount", account);
        }
        _ => patching(layer, kind, plugin),
    }
}

fn patching(layer: &mut Layer, kind: &str, plugin: &mut Y) {
    let Some(object) = layer.any_object() else { return };
    let is_json = kind == "PatchJson6902Transformer" || (kind == "PatchTransformer" && layer.rng.chance(30));
    let patch = if is_json { json(layer.rng, &object) } else { strategic(layer.rng, &object, &object.name) };
    let block = |text: String| Y::Block("|", text.lines().map(str::to_owned).collect());
    let text = super::text::write(&patch, false, layer.rng);
    match kind {
        "PatchTransformer" => {
            plugin.set("patch", block(text));
            if is_json || layer.rng.chance(40) {
                plugin.set("target", target(layer.rng, &object));
            }
        }
        "PatchStrategicMergeTransformer" if layer.rng.chance(50) => plugin.set("patches", block(text)),
        "PatchStrategicMergeTransformer" => {
            plugin.set("paths", Y::List(vec![Y::scalar(layer.file("sm", "yaml", text))]))
        }
        "PatchJson6902Transformer" => {
            plugin.set("jsonOp", block(text));
            plugin.set("target", Y::map(vec![("kind", Y::scalar(&object.kind)), ("name", Y::scalar(&object.name))]));
        }
        _ => {
            let path = layer.rng.pick(&["metadata/namespace", "spec/a", "spec/configRef/name", "data/new"]);
            let mut place = Y::map(vec![("fieldPath", Y::scalar(path)), ("selector", target(layer.rng, &object))]);
            if layer.rng.chance(25) {
                place.set("filePathPosition", Y::scalar(layer.rng.pick(&["1", "2", "9", "0", "-1"])));
            }
            if layer.rng.chance(85) {
                plugin.set("value", string(layer.rng));
            }
            if layer.rng.chance(30) {
                let text = super::text::write(&Y::map(vec![("targets", Y::List(vec![place]))]), false, layer.rng);
                plugin.set("targetFilePath", Y::scalar(layer.file("vt", "yaml", text)));
            } else {
                plugin.set("targets", Y::List(vec![place]));
            }
        }
    }
}

fn specs(layer: &mut Layer, plugin: &mut Y, paths: &[&str], create: bool) {
    if layer.rng.chance(8) {
        return;
    }
    let mut spec = Y::map(vec![("path", Y::scalar(layer.rng.pick(paths)))]);
    if create && layer.rng.chance(60) {
        spec.set("create", Y::scalar("true"));
    }
    let mut specs = vec![spec];
    if layer.rng.chance(15) {
        specs.push(field_spec(layer.rng));
    }
    let key = if layer.rng.chance(90) { "fieldSpecs" } else { "fieldspecs" };
    plugin.set(key, Y::List(specs));
}

//! The features of a kustomization file, one function each.

use super::layer::Layer;
use super::objects::Object;
use super::patch::{Step, field_path, has_notes, json, strategic, walk};
use super::plugin;
use super::rng::Rng;
use super::schema;
use super::text::{Y, flow};
use super::values::{LABEL_KEYS, NAMESPACES, entries, string};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Feature {
    Layers,
    Odd,
    Lists,
    Patches,
    Legacy,
    Namespace,
    Affixes,
    Labels,
    Annotations,
    Images,
    Replicas,
    Generators,
    Replacements,
    Vars,
    Configurations,
    Plugins,
    BuildMetadata,
    SortOptions,
    Openapi,
    /// Schemas of the tree's own.
    Schemas,
    Crds,
    /// Fields that hardly anybody uses.
    Rare,
}

const ALL: &[(&str, Feature, usize)] = &[
    ("layers", Feature::Layers, 0),
    ("odd", Feature::Odd, 0),
    ("lists", Feature::Lists, 0),
    ("patches", Feature::Patches, 30),
    ("legacy", Feature::Legacy, 8),
    ("namespace", Feature::Namespace, 8),
    ("affixes", Feature::Affixes, 10),
    ("labels", Feature::Labels, 12),
    ("annotations", Feature::Annotations, 6),
    ("images", Feature::Images, 8),
    ("replicas", Feature::Replicas, 4),
    ("generators", Feature::Generators, 14),
    ("replacements", Feature::Replacements, 14),
    ("vars", Feature::Vars, 6),
    ("configurations", Feature::Configurations, 6),
    ("plugins", Feature::Plugins, 12),
    ("build-metadata", Feature::BuildMetadata, 4),
    ("sort-options", Feature::SortOptions, 4),
    ("openapi", Feature::Openapi, 2),
    ("schemas", Feature::Schemas, 4),
    ("crds", Feature::Crds, 4),
    ("rare", Feature::Rare, 3),
];

/// The features that a run uses.
pub(crate) struct Features(Vec<(Feature, usize)>);

impl Features {
    /// From a comma-separated list of names; `None` if one is unknown. Without names all.
    pub(crate) fn named(names: Option<&str>) -> Option<Self> {
        let Some(names) = names else {
            return Some(Self(ALL.iter().map(|(_, feature, weight)| (*feature, *weight)).collect()));
        };
        let find =
            |name: &str| ALL.iter().find(|(own, ..)| *own == name).map(|(_, feature, weight)| (*feature, *weight));
        names.split(',').map(find).collect::<Option<Vec<_>>>().map(Self)
    }

    pub(crate) fn names() -> String {
        ALL.iter().map(|(name, ..)| *name).collect::<Vec<_>>().join(",")
    }

    pub(crate) fn has(&self, feature: Feature) -> bool {
        self.0.iter().any(|(own, _)| *own == feature)
    }

    /// Adds one of the features, by weight.
    pub(crate) fn add(&self, layer: &mut Layer) {
        let total: usize = self.0.iter().map(|(_, weight)| weight).sum();
        let mut left = layer.rng.below(total);
        for (feature, weight) in &self.0 {
            if left < *weight {
                add(layer, *feature);
                return;
            }
            left -= weight;
        }
    }
}

fn add(layer: &mut Layer, feature: Feature) {
    match feature {
        Feature::Layers | Feature::Odd | Feature::Lists => {}
        Feature::Patches => patch(layer),
        Feature::Legacy => legacy(layer),
        Feature::Namespace => {
            let namespace = layer.rng.pick(&["x", "w", "z", "default", "\"1\"", "\"\""]);
            layer.kustomization.set("namespace", Y::scalar(namespace));
        }
        Feature::Affixes => {
            let (key, value) = (
                layer.rng.pick(&["namePrefix", "nameSuffix"]),
                layer.rng.pick(&["p-", "-s", "x", "\"1\"", "-é", "\"\""]),
            );
            layer.kustomization.set(key, Y::scalar(value));
        }
        Feature::Labels => labels(layer),
        Feature::Annotations => {
            let pairs = entries(layer.rng, LABEL_KEYS, 2, string);
            layer.kustomization.set("commonAnnotations", pairs);
        }
        Feature::Images => {
            let image = image(layer.rng);
            layer.push("images", image);
        }
        Feature::Replicas => {
            let scaled: Vec<Object> =
                layer.objects.iter().filter(|object| object.api_version == "apps/v1").cloned().collect();
            let Some(name) = layer.rng.one(&scaled).map(|object| object.name.clone()) else { return };
            let count = layer.rng.pick(&["0", "3", "1"]);
            layer.push("replicas", Y::map(vec![("name", Y::scalar(name)), ("count", Y::scalar(count))]));
        }
        Feature::Generators => generator(layer),
        Feature::Replacements => replacement(layer),
        Feature::Vars => variable(layer),
        Feature::Configurations => configuration(layer),
        Feature::Plugins => plugin::add(layer),
        Feature::BuildMetadata => {
            let word = layer.rng.pick(&["originAnnotations", "transformerAnnotations", "managedByLabel"]);
            layer.push("buildMetadata", Y::scalar(word));
        }
        Feature::SortOptions => sort_options(layer),
        Feature::Openapi => {
            let version = layer.rng.pick(&["v1.21.2", "v1.21.2", "v1.21.2", "v1.20.4"]);
            layer.kustomization.set("openapi", Y::map(vec![("version", Y::scalar(version))]));
        }
        Feature::Schemas => schema::openapi(layer),
        Feature::Crds => schema::crds(layer),
        Feature::Rare => rare(layer),
    }
}

/// The name by which a layer may call an object: its own, or one that a lower layer may have given it.
fn called(rng: &mut Rng, object: &Object) -> String {
    if rng.chance(94) { object.name.clone() } else { format!("p-{}", object.name) }
}

pub(crate) fn target(rng: &mut Rng, object: &Object) -> Y {
    let mut target = Y::Map(Vec::new());
    if rng.chance(75) {
        target.set(
            "kind",
            Y::scalar(if rng.chance(85) {
                object.kind.clone()
            } else {
                rng.pick(&["Deploy.*", "ConfigMap|Secret", ".*"]).to_owned()
            }),
        );
    }
    if rng.chance(50) {
        target.set(
            "name",
            Y::scalar(if rng.chance(80) {
                called(rng, object)
            } else {
                rng.pick(&["a|b", ".*", "w.*", "'[ab]'"]).to_owned()
            }),
        );
    }
    if rng.chance(12) {
        target.set("namespace", Y::scalar(rng.pick(&["x", "default", "x|y", ".*"])));
    }
    if rng.chance(8) {
        target.set("version", Y::scalar(rng.pick(&["v1", "v.*"])));
    }
    if rng.chance(8) {
        target.set("group", Y::scalar(rng.pick(&["apps", "\"\"", ".*"])));
    }
    if rng.chance(10) {
        target.set(
            "labelSelector",
            Y::scalar(rng.pick(&["app=a", "app", "'!app'", "app in (a,b)", "app!=a,tier", "app notin (a)", "x==1"])),
        );
    }
    if rng.chance(5) {
        target.set("annotationSelector", Y::scalar(rng.pick(&["note", "'!note'", "note=a"])));
    }
    target
}

fn patch(layer: &mut Layer) {
    let Some(object) = layer.any_object() else { return };
    let name = called(layer.rng, &object);
    let is_json = layer.rng.chance(35);
    let text = if is_json {
        let patch = json(layer.rng, &object);
        if layer.rng.chance(15) {
            flow(&patch, true).map_or_else(|| layer.text(&patch), |text| text + "\n")
        } else {
            layer.text(&patch)
        }
    } else {
        let mut patches = vec![strategic(layer.rng, &object, &name)];
        if layer.rng.chance(12)
            && let Some(other) = layer.any_object()
        {
            patches.push(strategic(layer.rng, &other, &other.name));
        }
        layer.documents(&patches)
    };
    let mut entry = Y::Map(Vec::new());
    put_text(layer, &mut entry, "patch", text);
    if is_json || layer.rng.chance(30) {
        let target = target(layer.rng, &object);
        entry.set("target", target);
    }
    if layer.rng.chance(8) {
        let key = layer.rng.pick(&["allowNameChange", "allowKindChange"]);
        entry.set("options", Y::map(vec![(key, Y::scalar("true"))]));
    }
    layer.push("patches", entry);
}

/// A text inline, as a block, or in a file.
pub(crate) fn put_text(layer: &mut Layer, entry: &mut Y, stem: &'static str, text: String) {
    let inline_safe = !text.contains('\r') && !text.contains('\u{feff}') && !text.starts_with([' ', '\n']);
    if inline_safe && layer.rng.chance(65) {
        let header = layer.rng.pick(&["|", "|-", "|+"]);
        let header = if header == "|" {
            "|"
        } else if header == "|-" {
            "|-"
        } else {
            "|+"
        };
        entry.set(stem, Y::Block(header, text.lines().map(str::to_owned).collect()));
    } else {
        let name = layer.file("p", "yaml", text);
        entry.set("path", Y::scalar(name));
    }
}

fn legacy(layer: &mut Layer) {
    let Some(object) = layer.any_object() else { return };
    match layer.rng.below(3) {
        0 => {
            let patch = strategic(layer.rng, &object, &object.name);
            let text = layer.documents(&[patch]);
            if !text.contains('\r')
                && !text.contains('\u{feff}')
                && !text.starts_with([' ', '\n'])
                && layer.rng.chance(50)
            {
                layer.push("patchesStrategicMerge", Y::Block("|", text.lines().map(str::to_owned).collect()));
            } else {
                let name = layer.file("sm", "yaml", text);
                layer.push("patchesStrategicMerge", Y::scalar(name));
            }
        }
        1 => {
            let patch = json(layer.rng, &object);
            let text = layer.text(&patch);
            let (group, version) = object.api_version.split_once('/').unwrap_or(("", &object.api_version));
            let mut target = vec![
                ("version", Y::scalar(version)),
                ("kind", Y::scalar(&object.kind)),
                ("name", Y::scalar(&object.name)),
            ];
            if !group.is_empty() {
                target.push(("group", Y::scalar(group)));
            }
            if let Some(namespace) = &object.namespace {
                target.push(("namespace", Y::scalar(namespace)));
            }
            let mut entry = Y::map(vec![("target", Y::map(target))]);
            put_text(layer, &mut entry, "patch", text);
            layer.push("patchesJson6902", entry);
        }
        _ => {
            let pairs = entries(layer.rng, LABEL_KEYS, 2, string);
            layer.kustomization.set("commonLabels", pairs);
        }
    }
}

fn labels(layer: &mut Layer) {
    let mut entry = Y::map(vec![("pairs", entries(layer.rng, LABEL_KEYS, 2, string))]);
    if layer.rng.chance(30) {
        entry.set("includeSelectors", Y::scalar("true"));
    }
    if layer.rng.chance(25) {
        entry.set("includeTemplates", Y::scalar("true"));
    }
    if layer.rng.chance(15) {
        let field = field_spec(layer.rng);
        entry.set("fields", Y::List(vec![field]));
    }
    layer.push("labels", entry);
}

pub(crate) fn field_spec(rng: &mut Rng) -> Y {
    let path = rng.pick(&[
        "spec/a",
        "spec/configRef/name",
        "metadata/labels",
        "spec/template/metadata/labels",
        "spec/l[]/name",
        "spec/x.y\\/z",
        "data/k",
        "spec/selector",
        "spec/values/a",
        "spec/containers[]/image",
        "spec/replicas",
    ]);
    let mut spec = Y::map(vec![("path", Y::scalar(path))]);
    if rng.chance(60) {
        spec.set("kind", Y::scalar(rng.pick(&["Widget", "Deployment", "ConfigMap", "HelmRelease"])));
    }
    if rng.chance(20) {
        spec.set("group", Y::scalar(rng.pick(&["x.io", "apps"])));
    }
    if rng.chance(40) {
        spec.set("create", Y::scalar("true"));
    }
    spec
}

pub(crate) fn image(rng: &mut Rng) -> Y {
    let mut image = Y::map(vec![(
        "name",
        Y::scalar(rng.pick(&["nginx", "nginx", "app", "reg.io:5000/a/nginx", "docker.io/nginx", "n.*x"])),
    )]);
    let parts: &[(&str, &[&str], usize)] = &[
        ("newName", &["new", "reg.io/new", "reg.io:5000/a/new"], 40),
        ("newTag", &["v9", "\"1.10\"", "\"1\"", "$(V)"], 55),
        ("digest", &["sha256:def"], 20),
        ("tagSuffix", &["-x"], 10),
    ];
    for (key, pool, percent) in parts {
        if rng.chance(*percent) {
            image.set(key, Y::scalar(rng.pick(pool)));
        }
    }
    image
}

fn generator(layer: &mut Layer) {
    if layer.rng.chance(15) {
        let options = generator_options(layer.rng);
        layer.kustomization.set("generatorOptions", options);
        return;
    }
    let secret = layer.rng.chance(40);
    let entry = generator_entry(layer, secret);
    let kind = if secret { "Secret" } else { "ConfigMap" };
    if let Some(Y::Scalar(name)) = entry.get("name") {
        let namespace = match entry.get("namespace") {
            Some(Y::Scalar(namespace)) => Some(namespace.clone()),
            _ => None,
        };
        let value = Y::map(vec![
            ("data", Y::map(vec![("k", Y::scalar("v"))])),
            ("metadata", Y::map(vec![("name", Y::scalar(name))])),
        ]);
        layer.objects.push(Object {
            api_version: "v1".to_owned(),
            kind: kind.to_owned(),
            name: name.clone(),
            namespace,
            value,
        });
    }
    layer.push(if secret { "secretGenerator" } else { "configMapGenerator" }, entry);
}

fn generator_options(rng: &mut Rng) -> Y {
    let mut options = Y::Map(Vec::new());
    if rng.chance(50) {
        options.set("disableNameSuffixHash", Y::scalar(rng.pick(&["true", "true", "false"])));
    }
    if rng.chance(30) {
        options.set("labels", entries(rng, LABEL_KEYS, 2, string));
    }
    if rng.chance(30) {
        options.set("annotations", entries(rng, LABEL_KEYS, 2, string));
    }
    if rng.chance(15) {
        options.set("immutable", Y::scalar("true"));
    }
    options
}

pub(crate) fn generator_entry(layer: &mut Layer, secret: bool) -> Y {
    let merged = layer.any_object().filter(|object| object.kind == if secret { "Secret" } else { "ConfigMap" });
    let mut entry = match merged {
        Some(object) if layer.rng.chance(80) => {
            let mut entry = Y::map(vec![
                ("name", Y::scalar(&object.name)),
                ("behavior", Y::scalar(layer.rng.pick(&["merge", "replace"]))),
            ]);
            if let Some(namespace) = &object.namespace {
                entry.set("namespace", Y::scalar(namespace));
            }
            entry
        }
        _ => {
            let mut entry = Y::map(vec![("name", Y::scalar(layer.rng.pick(&["gen", "gen2", "cfg", "\"1\""])))]);
            if layer.rng.chance(15) {
                let namespace = layer.rng.pick(NAMESPACES);
                entry.set("namespace", Y::scalar(namespace));
            }
            entry
        }
    };
    sources(layer, &mut entry);
    if layer.rng.chance(25) {
        let options = generator_options(layer.rng);
        entry.set("options", options);
    }
    if secret && layer.rng.chance(25) {
        entry.set("type", Y::scalar(layer.rng.pick(&["x", "kubernetes.io/tls", "\"1\""])));
    }
    entry
}

fn sources(layer: &mut Layer, entry: &mut Y) {
    if layer.rng.chance(65) {
        let pool = &[
            "k=v",
            "a.yaml=1",
            "'q=\"quoted\"'",
            "\"l=a\\nb\\n\"",
            "e=",
            "x=a=b",
            "u=é日本",
            "h=<b>&c",
            "y=true",
            "'n=null'",
            "s= lead",
            "\"t=trail \"",
            "k2=$(V)",
            "\"m=a\\n b\"",
        ];
        let mut literals: Vec<Y> = Vec::new();
        for _ in 0..layer.rng.between(1, 3) {
            literals.push(Y::scalar(layer.rng.pick(pool)));
        }
        entry.set("literals", Y::List(literals));
    }
    if layer.rng.chance(30) {
        let text = layer
            .rng
            .pick(&[
                "x",
                "a\nb\n",
                "",
                "{\"a\": 1}\n",
                "a: b\r\nc: d\r\n",
                "trail \nx",
                "\u{feff}bom",
                "word word word word word word word word word word word word word word word word word word word",
                "yes",
                "\tx\n",
                "a\n\n\n",
                "é\n",
                "😀",
            ])
            .to_owned();
        let name = layer.file("f", "txt", text);
        let file =
            if layer.rng.chance(50) { name } else { format!("{}={name}", layer.rng.pick(&["k", "a.yaml", "z"])) };
        entry.set("files", Y::List(vec![Y::scalar(file)]));
    }
    if layer.rng.chance(15) {
        let text = layer
            .rng
            .pick(&["A=1\n", "B=x y\n# c\n\nC=\n", "  D=1 \n", "E=\"q\"\r\nF=g\r\n", "NOEQ\n", "\u{feff}G=1"])
            .to_owned();
        let name = layer.file("e", "env", text);
        entry.set("envs", Y::List(vec![Y::scalar(name)]));
    }
}

fn replacement(layer: &mut Layer) {
    let value = replacement_value(layer);
    let Some(value) = value else { return };
    if layer.rng.chance(15) {
        let text = layer.text(&value);
        let name = layer.file("rep", "yaml", text);
        layer.push("replacements", Y::map(vec![("path", Y::scalar(name))]));
    } else {
        layer.push("replacements", value);
    }
}

pub(crate) fn replacement_value(layer: &mut Layer) -> Option<Y> {
    let (source, target_object) = (layer.any_object()?, layer.any_object()?);
    let rng = &mut *layer.rng;
    let (steps, _) = walk(rng, &source.value);
    if has_notes(&steps) {
        return None;
    }
    let mut from = Y::map(vec![("kind", Y::scalar(&source.kind)), ("name", Y::scalar(&source.name))]);
    if let Some(namespace) = source.namespace.as_deref().filter(|_| rng.chance(50)) {
        from.set("namespace", Y::scalar(namespace));
    }
    if rng.chance(85) {
        let path = field_path(rng, &steps);
        from.set("fieldPath", single_quoted(&path));
    }
    if rng.chance(15) {
        from.set("options", options(rng, false));
    }
    let count = rng.between(1, 2);
    let mut paths = Vec::new();
    for _ in 0..count {
        let into_text = if rng.chance(50) { into_document(rng, &target_object.value) } else { None };
        let steps = into_text.unwrap_or_else(|| walk(rng, &target_object.value).0);
        let path = field_path(rng, &steps);
        paths.push(single_quoted(&path));
    }
    let mut to = Y::map(vec![("select", target(rng, &target_object)), ("fieldPaths", Y::List(paths))]);
    if rng.chance(10) {
        to.set("reject", Y::List(vec![target(rng, &source)]));
    }
    if rng.chance(35) {
        to.set("options", options(rng, true));
    }
    let source = if rng.chance(8) { ("sourceValue", string(rng)) } else { ("source", from) };
    Some(Y::map(vec![source, ("targets", Y::List(vec![to]))]))
}

/// A way into a text that holds a document.
fn into_document(rng: &mut Rng, object: &Y) -> Option<Vec<Step>> {
    ["data", "stringData"].into_iter().find_map(|key| match object.get(key)?.get("config")? {
        Y::Document(value, _) => {
            let start = [key, "config"].map(|key| Step::Key(key.to_owned()));
            Some(start.into_iter().chain(walk(rng, value).0).collect())
        }
        _ => None,
    })
}

fn single_quoted(text: &str) -> Y {
    Y::scalar(format!("'{}'", text.replace('\'', "''").replace('\n', " ")))
}

fn options(rng: &mut Rng, create: bool) -> Y {
    let mut options = Y::Map(Vec::new());
    if create && rng.chance(60) {
        options.set("create", Y::scalar("true"));
    }
    if rng.chance(60) {
        options.set("delimiter", Y::scalar(rng.pick(&["\":\"", "'-'", "/", "\".\""])));
        options.set("index", Y::scalar(rng.pick(&["0", "1", "2", "-1"])));
    }
    options
}

fn variable(layer: &mut Layer) {
    let Some(object) = layer.any_object() else { return };
    let (steps, _) = walk(layer.rng, &object.value);
    let path = field_path(layer.rng, &steps);
    let mut reference = Y::map(vec![
        ("apiVersion", Y::scalar(&object.api_version)),
        ("kind", Y::scalar(&object.kind)),
        ("name", Y::scalar(&object.name)),
    ]);
    if let Some(namespace) = object.namespace.as_deref().filter(|_| layer.rng.chance(60)) {
        reference.set("namespace", Y::scalar(namespace));
    }
    let mut variable = Y::map(vec![
        ("name", Y::scalar(layer.rng.pick(&["V", "V", "W"]))),
        ("objref", Y::map(vec![("x", Y::scalar("1"))])),
    ]);
    variable.set("objref", reference);
    if layer.rng.chance(60) {
        variable.set("fieldref", Y::map(vec![("fieldpath", single_quoted(&path))]));
    }
    layer.push("vars", variable);
}

fn configuration(layer: &mut Layer) {
    let rng = &mut *layer.rng;
    let mut config = Y::Map(Vec::new());
    let key = rng.pick(&[
        "nameReference",
        "nameReference",
        "varReference",
        "commonLabels",
        "labels",
        "commonAnnotations",
        "namePrefix",
        "nameSuffix",
        "namespace",
        "images",
        "replicas",
        "templateLabels",
    ]);
    let specs = if key == "nameReference" {
        let (kind, version) = (rng.pick(&["ConfigMap", "Secret", "Service", "Widget"]), rng.pick(&["v1", "v1", ""]));
        let mut reference = Y::map(vec![("kind", Y::scalar(kind))]);
        if !version.is_empty() {
            reference.set("version", Y::scalar(version));
        }
        reference.set("fieldSpecs", Y::List(vec![field_spec(rng), field_spec(rng)]));
        reference
    } else {
        field_spec(rng)
    };
    config.set(key, Y::List(vec![specs]));
    let text = layer.text(&config);
    let name = layer.file("conf", "yaml", text);
    layer.push("configurations", Y::scalar(name));
}

fn sort_options(layer: &mut Layer) {
    let rng = &mut *layer.rng;
    let mut options = Y::map(vec![("order", Y::scalar(rng.pick(&["fifo", "legacy", "legacy"])))]);
    if rng.chance(25) {
        let first = Y::List(vec![Y::scalar("ConfigMap"), Y::scalar(rng.pick(&["Widget", "Namespace"]))]);
        options.set("order", Y::scalar("legacy"));
        options.set(
            "legacySortOptions",
            Y::map(vec![("orderFirst", first), ("orderLast", Y::List(vec![Y::scalar("Deployment")]))]),
        );
    }
    layer.kustomization.set("sortOptions", options);
}

fn rare(layer: &mut Layer) {
    match layer.rng.below(5) {
        0 => {
            let image = image(layer.rng);
            layer.push("imageTags", image);
        }
        1 => {
            let text = layer.rng.pick(&["A=1\nB=2\n", "k=v\n"]).to_owned();
            let name = layer.file("e", "env", text);
            let entry = Y::map(vec![("name", Y::scalar("gen")), ("env", Y::scalar(name))]);
            layer.push("configMapGenerator", entry);
        }
        2 => layer.kustomization.set("metadata", Y::map(vec![("name", Y::scalar("n"))])),
        3 => {
            let key = layer.rng.pick(&["Namespace", "NAMEPREFIX", "namesuffix"]);
            layer.kustomization.set(key, Y::scalar("q"));
        }
        _ => {
            let key = layer.rng.pick(&["helmCharts", "resource", "commonLabel"]);
            if layer.rng.chance(20) {
                layer.kustomization.set(key, Y::List(Vec::new()));
            }
        }
    }
}

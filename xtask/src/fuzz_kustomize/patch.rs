//! Patches that mostly hit: strategic merge patches are sampled from the object, JSON pointers and field paths walk it.

use super::objects::Object;
use super::rng::Rng;
use super::text::Y;
use super::values::{nasty, scalar, tree};

/// A strategic merge patch for an object. Mostly it names that object.
pub(crate) fn strategic(rng: &mut Rng, object: &Object, name: &str) -> Y {
    let mut patch = match sample(rng, &object.value, "", 0) {
        Y::Map(entries) => {
            Y::Map(entries.into_iter().filter(|(key, _)| !matches!(key.as_str(), "apiVersion" | "kind")).collect())
        }
        _ => Y::Map(Vec::new()),
    };
    let mut metadata =
        patch.get("metadata").cloned().filter(|value| matches!(value, Y::Map(_))).unwrap_or(Y::Map(Vec::new()));
    metadata.set("name", Y::scalar(name));
    let namespace = object.namespace.as_deref().filter(|_| !rng.chance(4));
    match namespace {
        Some(namespace) => metadata.set("namespace", Y::scalar(namespace)),
        None => metadata = without(metadata, "namespace"),
    }
    if rng.chance(15) {
        let labels =
            if rng.chance(20) { Y::scalar("null") } else { Y::map(vec![("new", scalar(rng)), ("app", scalar(rng))]) };
        metadata.set(rng.pick(&["labels", "annotations"]), labels);
    }
    if rng.chance(4) {
        patch = Y::map(vec![("$patch", Y::scalar(rng.pick(&["delete", "delete", "replace", "merge"])))]);
    }
    patch.set("metadata", metadata);
    patch.set("apiVersion", Y::scalar(&object.api_version));
    patch.set("kind", Y::scalar(&object.kind));
    patch
}

fn without(map: Y, key: &str) -> Y {
    match map {
        Y::Map(entries) => Y::Map(entries.into_iter().filter(|(own, _)| own != key).collect()),
        other => other,
    }
}

/// Keys that tell the elements of a list apart.
fn is_merge_key(key: &str) -> bool {
    matches!(
        key,
        "name"
            | "containerPort"
            | "port"
            | "protocol"
            | "mountPath"
            | "ip"
            | "topologyKey"
            | "uid"
            | "whenUnsatisfiable"
            | "devicePath"
    )
}

fn sample(rng: &mut Rng, value: &Y, key: &str, depth: usize) -> Y {
    if depth > 0 && rng.chance(3) {
        return Y::scalar(rng.pick(&["null", "~", "null", "{}", "[]", "x"]));
    }
    match value {
        Y::Map(entries) => {
            let mut map = Y::Map(Vec::new());
            for (key, value) in entries {
                let keep = if is_merge_key(key) { 90 } else { 55 };
                if rng.chance(keep) {
                    map.set(key, sample(rng, value, key, depth + 1));
                }
            }
            if depth > 0 && rng.chance(12) {
                map.set(rng.pick(&["new", "a", "value", "image", "protocol", "x.y/z"]), tree(rng, 2));
            }
            if depth > 0 && rng.chance(4) {
                map.set("$patch", Y::scalar(rng.pick(&["delete", "replace", "merge", "delete", "bad"])));
            }
            map
        }
        Y::List(items) => sample_list(rng, items, depth),
        Y::Scalar(_) | Y::Block(..) | Y::Document(..) if is_merge_key(key) && rng.chance(85) => value.clone(),
        Y::Scalar(_) | Y::Block(..) | Y::Document(..) if rng.chance(25) => value.clone(),
        _ => scalar(rng),
    }
}

fn sample_list(rng: &mut Rng, items: &[Y], depth: usize) -> Y {
    let mut list = Vec::new();
    for item in items {
        if rng.chance(60) {
            list.push(sample(rng, item, "", depth + 1));
        }
    }
    if rng.chance(20) {
        let new = match items.first() {
            Some(Y::Map(entries)) => {
                let mut new = Y::Map(entries.clone());
                let key = entries.first().map_or("name", |(key, _)| key.as_str());
                new.set(key, Y::scalar(rng.pick(&["new", "90", "d", "/n"])));
                new
            }
            _ => scalar(rng),
        };
        let at = rng.below(list.len() + 1);
        list.insert(at, new);
    }
    if rng.chance(3) {
        list.push(Y::map(vec![("$patch", Y::scalar(rng.pick(&["replace", "delete"])))]));
    }
    if list.len() > 1 && rng.chance(20) {
        list.reverse();
    }
    Y::List(list)
}

/// A way into an object: what to write for each step of it.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Key(String),
    Index(usize, Option<(String, String)>),
}

/// A random way down to some value.
pub(crate) fn walk<'a>(rng: &mut Rng, value: &'a Y) -> (Vec<Step>, &'a Y) {
    let mut steps = Vec::new();
    let mut current = value;
    loop {
        // A path goes on in the text of a scalar.
        if let Y::Document(value, _) = current {
            current = value;
        }
        let next = match current {
            Y::Map(entries) => {
                let candidates: Vec<&(String, Y)> = entries
                    .iter()
                    .filter(|(key, _)| !(steps.is_empty() && matches!(key.as_str(), "apiVersion" | "kind")))
                    .collect();
                rng.one(&candidates).map(|(key, value)| (Step::Key(unquoted(key)), value))
            }
            Y::List(items) if !items.is_empty() => {
                let index = rng.below(items.len());
                items.get(index).map(|item| (Step::Index(index, element_key(rng, item)), item))
            }
            _ => None,
        };
        let Some((step, value)) = next else { break };
        steps.push(step);
        current = value;
        if steps.len() > 1 && rng.chance(15) {
            break;
        }
    }
    (steps, current)
}

fn element_key(rng: &mut Rng, item: &Y) -> Option<(String, String)> {
    let Y::Map(entries) = item else { return None };
    let scalars: Vec<(String, String)> = entries
        .iter()
        .filter_map(|(key, value)| match value {
            Y::Scalar(text) => Some((unquoted(key), unquoted(text))),
            _ => None,
        })
        .collect();
    rng.one(&scalars).cloned()
}

fn unquoted(text: &str) -> String {
    text.trim_matches(|c| c == '"' || c == '\'').to_owned()
}

/// Whether a way ends where kustomize has its own notes during a build.
pub(crate) fn has_notes(steps: &[Step]) -> bool {
    let key = |index: usize| match steps.get(index) {
        Some(Step::Key(key)) => key.as_str(),
        _ => "",
    };
    steps.is_empty() || key(0) == "metadata" && (steps.len() == 1 || key(1) == "annotations" && steps.len() == 2)
}

fn pointer(steps: &[Step]) -> String {
    let step = |step: &Step| match step {
        Step::Key(key) => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
        Step::Index(index, _) => format!("/{index}"),
    };
    steps.iter().map(step).collect()
}

/// A field path of a replacement.
pub(crate) fn field_path(rng: &mut Rng, steps: &[Step]) -> String {
    let mut parts = Vec::new();
    for step in steps {
        parts.push(match step {
            Step::Key(key) if key.contains('.') && rng.chance(50) => format!("[{key}]"),
            Step::Key(key) => key.replace('.', "\\."),
            Step::Index(_, Some((key, value))) if rng.chance(55) => format!("[{key}={value}]"),
            Step::Index(..) if rng.chance(30) => "*".to_owned(),
            Step::Index(index, _) => index.to_string(),
        });
    }
    if rng.chance(6) {
        parts.push(rng.pick(&["new", "0", "-", "*", "a.b"]).to_owned());
    }
    parts.join(".")
}

/// Operations of a JSON patch for an object.
pub(crate) fn json(rng: &mut Rng, object: &Object) -> Y {
    let count = rng.between(1, 3);
    Y::List((0..count).map(|_| operation(rng, object)).collect())
}

fn operation(rng: &mut Rng, object: &Object) -> Y {
    let (mut steps, value) = walk(rng, &object.value);
    let scalar_below = matches!(value, Y::Scalar(_) | Y::Block(..) | Y::Document(..));
    let op = rng.pick(&[
        "replace", "replace", "replace", "add", "add", "remove", "remove", "test", "move", "copy", "add", "replace",
    ]);
    if op == "add" && rng.chance(60) {
        if scalar_below {
            steps.pop();
        }
        steps.push(Step::Key(rng.pick(&["new", "a.b/c", "0", "k~x"]).to_owned()));
    }
    let mut path = pointer(&steps);
    if op == "add" && rng.chance(15) {
        path = rng
            .pick(&[
                "/metadata/annotations/n",
                "/metadata/labels/n",
                "/spec/ports/-",
                "/spec/template/spec/containers/0/args/-",
                "/spec/template/spec/containers/-",
            ])
            .to_owned();
    }
    if rng.chance(2) {
        path = rng.pick(&["", "/", "/x/y/z", "no-slash", "/spec/-1"]).to_owned();
    }
    let quoted = |text: &str| Y::scalar(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")));
    let mut operation = Y::map(vec![("op", Y::scalar(op)), ("path", quoted(&path))]);
    match op {
        "replace" | "add" => operation.set("value", if rng.chance(50) { nasty(rng) } else { tree(rng, 2) }),
        "test" if rng.chance(92) => operation.set("value", value.clone()),
        "test" => operation.set("value", scalar(rng)),
        "move" | "copy" => {
            let (from, _) = walk(rng, &object.value);
            // What kustomize notes in the annotations would be copied.
            let from = if has_notes(&from) { vec![Step::Key("kind".to_owned())] } else { from };
            operation.set("from", quoted(&pointer(&from)));
        }
        _ => {}
    }
    operation
}

//! The objects to start from.

use std::path::Path;

use fleetlint::flux::kinds::{self, Field, Scope, Type, table};
use fleetlint::flux::release::FluxVersion;
use fleetlint::source::Files;
use fleetlint::yaml::scalar::{Typed, resolve};
use fleetlint::yaml::{Node, parse};
use serde_json::{Map, Value as Json, json};

/// The version of which there is a schema.
fn version(group: &str, kind: &str) -> &'static str {
    table(group, kind).map_or("", |table| table.usual_version())
}

/// The objects of Flux in all YAML files below a folder, in the version of which there is a schema.
pub(super) fn below(folder: &Path) -> Vec<Json> {
    let mut entries: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|it| it.path()).collect();
    entries.sort();
    let mut all = Vec::new();
    for path in entries {
        let is_yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        match path.is_dir() {
            true => all.extend(below(&path)),
            false if is_yaml => all.extend(std::fs::read_to_string(&path).iter().flat_map(|text| objects(text))),
            false => {}
        }
    }
    all
}

fn objects(text: &str) -> Vec<Json> {
    let file = Files::default().add("".into(), None, String::new(), Vec::new());
    let documents = parse::file(text, file.id).documents;
    let roots = documents.into_iter().flatten().filter_map(|document| document.root);
    roots.filter_map(|root| of_flux(json_of(&root))).collect()
}

fn of_flux(mut object: Json) -> Option<Json> {
    let (group, _) = object["apiVersion"].as_str()?.split_once('/')?;
    let (group, kind) = kinds::flux().find(|known| *known == (group, object["kind"].as_str().unwrap_or_default()))?;
    object["metadata"]["name"].as_str().filter(|name| !name.is_empty())?;
    object["apiVersion"] = json!(format!("{group}/{}", version(group, kind)));
    Some(object)
}

/// YAML as JSON, typed as kustomize types it.
fn json_of(node: &Node) -> Json {
    if node.as_mapping().is_some() {
        let entries = node.entries().iter();
        return entries.map(|it| (it.key.text().unwrap_or_default().to_owned(), json_of(&it.value))).collect();
    }
    if node.as_sequence().is_some() {
        return node.items().iter().map(json_of).collect();
    }
    match resolve(node) {
        Ok(Typed::Null) => Json::Null,
        Ok(Typed::Bool(is_set)) => is_set.into(),
        Ok(Typed::Int(number)) => i64::try_from(number).map_or(Json::Null, Json::from),
        Ok(Typed::Float(number)) => number.into(),
        _ => node.text().into(),
    }
}

/// Objects from the table of a kind: with what is required, or with every field.
pub(super) fn made(group: &str, kind: &str, release: &str, sizes: &[bool]) -> Vec<Json> {
    let version = version(group, kind);
    let scope = Scope { version: Some(version), releases: FluxVersion::parse(release) };
    let Some(table) = table(group, kind) else { return Vec::new() };
    let made = |is_full| {
        let mut object = sample(table.root(), scope, is_full);
        object["apiVersion"] = json!(format!("{group}/{version}"));
        object["kind"] = json!(kind);
        object["metadata"] = json!({"name": "flux", "namespace": "flux-system"});
        object
    };
    sizes.iter().map(|is_full| made(*is_full)).collect()
}

/// A value of a field.
pub(super) fn sample(field: Field, scope: Scope<'_>, is_full: bool) -> Json {
    let children: Vec<Field> = field.children(scope).collect();
    let text = || field.allowed().and_then(|mut all| all.next()).unwrap_or_else(|| text_for(field)).to_owned();
    match field.value_type() {
        Type::Object => {
            let counts = |child: &&Field| is_full || child.is_required() || child.path() == "spec";
            let fields = children.iter().filter(counts).map(|it| (it.name().to_owned(), sample(*it, scope, is_full)));
            Json::Object(fields.collect::<Map<_, _>>())
        }
        Type::Map => children.iter().map(|it| ("key".to_owned(), sample(*it, scope, is_full))).collect(),
        Type::List => children.iter().map(|it| sample(*it, scope, is_full)).collect(),
        Type::Integer => json!(field.bound("minimum").map_or(1, |least| least as i64)),
        Type::Number => json!(1.5),
        Type::Boolean => json!(true),
        Type::Duration => json!("10m"),
        Type::Quantity => json!("100Mi"),
        Type::Time => json!("2026-01-31T12:00:00Z"),
        Type::IntOrString => json!(1),
        Type::Any => json!({"any": [1]}),
        Type::String => json!(text()),
    }
}

/// A text that fits the patterns of the tables.
fn text_for(field: Field) -> &'static str {
    let candidates =
        ["name", "https://a.example", "oci://a.example/b", "@name", "@name/a", "@artifact/a", "sha256:abc", "10m", "*"];
    let fits = |text: &&str| field.pattern().is_none_or(|it| regex::Regex::new(it).is_ok_and(|it| it.is_match(text)));
    candidates.into_iter().find(fits).unwrap_or("name")
}

//! A custom resource definition as lines: one per field of each version, with its type and what bounds it.

use std::collections::BTreeMap;

use fleetlint::source::Files;
use fleetlint::yaml::scalar::{self, Typed};
use fleetlint::yaml::{Node, parse};
use serde_json::Value as Json;

use crate::Failure;

/// A version of a kind in one release.
pub(super) struct Version {
    pub(super) group: String,
    pub(super) kind: String,
    pub(super) scope: String,
    pub(super) name: String,
    pub(super) is_deprecated: bool,
    pub(super) fields: Fields,
}

/// What is said about each field, by path. A path is its segments, so that children sort right after their parent.
pub(super) type Fields = BTreeMap<Vec<String>, Vec<String>>;

/// A Go duration in the schemas of Flux. Those with other units keep their pattern.
const DURATION: &str = "^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$";

/// That of `resource.Quantity`.
const QUANTITY: &str = "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$";

/// The keywords that bound a value and are copied as they are.
const BOUNDS: [&str; 12] = [
    "format",
    "pattern",
    "default",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "uniqueItems",
];

/// The keywords that are read in other ways. A schema with any other one is refused: nothing is left out unseen.
const OTHERS: [&str; 15] = [
    "type",
    "description",
    "properties",
    "additionalProperties",
    "items",
    "required",
    "enum",
    "nullable",
    "anyOf",
    "x-kubernetes-int-or-string",
    "x-kubernetes-preserve-unknown-fields",
    "x-kubernetes-list-type",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-map-type",
    "x-kubernetes-validations",
];

/// The served versions of all custom resource definitions in a file.
pub(super) fn versions(text: &str) -> Result<Vec<Version>, Failure> {
    let file = Files::default().add("".into(), None, String::new(), Vec::new());
    let roots = parse::file(text, file.id).documents.into_iter().flatten().filter_map(|document| document.root);
    let mut all = Vec::new();
    for root in roots.filter(|root| root.at("/kind").and_then(Node::text) == Some("CustomResourceDefinition")) {
        let crd = json(&root);
        let spec = &crd["spec"];
        let served = spec["versions"].as_array().into_iter().flatten().filter(|version| version["served"] == true);
        for version in served {
            let mut fields = Fields::new();
            walk(&version["schema"]["openAPIV3Schema"], &mut Vec::new(), false, &mut fields)?;
            all.push(Version {
                group: text_of(&spec["group"]),
                kind: text_of(&spec["names"]["kind"]),
                scope: text_of(&spec["scope"]),
                name: text_of(&version["name"]),
                is_deprecated: version["deprecated"] == true,
                fields,
            });
        }
    }
    Ok(all)
}

/// Notes a schema and what is below it. The fields that all objects share are left to the table of these.
fn walk(schema: &Json, path: &mut Vec<String>, is_required: bool, fields: &mut Fields) -> Result<(), Failure> {
    let at = path.join(".");
    let known = schema.as_object().ok_or_else(|| format!("{at}: no schema"))?;
    if let Some(odd) = known.keys().find(|key| !BOUNDS.contains(&key.as_str()) && !OTHERS.contains(&key.as_str())) {
        return Err(format!("{at}: `{odd}` is not read").into());
    }
    // The object as a whole has a line only if something is said about it.
    if !path.is_empty() || schema["x-kubernetes-validations"].is_array() {
        fields.insert(path.clone(), said(schema, is_required).map_err(|why| format!("{at}: {why}"))?);
    }
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    for (name, child) in schema["properties"].as_object().into_iter().flatten() {
        if path.is_empty() && ["apiVersion", "kind", "metadata"].contains(&name.as_str()) {
            continue;
        }
        if name.contains(['.', '[', '{', '\t']) {
            return Err(format!("{at}: the field `{name}` cannot be part of a path").into());
        }
        below(name, child, required.contains(&name.as_str()), path, fields)?;
    }
    if schema["additionalProperties"].is_object() {
        below("{}", &schema["additionalProperties"], false, path, fields)?;
    }
    if schema["items"].is_object() {
        below("[]", &schema["items"], false, path, fields)?;
    }
    Ok(())
}

fn below(name: &str, schema: &Json, is_required: bool, path: &mut Vec<String>, to: &mut Fields) -> Result<(), Failure> {
    path.push(name.to_owned());
    let done = walk(schema, path, is_required, to);
    path.pop();
    done
}

/// The type of a field and what bounds its values, as the columns of a line.
fn said(schema: &Json, is_required: bool) -> Result<Vec<String>, Failure> {
    let kind = type_of(schema)?;
    let mut columns = vec![kind.to_owned()];
    let flags = [
        ("required", is_required),
        ("nullable", schema["nullable"] == true),
        ("open", kind != "any" && schema["x-kubernetes-preserve-unknown-fields"] == true),
        ("atomic", schema["x-kubernetes-map-type"] == "atomic"),
    ];
    columns.extend(flags.iter().filter(|(_, is_set)| *is_set).map(|(name, _)| (*name).to_owned()));
    if let Some(list) = schema["x-kubernetes-list-type"].as_str() {
        let keys: Vec<String> = strings(&schema["x-kubernetes-list-map-keys"]);
        columns.push(if keys.is_empty() { format!("list={list}") } else { format!("list={list}:{}", keys.join("|")) });
    }
    if schema["enum"].is_array() {
        let values = strings(&schema["enum"]);
        if values.iter().any(|value| value.contains('|')) {
            return Err("a value of the enum has a `|`".into());
        }
        columns.push(format!("enum={}", values.join("|")));
    }
    for name in BOUNDS.iter().filter(|name| !schema[**name].is_null() && !is_in_type(kind, name)) {
        columns.push(format!("{name}={}", written(&schema[*name])));
    }
    for rule in schema["x-kubernetes-validations"].as_array().into_iter().flatten() {
        let words = text_of(&rule["rule"]);
        columns.push(format!("rule={}", words.split_whitespace().collect::<Vec<_>>().join(" ")));
    }
    match columns.iter().find(|column| column.contains(['\t', '\n'])) {
        Some(column) => Err(format!("`{column}` has a tab or a line break").into()),
        None => Ok(columns),
    }
}

/// Whether the name of the type already says so.
fn is_in_type(kind: &str, bound: &str) -> bool {
    matches!((kind, bound), ("duration" | "quantity", "pattern") | ("time" | "integer", "format"))
}

fn type_of(schema: &Json) -> Result<&'static str, Failure> {
    let pattern = schema["pattern"].as_str().unwrap_or_default();
    if schema["x-kubernetes-int-or-string"] == true {
        return Ok(if pattern == QUANTITY { "quantity" } else { "int-or-string" });
    }
    if !schema["anyOf"].is_null() {
        return Err("`anyOf` is not read".into());
    }
    Ok(match schema["type"].as_str() {
        Some("object") if schema["additionalProperties"].is_object() => "map",
        Some("object") => "object",
        Some("array") => "list",
        Some("string") if DURATION == pattern => "duration",
        Some("string") if schema["format"] == "date-time" => "time",
        Some("string") => "string",
        Some("integer") => "integer",
        Some("number") => "number",
        Some("boolean") => "boolean",
        None if schema["x-kubernetes-preserve-unknown-fields"] == true => "any",
        other => return Err(format!("the type {other:?} is not read").into()),
    })
}

fn strings(list: &Json) -> Vec<String> {
    list.as_array().into_iter().flatten().map(written).collect()
}

fn written(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn text_of(value: &Json) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// YAML as JSON, typed as Kubernetes types it.
fn json(node: &Node) -> Json {
    if node.as_mapping().is_some() {
        let entries = node.entries().iter();
        return entries.map(|it| (it.key.text().unwrap_or_default().to_owned(), json(&it.value))).collect();
    }
    if node.as_sequence().is_some() {
        return node.items().iter().map(json).collect();
    }
    match scalar::resolve(node) {
        Ok(Typed::Null) => Json::Null,
        Ok(Typed::Bool(is_set)) => is_set.into(),
        Ok(Typed::Int(number)) => i64::try_from(number).map_or(Json::Null, Json::from),
        Ok(Typed::Float(number)) => number.into(),
        _ => node.text().into(),
    }
}

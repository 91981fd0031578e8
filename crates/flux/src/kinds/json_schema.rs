//! The tables as JSON Schemas, for editors and for the tools that read those.

use serde_json::{Map, Value, json};

use super::{ApiVersion, Field, Scope, Table, Type};
use crate::release::{FluxVersion, NEWEST};

/// The draft that they are written in: the one that editors and kubeconform read.
const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

const DURATION: &str = r"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$";

/// What the newest release that serves a version of a kind takes in it. Rules in CEL are not part of it.
pub fn json_schema(table: &'static Table, version: &ApiVersion) -> Value {
    let minor = version.until.unwrap_or(NEWEST).min(NEWEST);
    let releases = Some(FluxVersion { oldest: minor, newest: minor, patch: None });
    let (scope, version) = (Scope { version: Some(version.name), releases }, version.name);
    let mut schema = object(table.root(), scope);
    schema.insert("$schema".to_owned(), json!(DRAFT));
    schema.insert("title".to_owned(), json!(format!("{} in {}/{version}", table.kind, table.group)));
    let common = json!({
        "apiVersion": {"const": format!("{}/{version}", table.group)},
        "kind": {"const": table.kind},
        "metadata": {"type": "object"},
        "status": {},
    });
    if let (Some(Value::Object(properties)), Value::Object(common)) = (schema.get_mut("properties"), common) {
        properties.extend(common);
        properties.sort_keys();
    }
    let gvk = json!([{"group": table.group, "version": version, "kind": table.kind}]);
    schema.insert("required".to_owned(), json!(["apiVersion", "kind", "metadata"]));
    schema.insert("x-kubernetes-group-version-kind".to_owned(), gvk);
    schema.sort_keys();
    Value::Object(schema)
}

fn object(field: Field, scope: Scope<'_>) -> Map<String, Value> {
    let children = || field.children(scope);
    let properties: Map<String, Value> =
        children().map(|child| (child.name().to_owned(), of_field(child, scope))).collect();
    let required: Vec<&str> =
        children().filter(|it| it.is_required() && it.default().is_none()).map(Field::name).collect();
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("properties".to_owned(), Value::Object(properties));
    if !field.is_open() {
        schema.insert("additionalProperties".to_owned(), json!(false));
    }
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema
}

fn of_field(field: Field, scope: Scope<'_>) -> Value {
    let item = |name: &str| field.child(name, scope).map_or_else(|| json!({}), |item| of_field(item, scope));
    let mut schema = match field.value_type() {
        Type::Object => object(field, scope),
        Type::Map => fields(json!({"type": "object", "additionalProperties": item("{}")})),
        Type::List => fields(json!({"type": "array", "items": item("[]")})),
        Type::String => fields(json!({"type": "string"})),
        Type::Integer => fields(json!({"type": "integer"})),
        Type::Number => fields(json!({"type": "number"})),
        Type::Boolean => fields(json!({"type": "boolean"})),
        Type::Duration => fields(json!({"type": "string", "pattern": DURATION})),
        Type::Time => fields(json!({"type": "string", "format": "date-time"})),
        Type::Quantity | Type::IntOrString => {
            fields(json!({"type": ["integer", "string"], "x-kubernetes-int-or-string": true}))
        }
        Type::Any => Map::new(),
    };
    let mut add = |key: &str, value: Option<Value>| schema.extend(value.map(|value| (key.to_owned(), value)));
    add("description", field.documentation().map(Value::from));
    let null = field.is_nullable().then_some(Value::Null);
    add("enum", field.allowed().map(|allowed| allowed.map(Value::from).chain(null).collect()));
    add("pattern", field.pattern().map(Value::from));
    for bound in ["minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum"] {
        add(bound, field.bound(bound).map(|value| json!(value as i64)));
    }
    add("default", field.default().map(|text| default(field.value_type(), text)));
    if field.is_nullable() {
        add("nullable", Some(json!(true)));
        let types = schema.get("type").and_then(Value::as_str).map(|name| json!([name, "null"]));
        schema.extend(types.map(|types| ("type".to_owned(), types)));
    }
    schema.sort_keys();
    Value::Object(schema)
}

fn fields(value: Value) -> Map<String, Value> {
    if let Value::Object(fields) = value { fields } else { Map::new() }
}

/// A default, which a table has as a text, or as JSON.
fn default(value_type: Type, text: &str) -> Value {
    match value_type {
        Type::String | Type::Duration | Type::Time => json!(text),
        _ => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
    }
}

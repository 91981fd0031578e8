//! The JSON Schema of `fleetlint.yaml`, for editors; `schemas/fleetlint.schema.json` is this text.

mod clusters;

use serde_json::{Value, json};

use super::{KnownRule, Level, OptionDefault, ProfileKind, RuleOption};
use crate::credentials::Access;

/// The schema, which knows all rules, those of a family side by side.
pub fn schema(rules: &[KnownRule<'_>]) -> String {
    let mut properties = of_the_fleet();
    if let (Value::Object(all), Value::Object(more)) = (&mut properties, of_the_check(rules)) {
        all.extend(more);
    }
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration of fleetlint (fleetlint.yaml)",
        "type": ["object", "null"],
        "additionalProperties": false,
        "properties": properties,
        "$defs": definitions(),
    });
    format!("{schema:#}\n")
}

/// The keys that say what the fleet is: its clusters, sources, tenants, tokens.
fn of_the_fleet() -> Value {
    json!({
        "sources": {
            "description": "The local paths of the sources that the fleet pulls from, by URL. Paths count from the repository.",
            "type": ["object", "null"],
            "additionalProperties": {"oneOf": [text(), source(), external_source()]},
        },
        "clusters": {
            "description": "The clusters, instead of what is found; `[]`: there are none.",
            "type": ["array", "null"],
            "items": clusters::cluster(),
        },
        "discover": {
            "description": "What `clusters` lists is added to what is found. An entry whose name or path is that of a found cluster adds its keys to it.",
            "type": ["boolean", "null"],
        },
        "unapplied": {
            "description": "Patterns of files and folders that no cluster applies, on purpose: no note says so.",
            "type": ["array", "null"],
            "items": text(),
        },
        "flux": clusters::flux(),
        "profile": {
            "description": "The layout of the fleet; detected if absent.",
            "enum": ProfileKind::ALL.map(ProfileKind::as_str),
        },
        "environments": {
            "description": "The branch that the clusters of an environment read.",
            "type": ["object", "null"],
            "additionalProperties": text(),
        },
        "tenants": {
            "description": "Tenants that are part of the platform, or are not, whatever the profile says.",
            "type": ["array", "null"],
            "items": tenant(),
        },
        "tokens": {
            "description": "The tokens behind Git credentials. Replaces those that the profile brings.",
            "type": ["array", "null"],
            "items": token(),
        },
        "externals": {
            "description": "Objects that are created elsewhere (Terraform, a bootstrap command): references to them are valid.",
            "type": ["array", "null"],
            "items": external(),
        },
    })
}

/// The keys that say how it is judged.
fn of_the_check(rules: &[KnownRule<'_>]) -> Value {
    json!({
        "schemas": {
            "description": "Folders and files with JSON Schemas or CustomResourceDefinitions, by which objects of other kinds are judged. Paths count from the repository.",
            "type": ["array", "null"],
            "items": text(),
        },
        "exceptions": {
            "description": "Findings that are known and accepted, each with the reason.",
            "type": ["array", "null"],
            "items": exception(),
        },
        "rules": {
            "description": "Levels and options of rules and families of rules.",
            "type": ["object", "null"],
            "additionalProperties": false,
            "properties": settings(rules, true),
        },
        "overrides": {
            "description": "Other levels for the findings in some files; of several entries about a file the last one counts.",
            "type": ["array", "null"],
            "items": override_entry(rules),
        },
    })
}

fn source() -> Value {
    object(json!({"path": text(), "revision": text(), "external": {"const": false}}), &["path"])
}

fn external_source() -> Value {
    let external = json!({"description": "It is left out on purpose: no note says so.", "const": true});
    object(json!({"external": external}), &["external"])
}

fn exception() -> Value {
    let properties = json!({
        "rule": {"description": "A rule or a family.", "type": "string"},
        "files": {"description": "Where the finding is: a pattern of files, relative to their repository.", "type": "string"},
        "object": {"description": "`Kind namespace/name`, or `Kind name`.", "type": "string"},
        "cluster": {"description": "The only cluster on which it is accepted.", "type": "string"},
        "value": {"description": "The only value, or name of a field, about which it is accepted.", "type": "string"},
        "reason": text(),
        "expires": {"description": "The last day on which it holds, as 2027-01-31.", "type": "string"},
    });
    object(properties, &["rule", "reason"])
}

fn tenant() -> Value {
    let platform = json!({"description": "It is part of the platform; not, if absent.", "type": "boolean"});
    object(json!({"name": text(), "platform": platform}), &["name"])
}

fn token() -> Value {
    let properties = json!({
        "name": text(),
        "secrets": {"description": "The Secrets that hold it.", "type": "array", "items": pair("namespace/name")},
        "labels": {"description": "The labels of these Secrets.", "type": "object", "additionalProperties": text()},
        "repositories": {"description": "The repositories it can reach.", "type": "array", "items": pair("owner/name")},
        "permissions": {
            "description": "What it may do there, by GitHub's permission names.",
            "type": "object",
            "additionalProperties": {"enum": ["read", "write"]},
        },
        "account": {
            "description": "What the account that owns it is in these repositories: no token goes beyond its owner.",
            "enum": Access::ALL.map(Access::as_str),
        },
    });
    object(properties, &["name"])
}

fn external() -> Value {
    let list = |description: &str| json!({"description": description, "type": "array", "items": text()});
    let properties = json!({
        "apiVersion": {"description": "Only where the kind is not well known.", "type": "string"},
        "kind": text(),
        "namespace": text(),
        "name": text(),
        "labels": {"type": "object", "additionalProperties": text()},
        "keys": list("The keys of a ConfigMap or Secret whose values are not known here. Without `keys` and `values` it may hold any."),
        "values": {"description": "Keys of a ConfigMap or Secret with their values.", "type": "object", "additionalProperties": text()},
        "clusters": list("The clusters that have it, by name or path; all if absent."),
    });
    object(properties, &["kind", "name"])
}

fn override_entry(rules: &[KnownRule<'_>]) -> Value {
    let properties = json!({
        "paths": {
            "description": "Patterns of files, relative to their repository.",
            "type": "array",
            "minItems": 1,
            "items": {"type": "string"},
        },
        "rules": {
            "description": "Levels of rules and families there.",
            "type": "object",
            "additionalProperties": false,
            "minProperties": 1,
            "properties": settings(rules, false),
        },
    });
    object(properties, &["paths", "rules"])
}

/// What can be said of each rule and each family: a level, or a mapping with the level and, if asked for, the options.
fn settings(rules: &[KnownRule<'_>], with_options: bool) -> Value {
    let mut settings = serde_json::Map::new();
    for rule in rules {
        let family = rule.id.split('/').next().unwrap_or(rule.id);
        settings.entry(family).or_insert_with(|| setting(&format!("All rules of family {family}."), &[]));
        let options = if with_options { rule.options } else { &[] };
        settings.insert(rule.id.into(), setting(rule.summary, options));
    }
    settings.into()
}

fn setting(description: &str, options: &[RuleOption]) -> Value {
    if options.is_empty() {
        return json!({"description": description, "$ref": "#/$defs/setting"});
    }
    let mut properties = serde_json::Map::new();
    properties.insert("level".into(), json!({"$ref": "#/$defs/level"}));
    properties.extend(options.iter().map(|it| (it.name.into(), option(it))));
    json!({"description": description, "oneOf": [{"$ref": "#/$defs/level"}, object(properties.into(), &[])]})
}

/// What rules share.
fn definitions() -> Value {
    let level = json!({"$ref": "#/$defs/level"});
    json!({
        "level": {"enum": Level::ALL.map(Level::as_str)},
        "setting": {"oneOf": [level, object(json!({"level": level}), &[])]},
    })
}

fn option(option: &RuleOption) -> Value {
    match option.default {
        OptionDefault::Flag(default) => {
            json!({"description": option.summary, "type": ["boolean", "null"], "default": default})
        }
        OptionDefault::Texts(default) => {
            json!({"description": option.summary, "type": ["array", "null"], "items": text(), "default": default})
        }
    }
}

fn object(properties: Value, required: &[&str]) -> Value {
    json!({"type": "object", "additionalProperties": false, "properties": properties, "required": required})
}

fn text() -> Value {
    json!({"type": ["string", "number", "boolean"]})
}

fn pair(form: &str) -> Value {
    json!({"description": form, "type": "string", "pattern": "^[^/]+/[^/]+$"})
}

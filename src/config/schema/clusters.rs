//! The part of the schema that says where clusters begin.

use serde_json::{Value, json};

use super::{object, text};

/// An entry of `clusters`.
pub(super) fn cluster() -> Value {
    let properties = json!({
        "name": text(),
        "path": {"description": "The folder that it syncs; with `*`, one cluster per folder that the pattern matches.", "type": "string"},
        "roots": {
            "description": "The folders that it syncs, in the order in which they are applied.",
            "type": "array",
            "minItems": 1,
            "items": root(),
        },
        "base": {"description": "The folder that paths of Kustomizations count from.", "type": "string"},
        "source": source(),
        "flux": flux(),
        "multitenant": {"description": "Whether it is locked down.", "type": "boolean"},
    });
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
        "not": {"required": ["path", "roots"]},
        "anyOf": [{"required": ["path"]}, {"required": ["roots"]}, {"required": ["name"]}],
    })
}

/// `flux`, of one cluster or of all.
pub(super) fn flux() -> Value {
    json!({"description": "The release of Flux, or a range: \"2.7\", \"2.x\", \">=2.6 <2.9\".", "type": ["string", "number", "null"]})
}

fn root() -> Value {
    let properties = json!({
        "path": {"description": "The folder, relative to the repository.", "type": "string"},
        "name": text(),
        "namespace": text(),
        "dependsOn": {"type": "array", "items": text()},
        "substitute": {
            "description": "Variables of its `postBuild` with their values.",
            "type": "object",
            "additionalProperties": text(),
        },
        "substituteFrom": {
            "description": "What it takes variables from; `externals` says which values these have.",
            "type": "array",
            "items": object(json!({"kind": {"enum": ["ConfigMap", "Secret"]}, "name": text()}), &["kind", "name"]),
        },
        "serviceAccountName": text(),
    });
    object(properties, &["path"])
}

fn source() -> Value {
    let properties = json!({
        "kind": {"enum": ["GitRepository", "OCIRepository", "Bucket", "ExternalArtifact"]},
        "namespace": text(),
        "name": text(),
        "url": text(),
        "branch": text(),
    });
    let mut source = object(properties, &[]);
    source["description"] =
        "The source that it reads; `GitRepository` `flux-system/flux-system` where nothing else is said.".into();
    source
}

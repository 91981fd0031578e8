//! `crds`: OpenAPI definitions whose extensions name more fields to transform (kustomize-semantics, section 14).

use fleetlint_yaml::Node;

use super::super::field_spec::{self, FieldSpec};
use super::super::id::Gvk;
use super::{NameReference, TransformerConfig};

/// How deep definitions may refer to each other.
const MAX_DEPTH: usize = 32;
/// How many properties are read in all; a definition that two properties refer to is read twice.
const MAX_PROPERTIES: usize = 100_000;

/// Field specs of the definitions of a file: type name to `Schema`.
pub(in super::super) fn read_crds(definitions: &Node) -> Result<TransformerConfig, String> {
    if !is_object(definitions)
        || !definitions
            .entries()
            .iter()
            .all(|entry| is_object(&entry.value) && schema_of(&entry.value).is_none_or(is_object))
    {
        return Err("unable to parse the OpenAPI definitions: they must map names to mappings".to_owned());
    }
    let mut config = TransformerConfig::default();
    let mut left = MAX_PROPERTIES;
    for entry in definitions.entries() {
        let Some(properties) = properties(&entry.value) else { continue };
        if ["kind", "apiVersion", "metadata"].iter().any(|field| properties.get(field).is_none()) {
            continue;
        }
        let name = entry.key.text().unwrap_or_default();
        let kind = name.rsplit('.').next().unwrap_or_default();
        let gvk = Gvk { kind: kind.into(), ..Gvk::default() };
        let mut reader = Reader { definitions, gvk, config: TransformerConfig::default(), left };
        reader.definition(properties, &mut Vec::new())?;
        left = reader.left;
        config.merge(&reader.config)?;
    }
    Ok(config)
}

struct Reader<'a> {
    definitions: &'a Node,
    gvk: Gvk,
    config: TransformerConfig,
    left: usize,
}

impl Reader<'_> {
    fn definition(&mut self, properties: &Node, path: &mut Vec<String>) -> Result<(), String> {
        if path.len() >= MAX_DEPTH {
            return Err(format!("definitions of `{}` refer to each other without end", self.gvk.kind));
        }
        for entry in properties.entries() {
            self.left = self.left.checked_sub(1).ok_or_else(|| {
                format!("the definitions have more than {MAX_PROPERTIES} properties, those they refer to included")
            })?;
            path.push(entry.key.text().unwrap_or_default().to_owned());
            self.property(&entry.value, path)?;
            path.pop();
        }
        Ok(())
    }

    fn property(&mut self, property: &Node, path: &mut Vec<String>) -> Result<(), String> {
        let extension = |name: &str| property.get(name).and_then(Node::text);
        let here = [self.spec(&path.join("/"))];
        if extension("x-kubernetes-annotation").is_some() {
            field_spec::merge(&mut self.config.common_annotations, &here)?;
        }
        if extension("x-kubernetes-label-selector").is_some() {
            field_spec::merge(&mut self.config.common_labels, &here)?;
        }
        if extension("x-kubernetes-identity").is_some() {
            field_spec::merge(&mut self.config.name_prefix, &here)?;
        }
        let version = extension("x-kubernetes-object-ref-api-version");
        if let (Some(version), Some(kind)) = (version, extension("x-kubernetes-object-ref-kind")) {
            let name_key = extension("x-kubernetes-object-ref-name-key").unwrap_or("name");
            let referrer = self.spec(&format!("{}/{name_key}", path.join("/")));
            let target = Gvk { group: "".into(), version: version.into(), kind: kind.into() };
            let reference = NameReference { target, referrers: vec![referrer] };
            self.config.add_name_reference(&reference)?;
        }
        let referenced = extension("$ref").and_then(|name| properties(self.definitions.get(name)?));
        referenced.map_or(Ok(()), |properties| self.definition(properties, path))
    }

    fn spec(&self, path: &str) -> FieldSpec {
        FieldSpec { gvk: self.gvk.clone(), path: path.into(), create: false }
    }
}

fn is_object(node: &Node) -> bool {
    node.as_mapping().is_some() || node.is_null()
}

fn schema_of(definition: &Node) -> Option<&Node> {
    definition.get("Schema").or_else(|| definition.get("schema"))
}

fn properties(definition: &Node) -> Option<&Node> {
    schema_of(definition)?.get("properties")
}

//! `configMapGenerator` and `secretGenerator` (kustomize-semantics, section 11).

mod absorb;
mod hash;
mod iam_policy;
mod sources;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Entry, Node, Origin};

use super::kustomization::{GeneratorEntry, GeneratorOptions};
use super::load::Site;
use super::node_edit::{check_key, created_key, created_string, mapping_at};
use super::resource::{Behavior, Resource};
use super::{Options, Reader};
use sources::PairValue;

pub(super) use absorb::absorb;
pub(super) use hash::add_hashes;
pub(super) use iam_policy::iam_policy;

/// What a generator makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    ConfigMap,
    Secret,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::ConfigMap => "configmap",
            Self::Secret => "secret",
        }
    }
}

/// Base64 longer than this is broken into lines of this many characters.
const BASE64_LINE: usize = 70;

/// The object of a generator's entry, or all that keeps it from being made; `global` are the kustomization's `generatorOptions`.
pub(super) fn generate(
    reader: Reader<'_>,
    build: Options,
    site: &Site,
    kind: Kind,
    entry: &GeneratorEntry,
    global: &GeneratorOptions,
) -> Result<Resource, Vec<Problem>> {
    let failed = |message, help| vec![Problem::new(ProblemKind::KustomizeFailed, message, entry.place).help(help)];
    let Some(name) = &entry.name else {
        return Err(failed(format!("a {} must have a name", kind.word()), "give the generator a `name`"));
    };
    let mut pairs = sources::read(reader, build, site, kind, entry)?;
    pairs.sort_by(|left, right| left.key.cmp(&right.key));
    let mut root = base_node(kind, name, entry);
    for pair in pairs {
        set_pair(&mut root, kind, pair);
    }
    let metadata = set_metadata(&mut root, &entry.options, global);
    // kustomize does not look whether it succeeds for a Secret.
    if let Err(refused) = metadata
        && kind == Kind::ConfigMap
    {
        return Err(failed(refused, "give the key a name"));
    }
    if let Some(immutable) = entry.options.immutable.as_ref().or(global.immutable.as_ref()) {
        set(&mut root, "immutable", Node::plain("true", immutable.origin.clone()));
    }
    let mut resource = Resource::new(root, entry.place);
    resource.needs_hash = !entry.options.disable_name_suffix_hash && !global.disable_name_suffix_hash;
    resource.is_generated = true;
    resource.behavior = match entry.behavior.as_ref().and_then(Node::text) {
        Some("merge") => Behavior::Merge,
        Some("replace") => Behavior::Replace,
        _ => Behavior::Create,
    };
    Ok(resource)
}

/// The object without its data. What no text wrote has the entry as its origin.
fn base_node(kind: Kind, name: &Node, entry: &GeneratorEntry) -> Node {
    let origin = Origin::of(entry.place);
    let kind_name = if kind == Kind::Secret { "Secret" } else { "ConfigMap" };
    let mut root = Node::mapping(Vec::new(), origin.clone());
    set(&mut root, "apiVersion", Node::string("v1", origin.clone()));
    set(&mut root, "kind", Node::string(kind_name, origin.clone()));
    if let Some(metadata) = mapping_at(&mut root, "metadata", &origin) {
        metadata.set("name", created_string(name.text().unwrap_or_default(), name.origin.clone()));
        if let Some(namespace) = &entry.namespace {
            let text = namespace.text().unwrap_or_default();
            metadata.set("namespace", created_string(text, namespace.origin.clone()));
        }
    }
    if kind == Kind::Secret {
        let given = entry.secret_type.as_ref().and_then(|given| Some((given.text()?, given.origin.clone())));
        let (text, origin) = given.unwrap_or(("Opaque", origin.clone()));
        set(&mut root, "type", created_string(text, origin.clone()));
        mapping_at(&mut root, "data", &origin);
    }
    root
}

fn set_pair(root: &mut Node, kind: Kind, pair: sources::Pair) {
    let (field, text) = match (kind, pair.value) {
        (Kind::ConfigMap, PairValue::Text(text)) => ("data", text),
        (Kind::ConfigMap, PairValue::Binary(bytes)) => ("binaryData", in_base64(&bytes).into()),
        (Kind::Secret, value) => ("data", in_base64(value.bytes()).into()),
    };
    let value = created_string(text, pair.origin.clone());
    if let Some(data) = mapping_at(root, field, &pair.origin) {
        data.entries.push(Entry { key: created_key(pair.key, pair.origin), value });
    }
}

/// Own options first, then what the kustomization's `generatorOptions` add.
fn set_metadata(root: &mut Node, own: &GeneratorOptions, global: &GeneratorOptions) -> Result<(), String> {
    set_pairs(root, "labels", &own.labels, &global.labels)?;
    set_pairs(root, "annotations", &own.annotations, &global.annotations)
}

fn set_pairs(root: &mut Node, field: &str, own: &[Entry], global: &[Entry]) -> Result<(), String> {
    let Some(metadata) = root.get_mut("metadata") else { return Ok(()) };
    let mut pairs: Vec<&Entry> = own.iter().chain(global).collect();
    pairs.sort_by_key(|entry| entry.key.text().unwrap_or_default());
    for entry in pairs {
        let (Some(key), Some(value)) = (entry.key.text(), entry.value.text()) else { continue };
        let origin = &entry.value.origin;
        mapping_at(metadata, field, origin);
        let Some(node) = metadata.get_mut(field) else { continue };
        check_key(key, node)?;
        if let Some(mapping) = node.as_mapping_mut().filter(|mapping| mapping.get(key).is_none()) {
            let key = created_key(key, entry.key.origin.clone());
            mapping.entries.add(Entry { key, value: created_string(value, origin.clone()) });
        }
    }
    Ok(())
}

fn set(root: &mut Node, key: &str, value: Node) {
    if let Some(mapping) = root.as_mapping_mut() {
        mapping.set(key, value);
    }
}

fn in_base64(bytes: &[u8]) -> String {
    let encoded = STANDARD.encode(bytes);
    if encoded.len() < BASE64_LINE {
        return encoded;
    }
    let mut lines = String::with_capacity(encoded.len() + encoded.len() / BASE64_LINE + 1);
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(BASE64_LINE));
        lines.push_str(line);
        lines.push('\n');
        rest = after;
    }
    lines
}

//! Credentials that are in plain text in what is applied: in Secrets, ConfigMaps, values.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Credentials;
use crate::credentials::{is_plain_credential, is_plain_in_secret};
use crate::fleet::{AppliedBy, ClusterObject, Reconciler, ReconcilerKind};
use crate::flux::api::group;
use crate::object::Object;
use crate::yaml::{Entry, Node};

/// Values in plain text of an object.
#[derive(Clone, Debug)]
pub struct PlainText<'a> {
    pub object: &'a Object,
    /// JSON pointers of the values and the names that they have, at least one.
    pub fields: Vec<(String, &'a str)>,
    /// A generator of a kustomization file makes the object.
    pub is_generated: bool,
}

/// What a Kustomization would have to decrypt and cannot.
#[derive(Clone, Debug)]
pub struct Undecrypted<'a> {
    pub reconciler: &'a Reconciler,
    /// What is encrypted, at least one object.
    pub objects: Vec<&'a Object>,
}

impl<'a> Credentials<'a> {
    /// The Secrets whose values are written in a repository as they are.
    pub fn plain_secrets(self) -> impl Iterator<Item = PlainText<'a>> {
        self.cluster.of_kind("", "Secret").filter(move |placed| self.is_from_files(*placed)).filter_map(|placed| {
            let object = placed.object;
            if is_encrypted(object) {
                return None;
            }
            let fields = ["data", "stringData"].into_iter().flat_map(|field| {
                let entries = object.root.get(field).map(Node::entries).unwrap_or_default();
                entries.iter().filter_map(move |entry| plain_entry(field, entry))
            });
            PlainText::of(object, fields.collect())
        })
    }

    /// The ConfigMaps that hold credentials by their names.
    pub fn plain_config_maps(self) -> impl Iterator<Item = PlainText<'a>> {
        self.cluster.of_kind("", "ConfigMap").filter(move |placed| self.is_from_files(*placed)).filter_map(|placed| {
            let entries = placed.object.at("/data").map(Node::entries).unwrap_or_default();
            let fields = entries.iter().filter_map(|entry| {
                let (key, value) = (entry.key.text()?, entry.value.text()?);
                let is_plain = entry.value.origin.variable().is_none() && is_plain_credential(key, value);
                is_plain.then(|| (format!("/data/{}", escaped(key)), key))
            });
            PlainText::of(placed.object, fields.collect())
        })
    }

    /// The values of HelmReleases, and the variables of Kustomizations, that hold credentials by their names.
    pub fn plain_values(self) -> impl Iterator<Item = PlainText<'a>> {
        const FIELDS: [(&str, &str, &str); 2] = [
            (group::HELM, "HelmRelease", "/spec/values"),
            (group::KUSTOMIZE, "Kustomization", "/spec/postBuild/substitute"),
        ];
        FIELDS.into_iter().flat_map(|(group, kind, field)| {
            let objects = self.cluster.of_kind(group, kind);
            objects.filter_map(move |placed| {
                let mut fields = Vec::new();
                placed.object.at(field).into_iter().for_each(|node| plain_below(node, field, &mut fields));
                PlainText::of(placed.object, fields)
            })
        })
    }

    /// The Kustomizations that apply what SOPS encrypted and have no `decryption`.
    pub fn undecrypted(self) -> Vec<Undecrypted<'a>> {
        let mut found: Vec<Undecrypted<'a>> = Vec::new();
        let is_data = |group: &str, kind: &str| group.is_empty() && matches!(kind, "Secret" | "ConfigMap");
        for placed in self.cluster.objects.of_kinds(is_data) {
            let Some(reconciler) = self.cluster.applied_by(placed).filter(|_| placed.object.root.get("sops").is_some())
            else {
                continue;
            };
            let decrypts = reconciler.object.at("/spec/decryption").is_some_and(|it| !it.is_null());
            if reconciler.kind != ReconcilerKind::Kustomization || decrypts {
                continue;
            }
            match found.iter_mut().find(|it| std::ptr::eq(it.reconciler, reconciler)) {
                Some(known) => known.objects.push(placed.object),
                None => found.push(Undecrypted { reconciler, objects: vec![placed.object] }),
            }
        }
        found
    }

    /// Whether a Kustomization brings an object from its files: what ResourceSets make of inputs is not written down so.
    fn is_from_files(self, placed: ClusterObject<'_>) -> bool {
        matches!(placed.by, AppliedBy::Reconciler(id) if self.cluster.reconciler(id).kind == ReconcilerKind::Kustomization)
    }
}

impl<'a> PlainText<'a> {
    fn of(object: &'a Object, fields: Vec<(String, &'a str)>) -> Option<Self> {
        let is_generated = is_generated(object);
        (!fields.is_empty()).then_some(Self { object, fields, is_generated })
    }
}

/// Whether SOPS has encrypted an object, or a part of it.
fn is_encrypted(object: &Object) -> bool {
    object.root.get("sops").is_some()
}

/// No text wrote the kind of what a generator makes: it has the place of the generator's entry, as the object has.
fn is_generated(object: &Object) -> bool {
    object
        .root
        .get("kind")
        .is_some_and(|kind| kind.origin.span.is_some() && kind.origin.span == object.root.origin.span)
}

/// An entry of a Secret that is in plain text. A variable has its value from somewhere else.
fn plain_entry<'a>(field: &str, entry: &'a Entry) -> Option<(String, &'a str)> {
    let (key, text) = (entry.key.text()?, entry.value.text()?);
    if entry.value.origin.variable().is_some() || text.is_empty() {
        return None;
    }
    let value = match field {
        "data" => {
            let packed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            String::from_utf8(STANDARD.decode(packed).ok()?).ok()?
        }
        _ => text.to_owned(),
    };
    is_plain_in_secret(key, &value).then(|| (format!("/{field}/{}", escaped(key)), key))
}

/// The credentials below a node. The depth of a tree is bounded where it is parsed.
fn plain_below<'a>(node: &'a Node, pointer: &str, fields: &mut Vec<(String, &'a str)>) {
    for (index, item) in node.items().iter().enumerate() {
        plain_below(item, &format!("{pointer}/{index}"), fields);
    }
    let name = node.get("name").and_then(Node::text);
    for entry in node.entries() {
        let Some(key) = entry.key.text() else { continue };
        let below = format!("{pointer}/{}", escaped(key));
        let named = if key == "value" { name.unwrap_or(key) } else { key };
        match entry.value.text() {
            Some(text) if entry.value.origin.variable().is_none() && is_plain_credential(named, text) => {
                fields.push((below, named));
            }
            Some(_) => {}
            None => plain_below(&entry.value, &below, fields),
        }
    }
}

/// A key as a step of a JSON pointer.
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

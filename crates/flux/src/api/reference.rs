//! References from one object to another.

use smol_str::SmolStr;

use super::group;
use crate::kinds;
use crate::object::Object;
use fleetlint_yaml::Node;

/// A reference by kind, name and (where the field exists) namespace.
#[derive(Clone, Debug)]
pub struct Reference<'a> {
    /// The kind, where the reference names one.
    pub kind: Option<&'a Node>,
    /// The name that is referred to.
    pub name: &'a Node,
    /// The namespace as written; `None` means the referrer's own.
    pub namespace: Option<&'a Node>,
}

impl<'a> Reference<'a> {
    /// Reads a reference; `None` where the name is missing or no text.
    pub fn read(node: &'a Node) -> Option<Self> {
        let name = node.get("name").filter(|name| name.text().is_some())?;
        let namespace = node.get("namespace").filter(|namespace| namespace.text().is_some_and(|text| !text.is_empty()));
        Some(Self { kind: node.get("kind"), name, namespace })
    }

    /// The name.
    pub fn name(&self) -> &'a str {
        self.name.text().unwrap_or_default()
    }

    /// The kind; empty where none is written.
    pub fn kind(&self) -> &'a str {
        self.kind.and_then(Node::text).unwrap_or_default()
    }

    /// The namespace, the referrer's own by default.
    pub fn namespace_or(&self, own: &SmolStr) -> SmolStr {
        self.namespace.and_then(Node::text).map_or_else(|| own.clone(), SmolStr::from)
    }
}

/// Where an object takes its content from: the first of its references to a source that it has (`sourceRef`, `chartRef`).
pub fn source_reference(object: &Object) -> Option<Reference<'_>> {
    let all = kinds::references(&object.id.group, &object.id.kind).iter();
    let to_source = all.filter(|it| it.is_single() && it.targets.iter().all(|(of, _)| *of == group::SOURCE));
    to_source.into_iter().find_map(|it| Reference::read(object.at(&it.pointer)?))
}

/// `spec.dependsOn`, each entry with its position; entries without a name are left out.
pub fn depends_on(object: &Object) -> impl Iterator<Item = (usize, Reference<'_>)> {
    let entries = object.at("/spec/dependsOn").map(Node::items).unwrap_or_default();
    entries.iter().enumerate().filter_map(|(index, entry)| Some((index, Reference::read(entry)?)))
}

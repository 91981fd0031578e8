//! A Kubernetes object as it is applied: its tree, and what identifies it.

use std::fmt;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::lazy_root::{LazyRoot, Recipe};
use fleetlint_yaml::visits::visit;
use fleetlint_yaml::{Node, Span};

/// What identifies an object on a cluster, the version aside.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectId {
    /// Empty for the core group.
    pub group: SmolStr,
    pub kind: SmolStr,
    /// Empty for cluster-scoped objects and where none is set.
    pub namespace: SmolStr,
    pub name: SmolStr,
}

/// An object with a kind, an API version and a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Shared with the build that made it.
    pub root: LazyRoot,
    pub id: ObjectId,
    /// The API version without its group (`v1`).
    pub version: SmolStr,
}

impl Object {
    /// Reads the identity of a tree; `None` where apiVersion, kind or name is missing or no text.
    pub fn new(root: impl Into<Arc<Node>>) -> Option<Self> {
        let root: Arc<Node> = root.into();
        let api_version = root.get("apiVersion")?.text()?;
        let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
        let kind = root.get("kind")?.text().filter(|kind| !kind.is_empty())?;
        let metadata = root.get("metadata")?;
        let name = metadata.get("name")?.text().filter(|name| !name.is_empty())?;
        let namespace = metadata.get("namespace").and_then(Node::text).unwrap_or_default();
        let id = ObjectId { group: group.into(), kind: kind.into(), namespace: namespace.into(), name: name.into() };
        let version = version.into();
        Some(Self { id, version, root: root.into() })
    }

    /// The object that a recipe makes, with the identity of another one.
    pub fn of_recipe(alike: &Self, recipe: Arc<dyn Recipe>) -> Self {
        Self { id: alike.id.clone(), version: alike.version.clone(), root: LazyRoot::of_recipe(recipe) }
    }

    /// Where the document that wrote it is: no variable moves it.
    pub fn document(&self) -> Option<Span> {
        self.root.pattern().origin.span
    }

    /// The value at a JSON pointer (`/spec/sourceRef/name`, `/spec/patches/0`).
    pub fn at(&self, pointer: &str) -> Option<&Node> {
        self.root.at(pointer)
    }

    /// The text of the scalar at a JSON pointer. A field that is `null` is not set.
    pub fn str(&self, pointer: &str) -> Option<&str> {
        self.at(pointer)?.text_if_set()
    }

    /// Whether the object is of this group and kind.
    pub fn is(&self, group: &str, kind: &str) -> bool {
        visit();
        self.id.group == group && self.id.kind == kind
    }

    /// The value of a label.
    pub fn label(&self, key: &str) -> Option<&Node> {
        self.root.get("metadata")?.get("labels")?.get(key)
    }

    /// The value of an annotation.
    pub fn annotation(&self, key: &str) -> Option<&Node> {
        self.root.get("metadata")?.get("annotations")?.get(key)
    }

    /// The place that stands for the object as a whole: its name.
    pub fn place(&self) -> Option<Span> {
        self.at("/metadata/name").and_then(Node::place).or(self.root.origin.span)
    }
}

impl ObjectId {
    /// Group, kind, namespace and name.
    pub fn parts(&self) -> [&str; 4] {
        [&self.group, &self.kind, &self.namespace, &self.name]
    }
}

impl fmt::Display for ObjectId {
    /// `Kind namespace/name`, as kubectl users write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.namespace.as_str() {
            "" => write!(f, "{} {}", self.kind, self.name),
            namespace => write!(f, "{} {namespace}/{}", self.kind, self.name),
        }
    }
}

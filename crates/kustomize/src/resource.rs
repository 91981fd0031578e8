//! A resource during a build: its tree, the identities it had, and what generators and name references need to know.

pub(super) mod notes;

use smol_str::SmolStr;

use fleetlint_source::FileId;
use fleetlint_yaml::{Node, Span};

use super::annotations::make_room;
use super::id::{Gvk, ResourceId};
use super::resource_origin::ResourceOrigin;
use super::secret;
use super::shared::AliasedFields;

/// A resource of an accumulation.
#[derive(Clone, Debug)]
pub struct Resource {
    pub node: Node,
    /// What it was called before each renaming, oldest first.
    pub previous: Vec<PreviousId>,
    /// How often it was renamed while it had no name; together with previous names kustomize gives up.
    pub(super) lost_ids: usize,
    /// Name prefixes in the order in which they were put before the name.
    pub prefixes: Vec<SmolStr>,
    /// Name suffixes in the order in which they were put after the name.
    pub suffixes: Vec<SmolStr>,
    /// A generator made it, or something that looks so.
    pub(super) is_generated: bool,
    /// What a generator wants to happen with a resource of the same id.
    pub behavior: Behavior,
    /// The name gets a hash of the content at the end of the build.
    pub needs_hash: bool,
    /// The file with the `List` that it was an item of, whose comments it has lost.
    pub(super) item_of: Option<FileId>,
    /// How often something wrote the whole object again.
    pub(super) rewritten: usize,
    /// The entry of a kustomization file that brought it in.
    pub entry: Option<Span>,
    /// The names of the vars that take their values from here.
    pub(super) variables: Vec<SmolStr>,
    /// For `buildMetadata: [originAnnotations]`; few builds have it, and it is large.
    pub(super) origin: Option<Box<ResourceOrigin>>,
    /// For `buildMetadata: [transformerAnnotations]`, in the order in which they ran.
    pub(super) transformations: Vec<ResourceOrigin>,
    /// What the build lacks could change it.
    pub(super) is_open: bool,
    /// Fields that kustomize made out of one node.
    pub(super) shared: Vec<AliasedFields>,
}

/// An identity from before a renaming. Group and version always count as they are now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviousId {
    pub kind: SmolStr,
    pub name: SmolStr,
    /// The effective namespace of that time.
    pub namespace: SmolStr,
}

/// A generator's `behavior`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Behavior {
    /// `create`, absent, or an unknown word.
    #[default]
    Create,
    Replace,
    Merge,
}

impl Resource {
    /// A resource as it is in a file.
    pub fn new(node: Node, entry: Option<Span>) -> Self {
        let mut resource = Self {
            node,
            previous: Vec::new(),
            lost_ids: 0,
            prefixes: Vec::new(),
            suffixes: Vec::new(),
            is_generated: false,
            behavior: Behavior::Create,
            needs_hash: false,
            item_of: None,
            rewritten: 0,
            entry,
            variables: Vec::new(),
            origin: None,
            transformations: Vec::new(),
            is_open: false,
            shared: Vec::new(),
        };
        notes::take_in(&mut resource);
        secret::note(&mut resource.node);
        resource
    }

    /// What it is called now.
    pub fn id(&self) -> ResourceId {
        ResourceId::of(&self.node)
    }

    /// What it was called before each renaming, oldest first.
    pub fn previous_ids(&self) -> Vec<ResourceId> {
        let now = Gvk::of(&self.node);
        let id = |previous: &PreviousId| ResourceId {
            gvk: Gvk { kind: previous.kind.clone(), ..now.clone() },
            name: previous.name.clone(),
            namespace: previous.namespace.clone(),
        };
        self.previous.iter().map(id).collect()
    }

    /// What it was called in its file.
    pub fn original_id(&self) -> ResourceId {
        self.previous_ids().into_iter().next().unwrap_or_else(|| self.id())
    }

    /// All identities, oldest first, the current one last.
    pub fn ids(&self) -> Vec<ResourceId> {
        let mut ids = self.previous_ids();
        ids.push(self.id());
        ids
    }

    /// Whether any of its identities has the name.
    pub fn was_named(&self, name: &str) -> bool {
        let current =
            || self.node.get("metadata").and_then(|metadata| metadata.get("name")?.text()).unwrap_or_default();
        self.previous.iter().any(|previous| previous.name == name) || current() == name
    }

    /// Remembers the current identity; to be called before each change of name, kind or namespace.
    pub fn store_previous_id(&mut self) {
        make_room(&mut self.node);
        let id = self.id();
        if id.name.is_empty() {
            self.lost_ids += 1;
            return;
        }
        let namespace = id.effective_namespace().into();
        self.previous.reserve_exact(1);
        self.previous.push(PreviousId { kind: id.gvk.kind, name: id.name, namespace });
    }

    /// Whether kustomize cannot tell the former identities apart: it keeps names, namespaces and kinds in three lists with
    /// commas between, and they no longer go together.
    pub(super) fn has_inconsistent_ids(&self) -> bool {
        let count = |part: fn(&PreviousId) -> &SmolStr| {
            self.previous.iter().map(|id| part(id).matches(',').count() + 1).sum::<usize>()
        };
        let names = count(|id| &id.name);
        let others = [count(|id| &id.namespace), count(|id| &id.kind)];
        !self.previous.is_empty() && others.into_iter().any(|count| count + self.lost_ids != names)
    }

    /// Lets go of what only references to it needed.
    pub(super) fn forget_names(&mut self) {
        (self.previous, self.prefixes, self.suffixes) = (Vec::new(), Vec::new(), Vec::new());
        self.variables = Vec::new();
    }

    /// Makes fields that kustomize made out of one node follow each other; to be called after each change of labels or
    /// annotations that keeps the nodes (strategic merge, transformers).
    pub fn sync_aliases(&mut self) {
        for shared in &mut self.shared {
            shared.settle(&mut self.node);
        }
    }

    /// Parts such fields; to be called by what writes the whole object again (JSON patches).
    pub fn unalias(&mut self) {
        self.rewritten += 1;
        self.shared.clear();
    }

    /// Parts the annotations from such fields; to be called by what writes them again.
    pub(super) fn part_shared_annotations(&mut self) {
        self.shared.iter_mut().for_each(AliasedFields::part_annotations);
    }

    /// The place that stands for the resource as a whole: its name.
    pub fn place(&self) -> Option<Span> {
        self.node.at("/metadata/name").and_then(Node::place).or(self.node.origin.span)
    }
}

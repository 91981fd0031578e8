//! What a build lacks because it lies elsewhere, and which of the objects at hand that could change.
//!
//! kustomize lets one object change another in few ways: a reference follows the name, and a subject or webhook also the
//! namespace, of what it names; `replacements` and `vars` copy values; a generator merges into an object of its name. All
//! else (patches, labels, images, prefixes) is done to each object for itself. What a remote base *configures* for the files
//! above it (its own `configurations`, `crds`, `openapi`) is not considered.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::config::NameReference;
use super::kustomization::PatchEntry;
use super::name_reference::{Held, held_by};
use super::resmap::ResMap;
use super::resource::Resource;
use fleetlint_yaml::Node;
use fleetlint_yaml::problem::{Problem, ProblemKind};

/// What is not at hand, and what would be done to it.
#[derive(Debug, Default)]
pub(super) struct Missing {
    /// A folder of another repository, or a chart: it may rename its objects, and bring generators and vars of its own.
    pub(super) has_base: bool,
    /// The names of generated objects: they may get a hash, or be merged with one that is at hand.
    pub(super) generated: BTreeSet<SmolStr>,
    /// Something in the build gives other names.
    pub(super) is_renamed: bool,
    /// Something in the build puts objects into a namespace.
    pub(super) is_moved: bool,
    /// `replacements` or `vars` copy values from one object to others.
    pub(super) is_copied: bool,
}

impl Missing {
    /// Takes note of an entry of `resources` that is not at hand.
    pub(super) fn add_entry(&mut self, text: &str) {
        self.has_base |= ![".yaml", ".yml", ".json"].iter().any(|end| text.ends_with(end));
    }

    /// Takes note of a generated object that is not made.
    pub(super) fn add_generated(&mut self, name: Option<&Node>) {
        self.generated.extend(name.and_then(Node::text).map(SmolStr::new));
    }

    /// Takes note of a patch that may give another name.
    pub(super) fn see_patch(&mut self, entry: &PatchEntry) {
        self.is_renamed |= entry.allow_name_change;
    }

    /// Marks the objects that could be others if nothing were missing. To be called before hashes and references are set.
    pub(super) fn mark(&self, resources: &mut ResMap, references: &[NameReference]) {
        resources.iter_mut().for_each(|resource| resource.is_open = self.may_change(resource, references));
    }

    fn may_change(&self, resource: &Resource, references: &[NameReference]) -> bool {
        let held = || held_by(resource, references);
        self.is_copied
            || self.names(resource)
            || (self.has_base || self.is_renamed) && (held() != Held::Nothing || uses_vars(&resource.node))
            || self.is_moved && held() == Held::Mapping
    }

    /// Whether an object is called like a generated one that is missing, or mentions it.
    fn names(&self, resource: &Resource) -> bool {
        let mentions = |name: &SmolStr| resource.node.scalars().any(|scalar| scalar.text() == Some(name.as_str()));
        self.generated.iter().any(|name| resource.was_named(name) || mentions(name))
    }
}

/// Whether a text may use a var, which a base may bring.
fn uses_vars(node: &Node) -> bool {
    node.scalars().any(|scalar| scalar.text().is_some_and(|text| text.contains("$(")))
}

/// Of what is not determined, what only leaves objects out.
pub(super) fn leaves_out(problem: Problem) -> Problem {
    match problem.kind {
        ProblemKind::Undetermined => Problem { kind: ProblemKind::Incomplete, ..problem },
        _ => problem,
    }
}

/// The other way round: what is not at hand may change any object.
pub(super) fn changes_any(problem: &mut Problem) {
    if problem.kind == ProblemKind::Incomplete {
        problem.kind = ProblemKind::Undetermined;
    }
}

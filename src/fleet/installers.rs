//! What may install Flux and cannot be read: files that are not YAML, and objects that are nearly a FluxInstance.
//!
//! Nothing applies them but the person who installs Flux, so no build runs into what is wrong. While one of them cannot be
//! read, it is not known which clusters there are.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Fleet, FleetProblem};
use crate::flux::api::group;
use crate::flux::slip::slip;
use crate::object::Object;
use crate::problem::{Problem, ProblemKind};
use crate::source::path::parent;
use crate::yaml::Node;

/// What `flux bootstrap` writes.
const BOOTSTRAP: &str = "gotk-sync.yaml";

/// The chart that makes a FluxInstance.
const CHART: &str = "flux-instance";

/// Something in a file that may say what a cluster syncs.
#[derive(Clone, Debug)]
pub(super) struct Unread {
    /// The file, relative to the repository.
    pub path: String,
    pub what: Defect,
}

#[derive(Clone, Debug)]
pub(super) enum Defect {
    /// It is not YAML, or not an object.
    Problem(Problem),
    /// The kind or the API version is nearly that of what installs Flux.
    Misnamed(Arc<Object>),
}

/// What may install Flux in a file, and cannot be read. Templates are for others to fill in.
pub(super) fn unread(path: &str, text: &str, parsed: &[Result<&Node, &Problem>]) -> Vec<Unread> {
    if text.contains("{{") {
        return Vec::new();
    }
    let is_bootstrap = path.rsplit('/').next() == Some(BOOTSTRAP);
    let defect = |document: &Result<&Node, &Problem>| match document {
        Err(problem) => may_install(path, text, is_bootstrap).then(|| Defect::Problem(Problem::clone(problem))),
        Ok(root) => misnamed(root, is_bootstrap).or_else(|| incomplete(root).map(Defect::Problem)),
    };
    parsed.iter().filter_map(defect).map(|what| Unread { path: path.to_owned(), what }).collect()
}

fn may_install(path: &str, text: &str, is_bootstrap: bool) -> bool {
    let is_of_operator = text.contains(group::OPERATOR) && !text.contains("kind: ResourceSet");
    let folder = parent(path).and_then(|folder| folder.rsplit('/').next());
    let is_beside = folder == Some("flux-system") && text.contains(".toolkit.fluxcd.io");
    is_bootstrap || is_of_operator || text.contains("FluxInstance") || text.contains(CHART) || is_beside
}

fn misnamed(root: &Node, is_bootstrap: bool) -> Option<Defect> {
    let object = Object::new(root.clone())?;
    let slip = slip(&object)?;
    (slip.means_instance() || is_bootstrap).then(|| Defect::Misnamed(Arc::new(object)))
}

/// A FluxInstance that lacks what every object has.
fn incomplete(root: &Node) -> Option<Problem> {
    let text = |field: &str| root.get(field).and_then(Node::text).unwrap_or_default();
    let (api_version, kind) = (text("apiVersion"), text("kind"));
    let is_of_operator = api_version.split('/').next() == Some(group::OPERATOR);
    let is_instance = kind == "FluxInstance" || is_of_operator && kind.is_empty() && root.at("/spec/sync").is_some();
    let name = root.at("/metadata/name").and_then(Node::text).unwrap_or_default();
    let missing = [("apiVersion", api_version), ("kind", kind), ("metadata.name", name)];
    let (field, _) = missing.into_iter().find(|(_, value)| value.is_empty()).filter(|_| is_instance)?;
    let message = format!("`{field}` is missing: the API server rejects this FluxInstance");
    let place = root.get("kind").or_else(|| root.get("apiVersion")).unwrap_or(root).place();
    Some(Problem::new(ProblemKind::InvalidObject, message, place).help(format!("add `{field}`")))
}

impl Fleet {
    /// Takes what no build has run into.
    pub(super) fn take_unread(&mut self, unread: Vec<Unread>) {
        if unread.is_empty() {
            return;
        }
        let files = |problem: &FleetProblem| problem.problem.place.map(|place| place.file);
        let known: BTreeSet<_> = self.problems.iter().filter_map(files).collect();
        let objects = self.clusters.iter().flat_map(|cluster| &cluster.objects);
        let applied: BTreeSet<_> = objects.filter_map(|placed| placed.object.document()).collect();
        for Unread { what, .. } in unread {
            match what {
                Defect::Problem(problem) if problem.place.is_none_or(|place| !known.contains(&place.file)) => {
                    let clusters = BTreeSet::new();
                    self.problems.push(FleetProblem { problem, clusters, object: None, undefined: None });
                }
                Defect::Misnamed(object) if object.document().is_none_or(|span| !applied.contains(&span)) => {
                    self.misnamed_installers.push(object);
                }
                Defect::Problem(_) | Defect::Misnamed(_) => {}
            }
        }
    }
}

/// Why no folder is taken for a cluster.
pub(super) fn reason(unread: &[Unread]) -> Option<String> {
    let first = unread.first()?;
    Some(format!("{} may say what a cluster syncs, and cannot be read: no folder is taken for a cluster", first.path))
}

//! A strategic-merge patch that names no resource, or several: what was meant.

use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Node, Span};

use super::super::id::ResourceId;
use super::super::near::edits_within;
use super::super::resmap::ResMap;
use super::super::resource::Resource;
use super::StrategicPatch;

/// The problem of a patch whose identity is that of these resources, not of exactly one.
pub(super) fn unmatched(id: &ResourceId, found: &[usize], resources: &ResMap, patch: StrategicPatch<'_>) -> Problem {
    let place = |pointer| patch.root.at(pointer).and_then(Node::place);
    let name = place("/metadata/name").or(patch.root.place()).or(patch.place);
    let problem = |message| {
        Problem::new(ProblemKind::KustomizeFailed, message, name)
            .related(patch.place, "required by this entry")
            .help("a patch without `target` needs the apiVersion, kind, name and namespace of exactly one resource")
    };
    if found.is_empty() {
        let problem = problem(format!("no resource matches strategic merge patch `{id}`"));
        let Some(meant) = meant(id, resources) else { return problem };
        let place = place(meant.pointer()).or(name);
        return meant.told(id, Problem { place, ..problem });
    }
    let problem = problem(format!("multiple resources match strategic merge patch `{id}`"));
    let matches = found.iter().filter_map(|&index| resources.get(index));
    matches.fold(problem, |problem, resource| problem.related(resource.place(), "matches"))
}

/// The resource that a patch may be for.
enum Meant {
    /// One of the same kind and namespace, with a name that is spelled almost the same.
    Name(ResourceId, Option<Span>),
    /// One that differs in its namespace only.
    Namespace(ResourceId, Option<Span>),
    /// One that differs in its API version only.
    Version(ResourceId, Option<Span>),
}

impl Meant {
    /// Where the patch says what is wrong.
    fn pointer(&self) -> &'static str {
        match self {
            Self::Name(..) => "/metadata/name",
            Self::Namespace(..) => "/metadata/namespace",
            Self::Version(..) => "/apiVersion",
        }
    }

    fn told(self, wanted: &ResourceId, problem: Problem) -> Problem {
        match self {
            Self::Name(id, place) => problem.help(format!("did you mean `{}`?", id.name)).slip(place, &wanted.name),
            Self::Namespace(id, place) => {
                let help = match id.namespace.as_str() {
                    "" => "remove `namespace` from the patch: the resource has none at this point".to_owned(),
                    namespace => format!("write `namespace: {namespace}` in the patch: the resource is there"),
                };
                problem.help(help).related(place, "the resource")
            }
            Self::Version(id, place) => {
                let version = match id.gvk.group.as_str() {
                    "" => id.gvk.version.to_string(),
                    group => format!("{group}/{}", id.gvk.version),
                };
                problem.help(format!("write `apiVersion: {version}` in the patch")).related(place, "the resource")
            }
        }
    }
}

fn meant(id: &ResourceId, resources: &ResMap) -> Option<Meant> {
    let same_kind = |resource: &&Resource| {
        let own = resource.id();
        own.gvk.kind == id.gvk.kind && own.gvk.group == id.gvk.group
    };
    let candidates = || resources.iter().filter(same_kind).map(|resource| (resource.id(), resource));
    let name_of = |resource: &Resource| resource.node.at("/metadata/name").and_then(Node::place);
    let other_version = candidates().find(|(own, _)| own.name == id.name && own.is_same_namespace(id));
    if let Some((own, resource)) = other_version {
        return Some(Meant::Version(own, resource.place()));
    }
    let mut elsewhere = candidates().filter(|(own, _)| own.gvk == id.gvk && own.name == id.name);
    if let (Some((own, resource)), None) = (elsewhere.next(), elsewhere.next()) {
        return Some(Meant::Namespace(own, resource.place()));
    }
    let near = candidates().filter(|(own, _)| own.gvk == id.gvk && own.is_same_namespace(id));
    let near = near.filter_map(|(own, it)| Some((edits_within(&own.name, &id.name, 2)?, own, it)));
    let (_, own, resource) = near.min_by(|(left, a, _), (right, b, _)| (left, &a.name).cmp(&(right, &b.name)))?;
    Some(Meant::Name(own, name_of(resource)))
}

//! `kustomize.patches` of a FluxInstance: patches over all that the operator makes for it. Of that, a repository shows only
//! the source and the root Kustomization; of patches for the controllers only the form is judged.

use super::SyncObjects;
use crate::object::Object;
use fleetlint_kustomize::{self as kustomize, PatchEntry, Reader};
use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Node, Span};

/// The Deployments that the operator may make; shards are called after them.
const CONTROLLERS: [&str; 7] = [
    "source-controller",
    "kustomize-controller",
    "helm-controller",
    "notification-controller",
    "image-reflector-controller",
    "image-automation-controller",
    "source-watcher",
];

/// Lays the patches over what the operator makes for the sync, one after the other, and says which of them fail: with one
/// that fails, the operator makes nothing at all. Here the others go on.
pub(super) fn apply(
    made: Option<SyncObjects>,
    patches: &[Node],
    reader: Reader<'_>,
) -> (Option<SyncObjects>, Vec<Problem>) {
    let mut state = (made, Vec::new());
    for patch in patches {
        let (made, problems) = &mut state;
        match apply_one(made.as_ref(), patch, reader) {
            Ok(Some(patched)) => *made = Some(patched),
            Ok(None) => {}
            Err(found) => problems.extend(found),
        }
    }
    state
}

fn apply_one(
    made: Option<&SyncObjects>,
    patch: &Node,
    reader: Reader<'_>,
) -> Result<Option<SyncObjects>, Vec<Problem>> {
    let entry = PatchEntry {
        place: place(patch),
        patch: patch.get("patch").cloned(),
        target: patch.get("target").filter(|target| !target.is_null()).cloned(),
        ..PatchEntry::default()
    };
    if entry.patch.is_none() {
        let problem = Problem::new(ProblemKind::KustomizeFailed, "the entry has no `patch`", entry.place);
        return Err(vec![explained(problem.help("write the patch below `patch`"))]);
    }
    let named = named_by(&entry, reader);
    if let Some(lost) = named.iter().find(|root| is_lost(root, made)) {
        return Err(vec![no_such_object(lost, made)]);
    }
    let is_foreign = |root: &Node| made.is_none_or(|made| !made.objects().any(|object| is_of(root, object)));
    if !named.is_empty() && named.iter().all(is_foreign) {
        return Ok(None);
    }
    let objects = made.iter().flat_map(|made| made.objects()).map(|object| Node::clone(&object.root)).collect();
    let built = kustomize::patch_objects(reader, objects, &[entry]);
    if !built.problems.is_empty() {
        return Err(built.problems.into_iter().map(explained).collect());
    }
    let mut objects = built.resources.into_iter().filter_map(Object::new);
    Ok(objects.next().zip(objects.next()).map(|(source, kustomization)| SyncObjects { source, kustomization }))
}

/// The objects that a strategic merge patch without `target` names itself.
fn named_by(entry: &PatchEntry, reader: Reader<'_>) -> Vec<Node> {
    let Some(text) = entry.patch.as_ref().filter(|_| entry.target.is_none()) else { return Vec::new() };
    let stream = reader.documents.embedded(text, true);
    let roots = stream.documents.iter().flatten().filter_map(|document| document.root.as_ref());
    roots.filter(|root| Object::new(Node::clone(root)).is_some()).cloned().collect()
}

/// Whether a patch names an object that the operator provably does not make.
fn is_lost(root: &Node, made: Option<&SyncObjects>) -> bool {
    let Some(patched) = Object::new(root.clone()) else { return false };
    if patched.is("apps", "Deployment") {
        return !CONTROLLERS.iter().any(|name| patched.id.name.starts_with(name));
    }
    made.is_some_and(|made| {
        let mut same_kind = made.objects().filter(|object| object.is(&patched.id.group, &patched.id.kind));
        same_kind.any(|object| object.id.name != patched.id.name)
    })
}

fn is_of(root: &Node, object: &Object) -> bool {
    Object::new(root.clone())
        .is_some_and(|patched| patched.is(&object.id.group, &object.id.kind) && patched.id.name == object.id.name)
}

fn no_such_object(root: &Node, made: Option<&SyncObjects>) -> Problem {
    let kind = root.get("kind").and_then(Node::text).unwrap_or_default();
    let name = root.at("/metadata/name");
    let message = format!(
        "the Flux Operator creates no {kind} `{}`: this patch changes nothing",
        name.and_then(Node::text).unwrap_or_default()
    );
    let problem = Problem::new(ProblemKind::KustomizeFailed, message, name.and_then(Node::place));
    let same = made.and_then(|made| made.objects().find(|object| object.id.kind == kind));
    problem.help(match same {
        Some(object) => format!("it creates the {kind} `{}`: correct the name, or select by `target`", object.id.name),
        None => format!("the controllers are named `{}`", CONTROLLERS.join("`, `")),
    })
}

/// What kustomize says, with what it means for the instance.
fn explained(problem: Problem) -> Problem {
    let message = format!("a patch of the FluxInstance fails: {}", problem.message);
    let help = problem.help.clone().unwrap_or_else(|| "correct the patch".to_owned());
    Problem { message, ..problem }.help(format!("{help}; the Flux Operator applies nothing while a patch fails"))
}

/// The place that stands for an entry: its first key.
fn place(patch: &Node) -> Option<Span> {
    patch.entries().first().and_then(|entry| entry.key.place()).or(patch.origin.span)
}

//! `spec.patches` and the two legacy fields beside it (flux-build-semantics section 2.3).

use fleetlint_kustomize::{Kustomization, PatchEntry};
use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Entry, Mapping, Node, Value, print};

use super::field;

/// The parts of a target that Flux hands on.
const SELECTOR: [&str; 7] = ["group", "version", "kind", "name", "namespace", "labelSelector", "annotationSelector"];

/// Appends the patches; `path` and `options` of an entry do not count.
pub(super) fn inject(file: &mut Kustomization, spec: &Node, problems: &mut Vec<Problem>) {
    for node in field::maps(spec.get("patches"), "patches", problems) {
        let patch = field::text(node.get("patch"), "patches.patch", problems);
        let patch = patch.filter(|patch| patch.text() != Some("")).cloned();
        let target = target(node.get("target"), "patches.target", problems);
        file.patches.push(PatchEntry { place: node.place(), patch, target, ..PatchEntry::default() });
    }
    for node in field::maps(spec.get("patchesStrategicMerge"), "patchesStrategicMerge", problems) {
        file.patches_strategic_merge.extend(printed(node, node, problems));
    }
    for node in field::maps(spec.get("patchesJson6902"), "patchesJson6902", problems) {
        let operations = node.get("patch").filter(|patch| patch.as_sequence().is_some());
        let patch = operations.and_then(|operations| printed(operations, node, problems));
        // The field is not a pointer in Go: without a target there is an empty one.
        let target = target(node.get("target"), "patchesJson6902.target", problems);
        let target = target.or_else(|| Some(Node::mapping(Vec::new(), node.origin.clone())));
        file.patches_json6902.push(PatchEntry { place: node.place(), patch, target, ..PatchEntry::default() });
    }
}

fn target(node: Option<&Node>, field: &str, problems: &mut Vec<Problem>) -> Option<Node> {
    let node = node.filter(|node| !node.is_null())?;
    let Some(mapping) = node.as_mapping() else {
        problems.push(field::misfit(node, field, "a map"));
        return None;
    };
    let mut result = Mapping::default();
    for key in SELECTOR {
        let value = field::text(mapping.get(key), &format!("{field}.{key}"), problems);
        let entry = mapping.entry(key).zip(value.filter(|value| value.text() != Some("")));
        result
            .entries
            .extend(entry.map(|(entry, value)| Entry { key: entry.key.clone(), value: field::as_text(value) }));
    }
    Some(Node { value: Value::Mapping(result), tag: None, origin: node.origin.clone() })
}

/// A patch that is a tree, as the text that kustomize wants. The text is not that of the file, so all of it points at the entry.
fn printed(patch: &Node, entry: &Node, problems: &mut Vec<Problem>) -> Option<Node> {
    match print::resource(patch) {
        Ok(text) => Some(Node::string(text, entry.origin.clone())),
        Err(message) => {
            let problem = Problem::new(ProblemKind::KustomizeFailed, message, entry.place());
            problems.push(problem.help("write the patch as a string: `patch: |`"));
            None
        }
    }
}

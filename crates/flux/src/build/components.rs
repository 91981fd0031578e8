//! `spec.components` (flux-build-semantics section 2.3).

use fleetlint_kustomize::Kustomization;
use fleetlint_source::{FileTree, path};
use fleetlint_yaml::Node;
use fleetlint_yaml::problem::{Problem, ProblemKind};

use super::field;

/// What a path starts with that Flux takes for remote.
const REMOTE: [&str; 8] = ["git::", "gh:", "ssh://", "https://", "http://", "git@", "github.com:", "github.com/"];

/// Appends the components; with `ignoreMissingComponents` only those that exist.
pub(super) fn inject(
    file: &mut Kustomization,
    spec: &Node,
    tree: &dyn FileTree,
    folder: &str,
    problems: &mut Vec<Problem>,
) {
    let ignores_missing = spec.get("ignoreMissingComponents").and_then(Node::text) == Some("true");
    for component in field::texts(spec.get("components"), "components", problems) {
        let text = component.text().unwrap_or_default();
        if !is_local(text) {
            problems.push(not_local(component, text));
        } else if !ignores_missing || exists(tree, folder, text) {
            file.components.push(component.clone());
        }
    }
}

fn is_local(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let is_remote = |prefix: &&str| lower.len() > prefix.len() && lower.starts_with(*prefix);
    let is_absolute = text.starts_with('/') || lower.strip_prefix("file://").is_some_and(|rest| rest.starts_with('/'));
    !is_absolute && !REMOTE.iter().any(is_remote)
}

fn exists(tree: &dyn FileTree, folder: &str, text: &str) -> bool {
    path::clean(&format!("{folder}/{text}")).is_some_and(|path| tree.entry(&path).is_some())
}

fn not_local(component: &Node, text: &str) -> Problem {
    let message = format!("component path `{text}` must be local and relative");
    Problem::new(ProblemKind::KustomizeFailed, message, component.place())
        .help("name a folder of the same source, relative to `spec.path`")
}

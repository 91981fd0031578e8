//! What the text of a patch is: strategic-merge patches, a JSON patch, or nothing (kustomize-semantics, section 6.1).

use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Node, Stream};

use super::super::load::resources_of_roots;
use super::json6902::{self, Operation};

/// The content of a patch.
#[derive(Debug)]
pub(in super::super) enum Content {
    Nothing,
    /// Objects to lay over others.
    Strategic(Vec<Node>),
    Json(Vec<Operation>),
}

/// Reads a patch's text as both kinds and says which one it is. `entry` is what names the text, for problems.
pub(in super::super) fn read(text: &str, stream: &Stream, entry: &Node) -> Result<Content, Problem> {
    let objects = strategic(stream, entry);
    if let Ok(objects) = objects {
        return Ok(if objects.is_empty() { Content::Nothing } else { Content::Strategic(objects) });
    }
    let root = stream.documents.first().and_then(|document| document.as_ref().ok()?.root.as_ref());
    let is_list = root.is_some_and(|root| root.as_sequence().is_some());
    match (json6902::read(text, stream), objects) {
        (Ok(operations), _) if operations.is_empty() => Ok(Content::Nothing),
        (Ok(operations), _) => Ok(Content::Json(operations)),
        (Err(refusal), _) if is_list => {
            let message = format!("unable to parse strategic-merge or JSON patch: {}", refusal.message);
            Err(Problem::new(ProblemKind::KustomizeFailed, message, refusal.place.or(entry.place()))
                .help(HELP)
                .related(entry.place(), "read because of this entry"))
        }
        (Err(_), Err(mut problem)) => {
            let is_operation = |root: &Node| root.get("op").is_some() && root.get("path").is_some();
            let is_syntax = problem.kind.is_syntax();
            problem.kind = ProblemKind::KustomizeFailed;
            problem.message = format!("unable to parse strategic-merge or JSON patch: {}", problem.message);
            if !is_syntax || problem.help.is_none() {
                let help =
                    if root.is_some_and(is_operation) { "write the operations as a list, `- op: …`" } else { HELP };
                problem.help = Some(help.to_owned());
            }
            Err(problem)
        }
        (Err(_), Ok(_)) => Ok(Content::Nothing),
    }
}

const HELP: &str = "a patch is an object with `apiVersion`, `kind` and `metadata.name`, or a list of operations with `op` and \
                    `path`";

/// The objects of a text, each with a kind and a name; the first thing that is none is a problem.
pub(in super::super) fn strategic(stream: &Stream, entry: &Node) -> Result<Vec<Node>, Problem> {
    let mut roots = Vec::new();
    for document in &stream.documents {
        match document {
            Ok(document) => roots.extend(document.root_with_all_keys().filter(|root| !is_nothing(root)).cloned()),
            Err(problem) => return Err(problem.clone().related(entry.place(), "read because of this entry")),
        }
    }
    let mut problems = Vec::new();
    let resources = resources_of_roots(roots, entry, &mut problems);
    match problems.into_iter().next() {
        Some(problem) => Err(problem),
        None => Ok(resources.into_iter().map(|resource| resource.node).collect()),
    }
}

fn is_nothing(node: &Node) -> bool {
    super::strategic::is_nothing(node) || node.as_sequence().is_some_and(<[Node]>::is_empty)
}

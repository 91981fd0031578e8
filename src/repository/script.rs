//! Scripts: of a shell, of make, of task and just. Read as they are, never expanded or run.

use std::sync::Arc;

use smol_str::SmolStr;

use super::command::{self, Command};
use super::files::FileKind;
use super::shell::Dialect;
use super::snippet::Snippet;
use super::written::Unread;
use crate::source::File;
use crate::yaml::{Documents, Node, Span};

/// A script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    pub path: SmolStr,
    /// In the order of the file.
    pub commands: Vec<Command>,
}

/// Reads a script.
///
/// # Errors
/// Why it cannot be read, and where.
pub(super) fn read(
    file: &Arc<File>,
    text: &str,
    kind: FileKind,
    documents: &Documents,
) -> Result<Script, (Unread, Span)> {
    let commands = match kind {
        FileKind::Task => of_yaml(file, documents)?,
        FileKind::Make => command::read(&Snippet::whole(text, file.id), Dialect::Make),
        _ => command::read(&Snippet::whole(text, file.id), Dialect::Shell),
    };
    Ok(Script { path: file.path.as_str().into(), commands })
}

/// The commands in all texts of a Taskfile.
fn of_yaml(file: &Arc<File>, documents: &Documents) -> Result<Vec<Command>, (Unread, Span)> {
    let stream = documents.of(file);
    let mut commands = Vec::new();
    for document in &stream.documents {
        let start = Span { file: file.id, start: 0, end: 0 };
        let document = document.as_ref().map_err(|problem| (Unread::Syntax, problem.place.unwrap_or(start)))?;
        for scalar in document.root.iter().flat_map(Node::scalars) {
            let text = scalar.text().unwrap_or_default();
            let snippet = Snippet::of_scalar(text, documents.places(scalar), file.id);
            commands.extend(command::read(&snippet, Dialect::Shell));
        }
    }
    Ok(commands)
}

//! A page of Markdown: the commands that it tells people to run, and the permissions that it tells them to give.

use smol_str::SmolStr;

use super::command::{self, Command};
use super::markdown::{self, Block};
use super::permission::{self, PermissionList};
use super::shell::Dialect;
use super::snippet::Snippet;
use crate::source::File;
use crate::yaml::Span;

/// Languages of blocks of code that hold commands; a block without a language may hold some, too.
const SHELLS: [&str; 11] =
    ["", "sh", "bash", "shell", "zsh", "console", "shell-session", "terminal", "cli", "text", "shellscript"];

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runbook {
    pub path: SmolStr,
    /// In the order of the page.
    pub commands: Vec<Command>,
    pub permissions: Vec<PermissionList>,
    /// Where its headings are, in the order of the page.
    pub headings: Vec<Span>,
}

impl Runbook {
    /// The number of the section that a place is in: how many headings come before it.
    pub fn section_of(&self, place: Span) -> usize {
        self.headings.partition_point(|heading| heading.start <= place.start)
    }
}

/// Reads a page.
pub(super) fn read(file: &File, text: &str) -> Runbook {
    let blocks = markdown::blocks(text);
    let commands = blocks.iter().flat_map(|block| match block {
        Block::Code { language, lines } if SHELLS.contains(&language.as_str()) => {
            command::read(&Snippet::of_lines(text, lines, file.id), Dialect::Shell)
        }
        Block::Code { .. } => Vec::new(),
        Block::Heading(_, prose) | Block::Paragraph { prose, .. } | Block::Row(prose) => {
            let codes = markdown::codes(text, prose).into_iter();
            let snippets = codes.map(|code| Snippet::of_lines(text, &[code], file.id));
            snippets.flat_map(|snippet| command::read(&snippet, Dialect::Shell)).collect()
        }
    });
    let commands = commands.collect();
    let heading = |block: &Block| match block {
        Block::Heading(_, prose) => permission::place_of(prose, file.id),
        _ => None,
    };
    let headings = blocks.iter().filter_map(heading).collect();
    let permissions = permission::lists(file, text, &blocks);
    Runbook { path: file.path.as_str().into(), commands, permissions, headings }
}

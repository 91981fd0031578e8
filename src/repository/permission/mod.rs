//! What a page says that a token has to be allowed: lists and tables of GitHub's permissions, and classic scopes.

mod context;
mod list;
mod names;

use std::ops::Range;

use smol_str::SmolStr;

use super::markdown::Block;
use super::written::Written;
use crate::credentials::Permission;
use crate::source::{File, FileId};
use crate::yaml::Span;

pub use names::permission_name;

/// The permissions that one sentence or heading introduces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionList {
    /// The heading above the list.
    pub heading: Option<Written>,
    /// The name of the token, where the page uses one: `GITHUB_TOKEN`.
    pub token: Option<Written>,
    /// The repositories that the sentence before the list names, as it names them.
    pub repositories: Vec<Written>,
    /// Fine-grained permissions, in the order of the page.
    pub permissions: Vec<DemandedPermission>,
    /// The scopes of a classic token.
    pub scopes: Vec<Written>,
    /// The sentence that introduces the list, else its heading.
    pub place: Span,
}

/// A permission that a token needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemandedPermission {
    /// By the name in GitHub's API: `contents`, `statuses`, `pull_requests`.
    pub name: SmolStr,
    pub level: Permission,
    /// The item or the row.
    pub place: Span,
}

/// The lists of a page, in its order.
pub(super) fn lists(file: &File, text: &str, blocks: &[Block]) -> Vec<PermissionList> {
    let mut reader = context::Reader::new(text, file.id);
    blocks.iter().for_each(|block| reader.block(block));
    reader.lists()
}

/// Where prose is, from its first line to its last.
pub(super) fn place_of(prose: &[Range<usize>], file: FileId) -> Option<Span> {
    let (first, last) = prose.first().zip(prose.last())?;
    Some(span(file, first.start..last.end))
}

fn span(file: FileId, range: Range<usize>) -> Span {
    let clamped = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Span { file, start: clamped(range.start), end: clamped(range.end) }
}

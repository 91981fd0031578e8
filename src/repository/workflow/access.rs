//! `permissions`: what the `GITHUB_TOKEN` of a workflow or a job may do.

use smol_str::SmolStr;

use super::value::Values;
use crate::credentials::Permission;
use crate::yaml::{Node, Span};

/// What a token may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenAccess {
    /// The value of `permissions`.
    pub place: Span,
    /// `read-all`, `write-all`.
    pub all: Option<Permission>,
    /// The permissions that are listed, with `_` as in GitHub's API, and how far they go (`None` for `none`).
    pub listed: Vec<(SmolStr, Option<Permission>, Span)>,
    /// A value that is not read: an expression, or a word that GitHub does not know.
    pub is_open: bool,
}

impl TokenAccess {
    /// Whether the token may do this much. What is not listed it may not do; `None` where that is not known.
    pub fn allows(&self, permission: &str, level: Permission) -> Option<bool> {
        let listed = self.listed.iter().rev().find(|(name, ..)| name == permission);
        let granted = listed.map_or(self.all, |(_, granted, _)| *granted);
        match granted {
            Some(granted) => Some(granted >= level),
            None if self.is_open => None,
            None => Some(false),
        }
    }
}

pub(super) fn read(values: Values<'_>, node: &Node) -> TokenAccess {
    let mut access = TokenAccess { place: values.place(node), all: None, listed: Vec::new(), is_open: false };
    match node.text() {
        Some("read-all") => access.all = Some(Permission::Read),
        Some("write-all") => access.all = Some(Permission::Write),
        Some("" | "{}" | "null" | "~") | None => {}
        Some(_) => access.is_open = true,
    }
    for entry in node.entries() {
        let level = match entry.value.text() {
            Some("read") => Some(Permission::Read),
            Some("write") => Some(Permission::Write),
            Some("none") => None,
            _ => {
                access.is_open = true;
                continue;
            }
        };
        let name = entry.key.text().unwrap_or_default().replace('-', "_");
        access.listed.push((name.into(), level, values.place(&entry.key)));
    }
    access
}

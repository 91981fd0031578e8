//! How GitHub's forms name permissions.

use super::Permission;

/// The names of the API and those of the forms.
const LABELS: [(&str, &str); 9] = [
    ("actions", "Actions"),
    ("administration", "Administration"),
    ("contents", "Contents"),
    ("issues", "Issues"),
    ("metadata", "Metadata"),
    ("pull_requests", "Pull requests"),
    ("repository_hooks", "Webhooks"),
    ("statuses", "Commit statuses"),
    ("workflows", "Workflows"),
];

/// What the form calls a permission: `Commit statuses`.
pub fn permission_label(name: &str) -> String {
    let known = LABELS.iter().find(|(api, _)| *api == name);
    known.map_or_else(|| name.replace('_', " "), |(_, label)| (*label).to_owned())
}

/// A permission and its level as the form has them: `Commit statuses: write`.
pub fn shown_permission(name: &str, level: Permission) -> String {
    format!("{}: {}", permission_label(name), level.as_str())
}

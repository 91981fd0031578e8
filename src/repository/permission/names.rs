//! The names of permissions: as GitHub's settings show them, and as its API has them.

/// Fine-grained permissions: the name of the API, and what people write for it.
const PERMISSIONS: &[(&str, &[&str])] = &[
    ("actions", &["actions"]),
    ("administration", &["administration"]),
    ("attestations", &["attestations"]),
    ("security_events", &["code scanning alerts", "security events"]),
    ("codespaces", &["codespaces"]),
    ("statuses", &["commit statuses", "commit status", "statuses"]),
    ("contents", &["repository contents", "contents", "content", "code"]),
    ("repository_custom_properties", &["custom properties"]),
    ("vulnerability_alerts", &["dependabot alerts", "vulnerability alerts"]),
    ("dependabot_secrets", &["dependabot secrets"]),
    ("deployments", &["deployments"]),
    ("discussions", &["discussions"]),
    ("environments", &["environments"]),
    ("issues", &["issues"]),
    ("members", &["members"]),
    ("merge_queues", &["merge queues"]),
    ("metadata", &["metadata"]),
    ("packages", &["packages"]),
    ("pages", &["pages"]),
    ("pull_requests", &["pull requests", "pull_requests", "pull-requests", "pull request"]),
    ("repository_advisories", &["repository security advisories"]),
    ("secret_scanning_alerts", &["secret scanning alerts"]),
    ("secrets", &["secrets"]),
    ("actions_variables", &["variables"]),
    ("repository_hooks", &["repository webhooks", "webhooks", "repository hooks"]),
    ("workflows", &["workflows", "workflow"]),
];

/// The scopes of classic tokens of GitHub, and of tokens of GitLab.
pub(super) const SCOPES: &[&str] = &[
    "admin:org",
    "admin:org_hook",
    "admin:public_key",
    "admin:repo_hook",
    "api",
    "delete:packages",
    "delete_repo",
    "gist",
    "notifications",
    "project",
    "public_repo",
    "read:org",
    "read:packages",
    "read:project",
    "read:public_key",
    "read:repo_hook",
    "read:user",
    "read_api",
    "read_registry",
    "read_repository",
    "repo",
    "repo:invite",
    "repo:status",
    "repo_deployment",
    "security_events",
    "user",
    "user:email",
    "workflow",
    "write:org",
    "write:packages",
    "write:public_key",
    "write:repo_hook",
    "write_registry",
    "write_repository",
];

/// The permission at the beginning of a text in lower case, as a word of its own: its name in the API, and what follows.
pub(super) fn leading(text: &str) -> Option<(&'static str, &str)> {
    let named = PERMISSIONS.iter().flat_map(|(name, words)| words.iter().map(move |word| (*name, *word)));
    let fitting = named.filter_map(|(name, word)| {
        let rest = text.strip_prefix(word)?;
        (!rest.trim_start_matches('_').starts_with(char::is_alphanumeric)).then_some((word.len(), name, rest))
    });
    fitting.max_by_key(|(length, ..)| *length).map(|(_, name, rest)| (name, rest))
}

/// The API's name of a permission, however it is written: `Commit statuses`, `pull-requests`.
pub fn permission_name(text: &str) -> Option<&'static str> {
    leading(&text.trim().to_lowercase()).filter(|(_, rest)| rest.is_empty()).map(|(name, _)| name)
}

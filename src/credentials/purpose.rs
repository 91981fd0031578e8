//! What tokens are used for, and what GitHub asks for it: one line per use, each with its source.

use super::{Access, Permission};

/// What an object of Flux does with a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// Reads a repository.
    Pull,
    /// An ImageUpdateAutomation commits and pushes.
    Push,
    /// A Provider reports commit statuses.
    Status,
    /// A Provider starts workflows.
    Dispatch,
    /// A Provider comments on pull requests.
    PullRequestComment,
    /// A ResourceSetInputProvider lists pull requests.
    PullRequestInput,
    /// A ResourceSetInputProvider lists branches.
    BranchInput,
    /// A ResourceSetInputProvider lists tags.
    TagInput,
    /// A Receiver checks who calls: a shared secret, no token of the forge.
    Receive,
}

/// What GitHub asks of a token.
#[derive(Clone, Copy, Debug)]
pub struct Need {
    pub purpose: Purpose,
    /// One of these permissions, by the names of the API; none where no permission is needed. The first one is the usual one.
    pub any_of: &'static [(&'static str, Permission)],
    /// What the account that owns the token has to be in the repository: no token goes beyond its owner.
    pub account: Access,
    /// Where this is documented.
    pub source: &'static str,
}

const READ: Permission = Permission::Read;
const WRITE: Permission = Permission::Write;

/// The page of GitHub that lists the permission of each endpoint.
const PERMISSIONS: &str =
    "https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens";

/// One line for each purpose (domain-facts section 10, corrected by facts-2026-11).
const NEEDS: [Need; 9] = [
    need(Purpose::Pull, &[("contents", READ)], Access::Read, PERMISSIONS),
    need(Purpose::Push, &[("contents", WRITE)], Access::Write, PERMISSIONS),
    // It lists the statuses of a commit, and creates one. Only accounts with push access may.
    need(
        Purpose::Status,
        &[("statuses", WRITE)],
        Access::Write,
        "https://docs.github.com/en/rest/commits/statuses#create-a-commit-status",
    ),
    need(
        Purpose::Dispatch,
        &[("contents", WRITE)],
        Access::Write,
        "https://docs.github.com/en/rest/repos/repos#create-a-repository-dispatch-event",
    ),
    // The comments of a pull request are those of an issue.
    need(
        Purpose::PullRequestComment,
        &[("pull_requests", WRITE), ("issues", WRITE)],
        Access::Read,
        "https://docs.github.com/en/rest/issues/comments#create-an-issue-comment",
    ),
    need(
        Purpose::PullRequestInput,
        &[("pull_requests", READ)],
        Access::Read,
        "https://docs.github.com/en/rest/pulls/pulls#list-pull-requests",
    ),
    need(
        Purpose::BranchInput,
        &[("contents", READ)],
        Access::Read,
        "https://docs.github.com/en/rest/branches/branches#list-branches",
    ),
    need(Purpose::TagInput, &[("contents", READ)], Access::Read, PERMISSIONS),
    need(
        Purpose::Receive,
        &[],
        Access::None,
        "https://fluxcd.io/flux/components/notification/receivers/#secret-reference",
    ),
];

const fn need(
    purpose: Purpose,
    any_of: &'static [(&'static str, Permission)],
    account: Access,
    source: &'static str,
) -> Need {
    Need { purpose, any_of, account, source }
}

impl Purpose {
    /// What GitHub asks for it.
    pub fn need(self) -> Need {
        let found = NEEDS.iter().find(|need| need.purpose == self);
        found.copied().unwrap_or(need(self, &[], Access::None, ""))
    }

    /// As a sentence continues: "this token …".
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pull => "pulls",
            Self::Push => "pushes commits",
            Self::Status => "reports commit statuses",
            Self::Dispatch => "sends repository dispatches",
            Self::PullRequestComment => "comments on pull requests",
            Self::PullRequestInput => "lists pull requests",
            Self::BranchInput => "lists branches",
            Self::TagInput => "lists tags",
            Self::Receive => "checks calls of webhooks",
        }
    }

    /// What a Provider of the notification controller does at a forge, by its `type`; `None` where it is none of a forge.
    pub fn of_provider(kind: &str) -> Option<(Self, bool)> {
        Some(match kind {
            "github" => (Self::Status, true),
            "githubdispatch" => (Self::Dispatch, true),
            "githubpullrequestcomment" => (Self::PullRequestComment, true),
            "gitlab" | "gitea" | "bitbucket" | "bitbucketserver" | "azuredevops" => (Self::Status, false),
            "gitlabmergerequestcomment" | "giteapullrequestcomment" => (Self::PullRequestComment, false),
            _ => return None,
        })
    }

    /// What a ResourceSetInputProvider does at a forge, by its `type`, and whether that is GitHub.
    pub fn of_input(kind: &str) -> Option<(Self, bool)> {
        let forges = ["GitHub", "GitLab", "AzureDevOps", "Gitea", "AWSCodeCommit"];
        let (forge, what) = forges.iter().find_map(|forge| Some((*forge, kind.strip_prefix(forge)?)))?;
        let purpose = match what {
            "PullRequest" | "MergeRequest" => Self::PullRequestInput,
            "Branch" => Self::BranchInput,
            "Tag" => Self::TagInput,
            _ => return None,
        };
        Some((purpose, forge == "GitHub"))
    }
}

impl Need {
    /// The permission that people usually give; `None` where none is needed.
    pub fn usual(&self) -> Option<(&'static str, Permission)> {
        self.any_of.first().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_purpose_has_its_line() {
        for need in NEEDS {
            assert!(need.source.starts_with("https://"), "{need:?}");
            assert_eq!(need.purpose.need().source, need.source);
        }
        assert_eq!(Purpose::Status.need().usual(), Some(("statuses", Permission::Write)));
        assert_eq!(Purpose::Receive.need().usual(), None);
    }

    #[test]
    fn types_of_flux() {
        assert_eq!(Purpose::of_provider("githubdispatch"), Some((Purpose::Dispatch, true)));
        assert_eq!(Purpose::of_provider("slack"), None);
        assert_eq!(Purpose::of_input("GitHubPullRequest"), Some((Purpose::PullRequestInput, true)));
        assert_eq!(Purpose::of_input("GitLabMergeRequest"), Some((Purpose::PullRequestInput, false)));
        assert_eq!(Purpose::of_input("GitLabEnvironment"), None);
        assert_eq!(Purpose::of_input("OCIArtifactTag"), None);
    }
}

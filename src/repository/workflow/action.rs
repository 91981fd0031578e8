//! Actions that steps use, and those of them that change branches.

use smol_str::SmolStr;

use crate::repository::command::{BranchChange, ChangeKind};
use crate::repository::written::{Unread, Written};
use crate::yaml::Span;

/// `uses` of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionUse {
    /// As it is written.
    pub written: Written,
    /// `owner/name` or `owner/name/path`, in lower case; a path for one of this repository.
    pub name: SmolStr,
    /// The branch, tag or commit after `@`.
    pub reference: Option<SmolStr>,
}

impl ActionUse {
    pub(super) fn of(written: Written) -> Self {
        let (name, reference) = match written.text.split_once('@') {
            Some((name, reference)) => (name, Some(reference.into())),
            None => (written.text.as_str(), None),
        };
        Self { name: name.to_ascii_lowercase().into(), reference, written }
    }

    /// One of the repository itself.
    pub fn is_local(&self) -> bool {
        self.name.starts_with("./") || self.name.starts_with("$/")
    }

    /// Whether the reference is the full id of a commit.
    pub fn is_pinned(&self) -> bool {
        let is_id = |text: &SmolStr| text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        self.reference.as_ref().is_some_and(is_id)
    }
}

/// Actions that change branches: the inputs that name the branch they take and the one they change, and the branch that
/// they take without the first.
const CHANGING: &[(&str, ChangeKind, &str, &str, Option<&str>)] = &[
    ("peter-evans/create-pull-request", ChangeKind::PullRequest, "branch", "base", Some("create-pull-request/patch")),
    ("repo-sync/pull-request", ChangeKind::PullRequest, "source_branch", "destination_branch", None),
    ("thomaseizinger/create-pull-request", ChangeKind::PullRequest, "head", "base", None),
    ("devops-infra/action-pull-request", ChangeKind::PullRequest, "source_branch", "target_branch", None),
    ("devmasx/merge-branch", ChangeKind::Merge, "from_branch", "target_branch", None),
    ("everlytic/branch-merge", ChangeKind::Merge, "source_ref", "target_branch", None),
    ("stefanzweifel/git-auto-commit-action", ChangeKind::Push, "", "branch", None),
    ("ad-m/github-push-action", ChangeKind::Push, "", "branch", None),
];

/// Actions that are known to change no branch.
const HARMLESS: [&str; 12] = [
    "actions/cache",
    "actions/checkout",
    "actions/download-artifact",
    "actions/setup-",
    "actions/upload-artifact",
    "azure/setup-",
    "docker/",
    "fluxcd/flux2/action",
    "fluxcd/pkg/actions/",
    "helm/kind-action",
    "sigstore/cosign-installer",
    "controlplaneio-fluxcd/distribution/actions/setup",
];

/// The changes of branches that an action makes; `None` if that is not known.
pub(super) fn changes(uses: &ActionUse, with: &[(SmolStr, Written)], place: Span) -> Option<Vec<BranchChange>> {
    if HARMLESS.iter().any(|known| uses.name.starts_with(known)) {
        return Some(Vec::new());
    }
    let (_, kind, from, to, default) = CHANGING.iter().find(|(name, ..)| uses.name == *name)?;
    let input = |name: &str| with.iter().find(|(input, _)| input == name).map(|(_, value)| value.clone());
    let checked_out = || Written::elsewhere(Unread::CheckedOutBranch, place);
    let from = input(from).or_else(|| default.map(|branch| Written::known(branch, place))).unwrap_or_else(checked_out);
    let is_forced = input("force").is_some_and(|force| force.is("true"));
    let repository = input("destination_repository");
    Some(vec![BranchChange { kind: *kind, from, to: input(to).unwrap_or_else(checked_out), repository, is_forced }])
}

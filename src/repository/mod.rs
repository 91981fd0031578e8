//! Facts from what is not a manifest: commands in runbooks, scripts and workflows, permission lists, the history of Git.
//!
//! A [`Repository`] is read when it is first asked, each file once. What is not read is [`Unread`], never absent: a rule that
//! needs a fact which may be behind it says that it cannot tell.

mod command;
mod facts;
mod files;
mod index;
mod markdown;
mod marker;
mod permission;
mod runbook;
mod script;
mod shell;
mod snippet;
mod workflow;
mod written;

use std::sync::{Arc, OnceLock};

use smol_str::SmolStr;

pub use command::{
    Action, Bootstrap, BranchChange, ChangeKind, Command, CreatedObject, Key, ObjectKind, StoredSecret, Tool,
    ValueSource,
};
pub use facts::{UnreadFile, secrets_in};
pub use index::Created;
pub use marker::{MarkedImage, Marker, Markers};
pub use permission::{DemandedPermission, PermissionList, permission_name};
pub use runbook::Runbook;
pub use script::Script;
pub use workflow::{ActionUse, Filter, Job, SecretUse, Shell, Step, TokenAccess, Trigger, Workflow};
pub use written::{Unread, Written};

use crate::source::{Checkout, Comparison, HistoryGap, Reference, Resolution, Sources, Tree, url};
use crate::yaml::Documents;
use facts::Facts;
use index::Index;

/// The URLs of other repositories, and what of them is read; asked once, when a rule needs them.
pub type Others<'a> = Box<dyn Fn() -> Vec<(String, Reference)> + Send + Sync + 'a>;

/// The fleet's repository, and those that its sources name.
pub struct Repositories<'a> {
    fleet: Repository<'a>,
    sources: &'a Sources,
    named: Others<'a>,
    others: OnceLock<(Vec<Repository<'a>>, Vec<String>)>,
    index: OnceLock<Index>,
}

/// A repository at a revision.
pub struct Repository<'a> {
    /// The files; its `repository` is the name in reports.
    pub tree: Arc<Tree>,
    history: History<'a>,
    documents: &'a Documents,
    facts: OnceLock<Facts>,
    markers: OnceLock<Markers>,
}

/// Who knows the history of a repository.
enum History<'a> {
    Checkout(&'a Checkout),
    Source(&'a Sources, String),
}

impl<'a> Repositories<'a> {
    /// Reads nothing yet.
    pub fn new(checkout: &'a Checkout, sources: &'a Sources, documents: &'a Documents, named: Others<'a>) -> Self {
        let tree = Arc::clone(&checkout.tree);
        let (facts, markers) = Default::default();
        let fleet = Repository { tree, history: History::Checkout(checkout), documents, facts, markers };
        Self { fleet, sources, named, others: OnceLock::new(), index: OnceLock::new() }
    }

    /// That of the fleet: the working tree.
    pub fn fleet(&self) -> &Repository<'a> {
        &self.fleet
    }

    /// The others that are available, each at every revision that the fleet reads, by their names and revisions.
    pub fn others(&self) -> &[Repository<'a>] {
        &self.resolved().0
    }

    /// The URLs of those that are not available, sorted: nothing is known about what they hold.
    pub fn unavailable(&self) -> &[String] {
        &self.resolved().1
    }

    /// All that are available, the fleet's first.
    pub fn iter(&self) -> impl Iterator<Item = &Repository<'a>> {
        std::iter::once(&self.fleet).chain(self.others())
    }

    /// The commands that create an object, or may (see [`Created::is_certain`]), in the order of the repositories and files.
    pub fn created(&self, kind: ObjectKind, namespace: &str, name: &str) -> Vec<Created<'_>> {
        let index = self.index.get_or_init(|| Index::of(self.iter().map(Repository::facts)));
        let all: Vec<&Repository<'a>> = self.iter().collect();
        let mut found = index.find(kind, namespace, name);
        found.sort_unstable();
        let created = found.into_iter().filter_map(|(repository, command, is_certain)| {
            let repository = all.get(repository)?;
            let (path, command) = repository.facts().commands().nth(command)?;
            let Action::Create(object) = &command.action else { return None };
            Some(Created { repository: &repository.tree.repository, path, command, object, is_certain })
        });
        created.collect()
    }

    fn resolved(&self) -> &(Vec<Repository<'a>>, Vec<String>) {
        self.others.get_or_init(|| {
            let (mut found, mut unavailable) = (Vec::new(), Vec::new());
            for (address, reference) in (self.named)() {
                match self.sources.resolve(&address, &reference) {
                    Resolution::Tree(tree) => found.push((tree, address)),
                    _ => unavailable.push(url::without_user(&address)),
                }
            }
            found.sort_by(|(left, _), (right, _)| {
                (&left.repository, &left.revision).cmp(&(&right.repository, &right.revision))
            });
            found.dedup_by(|(later, _), (earlier, _)| Arc::ptr_eq(later, earlier));
            unavailable.sort_unstable();
            unavailable.dedup();
            let repository = |(tree, address)| Repository {
                tree,
                history: History::Source(self.sources, address),
                documents: self.fleet.documents,
                facts: OnceLock::new(),
                markers: OnceLock::new(),
            };
            (found.into_iter().map(repository).collect(), unavailable)
        })
    }
}

impl Repository<'_> {
    /// Pages of Markdown, by path.
    pub fn runbooks(&self) -> &[Runbook] {
        &self.facts().runbooks
    }

    /// Workflows and composite actions, by path.
    pub fn workflows(&self) -> &[Workflow] {
        &self.facts().workflows
    }

    /// Scripts, by path.
    pub fn scripts(&self) -> &[Script] {
        &self.facts().scripts
    }

    /// The files that were not read.
    pub fn unread(&self) -> &[UnreadFile] {
        &self.facts().unread
    }

    /// All commands with the path of their file: of runbooks, then of scripts, then of workflows.
    pub fn commands(&self) -> impl Iterator<Item = (&SmolStr, &Command)> {
        self.facts().commands()
    }

    /// The markers in its manifests.
    pub fn markers(&self) -> &Markers {
        self.markers.get_or_init(|| Markers::read(&self.tree, self.documents))
    }

    /// The URL by which the fleet reads it; `None` for the fleet's own.
    pub fn address(&self) -> Option<&str> {
        match &self.history {
            History::Source(_, address) => Some(address),
            History::Checkout(_) => None,
        }
    }

    /// Whether it is another repository, read by this URL, at this branch. A plain folder counts as every branch.
    pub fn is_read_at(&self, address: &str, branch: &str) -> bool {
        let is_at = |revision: &Arc<str>| revision.strip_prefix("refs/heads/").unwrap_or(revision) == branch;
        match &self.history {
            History::Source(_, known) => url::same(known, address) && self.tree.revision.as_ref().is_none_or(is_at),
            History::Checkout(_) => false,
        }
    }

    /// Compares two branches.
    ///
    /// # Errors
    /// What the history at hand cannot say; see [`HistoryGap`].
    pub fn compare(&self, base: &str, head: &str) -> Result<Comparison, HistoryGap> {
        match &self.history {
            History::Checkout(checkout) => checkout.compare(base, head),
            History::Source(sources, address) => sources.compare(address, base, head),
        }
    }

    /// Whether somebody has asked for facts.
    #[cfg(test)]
    pub(crate) fn is_read(&self) -> bool {
        self.facts.get().is_some()
    }

    fn facts(&self) -> &Facts {
        self.facts.get_or_init(|| Facts::read(&self.tree, self.documents))
    }
}

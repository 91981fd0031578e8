//! Whether something that fleetlint does not see may create an object that the graph does not hold, and what.

use std::collections::BTreeSet;
use std::fmt;

use smol_str::SmolStr;

use super::Existence;
use crate::fleet::roles::Role;
use crate::fleet::unseen::is_flux_group;
use crate::fleet::{Bounds, ClusterObject, Outcome, Reconciler, ReconcilerKind, Remote, UnknownReason, Unseen};
use crate::flux::build::clean_path;
use crate::flux::propagation::may_make;
use crate::object::{Object, ObjectId};
use crate::source::url;
use crate::yaml::scalar::{Typed, resolve};
use crate::yaml::{Node, Span};

/// Where everybody has repositories, so that the host says nothing about the owner.
const PUBLIC_HOSTS: [&str; 5] = ["github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "ghcr.io"];

/// What may create an object that the graph does not hold.
#[derive(Clone, Debug)]
pub struct Creator<'a> {
    /// `None`: nothing that the graph holds, but something that was applied beside it.
    pub object: Option<&'a Object>,
    /// It is an object whose own name is not known, and no reconciler.
    pub is_itself: bool,
    /// Why it is not known what it creates, or is called.
    pub reason: String,
    /// The variable that is empty in the path of the reconciler, if that is why.
    pub empty: Option<SmolStr>,
    /// The reconciler that may create it, and those that apply this one, up to the root.
    pub makers: Vec<ObjectId>,
}

impl fmt::Display for Creator<'_> {
    /// `Kustomization a/b may create it (…)`, as the end of a reason.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(object) = self.object else { return f.write_str(&self.reason) };
        let id = &object.id;
        let may = if self.is_itself { "may be it" } else { "may create it" };
        match id.namespace.as_str() {
            "" => write!(f, "{} `{}` {may} ({})", id.kind, id.name, self.reason),
            namespace => write!(f, "{} `{namespace}/{}` {may} ({})", id.kind, id.name, self.reason),
        }
    }
}

impl<'a> Existence<'a> {
    /// What may create an object that is not in the graph: a reconciler of which not all is known, or an object whose own name
    /// is not known, or what was applied beside the roots. `None`: nothing can. What hangs below one of `waiting` does not count: it cannot be there before those are
    /// applied, and they wait for the object.
    pub fn could_create(self, id: &ObjectId, waiting: &[&Reconciler]) -> Option<Creator<'a>> {
        self.could_create_by(id, waiting, |_| true)
    }

    /// The same, where only some reconcilers count.
    pub(super) fn could_create_by(
        self,
        id: &ObjectId,
        waiting: &[&Reconciler],
        counts: impl Fn(&Reconciler) -> bool,
    ) -> Option<Creator<'a>> {
        let is_waiting = |reconciler: &Reconciler| waiting.iter().any(|it| std::ptr::eq(*it, reconciler));
        let is_below = |reconciler: &Reconciler| self.cluster.graph().ancestors_and_self(reconciler).any(is_waiting);
        let mut unseen = self.cluster.reconcilers.iter().filter(|reconciler| !reconciler.is_remote);
        let reconciler =
            unseen.find(|reconciler| counts(reconciler) && self.may_create(reconciler, id) && !is_below(reconciler));
        let by_reconciler = reconciler.map(|it| Creator {
            object: Some(&it.object),
            is_itself: false,
            reason: reason(it),
            empty: empty_in_path(it),
            makers: self.cluster.graph().line_of(it),
        });
        let known = by_reconciler.or_else(|| {
            let mut open = self.index.open_objects.iter().filter_map(|index| self.cluster.objects.get(*index));
            let placed = open.find(|placed| self.may_become(*placed, id));
            placed.map(|placed| {
                let name = placed.object.at("/metadata/name").and_then(Node::text).unwrap_or_default();
                let is_open = name.contains("${") || placed.object.at("/metadata/name").is_none_or(has_variable);
                let reason =
                    if is_open { "its name holds a variable that is not known" } else { "its name is no text" };
                let makers = self
                    .cluster
                    .applied_by(placed)
                    .map(|maker| self.cluster.graph().line_of(maker))
                    .unwrap_or_default();
                Creator { object: Some(placed.object), is_itself: true, reason: reason.to_owned(), empty: None, makers }
            })
        });
        let known = known.or_else(|| self.policy_that_may_make(id));
        let beside = |why: &str| Creator {
            object: None,
            is_itself: false,
            reason: why.to_owned(),
            empty: None,
            makers: Vec::new(),
        };
        known.or_else(|| self.may_hold(id).map(beside))
    }

    /// A policy of Kyverno that may make an object, by what of it is not evaluated.
    fn policy_that_may_make(self, id: &ObjectId) -> Option<Creator<'a>> {
        let namespace = self.cluster.namespace(&id.namespace).map(|placed| placed.object);
        self.cluster.objects.with_role(Role::Policy).find_map(|placed| {
            let reason = may_make(placed.object, (&id.kind, &id.namespace, &id.name), namespace)?;
            let makers =
                self.cluster.applied_by(placed).map(|maker| self.cluster.graph().line_of(maker)).unwrap_or_default();
            Some(Creator {
                object: Some(placed.object),
                is_itself: false,
                reason: reason.to_owned(),
                empty: None,
                makers,
            })
        })
    }

    fn may_create(self, reconciler: &Reconciler, id: &ObjectId) -> bool {
        match &reconciler.unseen {
            Unseen::Nothing => false,
            Unseen::Anything => match reconciler.kind {
                ReconcilerKind::HelmRelease => self.chart_may_create(reconciler, id),
                ReconcilerKind::ResourceSet => set_may_create(&reconciler.object, id),
                _ => {
                    self.is_reachable(reconciler, id)
                        && !(is_flux_group(&id.group) && self.holds_foreign_crds(reconciler))
                }
            },
            Unseen::Bounded(bounds) => self.is_reachable(reconciler, id) && self.is_within(bounds, reconciler, id),
        }
    }

    pub(super) fn is_within(self, bounds: &Bounds, reconciler: &Reconciler, id: &ObjectId) -> bool {
        let places: BTreeSet<Span> = reconciler.applied.iter().filter_map(|object| object.document()).collect();
        let brings = |remote: &Remote| {
            let is_inside = remote.namespace.as_ref().is_none_or(|namespace| *namespace == id.namespace);
            (is_inside || id.namespace.is_empty()) && (!is_flux_group(&id.group) || self.brings_flux_objects(remote))
        };
        bounds.remote.iter().any(brings) || bounds.files.as_ref().is_some_and(|files| files.may_name(id, &places))
    }

    /// Whether a Kustomization reads a source of somebody who owns none of what the cluster's roots read.
    pub(super) fn is_published_by_others(self, reconciler: &Reconciler) -> bool {
        let url = |it: &Reconciler| it.source.as_ref()?.object.as_ref()?.str("/spec/url").map(str::to_owned);
        let roots: Vec<String> = self.cluster.roots().filter_map(url).collect();
        let is_known = !roots.is_empty() && self.cluster.roots().all(has_known_url);
        is_known
            && url(reconciler)
                .is_some_and(|url| !url.contains('$') && !roots.iter().any(|root| may_share_owner(&url, root)))
    }

    /// Whether a Kustomization reads the CRDs (`config/crd`) of a repository that those who own the fleet do not own.
    pub(super) fn holds_foreign_crds(self, reconciler: &Reconciler) -> bool {
        let is_crds = path_of(reconciler).split('/').any(|segment| matches!(segment, "crd" | "crds"));
        let source = reconciler.source.as_ref().and_then(|source| source.object.as_ref()?.str("/spec/url"));
        let own = |root: &Reconciler| root.source.as_ref()?.object.as_ref()?.str("/spec/url").map(str::to_owned);
        let is_own = |url: &str| self.cluster.roots().filter_map(own).any(|root| may_share_owner(url, &root));
        is_crds
            && self.cluster.roots().all(has_known_url)
            && source.is_some_and(|url| !url.contains("flux") && !is_own(url))
    }

    /// Whether something from elsewhere may hold objects of Flux: a base, or a file of those who own the fleet's sources.
    fn brings_flux_objects(self, remote: &Remote) -> bool {
        let Some(published) = &remote.published else { return true };
        let sources =
            self.cluster.reconcilers.iter().filter_map(|reconciler| reconciler.source.as_ref()?.object.as_ref());
        let mut urls = sources.filter_map(|source| source.str("/spec/url"));
        let is_own = !published.is_empty() && urls.any(|url| may_share_owner(published, url));
        published.contains("flux") || is_own || self.cluster.roots().any(|root| !has_known_url(root))
    }

    /// Whether the objects of a Kustomization may go to a namespace. `targetNamespace` puts all of them into one.
    pub(super) fn is_reachable(self, reconciler: &Reconciler, id: &ObjectId) -> bool {
        let target = reconciler.object.str("/spec/targetNamespace").filter(|target| !target.is_empty());
        match target {
            _ if id.namespace.is_empty() => true,
            Some(target) => target == id.namespace || target.contains('$'),
            None => !self.is_elsewhere(reconciler, id),
        }
    }

    /// Whether the paths say that a namespace is none of a Kustomization's: its own path names another namespace of the
    /// cluster (`tenants/team-a`), and that of another Kustomization names this one. What is in the namespaces of Flux and of
    /// the Kustomization itself, anybody may bring.
    fn is_elsewhere(self, reconciler: &Reconciler, id: &ObjectId) -> bool {
        let (own, flux) = (&reconciler.object.id.namespace, &self.cluster.flux_namespace);
        if id.namespace == *own || id.namespace == *flux || self.cluster.namespace(&id.namespace).is_none() {
            return false;
        }
        let names_it = |reconciler: &Reconciler| path_of(reconciler).split('/').any(|segment| segment == id.namespace);
        let path = path_of(reconciler);
        let names_other = path.split('/').any(|segment| segment != *flux && self.cluster.namespace(segment).is_some());
        names_other && !names_it(reconciler) && self.index.path_segments.contains(id.namespace.as_str())
    }

    /// Whether an object may have that name in the end: it holds a variable of which the value is not known.
    fn may_become(self, placed: ClusterObject<'_>, id: &ObjectId) -> bool {
        let is_failed = self.cluster.applied_by(placed).is_some_and(|reconciler| reconciler.outcome == Outcome::Failed);
        let object = &placed.object;
        // A number is no name: the API server refuses it, and what is meant is another one.
        let is_no_text = |node: &Node| !matches!(resolve(node), Ok(Typed::String));
        let is_wrong_name = object.at("/metadata/name").is_some_and(is_no_text);
        if placed.settled && !is_failed && !is_wrong_name {
            return false;
        }
        // Of what fails, undefined variables are empty.
        let is_open = |node: &Node| {
            let is_empty = is_failed && node.origin.variable().is_some();
            node.text().is_some_and(|text| text.contains("${")) || is_empty || is_no_text(node)
        };
        let field = |pointer: &str, wanted: &str| {
            object.at(pointer).is_some_and(|node| node.text() == Some(wanted) || is_open(node) && may_be(node, wanted))
        };
        let kind = object.id.kind == id.kind || object.id.kind.contains("${");
        let namespace = object.id.namespace.is_empty() || field("/metadata/namespace", &id.namespace);
        let mut identity = ["/metadata/name", "/metadata/namespace", "/kind"].iter().filter_map(|it| object.at(it));
        identity.any(is_open) && kind && namespace && field("/metadata/name", &id.name)
    }
}

fn has_variable(node: &Node) -> bool {
    node.origin.variable().is_some() || matches!(resolve(node), Ok(Typed::String))
}

/// Whether it is known where a root's files come from, and so who owns the fleet.
fn has_known_url(root: &Reconciler) -> bool {
    let source = || root.source.as_ref()?.object.as_ref()?.str("/spec/url");
    root.kind != ReconcilerKind::Kustomization || source().is_some()
}

/// Whether a file may be of those who own a repository: its URL names the owner, or the domain of a server of their own.
fn may_share_owner(file: &str, repository: &str) -> bool {
    let (file, repository) = (file.to_lowercase(), url::normalize(repository).to_lowercase());
    let mut segments = repository.split('/');
    let host = segments.next().unwrap_or_default();
    let owner = match PUBLIC_HOSTS.contains(&host) {
        true => segments.next(),
        false => host.rsplit('.').nth(1).or(Some(host)),
    };
    repository.contains('$') || owner.is_none_or(|owner| owner.is_empty() || file.contains(owner))
}

/// The folder that a Kustomization builds.
fn path_of(reconciler: &Reconciler) -> String {
    let path = reconciler.object.str("/spec/path").filter(|_| reconciler.kind == ReconcilerKind::Kustomization);
    clean_path(path.unwrap_or_default())
}

/// Whether a ResourceSet whose inputs are not known may create an object, by what its templates say.
pub(super) fn set_may_create(set: &Object, id: &ObjectId) -> bool {
    let templates = || ["/spec/resources", "/spec/resourcesTemplate"].iter().filter_map(|field| set.at(field));
    let names = |word: &str| templates().flat_map(Node::scalars).filter_map(Node::text).any(|text| text.contains(word));
    // What these would apply is not known.
    let applies = names("Kustomization") || names("ResourceSet") || names("HelmRelease");
    let is_named = || names(&id.name) || OPEN.iter().any(|open| names(open));
    applies || templates().any(has_open_kind) || names(&id.kind) && is_named()
}

/// How an expression of a template or a substitution begins.
const OPEN: [&str; 2] = ["<<", "${"];

/// Whether a template leaves the kind of an object open.
fn has_open_kind(node: &Node) -> bool {
    let is_open = |text: &str| OPEN.iter().any(|open| text.trim_start().trim_start_matches('"').starts_with(open));
    let in_text = |text: &str| text.split("kind:").skip(1).any(is_open);
    node.text().is_some_and(in_text)
        || node.items().iter().any(has_open_kind)
        || node.entries().iter().any(|entry| {
            entry.key.text() == Some("kind") && entry.value.text().is_some_and(is_open) || has_open_kind(&entry.value)
        })
}

/// Whether a text may be another one once its variables have values.
fn may_be(node: &Node, wanted: &str) -> bool {
    let text = node.text().unwrap_or_default();
    match (text.split_once("${"), text.rsplit_once('}')) {
        (Some((before, _)), Some((_, after))) => {
            text.contains("$$") || wanted.len() >= before.len() && wanted.starts_with(before) && wanted.ends_with(after)
        }
        _ => true,
    }
}

fn empty_in_path(reconciler: &Reconciler) -> Option<SmolStr> {
    match &reconciler.outcome {
        Outcome::Undetermined(reason) => match &**reason {
            UnknownReason::EmptyInPath(name) => Some(name.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// Why it is not known what a reconciler creates.
pub(super) fn reason(reconciler: &Reconciler) -> String {
    match &reconciler.outcome {
        Outcome::Undetermined(reason) => reason.to_string(),
        Outcome::SourceNotFound => "nothing in the fleet defines its source".to_owned(),
        Outcome::ReferenceNotFound { .. } => "the branch or tag of its source does not exist".to_owned(),
        Outcome::Failed => "its build fails".to_owned(),
        Outcome::Rendered | Outcome::PathNotFound | Outcome::Opaque => "its chart is not rendered".to_owned(),
    }
}

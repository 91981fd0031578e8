//! A rule of a role: which requests it allows, and which rules it covers.

use std::fmt;

use smol_str::SmolStr;

use super::request::{Request, ResourceRequest};
use crate::yaml::Node;

/// What matches everything.
const ALL: &str = "*";

/// A rule as a role has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PolicyRule {
    pub verbs: Vec<SmolStr>,
    pub groups: Vec<SmolStr>,
    pub resources: Vec<SmolStr>,
    /// The objects that it is about; empty for all.
    pub names: Vec<SmolStr>,
    pub urls: Vec<SmolStr>,
}

impl PolicyRule {
    /// Reads an entry of `rules`.
    pub fn read(node: &Node) -> Self {
        let list = |key: &str| {
            let items = node.get(key).map(Node::items).unwrap_or_default();
            items.iter().filter_map(Node::text).map(SmolStr::from).collect()
        };
        Self {
            verbs: list("verbs"),
            groups: list("apiGroups"),
            resources: list("resources"),
            names: list("resourceNames"),
            urls: list("nonResourceURLs"),
        }
    }

    /// Everything: what `cluster-admin` holds.
    pub fn everything() -> [Self; 2] {
        let all = || vec![ALL.into()];
        let resources = Self { verbs: all(), groups: all(), resources: all(), ..Self::default() };
        [resources, Self { verbs: all(), urls: all(), ..Self::default() }]
    }

    /// Whether it allows a request (kubernetes-facts section 2).
    pub fn allows(&self, request: &Request<'_>) -> bool {
        match request {
            Request::Resource(request) => self.allows_resource(request),
            Request::Url { verb, path } => has(&self.verbs, verb) && self.urls.iter().any(|url| url_covers(url, path)),
        }
    }

    fn allows_resource(&self, request: &ResourceRequest<'_>) -> bool {
        let ResourceRequest { verb, group, resource, subresource, name, .. } = request;
        let is_resource = |rule: &SmolStr| match (rule.as_str(), *subresource) {
            (ALL, _) => true,
            (rule, "") => rule == *resource,
            (rule, subresource) => {
                let is_its =
                    |resource: &str| rule.strip_prefix(resource)?.strip_prefix('/').map(|it| it == subresource);
                is_its(resource) == Some(true) || is_its("*") == Some(true)
            }
        };
        has(&self.verbs, verb)
            && has(&self.groups, group)
            && self.resources.iter().any(is_resource)
            && (self.names.is_empty() || self.names.iter().any(|known| known == name))
    }

    /// Its parts, each about one verb of one thing.
    pub(super) fn atoms(&self) -> impl Iterator<Item = Atom<'_>> {
        let resources = self.groups.iter().flat_map(move |group| {
            self.resources.iter().flat_map(move |resource| {
                self.verbs.iter().flat_map(move |verb| {
                    let named = self.names.iter().map(|name| Some(name.as_str()));
                    let names = named.chain(self.names.is_empty().then_some(None));
                    names.map(move |name| Atom::Resource { verb, group, resource, name })
                })
            })
        });
        let urls = self.urls.iter().flat_map(|url| self.verbs.iter().map(move |verb| Atom::Url { verb, url }));
        resources.chain(urls)
    }

    /// Whether it covers an atom of another rule: who holds it may grant the atom.
    pub(super) fn covers(&self, atom: &Atom<'_>) -> bool {
        match *atom {
            Atom::Resource { verb, group, resource, name } => {
                let is_named = |name: &str| self.names.iter().any(|known| known == name);
                has(&self.verbs, verb)
                    && has(&self.groups, group)
                    && self.covers_resource(resource)
                    && (self.names.is_empty() || name.is_some_and(is_named))
            }
            Atom::Url { verb, url } => {
                has(&self.verbs, verb)
                    && self.urls.iter().any(|own| own == url || url_prefix(own).is_some_and(|it| url.starts_with(it)))
                    && self.names.is_empty()
            }
        }
    }

    fn covers_resource(&self, resource: &str) -> bool {
        let by_subresource = || {
            let (_, subresource) = resource.split_once('/')?;
            self.resources.iter().find(|own| own.strip_prefix("*/") == Some(subresource))
        };
        has(&self.resources, resource) || by_subresource().is_some()
    }

    /// Whether it gives every verb on every object of every group.
    pub fn is_unlimited(&self) -> bool {
        let is_all = |list: &[SmolStr]| list.iter().any(|it| it == ALL);
        is_all(&self.verbs) && is_all(&self.groups) && is_all(&self.resources) && self.names.is_empty()
    }
}

/// One verb of one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Atom<'a> {
    Resource { verb: &'a str, group: &'a str, resource: &'a str, name: Option<&'a str> },
    Url { verb: &'a str, url: &'a str },
}

impl fmt::Display for Atom<'_> {
    /// `verb` on `resource.group`, as kubectl users write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Url { verb, url } => write!(f, "`{verb}` on `{url}`"),
            Self::Resource { verb, group, resource, name } => {
                let dot = if group.is_empty() { "" } else { "." };
                write!(f, "`{verb}` on `{resource}{dot}{group}`")?;
                name.map_or(Ok(()), |name| write!(f, " named `{name}`"))
            }
        }
    }
}

/// Whether a list holds a word, or `*`.
fn has(list: &[SmolStr], word: &str) -> bool {
    list.iter().any(|it| it == ALL || it == word)
}

/// What a URL that ends in `*` is a prefix of.
fn url_prefix(url: &str) -> Option<&str> {
    url.ends_with(ALL).then(|| url.trim_end_matches(ALL))
}

fn url_covers(rule: &str, path: &str) -> bool {
    rule == ALL || rule == path || url_prefix(rule).is_some_and(|prefix| path.starts_with(prefix))
}

//! Fields that name other objects: which kinds, in which namespace, and what the lockdown says to it.

use std::sync::OnceLock;

use crate::object::{Object, ObjectId};
use fleetlint_yaml::Node;

static TEXT: &str = include_str!("../../kinds/references.txt");

/// The group of a health check that names none, as in the first API version of Kustomizations.
const DEFAULT_GROUP: &str = "apps";

/// A field that names another object.
#[derive(Debug)]
pub struct Reference {
    pub group: &'static str,
    pub kind: &'static str,
    /// `spec.dependsOn[]`: a name, or an object with a `name`.
    pub path: &'static str,
    /// The kinds that it can name, with their groups.
    pub targets: Vec<(&'static str, &'static str)>,
    pub namespace: Namespace,
    /// Whether `--no-cross-namespace-refs` forbids another namespace (domain-facts section 2).
    pub is_locked: bool,
    /// What the object is a credential for, if it is one.
    pub credential: Option<Credential>,
    /// JSON pointers of the field and of the name in it, `*` for each item.
    pub pointer: String,
    pub name: String,
}

/// What a field of an object names.
#[derive(Clone, Debug)]
pub struct Named {
    /// JSON pointer of the name.
    pub name: String,
    /// The object, in the namespace where the controller looks for it.
    pub id: ObjectId,
    /// Nothing fails without it.
    pub is_optional: bool,
}

/// In which namespace the object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Namespace {
    /// That of the object with the reference.
    Own,
    /// That which the field `namespace` beside the name says, its own by default.
    Field,
    /// The same without a default: an object without a namespace is looked for.
    Written,
    /// None: the kind is cluster-scoped.
    None,
}

/// What a credential is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// Whoever has it reads (and perhaps writes) what the object reads: a source, a registry, an API.
    Access,
    /// A client certificate, or the authority to trust.
    Certificate,
    /// User and password of a proxy.
    Proxy,
    /// Keys that decrypt what is in Git.
    Decryption,
    /// Access to another cluster.
    KubeConfig,
    /// What callers prove themselves with.
    Token,
    /// A private key that signs.
    Signing,
}

/// The references of a kind, in the order of its table.
pub fn of(group: &str, kind: &str) -> &'static [Reference] {
    let all = all();
    let start = all.partition_point(|it| (it.kind, it.group) < (kind, group));
    let count = all[start..].iter().take_while(|it| it.group == group && it.kind == kind).count();
    &all[start..start + count]
}

/// All references, by kind.
pub fn all() -> &'static [Reference] {
    static ALL: OnceLock<Vec<Reference>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all: Vec<Reference> = TEXT.lines().filter_map(Reference::parse).collect();
        all.sort_by_key(|it| (it.kind, it.group));
        all
    })
}

impl Reference {
    /// Reads `group/Kind`, path, targets, the namespace, and flags. `None` for a comment.
    fn parse(line: &'static str) -> Option<Self> {
        if line.starts_with('#') {
            return None;
        }
        let mut columns = line.split('\t');
        let id = columns.next()?;
        let (group, kind) = id.rsplit_once('/').unwrap_or(("", id));
        let (path, targets) = (columns.next()?, targets(columns.next()?));
        let namespace = match columns.next()? {
            "field" => Namespace::Field,
            "written" => Namespace::Written,
            "none" => Namespace::None,
            _ => Namespace::Own,
        };
        let flags: Vec<&str> = columns.collect();
        let pointer = pointer(path);
        let name = if flags.contains(&"name") { pointer.clone() } else { format!("{pointer}/name") };
        let is_locked = flags.contains(&"locked");
        let credential = flags.iter().find_map(|flag| Credential::parse(flag.strip_prefix("credential=")?));
        Some(Self { group, kind, path, targets, namespace, is_locked, credential, pointer, name })
    }

    /// Whether an object has it at most once: it is in no list.
    pub fn is_single(&self) -> bool {
        !self.path.contains(['[', '{'])
    }

    /// What the field of an object names, once for each item. Left out are items without a name, those that select by
    /// labels or by `*`, and kinds that the field does not take.
    pub fn named(&self, object: &Object) -> Vec<Named> {
        let suffix = self.name.strip_prefix(&self.pointer).unwrap_or_default();
        let places = self.places(object).into_iter();
        places.filter_map(|place| self.named_at(object, &place, suffix)).collect()
    }

    fn named_at(&self, object: &Object, place: &str, suffix: &str) -> Option<Named> {
        let item = object.at(place)?;
        let field = |key: &str| item.get(key).and_then(Node::text_if_set).filter(|text| !text.is_empty());
        let name = if suffix.is_empty() { item.text_if_set() } else { field("name") };
        let name = name.filter(|name| !name.is_empty() && *name != "*" && item.get("matchLabels").is_none())?;
        let (group, kind) = self.target(field("apiVersion"), field("kind"))?;
        let own = || object.id.namespace.as_str();
        let namespace = match self.namespace {
            Namespace::Own => own(),
            Namespace::Field => field("namespace").unwrap_or_else(own),
            Namespace::Written => field("namespace").unwrap_or_default(),
            Namespace::None => "",
        };
        let id = ObjectId { group: group.into(), kind: kind.into(), namespace: namespace.into(), name: name.into() };
        Some(Named { name: format!("{place}{suffix}"), id, is_optional: field("optional") == Some("true") })
    }

    /// Group and kind of what an item names. The kind need not be written where there is only one.
    fn target<'a>(&self, api_version: Option<&'a str>, kind: Option<&'a str>) -> Option<(&'a str, &'a str)> {
        let group = api_version.map(|version| version.rsplit_once('/').map_or("", |(group, _)| group));
        if self.targets.iter().any(|(_, target)| *target == "*") {
            return Some((group.unwrap_or(DEFAULT_GROUP), kind?));
        }
        let is_it = |target: &&(&str, &str)| {
            kind.is_none_or(|kind| kind == target.1) && group.is_none_or(|group| group == target.0)
        };
        let mut taken = self.targets.iter().filter(is_it);
        let only = taken.next().copied();
        only.filter(|_| taken.next().is_none())
    }

    /// Where an object has the field: JSON pointers, one per item where it is in a list. The field need not be there.
    pub fn places(&self, object: &Object) -> Vec<String> {
        self.pointer.split("/*").fold(Vec::new(), |bases, part| match bases.is_empty() {
            true => vec![part.to_owned()],
            false => {
                let items = bases.iter().flat_map(|base| {
                    let count = object.at(base).map(Node::items).unwrap_or_default().len();
                    (0..count).map(move |index| format!("{base}/{index}{part}"))
                });
                items.collect()
            }
        })
    }
}

impl Credential {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "access" => Self::Access,
            "certificate" => Self::Certificate,
            "proxy" => Self::Proxy,
            "decryption" => Self::Decryption,
            "kubeconfig" => Self::KubeConfig,
            "token" => Self::Token,
            "signing" => Self::Signing,
            _ => return None,
        })
    }
}

/// `Secret|source.toolkit.fluxcd.io/GitRepository|Bucket`: a group counts for the kinds after it, too.
fn targets(text: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut group = "";
    let target = |item: &'static str| match item.rsplit_once('/') {
        Some((of, kind)) => {
            group = of;
            (of, kind)
        }
        None => (group, item),
    };
    text.split('|').map(target).collect()
}

/// `spec.dependsOn[]` as a pointer: `/spec/dependsOn/*`.
fn pointer(path: &str) -> String {
    format!("/{}", path.replace("[]", ".*").replace("{}", ".*").replace('.', "/"))
}

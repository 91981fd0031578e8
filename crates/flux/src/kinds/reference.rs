//! Fields that name other objects: which kinds, in which namespace, and what the lockdown says to it.

use std::sync::OnceLock;

use crate::object::Object;
use fleetlint_yaml::Node;

static TEXT: &str = include_str!("../../kinds/references.txt");

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

/// In which namespace the object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Namespace {
    /// That of the object with the reference.
    Own,
    /// That which the field `namespace` beside the name says, its own by default.
    Field,
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
    /// Reads `group/Kind`, path, targets, `own` or `field`, and flags. `None` for a comment.
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

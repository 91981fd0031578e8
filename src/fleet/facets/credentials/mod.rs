//! Git credentials: which Secret, which token.

mod plain_text;
mod policies;
mod readable;
mod url;
mod uses;
mod wide_clones;

use smol_str::SmolStr;

use crate::credentials::Token;
use crate::fleet::{AppliedBy, Cluster, ClusterObject, Fleet, ReconcilerKind};
use crate::flux::kinds::{self, Credential};
use crate::flux::propagation::copied_from;
use crate::object::Object;

pub use plain_text::{PlainText, Undecrypted};
pub use readable::ReadableSecret;
pub use url::{UrlCredential, url_credential};
pub use uses::{Login, TokenUse};
pub use wide_clones::WideClone;

/// The credentials of a cluster. What it looks up is found by identity, so it has no index.
#[derive(Clone, Copy, Debug)]
pub struct Credentials<'a> {
    fleet: &'a Fleet,
    cluster: &'a Cluster,
}

impl Fleet {
    /// The facet of credentials of a cluster.
    pub fn credentials<'a>(&'a self, cluster: &'a Cluster) -> Credentials<'a> {
        Credentials { fleet: self, cluster }
    }
}

/// A reference to a Secret of the object's own namespace.
#[derive(Clone, Debug)]
pub struct SecretReference {
    /// JSON pointer of the field that holds the name.
    pub pointer: &'static str,
    pub name: SmolStr,
}

/// The Secret that an object logs in with.
pub fn credential(object: &Object) -> Option<SecretReference> {
    let mut all = kinds::references(&object.id.group, &object.id.kind).iter();
    let pointer = all.find(|it| it.credential == Some(Credential::Access)).map(|it| it.name.as_str())?;
    let name = object.str(pointer).filter(|name| !name.is_empty())?;
    Some(SecretReference { pointer, name: name.into() })
}

impl<'a> Credentials<'a> {
    /// The Secret that a source reads its credential from, and the token that it holds.
    pub fn credential(self, source: ClusterObject<'_>) -> Option<(ClusterObject<'a>, &'a Token)> {
        let reference = credential(source.object)?;
        let secret = self.cluster.find("", "Secret", &source.object.id.namespace, &reference.name)?;
        Some((secret, self.token(secret)?))
    }

    /// The token that a Secret holds, declared or assumed: its own, or that of the Secret it is a copy of.
    pub fn token(self, secret: ClusterObject<'a>) -> Option<&'a Token> {
        let id = &self.original_of(secret).object.id;
        self.fleet.profile.tokens.iter().find(|token| token.is_in(&id.namespace, &id.name))
    }

    /// The Secret that another one is a copy of; itself where it is none.
    pub fn original_of(self, secret: ClusterObject<'a>) -> ClusterObject<'a> {
        match secret.by {
            AppliedBy::Copy { source, .. } => self.cluster.objects.get(source).unwrap_or(secret),
            _ => self.copied_by_operator(secret).unwrap_or(secret),
        }
    }

    /// Namespace and name of the Secret that another one is a copy of; its own where it is none.
    pub fn original(self, (namespace, name): &(SmolStr, SmolStr)) -> (SmolStr, SmolStr) {
        let found = self.cluster.find("", "Secret", namespace, name).map(|secret| &self.original_of(secret).object.id);
        found.map_or_else(|| (namespace.clone(), name.clone()), |id| (id.namespace.clone(), id.name.clone()))
    }

    /// The Secret that a ResourceSet copies into another one.
    fn copied_by_operator(self, secret: ClusterObject<'_>) -> Option<ClusterObject<'a>> {
        let by_operator = self.cluster.applied_by(secret)?.kind == ReconcilerKind::ResourceSet;
        let from = copied_from(secret.object, by_operator)?;
        self.cluster.find("", "Secret", from.namespace, from.name)
    }
}

//! Git credentials: which Secret, which token, who pushes with it.

use smol_str::SmolStr;

use crate::credentials::Token;
use crate::fleet::roles::Role;
use crate::fleet::secret_producers::maker_of;
use crate::fleet::{AppliedBy, Cluster, ClusterObject, Fleet, ReconcilerKind};
use crate::flux::api::{group, source_reference};
use crate::flux::kinds::{self, Credential};
use crate::flux::propagation::copied_from;
use crate::object::{Object, ObjectId};

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

impl Fleet {
    /// The Secret that a source reads its credential from, and the token that it holds.
    pub fn credential<'a>(
        &'a self,
        cluster: &'a Cluster,
        source: ClusterObject<'_>,
    ) -> Option<(ClusterObject<'a>, &'a Token)> {
        let reference = credential(source.object)?;
        let secret = cluster.find("", "Secret", &source.object.id.namespace, &reference.name)?;
        Some((secret, self.token(cluster, secret)?))
    }

    /// The token that a Secret holds, declared or assumed: its own, or that of the Secret it is a copy of.
    pub fn token<'a>(&'a self, cluster: &'a Cluster, secret: ClusterObject<'a>) -> Option<&'a Token> {
        let id = &cluster.original_of(secret).object.id;
        self.profile.tokens.iter().find(|token| token.is_in(&id.namespace, &id.name))
    }
}

impl Cluster {
    /// The Secret that another one is a copy of; itself where it is none.
    pub fn original_of<'a>(&'a self, secret: ClusterObject<'a>) -> ClusterObject<'a> {
        match secret.by {
            AppliedBy::Copy { source, .. } => self.objects.get(source).unwrap_or(secret),
            _ => self.copied_by_operator(secret).unwrap_or(secret),
        }
    }

    /// The Secret that a ResourceSet copies into another one.
    fn copied_by_operator(&self, secret: ClusterObject<'_>) -> Option<ClusterObject<'_>> {
        let by_operator = self.applied_by(secret)?.kind == ReconcilerKind::ResourceSet;
        let from = copied_from(secret.object, by_operator)?;
        self.find("", "Secret", from.namespace, from.name)
    }

    /// The ImageUpdateAutomations, each with the GitRepository that it pushes to.
    pub fn automations(&self) -> impl Iterator<Item = (ClusterObject<'_>, ClusterObject<'_>)> {
        self.of_kind(group::IMAGE, "ImageUpdateAutomation").filter_map(|automation| {
            let reference = source_reference(automation.object)?;
            Some((automation, self.source_of(automation.object, &reference)?))
        })
    }

    /// The ImageUpdateAutomations that push to a GitRepository.
    pub fn automations_of<'a>(&'a self, repository: ClusterObject<'a>) -> impl Iterator<Item = ClusterObject<'a>> {
        let pushes = self.automations().filter(move |(_, target)| target.object.id == repository.object.id);
        pushes.map(|(automation, _)| automation)
    }

    /// Whether a Secret is on the cluster, or an object that makes it.
    pub fn has_secret(&self, id: &ObjectId) -> bool {
        let with = |role| self.objects.with_role(role).map(|placed| placed.object);
        let maker = || maker_of(with(Role::SecretMaker), with(Role::Namespace), &id.kind, &id.namespace, &id.name);
        self.get(id).is_some() || maker().is_some()
    }
}

//! What a person may have meant by a reference to an object that is not there.

use super::Existence;
use crate::fleet::unseen::is_flux_group;
use crate::fleet::{AppliedBy, Cluster, ClusterObject};
use crate::flux::kinds::{Namespace, Reference};
use crate::near;
use crate::object::{Object, ObjectId};

/// How many letters the hash has that kustomize adds to the name of what it generates.
const HASH_LENGTH: usize = 10;

/// An object that a person may have meant.
#[derive(Clone, Copy, Debug)]
pub enum Clue<'a> {
    /// Another kind that the field takes, with this name in this namespace.
    OtherKind(&'a Object),
    /// The same name with the hash that a generator adds.
    Hashed(&'a Object),
    /// The same name in another namespace.
    OtherNamespace(&'a Object),
    /// Almost the same name.
    NearName(&'a Object),
}

impl<'a> Clue<'a> {
    /// The object.
    pub fn object(self) -> &'a Object {
        match self {
            Self::OtherKind(object) | Self::Hashed(object) | Self::OtherNamespace(object) | Self::NearName(object) => {
                object
            }
        }
    }
}

impl<'a> Existence<'a> {
    /// What a person may have meant by a name. Of kinds that are not Flux's, where a field takes any, it is what the object
    /// with the field applies itself: others are called alike for reasons of their own.
    pub(super) fn clue(self, id: &ObjectId, object: &Object, reference: &Reference) -> Option<Clue<'a>> {
        let takes_any = reference.targets.iter().any(|(_, kind)| *kind == "*") && !is_flux_group(&id.group);
        let is_own = |placed: ClusterObject<'_>| match placed.by {
            AppliedBy::Reconciler(id) => self.cluster.reconciler(id).object.id == object.id,
            _ => false,
        };
        let targets = reference.targets.iter();
        let mut other_kinds =
            targets.filter_map(|(group, kind)| self.cluster.find(group, kind, &id.namespace, &id.name));
        // Of several nobody knows which one is meant.
        if let (Some(only), None) = (other_kinds.next(), other_kinds.next()) {
            return Some(Clue::OtherKind(only.object));
        }
        let alike = || {
            let all = self.cluster.objects.of_kind(&id.group, &id.kind).filter(|placed| !takes_any || is_own(*placed));
            all.map(|placed| placed.object)
        };
        let here = || alike().filter(|object| object.id.namespace == id.namespace);
        let hashed = here().find(|object| is_hashed(&object.id.name, &id.name)).map(Clue::Hashed);
        let namesakes = || alike().filter(|object| object.id.name == id.name && !object.id.namespace.is_empty());
        let in_flux = || namesakes().find(|object| object.id.namespace == self.cluster.flux_namespace);
        let elsewhere = || in_flux().or_else(|| namesakes().next()).map(Clue::OtherNamespace);
        let near = || {
            let near = here().filter_map(|object| Some((edits(&object.id.name, &id.name)?, object)));
            near.min_by_key(|(edits, object)| (*edits, object.id.name.clone()))
                .map(|(_, object)| Clue::NearName(object))
        };
        hashed.or_else(elsewhere).or_else(near)
    }
}

/// Whether a name is another one with a hash.
fn is_hashed(name: &str, written: &str) -> bool {
    let hash = name.strip_prefix(written).and_then(|rest| rest.strip_prefix('-'));
    hash.is_some_and(|hash| hash.len() == HASH_LENGTH && hash.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Whether one name may be the other one with a typo.
pub fn near_name(name: &str, written: &str) -> bool {
    name != written && edits(name, written).is_some()
}

/// How many edits make one name of the other, where these may be a typo: numbers are no typos.
fn edits(name: &str, written: &str) -> Option<usize> {
    let without_digits = |text: &str| text.chars().filter(|letter| !letter.is_ascii_digit()).collect::<String>();
    let edits = near::edits_within(name, written, 2)?;
    (edits <= (written.len() / 3).max(1) && without_digits(name) != without_digits(written)).then_some(edits)
}

impl Clue<'_> {
    /// What to do about a reference of an object.
    pub fn help(self, cluster: &Cluster, object: &Object, reference: &Reference, id: &ObjectId) -> String {
        let other = &self.object().id;
        let (kind, namespace) = (&object.id.kind, &other.namespace);
        match self {
            Self::OtherKind(_) => {
                format!("the object of this name is of kind {}: write `kind: {}`", other.kind, other.kind)
            }
            Self::Hashed(_) => format!(
                "the {} is named `{}`: kustomize adds a hash to what it generates, and changes this field only if \
                 `nameReference` in a file of `configurations` names it; or set `disableNameSuffixHash: true`",
                other.kind, other.name
            ),
            Self::NearName(_) => format!("did you mean `{}`?", other.name),
            Self::OtherNamespace(_) if reference.namespace == Namespace::Own => {
                let field = reference.path.trim_start_matches("spec.").trim_end_matches("[]");
                format!(
                    "there is one in namespace `{namespace}`, but `{field}` looks in the namespace of the {kind}, `{}`: \
                     put both into the same one",
                    object.id.namespace
                )
            }
            Self::OtherNamespace(_) if reference.is_locked && cluster.lockdown.no_cross_namespace_refs.is_on() => {
                format!(
                    "there is one in namespace `{namespace}`, but multi-tenancy lockdown blocks references to other \
                 namespaces: define one in `{}`",
                    id.namespace
                )
            }
            Self::OtherNamespace(_) => {
                format!("there is one in namespace `{namespace}`: write `namespace: {namespace}`")
            }
        }
    }
}

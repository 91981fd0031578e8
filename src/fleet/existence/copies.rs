//! Copies by policies: what a cluster lacks of those that another one has.

use crate::fleet::{AppliedBy, Cluster, Fleet};
use crate::object::{Object, ObjectId};
use crate::yaml::Node;

/// An object that a policy copies on another cluster only.
#[derive(Clone, Debug)]
pub struct Uncopied<'a> {
    /// What is to be copied, as it is here.
    pub original: &'a Object,
    /// The policy, as it is here.
    pub policy: &'a Object,
    /// The labels that the policy names, and that the original has there and not here.
    pub missing: Vec<(&'a str, &'a str)>,
    /// The other cluster.
    pub other: &'a str,
}

impl Fleet {
    /// Where a policy copies an object on another cluster and not on this one, although the original is here and lacks a label.
    pub fn uncopied<'a>(&'a self, cluster: &'a Cluster, id: &ObjectId) -> Option<Uncopied<'a>> {
        let (other, twin) = self.counterpart_of(cluster, id)?;
        let AppliedBy::Copy { source, policy } = twin.by else { return None };
        let (there, policy) = (other.objects.get(source)?, other.objects.get(policy)?);
        let original = cluster.get(&there.object.id).filter(|placed| placed.settled)?.object;
        let policy = cluster.get(&policy.object.id).filter(|placed| placed.settled)?.object;
        let labels = there.object.at("/metadata/labels").map(Node::entries).unwrap_or_default();
        let labels = labels.iter().filter_map(|label| Some((label.key.text()?, label.value.text()?)));
        let lacks = |key: &str, value: &str| original.label(key).and_then(Node::text) != Some(value);
        let missing = labels.filter(|(key, value)| lacks(key, value) && has_key(&policy.root, key));
        let missing: Vec<(&str, &str)> = missing.collect();
        (!missing.is_empty()).then_some(Uncopied { original, policy, missing, other: &other.name })
    }
}

/// Whether a mapping in a tree has a key. The depth of a tree is bounded where it is parsed.
fn has_key(node: &Node, key: &str) -> bool {
    let mut below = node.entries().iter().map(|entry| &entry.value).chain(node.items());
    node.get(key).is_some() || below.any(|below| has_key(below, key))
}

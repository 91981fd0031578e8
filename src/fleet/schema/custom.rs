//! What the schemas of others say of custom resources: those of CustomResourceDefinitions that a cluster holds.

use std::collections::HashMap;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::fleet::{Cluster, Fleet};
use crate::flux::kinds;
use crate::flux::structural::{Dialect, Judgement, Why, judge};
use crate::object::Object;
use crate::yaml::Node;

/// An annotation by which somebody else owns a part of the object.
const SSA: &str = "kustomize.toolkit.fluxcd.io/ssa";

/// A custom resource, judged by a schema that is none of Flux's.
#[derive(Debug)]
pub struct JudgedCustom {
    pub object: Arc<Object>,
    /// What has the schema.
    pub definition: Arc<Object>,
    /// The clusters that hold both.
    pub clusters: Vec<String>,
    pub verdict: CustomVerdict,
}

/// What a schema says of a custom resource.
#[derive(Debug, PartialEq)]
pub enum CustomVerdict {
    /// The version of the object is not served; those that are, as the definition lists them.
    NotServed(Vec<String>),
    Judged(Judgement),
}

impl Fleet {
    /// The custom resources whose CustomResourceDefinition is on the same cluster, and known, in the order of the clusters.
    /// Flux's own kinds are judged by tables ([`Fleet::judged`]).
    pub fn judged_custom(&self) -> Vec<JudgedCustom> {
        let mut judged: Vec<JudgedCustom> = Vec::new();
        let mut known: HashMap<(*const Object, *const Object), Option<usize>> = HashMap::new();
        for cluster in &self.clusters {
            for definition in definitions(cluster) {
                let (group, kind) = kind_of(&definition).unwrap_or_default();
                for placed in cluster.of_kind(&group, &kind) {
                    let slot =
                        *known.entry((Arc::as_ptr(placed.shared), Arc::as_ptr(&definition))).or_insert_with(|| {
                            let verdict = verdict(&definition, placed.object)?;
                            let (object, definition) = (Arc::clone(placed.shared), Arc::clone(&definition));
                            judged.push(JudgedCustom { object, definition, clusters: Vec::new(), verdict });
                            Some(judged.len() - 1)
                        });
                    let one = slot.and_then(|index| judged.get_mut(index));
                    let new = one.filter(|one| !one.clusters.contains(&cluster.name));
                    new.into_iter().for_each(|one| one.clusters.push(cluster.name.clone()));
                }
            }
        }
        judged
    }
}

/// The definitions of a cluster. Of a kind that several define in different ways none counts: it cannot be told which one
/// the cluster ends up with.
fn definitions(cluster: &Cluster) -> Vec<Arc<Object>> {
    let mut found: Vec<((SmolStr, SmolStr), Option<Arc<Object>>)> = Vec::new();
    let mut at: HashMap<(SmolStr, SmolStr), usize> = HashMap::new();
    for placed in cluster.objects.of_kind("apiextensions.k8s.io", "CustomResourceDefinition") {
        let Some(kind) = kind_of(placed.object) else { continue };
        if kinds::flux().any(|(group, name)| (group, name) == (&*kind.0, &*kind.1)) {
            continue;
        }
        let definition = placed.settled.then(|| Arc::clone(placed.shared));
        match at.get(&kind).and_then(|position| found.get_mut(*position)) {
            Some((_, first)) => {
                *first = first.take().filter(|it| definition.as_ref().is_some_and(|new| is_same(it, new)))
            }
            None => {
                at.insert(kind.clone(), found.len());
                found.push((kind, definition));
            }
        }
    }
    found.into_iter().filter_map(|(_, definition)| definition).collect()
}

fn is_same(left: &Arc<Object>, right: &Arc<Object>) -> bool {
    Arc::ptr_eq(left, right) || left.at("/spec") == right.at("/spec")
}

fn kind_of(definition: &Object) -> Option<(SmolStr, SmolStr)> {
    Some((definition.str("/spec/group")?.into(), definition.str("/spec/names/kind")?.into()))
}

fn verdict(definition: &Object, object: &Object) -> Option<CustomVerdict> {
    let versions = definition.at("/spec/versions").map(Node::items).unwrap_or_default();
    let text = |version: &Node, field: &str| version.get(field).and_then(Node::text).map(str::to_owned);
    let is_served = |version: &&Node| text(version, "served").as_deref() == Some("true");
    let of_object = versions.iter().find(|version| text(version, "name").as_deref() == Some(&*object.version));
    let Some(version) = of_object.filter(is_served) else {
        let served: Vec<String> = versions.iter().filter(is_served).filter_map(|it| text(it, "name")).collect();
        return (!served.is_empty()).then_some(CustomVerdict::NotServed(served));
    };
    let schema = version.at("/schema/openAPIV3Schema")?;
    let keeps_others = definition.str("/spec/preserveUnknownFields") == Some("true");
    let dialect = if keeps_others { Dialect::JsonSchema } else { Dialect::Definition };
    let mut judgement = judge(schema, &object.root, dialect);
    if object.annotation(SSA).and_then(Node::text) == Some("Merge") {
        judgement.faults.retain(|fault| fault.why != Why::Missing);
    }
    Some(CustomVerdict::Judged(judgement))
}

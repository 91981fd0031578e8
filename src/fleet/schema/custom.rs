//! What the schemas of others say of objects: those of CustomResourceDefinitions that a cluster holds, and those that
//! somebody gives.

use std::collections::HashMap;
use std::sync::Arc;

use smol_str::SmolStr;

use super::definition::{definitions, is_of_flux, kind_of};
use super::given::Given;
use crate::fleet::{Cluster, ClusterObject, Fleet};
use crate::flux::structural::{Dialect, Judgement, Why, judge};
use crate::object::Object;
use crate::yaml::Node;

/// An annotation by which somebody else owns a part of the object.
const SSA: &str = "kustomize.toolkit.fluxcd.io/ssa";

/// An object, judged by a schema that is none of ours.
#[derive(Debug)]
pub struct JudgedCustom {
    pub object: Arc<Object>,
    /// The CustomResourceDefinition that has the schema; `None` for a JSON Schema.
    pub definition: Option<Arc<Object>>,
    /// The clusters that hold both.
    pub clusters: Vec<String>,
    pub verdict: CustomVerdict,
}

/// What a schema says of an object.
#[derive(Debug, PartialEq)]
pub enum CustomVerdict {
    /// The version of the object is not served; those that are, as the definition lists them.
    NotServed(Vec<String>),
    Judged(Judgement),
    /// Schemas are given, and none is of this kind.
    NoSchema,
}

impl Fleet {
    /// The objects that a schema is known of: that of a CustomResourceDefinition on the same cluster, else one that is given;
    /// in the order of the clusters. Flux's own kinds are judged by tables ([`Fleet::judged`]).
    pub fn judged_custom(&self) -> Vec<JudgedCustom> {
        let mut all = AllJudged::default();
        for cluster in &self.clusters {
            let definitions = definitions(cluster);
            for definition in definitions.values().flatten() {
                let (group, kind) = kind_of(definition).unwrap_or_default();
                for placed in cluster.of_kind(&group, &kind) {
                    all.add(cluster, placed, Some(&Given::Definition(Arc::clone(definition))));
                }
            }
            if self.schemas.is_given {
                let is_other = |group: &str, kind: &str| {
                    !is_of_flux(group, kind) && !definitions.contains_key(&(group.into(), kind.into()))
                };
                for placed in cluster.objects.of_kinds(is_other).filter(|placed| placed.settled) {
                    all.add(cluster, placed, self.schemas.of(placed.object));
                }
            }
        }
        all.judged
    }
}

/// The objects that are judged, each once with each schema.
#[derive(Default)]
struct AllJudged {
    judged: Vec<JudgedCustom>,
    known: HashMap<(*const Object, *const ()), Option<usize>>,
    /// The kinds without a schema, of which one object each is enough.
    without: HashMap<(SmolStr, SmolStr, SmolStr), usize>,
}

impl AllJudged {
    fn add(&mut self, cluster: &Cluster, placed: ClusterObject<'_>, given: Option<&Given>) {
        let (object, judged) = (placed.shared, &mut self.judged);
        // Encrypted by SOPS: what is applied is not what is written.
        if object.at("/sops").is_some() {
            return;
        }
        let mut push = |definition: Option<&Arc<Object>>, verdict| {
            let (object, definition) = (Arc::clone(object), definition.cloned());
            judged.push(JudgedCustom { object, definition, clusters: Vec::new(), verdict });
            judged.len() - 1
        };
        let slot = match given {
            Some(Given::Definition(definition)) => {
                let key = (Arc::as_ptr(object), Arc::as_ptr(definition).cast());
                *self.known.entry(key).or_insert_with(|| Some(push(Some(definition), verdict(definition, object)?)))
            }
            Some(Given::JsonSchema(schema)) => {
                let key = (Arc::as_ptr(object), Arc::as_ptr(schema).cast());
                let verdict = || judgement(schema, object, Dialect::JsonSchema);
                *self.known.entry(key).or_insert_with(|| Some(push(None, verdict())))
            }
            None => {
                let key = (object.id.group.clone(), object.id.kind.clone(), object.version.clone());
                Some(*self.without.entry(key).or_insert_with(|| push(None, CustomVerdict::NoSchema)))
            }
        };
        let one = slot.and_then(|index| self.judged.get_mut(index));
        let new = one.filter(|one| !one.clusters.contains(&cluster.name));
        new.into_iter().for_each(|one| one.clusters.push(cluster.name.clone()));
    }
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
    Some(judgement(schema, object, dialect))
}

fn judgement(schema: &Node, object: &Object, dialect: Dialect) -> CustomVerdict {
    let mut judgement = judge(schema, &object.root, dialect);
    if object.annotation(SSA).and_then(Node::text) == Some("Merge") {
        judgement.faults.retain(|fault| fault.why != Why::Missing);
    }
    CustomVerdict::Judged(judgement)
}

//! What the tables of kinds say of the objects of Flux: each object judged once, whatever number of clusters holds it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::fleet::render::has_expression;
use crate::fleet::{AppliedBy, Cluster, ClusterObject, Fleet};
use crate::flux::kinds;
use crate::flux::release::{FluxVersion, Minor, NEWEST};
use crate::flux::validate::{Verdict, Violation, What, validate};
use crate::object::Object;
use crate::yaml::Node;

/// An object of Flux or the Flux Operator, judged.
#[derive(Debug)]
pub struct Judged {
    pub object: Arc<Object>,
    /// The release that it is judged by; `None` where no file says which one the clusters run.
    pub release: Option<FluxVersion>,
    /// The clusters that hold it, and run this release.
    pub clusters: Vec<String>,
    pub verdict: Verdict,
}

impl Fleet {
    /// The objects of Flux and the Flux Operator, in the order of the clusters. Where variables are not known, nothing is
    /// said of the fields that hold them.
    pub fn judged(&self) -> &[Judged] {
        self.judged.get_or_init(|| judge(&self.clusters))
    }
}

impl Judged {
    /// The minor that counts: the newest one that its clusters may run.
    pub fn minor(&self) -> Minor {
        self.release.map_or(NEWEST, |release| release.newest)
    }
}

fn judge(clusters: &[Cluster]) -> Vec<Judged> {
    let mut judged: Vec<Judged> = Vec::new();
    let mut known: HashMap<(*const Object, bool, Option<Minor>), Option<usize>> = HashMap::new();
    let is_of_flux = |group: &str, kind: &str| kinds::flux().any(|known| known == (group, kind));
    for cluster in clusters {
        let release = cluster.features.version;
        for placed in cluster.objects.of_kinds(is_of_flux).filter(|placed| is_judged(cluster, *placed)) {
            let key = (Arc::as_ptr(placed.shared), placed.settled, release.map(|release| release.newest));
            let slot = known.entry(key).or_insert_with(|| {
                let mut verdict = validate(placed.object, release)?;
                verdict.violations.retain(|violation| placed.settled || !is_open(placed.object, violation));
                judged.push(Judged { object: Arc::clone(placed.shared), release, clusters: Vec::new(), verdict });
                Some(judged.len() - 1)
            });
            let one = slot.and_then(|index| judged.get_mut(index));
            let is_new = |one: &Judged| !one.clusters.contains(&cluster.name);
            one.filter(|one| is_new(one)).into_iter().for_each(|one| one.clusters.push(cluster.name.clone()));
        }
    }
    judged
}

/// What the operator makes says nothing that the FluxInstance does not say, and what is assumed nobody wrote.
fn is_judged(cluster: &Cluster, placed: ClusterObject<'_>) -> bool {
    let is_known = placed.settled || cluster.is_known_at(placed, "/metadata/name");
    // What is made has one origin for all that it is.
    let place = |pointer: &str| placed.object.at(pointer).and_then(|node| node.origin.span);
    let places = (place("/kind"), place("/apiVersion"));
    let is_written = || places.0.is_some() && places.1.is_some() && places.0 != places.1;
    let is_made = placed.by == AppliedBy::Bootstrap && !cluster.is_bootstrapped;
    is_known && !is_made && is_written()
}

/// Whether a variable that is not known decides about a violation.
fn is_open(object: &Object, violation: &Violation) -> bool {
    let holds_variable = |pointer: &str| object.at(pointer).is_some_and(has_expression);
    match &violation.what {
        What::Unknown(_) | What::TooNew(_) => violation.name().contains("${"),
        // A rule reads the values beside its fields.
        What::Rule(sentence) => {
            let fields = sentence.fields.iter().map(|field| format!("/{}", field.replace('.', "/")));
            let base = fields.filter_map(|field| violation.pointer.strip_suffix(field.as_str())).next();
            let base = base.unwrap_or(&violation.pointer);
            let beside = object.at(base).map(Node::entries).unwrap_or_default();
            holds_variable(&violation.pointer)
                || beside.iter().any(|entry| entry.value.as_scalar().is_some() && has_expression(&entry.value))
        }
        _ => holds_variable(&violation.pointer),
    }
}

//! What the tables of kinds say of the objects of Flux: each object judged once, whatever number of clusters holds it.

mod api_versions;
mod custom;
mod definition;
mod given;

use std::collections::HashMap;
use std::sync::Arc;

use crate::fleet::render::has_expression;
use crate::fleet::{AppliedBy, Cluster, ClusterObject, Fleet};
use crate::flux::kinds;
use crate::flux::release::{FluxVersion, Minor, NEWEST};
use crate::flux::validate::{Verdict, Violation, What, validate};
use crate::object::Object;
use crate::yaml::Node;

pub use api_versions::UsedVersion;
pub use custom::{CustomVerdict, JudgedCustom};
pub use given::{GivenSchemas, SchemaLocation};

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

    /// Whether the API server refuses a ResourceSet or one of its providers: what they would create is not known.
    pub fn has_refused_generators(&self) -> bool {
        let is_generator = |object: &Object| matches!(&*object.id.kind, "ResourceSet" | "ResourceSetInputProvider");
        self.judged().iter().any(|judged| is_generator(&judged.object) && !judged.verdict.violations.is_empty())
    }
}

impl Judged {
    /// The minor that counts: the newest one that its clusters may run.
    pub fn minor(&self) -> Minor {
        self.release.map_or(NEWEST, |release| release.newest)
    }

    /// The unknown field that a person may have written instead of a field that is missing: the only one beside it of which
    /// nothing else is known, where no other field is missing there.
    pub fn instead_of(&self, missing: &Violation) -> Option<&Violation> {
        let (unknown, only) = self.one_for_another(parent(missing))?;
        (only.pointer == missing.pointer).then_some(unknown)
    }

    /// The missing field that an unknown one may stand for.
    pub fn meant_by(&self, unknown: &Violation) -> Option<&Violation> {
        let (only, missing) = self.one_for_another(parent(unknown))?;
        (only.pointer == unknown.pointer).then_some(missing)
    }

    /// The one unknown field and the one missing field of a mapping.
    fn one_for_another(&self, mapping: &str) -> Option<(&Violation, &Violation)> {
        let here = || self.verdict.violations.iter().filter(|it| parent(it) == mapping);
        let mut unknown = here().filter(|it| matches!(&it.what, What::Unknown(field) if field.is_unexplained()));
        let mut missing = here().filter(|it| it.what == What::Missing);
        let one = (unknown.next()?, missing.next()?);
        (unknown.next().is_none() && missing.next().is_none()).then_some(one)
    }
}

fn parent(violation: &Violation) -> &str {
    violation.pointer.rsplit_once('/').map_or("", |(parent, _)| parent)
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
    let is_known = placed.settled || cluster.graph().is_known_at(placed, "/metadata/name");
    // What is made has one origin for all that it is.
    let place = |pointer: &str| placed.object.at(pointer).and_then(|node| node.origin.span);
    let places = (place("/kind"), place("/apiVersion"));
    // In a template of text whose places are not known, everything is at the template, and is written all the same.
    let is_applied = matches!(placed.by, AppliedBy::Reconciler(_));
    let is_written = || places.0.is_some() && places.1.is_some() && (places.0 != places.1 || is_applied);
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

//! References to objects that a cluster does not hold: who makes them, what they name, whether it can be there all the same.

use std::collections::{BTreeMap, BTreeSet};

use super::Existence;
use super::clues::Clue;
use super::names::{can_be_called, lacks_namespace};
use crate::fleet::roles::Role;
use crate::fleet::unseen::is_flux_group;
use crate::fleet::{AppliedBy, Cluster, ClusterObject, Outcome, Reconciler, UnknownReason};
use crate::flux::api::{HelmRelease, Reference as SourceReference, group};
use crate::flux::artifact_generator::ArtifactGenerator;
use crate::flux::kinds::{self, Named, Reference};
use crate::object::{Object, ObjectId};
use crate::yaml::Node;

/// The fields whose object may come later: what holds them is applied without it.
const NOT_WAITED_FOR: [&str; 3] = ["spec.healthChecks[]", "spec.eventSources[]", "spec.resources[]"];

/// An object that others name and that the cluster does not hold.
#[derive(Clone, Debug)]
pub struct MissingReference<'a> {
    pub id: ObjectId,
    /// Where it is named, at least once.
    pub uses: Vec<ReferenceUse<'a>>,
    /// The reconcilers that wait for it: those that name it, or read what is put together of it.
    pub waiting: Vec<&'a Reconciler>,
    /// What a person may have meant.
    pub clue: Option<Clue<'a>>,
    /// Why it may be there all the same; `None`: it cannot be.
    pub open: Option<OpenReference>,
}

/// A field that names an object.
#[derive(Clone, Debug)]
pub struct ReferenceUse<'a> {
    pub object: &'a Object,
    pub reference: &'static Reference,
    /// JSON pointer of the name.
    pub name: String,
    /// Somebody applies the object by hand.
    pub is_seed: bool,
    /// What the object applies, if it applies others.
    pub reconciler: Option<&'a Reconciler>,
}

/// Why an object may be there that the graph does not hold.
#[derive(Clone, Debug)]
pub struct OpenReference {
    pub reason: String,
    /// What may create it, and those that apply this, up to the root.
    pub makers: Vec<ObjectId>,
    /// Nothing in the fleet may create it: the reader has to say what does.
    pub is_elsewhere: bool,
    /// It is a chart that may create it.
    pub is_of_chart: bool,
    /// It is a Secret that nothing seen creates: only a person may.
    pub is_by_hand: bool,
}

impl ReferenceUse<'_> {
    /// Whether what holds the reference waits for the object.
    fn waits(&self) -> bool {
        !NOT_WAITED_FOR.contains(&self.reference.path)
    }
}

impl<'a> MissingReference<'a> {
    /// Whether the note on a Kustomization that was not expanded says already that this source is missing.
    pub fn has_note(&self) -> bool {
        let is_undefined = |reconciler: &Reconciler| reconciler.outcome == Outcome::SourceNotFound;
        self.waiting.iter().any(|reconciler| is_undefined(reconciler) || lacks_part(reconciler, &self.id))
    }

    /// The name or the namespace, where it still holds an expression: nothing can be called so.
    pub fn expression(&self) -> Option<&str> {
        [self.id.name.as_str(), self.id.namespace.as_str()].into_iter().find(|text| !can_be_called(text))
    }

    /// Whether the expression is a template of the Flux Operator.
    pub fn is_template(&self) -> bool {
        self.expression().is_some_and(|text| text.contains("<<"))
    }

    /// Whether a namespaced object is looked for in no namespace.
    pub fn lacks_namespace(&self) -> bool {
        self.uses.iter().any(|it| lacks_namespace(&self.id, it.reference))
    }
}

/// Whether a reconciler reads what is put together of others, and this source is missing among them.
fn lacks_part(reconciler: &Reconciler, id: &ObjectId) -> bool {
    let Outcome::Undetermined(reason) = &reconciler.outcome else { return false };
    let UnknownReason::SourceUndefined((kind, namespace, name)) = &**reason else { return false };
    (kind, namespace, name) == (&id.kind, &id.namespace, &id.name)
}

impl<'a> Existence<'a> {
    /// The objects that fields of some references name and that are not on the cluster, each once, by identity.
    pub fn missing_references(self, is_asked: impl Fn(&Reference) -> bool) -> Vec<MissingReference<'a>> {
        let mut missing: BTreeMap<ObjectId, Vec<ReferenceUse<'_>>> = BTreeMap::new();
        let asked: BTreeSet<(&str, &str)> =
            kinds::all_references().iter().filter(|it| is_asked(it)).map(|it| (it.kind, it.group)).collect();
        let known = Known::of(self.cluster);
        for placed in self.cluster.objects.of_kinds(|group, kind| asked.contains(&(kind, group))) {
            let (object, is_seed) = (placed.object, placed.by == AppliedBy::Bootstrap);
            // Without a namespace it is not applied, and what it refers to is not known.
            if object.id.namespace.is_empty() {
                continue;
            }
            let references = kinds::references(&object.id.group, &object.id.kind).iter();
            for reference in references.filter(|it| is_asked(it) && self.is_judged(placed, it)) {
                for Named { name, id, is_optional } in reference.named(object) {
                    if !is_optional && !known.has(&id) {
                        let reconciler = self.cluster.graph().reconciler_of(&object.id);
                        missing.entry(id).or_default().push(ReferenceUse {
                            object,
                            reference,
                            name,
                            is_seed,
                            reconciler,
                        });
                    }
                }
            }
        }
        missing.into_iter().map(|(id, uses)| self.judged(id, uses)).collect()
    }

    /// Whether a field of an object is known and read.
    fn is_judged(self, placed: ClusterObject<'_>, reference: &Reference) -> bool {
        let field = reference.pointer.split("/*").next().unwrap_or_default();
        // With `wait` health checks are not read. On another cluster the objects are those of that cluster.
        let is_check = reference.path == "spec.healthChecks[]";
        let is_unread = is_check
            && (placed.object.str("/spec/wait") == Some("true") || placed.object.at("/spec/kubeConfig").is_some());
        !is_unread && (placed.settled || self.cluster.graph().is_known_at(placed, field))
    }

    fn judged(self, id: ObjectId, uses: Vec<ReferenceUse<'a>>) -> MissingReference<'a> {
        let clue = uses.first().and_then(|first| self.clue(&id, first.object, first.reference));
        let naming = uses.iter().filter(|it| it.waits()).filter_map(|it| it.reconciler);
        let reading = self.cluster.reconcilers.iter().filter(|reconciler| lacks_part(reconciler, &id));
        let waiting = naming.chain(reading).collect();
        let mut missing = MissingReference { id, uses, waiting, clue, open: None };
        missing.open = self.why_open(&missing);
        missing
    }
}

/// What is on a cluster, in the graph or made by what is in the graph.
struct Known<'a> {
    cluster: &'a Cluster,
    /// The HelmCharts that helm-controller makes: namespace and name.
    charts: BTreeSet<(String, String)>,
}

impl<'a> Known<'a> {
    fn of(cluster: &'a Cluster) -> Self {
        let releases = cluster.of_kind(group::HELM, "HelmRelease").map(|placed| placed.object);
        let made = releases.filter_map(|release| {
            let reference = SourceReference::read(HelmRelease::of(release)?.object.at("/spec/chart/spec/sourceRef")?)?;
            let ObjectId { namespace, name, .. } = &release.id;
            Some((reference.namespace_or(namespace).to_string(), format!("{namespace}-{name}")))
        });
        Self { cluster, charts: made.collect() }
    }

    fn has(&self, id: &ObjectId) -> bool {
        let is_source = |kind: &str| id.group == group::SOURCE && id.kind == kind;
        // Roots read the repository at hand, be their source in it or not.
        let is_of_root = || {
            let mut sources = self.cluster.roots().filter_map(|root| root.source.as_ref());
            let same = |kind: &str, namespace: &str, name: &str| {
                (kind, namespace, name) == (&id.kind, &id.namespace, &id.name)
            };
            id.group == group::SOURCE && sources.any(|it| it.tree.is_some() && same(&it.kind, &it.namespace, &it.name))
        };
        // Flux brings the definitions of its own kinds.
        let is_definition = id.group == "apiextensions.k8s.io" && id.kind == "CustomResourceDefinition";
        let is_of_flux = is_definition && id.name.split_once('.').is_some_and(|(_, group)| is_flux_group(group));
        is_of_flux
            || self.cluster.existence().has_secret(id)
            || is_of_root()
            || is_source("HelmChart") && self.charts.contains(&(id.namespace.to_string(), id.name.to_string()))
            || is_source("ExternalArtifact") && self.is_generated(id)
    }

    /// Whether an ArtifactGenerator makes an artifact. Whether one with a `pathPattern` does, those know that read it.
    fn is_generated(&self, id: &ObjectId) -> bool {
        let makes = |placed: ClusterObject<'_>| {
            let Some(generator) = ArtifactGenerator::of(placed.object) else { return false };
            let is_open = |text: &str| text.contains(['$', '{']);
            generator.candidates(&id.name).any(|artifact| {
                let namespace =
                    artifact.node.get("namespace").and_then(Node::text).unwrap_or(&placed.object.id.namespace);
                namespace == id.namespace || is_open(namespace)
            })
        };
        let is_undefined = |reader: &Reconciler| reader.outcome == Outcome::SourceNotFound;
        let mut generators = self.cluster.objects.with_role(Role::Generator);
        generators.any(makes) && !self.cluster.sources().readers_of_id(id).any(is_undefined)
    }
}

//! What could not be judged on the clusters: one note for each source, object or reason, with what to do about it.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::discover::is_inactive;
use super::manifests::Manifest;
use super::note::{FleetNote, NoteReason, and_more};
use super::reconciled_cluster::ReconciledCluster;
use super::reconciler::UnknownCause;
use super::undecided::is_undecided;
use super::unknown_reason::UnknownReason;
use super::{AppliedBy, Cluster, OpenReason, Outcome, Reconciler, ReconcilerKind, UnknownValues};
use crate::config::Config;
use crate::flux::api::{FluxInstance, group};
use crate::flux::kinds;
use crate::flux::release::NEWEST;
use crate::object::ObjectId;
use crate::source::url;
use crate::yaml::{Node, Span};

/// The notes on all clusters. What the configuration says is left out on purpose has none.
pub(super) fn notes(settled: &[ReconciledCluster<'_>], config: &Config) -> Vec<FleetNote> {
    let mut notes = Notes { config, by_topic: BTreeMap::new() };
    for settled in settled {
        settled.cluster.reconcilers.iter().for_each(|reconciler| notes.take(settled, reconciler));
        if settled.cluster.features.version.is_none() {
            notes.add(Topic::FluxVersion, None, &settled.cluster.name);
        }
        if !settled.is_stable {
            let place = settled.roots.first().and_then(|root| root.seeds.last()?.place());
            notes.add(Topic::NotConverging(settled.cluster.paths.join("`, `")), place, &settled.cluster.name);
        }
    }
    notes.finish()
}

/// What installs Flux but does not say which folder it reconciles.
pub(super) fn not_followed(manifests: &[Manifest]) -> Vec<FleetNote> {
    let active = manifests.iter().filter(|manifest| !is_inactive(&manifest.path));
    let instances = active.filter_map(|manifest| FluxInstance::of(&manifest.object));
    let without_sync = instances.filter(|instance| instance.sync().is_none_or(Node::is_null)).map(|instance| {
        let id = &instance.object.id;
        let message = format!(
            "FluxInstance `{}/{}` has no `spec.sync`: what is applied to its cluster was not checked",
            id.namespace, id.name
        );
        let help = "add `spec.sync`, or list the folder that the cluster syncs in `clusters:` of fleetlint.yaml";
        FleetNote::new(NoteReason::InstanceWithoutSync, message).help(help).at(instance.object.place())
    });
    without_sync.collect()
}

/// What a note is about. Equal topics are one note.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Topic {
    /// By comparable URL; the URL as it is shown.
    Source(String, String),
    /// What a clone lacks, and the line that fetches it.
    Clone(UnknownReason),
    /// Who may create it all the same, if anybody may.
    UndefinedSource(ObjectId, Option<String>),
    /// Kind and name, in whatever namespace, and why they are not known.
    Values(SmolStr, SmolStr, String),
    /// A Kustomization whose files were not read, and why.
    Unexpanded(UnknownReason),
    Other(OpenReason),
    FluxVersion,
    NotConverging(String),
}

/// Notes by their topic.
struct Notes<'a> {
    config: &'a Config,
    by_topic: BTreeMap<Topic, Gathered>,
}

#[derive(Default)]
struct Gathered {
    place: Option<Span>,
    clusters: BTreeSet<String>,
    /// The Kustomizations that it leaves open.
    objects: BTreeSet<ObjectId>,
    causes: Vec<(String, Vec<ObjectId>)>,
}

impl Notes<'_> {
    fn add(&mut self, topic: Topic, place: Option<Span>, cluster: &str) -> &mut Gathered {
        let gathered = self.by_topic.entry(topic).or_insert_with(|| Gathered { place, ..Gathered::default() });
        gathered.clusters.insert(cluster.to_owned());
        gathered
    }

    fn take(&mut self, settled: &ReconciledCluster<'_>, reconciler: &Reconciler) {
        // What an object with open variables creates is a consequence: the note on its parent says why.
        let is_open = settled.cluster.placed(reconciler).is_some_and(|placed| !placed.settled)
            && is_undecided(&reconciler.object);
        // Without a namespace it is not applied, and what it refers to is not known.
        let is_nowhere = reconciler.object.id.namespace.is_empty();
        if is_open || is_nowhere || is_on_purpose(self.config, settled, reconciler) {
            return;
        }
        for topic in topics(&settled.cluster, reconciler) {
            let causes = causes(&settled.cluster, reconciler, &topic);
            let gathered = self.add(topic, reconciler.object.place(), &settled.cluster.name);
            gathered.objects.insert(reconciler.object.id.clone());
            gathered.causes.extend(causes.map(|causes| (settled.cluster.name.clone(), causes)));
        }
    }

    fn finish(self) -> Vec<FleetNote> {
        self.by_topic.into_iter().map(|(topic, gathered)| gathered.note(topic)).collect()
    }
}

/// What may not be there or not be applied, so that there is this note on a reconciler: itself, its source, what may create
/// the values that it lacks. `None` where nothing of this kind is the reason: what has to be fetched stays so.
fn causes(cluster: &Cluster, reconciler: &Reconciler, topic: &Topic) -> Option<Vec<ObjectId>> {
    let own = [reconciler.object.id.clone()].into_iter();
    let source = reconciler.source.as_ref().map(|source| ObjectId {
        group: group::SOURCE.into(),
        kind: source.kind.clone(),
        namespace: source.namespace.clone(),
        name: source.name.clone(),
    });
    match topic {
        Topic::UndefinedSource(..) | Topic::Unexpanded(_) => Some(own.chain(source).collect()),
        // What a ResourceSet lacks are its inputs.
        Topic::Other(_) if reconciler.kind == ReconcilerKind::ResourceSet => Some(own.collect()),
        Topic::Values(kind, name, _) => {
            let missing = || reconciler.missing_ids().filter(|id| id.kind == *kind && id.name == *name);
            let creators = missing().filter_map(|id| cluster.existence().could_create(&id, &[reconciler]));
            Some(own.chain(creators.flat_map(|creator| creator.makers)).chain(missing()).collect())
        }
        Topic::Other(_) | Topic::Source(..) | Topic::Clone(_) | Topic::FluxVersion | Topic::NotConverging(_) => None,
    }
}

/// Whether the configuration says that what is missing is left out.
fn is_on_purpose(config: &Config, settled: &ReconciledCluster<'_>, reconciler: &Reconciler) -> bool {
    let Some(source) = reconciler.source.as_ref().filter(|source| source.tree.is_none()) else { return false };
    let address = source.object.as_ref().and_then(|object| object.str("/spec/url"));
    let is_declared = source
        .object
        .as_ref()
        .is_some_and(|object| settled.cluster.get(&object.id).is_some_and(|placed| placed.by == AppliedBy::Declared));
    is_declared || address.is_some_and(|address| config.is_external(address))
}

/// Why not everything that a reconciler creates is known, where that is worth a note.
fn topics(cluster: &Cluster, reconciler: &Reconciler) -> Vec<Topic> {
    let source = reconciler.source.as_ref();
    match &reconciler.outcome {
        Outcome::Undetermined(reason) => {
            let is_unexpanded = reconciler.kind == ReconcilerKind::Kustomization
                && reconciler.applied.is_empty()
                && reconciler.open_reasons.is_empty();
            let missing = source.filter(|source| source.tree.is_none()).and_then(|source| source.object.as_ref());
            let address = missing.and_then(|object| object.str("/spec/url")).filter(|url| !url.contains("${"));
            match (address, reconciler.is_source_unavailable) {
                (Some(address), true) => vec![Topic::Source(url::key(address), url::without_user(address).to_owned())],
                (Some(_), false) if reason.help().is_some() => vec![Topic::Clone((**reason).clone())],
                (Some(_), false) => vec![Topic::Unexpanded((**reason).clone())],
                _ if is_unexpanded => vec![Topic::Unexpanded((**reason).clone())],
                _ => partly_known(cluster, reconciler, reason),
            }
        }
        // A kind that is none cannot be declared either.
        Outcome::SourceNotFound => source
            .filter(|source| is_source_kind(&source.kind))
            .map(|source| {
                let (namespace, name) = (source.namespace.clone(), source.name.clone());
                let id = ObjectId { group: group::SOURCE.into(), kind: source.kind.clone(), namespace, name };
                let creator = cluster.existence().could_create(&id, &[reconciler]);
                let why = creator.map(|creator| creator.to_string());
                Topic::UndefinedSource(id, why)
            })
            .into_iter()
            .collect(),
        Outcome::ReferenceNotFound { .. } => source
            .map(|source| {
                let id = (source.kind.clone(), source.namespace.clone(), source.name.clone());
                Topic::Unexpanded(UnknownReason::ReferenceMissing(id))
            })
            .into_iter()
            .collect(),
        Outcome::Failed => together(&reconciler.open_reasons).map(Topic::Other).collect(),
        Outcome::Rendered | Outcome::PathNotFound | Outcome::Opaque => Vec::new(),
    }
}

/// Whether Flux has sources of a kind.
fn is_source_kind(kind: &str) -> bool {
    kinds::flux().any(|known| known == (group::SOURCE, kind))
}

/// What the build of a reconciler lacks, and the values that it lacks; what it says itself where neither is known.
fn partly_known(cluster: &Cluster, reconciler: &Reconciler, reason: &UnknownReason) -> Vec<Topic> {
    let of_values = reconciler.unknown_values.iter().filter_map(|values| topic_of_values(cluster, reconciler, values));
    let of_build = together(&reconciler.open_reasons).map(Topic::Other);
    // What the configuration declares is known to be elsewhere.
    let is_told = !reconciler.unknown_values.is_empty() || !reconciler.open_reasons.is_empty();
    let already_reported = is_told || reason.is_of_declared_values();
    let own = (!already_reported).then(|| Topic::Other(OpenReason { message: reason.to_string(), help: None }));
    of_build.chain(of_values).chain(own).collect()
}

/// The reasons of one build, those with the same help as one: a folder may list dozens of remote files.
fn together(reasons: &[OpenReason]) -> impl Iterator<Item = OpenReason> {
    let mut by_help: BTreeMap<&Option<String>, Vec<&OpenReason>> = BTreeMap::new();
    reasons.iter().for_each(|reason| by_help.entry(&reason.help).or_default().push(reason));
    by_help.into_iter().filter_map(|(help, reasons)| {
        let (first, more) = reasons.split_first()?;
        let message = match more.len() {
            0 => first.message.clone(),
            count => format!("{} (and {count} more like it)", first.message),
        };
        Some(OpenReason { message, help: help.clone() })
    })
}

/// What the configuration declares is known to be elsewhere.
fn topic_of_values(cluster: &Cluster, reconciler: &Reconciler, values: &UnknownValues) -> Option<Topic> {
    let UnknownValues { kind, name, cause } = values;
    let why = match cause {
        UnknownCause::Declared => return None,
        UnknownCause::Created(by) => format!("{by} creates it on the cluster"),
        UnknownCause::Open => "it holds variables that are not known".to_owned(),
        UnknownCause::Nothing => {
            let namespace = reconciler.object.id.namespace.clone();
            let id = ObjectId { group: "".into(), kind: kind.clone(), namespace, name: name.clone() };
            let creator =
                cluster.existence().could_create(&id, &[reconciler]).filter(|creator| creator.object.is_some());
            creator.map_or_else(|| "nothing in the fleet creates it".to_owned(), |creator| creator.to_string())
        }
    };
    Some(Topic::Values(kind.clone(), name.clone(), why))
}

impl Gathered {
    fn note(self, topic: Topic) -> FleetNote {
        let kustomizations = self.kustomizations();
        let were = if self.objects.len() == 1 { "was" } else { "were" };
        let note = match topic {
            Topic::Source(_, url) => {
                let message = format!("`{url}` is not available: {kustomizations}, which read it, {were} not expanded");
                let message =
                    if self.objects.len() == 1 { message.replace("which read it", "which reads it") } else { message };
                FleetNote::new(NoteReason::SourceUnavailable, message).help(format!(
                    "give it with `--source {url}=PATH`, or say in fleetlint.yaml that it is left out on purpose: \
                     `sources: {{\"{url}\": {{external: true}}}}`"
                ))
            }
            Topic::Clone(reason) => {
                let message = format!("{reason}: {kustomizations} {were} not expanded");
                FleetNote::new(reason.note(), message).help(reason.help().unwrap_or_default())
            }
            Topic::UndefinedSource(id, why) => {
                let ObjectId { kind, namespace, name, .. } = &id;
                let why = why.map_or_else(String::new, |why| format!(" ({why})"));
                let message = format!(
                    "no {kind} `{namespace}/{name}` is in the fleet{why}: {kustomizations} {were} not expanded"
                );
                FleetNote::new(NoteReason::SourceUndefined, message).help(format!(
                    "define it, or say in fleetlint.yaml that it is created elsewhere: \
                     `externals: [{{kind: {kind}, namespace: {namespace}, name: {name}}}]`"
                ))
            }
            Topic::Values(kind, name, why) => self.of_values((&kind, &name), &why, &kustomizations),
            Topic::Unexpanded(reason) => {
                FleetNote::new(NoteReason::PartlyChecked, format!("{reason}: {kustomizations} {were} not expanded"))
                    .help("`--show-undetermined` lists what was not judged")
            }
            Topic::Other(OpenReason { message, help }) => {
                let message = format!("{message}: the output of {kustomizations} was only partly checked");
                let listed = || "`--show-undetermined` lists the objects that were not judged".to_owned();
                FleetNote::new(NoteReason::PartlyChecked, message).help(help.unwrap_or_else(listed))
            }
            Topic::FluxVersion => {
                let (major, minor) = NEWEST;
                let message = format!(
                    "no file says which release of Flux runs here: the newest one, {major}.{minor}, is assumed"
                );
                let help = format!(
                    "say it in fleetlint.yaml: `flux: \"{major}.{minor}\"`, for all clusters or in their entry of `clusters:`"
                );
                FleetNote::new(NoteReason::FluxVersionAssumed, message).help(help)
            }
            Topic::NotConverging(paths) => {
                let message = format!(
                    "`{paths}` does not converge: its Kustomizations keep redefining each other or creating new ones"
                );
                FleetNote::new(NoteReason::NotConverging, message)
                    .help("look for Kustomizations that apply their own folder under a different name")
            }
        };
        let count = self.objects.len().max(1);
        FleetNote { place: self.place, clusters: self.clusters, count, causes: self.causes, ..note }
    }

    fn of_values(&self, (kind, name): (&str, &str), why: &str, kustomizations: &str) -> FleetNote {
        let namespaces: BTreeSet<&str> = self.objects.iter().map(|id| id.namespace.as_str()).collect();
        let first = namespaces.first().copied().unwrap_or_default();
        let (shown, each) = match namespaces.len() {
            1 => (format!("{kind} `{first}/{name}`"), ""),
            _ => {
                let named: Vec<String> = namespaces.iter().map(|namespace| format!("`{namespace}`")).collect();
                let shown = format!("{kind} `{name}` in namespaces {}", and_more(&named));
                (shown, ", one entry for each namespace")
            }
        };
        let verb = if self.objects.len() == 1 { "substitutes" } else { "substitute" };
        let message =
            format!("the values of {shown} are not known ({why}): what {kustomizations} {verb} from it was not judged");
        let help = format!(
            "if this is intended, say so in fleetlint.yaml{each}: `externals: [{{kind: {kind}, namespace: {first}, \
             name: {name}}}]`; with its `values:` everything is judged"
        );
        FleetNote::new(NoteReason::ValuesUnknown, message).help(help)
    }

    /// `Kustomization a/b`, `Kustomizations a/b, a/c and 5 more`.
    fn kustomizations(&self) -> String {
        let shown = |id: &ObjectId| format!("`{}/{}`", id.namespace, id.name);
        let names: Vec<String> = self.objects.iter().map(shown).collect();
        let kinds: BTreeSet<&str> = self.objects.iter().map(|id| id.kind.as_str()).collect();
        let kind = if kinds.len() == 1 { kinds.first().copied().unwrap_or_default() } else { "object" };
        let plural = if self.objects.len() == 1 { "" } else { "s" };
        format!("{kind}{plural} {}", and_more(&names))
    }
}

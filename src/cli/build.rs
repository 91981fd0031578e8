//! `fleetlint build PATH` and `fleetlint build --cluster NAME`.

use super::arguments::{BuildArguments, LoadRestrictor, Reorder};
use super::origin;
use super::print::{documents, error, full_place, located, note, place, run_error};
use crate::fleet::{Cluster, Outcome, Reconciler, ReconcilerKind, apply_order};
use crate::kustomize::{self, LoadRestriction, Options, Order, Reader};
use crate::redact::Redactor;
use crate::run::Session;
use crate::source;
use crate::yaml::{Node, print};

pub(super) fn run(arguments: &BuildArguments) -> u8 {
    match &arguments.fleet.cluster {
        Some(cluster) => build_cluster(arguments, cluster),
        None => build_folder(arguments),
    }
}

fn build_folder(arguments: &BuildArguments) -> u8 {
    let session = Session::passing();
    let lift = arguments.load_restrictor == Some(LoadRestrictor::None);
    let (tree, folder) = match source::open_for_build(&session.files, &arguments.path, lift) {
        Ok(opened) => opened,
        Err(why) => return error(&why.to_string()),
    };
    let load_restriction = match arguments.load_restrictor {
        Some(LoadRestrictor::RootOnly) => LoadRestriction::RootOnly,
        Some(LoadRestrictor::None) | None => LoadRestriction::None,
    };
    let order = if arguments.reorder == Reorder::Legacy { Order::Legacy } else { Order::Fifo };
    let reader = Reader { tree: &*tree, documents: &session.documents };
    let build = kustomize::build(reader, &folder, Options { load_restriction, order });
    let redactor = match build.problems.is_empty() && build.dropped.is_empty() && build.warnings.is_empty() {
        true => Redactor::default(),
        false => Redactor::of_build(build.resources.iter().map(AsRef::as_ref)),
    };
    let say = |text: &str| note(&redactor.text(text));
    build.warnings.iter().for_each(|warning| say(warning));
    build.dropped.iter().for_each(|dropped| say(&format!("warning: {}", located(dropped, &session.files))));
    if !build.problems.is_empty() {
        let shown = |problem| say(&format!("error: {}", located(problem, &session.files)));
        build.problems.iter().for_each(shown);
        return 2;
    }
    match printed(build.resources.into_iter(), &session, arguments) {
        Ok(texts) => documents(&texts),
        Err(why) => error(&why),
    }
}

/// The documents of a stream, each as it is written; on request with the origin of each value. Where one cannot be printed,
/// there are none: nothing may be written before all are there. A tree that nobody else holds makes room for the texts of
/// those after it.
fn printed(
    nodes: impl Iterator<Item = impl AsRef<Node>>,
    session: &Session,
    arguments: &BuildArguments,
) -> Result<Vec<Box<str>>, String> {
    // What is applied on a cluster comes from several repositories.
    let place = if arguments.fleet.cluster.is_some() { full_place } else { place };
    let note = |node: &Node| arguments.origin.then(|| origin::described(&node.origin, &session.files, place));
    nodes.map(|node| print::annotated(node.as_ref(), &note).map(String::into_boxed_str)).collect()
}

fn build_cluster(arguments: &BuildArguments, name: &str) -> u8 {
    let session = Session::default();
    let fleet = &arguments.fleet;
    let request = fleet.request(&arguments.path);
    let built = session.fleet(&request).map(|(fleet, _)| fleet);
    let found = match &built {
        Ok(fleet) => fleet.cluster(name),
        Err(why) => return run_error(why, &session.files),
    };
    let redactor = built.as_ref().map(|fleet| session.redactor(fleet)).unwrap_or_default();
    match found {
        Err(why) => run_error(&why, &session.files),
        Ok(cluster) => {
            let kustomization = arguments.kustomization.iter().map(|name| (ReconcilerKind::Kustomization, name));
            let set = arguments.resource_set.iter().map(|name| (ReconcilerKind::ResourceSet, name));
            match kustomization.chain(set).next() {
                Some(one) => build_one(&session, arguments, (cluster, &redactor), one),
                None => build_all(&session, arguments, (cluster, &redactor)),
            }
        }
    }
}

fn build_one(
    session: &Session,
    arguments: &BuildArguments,
    (cluster, redactor): (&Cluster, &Redactor),
    (kind, name): (ReconcilerKind, &String),
) -> u8 {
    let named =
        name.split_once('/').and_then(|(namespace, name)| cluster.graph().find_reconciler(kind, namespace, name));
    let Some(reconciler) = named else {
        let known = cluster.in_order(kind);
        let known: Vec<String> = known.iter().map(|reconciler| format!("`{}`", shown(reconciler))).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        let why = format!("cluster `{}` has no {kind:?} `{name}`; it has {known}", cluster.name);
        return error(&redactor.text(&why));
    };
    match documents_of(session, arguments, reconciler) {
        Ok(texts) => documents(&texts),
        Err(reasons) => {
            reasons.iter().for_each(|reason| note(&redactor.text(reason)));
            2
        }
    }
}

fn build_all(session: &Session, arguments: &BuildArguments, (cluster, redactor): (&Cluster, &Redactor)) -> u8 {
    let mut status = 0;
    let mut texts = Vec::new();
    let kinds = [ReconcilerKind::Kustomization, ReconcilerKind::ResourceSet];
    for reconciler in kinds.into_iter().flat_map(|kind| cluster.in_order(kind)) {
        match documents_of(session, arguments, reconciler) {
            Ok(more) => texts.extend(more),
            Err(reasons) => {
                reasons.iter().for_each(|reason| note(&redactor.text(&format!("{}: {reason}", shown(reconciler)))));
                status = 2;
            }
        }
    }
    documents(&texts).max(status)
}

fn shown(reconciler: &Reconciler) -> String {
    let (namespace, name) = reconciler.name();
    format!("{namespace}/{name}")
}

/// What a Kustomization applies, in the order in which Flux applies it; else why it is not known, or what Flux refuses.
fn documents_of(
    session: &Session,
    arguments: &BuildArguments,
    reconciler: &Reconciler,
) -> Result<Vec<Box<str>>, Vec<String>> {
    let refused = || {
        let undefined = reconciler.undefined.iter().map(|(_, problem)| problem);
        let reasons: Vec<String> =
            reconciler.problems.iter().chain(undefined).map(|problem| located(problem, &session.files)).collect();
        if reasons.is_empty() { vec!["the build fails".to_owned()] } else { reasons }
    };
    match &reconciler.outcome {
        Outcome::Rendered => {
            let ordered = apply_order(&reconciler.applied);
            printed(ordered.into_iter().map(|object| object.root.shared()), session, arguments).map_err(|why| vec![why])
        }
        Outcome::PathNotFound => {
            let path = reconciler.object.str("/spec/path").unwrap_or_default();
            Err(vec![format!("path `{path}` does not exist in {}", reconciler.source_shown())])
        }
        Outcome::Failed => Err(refused()),
        Outcome::SourceNotFound => {
            Err(vec![format!("undetermined: nothing in the fleet defines {}", reconciler.source_shown())])
        }
        Outcome::ReferenceNotFound { available } => Err(vec![format!(
            "the branch or tag of {} does not exist; there are `{}`",
            reconciler.source_shown(),
            available.join("`, `")
        )]),
        Outcome::Undetermined(reason) => Err(vec![format!("undetermined: {reason}")]),
        Outcome::Opaque => Err(vec!["undetermined: a Helm chart is not rendered".to_owned()]),
    }
}

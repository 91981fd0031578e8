//! `fleetlint who-can`: everybody who may do something, and by which rule of which binding.

use super::arguments::WhoCanArguments;
use super::print::{lines, run_error};
use super::question;
use crate::fleet::Cluster;
use crate::rbac::{Request, ResourceRequest, split_resource};
use crate::report::rights;
use crate::run::Session;
use crate::source::Files;

pub(super) fn run(arguments: &WhoCanArguments) -> u8 {
    let session = Session::default();
    let fleet = match session.fleet(&arguments.fleet.request(&arguments.path)) {
        Ok((fleet, _)) => fleet,
        Err(why) => return run_error(&why, &session.files),
    };
    let blocked = question::ask(&fleet.discovery, &session.files);
    if blocked != 0 {
        return blocked;
    }
    let clusters: Vec<&Cluster> = match &arguments.fleet.cluster {
        Some(name) => match fleet.cluster(name) {
            Ok(cluster) => vec![cluster],
            Err(why) => return run_error(&why, &session.files),
        },
        None => fleet.clusters.iter().collect(),
    };
    let texts = clusters.iter().map(|cluster| on_cluster(arguments, cluster, &session.files));
    lines(&session.redactor(&fleet).text(&texts.collect::<Vec<_>>().join("\n")))
}

fn on_cluster(arguments: &WhoCanArguments, cluster: &Cluster, files: &Files) -> String {
    let (verb, what) = (arguments.verb.as_str(), arguments.resource.as_str());
    let (resource, group) = split_resource(what);
    let namespace = arguments.namespace.as_deref().unwrap_or_default();
    let request = match what.starts_with('/') {
        true => Request::Url { verb, path: what },
        false => {
            let (subresource, name) = ("", "");
            Request::Resource(ResourceRequest { verb, group, resource: &resource, subresource, namespace, name })
        }
    };
    let rights = cluster.rbac().rights();
    let scope = if namespace.is_empty() { String::new() } else { format!(" in namespace {namespace}") };
    let mut text = format!("{}: who can {verb} {what}{scope}\n", cluster.name);
    for proof in rights.view().grants(&request) {
        let Some(subject) = proof.binding.subjects.get(proof.subject) else { continue };
        text += &format!("  {}\n", rights::subject(subject));
        text.extend(rights::proof(&proof, files).iter().map(|line| format!("    {line}\n")));
    }
    for why in rights.open_to_anybody(namespace) {
        text += &format!("  maybe others: {why}\n");
    }
    text
}

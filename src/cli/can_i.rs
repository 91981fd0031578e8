//! `fleetlint can-i`: whether somebody may do something on a cluster, and by which rule of which binding.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::arguments::CanIArguments;
use super::print::{FAILED, error, lines, note, run_error};
use super::question;
use crate::fleet::{Cluster, Fleet, apply_order};
use crate::object::Object;
use crate::rbac::{AUTHENTICATED, Answer, ApplyVerdict, Judge, Request, ResourceRequest, User, split_resource};
use crate::report::rights;
use crate::run::{RunError, Session};
use crate::source::{self, Files};

/// The exit status of a no.
const NO: u8 = 1;

const NO_RESOURCE: &str = "say which resource or URL is meant: `fleetlint can-i get pods --as USER PATH`";

/// The name of those who have none.
const ANONYMOUS: &str = "system:anonymous";

pub(super) fn run(arguments: &CanIArguments) -> u8 {
    let (what, path) = match words(arguments) {
        Ok(words) => words,
        Err(why) => return error(why),
    };
    let session = Session::default();
    let fleet = match session.fleet(&arguments.fleet.request(&path)) {
        Ok((fleet, _)) => fleet,
        Err(why) => return run_error(&why, &session.files),
    };
    let blocked = question::ask(&fleet.discovery, &session.files);
    if blocked != 0 {
        return blocked;
    }
    let cluster = match only_cluster(&fleet, arguments.fleet.cluster.as_deref()) {
        Ok(cluster) => cluster,
        Err(why) => return run_error(&why, &session.files),
    };
    let redactor = session.redactor(&fleet);
    let said = match (&arguments.file, what) {
        (Some(file), _) => apply(arguments, cluster, &session, file),
        (None, Some(what)) => Ok(ask(arguments, cluster, &session.files, &what)),
        (None, None) => Err(NO_RESOURCE.to_owned()),
    };
    match said {
        Ok((text, status)) => lines(&redactor.text(&text)).max(status),
        Err(why) => {
            note(&format!("error: {}", redactor.text(&why)));
            FAILED
        }
    }
}

/// The cluster that is asked about: it need not be named where there is only one.
pub(super) fn only_cluster<'a>(fleet: &'a Fleet, name: Option<&str>) -> Result<&'a Cluster, RunError> {
    match (name, fleet.clusters.as_slice()) {
        (Some(name), _) => fleet.cluster(name),
        (None, [only]) => Ok(only),
        (None, _) => {
            Err(RunError::NoClusterNamed { known: fleet.clusters.iter().map(|cluster| cluster.name.clone()).collect() })
        }
    }
}

/// What is asked for, and the path: with `-f`, the only word after `apply` is the path.
fn words(arguments: &CanIArguments) -> Result<(Option<String>, PathBuf), &'static str> {
    let path = |path: Option<&Path>| path.unwrap_or(Path::new(".")).to_owned();
    match (&arguments.file, &arguments.what, &arguments.path) {
        (Some(_), ..) if arguments.verb != "apply" => Err("`-f` goes with `apply`: `fleetlint can-i apply -f FILE`"),
        (Some(_), Some(_), Some(_)) => Err("with `-f`, only the path of the fleet repository can follow `apply`"),
        (Some(_), what, None) => Ok((None, path(what.as_deref().map(Path::new)))),
        (None, None, _) => Err(NO_RESOURCE),
        // No name has a slash: this is the path, and the resource is missing.
        (None, Some(what), _) if !what.starts_with('/') && what.matches('/').count() > 1 => Err(NO_RESOURCE),
        (_, what, given) => Ok((what.clone(), path(given.as_deref()))),
    }
}

/// A user with the groups that everybody of that kind is in.
fn user(arguments: &CanIArguments) -> User {
    let own = arguments.groups.iter().map(String::as_str);
    let others = (arguments.user != ANONYMOUS).then_some(AUTHENTICATED);
    User::new(&arguments.user, own.chain(others))
}

fn ask(arguments: &CanIArguments, cluster: &Cluster, files: &Files, what: &str) -> (String, u8) {
    let verb = arguments.verb.as_str();
    let (what, name) = if what.starts_with('/') { (what, "") } else { what.split_once('/').unwrap_or((what, "")) };
    let (resource, group) = split_resource(what);
    // A request for one Namespace is in that namespace.
    let is_namespace = group.is_empty() && resource == "namespaces" && !name.is_empty();
    let own = if is_namespace { name } else { "" };
    let request = match what.starts_with('/') {
        true => Request::Url { verb, path: what },
        false => Request::Resource(ResourceRequest {
            verb,
            group,
            resource: &resource,
            subresource: arguments.subresource.as_deref().unwrap_or_default(),
            namespace: arguments.namespace.as_deref().unwrap_or(own),
            name,
        }),
    };
    match cluster.rbac().rights().may(&user(arguments), &request) {
        Answer::Allowed(proof) => {
            let lines = proof.map(|proof| rights::proof(&proof, files)).unwrap_or_default();
            (lines.iter().fold("yes\n".to_owned(), |text, line| format!("{text}  {line}\n")), 0)
        }
        Answer::Denied => ("no\n".to_owned(), NO),
        Answer::Undetermined(why) => (format!("undetermined: {why}\n"), FAILED),
    }
}

fn apply(arguments: &CanIArguments, cluster: &Cluster, session: &Session, file: &Path) -> Result<(String, u8), String> {
    let file = source::open_file(&session.files, file).map_err(|why| why.to_string())?;
    let stream = session.documents.of(&file);
    let mut objects = Vec::new();
    for document in &stream.documents {
        let document = document.as_ref().map_err(|problem| super::print::located(problem, &session.files))?;
        let root = document.root.iter().filter(|root| !root.is_null());
        let object = |root: &_| Object::new(Clone::clone(root)).ok_or("an object needs apiVersion, kind and a name");
        objects.extend(root.map(object).collect::<Result<Vec<_>, _>>()?.into_iter().map(Arc::new));
    }
    let (rbac, user) = (cluster.rbac(), user(arguments));
    let is_cluster_role = |object: &&Arc<Object>| object.id.kind == "ClusterRole";
    let cluster_roles: Vec<Arc<Object>> = objects.iter().filter(is_cluster_role).cloned().collect();
    let policy = rbac.policy_with(&cluster_roles);
    let (mut status, mut lines) = (0, String::new());
    for object in apply_order(&objects) {
        let old = cluster.get(&object.id).map(|held| held.object);
        let rights = if object.id.kind == "ClusterRole" { rbac.rights() } else { rbac.rights_in(&policy) };
        let (word, why, code) = match rbac.verdict(rights, &user, object, old) {
            ApplyVerdict::Allowed(_) => ("yes", String::new(), 0),
            ApplyVerdict::Denied(denial) => ("no", format!(": {}", rights::denial(&denial)), NO),
            ApplyVerdict::Undetermined(why) => ("undetermined", format!(": {why}"), FAILED),
        };
        // One refusal is enough for the apply as a whole; what cannot be told counts where nothing is refused.
        status = if status == NO || code == NO { NO } else { code.max(status) };
        lines += &format!("  {word:<13} {}{why}\n", object.id);
    }
    let word = match status {
        0 => "yes",
        NO => "no",
        _ => "undetermined",
    };
    Ok((format!("{word}\n{lines}"), status))
}

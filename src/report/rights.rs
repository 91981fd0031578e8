//! Rights in words: who may do what, by which rule of which binding.

use crate::finding::Place;
use crate::locate::Location;
use crate::object::Object;
use crate::rbac::{Denial, Proof, RoleId, Subject, Written};
use crate::source::Files;

/// Why something is allowed, as lines: the binding, and the rule.
pub fn proof(proof: &Proof<'_>, files: &Files) -> Vec<String> {
    let binding = proof.binding;
    let subject = binding.subjects.get(proof.subject).map(subject).unwrap_or_default();
    let role = role_name(proof.role);
    let name = match binding.namespace.as_str() {
        "" => binding.name.to_string(),
        namespace => format!("{namespace}/{}", binding.name),
    };
    let pointer = format!("/subjects/{}/name", proof.subject);
    let gathered = if proof.rule.role == *proof.role { String::new() } else { format!(", which {role} gathers") };
    vec![
        format!("{} {name} gives {role} to {subject}{}", binding.kind(), place(&binding.written, &pointer, files)),
        format!(
            "rule {} of {}{gathered}{}",
            proof.rule.index + 1,
            role_name(&proof.rule.role),
            place(&proof.rule.written, &format!("/rules/{}", proof.rule.index), files)
        ),
    ]
}

/// Why an apply is refused.
pub fn denial(denial: &Denial) -> String {
    match denial {
        Denial::Invalid(invalid) => format!("invalid at `{}`: {}", invalid.pointer, invalid.message),
        Denial::Verb(verb) => format!("cannot `{verb}` it"),
        Denial::Grants(what) => format!("it would grant {what}, which the user does not hold"),
        Denial::Gathers => "an aggregation rule needs every right on the cluster".to_owned(),
        Denial::NoRole(role) => format!("{} does not exist", role_name(role)),
    }
}

/// A subject as people name it.
pub fn subject(subject: &Subject) -> String {
    match subject {
        Subject::User(name) => format!("user {name}"),
        Subject::Account(namespace, name) => format!("service account {namespace}/{name}"),
        Subject::Group(name) => format!("group {name}"),
        Subject::Nobody => "nobody".to_owned(),
    }
}

/// Kind and name of a role.
pub fn role_name(role: &RoleId) -> String {
    match role.namespace.as_str() {
        "" => format!("ClusterRole {}", role.name),
        namespace => format!("Role {namespace}/{}", role.name),
    }
}

/// Where something is written, in parentheses.
pub fn place(written: &Written, pointer: &str, files: &Files) -> String {
    match written {
        Written::Object(object) => place_in(object, pointer, files),
        Written::ApiServer => " (every API server has it)".to_owned(),
        Written::Flux => " (Flux brings it along)".to_owned(),
    }
}

/// Where a field of an object is, in parentheses.
pub fn place_in(object: &Object, pointer: &str, files: &Files) -> String {
    let Some(span) = Place::at(object, pointer).span() else { return String::new() };
    let Location { repository, revision, file, line, column, .. } = Location::of(span, files);
    let revision = revision.map(|revision| format!("@{revision}")).unwrap_or_default();
    format!(" ({repository}{revision}: {file}:{line}:{column})")
}

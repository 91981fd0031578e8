//! The texts that come from Secrets: what objects hold of them, and the values of the Secrets themselves.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::fleet::Fleet;
use crate::object::Object;
use crate::source::Content;
use crate::yaml::{Documents, Node};

/// Longer texts are looked for line by line: no message holds all of one.
const MAX_TEXT: usize = 200;

/// How far a text has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// It stands in a Secret, or in what makes one.
    Secret,
    /// It stands in another object.
    Object,
}

/// Texts that must not be shown.
pub(super) type Found = BTreeMap<String, Reach>;

/// All of a run.
pub(super) fn collect(fleet: &Fleet, documents: &Documents) -> Found {
    let mut found = Found::new();
    let mut seen: HashSet<*const Object> = HashSet::new();
    for cluster in &fleet.clusters {
        let applied = cluster.appliers.iter().flat_map(|applier| applier.applied.iter().chain([&applier.object]));
        let objects = cluster.objects.iter().map(|placed| &placed.object).chain(applied);
        objects.filter(|object| seen.insert(Arc::as_ptr(object))).for_each(|object| of_object(object, &mut found));
    }
    for (file, stream) in documents.parsed() {
        if file.is_noted(Content::Secret) {
            file.text().into_iter().flat_map(str::lines).for_each(|line| of_line(line, &mut found));
        }
        let roots = stream.documents.iter().flatten().filter_map(|document| document.root.as_ref());
        roots.filter(|root| is_secret(root)).for_each(|root| of_secret(root, &mut found));
    }
    found
}

fn of_object(object: &Object, found: &mut Found) {
    if object.is("", "Secret") {
        of_secret(&object.root, found);
    }
    let secret = object.root.scalars().filter(|scalar| scalar.secret().is_some());
    let is_elsewhere = !object.is("", "Secret");
    for scalar in secret {
        let reach = if is_elsewhere { Reach::Object } else { Reach::Secret };
        scalar.secret_texts().into_iter().for_each(|text| add(text, reach, found));
    }
}

fn is_secret(root: &Node) -> bool {
    root.get("kind").and_then(Node::text) == Some("Secret")
}

/// What a Secret holds, as it is written and decoded.
fn of_secret(root: &Node, found: &mut Found) {
    let values = |field: &str| root.get(field).into_iter().flat_map(Node::entries).map(|entry| &entry.value);
    for value in values("data").chain(values("stringData")) {
        let texts = value.scalars().filter_map(Node::text);
        texts.for_each(|text| add(text, Reach::Secret, found));
    }
    for encoded in values("data").filter_map(Node::text) {
        let decoded = STANDARD.decode(encoded.replace(['\n', '\r'], "")).ok();
        let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
        text.into_iter().for_each(|text| add(&text, Reach::Secret, found));
    }
}

/// A line of a file whose content is secret: with what stands behind its `=`.
fn of_line(line: &str, found: &mut Found) {
    add(line, Reach::Secret, found);
    line.split_once('=').into_iter().for_each(|(_, value)| add(value, Reach::Secret, found));
}

fn add(text: &str, reach: Reach, found: &mut Found) {
    let text = text.trim();
    if text.contains('\n') {
        return text.lines().for_each(|line| add(line, reach, found));
    }
    let text = text.get(..MAX_TEXT).unwrap_or(text);
    if text.is_empty() {
        return;
    }
    let known = found.entry(text.to_owned()).or_insert(reach);
    *known = reach.max(*known);
}

//! The texts that come from Secrets: what objects hold of them, and the values of the Secrets themselves.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rayon::prelude::*;

use crate::fleet::{Applied, Fleet, Reconciler};
use crate::object::Object;
use crate::source::{Content, path, url};
use crate::yaml::{Documents, Node};

/// Longer texts are looked for line by line: no message holds all of one.
const MAX_TEXT: usize = 200;

/// A text of a Secret with more lines is a file: what of it comes into other objects is found there.
const MAX_LINES: usize = 16;

/// How far a text has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// It is in a Secret, or in what makes one.
    Secret,
    /// It is in another object.
    Object,
}

/// Texts that must not be shown.
pub(super) type Found = BTreeMap<String, Reach>;

/// All of a run.
pub(super) fn collect(fleet: &Fleet, documents: &Documents) -> Found {
    let mut seen: HashSet<*const Object> = HashSet::new();
    let mut seen_whole: HashSet<*const Applied> = HashSet::new();
    let mut objects: Vec<&Arc<Object>> = Vec::new();
    for cluster in &fleet.clusters {
        let is_new = |reconciler: &&Reconciler| seen_whole.insert(Arc::as_ptr(&reconciler.applied));
        let applied = cluster.reconcilers.iter().filter(is_new).flat_map(|reconciler| reconciler.applied.iter());
        let own = cluster.reconcilers.iter().map(|reconciler| &reconciler.object);
        let beside = cluster.objects.beside_applied().map(|placed| placed.shared);
        objects.extend(applied.chain(own).chain(beside).filter(|object| seen.insert(Arc::as_ptr(object))));
    }
    // Values that come from no Secret tell nothing: what differs in them only is looked at once.
    let mut seen: HashSet<*const Node> = HashSet::new();
    let mut roots: Vec<&Arc<Node>> = objects.into_iter().map(|object| object.root.pattern()).collect();
    roots.retain(|root| seen.insert(Arc::as_ptr(root)));
    let parts = roots.par_iter().fold(Found::new, |mut found, root| {
        of_object(root, &mut found);
        found
    });
    let mut found = parts.reduce(Found::new, joined);
    for (file, stream) in documents.parsed() {
        if file.is_noted(Content::Secret) {
            let lines = file.text().filter(|text| text.lines().count() <= MAX_LINES).into_iter().flat_map(str::lines);
            lines.for_each(|line| of_line(line, &mut found));
        }
        let roots = stream.documents.iter().flatten().filter_map(|document| document.root.as_ref());
        roots.filter(|root| is_secret(root)).for_each(|root| of_secret(root, &mut found));
    }
    found
}

fn joined(mut left: Found, right: Found) -> Found {
    for (text, reach) in right {
        let known = left.entry(text).or_insert(reach);
        *known = reach.max(*known);
    }
    left
}

/// Those of one object.
pub(super) fn of_object(root: &Node, found: &mut Found) {
    let is_secret = is_secret(root);
    if is_secret {
        of_secret(root, found);
    }
    let reach = if is_secret { Reach::Secret } else { Reach::Object };
    for text in root.scalars().flat_map(Node::secret_texts) {
        add(text, reach, found);
        if !is_secret {
            as_shown(text).into_iter().for_each(|text| add(&text, reach, found));
            // Of a path messages name the segment that is missing.
            text.split('/').filter(|_| text.contains('/')).for_each(|part| add(part, Reach::Secret, found));
        }
    }
}

/// How paths and URLs are written in messages.
fn as_shown(text: &str) -> Option<String> {
    let shown = match text.contains("://") {
        true => url::normalize(text),
        false if text.contains('/') => path::clean(text)?,
        false => return None,
    };
    (shown != text).then_some(shown)
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

/// A line of a file whose content is secret: with what follows its `=`.
fn of_line(line: &str, found: &mut Found) {
    add(line, Reach::Secret, found);
    line.split_once('=').into_iter().for_each(|(_, value)| add(value, Reach::Secret, found));
}

fn add(text: &str, reach: Reach, found: &mut Found) {
    let text = text.trim();
    if text.contains('\n') {
        let is_file = reach == Reach::Secret && text.lines().count() > MAX_LINES;
        return text.lines().filter(|_| !is_file).for_each(|line| add(line, reach, found));
    }
    let text = text.get(..MAX_TEXT).unwrap_or(text);
    if text.is_empty() {
        return;
    }
    let known = found.entry(text.to_owned()).or_insert(reach);
    *known = reach.max(*known);
}

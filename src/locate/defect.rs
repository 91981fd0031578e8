//! The key of a defect: what stays the same while its file is edited elsewhere, moved, or read by another cluster.
//!
//! It is made of the rule, the repository and revision, the object as it is written, the path in it, the arguments, and the
//! values that the finding is about: another value at the same place is another defect, and nothing that accepts the one hides
//! the other. Wording, lines, clusters and folders are not part of it.

use std::collections::HashMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::Location;
use crate::finding::Finding;
use crate::object::Object;
use crate::source::{Files, url};
use crate::yaml::{Node, Value};

/// The fields that tell the entries of a list apart, the first that all of them have.
const MERGE_KEYS: [&str; 4] = ["name", "key", "containerPort", "path"];

/// One fingerprint for each finding, 32 hex digits: the hash of its defect's key. Only if two findings of the run would
/// have the same one is the file added to both (`fleet` is the name of the fleet repository's folder), and if they are in one file, too, how many of them come before.
pub fn fingerprints(findings: &[Finding], fleet: &str, files: &Files) -> Vec<String> {
    let keys: Vec<Vec<String>> = findings.iter().map(|finding| key(finding, fleet, files)).collect();
    let mut counts: HashMap<&Vec<String>, usize> = HashMap::new();
    keys.iter().for_each(|key| *counts.entry(key).or_default() += 1);
    let mut before: HashMap<Vec<String>, usize> = HashMap::new();
    let named = keys.iter().zip(findings).map(|(key, finding)| {
        if counts.get(key).is_none_or(|count| *count == 1) {
            return hash(key);
        }
        let file = location(finding, files).map(|at| at.file).unwrap_or_default();
        let mut key: Vec<String> = key.iter().cloned().chain([file]).collect();
        let index = before.entry(key.clone()).or_default();
        *index += 1;
        key.extend((*index > 1).then(|| index.to_string()));
        hash(&key)
    });
    named.collect()
}

fn key(finding: &Finding, fleet: &str, files: &Files) -> Vec<String> {
    let at = location(finding, files);
    let text = |text: Option<&Arc<str>>| text.map(|text| text.to_string()).unwrap_or_default();
    // The fleet repository may be checked out into a folder of any name.
    let repository = text(at.as_ref().map(|at| &at.repository).filter(|name| &***name != fleet));
    let revision = text(at.as_ref().and_then(|at| at.revision.as_ref()));
    let mut key = vec![finding.rule.to_owned(), repository, revision];
    match &finding.subject {
        Some(object) => key.extend(subject(object, &finding.pointer, files)),
        None => key.push(at.map(|at| at.file).unwrap_or_default()),
    }
    key.extend(finding.arguments.iter().cloned());
    key.extend(finding.place.value().into_iter().chain(&finding.values).map(|node| value(node, files)));
    key
}

fn location(finding: &Finding, files: &Files) -> Option<Location> {
    finding.place.span().map(|span| Location::of(span, files))
}

/// The object as it is written, and the path in it. The version of an API may change without the object becoming another.
fn subject(object: &Object, pointer: &str, files: &Files) -> [String; 5] {
    let field = |pointer: &str| object.at(pointer).map(|node| written(node, files)).unwrap_or_default();
    let id = &object.id;
    let (namespace, name) = (field("/metadata/namespace"), field("/metadata/name"));
    [id.group.to_string(), id.kind.to_string(), namespace, name, path(object, pointer)]
}

/// The text of a value in its file, before substitution; that of the value where no file holds it.
fn written(node: &Node, files: &Files) -> String {
    let text = node.origin.span.and_then(|span| {
        let file = files.get(span.file);
        let text = file.text()?.get(span.start as usize..span.end as usize)?;
        Some(text.trim_matches(['"', '\'']).to_owned())
    });
    text.or_else(|| node.text().map(str::to_owned)).unwrap_or_default()
}

/// A value as a person edits it: before substitution, so that it is one on all clusters, unless a variable is the whole of it.
/// What is secret is not part of it, because a hash gives away what can be guessed.
fn value(node: &Node, files: &Files) -> String {
    let is_pattern = node.origin.variable().is_some_and(|variable| !variable.whole);
    let text = if is_pattern { written(node, files) } else { node.shown().into_owned() };
    url::without_user(&text)
}

/// A pointer in which entries of lists are named by what tells them apart, not by where they stand.
fn path(object: &Object, pointer: &str) -> String {
    let mut node = Some(&*object.root);
    let mut path = String::new();
    for step in pointer.split('/').skip(1) {
        let key = step.replace("~1", "/").replace("~0", "~");
        let next = node.and_then(|node| match &node.value {
            Value::Mapping(_) => node.get(&key).map(|next| (key.clone(), next)),
            Value::Sequence(items) => {
                let item = items.get(key.parse::<usize>().ok()?)?;
                Some((entry_key(item).unwrap_or_else(|| key.clone()), item))
            }
            Value::Scalar(_) => None,
        });
        path.push('/');
        path.push_str(next.as_ref().map_or(step, |(shown, _)| shown));
        node = next.map(|(_, next)| next);
    }
    path
}

fn entry_key(item: &Node) -> Option<String> {
    let field = |name: &&str| Some(format!("[{name}={}]", item.get(name)?.text()?));
    match item.text() {
        Some(text) => Some(format!("[{text}]")),
        None => MERGE_KEYS.iter().find_map(field),
    }
}

fn hash(key: &[String]) -> String {
    let mut hash = Sha256::new();
    for part in key {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::finding::{Findings, Severity};
    use crate::yaml::Documents;

    const TEXT: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app}\nspec:\n  containers:\n  - name: web\n    image: x\n";

    fn object(files: &Files, path: &str, text: &str) -> Object {
        let file = files.add("fleet".into(), None, path.into(), text.as_bytes().to_vec());
        let stream = Documents::default().of(&file);
        Object::new(stream.documents[0].as_ref().unwrap().root.clone().unwrap()).unwrap()
    }

    fn of(files: &Files, objects: &[(&Object, &str, &str)]) -> Vec<String> {
        let mut findings = Findings::new("a/b", Severity::Error, Some("eu"));
        objects.iter().for_each(|(object, pointer, message)| _ = findings.report(object, pointer, *message));
        fingerprints(&findings.said().findings, "fleet", files)
    }

    #[test]
    fn edits_elsewhere_moves_and_words_do_not_count() {
        let files = Files::default();
        let image = "/spec/containers/0/image";
        let first = of(&files, &[(&object(&files, "a.yaml", TEXT), image, "wrong")]);
        let moved = TEXT.replace("  containers:\n", "  replicas: 2\n  containers:\n  - name: side\n");
        let moved = object(&files, "other/b.yaml", &moved.replace("apps/v1", "apps/v2"));
        assert_eq!(of(&files, &[(&moved, "/spec/containers/1/image", "said otherwise")]), first);
        assert_ne!(of(&files, &[(&moved, "/spec/containers/0/image", "wrong")]), first);
        let renamed = object(&files, "a.yaml", &TEXT.replace("app}", "api}"));
        assert_ne!(of(&files, &[(&renamed, image, "wrong")]), first);
    }

    #[test]
    fn other_values_are_other_defects() {
        let files = Files::default();
        let (image, name) = ("/spec/containers/0/image", "/spec/containers/0/name");
        let text = |image: &str| TEXT.replace("image: x", &format!("image: {image}"));
        let of_text = |text: &str| of(&files, &[(&object(&files, "a.yaml", text), image, "wrong")]);
        assert_ne!(of_text(&text("y")), of_text(TEXT));
        assert_eq!(of_text(&text("\"x\" # other")), of_text(TEXT));
        assert_eq!(of_text(&text("https://me:pass@h/x")), of_text(&text("https://h/x")));
        let about = |text: &str| {
            let mut findings = Findings::new("a/b", Severity::Error, Some("eu"));
            let object = object(&files, "a.yaml", text);
            findings.report(&object, name, "wrong").about(&object, image).about(&object, "/spec/none");
            fingerprints(&findings.said().findings, "fleet", &files)
        };
        assert_ne!(about(&text("y")), about(TEXT));
    }

    #[test]
    fn no_two_findings_share_one() {
        let files = Files::default();
        let (a, b) = (object(&files, "a.yaml", TEXT), object(&files, "b.yaml", TEXT));
        let all = of(&files, &[(&a, "/spec", "x"), (&b, "/spec", "x"), (&b, "/spec", "y"), (&a, "/kind", "x")]);
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 4, "{all:?}");
    }
}

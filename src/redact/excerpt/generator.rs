//! What makes Secrets: `secretGenerator` and the plugin of that name.

use super::{Mask, range_of};
use crate::yaml::{Node, Value};

/// Fields of a generator that say nothing of the values.
const HARMLESS: [&str; 8] = ["name", "namespace", "behavior", "type", "files", "envs", "env", "options"];

/// Endings of the files that people make Secrets of.
const ENDINGS: [&str; 20] = [
    "env",
    "yaml",
    "yml",
    "json",
    "txt",
    "crt",
    "key",
    "pem",
    "conf",
    "cfg",
    "ini",
    "toml",
    "properties",
    "sh",
    "pub",
    "xml",
    "p12",
    "jks",
    "cer",
    "ca",
];

fn is_file(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending))
}

/// Whether a field of a kustomization file is meant to be `secretGenerator`.
pub(super) fn is_field(key: &str) -> bool {
    key.to_ascii_lowercase().starts_with("secretgen")
}

/// Whether an object is a generator of Secrets.
pub(super) fn is_plugin(node: &Node) -> bool {
    node.get("kind").and_then(Node::text).is_some_and(is_field)
}

impl Mask<'_> {
    /// The generators of a kustomization file.
    pub(super) fn generators(&mut self, node: &Node) {
        let generators = if node.as_mapping().is_some() { std::slice::from_ref(node) } else { node.items() };
        for entry in generators.iter().flat_map(Node::entries) {
            match entry.key.text().unwrap_or_default() {
                "files" | "envs" | "env" => self.paths(&entry.value),
                key if HARMLESS.contains(&key) => {}
                _ => self.literals(&entry.value),
            }
        }
    }

    /// Paths of files, some behind a key: what no file is called may be a literal at the wrong place.
    fn paths(&mut self, node: &Node) {
        node.scalars().for_each(|path| {
            let value = path.text().and_then(|text| text.split_once('=')).map(|(_, value)| value);
            if value.is_some_and(|value| !is_file(value)) {
                self.literals(path);
            }
        });
    }

    /// What a generator takes in: of `key=value` the value, of anything else all.
    pub(super) fn literals(&mut self, node: &Node) {
        match &node.value {
            Value::Sequence(items) => items.iter().for_each(|item| self.literals(item)),
            Value::Mapping(mapping) => mapping.entries.iter().for_each(|entry| {
                self.ranges.extend(range_of(&entry.key).filter(|_| entry.value.is_null()));
                self.all_of(&entry.value);
            }),
            Value::Scalar(_) => {
                let Some(range) = range_of(node) else { return };
                let text = self.text.get(range.clone()).unwrap_or_default();
                // What has no key is refused, and may be a value all the same.
                let start = range.start + text.find('=').map_or(0, |equals| equals + 1);
                self.ranges.push(start..range.end);
            }
        }
        self.comments_beside(node);
    }

    /// The comments on the lines of a value.
    fn comments_beside(&mut self, node: &Node) {
        let Some(range) = range_of(node) else { return };
        let end =
            self.text.get(range.end..).and_then(|rest| rest.find('\n')).map_or(self.text.len(), |at| range.end + at);
        let mut start = range.start;
        for line in self.text.get(range.start..end).unwrap_or_default().split_inclusive('\n') {
            let comment = line.find(" #").or_else(|| line.trim_start().starts_with('#').then_some(0));
            self.ranges.extend(comment.map(|at| start + at..start + line.len()));
            start += line.len();
        }
    }
}

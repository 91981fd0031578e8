//! From the root of an object down, field by field.

use std::collections::HashMap;

use fleetlint_yaml::{Entry, Node};

use super::cel::{self, Outcome};
use super::scalar::{self, is_null, shown_type};
use super::sentence::{self, Sentence};
use super::suggest;
use super::verdict::{Unevaluated, Verdict, Violation, What};
use crate::kinds::{Field, Scope, Type};

/// A walk over one object.
pub(super) struct Walk<'a> {
    scope: Scope<'a>,
    /// The release is older than the tables: fields do not go away within a version, but rules come.
    skips_rules: bool,
    pointer: String,
    verdict: Verdict,
}

impl<'a> Walk<'a> {
    pub(super) fn new(scope: Scope<'a>, skips_rules: bool) -> Self {
        Self { scope, skips_rules, pointer: String::new(), verdict: Verdict::default() }
    }

    pub(super) fn verdict(self) -> Verdict {
        self.verdict
    }

    /// The whole object, but for what all objects have.
    pub(super) fn root(&mut self, node: &Node, root: Field) {
        let common = ["apiVersion", "kind", "metadata"];
        self.entries(node, root, &common);
        self.rules(node, root, 0);
    }

    /// The metadata: names of fields, and types but for those that are judged elsewhere.
    pub(super) fn metadata(&mut self, node: &Node, field: Field, said_elsewhere: &[&str]) {
        let scope = std::mem::take(&mut self.scope);
        self.pointer.push_str("/metadata");
        if node.as_mapping().is_some() {
            self.entries(node, field, said_elsewhere);
        }
        (self.pointer, self.scope) = (String::new(), scope);
    }

    fn value(&mut self, node: &Node, field: Field) {
        let before = self.verdict.violations.len();
        match field.value_type() {
            Type::Any => {}
            Type::Object if node.as_mapping().is_some() => self.entries(node, field, &[]),
            Type::Map if node.as_mapping().is_some() => self.map(node, field),
            Type::List if node.as_sequence().is_some() => self.list(node, field),
            Type::Object | Type::Map | Type::List => {
                self.violated(What::WrongType { expected: field.value_type(), found: shown_type(node) });
            }
            _ => scalar::problem(node, field, self.scope).into_iter().for_each(|what| self.violated(what)),
        }
        self.rules(node, field, before);
    }

    fn entries(&mut self, node: &Node, field: Field, except: &[&str]) {
        for Entry { key, value } in node.entries() {
            let name = key.text().unwrap_or_default();
            match field.child(name, self.scope) {
                _ if except.contains(&name) => {}
                Some(child) if is_null(value) && !child.is_nullable() => {}
                Some(child) => self.at(name, |walk| walk.value(value, child)),
                None if field.is_open() => {}
                None => self.unknown(name, node, field),
            }
        }
        for child in field.children(self.scope).filter(|child| child.is_required() && child.default().is_none()) {
            let is_set = |value: &Node| !is_null(value) || child.is_nullable();
            if !except.contains(&child.name()) && !node.get(child.name()).is_some_and(is_set) {
                self.at(child.name(), |walk| walk.violated(What::Missing));
            }
        }
    }

    fn unknown(&mut self, name: &str, node: &Node, field: Field) {
        let newest = self.scope.releases.map(|releases| releases.newest);
        let since = suggest::in_version(name, field, self.scope).map(Field::since).min().flatten();
        let what = match since.filter(|since| newest.is_some_and(|newest| *since > newest)) {
            Some(since) => What::TooNew(since),
            None => What::Unknown(suggest::unknown(name, node, field, self.scope)),
        };
        self.at(name, |walk| walk.violated(what));
    }

    fn map(&mut self, node: &Node, field: Field) {
        let Some(item) = field.child("{}", self.scope) else { return };
        for Entry { key, value } in node.entries().iter().filter(|entry| !is_null(&entry.value) || item.is_nullable()) {
            self.at(key.text().unwrap_or_default(), |walk| walk.value(value, item));
        }
    }

    fn list(&mut self, node: &Node, field: Field) {
        let items = node.items();
        let count = scalar::count_problem(field, items.len(), "minItems", "maxItems");
        count.into_iter().for_each(|what| self.violated(what));
        self.duplicates(items, field);
        let Some(item) = field.child("[]", self.scope) else { return };
        for (index, node) in items.iter().enumerate() {
            self.at(&index.to_string(), |walk| walk.value(node, item));
        }
    }

    fn duplicates(&mut self, items: &[Node], field: Field) {
        let Some((kind @ ("map" | "set"), keys)) = field.list_type() else { return };
        let keys: Vec<&str> = keys.collect();
        let mut seen: HashMap<Vec<&str>, String> = HashMap::new();
        for (index, item) in items.iter().enumerate() {
            let key: Option<Vec<&str>> = match kind {
                "set" => item.text().map(|text| vec![text]),
                _ => keys.iter().map(|key| item.get(key).and_then(Node::text)).collect(),
            };
            let Some(key) = key else { continue };
            let step = keys.first().map_or_else(|| index.to_string(), |key| format!("{index}/{key}"));
            match seen.get(&key).cloned() {
                Some(first) => {
                    let key = key.join(", ");
                    self.at_raw(&step, |walk| walk.violated(What::Duplicate { first, key }));
                }
                None => _ = seen.insert(key, format!("{}/{step}", self.pointer)),
            }
        }
    }

    /// Judges by the rules of a field. `before` is how many violations there were before those below it.
    fn rules(&mut self, node: &Node, field: Field, before: usize) {
        for rule in field.rules() {
            if self.skips_rules {
                if !self.verdict.unevaluated.contains(&Unevaluated::OldRelease) {
                    self.verdict.unevaluated.push(Unevaluated::OldRelease);
                }
                continue;
            }
            let is_whole = self.verdict.violations.len() == before;
            match (cel::evaluate(rule, node, field, self.scope), sentence::of(rule)) {
                (Outcome::Holds, _) => {}
                (Outcome::Broken, Some(sentence)) => self.broken(node, sentence, before),
                // Something is missing, or is not what the rule takes it for: the server refuses that, and what is wrong
                // with the field itself is said.
                (Outcome::Fails, Some(sentence)) if is_whole => self.broken(node, sentence, before),
                (Outcome::Fails, _) => {}
                (_, sentence) if is_whole => {
                    let (pointer, is_choice) = (self.pointer.clone(), sentence.is_some_and(|it| it.is_choice));
                    self.verdict.unevaluated.push(Unevaluated::Rule { pointer, rule, is_choice });
                }
                // The server does not evaluate rules about what is wrong in itself.
                (Outcome::Unknown | Outcome::Broken, _) => {}
            }
        }
    }

    /// A rule about a field of which something else is wrong is not judged by the server.
    fn broken(&mut self, node: &Node, sentence: &'static Sentence, before: usize) {
        let pointer = |field: &&str| format!("/{}", field.replace('.', "/"));
        let set = sentence.fields.iter().find(|field| node.at(&pointer(field)).is_some_and(|node| !is_null(node)));
        let at = set.or(sentence.fields.first()).map(pointer).unwrap_or_default();
        let whole = format!("{}{at}", self.pointer);
        let mut below = self.verdict.violations.iter().skip(before);
        if !below.any(|violation| violation.pointer == whole && !matches!(violation.what, What::Rule(_))) {
            self.at_raw(at.trim_start_matches('/'), |walk| walk.violated(What::Rule(sentence)));
        }
    }

    fn violated(&mut self, what: What) {
        self.verdict.violations.push(Violation { pointer: self.pointer.clone(), what });
    }

    /// Does something one step further down.
    fn at(&mut self, step: &str, then: impl FnOnce(&mut Self)) {
        match step.contains(['~', '/']) {
            true => self.at_raw(&step.replace('~', "~0").replace('/', "~1"), then),
            false => self.at_raw(step, then),
        }
    }

    fn at_raw(&mut self, steps: &str, then: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        if !steps.is_empty() {
            self.pointer.push('/');
            self.pointer.push_str(steps);
        }
        then(self);
        self.pointer.truncate(length);
    }
}

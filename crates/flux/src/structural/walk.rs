//! From the root of an object down, beside its schema.

use std::collections::HashMap;

use fleetlint_kustomize::near::near;
use fleetlint_yaml::{Entry, Node};

use super::Dialect;
use super::fault::{Fault, Judgement, Why};
use super::keywords::{Schema, type_fault, value_fault};
use crate::validate::is_null;

/// What every object has, whatever its schema says.
const COMMON: [&str; 3] = ["apiVersion", "kind", "metadata"];

/// How many values are looked at for one object: alternatives of alternatives multiply.
const MAX_STEPS: usize = 1_000_000;

/// A walk over one object.
pub(super) struct Walk {
    dialect: Dialect,
    pointer: String,
    steps: usize,
    /// Below `anyOf` and the like: such a schema has no fields of its own, and only says what values are right.
    is_alternative: bool,
    judgement: Judgement,
}

impl Walk {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self { dialect, pointer: String::new(), steps: 0, is_alternative: false, judgement: Judgement::default() }
    }

    pub(super) fn judgement(self) -> Judgement {
        self.judgement
    }

    pub(super) fn root(&mut self, node: &Node, schema: &Node) {
        let common = if self.dialect == Dialect::Definition { &COMMON[..] } else { &[] };
        self.value(node, Schema(schema), common);
    }

    /// A value and all below it, but for the fields that are right in any case.
    fn value(&mut self, node: &Node, schema: Schema<'_>, except: &[&str]) {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            self.judgement.is_partial = true;
            return;
        }
        self.judgement.has_rules |= schema.get("x-kubernetes-validations").is_some();
        if schema.get("$ref").is_some() {
            self.judgement.is_partial = true;
            return;
        }
        if let Some(why) = type_fault(node, schema) {
            return self.refused(why);
        }
        let mut is_partial = false;
        if let Some(why) = value_fault(node, schema, &mut is_partial) {
            self.refused(why);
        }
        self.judgement.is_partial |= is_partial;
        if node.as_mapping().is_some() {
            let is_object = schema.is("x-kubernetes-embedded-resource");
            self.fields(node, schema, if is_object { &COMMON } else { except });
        }
        if node.as_sequence().is_some() {
            self.items(node, schema);
        }
        self.alternatives(node, schema);
    }

    fn fields(&mut self, node: &Node, schema: Schema<'_>, except: &[&str]) {
        let properties = schema.get("properties");
        let field = |name: &str| properties.and_then(|properties| properties.get(name)).map(Schema);
        let others = schema.get("additionalProperties").filter(|others| others.as_mapping().is_some()).map(Schema);
        for Entry { key, value } in node.entries() {
            let name = key.text().unwrap_or_default();
            match field(name).or(others) {
                _ if except.contains(&name) => {}
                Some(schema) if is_null(value) && !schema.is_nullable() => {}
                Some(schema) => self.at(name, |walk| walk.value(value, schema, &[])),
                None if self.takes_others(schema) || is_null(value) => {}
                None => {
                    let names = properties.map(Node::entries).unwrap_or_default().iter();
                    let known: Vec<&str> = names.filter_map(|entry| entry.key.text()).collect();
                    let free: Vec<&str> = known.into_iter().filter(|known| node.get(known).is_none()).collect();
                    let near = near(name, &free).into_iter().map(str::to_owned).collect();
                    self.at(name, |walk| walk.refused(Why::Unknown { near }));
                }
            }
        }
        for name in schema.texts("required").filter(|name| !except.contains(name)) {
            let schema = field(name);
            let is_filled = self.dialect == Dialect::Definition && schema.is_some_and(|it| it.get("default").is_some());
            let is_set = |value: &Node| !is_null(value) || schema.is_some_and(Schema::is_nullable);
            if !is_filled && !node.get(name).is_some_and(is_set) {
                self.at(name, |walk| walk.refused(Why::Missing));
            }
        }
    }

    /// Whether a mapping may hold fields that its schema does not have.
    fn takes_others(&self, schema: Schema<'_>) -> bool {
        let others = schema.get("additionalProperties");
        let is_open = || schema.is("x-kubernetes-preserve-unknown-fields") || schema.get("patternProperties").is_some();
        match (self.dialect, others.and_then(Node::text)) {
            _ if is_open() => true,
            (_, Some("false")) => false,
            (_, Some(_)) => true,
            (Dialect::JsonSchema, None) => true,
            // Without a type it says nothing of fields.
            (Dialect::Definition, None) => self.is_alternative || schema.types().is_empty(),
        }
    }

    fn items(&mut self, node: &Node, schema: Schema<'_>) {
        self.duplicates(node.items(), schema);
        let Some(item) = schema.get("items").filter(|item| item.as_mapping().is_some()).map(Schema) else { return };
        for (index, node) in node.items().iter().enumerate() {
            self.at(&index.to_string(), |walk| walk.value(node, item, &[]));
        }
    }

    /// Items of which the server keeps one of a key.
    fn duplicates(&mut self, items: &[Node], schema: Schema<'_>) {
        let keys: Vec<&str> = schema.texts("x-kubernetes-list-map-keys").collect();
        let list_type = schema.get("x-kubernetes-list-type").and_then(Node::text);
        let mut seen: HashMap<Vec<&str>, String> = HashMap::new();
        for (index, item) in items.iter().enumerate() {
            let key: Option<Vec<&str>> = match list_type {
                Some("set") => item.text().map(|text| vec![text]),
                Some("map") if !keys.is_empty() => keys.iter().map(|key| item.get(key).and_then(Node::text)).collect(),
                _ => return,
            };
            let Some(key) = key else { continue };
            match seen.get(&key).cloned() {
                Some(first) => self.at(&index.to_string(), |walk| walk.refused(Why::Duplicate { first })),
                None => _ = seen.insert(key, format!("{}/{index}", self.pointer)),
            }
        }
    }

    /// `allOf` and the like. What they say of values below counts, and is said of the value itself.
    fn alternatives(&mut self, node: &Node, schema: Schema<'_>) {
        for part in schema.list("allOf") {
            self.within(|walk| walk.value(node, Schema(part), &[]));
        }
        let fitting = |walk: &mut Self, keyword: &str| -> Option<usize> {
            let parts = schema.list(keyword);
            (!parts.is_empty()).then(|| parts.iter().filter(|part| walk.fits(node, part)).count())
        };
        if fitting(self, "anyOf") == Some(0) {
            self.refused(Why::Alternatives { keyword: "anyOf" });
        }
        if fitting(self, "oneOf").is_some_and(|count| count != 1) {
            self.refused(Why::Alternatives { keyword: "oneOf" });
        }
        if let Some(not) = schema.get("not").filter(|not| self.fits(node, not)) {
            // What was not judged is taken to fit, which proves nothing here.
            if !self.judgement.is_partial && !not.entries().is_empty() {
                self.refused(Why::Alternatives { keyword: "not" });
            }
        }
    }

    /// Whether a schema takes a value.
    fn fits(&mut self, node: &Node, schema: &Node) -> bool {
        let before = self.judgement.faults.len();
        self.within(|walk| walk.value(node, Schema(schema), &[]));
        let fits = self.judgement.faults.len() == before;
        self.judgement.faults.truncate(before);
        fits
    }

    fn within(&mut self, then: impl FnOnce(&mut Self)) {
        let was = std::mem::replace(&mut self.is_alternative, true);
        then(self);
        self.is_alternative = was;
    }

    fn refused(&mut self, why: Why) {
        self.judgement.faults.push(Fault { pointer: self.pointer.clone(), why });
    }

    fn at(&mut self, step: &str, then: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(&step.replace('~', "~0").replace('/', "~1"));
        then(self);
        self.pointer.truncate(length);
    }
}

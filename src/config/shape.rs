//! The shapes of values: mappings, lists, strings, and what is said where one has another shape.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::option::KnownRule;
use crate::near::did_you_mean;
use crate::problem::{Problem, ProblemKind};
use crate::yaml::scalar::{Typed, resolve};
use crate::yaml::{Entry, Node, Span};

/// Collects what is wrong while it reads.
pub(super) struct ConfigReader<'a> {
    pub known_rules: &'a [KnownRule<'a>],
    pub problems: Vec<Problem>,
}

impl ConfigReader<'_> {
    /// Texts by name (`environments`, `labels`).
    pub(super) fn texts(&mut self, node: &Node, what: &str) -> BTreeMap<SmolStr, SmolStr> {
        let mut texts = BTreeMap::new();
        for Entry { key, value } in self.entries(node, &format!("`{what}`")) {
            let value = self.text(value, &format!("`{}` in `{what}`", key.text().unwrap_or_default()));
            texts.extend(key.text().map(SmolStr::from).zip(value));
        }
        texts
    }

    /// Texts of two parts with `/` in between.
    pub(super) fn pairs(&mut self, node: &Node, what: &str, form: &str) -> Vec<(SmolStr, SmolStr)> {
        let mut pairs = Vec::new();
        for item in self.items(node, what) {
            let Some(text) = self.text(item, &format!("an item of `{what}`")) else { continue };
            match text.split_once('/').filter(|(left, right)| !left.is_empty() && is_name(right)) {
                Some((left, right)) => pairs.push((left.into(), right.into())),
                None => self.wrong(item, &format!("`{text}` is not of the form `{form}`"), &format!("write `{form}`")),
            }
        }
        pairs
    }

    /// A list of names, each with its place.
    pub(super) fn named(&mut self, node: &Node, what: &str) -> Vec<(SmolStr, Option<Span>)> {
        let mut names = Vec::new();
        for item in self.items(node, what) {
            names.extend(self.text(item, &format!("an item of `{what}`")).map(|name| (name, item.place())));
        }
        names
    }

    /// Entries with values as they are written. Empty values are values, too.
    pub(super) fn values(&mut self, node: &Node, what: &str) -> Vec<Entry> {
        let mut values = Vec::new();
        for entry in self.entries(node, &format!("`{what}`")) {
            match entry.value.text() {
                Some(_) => values.push(entry.clone()),
                None => self.wrong(&entry.value, "a value is not a string", "write a single value"),
            }
        }
        values
    }

    /// `true` or `false`.
    pub(super) fn boolean(&mut self, node: &Node, what: &str) -> Option<bool> {
        match node.as_scalar().map(|_| resolve(node)) {
            Some(Ok(Typed::Bool(value))) => Some(value),
            _ => {
                self.wrong(node, &format!("{what} is neither `true` nor `false`"), "write one of the two");
                None
            }
        }
    }

    pub(super) fn entries<'n>(&mut self, node: &'n Node, what: &str) -> &'n [Entry] {
        if node.as_mapping().is_none() && !is_null(node) {
            self.wrong(node, &format!("{what} is not a mapping"), "write `key: value` lines below it");
        }
        node.entries()
    }

    pub(super) fn items<'n>(&mut self, node: &'n Node, what: &str) -> &'n [Node] {
        if node.as_sequence().is_none() && !is_null(node) {
            self.wrong(node, &format!("`{what}` is not a list"), "write `- item` lines below it");
        }
        node.items()
    }

    /// The items of a list of mappings. One without a key says nothing, and is wrong.
    pub(super) fn mappings<'n>(&mut self, node: &'n Node, what: &str, help: &str) -> Vec<&'n Node> {
        let mut items = Vec::new();
        for item in self.items(node, what) {
            match is_null(item) || item.as_mapping().is_some_and(|mapping| mapping.entries.is_empty()) {
                false => items.push(item),
                true => {
                    let place = if item.place().is_some() { item } else { node };
                    self.wrong(place, &format!("an entry of `{what}` is empty"), help);
                }
            }
        }
        items
    }

    pub(super) fn text(&mut self, node: &Node, what: &str) -> Option<SmolStr> {
        match node.text() {
            Some(text) if !is_null(node) && !text.is_empty() => return Some(text.into()),
            Some(_) => self.wrong(node, &format!("{what} is empty"), "give it a value or remove it"),
            None => self.wrong(node, &format!("{what} is not a string"), "write a single value"),
        }
        None
    }

    pub(super) fn unknown_key(&mut self, key: &Node, known: &[&str], what: &str) {
        let text = key.text().unwrap_or_default();
        let help = did_you_mean(text, known).unwrap_or_else(|| format!("known are {}", list(known)));
        self.wrong(key, &format!("{what} has no key `{text}`"), &help);
    }

    pub(super) fn unknown_word(&mut self, node: &Node, what: &str, text: &str, known: &[&str]) {
        let help = did_you_mean(text, known).unwrap_or_else(|| format!("known are {}", list(known)));
        self.wrong(node, &format!("there is no {what} `{text}`"), &help);
    }

    /// Collections are named by their first key or item: their spans may cover half of the file.
    pub(super) fn wrong(&mut self, node: &Node, message: &str, help: &str) {
        let first = node.entries().first().map(|entry| &entry.key).or(node.items().first());
        self.wrong_at(first.unwrap_or(node).place(), message, help);
    }

    pub(super) fn wrong_at(&mut self, place: Option<Span>, message: &str, help: &str) {
        self.problems.push(Problem::new(ProblemKind::InvalidObject, message, place).help(help));
    }
}

pub(super) fn is_null(node: &Node) -> bool {
    node.as_scalar().is_some() && resolve(node) == Ok(Typed::Null)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.contains(['/', '*', '?'])
}

fn list(known: &[&str]) -> String {
    known.iter().map(|known| format!("`{known}`")).collect::<Vec<_>>().join(", ")
}

//! Lists with merge keys: kustomize's algorithm step by step, because its oddities are observable (kustomize-semantics,
//! section 6.3). Elements live in one table, lists hold indices into it: kustomize's lists share nodes.

use std::collections::HashSet;

use smol_str::SmolStr;

use super::{At, Refusal, is_nothing};
use crate::node_edit::{created_untyped, kind_name};
use crate::patch::schemas::ListShape;
use fleetlint_yaml::scalar::UNTYPED;
use fleetlint_yaml::{Entry, Node, SharedVec, Value};

/// kustomize's algorithm compares each element with all others, and can make more of those that lack a key.
const MAX_ELEMENTS: usize = 5_000;

/// Merges a patch's elements into a list.
pub(super) fn merge<'s>(
    old: SharedVec<Node>,
    patch: SharedVec<Node>,
    shape: ListShape<'s>,
    at: At<'s>,
) -> Result<Vec<Node>, Refusal> {
    let (first, second) = (old.len(), patch.len());
    let nodes: Vec<Node> = old.into_iter().chain(patch).collect();
    Work { nodes, old: (0..first).collect(), patch: Patch::List((first..first + second).collect()), shape, at }.run()
}

/// A list that only the patch has: kustomize merges it with itself.
pub(super) fn adopt<'s>(patch: SharedVec<Node>, shape: ListShape<'s>, at: At<'s>) -> Result<Vec<Node>, Refusal> {
    let nodes = Vec::from_iter(patch);
    Work { old: (0..nodes.len()).collect(), nodes, patch: Patch::Same, shape, at }.run()
}

/// Whether settling a list changes nothing.
pub(super) fn is_settled<'s>(items: &[Node], shape: ListShape<'s>, at: At<'s>) -> bool {
    let element = at.below(shape.element());
    is_orderly(items, &shape.keys()) && items.iter().all(|item| !is_set_anew(item) && super::is_settled(item, element))
}

/// A list that the patch does not have.
pub(super) fn settle<'s>(old: &mut Vec<Node>, shape: ListShape<'s>, at: At<'s>) -> Result<(), Refusal> {
    if is_orderly(old, &shape.keys()) {
        old.iter_mut().for_each(set_anew);
        return old.iter_mut().try_for_each(|item| super::put_in_order(item, at.below(shape.element())));
    }
    let nodes = std::mem::take(old);
    *old = Work { old: (0..nodes.len()).collect(), nodes, patch: Patch::None, shape, at }.run()?;
    Ok(())
}

/// Whether every element has all keys, each combination once: then the algorithm changes nothing.
fn is_orderly(items: &[Node], keys: &[&str]) -> bool {
    if keys.is_empty() {
        let mut seen = HashSet::with_capacity(items.len());
        return items.iter().all(|item| item.as_scalar().is_some() && !item.is_null() && seen.insert(item.text()));
    }
    let mut seen = HashSet::with_capacity(items.len());
    items.iter().all(|item| {
        let values = key_values(item, keys);
        values.iter().all(|value| !value.is_empty()) && seen.insert(values)
    })
}

enum Patch {
    None,
    Same,
    List(Vec<usize>),
}

struct Work<'s> {
    nodes: Vec<Node>,
    old: Vec<usize>,
    patch: Patch,
    shape: ListShape<'s>,
    at: At<'s>,
}

impl Work<'_> {
    fn run(mut self) -> Result<Vec<Node>, Refusal> {
        if let Some(node) = self.nodes.get(MAX_ELEMENTS) {
            let message = format!("a list with merge keys has more than {MAX_ELEMENTS} elements");
            return Err(Refusal { message, place: node.place() });
        }
        let own = self.shape.keys();
        let keys: &[&str] = if own.is_empty() { &[""] } else { &own };
        let values = self.all_values(keys);
        if values.is_empty() {
            return Ok(self.take(&self.old.clone()));
        }
        let mut added = Vec::new();
        let mut valid = Vec::new();
        for own in &values {
            let (keys, own) = valid_keys(&values, own, keys);
            if let Some(element) = self.merge_element(&keys, &own)? {
                self.complete(element, &keys, &own);
                self.set(&mut added, Some(element), &keys, &own)?;
            } else {
                let mut old = std::mem::take(&mut self.old);
                self.set(&mut old, None, &keys, &own)?;
                self.old = old;
            }
            valid = keys;
        }
        self.append_old(&mut added, &valid)?;
        Ok(self.take(&added))
    }

    /// The values of the keys of all elements, the patch's first, each once.
    fn all_values(&self, keys: &[&str]) -> Vec<Vec<SmolStr>> {
        let patch: &[usize] = match &self.patch {
            Patch::None => &[],
            Patch::Same => &self.old,
            Patch::List(patch) => patch,
        };
        let mut values: Vec<Vec<SmolStr>> = Vec::new();
        let mut seen = HashSet::new();
        for node in patch.iter().chain(&self.old).filter_map(|&index| self.nodes.get(index)) {
            let own = if keys == [""] { vec![scalar_text(node)] } else { key_values(node, keys) };
            if seen.insert(own.clone()) {
                values.push(own);
            }
        }
        if keys.len() > 1 { complete_each_other(values) } else { values }
    }

    /// Merges the elements of both sides that have the values; the index of the result, if there is one.
    fn merge_element(&mut self, keys: &[&str], values: &[SmolStr]) -> Result<Option<usize>, Refusal> {
        let (keys, values) = valid_keys(&[values.to_vec()], values, keys);
        let old = self.find(&self.old, &keys, &values);
        let patch = match &self.patch {
            Patch::None => None,
            Patch::Same => old,
            Patch::List(patch) => self.find(patch, &keys, &values),
        };
        let field = self.at.below(self.shape.element());
        // What is deleted stays in the table: kustomize looks for it once more, with all keys, and may not find it.
        if let Some(node) = patch.and_then(|patch| self.nodes.get_mut(patch)).filter(|node| says(node, "delete")) {
            if let Some(mapping) = node.as_mapping_mut() {
                mapping.remove("$patch");
            }
            return Ok(None);
        }
        match (old, patch) {
            (None, None) => Ok(None),
            (Some(_), None) => {
                let Some(mut node) = self.lift(old) else { return Ok(None) };
                super::settle(&mut node, field)?;
                Ok(self.put(old, Some(node)))
            }
            (None, Some(_)) => {
                let Some(node) = self.lift(patch) else { return Ok(None) };
                let adopted = super::adopt(node, field)?;
                Ok(self.put(patch, adopted))
            }
            (Some(_), Some(_)) if old == patch => {
                let Some(node) = self.lift(old) else { return Ok(None) };
                let adopted = super::adopt_nested(node, field)?;
                Ok(self.put(old, adopted))
            }
            (Some(old), Some(patch)) => self.merge_pair(old, patch, field),
        }
    }

    fn merge_pair(&mut self, old: usize, patch: usize, at: At<'_>) -> Result<Option<usize>, Refusal> {
        let Some(over) = self.nodes.get(patch).cloned() else { return Ok(None) };
        // A scalar, or a mapping that says `$patch: replace`, stands for itself; the old element stays as it is.
        if over.as_scalar().is_some() || says(&over, "replace") {
            let adopted = super::adopt_nested(over, at)?;
            return Ok(self.put(Some(patch), adopted));
        }
        let Some(node) = self.lift(Some(old)) else { return Ok(None) };
        let merged = super::merge_values(node, &over, at)?;
        Ok(self.put(Some(old), merged))
    }

    /// Takes an element out of the table, until it is put back. A scalar stays: kustomize finds it again, also a null that it drops.
    fn lift(&mut self, index: Option<usize>) -> Option<Node> {
        let node = self.nodes.get_mut(index?)?;
        if node.as_scalar().is_some() {
            return Some(node.clone());
        }
        let hole = Node::plain("", node.origin.clone());
        Some(std::mem::replace(node, hole))
    }

    fn put(&mut self, index: Option<usize>, node: Option<Node>) -> Option<usize> {
        let (index, node) = (index?, node?);
        *self.nodes.get_mut(index)? = node;
        self.nodes.get(index).filter(|node| !is_nothing(node)).map(|_| index)
    }

    /// Makes sure that the keys are set.
    fn complete(&mut self, element: usize, keys: &[&str], values: &[SmolStr]) {
        let Some(node) = self.nodes.get_mut(element) else { return };
        set_anew(node);
        let origin = node.origin.clone();
        let Some(mapping) = node.as_mapping_mut() else { return };
        for (key, value) in keys.iter().zip(values).filter(|(_, value)| !value.is_empty()) {
            if mapping.get(key).is_none() {
                let key = Node::string(*key, origin.clone());
                mapping.entries.add(Entry { key, value: created_untyped(value.clone(), origin.clone()) });
            }
        }
    }

    /// Puts what is left of the old list after the merged elements, each in place of its merged self.
    fn append_old(&self, added: &mut Vec<usize>, keys: &[&str]) -> Result<(), Refusal> {
        for &index in &self.old {
            let Some(node) = self.nodes.get(index) else { continue };
            if keys.first().is_none_or(|key| key.is_empty()) {
                self.set(added, Some(index), &[""], &[scalar_text(node)])?;
                continue;
            }
            let mut values = Vec::new();
            for key in keys {
                if node.as_mapping().is_none() && !node.is_null() {
                    return Err(wrong_kind(node, "MappingNode"));
                }
                match node.get(key) {
                    Some(value) => values.push(scalar_text(value)),
                    None => added.push(index),
                }
            }
            if keys.len() > 1 {
                self.set(added, None, keys, &values)?;
            }
            self.set(added, Some(index), keys, &values)?;
        }
        Ok(())
    }

    /// kustomize's element setter: replaces every element that has the values, or removes it; appends if none has them.
    fn set(
        &self,
        list: &mut Vec<usize>,
        element: Option<usize>,
        keys: &[&str],
        values: &[SmolStr],
    ) -> Result<(), Refusal> {
        let sets_mappings =
            keys.first().is_some_and(|key| !key.is_empty()) && values.first().is_some_and(|value| !value.is_empty());
        let mut result = Vec::with_capacity(list.len() + 1);
        let mut found = false;
        for &index in list.iter() {
            let Some(node) = self.nodes.get(index).filter(|node| !is_nothing(node)) else { continue };
            if node.as_mapping().is_none() && sets_mappings {
                result.push(index);
            } else if matches(node, keys, values)? {
                found = true;
                result.extend(element);
            } else if !values.is_empty() {
                result.push(index);
            }
        }
        *list = result;
        let Some(element) = element.filter(|&index| self.nodes.get(index).is_some_and(|node| !node.is_null())) else {
            return Ok(());
        };
        if !found {
            list.push(element);
        }
        Ok(())
    }

    fn find(&self, list: &[usize], keys: &[&str], values: &[SmolStr]) -> Option<usize> {
        let fits = |node: &Node| {
            if keys.first().is_none_or(|key| key.is_empty()) {
                return Some(scalar_text(node).as_str()) == values.first().map_or(Some(""), |value| Some(value));
            }
            let equal = |(key, value): (&&str, &SmolStr)| node.get(key).is_some_and(|own| scalar_text(own) == *value);
            node.as_mapping().is_some() && keys.len() == values.len() && keys.iter().zip(values).all(equal)
        };
        list.iter().copied().find(|&index| self.nodes.get(index).is_some_and(fits))
    }

    fn take(&mut self, list: &[usize]) -> Vec<Node> {
        list.iter().filter_map(|&index| self.nodes.get(index).cloned()).collect()
    }
}

/// kustomize sets the scalars of a list again, without their types.
fn set_anew(node: &mut Node) {
    if is_set_anew(node) {
        node.tag = Some(UNTYPED.into());
    }
}

fn is_set_anew(node: &Node) -> bool {
    node.text().is_some_and(|text| !text.is_empty()) && !node.is_null() && node.tag.as_deref() != Some(UNTYPED)
}

fn says(node: &Node, directive: &str) -> bool {
    node.get("$patch").and_then(Node::text) == Some(directive)
}

/// Whether an element has the values. A value that is missing for a key stands for the key before.
fn matches(node: &Node, keys: &[&str], values: &[SmolStr]) -> Result<bool, Refusal> {
    let mut has = false;
    for (index, key) in keys.iter().enumerate() {
        if let Some(value) = values.get(index) {
            has = match (key.is_empty(), &node.value) {
                (true, Value::Scalar(_)) => scalar_text(node) == *value,
                (false, Value::Mapping(mapping)) => {
                    mapping.get(key).is_some_and(|own| value.is_empty() || scalar_text(own) == *value)
                }
                (true, _) => return Err(wrong_kind(node, "ScalarNode")),
                (false, _) => return Err(wrong_kind(node, "MappingNode")),
            };
        }
        if !has {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The values of the keys; empty for what is missing, null or a collection.
fn key_values(node: &Node, keys: &[&str]) -> Vec<SmolStr> {
    let value = |key: &&str| node.get(key).filter(|value| !value.is_null()).map(scalar_text).unwrap_or_default();
    keys.iter().map(value).collect()
}

fn scalar_text(node: &Node) -> SmolStr {
    node.text().map(SmolStr::from).unwrap_or_default()
}

/// The keys that any element has, with an element's values for them.
fn valid_keys<'a>(all: &[Vec<SmolStr>], own: &[SmolStr], keys: &[&'a str]) -> (Vec<&'a str>, Vec<SmolStr>) {
    let is_valid = |index: usize| all.iter().any(|values| values.get(index).is_some_and(|value| !value.is_empty()));
    if !(0..keys.len()).any(is_valid) {
        return (keys.to_vec(), own.to_vec());
    }
    let pairs = keys.iter().zip(own).enumerate().filter(|(index, _)| is_valid(*index));
    pairs.map(|(_, (key, value))| (*key, value.clone())).unzip()
}

/// Elements that agree in one key, where the other one is missing, count as the same.
fn complete_each_other(mut values: Vec<Vec<SmolStr>>) -> Vec<Vec<SmolStr>> {
    if values.iter().flatten().all(|value| !value.is_empty()) {
        return values;
    }
    for left in 0..values.len() {
        let first = values[left].clone();
        for right in 0..values.len() {
            if let Some(merged) = combine(&first, &values[right]) {
                values[left] = merged.clone();
                values[right] = merged;
            }
        }
    }
    values
}

fn combine(left: &[SmolStr], right: &[SmolStr]) -> Option<Vec<SmolStr>> {
    let mut shares = false;
    let mut merged = Vec::with_capacity(left.len());
    for (left, right) in left.iter().zip(right) {
        shares |= left == right;
        if left != right && !left.is_empty() && !right.is_empty() {
            return None;
        }
        merged.push(if left.is_empty() { right.clone() } else { left.clone() });
    }
    shares.then_some(merged)
}

fn wrong_kind(node: &Node, expected: &str) -> Refusal {
    Refusal {
        message: format!("wrong node kind: expected {expected} but got {}", kind_name(node)),
        place: node.place(),
    }
}

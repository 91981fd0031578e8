//! Origins across the way through text: the old and the new tree are walked in parallel.

use std::collections::HashMap;
use std::sync::Arc;

use smol_str::SmolStr;

use super::expression::{Expression, Operator, Part, expressions, parse};
use super::{Variables, envsubst};
use fleetlint_yaml::scalar::{Typed, resolve};
use fleetlint_yaml::{Entry, Mapping, Node, Origin, Secrecy, Text, Value, Variable};

/// The new tree with the origins of the old one, the variables that changed them noted.
pub(super) fn carry(old: &Node, new: Node, variables: &Variables) -> Node {
    match (&old.value, new.value) {
        (Value::Mapping(old_mapping), Value::Mapping(new_mapping)) => {
            let mapping = carry_mapping(old_mapping, new_mapping, variables, &old.origin);
            Node { value: Value::Mapping(mapping), tag: None, origin: old.origin.clone() }
        }
        (Value::Sequence(old_items), Value::Sequence(new_items)) => {
            let items = new_items.into_iter().enumerate().map(|(index, item)| match old_items.get(index) {
                Some(old) => carry(old, item, variables),
                None => at(item, &old.origin),
            });
            Node { value: Value::Sequence(items.collect()), tag: None, origin: old.origin.clone() }
        }
        (Value::Scalar(_), value) => carry_scalar(old, Node { value, ..new }, variables),
        (_, value) => at(Node { value, ..new }, &old.origin),
    }
}

/// Entries in the old order, new ones after them.
fn carry_mapping(old: &Mapping, new: Mapping, variables: &Variables, origin: &Origin) -> Mapping {
    let mut by_key: HashMap<SmolStr, (usize, &Entry)> = HashMap::with_capacity(old.entries.len());
    for (index, entry) in old.entries.iter().enumerate() {
        by_key.insert(new_key(&entry.key, variables), (index, entry));
    }
    let mut entries: Vec<(usize, Entry)> = Vec::with_capacity(new.entries.len());
    for entry in new.entries {
        let known = entry.key.text().and_then(|key| by_key.get(key));
        entries.push(match known {
            Some((index, old)) => {
                let key = carry_scalar(&old.key, entry.key, variables);
                (*index, Entry { key, value: carry(&old.value, entry.value, variables) })
            }
            None => (usize::MAX, Entry { key: at(entry.key, origin), value: at(entry.value, origin) }),
        });
    }
    entries.sort_by_key(|(index, _)| *index);
    Mapping { entries: entries.into_iter().map(|(_, entry)| entry).collect(), flow: false }
}

/// What a key is called after the substitution.
fn new_key(key: &Node, variables: &Variables) -> SmolStr {
    let text = key.text().map(SmolStr::from).unwrap_or_default();
    if !text.contains('$') {
        return text;
    }
    let value = |name: &str| variables.get(name).map(|value| value.text.clone());
    envsubst(&text, &value, false).map(SmolStr::from).unwrap_or(text)
}

fn carry_scalar(old: &Node, new: Node, variables: &Variables) -> Node {
    let text = old.text().unwrap_or_default();
    if !text.contains('$') {
        let is_same =
            resolve(old) == Ok(Typed::String) && new.text() == Some(text) && resolve(&new) == Ok(Typed::String);
        return if is_same { old.clone() } else { at(new, &old.origin) };
    }
    at(new, &origin(old, text, variables))
}

/// Everything in a tree gets one origin.
fn at(node: Node, origin: &Origin) -> Node {
    let value = match node.value {
        Value::Mapping(mapping) => {
            let entries = mapping.entries.into_iter();
            let entries = entries.map(|entry| Entry { key: at(entry.key, origin), value: at(entry.value, origin) });
            Value::Mapping(Mapping { entries: entries.collect(), flow: false })
        }
        Value::Sequence(items) => Value::Sequence(items.into_iter().map(|item| at(item, origin)).collect()),
        scalar @ Value::Scalar(_) => scalar,
    };
    Node { value, tag: node.tag, origin: origin.clone() }
}

/// The old origin, with the variable that the text holds: the first one that has a value, else the first one. In a path, the
/// first one that leaves a segment empty counts more: it decides where the path leads.
fn origin(old: &Node, text: &str, variables: &Variables) -> Origin {
    parse(text).map_or_else(|_| old.origin.clone(), |parts| of_parts(old, &parts, variables))
}

/// The same, of a text whose parts are at hand.
pub(super) fn of_parts(old: &Node, parts: &[Part], variables: &Variables) -> Origin {
    let text = old.text().unwrap_or_default();
    let all = expressions(parts);
    let has_value =
        |expression: &Expression| variables.get(&expression.name).is_some_and(|value| !value.text.is_empty());
    let collapses_segment = |it: &Expression| {
        it.operator == Operator::Value && !has_value(it) && !is_joined(text.get(..it.start), text.get(it.end..))
    };
    let is_path = text.contains('/');
    let gap = all.iter().find(|it| is_path && collapses_segment(it));
    let Some(expression) = gap.or_else(|| all.iter().find(|it| has_value(it))).or(all.first()) else {
        return old.origin.clone();
    };
    let value = variables.get(&expression.name);
    let is_only = matches!(parts, [Part::Expression(_)]);
    let falls_back = expression.operator == Operator::Default && !has_value(expression);
    let variable = Variable {
        name: expression.name.clone(),
        value: value.map(|value| value.origin.clone()).unwrap_or_default(),
        whole: is_only && !falls_back,
        secret: value.is_some_and(|value| value.secret),
        collapses_segment: gap.is_some(),
    };
    let secret = secrecy(old, text, parts, variables);
    old.origin.clone().with_variable(Some(Arc::new(variable))).with_secret(secret)
}

/// How much of a text comes from Secrets once it is substituted: what did before, and what each expression makes of them.
fn secrecy(old: &Node, text: &str, parts: &[Part], variables: &Variables) -> Option<Secrecy> {
    let own = match old.secret() {
        Some(Secrecy::Whole) => return Some(Secrecy::Whole),
        own => own.into_iter().flat_map(|own| own.texts(text)).map(Text::from),
    };
    let made = parts.iter().flat_map(|part| match part {
        Part::Expression(expression) => secret_texts(expression, text, variables),
        Part::Text(_) => Vec::new(),
    });
    Secrecy::of_parts(own.chain(made))
}

/// What of an expression's result must not be shown.
fn secret_texts(expression: &Expression, text: &str, variables: &Variables) -> Vec<Text> {
    let value = variables.get(&expression.name);
    let is_given = value.is_some_and(|value| !value.text.is_empty());
    if is_given && matches!(expression.operator, Operator::Value | Operator::Default) {
        let secrecy = value.and_then(|value| Some((value.secrecy()?, &value.text)));
        return secrecy.iter().flat_map(|(secrecy, text)| secrecy.texts(text)).map(Text::from).collect();
    }
    let names = expressions(std::slice::from_ref(&Part::Expression(expression.clone())))
        .into_iter()
        .any(|it| variables.get(&it.name).is_some_and(|value| value.secret));
    // How long a value is tells nothing.
    if !names || expression.operator == Operator::Length {
        return Vec::new();
    }
    let lookup = |name: &str| variables.get(name).map(|value| value.text.clone());
    let made = text.get(expression.start..expression.end).and_then(|text| envsubst(text, &lookup, false).ok());
    made.into_iter().map(Text::from).collect()
}

/// Whether anything but `/` is beside an expression.
fn is_joined(before: Option<&str>, behind: Option<&str>) -> bool {
    before.is_some_and(|text| !text.ends_with('/'))
        || behind.is_some_and(|text| !text.is_empty() && !text.starts_with('/'))
}

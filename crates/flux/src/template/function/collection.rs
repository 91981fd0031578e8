//! Lists and maps.

use std::collections::BTreeMap;
use std::sync::Arc;

use smol_str::SmolStr;

use super::number::to_int;
use super::text::texts;
use super::{Function, Parameter, any_of, count, text_of};
use crate::template::{TemplateError, Value};

const ANY: Parameter = Parameter::Any;
const MAP: Parameter = Parameter::Map;
const TEXT: Parameter = Parameter::Text;

pub(super) fn find(name: &str) -> Option<Function> {
    lists(name.strip_prefix("must").map_or_else(|| name.to_owned(), uncapitalised).as_str()).or_else(|| maps(name))
}

/// `mustFirst` is `first` here: both fail where sprig panics or fails.
fn uncapitalised(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(chars).collect()
}

fn lists(name: &str) -> Option<Function> {
    match name {
        "list" | "tuple" => Function::with_rest(&[], ANY, |v| Ok(Value::list(v.to_vec()))),
        "len" => Function::of(&[ANY], |v| length(any_of(v, 0))),
        "index" => Function::with_rest(&[ANY], ANY, |v| {
            v.iter().skip(1).try_fold(any_of(v, 0).clone(), |item, at| index(&item, at))
        }),
        "slice" => Function::with_rest(&[ANY], ANY, slice),
        "first" => Function::of(&[ANY], |v| Ok(items(v, 0)?.first().cloned().unwrap_or_default())),
        "last" => Function::of(&[ANY], |v| Ok(items(v, 0)?.last().cloned().unwrap_or_default())),
        "rest" => Function::of(&[ANY], |v| Ok(Value::list(items(v, 0)?.get(1..).unwrap_or_default().to_vec()))),
        "initial" => Function::of(&[ANY], |v| {
            let items = items(v, 0)?;
            Ok(Value::list(items.get(..items.len().saturating_sub(1)).unwrap_or_default().to_vec()))
        }),
        "append" | "push" => {
            Function::of(&[ANY, ANY], |v| Ok(Value::list([items(v, 0)?, v.get(1..).unwrap_or_default()].concat())))
        }
        "prepend" => {
            Function::of(&[ANY, ANY], |v| Ok(Value::list([v.get(1..).unwrap_or_default(), items(v, 0)?].concat())))
        }
        "concat" => Function::with_rest(&[], ANY, |v| {
            let lists = (0..v.len()).map(|index| items(v, index)).collect::<Result<Vec<_>, _>>()?;
            Ok(Value::list(lists.concat()))
        }),
        "reverse" => Function::of(&[ANY], |v| Ok(Value::list(items(v, 0)?.iter().rev().cloned().collect()))),
        "compact" => {
            Function::of(&[ANY], |v| Ok(Value::list(items(v, 0)?.iter().filter(|it| it.is_true()).cloned().collect())))
        }
        "uniq" => Function::of(&[ANY], |v| unique(items(v, 0)?)),
        "without" => Function::with_rest(&[ANY], ANY, |v| {
            let omitted = v.get(1..).unwrap_or_default();
            Ok(Value::list(items(v, 0)?.iter().filter(|item| !omitted.contains(item)).cloned().collect()))
        }),
        "has" => Function::of(&[ANY, ANY], |v| match any_of(v, 1) {
            Value::Nil => Ok(Value::Bool(false)),
            _ => Ok(Value::Bool(items(v, 1)?.contains(any_of(v, 0)))),
        }),
        "sortAlpha" => Function::of(&[ANY], |v| {
            let mut texts = match any_of(v, 0) {
                Value::Nil => vec!["<nil>".to_owned()],
                value => texts(value)?,
            };
            texts.sort();
            Ok(Value::list(texts.into_iter().map(Value::text).collect()))
        }),
        "chunk" => Function::of(&[Parameter::Int, ANY], |v| {
            let size = usize::try_from(to_int(any_of(v, 0))).ok().filter(|size| *size > 0);
            let size = size.ok_or_else(|| TemplateError::wrong("a chunk must have at least one item"))?;
            Ok(Value::list(items(v, 1)?.chunks(size).map(|chunk| Value::list(chunk.to_vec())).collect()))
        }),
        _ => None,
    }
}

fn maps(name: &str) -> Option<Function> {
    match name {
        "dict" => Function::with_rest(&[], ANY, |v| {
            let pairs = v.chunks(2).map(|pair| {
                let value = pair.get(1).cloned().unwrap_or_else(|| Value::text(""));
                Ok((SmolStr::from(any_of(pair, 0).shown()?), value))
            });
            Ok(Value::map(pairs.collect::<Result<Vec<_>, TemplateError>>()?))
        }),
        "get" => Function::of(&[MAP, TEXT], |v| {
            Ok(entries(v, 0).get(text_of(v, 1)).cloned().unwrap_or_else(|| Value::text("")))
        }),
        "hasKey" => Function::of(&[MAP, TEXT], |v| Ok(Value::Bool(entries(v, 0).contains_key(text_of(v, 1))))),
        "pluck" => Function::with_rest(&[TEXT], MAP, |v| {
            let found = (1..v.len()).filter_map(|index| entries(v, index).get(text_of(v, 0)).cloned());
            Ok(Value::list(found.collect()))
        }),
        // Go's order of keys is random; this one is among them.
        "keys" => Function::with_rest(&[], MAP, |v| {
            let keys = (0..v.len()).flat_map(|index| entries(v, index).keys().cloned().collect::<Vec<_>>());
            Ok(Value::list(keys.map(Value::Text).collect()))
        }),
        "values" => Function::of(&[MAP], |v| Ok(Value::list(entries(v, 0).values().cloned().collect()))),
        "pick" => Function::with_rest(&[MAP], TEXT, |v| Ok(filtered(v, true))),
        "omit" => Function::with_rest(&[MAP], TEXT, |v| Ok(filtered(v, false))),
        "dig" => Function::with_rest(&[ANY, ANY, ANY], ANY, dig),
        // Values are shared between variables in Go, so that a change reaches all of them; here it would not.
        "set" => Function::of(&[MAP, TEXT, ANY], |_| {
            Err(TemplateError::undetermined("fleetlint does not change maps in place"))
        }),
        "unset" => {
            Function::of(&[MAP, TEXT], |_| Err(TemplateError::undetermined("fleetlint does not change maps in place")))
        }
        _ => None,
    }
}

fn items(values: &[Value], index: usize) -> Result<&[Value], TemplateError> {
    match any_of(values, index) {
        Value::List(items) => Ok(items),
        other => Err(TemplateError::wrong(format!("expected a list, not a {}", other.type_name()))),
    }
}

fn entries(values: &[Value], index: usize) -> Arc<BTreeMap<SmolStr, Value>> {
    match any_of(values, index) {
        Value::Map(entries) => Arc::clone(entries),
        _ => Arc::default(),
    }
}

fn length(value: &Value) -> Result<Value, TemplateError> {
    Ok(match value {
        Value::Text(text) => count(text.len()),
        Value::List(items) => count(items.len()),
        Value::Map(entries) => count(entries.len()),
        other => return Err(TemplateError::wrong(format!("a {} has no length", other.type_name()))),
    })
}

fn index(item: &Value, at: &Value) -> Result<Value, TemplateError> {
    match (item, at) {
        (Value::Map(entries), Value::Text(key)) => Ok(entries.get(key).cloned().unwrap_or_default()),
        (Value::List(items), Value::Int(at) | Value::Int64(at)) => {
            let found = usize::try_from(*at).ok().and_then(|at| items.get(at)).cloned();
            found.ok_or_else(|| TemplateError::wrong(format!("index {at} is out of range")))
        }
        (Value::Text(text), Value::Int(at) | Value::Int64(at)) => {
            let found = usize::try_from(*at).ok().and_then(|at| text.as_bytes().get(at));
            found
                .map(|byte| Value::Int(i64::from(*byte)))
                .ok_or_else(|| TemplateError::wrong(format!("index {at} is out of range")))
        }
        _ => Err(TemplateError::wrong(format!("a {} has no index of type {}", item.type_name(), at.type_name()))),
    }
}

fn slice(values: &[Value]) -> Result<Value, TemplateError> {
    let items = items(values, 0)?;
    if items.is_empty() {
        return Ok(Value::Nil);
    }
    let bound = |index: usize, default: usize| match values.get(index) {
        Some(value) => usize::try_from(to_int(value)).ok(),
        None => Some(default),
    };
    let cut = bound(1, 0).zip(bound(2, items.len())).and_then(|(from, to)| items.get(from..to));
    cut.map(|cut| Value::list(cut.to_vec())).ok_or_else(|| TemplateError::wrong("the bounds are out of range"))
}

fn unique(items: &[Value]) -> Result<Value, TemplateError> {
    if items.len() > 10_000 {
        return Err(TemplateError::wrong("the list is too long"));
    }
    let mut kept: Vec<Value> = Vec::new();
    for item in items {
        if !kept.contains(item) {
            kept.push(item.clone());
        }
    }
    Ok(Value::list(kept))
}

fn filtered(values: &[Value], keeps: bool) -> Value {
    let named = |key: &SmolStr| (1..values.len()).any(|index| text_of(values, index) == key);
    let entries = entries(values, 0);
    Value::map(entries.iter().filter(|(key, _)| named(key) == keeps).map(|(key, value)| (key.clone(), value.clone())))
}

/// `dig "a" "b" DEFAULT MAP`
fn dig(values: &[Value]) -> Result<Value, TemplateError> {
    let Some(([keys @ .., default], map)) = values.split_last().map(|(map, rest)| (rest, map)) else {
        return Err(TemplateError::wrong("it needs at least three arguments"));
    };
    let mut value = map.clone();
    for key in keys {
        let (Value::Map(entries), Value::Text(key)) = (&value, key) else {
            return Err(TemplateError::wrong("it needs strings as keys, and maps to look in"));
        };
        match entries.get(key).cloned() {
            Some(found) => value = found,
            None => return Ok(default.clone()),
        }
    }
    Ok(value)
}

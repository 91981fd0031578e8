//! Changes of objects, as people make them by mistake.

use fleetlint::flux::kinds::{self, Field, Scope, Table};
use fleetlint::flux::release::FluxVersion;
use serde_json::{Value as Json, json};

use super::objects::sample;
use crate::fuzz_kustomize::rng::Rng;

/// Changes an object somewhere in its spec, or rarely beside it, and says how.
pub(super) fn change(object: &mut Json, release: &str, rng: &mut Rng) -> Option<String> {
    let (group, version) = object["apiVersion"].as_str()?.split_once('/')?;
    let (group, version) = (group.to_owned(), version.to_owned());
    let table = kinds::table(&group, object["kind"].as_str()?)?;
    let scope = Scope { version: Some(&version), releases: FluxVersion::parse(release) };
    let mut places = Vec::new();
    for top in ["spec", "status"] {
        collect(&object[top], &format!("/{top}"), &mut places);
    }
    if places.is_empty() || rng.chance(3) {
        return beside(object, rng);
    }
    let place = rng.one(&places)?.clone();
    let field = table.find(&place, scope).field();
    match rng.below(7) {
        0 => drop(object, &place),
        1 => rename(object, &place, rng),
        2 => retype(object, &place, rng),
        3 | 4 => out_of_range(object, &place, field, rng),
        5 => add(object, table, scope, &places, rng),
        _ => repeat(object, &place).or_else(|| add(object, table, scope, &places, rng)),
    }
}

/// All places below one, itself included.
fn collect(value: &Json, pointer: &str, places: &mut Vec<String>) {
    places.extend((!value.is_null()).then(|| pointer.to_owned()));
    match value {
        Json::Object(fields) => {
            fields.iter().for_each(|(name, inner)| {
                collect(inner, &format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")), places);
            });
        }
        Json::Array(items) => {
            items.iter().enumerate().for_each(|(index, inner)| collect(inner, &format!("{pointer}/{index}"), places));
        }
        _ => {}
    }
}

fn beside(object: &mut Json, rng: &mut Rng) -> Option<String> {
    let name = rng.pick(&["sepc", "data", "Spec"]);
    match rng.chance(50) {
        true => object[name] = json!({"a": 1}),
        false => object["metadata"][rng.pick(&["lables", "generation", "nam"])] = json!(1),
    }
    Some(format!("beside the spec, {name}"))
}

fn drop(object: &mut Json, place: &str) -> Option<String> {
    let (parent, name) = place.rsplit_once('/')?;
    match object.pointer_mut(parent)? {
        Json::Object(fields) => _ = fields.remove(&name.replace("~1", "/").replace("~0", "~")),
        Json::Array(items) => _ = items.pop(),
        _ => return None,
    }
    Some(format!("{place} dropped"))
}

fn rename(object: &mut Json, place: &str, rng: &mut Rng) -> Option<String> {
    let (parent, name) = place.rsplit_once('/')?;
    let fields = object.pointer_mut(parent)?.as_object_mut()?;
    let value = fields.remove(name)?;
    let mut letters: Vec<char> = name.chars().collect();
    let at = rng.below(letters.len().max(1));
    match rng.below(3) {
        0 if letters.len() > 1 => _ = letters.remove(at),
        1 => letters.insert(at, 'x'),
        _ => letters.iter_mut().take(1).for_each(|letter| *letter = letter.to_ascii_uppercase()),
    }
    fields.insert(letters.iter().collect(), value);
    Some(format!("{place} renamed"))
}

fn retype(object: &mut Json, place: &str, rng: &mut Rng) -> Option<String> {
    let value = object.pointer_mut(place)?;
    *value = rng
        .one(&[
            json!(null),
            json!(12),
            json!(1.5),
            json!(3.0),
            json!("text"),
            json!("true"),
            json!(true),
            json!([]),
            json!({}),
            json!(["a"]),
            json!({"name": "a"}),
            json!([{"name": "a"}]),
        ])?
        .clone();
    Some(format!("{place} is {value}"))
}

fn out_of_range(object: &mut Json, place: &str, field: Option<Field>, rng: &mut Rng) -> Option<String> {
    let value = object.pointer_mut(place)?;
    let other = field.and_then(Field::allowed).map(Iterator::collect::<Vec<_>>).filter(|_| rng.chance(70));
    *value = match (&value, other) {
        (Json::String(_), Some(allowed)) => json!(rng.pick(&allowed)),
        (Json::String(_), None) => json!(rng.pick(&[
            "",
            " ",
            "1d",
            "10",
            "10m5",
            "1.5h",
            ".5s",
            "ms",
            "1h ",
            "-1h",
            "http://a",
            "https://a/b",
            "oci://a",
            "oci://a/b",
            "git@a:b",
            "A_b",
            "a/b/c",
            "äöü",
            "@a",
            "@a/..",
            "UPPER",
            "2.x",
            "*",
            "a.b.c",
        ])),
        (Json::Number(_), _) => rng.one(&[json!(-1), json!(0), json!(100_000), json!(0.5), json!(101)])?.clone(),
        (Json::Array(_), _) => json!([]),
        (Json::Bool(is_set), _) => json!(!*is_set),
        _ => json!("a".repeat(300)),
    };
    if value.is_string() && rng.chance(10) {
        *value = json!("a".repeat(*rng.one(&[63, 64, 253, 254, 2049])?));
    }
    Some(format!("{place} is {value}"))
}

/// Adds a field that some mapping may have, in this version or in another one.
fn add(object: &mut Json, table: &'static Table, scope: Scope<'_>, places: &[String], rng: &mut Rng) -> Option<String> {
    let mut parents = places.iter().filter(|place| object.pointer(place).is_some_and(Json::is_object));
    let count = parents.clone().count();
    let place = parents.nth(rng.below(count.max(1)))?;
    let parent = table.find(place, scope).field()?;
    let any = if rng.chance(20) { Scope::default() } else { scope };
    let children: Vec<Field> = parent.children(any).collect();
    let child = *children.get(rng.below(children.len().max(1)))?;
    let value = sample(child, any, rng.chance(50));
    object.pointer_mut(place)?.as_object_mut()?.insert(child.name().to_owned(), value);
    Some(format!("{place}/{} added", child.name()))
}

/// Repeats the first item of a list.
fn repeat(object: &mut Json, place: &str) -> Option<String> {
    let items = object.pointer_mut(place)?.as_array_mut()?;
    let first = items.first()?.clone();
    items.push(first);
    Some(format!("{place} repeats its first item"))
}

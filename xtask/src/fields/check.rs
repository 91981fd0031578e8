//! The tables as the product reads them, compared with the schemas of every release: field by field, both ways.

use std::collections::{BTreeMap, BTreeSet};

use fleetlint::flux::kinds::{self, Field, Scope, Type};
use fleetlint::flux::release::FluxVersion;

use super::schema::Version;
use super::table::joined;

/// What was compared in one release, and what differs.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) kinds: BTreeSet<String>,
    pub(super) versions: usize,
    pub(super) fields: usize,
    pub(super) required: usize,
    pub(super) enums: usize,
    pub(super) values: usize,
    pub(super) bounds: usize,
    pub(super) differences: Vec<String>,
}

/// Compares the versions that a release of Flux serves. Without a release, tables do not depend on one.
pub(super) fn compare(release: Option<&str>, versions: &[Version]) -> Outcome {
    let mut outcome = Outcome::default();
    let releases = release.and_then(FluxVersion::parse);
    for version in versions {
        let scope = Scope { version: Some(&version.name), releases };
        outcome.kinds.insert(format!("{}/{}", version.group, version.kind));
        outcome.versions += 1;
        one(version, scope, &mut outcome);
    }
    if let Some(releases) = releases {
        served(releases, versions, &mut outcome);
    }
    outcome
}

/// One version of a kind: every field of the schema is in the table, as it is, and no other one.
fn one(version: &Version, scope: Scope<'_>, outcome: &mut Outcome) {
    let name = format!("{}/{} {}", version.group, version.name, version.kind);
    let Some(table) = kinds::table(&version.group, &version.kind) else {
        outcome.differences.push(format!("{name}: no table"));
        return;
    };
    let is_namespaced = version.scope == "Namespaced";
    if table.is_namespaced != is_namespaced {
        outcome.differences.push(format!("{name}: is {}", version.scope));
    }
    for (path, columns) in &version.fields {
        let field = kinds::find(&version.group, &version.kind, &pointer(path), scope).and_then(kinds::Found::field);
        let Some(field) = field else {
            outcome.differences.push(format!("{name}: no {}", joined(path)));
            continue;
        };
        outcome.fields += 1;
        let (ours, theirs) = (said(field), columns.iter().map(String::as_str).collect::<BTreeSet<_>>());
        for column in theirs.symmetric_difference(&ours) {
            let who = if theirs.contains(column) { "the schema" } else { "the table" };
            outcome.differences.push(format!("{name}: {}: only {who} says `{column}`", joined(path)));
        }
        count(field, outcome);
    }
    let mut listed = BTreeSet::new();
    list(table.root(), scope, &mut listed);
    let known: BTreeSet<String> = version.fields.keys().map(|path| joined(path)).collect();
    let others = listed.into_iter().filter(|path| !known.contains(*path));
    outcome.differences.extend(others.map(|path| format!("{name}: the schema has no {path}")));
}

/// The versions that the table says are served are those that the schemas serve.
fn served(releases: FluxVersion, versions: &[Version], outcome: &mut Outcome) {
    let mut by_kind: BTreeMap<(&str, &str), BTreeMap<&str, bool>> = BTreeMap::new();
    for version in versions {
        let of = by_kind.entry((&version.group, &version.kind)).or_default();
        of.insert(&version.name, version.is_deprecated);
    }
    for ((group, kind), theirs) in by_kind {
        let all = kinds::table(group, kind).into_iter().flat_map(|table| &table.versions);
        let here = all.filter(|it| it.is_served_on(releases));
        let is_deprecated = |since: Option<(u32, u32)>| since.is_some_and(|since| since <= releases.newest);
        let ours: BTreeMap<&str, bool> = here.map(|it| (it.name, is_deprecated(it.deprecated))).collect();
        if ours != theirs {
            outcome.differences.push(format!("{group}/{kind}: {ours:?} is served, not {theirs:?} (true: deprecated)"));
        }
    }
}

fn count(field: Field, outcome: &mut Outcome) {
    outcome.required += usize::from(field.is_required());
    if let Some(allowed) = field.allowed() {
        outcome.enums += 1;
        outcome.values += allowed.count();
    }
    let bounds = ["minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum"];
    outcome.bounds += bounds.iter().filter(|name| field.bound(name).is_some()).count();
    outcome.bounds += usize::from(field.pattern().is_some()) + field.rules().count();
}

/// What the table says of a field, through what the product asks it.
fn said(field: Field) -> BTreeSet<&'static str> {
    let kind = match field.value_type() {
        Type::Object => "object",
        Type::Map => "map",
        Type::List => "list",
        Type::String => "string",
        Type::Integer => "integer",
        Type::Number => "number",
        Type::Boolean => "boolean",
        Type::Duration => "duration",
        Type::Quantity => "quantity",
        Type::Time => "time",
        Type::IntOrString => "int-or-string",
        Type::Any => "any",
    };
    let about_the_line = ["in=", "since=", "until="];
    let columns = field.columns().skip(1);
    let columns = columns.filter(|column| !about_the_line.iter().any(|name| column.starts_with(name)));
    [kind].into_iter().chain(columns).collect()
}

fn list(field: Field, scope: Scope<'_>, paths: &mut BTreeSet<&'static str>) {
    for child in field.children(scope) {
        paths.insert(child.path());
        list(child, scope, paths);
    }
}

/// A path as a pointer, with `*` for items and keys.
fn pointer(path: &[String]) -> String {
    let segment = |segment: &String| format!("/{}", segment.replace("[]", "*").replace("{}", "*"));
    path.iter().map(segment).collect()
}

//! Which kind is meant, and in which API version.

use crate::flux::kinds::{self, Field, Found, Scope, Table};
use crate::near::did_you_mean;

/// A kind in one of its API versions.
pub(super) struct Kind {
    pub(super) table: &'static Table,
    /// `v1beta2`; empty where versions make no difference.
    pub(super) version: &'static str,
}

impl Kind {
    /// `kustomize.toolkit.fluxcd.io/v1`.
    pub(super) fn api_version(&self) -> String {
        api_version(self.table.group, self.version)
    }

    /// The version in question, on any release. What all objects have is the same in all versions.
    pub(super) fn scope(&self, field: Field) -> Scope<'static> {
        let is_own = std::ptr::eq(field.table(), self.table) && !self.version.is_empty();
        Scope { version: is_own.then_some(self.version), releases: None }
    }

    /// What all objects have: `apiVersion`, `kind`, `metadata`.
    pub(super) fn common(&self, name: &str) -> Option<Field> {
        let is_common = matches!(name, "apiVersion" | "kind" | "metadata");
        let found = kinds::find(self.table.group, self.table.kind, &format!("/{name}"), Scope::default());
        found.filter(|_| is_common).and_then(Found::field)
    }

    /// The other APIs that have a kind of this name.
    pub(super) fn others(&self) -> impl Iterator<Item = &'static Table> {
        let own = self.table;
        tables(own.kind).filter(move |table| table.group != own.group)
    }
}

/// `group/version`, as far as there are both.
pub(super) fn api_version(group: &str, version: &str) -> String {
    let parts: Vec<&str> = [group, version].into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("/")
}

/// Whether a kind has this name, in whatever case, or one that is near.
pub(super) fn is_meant(kind: &str) -> bool {
    exists(kind) || did_you_mean(kind, &names()).is_some()
}

fn exists(kind: &str) -> bool {
    tables(kind).next().is_some()
}

/// The kind of a name: that of the API version that is given, else that of Flux, in the version that is usual.
///
/// # Errors
/// There is no such kind, or not in this version; says what may be meant.
pub(super) fn find(kind: &str, wanted: Option<&str>) -> Result<Kind, String> {
    if !exists(kind) {
        return Err(unknown(kind));
    }
    match wanted {
        Some(wanted) => in_version(kind, wanted),
        None => {
            let is_of_flux = |table: &&Table| table.group.contains("fluxcd");
            let table = tables(kind).find(is_of_flux).or_else(|| tables(kind).next()).ok_or_else(|| unknown(kind))?;
            Ok(Kind { table, version: table.usual_version() })
        }
    }
}

fn in_version(kind: &str, wanted: &str) -> Result<Kind, String> {
    let (group, version) = wanted.rsplit_once('/').unwrap_or(("", wanted));
    let known = tables(kind).find(|table| table.group == group).and_then(|table| {
        // Where versions make no difference, no list says which ones there are.
        let found = table.versions.iter().find(|it| it.name == version).map(|it| it.name);
        let version = found.or_else(|| table.versions.is_empty().then_some(""))?;
        Some(Kind { table, version })
    });
    known.ok_or_else(|| {
        let all: Vec<String> = tables(kind).flat_map(versions).map(|it| format!("`{it}`")).collect();
        let name = tables(kind).next().map_or(kind, |table| table.kind);
        format!("API version `{wanted}` has no kind `{name}`; the kind is in {}", all.join(", "))
    })
}

fn versions(table: &'static Table) -> Vec<String> {
    match table.versions.is_empty() {
        true => vec![table.group.to_owned()],
        false => table.versions.iter().map(|version| api_version(table.group, version.name)).collect(),
    }
}

fn tables(kind: &str) -> impl Iterator<Item = &'static Table> {
    let named = kinds::all().filter(move |(_, name)| name.eq_ignore_ascii_case(kind));
    named.filter_map(|(group, kind)| kinds::table(group, kind))
}

fn unknown(kind: &str) -> String {
    match did_you_mean(kind, &names()) {
        Some(meant) => format!("fleetlint does not know a kind `{kind}`; {meant}"),
        None => format!("fleetlint does not know a kind `{kind}`; it knows {}", names().join(", ")),
    }
}

/// All kinds, each once.
fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> = kinds::all().map(|(_, kind)| kind).collect();
    names.dedup();
    names
}

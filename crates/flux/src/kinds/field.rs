//! A field of a kind: its type, and what bounds its values.

use super::documentation;
use super::reference::{self, Reference};
use super::scope::{Bits, Scope};
use super::table::{ApiVersion, Line, Table, value};
use super::value_type::Type;
use crate::release::Minor;

/// A field of a kind, as the versions and releases in question have it.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub(super) table: &'static Table,
    /// The first line about it, which has the children, and the one that counts.
    pub(super) first: u16,
    pub(super) at: u16,
}

impl Field {
    fn line(self) -> &'static Line {
        &self.table.lines[usize::from(self.at)]
    }

    /// The kind that it belongs to; for what all objects have, `Object`.
    pub fn table(self) -> &'static Table {
        self.table
    }

    /// `spec.dependsOn[].name`.
    pub fn path(self) -> &'static str {
        self.line().path
    }

    /// The last part of its path: a name, `[]` or `{}`.
    pub fn name(self) -> &'static str {
        self.line().name
    }

    /// What it holds.
    pub fn value_type(self) -> Type {
        self.line().value_type
    }

    /// Whether its parent needs it.
    pub fn is_required(self) -> bool {
        self.has("required")
    }

    /// Whether `null` is a value of it.
    pub fn is_nullable(self) -> bool {
        self.has("nullable")
    }

    /// Whether it also takes fields that are not listed.
    pub fn is_open(self) -> bool {
        self.line().is_open
    }

    /// Whether only files have it, and the API server does not know it.
    pub fn is_of_files(self) -> bool {
        self.has("file")
    }

    /// The values that are allowed, where these are listed.
    pub fn allowed(self) -> Option<impl Iterator<Item = &'static str>> {
        Some(self.value_of("enum")?.split('|'))
    }

    /// The regular expression that its values match, beyond what the type says.
    pub fn pattern(self) -> Option<&'static str> {
        self.value_of("pattern")
    }

    /// What it is where nothing is set: the text of a scalar, else JSON.
    pub fn default(self) -> Option<&'static str> {
        self.value_of("default")
    }

    /// A bound by its name in OpenAPI: `minLength`, `maxItems`, `minimum`.
    pub fn bound(self, name: &str) -> Option<f64> {
        self.value_of(name)?.parse().ok()
    }

    /// `date-time`, `int64` and the like, beyond what the type says.
    pub fn format(self) -> Option<&'static str> {
        self.value_of("format")
    }

    /// The CEL expressions that must hold, `self` being its value.
    pub fn rules(self) -> impl Iterator<Item = &'static str> {
        self.columns().filter_map(|column| column.strip_prefix("rule="))
    }

    /// How lists are merged (`map`, `set`, `atomic`), and by which keys.
    pub fn list_type(self) -> Option<(&'static str, impl Iterator<Item = &'static str>)> {
        let (list, keys) = self.value_of("list").map(|it| it.split_once(':').unwrap_or((it, "")))?;
        Some((list, keys.split('|').filter(|key| !key.is_empty())))
    }

    /// The first release that has it so; `None` if the oldest one that is known and has the version does.
    pub fn since(self) -> Option<Minor> {
        self.line().since
    }

    /// The last release that has it so; `None` if the newest one that is known and has the version does.
    pub fn until(self) -> Option<Minor> {
        self.line().until
    }

    /// The API versions that have it so.
    pub fn versions(self) -> impl Iterator<Item = &'static ApiVersion> {
        let has = move |version: &&ApiVersion| self.line().versions & self.table.bits(Some(version.name), None) != 0;
        self.table.versions.iter().filter(has)
    }

    /// All that is said about it in other versions or releases, itself included.
    pub fn variants(self) -> impl Iterator<Item = Field> {
        let next = |it: &Field| match self.table.lines[usize::from(it.at)].next_variant {
            0 => None,
            at => Some(Field { at, ..*it }),
        };
        std::iter::successors(Some(Field { at: self.first, ..self }), next)
    }

    /// The fields right below it, as the versions and releases in question have them.
    pub fn children(self, scope: Scope<'_>) -> impl Iterator<Item = Field> {
        let scope = scope.of(self.table);
        self.heads().filter_map(move |head| head.variants().find(|it| scope.has(it.line())))
    }

    /// The field of a name right below it.
    pub fn child(self, name: &str, scope: Scope<'_>) -> Option<Field> {
        self.child_among(name, scope.of(self.table))
    }

    pub(super) fn child_among(self, name: &str, bits: Bits) -> Option<Field> {
        let head = self.heads().find(|head| head.name() == name)?;
        head.variants().find(|it| bits.has(it.line()))
    }

    /// The first line about each field right below it.
    fn heads(self) -> impl Iterator<Item = Field> {
        let line = move |at: u16| (at != 0).then_some(Field { table: self.table, first: at, at });
        let first = line(self.table.lines[usize::from(self.first)].first_child);
        std::iter::successors(first, move |head| line(head.line().next_sibling))
    }

    /// What it names on the cluster.
    pub fn reference(self) -> Option<&'static Reference> {
        reference::of(self.table.group, self.table.kind).iter().find(|it| it.path == self.path())
    }

    /// What it is for, in a line.
    pub fn documentation(self) -> Option<&'static str> {
        documentation::of(self.table.group, self.table.kind, self.path())
    }

    /// What its line says, type first, as it is written there.
    pub fn columns(self) -> std::str::Split<'static, char> {
        self.line().columns.split('\t')
    }

    fn has(self, flag: &str) -> bool {
        self.columns().any(|column| column == flag)
    }

    fn value_of(self, name: &str) -> Option<&'static str> {
        value(self.line().columns, name)
    }
}

//! The table of one kind, read from its text.

use super::value_type::Type;
use crate::release::{FluxVersion, Minor};

/// A kind: its API versions and all its fields.
#[derive(Debug)]
pub struct Table {
    pub group: &'static str,
    pub kind: &'static str,
    pub is_namespaced: bool,
    /// Only the fields that fleetlint reads are listed: there are others.
    pub is_partial: bool,
    /// Newest first. Empty where versions make no difference.
    pub versions: Vec<ApiVersion>,
    pub(super) lines: Vec<Line>,
}

/// An API version of a kind, and the releases that serve it.
#[derive(Debug)]
pub struct ApiVersion {
    /// `v1beta2`.
    pub name: &'static str,
    /// The first release that has it; `None` if the oldest one that is known does.
    pub since: Option<Minor>,
    /// The last release that has it; `None` if the newest one that is known does.
    pub until: Option<Minor>,
    /// The first release that calls it deprecated, among those that are known.
    pub deprecated: Option<Minor>,
}

/// A line: what is said about a field, in some versions. The first one stands for the root.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// `spec.dependsOn[].name`.
    pub(super) path: &'static str,
    /// `name`, `[]`, `{}`.
    pub(super) name: &'static str,
    /// The columns after the path, separated by tabs.
    pub(super) columns: &'static str,
    pub(super) value_type: Type,
    /// Whether it also takes fields that are not listed.
    pub(super) is_open: bool,
    /// The versions that it is about, one bit each.
    pub(super) versions: u16,
    pub(super) since: Option<Minor>,
    pub(super) until: Option<Minor>,
    /// Numbers of lines; 0, the root, is nobody's child.
    pub(super) first_child: u16,
    pub(super) next_sibling: u16,
    /// The next line about the same field.
    pub(super) next_variant: u16,
}

const ALL_VERSIONS: u16 = u16::MAX;

impl Table {
    /// The newest version that all releases serve; where there is none, the newest one of all.
    pub fn usual_version(&self) -> &'static str {
        let of_all = self.versions.iter().find(|version| version.since.is_none() && version.until.is_none());
        of_all.or(self.versions.first()).map_or("", |version| version.name)
    }

    /// Reads the text of a table. What it does not understand it leaves out: the tests see to it that there is nothing such.
    pub(super) fn parse(text: &'static str) -> Self {
        let mut table = Self {
            group: "",
            kind: "",
            is_namespaced: false,
            is_partial: false,
            versions: Vec::new(),
            lines: vec![Line { value_type: Type::Object, versions: ALL_VERSIONS, ..Line::default() }],
        };
        let mut tree = Tree { parents: vec![(0, 0)] };
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (path, columns) = line.split_once('\t').unwrap_or((line, ""));
            match path {
                "kind" if table.kind.is_empty() => table.name(columns),
                "version" if table.lines.len() == 1 => table.versions.push(ApiVersion::parse(columns)),
                "self" if table.lines.len() == 1 => table.lines[0].columns = columns,
                _ => {
                    let line = table.line(path, columns);
                    tree.add(&mut table.lines, line);
                }
            }
        }
        table
    }

    fn name(&mut self, columns: &'static str) {
        let mut columns = columns.split('\t');
        self.group = columns.next().unwrap_or_default();
        self.kind = columns.next().unwrap_or_default();
        self.is_namespaced = columns.next() == Some("Namespaced");
        self.is_partial = columns.next() == Some("partial");
    }

    fn line(&self, path: &'static str, columns: &'static str) -> Line {
        let of = value(columns, "in").map_or(ALL_VERSIONS, |names| {
            let number = |name: &str| self.versions.iter().position(|version| version.name == name);
            names.split('|').filter_map(number).fold(0, |all, number| all | bit(number))
        });
        let (since, until) = (minor(columns, "since"), minor(columns, "until"));
        let value_type = Type::parse(columns.split('\t').next().unwrap_or_default());
        let is_open = value_type == Type::Any || columns.split('\t').any(|column| column == "open");
        Line { path, columns, value_type, is_open, versions: of, since, until, ..Line::default() }
    }

    /// The bits of the versions in question; all where versions make no difference.
    pub(super) fn bits(&self, name: Option<&str>, releases: Option<FluxVersion>) -> u16 {
        if self.versions.is_empty() {
            return ALL_VERSIONS;
        }
        let counts = |version: &ApiVersion| {
            let is_served = releases.is_none_or(|releases| version.is_served_on(releases));
            is_served && name.is_none_or(|name| name == version.name)
        };
        let numbers = self.versions.iter().enumerate().filter(|(_, version)| counts(version)).map(|(number, _)| number);
        numbers.fold(0, |all, number| all | bit(number))
    }
}

/// The bit of a version. A table has a handful; others would share the last bit.
fn bit(number: usize) -> u16 {
    1 << number.min(15)
}

impl ApiVersion {
    /// Whether one of some releases has it.
    pub fn is_served_on(&self, releases: FluxVersion) -> bool {
        overlap(releases, self.since, self.until)
    }

    fn parse(columns: &'static str) -> Self {
        Self {
            name: columns.split('\t').next().unwrap_or_default(),
            since: minor(columns, "since"),
            until: minor(columns, "until"),
            deprecated: minor(columns, "deprecated"),
        }
    }
}

/// The parents of the line that is read, and the last child of each: lines are in the order of a walk, parents first.
struct Tree {
    parents: Vec<(u16, u16)>,
}

impl Tree {
    fn add(&mut self, lines: &mut Vec<Line>, mut line: Line) {
        let Ok(number) = u16::try_from(lines.len()) else { return };
        let last = lines.len() - 1;
        if last > 0 && lines[last].path == line.path {
            line.name = lines[last].name;
            lines[last].next_variant = number;
            lines.push(line);
            return;
        }
        while self
            .parents
            .last()
            .is_some_and(|(parent, _)| below(lines[usize::from(*parent)].path, line.path).is_none())
        {
            self.parents.pop();
        }
        if let Some((parent, last_child)) = self.parents.last_mut() {
            line.name = below(lines[usize::from(*parent)].path, line.path).unwrap_or(line.path);
            match *last_child {
                0 => lines[usize::from(*parent)].first_child = number,
                sibling => lines[usize::from(sibling)].next_sibling = number,
            }
            *last_child = number;
        }
        self.parents.push((number, 0));
        lines.push(line);
    }
}

/// The name of a field below another one, if it is there: `name` of `spec.items[].name`, below `spec.items[]`. All is
/// below the root.
fn below<'a>(parent: &str, path: &'a str) -> Option<&'a str> {
    if parent.is_empty() {
        return Some(path);
    }
    let rest = path.strip_prefix(parent)?;
    rest.strip_prefix('.').or_else(|| rest.starts_with(['[', '{']).then_some(rest))
}

/// The value of a column `name=value`.
pub(super) fn value(columns: &'static str, name: &str) -> Option<&'static str> {
    columns.split('\t').find_map(|column| column.strip_prefix(name)?.strip_prefix('='))
}

fn minor(columns: &'static str, name: &str) -> Option<Minor> {
    let (major, minor) = value(columns, name)?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// Whether one of some releases is between two others, where these are known.
pub(super) fn overlap(releases: FluxVersion, since: Option<Minor>, until: Option<Minor>) -> bool {
    since.is_none_or(|since| since <= releases.newest) && until.is_none_or(|until| releases.oldest <= until)
}

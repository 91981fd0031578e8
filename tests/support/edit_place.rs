//! Where the values of a file stand, for `edit.rs`.

use fleetlint::rule::page::{Edit, Step};
use fleetlint::yaml::{Entry, Node, Value};

/// The lines that an entry or an item takes, and where its value stands.
pub(super) struct Place<'a> {
    pub(super) node: &'a Node,
    /// Where the key starts, or the item.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) head: usize,
    pub(super) first: usize,
    pub(super) last: usize,
}

impl<'a> Place<'a> {
    pub(super) fn of(text: &str, root: &'a Node, path: &[Step]) -> Result<Self, String> {
        let (step, above) = path.split_last().ok_or("a path is missing")?;
        let above = find(root, above).ok_or_else(|| missing(path))?;
        let (node, key) = match (&above.value, step) {
            (Value::Mapping(mapping), Step::Key(key)) => {
                let entry = mapping.entry(key).ok_or_else(|| missing(path))?;
                (&entry.value, &entry.key)
            }
            (Value::Sequence(items), Step::Index(index)) => {
                let item = items.get(*index).ok_or_else(|| missing(path))?;
                (item, item)
            }
            _ => return Err(missing(path)),
        };
        let start = start(key);
        let last = line_of(text, end(text, node).max(start + 1) - 1);
        Ok(Self { node, start, head: end(text, key), first: line_of(text, start), last })
    }
}

pub(super) fn missing(path: &[Step]) -> String {
    let path = path.iter().map(|step| match step {
        Step::Key(key) if key.contains(['.', '/']) => format!("[\"{key}\"]"),
        Step::Key(key) => format!(".{key}"),
        Step::Index(index) => format!("[{index}]"),
    });
    format!("the file has no `{}`", path.collect::<String>().trim_start_matches('.'))
}

pub(super) fn find<'a>(root: &'a Node, path: &[Step]) -> Option<&'a Node> {
    path.iter().try_fold(root, |node, step| match step {
        Step::Key(key) => node.get(key),
        Step::Index(index) => node.items().get(*index),
    })
}

/// Where a value starts: a mapping with its first key.
pub(super) fn start(node: &Node) -> usize {
    let own = node.origin.span.map(|span| span.start as usize);
    match &node.value {
        Value::Mapping(mapping) if !mapping.flow => mapping.entries.first().map(|entry| start(&entry.key)).or(own),
        _ => own,
    }
    .unwrap_or_default()
}

/// Where a value ends, without the line break.
pub(super) fn end(text: &str, node: &Node) -> usize {
    let own = node.origin.span.map_or(0, |span| span.end as usize);
    let last = match &node.value {
        Value::Mapping(mapping) if !mapping.flow => {
            mapping.entries.last().map(|Entry { key, value }| end(text, key).max(end(text, value)))
        }
        Value::Sequence(items) if !node.is_flow() => items.last().map(|item| end(text, item)),
        _ => Some(own),
    };
    text[..last.unwrap_or(own)].trim_end().len()
}

pub(super) fn line_of(text: &str, offset: usize) -> usize {
    text[..offset].matches('\n').count()
}

/// A file as lines, to be changed.
pub(super) struct Lines(pub(super) Vec<String>);

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        Self(text.lines().map(str::to_owned).collect())
    }

    pub(super) fn joined(self) -> String {
        self.0.into_iter().flat_map(|line| [line, "\n".to_owned()]).collect()
    }

    pub(super) fn mark(&mut self, line: usize, edit: &Edit) {
        if let Some(mark) = &edit.mark {
            self.0[line].push_str(&format!(" {mark}"));
        }
    }
}

/// The column of a place, in bytes.
pub(super) fn column(text: &str, offset: usize) -> usize {
    offset - text[..offset].rfind('\n').map_or(0, |index| index + 1)
}

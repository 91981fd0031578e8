//! Keys and values to entries: merge keys merged, keys that are duplicated found.

use std::collections::{HashMap, HashSet};

use crate::problem::{Problem, ProblemKind};
use crate::{Entry, Node, Style, Text, Value};

/// Keys that do not fit into a node: the same ones are in a file again and again, and share their text.
#[derive(Default)]
pub(super) struct Names(HashSet<Text>);

impl Names {
    fn share(&mut self, key: &mut Node) {
        let Value::Scalar(scalar) = &mut key.value else { return };
        if scalar.text.len() <= Text::IN_PLACE {
            return;
        }
        match self.0.get(&scalar.text) {
            Some(known) => scalar.text = known.clone(),
            None => drop(self.0.insert(scalar.text.clone())),
        }
    }
}

/// What is done with keys that are duplicated.
#[derive(Default)]
pub(super) struct Duplicates {
    pub(super) problems: Vec<Problem>,
    /// All entries are kept: go-yaml v2 tells keys apart by what they mean, `y` from `"y"`, and patches are read without a
    /// look at what is duplicated.
    pub(super) are_kept: bool,
}

/// The same problems, one in the place of all that a missing `---` brings about: two objects in one mapping, whose fields stand
/// twice.
pub(super) fn of_one_cause(problems: Vec<Problem>, root: Option<&Node>) -> Vec<Problem> {
    let second_key = |name: &str| {
        let entry = root?.entries().iter().find(|entry| entry.key.text() == Some(name))?;
        problems.iter().find(|problem| problem.place.is_some() && problem.place == entry.key.origin.span)
    };
    let (Some(version), Some(kind)) = (second_key("apiVersion"), second_key("kind")) else { return problems };
    let first = if version.place < kind.place { version } else { kind };
    let mut missing = Problem::new(
        ProblemKind::MissingSeparator,
        "a second object starts here, in the document of the first one: `---` is missing between them",
        first.place,
    )
    .help("write `---` on a line of its own above this one");
    missing.related =
        first.related.iter().map(|(place, _)| (*place, "the first object starts here".to_owned())).collect();
    let at_root: Vec<_> = root.into_iter().flat_map(Node::entries).map(|entry| entry.key.origin.span).collect();
    let mut others = problems;
    others.retain(|problem| !at_root.contains(&problem.place));
    std::iter::once(missing).chain(others).collect()
}

/// One problem in the place of those of a second object whose first line is missing: to remove one of two keys would
/// destroy one of the objects. `told` is how many problems there were before this mapping.
fn join_of_second_object(problems: &mut Vec<Problem>, told: usize) {
    let new = problems.get(told..).unwrap_or_default();
    let has = |name: &str| new.iter().any(|problem| problem.message == repeated(name));
    if has("apiVersion") || !has("kind") || !has("metadata") {
        return;
    }
    let Some(first) = new.iter().min_by_key(|problem| problem.place.map(|place| place.start)).cloned() else { return };
    problems.truncate(told);
    let message = "a second object starts here, in the first one: its `apiVersion` and the line before it are missing";
    let help = "write the `apiVersion` above this line, after `---`, or after `- ` in a list";
    let kind = ProblemKind::MissingSeparator;
    problems.push(Problem { kind, message: message.to_owned(), help: Some(help.to_owned()), ..first });
}

fn repeated(name: &str) -> String {
    format!("duplicate key `{name}`")
}

/// Pairs keys with values. Of a key that is duplicated the last value wins, and the second key is a problem. What cannot be
/// merged makes the whole document unreadable, as it does for Go's parser.
pub(super) fn of(
    mut children: impl ExactSizeIterator<Item = Node>,
    duplicates: &mut Duplicates,
    names: &mut Names,
) -> Result<Vec<Entry>, Problem> {
    let mut entries: Vec<Entry> = Vec::with_capacity(children.len() / 2);
    let mut merges: Vec<Node> = Vec::new();
    let mut seen = Seen::of(children.len() / 2);
    let told = duplicates.problems.len();
    while let (Some(mut key), Some(value)) = (children.next(), children.next()) {
        names.share(&mut key);
        if is_merge_key(&key) {
            if !merges.is_empty() {
                let message = "duplicate merge key `<<`";
                return Err(Problem::new(ProblemKind::YamlSyntax, message, key.origin.span)
                    .help("merge a list of mappings: `<<: [*a, *b]`"));
            }
            merges.push(value);
            continue;
        }
        let Some(name) = key.as_scalar().map(|scalar| scalar.text.clone()) else {
            entries.push(Entry { key, value });
            continue;
        };
        match seen.find(&name, &entries) {
            Some(index) if !duplicates.are_kept => {
                duplicates.problems.push(duplicate(&name, &key, &entries[index]));
                entries[index] = Entry { key, value };
            }
            _ => {
                seen.add(name, entries.len());
                entries.push(Entry { key, value });
            }
        }
    }
    join_of_second_object(&mut duplicates.problems, told);
    if !merges.is_empty() {
        let keys = entries.iter().filter_map(|entry| entry.key.as_scalar());
        let mut there: HashSet<Text> = keys.map(|key| key.text.clone()).collect();
        merges.into_iter().try_for_each(|merged| merge(&mut entries, merged, &mut there))?;
    }
    Ok(entries)
}

/// Where keys stand. Most mappings are so small that looking at each key is quicker than hashing them.
struct Seen(Option<HashMap<Text, usize>>);

impl Seen {
    const MAX_SCANNED: usize = 16;

    fn of(entries: usize) -> Self {
        Self((entries > Self::MAX_SCANNED).then(|| HashMap::with_capacity(entries)))
    }

    fn find(&self, name: &str, entries: &[Entry]) -> Option<usize> {
        match &self.0 {
            Some(indices) => indices.get(name).copied(),
            None => entries.iter().position(|entry| entry.key.text() == Some(name)),
        }
    }

    fn add(&mut self, name: Text, index: usize) {
        if let Some(indices) = &mut self.0 {
            indices.insert(name, index);
        }
    }
}

/// Adds what a merge key brings, a mapping or a list of them; keys that are there stay.
fn merge(entries: &mut Vec<Entry>, merged: Node, there: &mut HashSet<Text>) -> Result<(), Problem> {
    let place = merged.origin.span;
    let mappings = match merged.value {
        Value::Sequence(items) => items,
        value => vec![Node { value, ..merged }].into(),
    };
    for mapping in mappings {
        let Value::Mapping(mapping) = mapping.value else {
            let message = "a merge key `<<` takes a mapping or a list of mappings";
            return Err(Problem::new(ProblemKind::YamlSyntax, message, mapping.origin.span.or(place))
                .help("quote `<<` if it is an ordinary key"));
        };
        entries.extend(mapping.entries.into_iter().filter(|entry| {
            let key = entry.key.as_scalar();
            key.is_none_or(|key| there.insert(key.text.clone()))
        }));
    }
    Ok(())
}

/// Whether a key is `<<`, which merges what follows.
pub(super) fn is_merge_key(key: &Node) -> bool {
    let is_named = key.as_scalar().is_some_and(|scalar| scalar.text == "<<" && scalar.style == Style::Plain);
    is_named && key.tag.as_deref().is_none_or(|tag| matches!(tag, "!" | "tag:yaml.org,2002:merge"))
}

fn duplicate(name: &str, key: &Node, first: &Entry) -> Problem {
    Problem::new(ProblemKind::YamlSyntax, repeated(name), key.origin.span)
        .help("remove one of the two")
        .related(first.key.origin.span, "first defined here")
}

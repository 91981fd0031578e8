//! JSON patches as kustomize's library applies them, more lenient than RFC 6902 (kustomize-semantics, section 6.4).

use smol_str::SmolStr;

use super::super::budget::{Budget, check_depth};
use crate::near;

use super::super::{json, secret};
use super::pointer::{self, Missing};
use super::strategic::Refusal;
use fleetlint_yaml::{Entry, Node, Origin, Span, Stream, yaml11};

/// One operation of a patch.
#[derive(Clone, Debug)]
pub(in super::super) struct Operation {
    kind: SmolStr,
    path: Option<Node>,
    from: Option<Node>,
    /// Absent counts as null.
    value: Option<Node>,
    place: Option<Span>,
    is_json: bool,
}

impl Operation {
    /// Whether it may give an object another name or namespace.
    pub(in super::super) fn may_rename(&self) -> bool {
        let reaches = |path: &str| path.starts_with("/metadata/name") || "/metadata".starts_with(path);
        let paths = [&self.path, &self.from].into_iter().flatten();
        paths.filter_map(Node::text).any(reaches)
    }
}

/// Reads the operations of a text; only its first document counts. What starts with `[` has to be JSON.
pub(in super::super) fn read(text: &str, stream: &Stream) -> Result<Vec<Operation>, Refusal> {
    let root = match stream.documents.first() {
        Some(Ok(document)) => document.root.clone(),
        Some(Err(problem)) if !text.starts_with('[') => {
            return Err(Refusal { message: problem.message.clone(), place: problem.place });
        }
        _ => None,
    };
    let is_json = text.starts_with('[');
    let root = if is_json { Some(from_json(text, root)?) } else { root };
    let Some(root) = root.filter(|root| !root.is_null()) else { return Ok(Vec::new()) };
    let Some(items) = root.as_sequence() else {
        return Err(Refusal { message: "a JSON patch must be a list of operations".to_owned(), place: root.place() });
    };
    items.iter().map(|item| operation(item, is_json)).collect()
}

/// The tree of a text that must be JSON: the one read as YAML, or one without places where YAML reads less than JSON.
fn from_json(text: &str, root: Option<Node>) -> Result<Node, Refusal> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| {
        let message = format!("a patch that starts with `[` must be JSON: {error}");
        Refusal { message, place: root.as_ref().and_then(Node::place) }
    })?;
    Ok(root.unwrap_or_else(|| unplaced(&value)))
}

fn unplaced(value: &serde_json::Value) -> Node {
    let none = Origin::default;
    match value {
        serde_json::Value::String(text) => Node::string(text.as_str(), none()),
        serde_json::Value::Array(items) => Node::sequence(items.iter().map(unplaced).collect(), none()),
        serde_json::Value::Object(map) => {
            let entry = |(key, value): (&String, &serde_json::Value)| Entry {
                key: Node::string(key.as_str(), none()),
                value: unplaced(value),
            };
            Node::mapping(map.iter().map(entry).collect(), none())
        }
        other => Node::plain(other.to_string(), none()),
    }
}

fn operation(item: &Node, is_json: bool) -> Result<Operation, Refusal> {
    if item.as_mapping().is_none() && !item.is_null() {
        return Err(refuse("an operation of a JSON patch must be a mapping".to_owned(), item));
    }
    let item =
        if is_json { item.clone() } else { yaml11::to_json_text(item).map_err(|message| refuse(message, item))? };
    let field = |key| item.get(key).cloned();
    let text = |key| field(key).filter(|node| node.text().is_some() && !node.is_null());
    let kind = text("op").and_then(|node| node.text().map(SmolStr::from)).unwrap_or_default();
    Ok(Operation { kind, path: text("path"), from: text("from"), value: field("value"), place: item.place(), is_json })
}

fn refuse(message: String, item: &Node) -> Refusal {
    Refusal { message, place: item.place() }
}

/// The kinds of operations.
const KINDS: [&str; 6] = ["add", "remove", "replace", "move", "copy", "test"];

/// The first operation that no object could take: what is wrong with it, and what to write.
pub(in super::super) fn malformed(operations: &[Operation]) -> Option<(Refusal, String)> {
    operations.iter().find_map(|operation| {
        let (kind, place) = (operation.kind.as_str(), operation.place);
        let kinds = format!("an operation needs one of `{}` as its `op`", KINDS.join("`, `"));
        let is_path = |node: &Option<Node>| node.as_ref().is_some_and(|node| node.text().is_some());
        if kind.is_empty() {
            return Some((Refusal { message: "operation without `op`".to_owned(), place }, kinds));
        }
        if !KINDS.contains(&kind) {
            let help = near::did_you_mean(kind, &KINDS).unwrap_or(kinds);
            return Some((Refusal { message: format!("unexpected kind of operation `{kind}`"), place }, help));
        }
        let needs = |field: &str| {
            let message = format!("`{kind}` operation without `{field}`");
            Some((Refusal { message, place }, format!("name the field with `{field}`, as in `/spec/replicas`")))
        };
        match is_path(&operation.path) {
            false => needs("path"),
            true if matches!(kind, "move" | "copy") && operation.from.is_none() => needs("from"),
            true => None,
        }
    })
}

/// Applies operations to an object that went through JSON (see [`json::normalise_printed`]). What they put in place gets `patch`.
pub(in super::super) fn apply(
    object: &mut Node,
    operations: &[Operation],
    patch: Option<Span>,
    budget: &mut Budget,
) -> Result<(), Refusal> {
    let looked_at = object.size();
    operations.iter().try_for_each(|operation| {
        budget.look(looked_at).map_err(|message| Refusal { message, place: operation.place })?;
        operation.apply(object, patch, budget)?;
        secret::note(object);
        Ok(())
    })
}

impl Operation {
    fn apply(&self, object: &mut Node, patch: Option<Span>, budget: &mut Budget) -> Result<(), Refusal> {
        let (path, place) = self.path()?;
        let refuse = |error: Missing| Refusal { message: error.message(&self.kind, path), place };
        match self.kind.as_str() {
            "add" => pointer::add(object, path, self.value(patch, budget)?, self.key(patch)).map_err(refuse),
            "replace" if path.is_empty() => {
                *object = self.value(patch, budget)?;
                Ok(())
            }
            "replace" => pointer::replace(object, path, self.value(patch, budget)?, self.key(patch)).map_err(refuse),
            "remove" => pointer::remove(object, path).map(drop).map_err(refuse),
            "move" | "copy" => self.transfer(object, patch, budget),
            "test" => self.test(object, path).map_err(|message| Refusal { message, place }),
            other => {
                let message = format!("unexpected kind of operation `{other}`");
                Err(Refusal { message, place: self.place })
            }
        }
    }

    fn transfer(&self, object: &mut Node, patch: Option<Span>, budget: &mut Budget) -> Result<(), Refusal> {
        let (path, place) = self.path()?;
        let Some(from) = self.from.as_ref() else {
            return Err(Refusal { message: format!("`{}` operation without `from`", self.kind), place: self.place });
        };
        let text = from.text().unwrap_or_default();
        let source = pointer::get(object, text)
            .map_err(|error| Refusal { message: error.message(&self.kind, text), place: from.place() })?;
        if let Some(source) = source {
            self.pay(source, path, budget)?;
        }
        let source = source.cloned();
        if self.kind == "move" {
            pointer::remove(object, text)
                .map_err(|error| Refusal { message: error.message(&self.kind, text), place: from.place() })?;
        }
        let mut value = source.unwrap_or_else(|| Node::plain("null", from.origin.clone()));
        stamp(&mut value, patch);
        pointer::add(object, path, value, self.key(patch))
            .map_err(|error| Refusal { message: error.message(&self.kind, path), place })
    }

    fn test(&self, object: &Node, path: &str) -> Result<(), String> {
        let failed = || format!("testing value `{path}` failed: test failed");
        let found = match path {
            "" => Some(object),
            _ => pointer::get(object, path).map_err(|error| error.message("test", path))?,
        };
        let found = found.filter(|node| !node.is_null());
        let wanted = self.value.as_ref().filter(|node| !node.is_null());
        match (found, wanted) {
            (None, None) => Ok(()),
            (Some(found), Some(wanted)) if json::encode(found)? == self.encoded(wanted)? => match has_null_item(wanted)
            {
                true => Err(format!("testing value `{path}` failed: kustomize cannot compare null in a list")),
                false => Ok(()),
            },
            (Some(found), Some(wanted)) if json::encode(found)? == json::encode(wanted)? => Err(format!(
                "testing value `{path}` failed: kustomize compares JSON as it is written, a number in its shortest form, and \
                 `<`, `>`, `&` as `\\u003c`, `\\u003e`, `\\u0026`"
            )),
            _ => Err(failed()),
        }
    }

    /// The value as kustomize compares it: what was written in JSON is not read.
    fn encoded(&self, value: &Node) -> Result<String, String> {
        if self.is_json { json::encode_as_written(value) } else { json::encode(value) }
    }

    /// Pays for a value that is about to be copied to a path.
    fn pay(&self, value: &Node, path: &str, budget: &mut Budget) -> Result<(), Refusal> {
        let fits = budget.copy(value.size()).and_then(|()| check_depth(path.matches('/').count(), value));
        fits.map_err(|message| Refusal { message, place: self.place })
    }

    fn path(&self) -> Result<(&str, Option<Span>), Refusal> {
        let path = self.path.as_ref().and_then(|path| Some((path.text()?, path.place())));
        path.ok_or_else(|| Refusal { message: format!("`{}` operation without `path`", self.kind), place: self.place })
    }

    fn value(&self, patch: Option<Span>, budget: &mut Budget) -> Result<Node, Refusal> {
        let origin = self.path.as_ref().map(|path| path.origin.clone()).unwrap_or_default();
        let mut value = self.value.clone().unwrap_or_else(|| Node::plain("null", origin));
        self.pay(&value, self.path()?.0, budget)?;
        json::normalise(&mut value).map_err(|message| Refusal { message, place: self.place })?;
        stamp(&mut value, patch);
        Ok(value)
    }

    /// The origin of a key that the operation makes.
    fn key(&self, patch: Option<Span>) -> Origin {
        let span = self.path.as_ref().and_then(|path| path.origin.span).or(self.place);
        Origin::of(span).with_patch(patch)
    }
}

/// Whether a list holds null: there kustomize crashes when it compares.
fn has_null_item(node: &Node) -> bool {
    node.items().iter().any(|item| item.is_null() || has_null_item(item))
        || node.entries().iter().any(|entry| has_null_item(&entry.value))
}

/// Marks a tree as put in place by a patch.
pub(in super::super) fn stamp(node: &mut Node, patch: Option<Span>) {
    use fleetlint_yaml::Value;
    node.origin = std::mem::take(&mut node.origin).with_patch(patch);
    match &mut node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter_mut().for_each(|item| stamp(item, patch)),
        Value::Mapping(mapping) => mapping.entries.iter_mut().for_each(|entry| {
            stamp(&mut entry.key, patch);
            stamp(&mut entry.value, patch);
        }),
    }
}

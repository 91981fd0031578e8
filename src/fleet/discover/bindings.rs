//! Variables that somebody replaces before anything is applied (`envsubst`): what they stand for where a path fits a folder,
//! and what stays open.

use std::sync::Arc;

use super::seeds::concrete;
use super::target::Target;
use crate::flux::api::Kustomization;
use crate::object::Object;
use crate::yaml::{Node, Value};

/// The variables of a path by their names, each with the part of the folder's path that it stands for.
pub(super) struct Bindings(Vec<(String, String)>);

impl Bindings {
    /// What the variables of a path stand for in a folder that fits. Only a segment with one variable tells it.
    pub(super) fn of(path: &str, target: &Target) -> Self {
        let segments = |path: &str| -> Vec<String> {
            path.split('/').filter(|segment| !matches!(*segment, "" | ".")).map(str::to_owned).collect()
        };
        let folder = target.folder.strip_prefix(&target.base).unwrap_or(&target.folder);
        let (written, meant) = (segments(path), segments(folder));
        if written.len() != meant.len() {
            return Self(Vec::new());
        }
        Self(written.iter().zip(&meant).filter_map(|(written, meant)| binding(written, meant)).collect())
    }

    /// Whether two paths share a variable, and those that they share stand for the same.
    pub(super) fn agree(&self, other: &Self) -> bool {
        let value = |name: &str| other.0.iter().find(|(it, _)| it == name).map(|(_, value)| value);
        let mut shared = self.0.iter().filter_map(|(name, own)| Some(value(name)? == own)).peekable();
        shared.peek().is_some() && shared.all(|is_same| is_same)
    }

    /// An object with the variables replaced, the root Kustomization with the path of its folder.
    pub(super) fn applied(&self, object: &Arc<Object>, root: &Object, target: &Target) -> Arc<Object> {
        let is_root = Kustomization::of(object).is_some() && object.id == root.id;
        let object = if is_root { concrete(object, target) } else { Arc::clone(object) };
        let mut tree = Node::clone(&object.root);
        match self.replace(&mut tree) {
            true => Object::new(tree).map_or(object, Arc::new),
            false => object,
        }
    }

    /// Replaces the variables in all scalars of a tree; whether there was one.
    fn replace(&self, node: &mut Node) -> bool {
        match &mut node.value {
            Value::Scalar(scalar) => {
                let text: &str = &scalar.text;
                let new = self.0.iter().fold(text.to_owned(), |text, (name, value)| replaced(&text, name, value));
                let is_new = new != text;
                if is_new {
                    scalar.text = new.into();
                }
                is_new
            }
            Value::Mapping(mapping) => {
                let replaced =
                    mapping.entries.iter_mut().filter_map(|entry| self.replace(&mut entry.value).then_some(()));
                replaced.count() > 0
            }
            Value::Sequence(items) => items.iter_mut().filter_map(|item| self.replace(item).then_some(())).count() > 0,
        }
    }
}

/// A text without a variable, be it written with a default or without: `${NAME}`, `${NAME:=x}`.
fn replaced(text: &str, name: &str, value: &str) -> String {
    let mut parts = text.split("${");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |before, part| match part.split_once('}') {
        Some((variable, after)) if variable_name(variable) == Some(name) => format!("{before}{value}{after}"),
        _ => format!("{before}${{{part}"),
    })
}

/// The name in `NAME`, `NAME:=x`, `NAME:-x`.
fn variable_name(written: &str) -> Option<&str> {
    let end = written.find([':', '=', '-']).unwrap_or(written.len());
    let (name, default) = written.split_at(end);
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let is_default = [":=", ":-", "=", "-"].iter().any(|mark| default.starts_with(mark));
    (is_name && (default.is_empty() || is_default)).then_some(name)
}

/// `a-${NAME}-b` and `a-x-b`: `NAME` is `x`.
fn binding(written: &str, meant: &str) -> Option<(String, String)> {
    let (before, rest) = written.split_once("${")?;
    let (name, after) = rest.split_once('}')?;
    let value = meant.strip_prefix(before)?.strip_suffix(after)?;
    let name = variable_name(name).filter(|_| !after.contains("${"))?;
    Some((name.to_owned(), value.to_owned()))
}

/// The fields that give variables: of a Kustomization, and of what it substitutes from.
const VALUES: [&[&str]; 3] = [&["spec", "postBuild", "substitute"], &["data"], &["stringData"]];

/// An object without the variables whose values somebody replaces before it is applied; `None` if it has none. What they
/// are is not known.
pub(super) fn without_open(object: &Arc<Object>) -> Option<Arc<Object>> {
    let is_open = |value: &Node| value.text().is_some_and(|text| text.contains("${"));
    let gives_values = Kustomization::of(object).is_some() || object.is("", "ConfigMap") || object.is("", "Secret");
    let values = |fields: &[&str]| fields.iter().try_fold(&*object.root, |node, field| node.get(field));
    let holds_one = |fields: &&&[&str]| {
        values(fields).is_some_and(|values| values.entries().iter().any(|entry| is_open(&entry.value)))
    };
    let fields = VALUES.iter().find(holds_one).filter(|_| gives_values)?;
    let mut tree = Node::clone(&object.root);
    let values = fields.iter().try_fold(&mut tree, |node, field| node.get_mut(field))?;
    values.as_mapping_mut()?.entries.retain(|entry| !is_open(&entry.value));
    Object::new(tree).map(Arc::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_stands_for_its_part_of_a_segment() {
        let bound = |path: &str, folder: &str| {
            let target = Target { base: String::new(), folder: folder.to_owned() };
            Bindings::of(path, &target).0
        };
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(bound("./clusters/${CLUSTER}", "clusters/a"), [pair("CLUSTER", "a")]);
        assert_eq!(bound("x-${A}/b-${B}-c", "x-1/b-2-c"), [pair("A", "1"), pair("B", "2")]);
        assert_eq!(bound("a/${A}${B}", "a/xy"), []);
        assert_eq!(bound("a/${A:=x}", "a/y"), [pair("A", "y")]);
        assert_eq!(bound("a/${A/x/y}", "a/x"), []);
        assert_eq!(bound("${A}", "a/b"), []);
    }

    #[test]
    fn a_variable_is_replaced_with_its_default_or_without() {
        let text = "${A}/${A:=x}-${A:-y} ${AB} $${A:?} ${A:?} ${A";
        assert_eq!(replaced(text, "A", "1"), "1/1-1 ${AB} $${A:?} ${A:?} ${A");
    }
}

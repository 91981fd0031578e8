//! Field specs: which fields of which kinds a transformer touches (kustomize-semantics, section 7).

use std::borrow::Cow;

use smol_str::SmolStr;

use fleetlint_yaml::parse::MAX_DEPTH;
use fleetlint_yaml::{Entry, Node, Origin, Value};

use super::id::Gvk;
use super::node_edit::{STRING_TAG, has_written_tag, untyped, was_null};
use super::shared::Step;

/// How many specs one list may have: each is compared with all.
const MAX_SPECS: usize = 10_000;

/// A field of the kinds that a filter selects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FieldSpec {
    /// Empty parts select everything.
    pub(super) gvk: Gvk,
    /// Steps separated by `/` (a `/` in a step is `\/`); `name[]` must be a sequence, other sequences are passed through.
    pub(super) path: SmolStr,
    /// Missing fields are made.
    pub(super) create: bool,
}

/// What a transformer makes where a field is missing and its spec says `create`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Creates {
    Nothing,
    Scalar,
    Mapping,
}

impl FieldSpec {
    /// A spec for every kind.
    pub(super) fn everywhere(path: &str, create: bool) -> Self {
        Self { gvk: Gvk::default(), path: path.into(), create }
    }

    /// Reads the mapping `{group, version, kind, path, create}`.
    pub(super) fn of(node: &Node) -> Self {
        let text = |key| node.get(key).and_then(Node::text).unwrap_or_default();
        Self {
            gvk: Gvk { group: text("group").into(), version: text("version").into(), kind: text("kind").into() },
            path: text("path").into(),
            create: text("create") == "true",
        }
    }

    /// Calls `set` for every field of the object that the spec names.
    pub(super) fn visit(&self, object: &mut Node, creates: Creates, set: &mut Setter<'_>) -> Result<(), String> {
        self.visit_with_path(object, creates, &mut |node, _| set(node))
    }

    /// As [`FieldSpec::visit`], with the way from the object to the field.
    pub(super) fn visit_with_path(
        &self,
        object: &mut Node,
        creates: Creates,
        set: &mut PathSetter<'_>,
    ) -> Result<(), String> {
        if self.gvk != Gvk::default() && !Gvk::of(object).is_selected_by(&self.gvk) {
            return Ok(());
        }
        let steps = steps(&self.path);
        if steps.len() > MAX_DEPTH {
            return Err(format!("a path has more than {MAX_DEPTH} steps"));
        }
        let creates = if self.create { creates } else { Creates::Nothing };
        let mut walk = Walk { creates, path: Vec::new(), set };
        walk.down(object, &steps).map_err(|error| format!("considering field `{}`: {error}", self.path))
    }
}

/// Changes one field.
pub(super) type Setter<'a> = dyn FnMut(&mut Node) -> Result<(), String> + 'a;

/// Changes one field, told the way to it.
pub(super) type PathSetter<'a> = dyn FnMut(&mut Node, &[Step]) -> Result<(), String> + 'a;

/// Visits the fields of several specs, in order.
pub(super) fn visit_all(
    object: &mut Node,
    specs: &[FieldSpec],
    creates: Creates,
    set: &mut Setter<'_>,
) -> Result<(), String> {
    specs.iter().try_for_each(|spec| spec.visit(object, creates, set))
}

/// Adds the specs that are not there yet. One with the same field but another `create` is a conflict.
pub(super) fn merge(into: &mut Vec<FieldSpec>, more: &[FieldSpec]) -> Result<(), String> {
    for spec in more {
        match into.iter().find(|have| have.path == spec.path && have.gvk.is_selected_by(&spec.gvk)) {
            Some(have) if have.create != spec.create => {
                return Err(format!("conflicting fieldspecs for `{}`", spec.path));
            }
            Some(_) => {}
            None if into.len() >= MAX_SPECS => return Err(format!("more than {MAX_SPECS} fieldspecs")),
            None => into.push(spec.clone()),
        }
    }
    Ok(())
}

/// The steps of a path; `\/` is a slash inside a step.
fn steps(path: &str) -> Vec<Cow<'_, str>> {
    let mut steps: Vec<Cow<'_, str>> = Vec::new();
    for part in path.split('/') {
        match steps.last_mut().filter(|step| step.ends_with('\\')) {
            Some(step) => {
                let step = step.to_mut();
                step.pop();
                step.push('/');
                step.push_str(part);
            }
            None => steps.push(Cow::Borrowed(part)),
        }
    }
    steps
}

struct Walk<'a, 'b> {
    creates: Creates,
    path: Vec<Step>,
    set: &'a mut PathSetter<'b>,
}

impl Walk<'_, '_> {
    fn down(&mut self, node: &mut Node, steps: &[Cow<'_, str>]) -> Result<(), String> {
        let Some((step, rest)) = steps.split_first() else { return (self.set)(node, &self.path) };
        if node.is_null() {
            return Ok(());
        }
        match &mut node.value {
            Value::Sequence(items) => items.iter_mut().enumerate().try_for_each(|(index, item)| {
                self.path.push(Step::Index(index));
                let result = self.down(item, steps);
                self.path.pop();
                result
            }),
            Value::Mapping(_) => {
                let Some(child) = child(node, step, rest.is_empty(), self.creates)? else { return Ok(()) };
                self.path.push(Step::Key(step.strip_suffix("[]").unwrap_or(step.as_ref()).into()));
                let result = self.down(child, rest);
                self.path.pop();
                result
            }
            Value::Scalar(_) => Err("expected sequence or mapping node".to_owned()),
        }
    }
}

/// What becomes of null where something else is wanted. A scalar keeps its text.
fn turned(null: &Node, wanted: Node) -> Node {
    let (value, tag) = match wanted.as_scalar() {
        // A tag that is written stays written.
        Some(_) if has_written_tag(null) => (null.value.clone(), "tag:yaml.org,2002:str".into()),
        Some(_) => (null.value.clone(), STRING_TAG.into()),
        None => (wanted.value, was_null(null.text().unwrap_or_default())),
    };
    Node { value, tag: Some(tag), origin: null.origin.clone() }
}

/// The field of a mapping, made or turned from null into what is wanted where the spec allows.
fn child<'a>(node: &'a mut Node, step: &str, is_last: bool, creates: Creates) -> Result<Option<&'a mut Node>, String> {
    let name = step.strip_suffix("[]").unwrap_or(step);
    if name.is_empty() {
        return Err("cannot set or create an empty field name".to_owned());
    }
    let wanted = match creates {
        _ if name.len() != step.len() => Some(Node::sequence(Vec::new(), Origin::default())),
        Creates::Nothing => None,
        Creates::Scalar if is_last => Some(untyped("", Origin::default())),
        Creates::Scalar | Creates::Mapping => Some(Node::mapping(Vec::new(), Origin::default())),
    };
    let may_add = creates != Creates::Nothing && name.len() == step.len();
    let Some(mapping) = node.as_mapping_mut() else { return Ok(None) };
    match (mapping.get(name), wanted) {
        (Some(old), Some(wanted)) if old.is_null() => mapping.set(name, turned(old, wanted)),
        (None, Some(wanted)) if may_add => {
            mapping.entries.add(Entry { key: Node::string(name, Origin::default()), value: wanted });
        }
        _ => {}
    }
    Ok(mapping.get_mut(name))
}

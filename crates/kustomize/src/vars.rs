//! `vars`: values of fields, written for `$(NAME)` (kustomize-semantics, section 12).

use std::collections::HashMap;

use smol_str::SmolStr;

use fleetlint_yaml::go_float::general;
use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::scalar::{Typed, UNTYPED, is_kept_tag, plain, resolve, separates_digits};
use fleetlint_yaml::{Node, Style, Value};

use super::accumulate::{Accumulation, Builder};
use super::budget::Budget;
use super::field_spec::{Creates, FieldSpec};
use super::id::{Gvk, ResourceId, split_api_version};
use super::node_edit::{STRING_TAG, is_string};
use super::replacement::{field_path, lookup, sees_notes};
use super::resmap::ResMap;
use super::resource::{Resource, notes};
use super::secret;

impl Builder<'_> {
    /// Records the vars of a kustomization: each belongs to the object that its reference names now.
    pub(super) fn record_vars(&mut self, vars: &[Node], current: &mut Accumulation) {
        for var in vars {
            let name = name_of(var);
            let found = current.resources.find(|resource| resource.ids().iter().any(|id| names(var, id)));
            match found.as_slice() {
                [] => {}
                [index] => {
                    if let Some(resource) = current.resources.get_mut(*index) {
                        resource.variables.push(name.into());
                    }
                }
                several => self.fail(
                    format!("found {} resources for var `{name}` (unable to disambiguate)", several.len()),
                    var.get("objref").and_then(Node::place),
                ),
            }
        }
        self.add_vars(vars.to_vec(), current);
    }

    /// Adds vars; each name only once.
    pub(super) fn add_vars(&mut self, vars: Vec<Node>, current: &mut Accumulation) {
        for var in vars {
            let name = name_of(&var);
            match current.vars.iter().find(|known| name_of(known) == name) {
                Some(known) => {
                    let place = var.get("name").and_then(Node::place).or(var.place());
                    let problem =
                        Problem::new(ProblemKind::KustomizeFailed, format!("var `{name}` already encountered"), place);
                    self.problems.push(problem.related(known.place(), "first defined here"));
                }
                None => current.vars.push(var),
            }
        }
    }

    /// Writes the values of all vars into the fields that may refer to them.
    pub(super) fn resolve_vars(&mut self, current: &mut Accumulation, specs: &[FieldSpec]) {
        let mut values = HashMap::new();
        for var in &current.vars {
            if current.resources.is_lacking && owner_of(var, &current.resources).is_none() {
                // What is not at hand may hold it.
                continue;
            }
            match value_of(var, &current.resources) {
                Ok(value) => drop(values.insert(SmolStr::from(name_of(var)), value)),
                Err(problem) => self.refuse_patch(problem),
            }
        }
        if values.is_empty() {
            return;
        }
        for resource in current.resources.iter_mut() {
            for spec in specs {
                let budget = &mut self.budget;
                let mut set = |node: &mut Node| write(node, &values, budget);
                let visited = spec.visit(&mut resource.node, Creates::Nothing, &mut set);
                if let Err(error) = visited {
                    let message = format!("cannot resolve vars in `{}`: {error}", resource.id());
                    self.problems.push(Problem::new(ProblemKind::KustomizeFailed, message, resource.place()));
                }
            }
            resource.sync_aliases();
            secret::note(&mut resource.node);
        }
    }
}

/// Whether a var's `objref` names an identity. Without a namespace it means any; with one it never means an object of a
/// cluster-scoped kind.
fn names(var: &Node, id: &ResourceId) -> bool {
    let part = |key| var.get("objref").and_then(|objref| objref.get(key)).and_then(Node::text).unwrap_or_default();
    let (group, version) = match part("apiVersion") {
        "" => (part("group"), part("version")),
        api_version => split_api_version(api_version),
    };
    let gvk = Gvk { group: group.into(), version: version.into(), kind: part("kind").into() };
    let wanted = ResourceId { gvk, name: part("name").into(), namespace: part("namespace").into() };
    let is_here = wanted.namespace.is_empty() || wanted.namespace == id.effective_namespace();
    wanted.gvk == id.gvk && wanted.name == id.name && is_here
}

fn name_of(var: &Node) -> &str {
    var.get("name").and_then(Node::text).unwrap_or_default()
}

/// The object that a var belongs to.
fn owner_of<'r>(var: &Node, resources: &'r ResMap) -> Option<&'r Resource> {
    let name = name_of(var);
    resources.iter().find(|resource| resource.variables.iter().any(|own| own == name))
}

/// The field's value; origins say that the var put it where it will stand.
fn value_of(var: &Node, resources: &ResMap) -> Result<Node, Problem> {
    let name = name_of(var);
    let fail = |message: String, place: Option<&Node>| {
        let place = place.and_then(Node::place).or(var.place());
        Problem::new(ProblemKind::KustomizeFailed, message, place)
    };
    let owner = owner_of(var, resources).ok_or_else(|| {
        let message = format!("var `{name}` cannot be mapped to a field in the set of known resources");
        fail(message, var.get("objref")).help("let `objref` name an object of this build: apiVersion, kind and name")
    })?;
    let path = var.get("fieldref").and_then(|field| field.get("fieldPath"));
    let text = path.and_then(Node::text).filter(|path| !path.is_empty()).unwrap_or("metadata.name");
    let steps: Vec<String> = field_path::split(text).iter().flat_map(|step| indexed(step)).collect();
    let noted = sees_notes(&steps).then(|| {
        let mut owner = owner.clone();
        notes::show(&mut owner);
        owner
    });
    let owner = noted.as_ref().unwrap_or(owner);
    let found = lookup::look_up(&owner.node, &steps).ok().flatten();
    let missing = || {
        let message = format!("field specified in var `{name}` not found in corresponding resource");
        fail(message, path)
            .help("let `fieldref.fieldpath` name a field that it has")
            .related(owner.place(), "the resource")
    };
    let found = found.ok_or_else(missing)?;
    let mut value = if found.as_scalar().is_some() { primitive(found).ok_or_else(missing)? } else { found.clone() };
    value.origin = value.origin.with_patch(var.place());
    Ok(value)
}

/// `ports[0]` is two steps.
fn indexed(step: &str) -> Vec<String> {
    match step.split_once('[').and_then(|(name, rest)| Some((name, rest.strip_suffix(']')?))) {
        Some((name, index)) if !name.is_empty() && index.parse::<usize>().is_ok() => {
            vec![name.to_owned(), index.to_owned()]
        }
        _ => vec![step.to_owned()],
    }
}

fn write(node: &mut Node, values: &HashMap<SmolStr, Node>, budget: &mut Budget) -> Result<(), String> {
    match &mut node.value {
        Value::Scalar(_) => write_scalar(node, values, budget),
        Value::Mapping(mapping) => mapping.entries.iter_mut().try_for_each(|entry| {
            if !is_string(&entry.key) {
                return Err("invalid map key: it is not a string".to_owned());
            }
            write_scalar(&mut entry.value, values, budget)
        }),
        Value::Sequence(items) => {
            if !items.iter().all(is_string) {
                return Err("invalid value type, expected a string".to_owned());
            }
            items.iter_mut().try_for_each(|item| write_scalar(item, values, budget))
        }
    }
}

fn write_scalar(node: &mut Node, values: &HashMap<SmolStr, Node>, budget: &mut Budget) -> Result<(), String> {
    if !is_string(node) {
        return Ok(());
    }
    if node.tag.as_deref() == Some(UNTYPED) {
        node.tag = Some(STRING_TAG.into());
    }
    // What kustomize looks at it writes again: folded texts become what they read as.
    let is_folded = node.as_scalar().is_some_and(|scalar| scalar.style == Style::Folded);
    let changes = |text: &&str| is_folded || text.contains('$');
    let Some(text) = node.text().filter(changes).map(SmolStr::from) else { return Ok(()) };
    let whole = text.strip_prefix("$(").and_then(|rest| rest.strip_suffix(')')).filter(|name| !name.contains(')'));
    if let Some(value) = whole.and_then(|name| values.get(name)).filter(|value| value.as_scalar().is_some()) {
        budget.text(value.text().unwrap_or_default().len())?;
        *node = value.clone();
        return Ok(());
    }
    let (expanded, used) = expand(&text, values, budget)?;
    let patch = used.last().and_then(|value| value.origin.patch()).or(node.origin.patch());
    let origin = used.iter().fold(node.origin.clone(), |origin, value| origin.joined_with(&text, value));
    *node = Node::string(expanded, origin.with_patch(patch));
    Ok(())
}

/// A value as Go reads it: integers are decimal however they look, and `_` is between digits, so that not all can be
/// read; numbers and booleans stay
/// what they are, all else is text.
fn primitive(value: &Node) -> Option<Node> {
    let (text, origin) = (value.text().unwrap_or_default(), value.origin.clone());
    let typed = match value.tag.as_deref() {
        Some(UNTYPED) => Ok(Typed::String),
        // The type counts here, not the quotes.
        Some(tag) if is_kept_tag(tag) && tag != STRING_TAG => Ok(plain(text)),
        _ => resolve(value),
    };
    Some(match typed {
        Ok(Typed::Int(_)) => Node::plain(text.parse::<i64>().ok()?.to_string(), origin),
        Ok(Typed::Bool(bool)) => Node::plain(bool.to_string(), origin),
        Ok(Typed::Float(_)) if !separates_digits(text) || text.trim_start_matches(['+', '-']).starts_with(".i") => {
            return None;
        }
        Ok(Typed::Float(float)) if float.is_nan() => return None,
        Ok(Typed::Float(float)) => {
            Node { tag: Some("tag:yaml.org,2002:float".into()), ..Node::plain(float.to_string(), origin) }
        }
        _ => Node::string(text, origin),
    })
}

/// A value inside a longer text, where Go writes floats with an exponent if they are large or small.
fn inside(value: &Node) -> String {
    let text = value.text().unwrap_or_default();
    match resolve(value) {
        Ok(Typed::Float(float)) => {
            // The text of a negative zero looks like an integer.
            let float = text.parse().unwrap_or(float);
            general(&format!("{float:e}"), format!("{float}"))
        }
        _ => text.to_owned(),
    }
}

/// The text with all known `$(NAME)` replaced, `$$` made one `$`, and everything else left; the values used.
fn expand<'a>(
    text: &str,
    values: &'a HashMap<SmolStr, Node>,
    budget: &mut Budget,
) -> Result<(String, Vec<&'a Node>), String> {
    let mut out = String::with_capacity(text.len());
    let mut used = Vec::new();
    let mut rest = text;
    // Looked for only where it can be: a text of `$` alone would be read to its end for each of them.
    let last_end = text.rfind(')').map(|at| text.len() - at);
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        let end = behind.starts_with('(') && last_end.is_some_and(|left| behind.len() >= left);
        rest = match (behind.chars().next(), end.then(|| behind.find(')')).flatten()) {
            (Some('$'), _) => {
                out.push('$');
                &behind[1..]
            }
            (Some('('), Some(end)) => {
                match values.get(&behind[1..end]).filter(|value| value.as_scalar().is_some()) {
                    Some(value) => {
                        budget.text(value.text().unwrap_or_default().len())?;
                        out.push_str(&inside(value));
                        used.push(value);
                    }
                    None => out.push_str(&rest[at..at + end + 2]),
                }
                &behind[end + 1..]
            }
            _ => {
                out.push('$');
                behind
            }
        };
    }
    out.push_str(rest);
    Ok((out, used))
}

#[cfg(test)]
mod tests {
    use super::*;
    use fleetlint_yaml::Origin;

    #[test]
    fn only_known_names_are_replaced() {
        let values = HashMap::from([(SmolStr::new("A"), Node::plain("1", Origin::default()))]);
        let (text, _) = expand("x$(A)-$$(A)-$(B)-$-$(A", &values, &mut Budget::default()).unwrap();
        assert_eq!(text, "x1-$(A)-$(B)-$-$(A");
    }
}

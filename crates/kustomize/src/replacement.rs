//! `replacements`: values copied from one object, or from the file, into fields of others (kustomize-semantics, section 12).

pub(super) mod field_path;
mod inner_text;
mod inner_value;
pub(super) mod lookup;

use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Node, Origin, Span, Value};

use self::field_path::Found;
use super::budget::{Budget, check_depth};
use super::id::{Gvk, ResourceId};
use super::node_edit::{raw_text, type_tag, untyped};
use super::patch::json6902::stamp;
use super::patch::selector::Selector;
use super::patch::strategic::Refusal;
use super::resmap::ResMap;
use super::resource::Resource;
use super::resource::notes;
use super::secret;

/// Telling whether an object is selected takes as long as so many looks at values.
const LOOKS: usize = 4;

const DEFAULT_PATH: &str = "metadata.name";

/// Applies one replacement: a mapping with `source` or `sourceValue`, and `targets`.
pub(super) fn apply(resources: &mut ResMap, replacement: &Node, budget: &mut Budget) -> Result<(), Problem> {
    let place = replacement.place();
    let refuse = |refusal: Refusal| {
        failed(refusal.message, refusal.place.or(place)).help(
            "a source selects one object and a field that it has; a target's field must exist, or `options.create: true` creates it",
        )
    };
    let Some(targets) = replacement.get("targets") else {
        return Err(failed("replacements must specify a source and at least one target", place));
    };
    budget.look(LOOKS * resources.len()).map_err(|message| failed(message, place))?;
    let mut source = match source_value(resources, replacement) {
        Ok(source) => source,
        // It may be among what could not be read: that is reported already.
        Err(_) if resources.is_lacking => return Ok(()),
        Err(refusal) => return Err(refuse(refusal)),
    };
    for target in targets.items() {
        budget.look(LOOKS * resources.len()).map_err(|message| failed(message, place))?;
        apply_target(resources, &mut source, target, place, budget).map_err(refuse)?;
    }
    Ok(())
}

/// The value to copy.
struct Source {
    value: Node,
    /// The index of the resource and the positions of the field that it is in, unless it is a part or a literal:
    /// kustomize copies the field as it is at the moment, also after the replacement changed it.
    field: Option<(usize, Vec<usize>)>,
}

impl Source {
    fn literal(value: Node) -> Self {
        Self { value, field: None }
    }

    /// The positions of the field, if this is its resource.
    fn positions_in(&self, resource: usize) -> Option<&[usize]> {
        self.field.as_ref().filter(|(own, _)| *own == resource).map(|(_, positions)| positions.as_slice())
    }

    /// Takes in what has become of the source itself.
    fn refresh(&mut self, resource: usize, object: &Node) {
        let now = self.positions_in(resource).and_then(|positions| lookup::at(object, positions));
        if let Some(now) = now.cloned() {
            self.value = now;
        }
    }

    /// Takes in what the change of a field has made of the source: what stood inside of a field that has been replaced
    /// stays as it was.
    fn follow(&mut self, resource: usize, object: &Node, written: &Found) {
        let (Found::Field(written), Some(positions)) = (written, self.positions_in(resource)) else { return };
        if written.starts_with(positions) {
            self.refresh(resource, object);
        } else if positions.starts_with(written) {
            self.field = None;
        }
    }
}

fn source_value(resources: &ResMap, replacement: &Node) -> Result<Source, Refusal> {
    match (replacement.get("source"), replacement.get("sourceValue")) {
        (Some(_), Some(value)) => Err(refusal("`source` and `sourceValue` are mutually exclusive", value)),
        (None, Some(value)) => Ok(Source::literal(untyped(value.text().unwrap_or_default(), value.origin.clone()))),
        (Some(source), None) => value_of(resources, source),
        (None, None) => Err(refusal("replacements must specify a source and at least one target", replacement)),
    }
}

fn value_of(resources: &ResMap, source: &Node) -> Result<Source, Refusal> {
    let (index, resource) = source_object(resources, source)?;
    let path = text(source, "fieldPath").unwrap_or(DEFAULT_PATH);
    let steps = field_path::split(path);
    let noted = sees_notes(&steps).then(|| {
        let mut resource = resource.clone();
        notes::show(&mut resource);
        resource
    });
    let resource = noted.as_ref().unwrap_or(resource);
    let found = lookup::locate(&resource.node, &steps);
    let place = source.get("fieldPath").unwrap_or(source);
    let found = found.map_err(|error| refusal(format!("error looking up replacement source: {error}"), place))?;
    let missing =
        || refusal(format!("fieldPath `{path}` is missing for replacement source `{}`", resource.id()), place);
    let found = found.and_then(|positions| Some((lookup::at(&resource.node, &positions)?, positions)));
    let (value, positions) = found.filter(|(value, _)| !is_nothing(value)).ok_or_else(missing)?;
    match delimiter(source.get("options")) {
        None => Ok(Source { value: value.clone(), field: Some((index, positions)) }),
        Some(part) => refined(value, part).map(Source::literal),
    }
}

/// The one object that has every part of the selector, now or before a renaming, with its index.
fn source_object<'a>(resources: &'a ResMap, source: &Node) -> Result<(usize, &'a Resource), Refusal> {
    let part = |key| text(source, key).unwrap_or_default();
    let gvk = Gvk { group: part("group").into(), version: part("version").into(), kind: part("kind").into() };
    let wanted = ResourceId { gvk, name: part("name").into(), namespace: part("namespace").into() };
    let is_wanted = |id: &ResourceId| {
        id.gvk.is_selected_by(&wanted.gvk)
            && (wanted.name.is_empty() || wanted.name == id.name)
            && (wanted.namespace.is_empty() || or_default(&wanted.namespace) == or_default(&id.namespace))
    };
    let mut matches = resources.iter().enumerate().filter(|(_, resource)| resource.ids().iter().any(is_wanted));
    match (matches.next(), matches.next()) {
        (Some(found), None) => Ok(found),
        (None, _) => Err(refusal(format!("nothing selected by `{wanted}`"), source)),
        (Some(_), Some(_)) => Err(refusal(format!("multiple matches for selector `{wanted}`"), source)),
    }
}

/// kustomize does not know here which kinds are cluster-scoped: a namespace counts as it is written.
fn or_default(namespace: &str) -> &str {
    if namespace.is_empty() { "default" } else { namespace }
}

/// The part of a value that `delimiter` and `index` choose.
fn refined(value: &Node, (delimiter, index, options): (&str, i64, &Node)) -> Result<Node, Refusal> {
    let Value::Scalar(scalar) = &value.value else {
        return Err(refusal("the delimiter option can only be used with scalars", options));
    };
    let part = usize::try_from(index).ok().and_then(|index| scalar.text.split(delimiter).nth(index));
    let part = part.ok_or_else(|| {
        // The value may be a Secret's.
        let message = format!("options.index {index} is out of bounds for the value");
        refusal(message, options.get("index").unwrap_or(options))
    })?;
    let mut refined = value.clone();
    let start = usize::try_from(index).map_or(0, |index| starts_of_parts(&scalar.text, delimiter, index));
    let secret = value.secret().and_then(|secret| secret.cut(&scalar.text, start..start + part.len()));
    refined.origin = refined.origin.with_secret(secret);
    refined.tag = type_tag(value);
    if let Value::Scalar(scalar) = &mut refined.value {
        scalar.text = part.into();
    }
    Ok(refined)
}

/// Where a part of a text begins.
fn starts_of_parts(text: &str, delimiter: &str, index: usize) -> usize {
    text.split(delimiter).take(index).map(|part| part.len() + delimiter.len()).sum()
}

fn apply_target(
    resources: &mut ResMap,
    source: &mut Source,
    target: &Node,
    place: Option<Span>,
    budget: &mut Budget,
) -> Result<(), Refusal> {
    let Some(select) = target.get("select") else {
        return Err(refusal("target must specify resources to select", target));
    };
    let selects = Selector::of(select)?;
    let rejected = target.get("reject").map(Node::items).unwrap_or_default();
    let rejects: Vec<(&Node, Selector)> =
        rejected.iter().map(|node| Ok((node, Selector::of(node)?))).collect::<Result<_, Refusal>>()?;
    let paths = target.get("fieldPaths").map(Node::items).unwrap_or_default();
    let shows_notes = paths.iter().any(|path| sees_notes(&field_path::split(path.text().unwrap_or_default())));
    for (index, resource) in resources.iter_mut().enumerate() {
        check_metadata(&resource.node)?;
        let ids = resource.ids();
        let is_rejected = rejects.iter().any(|(node, rejects)| is_rejected(node, rejects, resource, &ids));
        let is_selected = selects.selects_metadata(&resource.node) && ids.iter().any(|id| selects.selects_id(id));
        if is_selected && !is_rejected {
            if shows_notes {
                notes::show(resource);
            }
            let copied = copy_into(index, resource, source, target, place, budget);
            secret::note(&mut resource.node);
            if shows_notes {
                notes::hide(resource);
            }
            copied?;
        }
    }
    Ok(())
}

/// kustomize reads the labels and annotations of every object here, and crashes on a list that is not made of pairs.
fn check_metadata(object: &Node) -> Result<(), Refusal> {
    let odd = ["/metadata/labels", "/metadata/annotations"]
        .iter()
        .find_map(|field| object.at(field).filter(|list| list.items().len() % 2 == 1));
    odd.map_or(Ok(()), |list| {
        Err(refusal("labels and annotations must be a mapping: kustomize crashes on this list", list))
    })
}

/// Whether a path ends where kustomize keeps its notes on an object, or leads through there.
pub(super) fn sees_notes(steps: &[String]) -> bool {
    let step = |index: usize| steps.get(index).map(String::as_str);
    step(0).is_none_or(|step| step == "metadata") && step(1).is_none_or(|step| step == "annotations")
}

/// A `reject` entry counts by its labels and annotations alone, and by its identity alone.
fn is_rejected(node: &Node, rejects: &Selector, resource: &Resource, ids: &[ResourceId]) -> bool {
    let has = |keys: &[&str]| keys.iter().any(|key| text(node, key).is_some());
    has(&["labelSelector", "annotationSelector"]) && rejects.selects_metadata(&resource.node)
        || has(&["group", "version", "kind", "name", "namespace"]) && ids.iter().any(|id| rejects.selects_id(id))
}

fn copy_into(
    index: usize,
    resource: &mut Resource,
    source: &mut Source,
    target: &Node,
    place: Option<Span>,
    budget: &mut Budget,
) -> Result<(), Refusal> {
    let options = target.get("options");
    let creates = options.and_then(|options| text(options, "create")) == Some("true");
    let default = [Node::plain(DEFAULT_PATH, target.origin.clone())];
    let paths = target.get("fieldPaths").map(Node::items).filter(|paths| !paths.is_empty()).unwrap_or(&default);
    for node in paths {
        // Fields that are one node in kustomize have all changed with the last path.
        resource.sync_aliases();
        source.refresh(index, &resource.node);
        let (object, value) = (&mut resource.node, &source.value);
        let path = node.text().unwrap_or_default();
        let steps = field_path::split(path);
        let creates = creates.then(|| field_path::Leaf::of(value));
        check_depth(steps.len(), value).map_err(|message| refusal(message, node))?;
        if inner_text::set(object, &steps, value, creates, place, budget).map_err(|message| refusal(message, node))? {
            continue;
        }
        let find = if creates.is_some() { "find or create" } else { "find" };
        let missing = || format!("unable to {find} field `{path}` in replacement target");
        let failed = |error: String| refusal(format!("{}: {error}", missing()), node);
        let mut found = field_path::find(object, &steps, creates, budget).map_err(failed)?;
        if found.is_empty() {
            return Err(refusal(missing(), node));
        }
        // What was made may be in the source.
        source.refresh(index, object);
        for found in &mut found {
            let Some(field) = found.of(object) else { continue };
            // A field keeps its type: what does not fit it fails when the object is printed, unless a later step repairs it.
            pay(field, &source.value, budget)
                .and_then(|()| set_field(field, &source.value, options, place))
                .map_err(failed)?;
            source.follow(index, object, found);
        }
    }
    resource.sync_aliases();
    source.refresh(index, &resource.node);
    Ok(())
}

/// Pays for a value that is about to be copied into a field, or put beside the text there.
fn pay(field: &Node, value: &Node, budget: &mut Budget) -> Result<(), String> {
    let text = |node: &Node| node.text().unwrap_or_default().len();
    budget.copy(value.size())?;
    budget.text(text(field) + text(value))
}

fn set_field(field: &mut Node, value: &Node, options: Option<&Node>, place: Option<Span>) -> Result<(), String> {
    let joined = delimiter(options).map(|(delimiter, index, _)| join(field, value, delimiter, index)).transpose()?;
    let own_span = field.origin.span;
    if field.as_scalar().is_some() {
        let text = joined.clone().unwrap_or_else(|| raw_text(value).to_owned());
        let span = if joined.is_some() { own_span } else { value.origin.span };
        let origin = Origin::of(span).with_variable(value.origin.variable().cloned()).with_patch(place);
        let own = field.secret().cloned().filter(|_| joined.is_some());
        let origin = match joined {
            Some(_) => origin.with_secret(own).joined_with(field.text().unwrap_or_default(), value),
            None => origin.with_secret(value.secret().cloned()),
        };
        // An empty text over null is what null is written as.
        let tag = type_tag(field).filter(|_| field.tag.is_some() || !field.is_null() || !text.is_empty());
        if let Value::Scalar(scalar) = &mut field.value {
            scalar.text = text.into();
        }
        (field.tag, field.origin) = (tag, origin);
    } else {
        *field = value.clone();
        stamp(field, place);
    }
    Ok(())
}

fn join(field: &Node, value: &Node, delimiter: &str, index: i64) -> Result<String, String> {
    let Some(text) = field.text() else { return Err("the delimiter option can only be used with scalars".to_owned()) };
    let value = if value.is_null() { "" } else { raw_text(value) };
    let mut parts: Vec<&str> = text.split(delimiter).collect();
    match usize::try_from(index) {
        Err(_) => parts.insert(0, value),
        Ok(index) => match parts.get_mut(index) {
            Some(part) => *part = value,
            None => parts.push(value),
        },
    }
    Ok(parts.join(delimiter))
}

fn delimiter(options: Option<&Node>) -> Option<(&str, i64, &Node)> {
    let options = options?;
    let delimiter = text(options, "delimiter")?;
    Some((delimiter, text(options, "index").and_then(|index| index.parse().ok()).unwrap_or(0), options))
}

fn is_nothing(node: &Node) -> bool {
    node.is_null()
        || node.as_mapping().is_some_and(|mapping| mapping.entries.is_empty())
        || node.as_sequence().is_some_and(<[Node]>::is_empty)
}

fn text<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    node.get(key).and_then(Node::text).filter(|text| !text.is_empty())
}

fn refusal(message: impl Into<String>, node: &Node) -> Refusal {
    Refusal { message: message.into(), place: node.place() }
}

fn failed(message: impl Into<String>, place: Option<Span>) -> Problem {
    Problem::new(ProblemKind::KustomizeFailed, message, place)
}

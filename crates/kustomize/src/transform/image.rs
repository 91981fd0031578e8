//! `images` (kustomize-semantics, section 9).

use regex::Regex;

use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Entry, Node, Origin, Value};

use super::super::ImageEntry;
use super::super::field_spec::{self, Creates, FieldSpec};
use super::super::go_regex;
use super::super::node_edit::{kind_name, set_scalar};
use super::super::resmap::ResMap;
use super::refused;

/// How large the compiled pattern of an image name may be, in bytes.
const MAX_PATTERN: usize = 1 << 20;

/// Changes the images of a name: in every `containers` and `initContainers` list, then in the fields of the specs.
pub(in super::super) fn set_images(
    resources: &mut ResMap,
    entry: &ImageEntry,
    specs: &[FieldSpec],
    problems: &mut Vec<Problem>,
) {
    let updater = match Updater::new(entry) {
        Ok(updater) => updater,
        Err(problem) => return problems.push(problem),
    };
    for resource in resources.iter_mut() {
        if resource.node.get("kind").and_then(Node::text) == Some("CustomResourceDefinition") {
            continue;
        }
        let walked = updater.walk(&mut resource.node);
        if let Err(error) = walked {
            problems.push(refused(resource, entry.place, &error));
        }
    }
    for resource in resources.iter_mut() {
        if resource.node.get("kind").and_then(Node::text) == Some("CustomResourceDefinition") {
            continue;
        }
        let mut set = |node: &mut Node| updater.update(node);
        if let Err(error) = field_spec::visit_all(&mut resource.node, specs, Creates::Nothing, &mut set) {
            problems.push(refused(resource, entry.place, &error));
        }
    }
}

struct Updater<'a> {
    entry: &'a ImageEntry,
    pattern: Regex,
}

impl<'a> Updater<'a> {
    fn new(entry: &'a ImageEntry) -> Result<Self, Problem> {
        let name = text(&entry.name);
        let pattern = format!("^{name}(:[a-zA-Z0-9_.{{}}-]*)?(@sha256:[a-zA-Z0-9_.{{}}-]*)?$");
        let pattern = go_regex::compiled(&pattern, MAX_PATTERN).map_err(|_| {
            let place = entry.name.as_ref().and_then(Node::place).or(entry.place);
            let message = format!("the image name `{name}` is used as a regular expression, but is not a valid one");
            Problem::new(ProblemKind::KustomizeFailed, message, place)
                .help("put a backslash before characters with a special meaning in expressions")
        })?;
        Ok(Self { entry, pattern })
    }

    /// Looks for container lists at any depth.
    fn walk(&self, node: &mut Node) -> Result<(), String> {
        if !has_containers(node) {
            return Ok(());
        }
        match &mut node.value {
            Value::Scalar(_) => Ok(()),
            Value::Sequence(items) => items.iter_mut().try_for_each(|item| self.walk(item)),
            Value::Mapping(mapping) => mapping.entries.iter_mut().try_for_each(|field| {
                self.walk(&mut field.value)?;
                if lists_containers(field) { self.update_containers(&mut field.value) } else { Ok(()) }
            }),
        }
    }

    fn update_containers(&self, node: &mut Node) -> Result<(), String> {
        let Some(containers) = node.as_sequence_mut() else { return Ok(()) };
        for container in containers.iter_mut().filter(|container| !container.is_null()) {
            if container.as_mapping().is_none() {
                return Err(format!("wrong node kind: expected MappingNode but got {}", kind_name(container)));
            }
            if let Some(image) = container.get_mut("image") {
                self.update(image)?;
            }
        }
        Ok(())
    }

    fn update(&self, node: &mut Node) -> Result<(), String> {
        let Some(old) = node.text() else {
            return Err(format!("wrong node kind: expected ScalarNode but got {}", kind_name(node)));
        };
        if !self.pattern.is_match(old) {
            return Ok(());
        }
        let new = self.changed(old);
        let origin = self.origin(&node.origin, old);
        set_scalar(node, new, origin)
    }

    fn changed(&self, old: &str) -> String {
        let (mut name, mut tag, mut digest) = split(old);
        let (new_name, new_tag, new_digest) =
            (text(&self.entry.new_name), text(&self.entry.new_tag), text(&self.entry.digest));
        let suffixed = format!("{tag}{}", text(&self.entry.tag_suffix));
        if !new_name.is_empty() {
            name = new_name;
        }
        if !new_tag.is_empty() || !new_digest.is_empty() {
            (tag, digest) = (new_tag, new_digest);
        } else if suffixed != tag {
            (tag, digest) = (&suffixed, "");
        }
        let tag = if tag.is_empty() { String::new() } else { format!(":{tag}") };
        let digest = if digest.is_empty() { String::new() } else { format!("@{digest}") };
        format!("{name}{tag}{digest}")
    }

    /// The field that gives the tag is what a person edits; without one the new name.
    fn origin(&self, old: &Origin, text: &str) -> Origin {
        let entry = self.entry;
        let writer = entry.digest.as_ref().or(entry.new_tag.as_ref()).or(entry.tag_suffix.as_ref());
        let span = writer.or(entry.new_name.as_ref()).and_then(|node| node.origin.span).or(old.span);
        let origin = Origin::of(span).with_patch(entry.place.or(old.patch())).with_secret(old.secret().cloned());
        let given = [&entry.new_name, &entry.new_tag, &entry.tag_suffix, &entry.digest].into_iter().flatten();
        given.fold(origin, |origin, value| origin.joined_with(text, value))
    }
}

/// Whether a tree has container lists at all; one without stays shared with its base.
fn has_containers(node: &Node) -> bool {
    match &node.value {
        Value::Scalar(_) => false,
        Value::Sequence(items) => items.iter().any(has_containers),
        Value::Mapping(mapping) => {
            mapping.entries.iter().any(|field| lists_containers(field) || has_containers(&field.value))
        }
    }
}

fn lists_containers(field: &Entry) -> bool {
    matches!(field.key.text(), Some("containers" | "initContainers"))
}

fn text(node: &Option<Node>) -> &str {
    node.as_ref().and_then(Node::text).unwrap_or_default()
}

/// Name, tag and digest of an image; a colon before the first slash belongs to a registry's port.
fn split(image: &str) -> (&str, &str, &str) {
    let start = image.find('/').unwrap_or(0);
    let after_host = image.get(start..).unwrap_or_default();
    let at = after_host.find('@').map(|index| start + index);
    let colon = after_host.find(':').map(|index| start + index);
    let part = |from: usize, to: usize| image.get(from..to).unwrap_or_default();
    match (colon, at) {
        (None, None) => (image, "", ""),
        (Some(colon), Some(at)) if colon < at => (part(0, colon), part(colon + 1, at), part(at + 1, image.len())),
        (_, Some(at)) => (part(0, at), "", part(at + 1, image.len())),
        (Some(colon), None) => (part(0, colon), part(colon + 1, image.len()), ""),
    }
}

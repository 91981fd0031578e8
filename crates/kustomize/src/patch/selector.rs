//! Target selectors: anchored regular expressions and Kubernetes label selectors (kustomize-semantics, section 6.2).

use regex::Regex;

use super::super::go_regex;
use super::super::id::ResourceId;
use super::super::resource::Resource;
use super::labels::Requirements;
use super::strategic::Refusal;
use fleetlint_yaml::Node;

/// How large a compiled pattern may be, in bytes.
const MAX_PATTERN: usize = 10 << 20;

/// Which resources a patch or a replacement is for.
#[derive(Debug)]
pub(in super::super) struct Selector {
    group: Pattern,
    version: Pattern,
    kind: Pattern,
    name: Pattern,
    namespace: Pattern,
    labels: Requirements,
    annotations: Requirements,
}

/// Whether a target asks for a kind, and Secrets are of it.
pub(in super::super) fn names_secrets(target: &Node) -> bool {
    let asks = target.get("kind").and_then(Node::text).is_some_and(|kind| !kind.is_empty());
    asks && pattern(target, "kind").is_ok_and(|kind| kind.fits("Secret"))
}

impl Selector {
    /// Reads the mapping with any of `group`, `version`, `kind`, `name`, `namespace`, `labelSelector`, `annotationSelector`.
    pub(in super::super) fn of(target: &Node) -> Result<Self, Refusal> {
        Ok(Self {
            group: pattern(target, "group")?,
            version: pattern(target, "version")?,
            kind: pattern(target, "kind")?,
            name: pattern(target, "name")?,
            namespace: pattern(target, "namespace")?,
            labels: requirements(target, "labelSelector")?,
            annotations: requirements(target, "annotationSelector")?,
        })
    }

    /// Whether it selects a resource. Name and namespace may be the original or the current ones, each for itself.
    pub(in super::super) fn selects(&self, resource: &Resource) -> bool {
        // The kind alone rules most resources out.
        if !self.kind.fits(resource.node.get("kind").and_then(Node::text).unwrap_or_default()) {
            return false;
        }
        let current = resource.id();
        if !(self.group.fits(&current.gvk.group) && self.version.fits(&current.gvk.version)) {
            return false;
        }
        let original = resource.previous.first();
        let name = self.name.fits(&current.name) || original.is_some_and(|id| self.name.fits(&id.name));
        let namespace = self.namespace.fits(current.effective_namespace())
            || original.is_some_and(|id| self.namespace.fits(&id.namespace));
        name && namespace && self.selects_metadata(&resource.node)
    }

    /// Whether it selects an identity, whose namespace counts as it is written.
    pub(in super::super) fn selects_id(&self, id: &ResourceId) -> bool {
        self.group.fits(&id.gvk.group)
            && self.version.fits(&id.gvk.version)
            && self.kind.fits(&id.gvk.kind)
            && self.name.fits(&id.name)
            && self.namespace.fits(&id.namespace)
    }

    /// Whether it selects an object's labels and annotations.
    pub(in super::super) fn selects_metadata(&self, node: &Node) -> bool {
        let map = |key| node.get("metadata").and_then(|metadata| metadata.get(key));
        self.labels.are_met_by(map("labels")) && self.annotations.are_met_by(map("annotations"))
    }
}

/// Whether a part of a target is set, and is no pattern.
pub(in super::super) fn is_literal(target: &Node, key: &str) -> bool {
    matches!(pattern(target, key), Ok(Pattern::Text(_)))
}

/// A target without one of its parts.
pub(in super::super) fn without(target: &Node, key: &str) -> Node {
    let others = target.entries().iter().filter(|entry| entry.key.text() != Some(key));
    Node::mapping(others.cloned().collect(), target.origin.clone())
}

/// A regular expression that must match the whole text.
#[derive(Debug)]
enum Pattern {
    /// Empty.
    Anything,
    /// Without anything that means something to a regular expression: most of them.
    Text(String),
    Regex(Regex),
}

impl Pattern {
    fn fits(&self, text: &str) -> bool {
        match self {
            Self::Anything => true,
            Self::Text(wanted) => wanted == text,
            Self::Regex(regex) => regex.is_match(text),
        }
    }
}

fn pattern(target: &Node, key: &str) -> Result<Pattern, Refusal> {
    let Some(node) = target.get(key) else { return Ok(Pattern::Anything) };
    let text = node.text().unwrap_or_default();
    if text.is_empty() {
        return Ok(Pattern::Anything);
    }
    if text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/' | ':')) {
        return Ok(Pattern::Text(text.to_owned()));
    }
    let refused = |error: regex::Error| Refusal {
        message: format!("`{key}` of a target is not a regular expression: {}", last_line(&error.to_string())),
        place: node.place(),
    };
    let whole = format!("^(?:{})$", go_regex::translated(text));
    go_regex::compiled(&whole, MAX_PATTERN).map(Pattern::Regex).map_err(refused)
}

fn last_line(text: &str) -> &str {
    let line = text.lines().last().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line)
}

fn requirements(target: &Node, key: &str) -> Result<Requirements, Refusal> {
    let Some(node) = target.get(key) else { return Ok(Requirements::default()) };
    Requirements::parse(node.text().unwrap_or_default()).map_err(|error| Refusal {
        message: format!("`{key}` of a target is not a label selector: {error}"),
        place: node.place(),
    })
}

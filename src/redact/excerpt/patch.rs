//! Patches, which may be those of a Secret.

use regex::RegexBuilder;

use super::{Mask, is_secret_kind, range_of};
use crate::yaml::{Entry, Node, Value};

/// The kinds of operations.
const KINDS: [&str; 6] = ["add", "remove", "replace", "move", "copy", "test"];

/// How large the compiled pattern of a kind may be, in bytes.
const MAX_PATTERN: usize = 1 << 20;

/// Whether a list is one of operations.
pub(super) fn is_list(node: &Node) -> bool {
    node.items().iter().any(|item| item.get("op").is_some() || item.get("path").is_some())
}

/// Whether a target selects Secrets; `None` where it does not say which kind it selects.
fn selects_secrets(target: Option<&Node>) -> Option<bool> {
    let kind = target?.get("kind").and_then(Node::text).filter(|kind| !kind.is_empty())?;
    let pattern = RegexBuilder::new(&format!("^(?:{kind})$")).size_limit(MAX_PATTERN).build();
    Some(is_secret_kind(kind) || pattern.is_ok_and(|pattern| pattern.is_match("Secret")))
}

/// Whether a path leads to the values of a Secret, or to all of it.
fn leads_to_data(path: &str) -> bool {
    ["/data", "/stringData"].iter().any(|data| path.starts_with(data)) || matches!(path, "" | "/")
}

impl Mask<'_> {
    /// An inline patch with the target beside it.
    pub(super) fn patch(&mut self, node: &Node, target: Option<&Node>) {
        let Some(text) = node.text() else { return self.node(node) };
        let is_for_secrets = selects_secrets(target);
        let stream = self.documents.embedded(node, false);
        if stream.documents.iter().any(Result::is_err) {
            let speaks_of_one = ["secret", "data"].iter().any(|word| text.to_ascii_lowercase().contains(word));
            if is_for_secrets.unwrap_or(speaks_of_one) || text.contains("Secret") {
                self.ranges.extend(range_of(node));
            }
            return;
        }
        let before = self.ranges.len();
        for root in stream.documents.iter().flatten().filter_map(|document| document.root_with_all_keys()) {
            match &root.value {
                Value::Sequence(_) => self.operations(root, is_for_secrets),
                Value::Mapping(_) if is_for_secrets == Some(true) => self.secret(root),
                Value::Mapping(_) => self.node(root),
                Value::Scalar(_) if is_for_secrets == Some(true) => self.ranges.extend(range_of(root)),
                Value::Scalar(_) => {}
            }
        }
        if self.ranges.len() > before {
            let comments = stream.comments.iter().map(|comment| comment.span);
            self.ranges.extend(comments.map(|comment| comment.start as usize..comment.end as usize));
        }
    }

    /// A JSON patch; `is_for_secrets` says whether it is for Secrets, if that is known.
    pub(super) fn operations(&mut self, node: &Node, is_for_secrets: Option<bool>) {
        for operation in node.items() {
            let path = operation.get("path").and_then(Node::text);
            let is_one = path.is_some() || operation.get("op").is_some();
            match is_for_secrets.unwrap_or_else(|| is_one && path.is_none_or(leads_to_data)) {
                true => self.operation(operation),
                false => self.node(operation),
            }
        }
    }

    /// All of an operation but what names it and the field.
    fn operation(&mut self, operation: &Node) {
        let Some(mapping) = operation.as_mapping() else { return self.all_of(operation) };
        for Entry { key, value } in &mapping.entries {
            let text = value.text().unwrap_or_default();
            match key.text().unwrap_or_default() {
                "op" if KINDS.contains(&text) => {}
                "path" | "from" if text.starts_with('/') => {}
                "op" | "path" | "from" | "value" => self.all_of(value),
                _ => {
                    self.ranges.extend(range_of(key));
                    self.all_of(value);
                }
            }
        }
    }
}

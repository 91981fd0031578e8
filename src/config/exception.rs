//! `exceptions`: findings that are known and accepted, each with the reason.

use smol_str::SmolStr;

use super::clusters::PathPattern;
use super::shape::ConfigReader;
use crate::yaml::{Entry, Node, Span};

const KEYS: [&str; 7] = ["rule", "files", "object", "cluster", "value", "reason", "expires"];

/// An entry of `exceptions`. What it does not name it does not ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// A rule or a family.
    pub rule: SmolStr,
    /// Where the finding is, relative to its repository.
    pub files: Option<PathPattern>,
    /// `Kind namespace/name`, or `Kind name`.
    pub object: Option<SmolStr>,
    /// The only cluster on which the finding is accepted.
    pub cluster: Option<SmolStr>,
    /// The only value, or name of a field, about which the finding is accepted.
    pub value: Option<SmolStr>,
    pub reason: SmolStr,
    /// The last day on which it holds, as `2027-01-31`.
    pub expires: Option<SmolStr>,
    /// The rule.
    pub place: Option<Span>,
}

impl ConfigReader<'_> {
    pub(super) fn exceptions(&mut self, node: &Node) -> Vec<Exception> {
        let items = self.mappings(node, "exceptions", "name the `rule`, and say the `reason`");
        items.into_iter().filter_map(|item| self.exception(item)).collect()
    }

    fn exception(&mut self, node: &Node) -> Option<Exception> {
        let (mut rule, mut files, mut object, mut cluster, mut about) = (None, None, None, None, None);
        let (mut reason, mut expires) = (None, None);
        for Entry { key, value } in self.entries(node, "an exception") {
            match key.text().unwrap_or_default() {
                "rule" => rule = self.rule_or_family(value),
                "files" => {
                    let path = self.path(value, "the `files` of an exception");
                    files = path.and_then(|path| self.pattern(&path, value));
                }
                "object" => object = self.text(value, "the `object` of an exception"),
                "cluster" => cluster = self.text(value, "the `cluster` of an exception"),
                "value" => about = self.text(value, "the `value` of an exception"),
                "reason" => reason = self.text(value, "the `reason` of an exception"),
                "expires" => expires = self.day(value),
                _ => self.unknown_key(key, &KEYS, "an exception"),
            }
        }
        for name in ["rule", "reason"] {
            if let Some(first) = node.entries().first().filter(|_| node.get(name).is_none()) {
                let why = if name == "rule" { "say which rule it is about" } else { "say why the finding is accepted" };
                self.wrong(&first.key, &format!("an exception has no `{name}`"), why);
            }
        }
        let place = node.get("rule").and_then(Node::place);
        Some(Exception { rule: rule?, files, object, cluster, value: about, reason: reason?, expires, place })
    }

    /// A day as `2027-01-31`.
    fn day(&mut self, node: &Node) -> Option<SmolStr> {
        let text = node.text().unwrap_or_default();
        if is_day(text) {
            return Some(text.into());
        }
        self.wrong(node, &format!("`{text}` is not a date"), "write it as `2027-01-31`");
        None
    }
}

/// Whether a text is a day as `2027-01-31`, so that the order of texts is that of days.
pub fn is_day(text: &str) -> bool {
    text.len() == "2027-01-31".len() && text.parse::<jiff::civil::Date>().is_ok()
}

//! Printing exactly as `kustomize build` prints (yaml-output-semantics): the typed value decides, not the input's style.

mod brackets;
mod key;
mod key_order;
mod next_line;
mod number;
mod quote;
mod refusal;
mod reread;
mod rewrite;

pub use brackets::{is_absent, resolve_written};
pub use refusal::{Refused, refusal};
pub use reread::{reread, reread_json};
pub use rewrite::{check_written, rewritten};

use smol_str::SmolStr;

use super::binary;
use super::scalar::Typed;
use super::{Mapping, Node, Style, Value};

/// A resource as one YAML document with a final line break, which may be one that only YAML knows.
///
/// # Errors
/// What Go's JSON encoder or YAML emitter refuses: infinite numbers, keys that are not strings, wrong tags.
pub fn resource(node: &Node) -> Result<String, String> {
    annotated(node, &|_| None)
}

/// The same with a comment after each scalar and each empty collection for which `note` has one; the rest of the text
/// stays as it is.
pub fn annotated(node: &Node, note: &dyn Fn(&Node) -> Option<String>) -> Result<String, String> {
    let mut printer = Printer { text: String::new(), note, in_flow: false };
    printer.node(node, 0, Place::Root)?;
    if !printer.text.ends_with(quote::is_break) {
        printer.text.push('\n');
    }
    Ok(printer.text)
}

/// The style in which a string is printed.
pub fn style_of(text: &str) -> Style {
    let mut printed = String::new();
    quote::string(&mut printed, text, 0, false);
    match printed.as_bytes().first() {
        Some(b'"') => Style::DoubleQuoted,
        Some(b'\'') => Style::SingleQuoted,
        Some(b'|') if text.contains('\n') => Style::Literal,
        _ => Style::Plain,
    }
}

/// A text in double quotes on one line.
pub fn in_double_quotes(text: &str) -> String {
    let mut printed = String::new();
    quote::double(&mut printed, text, 0, false);
    printed
}

/// Where a value stands, which decides what comes before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    /// After `key:`.
    Value,
    /// After `-`.
    Item,
}

struct Printer<'a> {
    text: String,
    note: &'a dyn Fn(&Node) -> Option<String>,
    /// Whether a collection around is written in brackets.
    in_flow: bool,
}

impl Printer<'_> {
    /// Prints a value; `indent` is the column of its own lines. Trees are bounded in depth by the parser.
    fn node(&mut self, node: &Node, indent: usize, place: Place) -> Result<(), String> {
        match &node.value {
            Value::Sequence(items) if items.is_empty() => self.short("[]", node, place),
            Value::Mapping(mapping) => return self.mapping(node, mapping, indent, place),
            Value::Sequence(items) => {
                let around = self.in_flow;
                self.in_flow |= items.flow;
                self.sequence(items, indent, place)?;
                self.in_flow = around;
            }
            Value::Scalar(_) => return self.scalar(node, indent, place),
        }
        Ok(())
    }

    fn short(&mut self, text: &str, node: &Node, place: Place) {
        if place == Place::Value {
            self.text.push(' ');
        }
        let start = self.text.len();
        self.text.push_str(text);
        self.end(node, start);
    }

    /// Ends the line of a value that was written from `start` on. A comment comes after the value, of a block scalar
    /// after its header: what follows is text.
    fn end(&mut self, node: &Node, start: usize) {
        let is_block = self.text[start..].starts_with(['|', '>']);
        let header = self.text[start..].find('\n').filter(|_| is_block).map(|index| start + index);
        if let Some(note) = (self.note)(node) {
            self.text.insert_str(header.unwrap_or(self.text.len()), &format!(" # {note}"));
        }
        // A block may bring its own line break.
        if !(is_block && self.text.ends_with(quote::is_break)) {
            self.text.push('\n');
        }
    }

    fn mapping(&mut self, node: &Node, mapping: &Mapping, indent: usize, place: Place) -> Result<(), String> {
        let mut keys = Vec::with_capacity(mapping.entries.len());
        for entry in &mapping.entries {
            keys.extend(key::text(entry, place == Place::Root)?.map(|key| (key, &entry.value)));
        }
        let mut entries: Vec<(&str, &Node)> = keys.iter().map(|(key, value)| (key.as_ref(), *value)).collect();
        if entries.is_empty() {
            self.short("{}", node, place);
            return Ok(());
        }
        if place == Place::Value {
            self.text.push('\n');
        }
        key_order::sort(&mut entries);
        let around = self.in_flow;
        self.in_flow |= mapping.flow;
        for (index, (key, value)) in entries.into_iter().enumerate() {
            if index > 0 || place != Place::Item {
                self.pad(indent);
            }
            let place = self.key(key, indent);
            let indent = if place == Place::Value { value_indent(value, indent) } else { indent + 2 };
            self.node(value, indent, place)?;
        }
        self.in_flow = around;
        Ok(())
    }

    /// A long or many-lined key gets `?` and is folded as a value is, and its value starts after `: ` as an item does.
    fn key(&mut self, key: &str, indent: usize) -> Place {
        if key.len() <= 128 && !key.contains(|c| c == '\r' || quote::is_break(c)) {
            quote::string(&mut self.text, key, indent + 2, false);
            self.text.push(':');
            return Place::Value;
        }
        self.text.push_str("? ");
        quote::string(&mut self.text, key, indent + 2, true);
        if !self.text.ends_with(quote::is_break) {
            self.text.push('\n');
        }
        self.pad(indent);
        self.text.push_str(": ");
        Place::Item
    }

    fn sequence(&mut self, items: &[Node], indent: usize, place: Place) -> Result<(), String> {
        if place == Place::Value {
            self.text.push('\n');
        }
        for (index, item) in items.iter().enumerate() {
            if index > 0 || place != Place::Item {
                self.pad(indent);
            }
            self.text.push_str("- ");
            self.node(item, indent + 2, Place::Item)?;
        }
        Ok(())
    }

    fn scalar(&mut self, node: &Node, indent: usize, place: Place) -> Result<(), String> {
        if place == Place::Value {
            self.text.push(' ');
        }
        let (text, start) = (node.text().unwrap_or_default(), self.text.len());
        reread::check(text)?;
        match resolve_written(node, self.in_flow)? {
            Typed::Null => self.text.push_str("null"),
            Typed::Bool(value) => self.text.push_str(if value { "true" } else { "false" }),
            Typed::Int(value) => self.text.push_str(&value.to_string()),
            Typed::Float(value) => self.text.push_str(&number::float(value)?),
            Typed::Timestamp(value) => quote::string(&mut self.text, &value, indent, true),
            Typed::String => {
                let other = match printed_binary(node)? {
                    text @ Some(_) => text,
                    None => rewritten(node, self.in_flow)?,
                };
                quote::string(&mut self.text, other.as_deref().unwrap_or(text), indent, true);
            }
        }
        self.end(node, start);
        Ok(())
    }

    fn pad(&mut self, indent: usize) {
        self.text.extend(std::iter::repeat_n(' ', indent));
    }
}

/// The text of `!!binary`, if that is what the node is.
fn printed_binary(node: &Node) -> Result<Option<SmolStr>, String> {
    let text = binary::decoded(node)?;
    text.as_deref().map_or(Ok(()), reread::check)?;
    Ok(text)
}

/// The own lines of a value below a key: two columns in, but lists are in the key's column.
fn value_indent(value: &Node, indent: usize) -> usize {
    if value.as_sequence().is_some() { indent } else { indent + 2 }
}

//! Nodes as Go's `encoding/json` writes them.

use std::collections::BTreeMap;

use fleetlint_yaml::scalar::{Typed, resolve};
use fleetlint_yaml::{Node, Style, Text, Value, binary, go_float, print};

use super::node_edit::is_string;

/// How deeply collections may be nested.
const MAX_DEPTH: usize = 512;

/// The JSON of a node: keys sorted, no blanks.
pub(super) fn encode(node: &Node) -> Result<String, String> {
    encoded(node, Form::Exact)
}

/// The JSON of a node that Go has read from JSON before, so that all its numbers are `float64`.
pub(super) fn encode_again(node: &Node) -> Result<String, String> {
    encoded(node, Form::Float)
}

/// The JSON of a node that was written as JSON, as far as it stays as it was: numbers in all their digits, `<` as itself.
pub(super) fn encode_as_written(node: &Node) -> Result<String, String> {
    encoded(node, Form::Written)
}

fn encoded(node: &Node, form: Form) -> Result<String, String> {
    let mut text = String::new();
    write(node, &mut text, Written { form, depth: 0, in_flow: false })?;
    Ok(text)
}

/// How scalars are encoded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Exact,
    /// Integers as floats.
    Float,
    Written,
}

/// How and where a value is written.
#[derive(Clone, Copy)]
struct Written {
    form: Form,
    depth: usize,
    /// Whether a collection around has brackets: kustomize prints it as it is before it makes JSON of it.
    in_flow: bool,
}

impl Written {
    fn below(self, node: &Node) -> Self {
        Self { depth: self.depth + 1, in_flow: self.in_flow || node.is_flow(), ..self }
    }
}

/// A JSON string, with what Go escapes for HTML.
pub(super) fn quoted(text: &str) -> String {
    in_quotes(text, is_escaped)
}

fn in_quotes(text: &str, is_escaped: impl Fn(char) -> bool + Copy) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for piece in text.split_inclusive(is_escaped) {
        quoted.push_str(piece.strip_suffix(is_escaped).unwrap_or(piece));
        let Some(c) = piece.chars().next_back().filter(|&c| is_escaped(c)) else { continue };
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            _ => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
        }
    }
    quoted.push('"');
    quoted
}

fn is_escaped(c: char) -> bool {
    matches!(c, '\0'..='\u{1f}' | '"' | '\\' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}')
}

fn is_html(c: char) -> bool {
    matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}')
}

/// JSON without blanks, over several lines with an indentation of two (`json.MarshalIndent`).
pub(super) fn indented(compact: &str) -> String {
    let mut out = String::with_capacity(compact.len() * 2);
    let (mut depth, mut in_text, mut escaped) = (0usize, false, false);
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    let mut chars = compact.chars().peekable();
    while let Some(c) = chars.next() {
        if in_text {
            out.push(c);
            in_text = escaped || c != '"';
            escaped = !escaped && c == '\\';
            continue;
        }
        match c {
            '"' => {
                in_text = true;
                out.push(c);
            }
            '{' | '[' => {
                out.push(c);
                if let Some(end) = chars.next_if(|&next| matches!(next, '}' | ']')) {
                    out.push(end);
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            _ => out.push(c),
        }
    }
    out
}

fn write(node: &Node, out: &mut String, at: Written) -> Result<(), String> {
    if at.depth > MAX_DEPTH {
        return Err("the value is nested too deeply".to_owned());
    }
    let below = at.below(node);
    match &node.value {
        Value::Scalar(_) => write_scalar(node, out, at)?,
        Value::Sequence(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out, below)?;
            }
            out.push(']');
        }
        Value::Mapping(mapping) => {
            out.push('{');
            let sorted: BTreeMap<&str, &Node> =
                mapping.entries.iter().map(|entry| (entry.key.text().unwrap_or_default(), &entry.value)).collect();
            for (index, (key, value)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&quoted(key));
                out.push(':');
                write(value, out, below)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

fn write_scalar(node: &Node, out: &mut String, at: Written) -> Result<(), String> {
    let form = at.form;
    let text = || written_text(node, at.in_flow);
    match print::resolve_written(node, at.in_flow)? {
        Typed::Null => out.push_str("null"),
        Typed::Bool(value) => out.push_str(if value { "true" } else { "false" }),
        Typed::Int(_) | Typed::Float(_) if form == Form::Written => out.push_str(node.text().unwrap_or_default()),
        Typed::Int(value) if form == Form::Float => out.push_str(&float(value as f64)?),
        Typed::Int(value) => out.push_str(&value.to_string()),
        Typed::Float(value) => out.push_str(&float(value)?),
        Typed::Timestamp(text) => out.push_str(&quoted(&text)),
        Typed::String if form == Form::Written => out.push_str(&in_quotes(&text()?, |c| is_escaped(c) && !is_html(c))),
        Typed::String => out.push_str(&quoted(&text()?)),
    }
    Ok(())
}

/// A string after kustomize has printed it and read it again.
fn written_text(node: &Node, in_flow: bool) -> Result<Text, String> {
    if let Some(text) = binary::decoded(node)? {
        return Ok(text.as_str().into());
    }
    let rewritten = print::rewritten(node, in_flow)?;
    Ok(rewritten.map_or_else(|| node.text().unwrap_or_default().into(), Text::from))
}

/// A float as `encoding/json` writes it: the shortest digits that read back as the same number.
fn float(value: f64) -> Result<String, String> {
    let value = go_float::finite(value)?;
    let size = value.abs();
    if size == 0.0 || (1e-6..1e21).contains(&size) {
        return Ok(format!("{value}"));
    }
    let text = format!("{value:e}");
    Ok(if text.contains("e-") { text } else { text.replace('e', "e+") })
}

/// Rewrites the scalars of a tree as a way through JSON leaves them: numbers in their canonical form, strings quoted.
pub(super) fn normalise(node: &mut Node) -> Result<(), String> {
    normalise_from(node, Source::Read)
}

/// The same for a tree that kustomize prints before it makes JSON of the text.
pub(super) fn normalise_printed(node: &mut Node) -> Result<(), String> {
    normalise_from(node, Source::Printed { in_flow: false })
}

/// What JSON is made of.
#[derive(Clone, Copy)]
enum Source {
    /// The tree as it was read.
    Read,
    /// Its text; what a collection with brackets holds has brackets, too.
    Printed { in_flow: bool },
}

impl Source {
    fn below(self, node: &Node) -> Self {
        match self {
            Self::Read => Self::Read,
            Self::Printed { in_flow } => Self::Printed { in_flow: in_flow || node.is_flow() },
        }
    }

    /// The text of a string.
    fn text(self, node: &Node) -> Result<Text, String> {
        match self {
            Self::Read => Ok(binary::decoded(node)?.map_or_else(|| node.text().unwrap_or_default().into(), Text::from)),
            Self::Printed { in_flow } => written_text(node, in_flow),
        }
    }
}

fn normalise_from(node: &mut Node, source: Source) -> Result<(), String> {
    let below = source.below(node);
    let in_flow = matches!(source, Source::Printed { in_flow: true });
    match &mut node.value {
        Value::Mapping(mapping) => {
            mapping.flow = false;
            for entry in &mut mapping.entries {
                normalise_key(&mut entry.key)?;
                normalise_from(&mut entry.value, below)?;
            }
        }
        Value::Sequence(items) => {
            items.flow = false;
            items.iter_mut().try_for_each(|item| normalise_from(item, below))?;
        }
        Value::Scalar(_) => {
            let text = source.text(node)?;
            let mut plain = String::new();
            *node = match print::resolve_written(node, in_flow)? {
                Typed::String => Node::string(text, node.origin.clone()),
                Typed::Timestamp(text) => Node::string(text, node.origin.clone()),
                _ => {
                    write_scalar(node, &mut plain, Written { form: Form::Exact, depth: 0, in_flow })?;
                    Node::plain(plain, node.origin.clone())
                }
            };
        }
    }
    Ok(())
}

fn normalise_key(key: &mut Node) -> Result<(), String> {
    // A key that nobody wrote is an empty text.
    if print::is_absent(key) {
        *key = Node::string("", key.origin.clone());
    }
    let is_text = is_string(key);
    let typed = resolve(key)?;
    match (&mut key.value, typed) {
        (Value::Scalar(scalar), Typed::String) if is_text => {
            scalar.style = Style::DoubleQuoted;
            key.tag = None;
        }
        (Value::Scalar(scalar), _) => return Err(format!("key `{}` is not a string", scalar.text)),
        _ => {}
    }
    Ok(())
}

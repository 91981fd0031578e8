//! Changing nodes the way kustomize's setters do: text and tag are replaced, the style of the old scalar stays.

use smol_str::SmolStr;

use crate::yaml::scalar::{Typed, resolve};
use crate::yaml::{Entry, Mapping, Node, Origin, Scalar, Style, Value};

/// The tag of a string that is written plain but is no number however it looks.
pub(super) const STRING_TAG: &str = "tag:yaml.org,2002:str";

/// A string as transformers create it: plain where that is enough (a later patch may then change its type).
pub(super) fn created_string(text: impl Into<SmolStr>, origin: Origin) -> Node {
    let text = text.into();
    let style = if is_other_in_yaml_1_1(&text) { Style::DoubleQuoted } else { Style::Plain };
    Node { tag: Some(SmolStr::new_static(STRING_TAG)), ..Node::scalar(text, style, origin) }
}

/// A key as transformers and generators create it: typed by its looks, so that `true` or `1` fails when it is printed.
pub(super) fn created_key(text: impl Into<SmolStr>, origin: Origin) -> Node {
    Node::plain(text, origin)
}

/// The tag of a scalar's type, explicit or by its looks: what stays when only the text changes. A scalar that was made
/// without any text has none.
pub(super) fn type_tag(node: &Node) -> Option<SmolStr> {
    if node.tag.is_some() || node.origin == Origin::default() && node.text() == Some("") {
        return node.tag.clone();
    }
    resolve(node).ok().map(|typed| tag_of(&typed))
}

/// The tag of a type.
fn tag_of(typed: &Typed) -> SmolStr {
    SmolStr::new_static(match typed {
        Typed::Null => "tag:yaml.org,2002:null",
        Typed::Bool(_) => "tag:yaml.org,2002:bool",
        Typed::Int(_) => "tag:yaml.org,2002:int",
        Typed::Float(_) => "tag:yaml.org,2002:float",
        Typed::Timestamp(_) => "tag:yaml.org,2002:timestamp",
        Typed::String => STRING_TAG,
    })
}

/// Replaces the text of a scalar; it is typed by its looks unless it was quoted.
pub(super) fn set_scalar(node: &mut Node, text: impl Into<SmolStr>, origin: Origin) -> Result<(), String> {
    replace_scalar(node, text.into(), None, origin)
}

/// Replaces the text of a scalar by a string.
pub(super) fn set_string(node: &mut Node, text: impl Into<SmolStr>, origin: Origin) -> Result<(), String> {
    replace_scalar(node, text.into(), Some(SmolStr::new_static(STRING_TAG)), origin)
}

fn replace_scalar(node: &mut Node, text: SmolStr, tag: Option<SmolStr>, origin: Origin) -> Result<(), String> {
    let Value::Scalar(old) = &node.value else {
        return Err(format!("wrong node kind: expected ScalarNode but got {}", kind_name(node)));
    };
    let style = old.style;
    *node = Node { value: Value::Scalar(Scalar { text, style }), tag, origin };
    Ok(())
}

/// Sets a key of a mapping to a string; says whether the key is new.
pub(super) fn set_entry(
    node: &mut Node,
    key: &str,
    text: &str,
    key_origin: &Origin,
    origin: Origin,
) -> Result<bool, String> {
    if node.is_null() {
        return Ok(false);
    }
    let found = kind_name(node);
    let Some(mapping) = node.as_mapping_mut() else {
        return Err(format!("wrong node kind: expected MappingNode but got {found}"));
    };
    match mapping.get_mut(key) {
        Some(old) if matches!(old.value, Value::Scalar(_)) => set_string(old, text, origin).map(|()| false),
        Some(old) => {
            *old = created_string(text, origin);
            Ok(false)
        }
        None => {
            mapping
                .entries
                .push(Entry { key: created_key(key, key_origin.clone()), value: created_string(text, origin) });
            Ok(true)
        }
    }
}

/// The mapping below a key, made where it is missing or null.
pub(super) fn mapping_at<'a>(node: &'a mut Node, key: &str, origin: &Origin) -> Option<&'a mut Mapping> {
    let mapping = node.as_mapping_mut()?;
    if mapping.get(key).is_none_or(Node::is_null) {
        mapping.set(key, Node::mapping(Vec::new(), origin.clone()));
    }
    mapping.get_mut(key)?.as_mapping_mut()
}

/// The name of a node's kind, as kustomize's messages have it.
pub(super) fn kind_name(node: &Node) -> &'static str {
    match &node.value {
        Value::Scalar(_) => "ScalarNode",
        Value::Mapping(_) => "MappingNode",
        Value::Sequence(_) => "SequenceNode",
    }
}

/// Whether a plain text is a string for YAML 1.2 but a boolean for YAML 1.1.
pub(super) fn is_yaml_1_1_word(text: &str) -> bool {
    matches!(text.to_ascii_lowercase().as_str(), "y" | "yes" | "n" | "no" | "on" | "off")
}

/// Whether a plain text is no string for YAML 1.1, so that kustomize quotes it when it creates it.
fn is_other_in_yaml_1_1(text: &str) -> bool {
    let is_word = matches!(
        text.to_ascii_lowercase().as_str(),
        "" | "~" | "null" | "y" | "yes" | "n" | "no" | "on" | "off" | "true" | "false"
    );
    is_word || text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) && looks_numeric(text)
}

/// Generous: quoting too much does no harm to strings.
fn looks_numeric(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_hexdigit() || matches!(c, '+' | '-' | '.' | '_' | ':' | 'x' | 'o' | 'b' | 'e' | 'T' | 'Z'))
}

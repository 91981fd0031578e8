//! Changing nodes the way kustomize's setters do: text and tag are replaced, the style of the old scalar stays.

use smol_str::SmolStr;

use fleetlint_source::Files;
use fleetlint_yaml::scalar::{Typed, UNTYPED, is_kept_tag, kept_tag, resolve};
use fleetlint_yaml::{Entry, Mapping, Node, Origin, Scalar, Style, Tag, Text, Value, parse, yaml11};

/// The tag of a string that may be written plain but is not a number however it looks. It is the one that kustomize knows and
/// does not print; `!!str` that is in a file is another.
pub(super) const STRING_TAG: &str = "?str";

/// A string as transformers create it: plain where that is enough (a later patch may then change its type).
pub(super) fn created_string(text: impl Into<Text>, origin: Origin) -> Node {
    let text = text.into();
    let style = created_style(&text);
    Node { tag: Some(STRING_TAG.into()), ..Node::scalar(text, style, origin) }
}

/// A key as transformers and generators create it: typed by its looks, so that `true` or `1` fails when it is printed.
pub(super) fn created_key(text: impl Into<Text>, origin: Origin) -> Node {
    untyped(text, origin)
}

/// Whether a file has `<<` in quotes for a key: what reads the mapping takes it for a merge key and loses what it holds.
pub(super) fn is_quoted_merge(key: &Node) -> bool {
    key.tag.is_none() && key.text() == Some("<<")
}

/// A plain scalar as kustomize makes it where it gives no type.
pub(super) fn untyped(text: impl Into<Text>, origin: Origin) -> Node {
    Node { tag: Some(UNTYPED.into()), ..Node::plain(text, origin) }
}

/// As [`untyped`], but in quotes where YAML 1.1 would read no string: a new field that is set to a text.
pub(super) fn created_untyped(text: impl Into<Text>, origin: Origin) -> Node {
    let text = text.into();
    let style = created_style(&text);
    Node { tag: Some(UNTYPED.into()), ..Node::scalar(text, style, origin) }
}

/// kustomize writes what it keeps again, without a type: what looks like a number becomes one, unless the field is quoted.
pub(super) fn without_type(kept: Node, field: Option<&Node>) -> Node {
    let Some(text) = kept.text() else { return kept };
    match field.filter(|field| !field.is_null()).and_then(Node::as_scalar) {
        Some(field) => Node { tag: Some(UNTYPED.into()), ..Node::scalar(text, field.style, kept.origin.clone()) },
        None => created_untyped(text, kept.origin.clone()),
    }
}

/// What the tag of a mapping starts with that was null: the text of the null follows.
const WAS_NULL: &str = "?was:";

/// The tag of a mapping or list that a null of this text has become.
pub(super) fn was_null(text: &str) -> Tag {
    SmolStr::from_iter([WAS_NULL, text]).into()
}

/// The text of a node as kustomize holds it: that of a scalar, or of the null that has become something else.
pub(super) fn raw_text(node: &Node) -> &str {
    let was = || node.tag.as_deref().and_then(|tag| tag.strip_prefix(WAS_NULL));
    node.text().or_else(was).unwrap_or_default()
}

/// Whether kustomize takes a scalar for a string before it prints it.
pub(super) fn is_string(node: &Node) -> bool {
    node.as_scalar().is_some()
        && match node.tag.as_deref() {
            Some(UNTYPED | STRING_TAG) => true,
            Some(tag) => tag == "tag:yaml.org,2002:str" || tag == "!" && matches!(resolve(node), Ok(Typed::String)),
            None => matches!(resolve(node), Ok(Typed::String)),
        }
}

/// The tag of a scalar's type, explicit or by its looks: what stays when only the text changes.
pub(super) fn type_tag(node: &Node) -> Option<Tag> {
    // The non-specific tag `!` is none.
    if node.tag.as_deref().is_some_and(|tag| tag != "!") {
        return node.tag.clone();
    }
    resolve(node).ok().map(|typed| tag_of(&typed).into())
}

/// The tag of a type.
pub(super) fn tag_of(typed: &Typed) -> &'static str {
    match typed {
        Typed::Null => "tag:yaml.org,2002:null",
        Typed::Bool(_) => "tag:yaml.org,2002:bool",
        Typed::Int(_) => "tag:yaml.org,2002:int",
        Typed::Float(_) => "tag:yaml.org,2002:float",
        Typed::Timestamp(_) => "tag:yaml.org,2002:timestamp",
        Typed::String => STRING_TAG,
    }
}

/// Replaces the text of a scalar; it is typed by its looks unless it was quoted.
pub(super) fn set_scalar(node: &mut Node, text: impl Into<Text>, origin: Origin) -> Result<(), String> {
    replace_scalar(node, text.into(), UNTYPED.into(), origin)
}

/// Replaces the text of a scalar by an integer, also in quotes.
pub(super) fn set_integer(node: &mut Node, text: impl Into<Text>, origin: Origin) -> Result<(), String> {
    replace_scalar(node, text.into(), kept_tag(&Typed::Int(0)), origin)
}

/// Replaces the text of a scalar by a string.
pub(super) fn set_string(node: &mut Node, text: impl Into<Text>, origin: Origin) -> Result<(), String> {
    replace_scalar(node, text.into(), STRING_TAG.into(), origin)
}

fn replace_scalar(node: &mut Node, text: Text, tag: Tag, origin: Origin) -> Result<(), String> {
    let Value::Scalar(old) = &node.value else {
        return Err(format!("wrong node kind: expected ScalarNode but got {}", kind_name(node)));
    };
    let style = old.style;
    // A tag that is written stays written: before it the quotes do not count.
    let tag = match tag.strip_prefix('?') {
        Some(name) if has_written_tag(node) && name != "str" => SmolStr::from_iter(["tag:yaml.org,2002:", name]).into(),
        _ => tag,
    };
    *node = Node { value: Value::Scalar(Scalar { text, style }), tag: Some(tag), origin };
    Ok(())
}

/// Whether a tag is written before a value: that of a string may also be one that kustomize gave.
pub(super) fn has_written_tag(value: &Node) -> bool {
    value.tag.as_deref().is_some_and(|tag| !matches!(tag, STRING_TAG | UNTYPED | "!") && !is_kept_tag(tag))
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
    check_key(key, node)?;
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
                .add(Entry { key: created_key(key, key_origin.clone()), value: created_string(text, origin) });
            Ok(true)
        }
    }
}

/// kustomize's setter takes an empty key for the node itself, which must then be a scalar.
pub(super) fn check_key(key: &str, node: &Node) -> Result<(), String> {
    match key {
        "" => Err(format!("wrong node kind: expected ScalarNode but got {}: the key is empty", kind_name(node))),
        _ => Ok(()),
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

/// The style in which kustomize makes a scalar: quoted where YAML 1.1 would read the plain text as no string.
pub(super) fn created_style(text: &str) -> Style {
    match text {
        _ if text.contains('\n') => Style::Literal,
        _ if is_other_in_yaml_1_1(text) => Style::DoubleQuoted,
        _ => Style::Plain,
    }
}

/// Whether YAML 1.1 reads a plain text of one line as anything but a string.
fn is_other_in_yaml_1_1(text: &str) -> bool {
    let is_other = |node: &Node| match yaml11::to_json(node) {
        Ok(json) => json.as_scalar().is_none_or(|scalar| scalar.style == Style::Plain),
        Err(_) => true,
    };
    if text.is_empty() {
        return false;
    }
    // Nothing here that only the syntax of YAML gives a meaning.
    let is_simple = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '+' | '=' | '(' | ')' | '$');
    if text.chars().all(is_simple) && text != "---" && text != "..." {
        return is_other(&Node::plain(text, Origin::default()));
    }
    let id = Files::default().add("".into(), None, String::new(), Vec::new()).id;
    match parse::file(text, id).documents.first() {
        Some(Ok(document)) => document.root.as_ref().is_none_or(is_other),
        Some(Err(_)) => false,
        None => true,
    }
}

//! The values of a document that is written again.

use smol_str::{SmolStr, format_smolstr};

use super::scalar::{self, UNTYPED};
use super::{Node, Style, Tag, Text, Value};

/// What all tags of YAML's own types start with.
pub(crate) const CORE: &str = "tag:yaml.org,2002:";

/// The tags that kustomize knows and does not write start with this.
const KNOWN: &str = "?";

/// Comments around a value, each with its `#` and without the last line break.
#[derive(Clone, Debug, Default)]
pub struct Comments {
    /// On lines above it.
    pub head: String,
    /// After it on its line.
    pub line: String,
    /// On lines below it.
    pub foot: String,
}

/// A document that can be written again.
#[derive(Clone, Debug)]
pub struct Tree {
    pub(crate) root: Branch,
    /// The comments at its start, with an empty line after them.
    pub(crate) header: String,
    /// The comments at its end.
    pub(crate) footer: String,
}

/// A value as it is written.
#[derive(Clone, Debug)]
pub struct Branch {
    pub(crate) content: Content,
    /// Its type (`tag:yaml.org,2002:int`, `!foo`), also where none is written; empty without one.
    pub(crate) tag: SmolStr,
    /// Whether the tag is written however the value looks.
    pub(crate) is_tagged: bool,
    pub(crate) anchor: Option<SmolStr>,
    pub(crate) comments: Comments,
}

/// What a value holds.
#[derive(Clone, Debug)]
pub enum Content {
    /// A text with its quotes.
    Scalar {
        /// The text.
        text: Text,
        /// Its quotes.
        style: Style,
    },
    /// `*name`
    Alias(SmolStr),
    /// A list, in brackets if it flows.
    Sequence {
        /// What it holds.
        items: Vec<Branch>,
        /// Whether it has brackets.
        flow: bool,
    },
    /// Keys and values, in braces if they flow.
    Mapping {
        /// What it holds.
        entries: Vec<(Branch, Branch)>,
        /// Whether it has braces.
        flow: bool,
    },
}

impl Branch {
    /// A value with the tag that is before it, if one does; else its looks say its type.
    pub(crate) fn new(content: Content, tag: Option<Tag>) -> Self {
        let written = tag.as_deref().filter(|tag| *tag != "!").map(SmolStr::new);
        let is_tagged = written.is_some();
        let tag = written.unwrap_or_else(|| implied(&content));
        Self { content, tag, is_tagged, anchor: None, comments: Comments::default() }
    }

    /// A value from elsewhere, as it is written there.
    pub(crate) fn of(node: &Node) -> Self {
        let content = match &node.value {
            Value::Scalar(scalar) => Content::Scalar { text: scalar.text.clone(), style: scalar.style },
            Value::Sequence(items) => {
                Content::Sequence { items: items.iter().map(Self::of).collect(), flow: items.flow }
            }
            Value::Mapping(mapping) => {
                let entries = mapping.entries.iter().map(|entry| (Self::of(&entry.key), Self::of(&entry.value)));
                Content::Mapping { entries: entries.collect(), flow: mapping.flow }
            }
        };
        let is_scalar = matches!(content, Content::Scalar { .. });
        match node.tag.as_deref() {
            Some(UNTYPED) => Self { tag: SmolStr::default(), ..Self::new(content, None) },
            Some(tag) if tag.starts_with(KNOWN) => {
                let known = tag.strip_prefix(KNOWN).filter(|_| is_scalar).map(|name| format_smolstr!("{CORE}{name}"));
                let branch = Self::new(content, None);
                Self { tag: known.unwrap_or_else(|| branch.tag.clone()), ..branch }
            }
            _ => Self::new(content, node.tag.clone()),
        }
    }

    /// The tag that is before it.
    pub(crate) fn explicit_tag(&self) -> Option<Tag> {
        self.is_tagged.then(|| self.tag.clone().into())
    }

    /// The value at a position.
    pub(crate) fn child_mut(&mut self, at: usize) -> Option<&mut Self> {
        match &mut self.content {
            Content::Sequence { items, .. } => items.get_mut(at),
            Content::Mapping { entries, .. } => entries.get_mut(at).map(|(_, value)| value),
            Content::Scalar { .. } | Content::Alias(_) => None,
        }
    }

    /// Whether it is a collection in brackets, or an empty one, which always has them.
    pub(crate) fn flows(&self) -> bool {
        match &self.content {
            Content::Sequence { items, flow } => *flow || items.is_empty(),
            Content::Mapping { entries, flow } => *flow || entries.is_empty(),
            Content::Scalar { .. } | Content::Alias(_) => false,
        }
    }
}

/// The type of a value that no tag is before.
fn implied(content: &Content) -> SmolStr {
    let name = match content {
        Content::Scalar { text, style: Style::Plain } if &**text == "<<" => "merge",
        Content::Scalar { text, style: Style::Plain } => name_of(text),
        Content::Scalar { .. } => "str",
        Content::Sequence { .. } => "seq",
        Content::Mapping { .. } => "map",
        Content::Alias(_) => return SmolStr::default(),
    };
    format_smolstr!("{CORE}{name}")
}

/// The name of the type that plain text has.
pub(crate) fn name_of(text: &str) -> &'static str {
    scalar::name_of(&scalar::plain(text))
}

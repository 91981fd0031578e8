//! Tokens, and what can be wrong with the text between them.

use smol_str::SmolStr;

use crate::Style;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Kind {
    StreamStart,
    StreamEnd,
    /// `%YAML`, with the version
    Version(u8, u8),
    /// `%TAG`, with the handle and its prefix
    TagDirective,
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    SequenceStart,
    SequenceEnd,
    MappingStart,
    MappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias,
    Anchor,
    /// A tag, with its handle and the rest
    Tag,
    Scalar(Style),
}

/// A piece of text, in bytes. Tokens that nobody wrote, such as the key before a `:`, are empty.
#[derive(Clone, Debug)]
pub(in super::super) struct Token {
    pub(in super::super) kind: Kind,
    pub(in super::super) start: usize,
    pub(in super::super) end: usize,
    /// The value of a scalar, the name of an anchor or alias, the handle of a tag.
    pub(in super::super) text: SmolStr,
    /// What follows the handle of a tag, or stands for it.
    pub(in super::super) suffix: SmolStr,
    /// Comments that belong to what starts up to here come with this token.
    pub(super) reach: usize,
}

impl Token {
    pub(super) fn new(kind: Kind, start: usize, end: usize) -> Self {
        Self { kind, start, end, text: SmolStr::default(), suffix: SmolStr::default(), reach: start }
    }

    pub(super) fn with_text(kind: Kind, start: usize, end: usize, text: impl Into<SmolStr>) -> Self {
        Self { kind, start, end, text: text.into(), suffix: SmolStr::default(), reach: start }
    }
}

/// Why a text is not YAML for go-yaml.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Mistake {
    /// A key without `:`; `from` is the key.
    NoColon,
    /// A character that starts nothing.
    CannotStart,
    /// A tab that indents a line of text.
    Tab,
    EntryNotAllowed,
    KeyNotAllowed,
    ValueNotAllowed,
    Directive,
    /// No name after `&` or `*`, or one with other characters than letters, digits, `-` and `_`.
    AnchorName,
    Tag,
    /// A verbatim tag without `>`.
    OpenTag,
    UnknownHandle,
    BlockHeader,
    ZeroIndentation,
    /// A quote without its second one; `from` is the first.
    OpenQuote,
    Escape,
    DocumentStart,
    NodeContent,
    ExpectedEntry,
    ExpectedKey,
    /// `,` or a closing bracket; `from` is the opening one.
    ExpectedBracket,
}

/// A mistake with its place: where it was seen, and where what it is about started.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Failure {
    pub(in super::super) mistake: Mistake,
    pub(in super::super) at: usize,
    pub(in super::super) from: usize,
}

impl Failure {
    pub(in super::super) fn new(mistake: Mistake, from: usize, at: usize) -> Self {
        Self { mistake, at, from }
    }
}

pub(in super::super) type Result<T> = std::result::Result<T, Failure>;

//! Tokens to events: the grammar of YAML 1.1 as go-yaml reads it, one state for each place in it.

mod block;
mod document;
mod flow;
mod node;
mod notes;

use std::ops::Range;

use smol_str::SmolStr;

use self::notes::Ledger;
use super::scan::{Dialect, Failure, Kind, Mistake, Result, Scanner, Token};
use crate::{Style, Tag};

/// A step through a document, with places in bytes.
#[derive(Debug)]
pub(super) enum Event {
    /// With the start of its `---`.
    DocumentStart(Option<usize>),
    /// With the end of the document.
    DocumentEnd(usize),
    Alias(SmolStr, Range<usize>),
    /// A scalar; one that nobody wrote is empty and comes after what asks for it.
    Scalar(Properties, SmolStr, Style, Range<usize>),
    /// A sequence with its start, and whether it has brackets.
    SequenceStart(Properties, usize, bool),
    /// A mapping with the start of its brackets, if it has them, and whether it is in a flow collection or is one.
    MappingStart(Properties, Option<usize>, bool),
    /// The end of a collection.
    End(usize),
    StreamEnd,
}

/// What may be before a value.
#[derive(Debug, Default)]
pub(super) struct Properties {
    pub(super) anchor: Option<SmolStr>,
    /// A tag in its resolved form.
    pub(super) tag: Option<Tag>,
}

#[derive(Clone, Copy, Debug)]
enum State {
    StreamStart,
    /// The start of a document; the first one needs no `---`.
    DocumentStart(bool),
    DocumentContent,
    DocumentEnd,
    BlockNode,
    BlockEntry,
    IndentlessEntry,
    BlockKey,
    BlockValue,
    /// The next item of a flow sequence; the first one has no `,` before it.
    FlowEntry(bool),
    /// `[key: value]`
    PairKey,
    PairValue,
    PairEnd,
    FlowKey(bool),
    FlowValue,
    /// `{key}`
    FlowNoValue,
    End,
}

/// The kind and the place of the next token.
#[derive(Clone, Copy)]
struct Peeked {
    kind: Kind,
    start: usize,
}

/// Reads events.
pub(super) struct Grammar<'a> {
    pub(super) scanner: Scanner<'a>,
    state: State,
    /// Where to go on after what is being read.
    states: Vec<State>,
    /// Where the open collections start.
    starts: Vec<usize>,
    /// Tag handles with their prefixes.
    handles: Vec<(SmolStr, SmolStr)>,
    /// The end of the last token that somebody wrote.
    end: usize,
    /// The comments on their way to events, for those who ask for them.
    ledger: Option<Box<Ledger>>,
}

impl<'a> Grammar<'a> {
    pub(super) fn new(source: &'a str, dialect: Dialect) -> Self {
        Self {
            scanner: Scanner::new(source, dialect),
            state: State::StreamStart,
            states: Vec::new(),
            starts: Vec::new(),
            handles: Vec::new(),
            end: 0,
            ledger: None,
        }
    }

    /// The end of what was understood.
    pub(super) fn end(&self) -> usize {
        self.end
    }

    /// The next event.
    pub(super) fn next(&mut self) -> Result<Event> {
        match self.state {
            State::StreamStart => {
                self.peek()?;
                self.take();
                self.state = State::DocumentStart(true);
                self.document_start(true)
            }
            State::DocumentStart(is_first) => self.document_start(is_first),
            State::DocumentContent => self.document_content(),
            State::DocumentEnd => self.document_end(),
            State::BlockNode => self.node(true, false),
            State::BlockEntry => self.block_entry(),
            State::IndentlessEntry => self.indentless_entry(),
            State::BlockKey => self.block_key(),
            State::BlockValue => self.block_value(),
            State::FlowEntry(is_first) => self.flow_entry(is_first),
            State::PairKey => self.pair_key(),
            State::PairValue => self.pair_value(),
            State::PairEnd => {
                self.state = State::FlowEntry(false);
                Ok(Event::End(self.end))
            }
            State::FlowKey(is_first) => self.flow_key(is_first),
            State::FlowValue => self.flow_value(),
            State::FlowNoValue => {
                self.peek()?;
                self.state = State::FlowKey(false);
                Ok(self.absent())
            }
            State::End => Ok(Event::StreamEnd),
        }
    }

    fn peek(&mut self) -> Result<Peeked> {
        let peeked = self.scanner.peek().map(|token| Peeked { kind: token.kind, start: token.start })?;
        self.collect_notes();
        Ok(peeked)
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.scanner.take()?;
        if token.end > token.start {
            self.end = token.end;
        }
        Some(token)
    }

    /// A value that nobody wrote.
    fn absent(&self) -> Event {
        Event::Scalar(Properties::default(), SmolStr::default(), Style::Plain, self.end..self.end)
    }

    /// Goes on after what was read.
    fn leave(&mut self) {
        self.state = self.states.pop().unwrap_or(State::End);
    }

    /// Goes into a node; `then` follows it.
    fn enter(&mut self, then: State, is_block: bool, may_lack_indent: bool) -> Result<Event> {
        self.states.push(then);
        self.node(is_block, may_lack_indent)
    }

    /// The end of a collection, at its token.
    fn close(&mut self) -> Event {
        self.take();
        self.starts.pop();
        self.leave();
        Event::End(self.end)
    }

    /// Opens a collection at the token that starts it.
    fn open(&mut self, start: usize, state: State) {
        self.take();
        self.starts.push(start);
        self.state = state;
    }

    /// What does not fit into the innermost collection.
    fn misfit<T>(&self, mistake: Mistake, at: usize) -> Result<T> {
        Err(Failure::new(mistake, self.starts.last().copied().unwrap_or(at), at))
    }
}

//! Text to tokens, exactly as go-yaml v3 cuts it, the reader of kustomize and Flux.
//!
//! go-yaml keeps what every port of libyaml keeps: a queue of tokens in which a `:` may still put a key before what it
//! found to be one ([`keys`]), and a stack of indentations. Its peculiarities count where they decide what is accepted: it
//! looks two tokens ahead, and takes a `#` right after a token for a comment.

mod between;
mod block;
mod breaks;
mod cursor;
mod directive;
mod escape;
mod indent;
mod keys;
mod notes;
mod plain;
mod property;
mod quoted;
mod token;

use std::collections::VecDeque;

use self::cursor::{Cursor, Mark, is_blank};
use self::keys::Keys;
use self::notes::Notes;

pub(super) use self::notes::Place;
pub(super) use self::token::{Failure, Kind, Mistake, Result, Token};

/// Which go-yaml reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// v3: kustomize, its resources and patches.
    V3,
    /// v2: what Flux reads after a substitution.
    V2,
}

/// Reads tokens. The queue holds those that were found and not taken.
pub(super) struct Scanner<'a> {
    cursor: Cursor<'a>,
    dialect: Dialect,
    queue: VecDeque<Token>,
    /// Tokens taken.
    taken: usize,
    /// The head of the queue is final.
    is_ready: bool,
    has_started: bool,
    keys: Keys,
    /// The columns of the open block collections; -1 outside.
    indent: isize,
    indents: Vec<isize>,
    /// Open brackets.
    flow: usize,
    /// Comments found, as byte ranges.
    pub(super) comments: Vec<(usize, usize)>,
    /// Texts in quotes, as byte ranges.
    pub(super) quoted: Vec<(usize, usize)>,
    /// A line that is indented less than the blank lines before it, so that a block scalar ended before it.
    pub(super) short_line: Option<usize>,
    /// The comments with their tokens, for those who ask for them.
    notes: Option<Box<Notes>>,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(source: &'a str, dialect: Dialect) -> Self {
        Self {
            cursor: Cursor::new(source),
            dialect,
            queue: VecDeque::new(),
            taken: 0,
            is_ready: false,
            has_started: false,
            keys: Keys::default(),
            indent: -1,
            indents: Vec::new(),
            flow: 0,
            comments: Vec::new(),
            quoted: Vec::new(),
            short_line: None,
            notes: None,
        }
    }

    /// The next token, which stays the next one.
    pub(super) fn peek(&mut self) -> Result<&Token> {
        if !self.is_ready {
            self.fetch_enough()?;
            self.is_ready = true;
        }
        let end = self.cursor.at();
        self.queue.front().ok_or(Failure::new(Mistake::NodeContent, end, end))
    }

    /// Takes the token that was peeked at.
    pub(super) fn take(&mut self) -> Option<Token> {
        self.is_ready = false;
        self.taken += 1;
        let token = self.queue.pop_front();
        if let (Some(notes), Some(token)) = (&mut self.notes, &token) {
            notes.last_taken = Some((token.kind, token.start));
        }
        token
    }

    /// Fetches until it is clear that no `:` will put a key before the head of the queue.
    fn fetch_enough(&mut self) -> Result<()> {
        let ahead = if self.dialect == Dialect::V3 { 2 } else { 0 };
        while self.queue.len() <= ahead || self.keys.is_possible(self.taken, &self.cursor.mark())? {
            self.fetch()?;
        }
        Ok(())
    }

    fn fetch(&mut self) -> Result<()> {
        if !self.has_started {
            self.has_started = true;
            self.queue.push_back(Token::new(Kind::StreamStart, 0, 0));
            return Ok(());
        }
        let from = self.cursor.at();
        self.walk_to_token();
        self.close_blocks(self.column(), from);
        if self.cursor.is_end() {
            return self.fetch_end();
        }
        if self.cursor.column() == 0 && self.cursor.byte(0) == b'%' {
            self.reset()?;
            return self.directive();
        }
        if self.cursor.is_document_marker() {
            self.reset()?;
            let is_start = self.cursor.byte(0) == b'-';
            self.indicator(if is_start { Kind::DocumentStart } else { Kind::DocumentEnd }, 3);
            return Ok(());
        }
        let commented = self.commented_token();
        self.fetch_content()?;
        // A comment after `-` belongs to what follows.
        let is_entry = self.queue.back().is_some_and(|token| token.kind == Kind::BlockEntry);
        if self.dialect == Dialect::V3 && !is_entry {
            self.line_comment(commented);
        }
        Ok(())
    }

    fn fetch_end(&mut self) -> Result<()> {
        self.cursor.end_line();
        self.reset()?;
        self.queue.push_back(Token::new(Kind::StreamEnd, self.cursor.at(), self.cursor.at()));
        Ok(())
    }

    /// Closes everything: a document ends or starts here.
    fn reset(&mut self) -> Result<()> {
        self.close_blocks(-1, self.cursor.at());
        self.keys.forget()?;
        self.keys.allowed = false;
        Ok(())
    }

    fn fetch_content(&mut self) -> Result<()> {
        let in_flow = self.flow > 0;
        match self.cursor.byte(0) {
            b'[' => self.open_bracket(Kind::SequenceStart),
            b'{' => self.open_bracket(Kind::MappingStart),
            b']' => self.close_bracket(Kind::SequenceEnd),
            b'}' => self.close_bracket(Kind::MappingEnd),
            b',' => self.flow_entry(),
            b'-' if self.cursor.is_space(1) => self.block_entry(),
            b'?' if in_flow || self.cursor.is_space(1) => self.key(),
            b':' if in_flow || self.cursor.is_space(1) => self.value(),
            first @ (b'*' | b'&') => {
                self.save_key()?;
                self.anchor(if first == b'*' { Kind::Alias } else { Kind::Anchor })
            }
            b'!' => {
                self.save_key()?;
                self.tag()
            }
            first @ (b'|' | b'>') if !in_flow => {
                self.keys.forget()?;
                self.keys.allowed = true;
                self.block(first == b'|')
            }
            quote @ (b'\'' | b'"') => {
                self.save_key()?;
                self.quoted(quote)
            }
            first if self.starts_plain(first) => {
                self.save_key()?;
                self.plain()
            }
            _ => Err(self.failure(Mistake::CannotStart)),
        }
    }

    /// Whether a character that is not an indicator here starts plain text.
    fn starts_plain(&self, first: u8) -> bool {
        match first {
            b'-' => !is_blank(self.cursor.byte(1)),
            b'?' | b':' => self.flow == 0,
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%' | b'@'
            | b'`' => false,
            _ => !self.cursor.is_space(0),
        }
    }

    /// What starts here may be a key, and none can follow it at once.
    fn save_key(&mut self) -> Result<()> {
        let mark = self.cursor.mark();
        let is_required = self.flow == 0 && self.indent == self.column();
        self.keys.save(self.taken + self.queue.len(), mark, is_required)?;
        self.keys.allowed = false;
        Ok(())
    }

    fn open_bracket(&mut self, kind: Kind) -> Result<()> {
        self.save_key()?;
        self.keys.open(self.taken + self.queue.len());
        self.flow += 1;
        self.keys.allowed = true;
        self.indicator(kind, 1);
        Ok(())
    }

    fn close_bracket(&mut self, kind: Kind) -> Result<()> {
        self.keys.forget()?;
        if self.flow > 0 {
            self.keys.close();
            self.flow -= 1;
        }
        self.keys.allowed = false;
        self.indicator(kind, 1);
        Ok(())
    }

    fn flow_entry(&mut self) -> Result<()> {
        self.keys.forget()?;
        self.keys.allowed = true;
        self.indicator(Kind::FlowEntry, 1);
        Ok(())
    }

    /// In flow the parser refuses the `-`.
    fn block_entry(&mut self) -> Result<()> {
        if self.flow == 0 {
            self.start_block(Kind::BlockSequenceStart, Mistake::EntryNotAllowed)?;
        }
        self.keys.forget()?;
        self.keys.allowed = true;
        self.indicator(Kind::BlockEntry, 1);
        Ok(())
    }

    fn key(&mut self) -> Result<()> {
        if self.flow == 0 {
            self.start_block(Kind::BlockMappingStart, Mistake::KeyNotAllowed)?;
        }
        self.keys.forget()?;
        self.keys.allowed = self.flow == 0;
        self.indicator(Kind::Key, 1);
        Ok(())
    }

    /// A `:` puts the key before what stood there, if that can be one; else it belongs to a `?`.
    fn value(&mut self) -> Result<()> {
        if let Some((number, mark)) = self.keys.take(&self.cursor.mark())? {
            let place = number.checked_sub(self.taken);
            self.insert(place, Token::new(Kind::Key, mark.byte, mark.byte));
            self.open_block(mark, place, Kind::BlockMappingStart);
            self.keys.allowed = false;
        } else {
            if self.flow == 0 {
                self.start_block(Kind::BlockMappingStart, Mistake::ValueNotAllowed)?;
            }
            self.keys.allowed = self.flow == 0;
        }
        self.indicator(Kind::Value, 1);
        Ok(())
    }

    /// Queues an indicator of so many bytes.
    fn indicator(&mut self, kind: Kind, length: usize) {
        let start = self.cursor.at();
        (0..length).for_each(|_| self.cursor.skip_byte());
        self.queue.push_back(Token::new(kind, start, self.cursor.at()));
    }

    /// Puts a token into the queue; at its end without a place in it.
    fn insert(&mut self, place: Option<usize>, token: Token) {
        match place.filter(|&place| place <= self.queue.len()) {
            Some(place) => self.queue.insert(place, token),
            None => self.queue.push_back(token),
        }
    }

    fn column(&self) -> isize {
        isize::try_from(self.cursor.column()).unwrap_or(isize::MAX)
    }

    fn failure(&self, mistake: Mistake) -> Failure {
        Failure::new(mistake, self.cursor.at(), self.cursor.at())
    }
}

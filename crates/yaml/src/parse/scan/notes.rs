//! Which token a comment belongs to, as go-yaml v3 decides it. Only who writes a text again asks for it.

use std::collections::VecDeque;

use super::between::AHEAD;
use super::{Kind, Mark, Scanner, is_blank};

/// Where a comment stands, seen from what it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Place {
    /// Lines above it.
    Head,
    /// After it on its line.
    Line,
    /// Lines below it.
    Foot,
}

/// Lines of comment that belong together.
#[derive(Debug)]
pub(in super::super) struct Note {
    pub(in super::super) place: Place,
    pub(in super::super) text: String,
    /// It belongs to the first token that reaches this offset.
    token: usize,
    /// Where it starts.
    start: Start,
    /// Where the look for it began, and where it ended; 0 for one after a token.
    scanned: (usize, usize),
}

/// Where a note starts, by go-yaml's count: in a note of lines the first column is 1.
#[derive(Clone, Copy, Debug, Default)]
struct Start {
    byte: usize,
    line: usize,
    column: usize,
}

/// The notes that no token took yet.
#[derive(Debug, Default)]
pub(super) struct Notes {
    list: VecDeque<Note>,
    /// The token before the head of the queue.
    pub(super) last_taken: Option<(Kind, usize)>,
}

impl Scanner<'_> {
    /// Remembers comments with their tokens from now on.
    pub(in super::super) fn keep_notes(&mut self) {
        self.notes = Some(Box::default());
    }

    /// Takes the next note that belongs to the token that was peeked at.
    pub(in super::super) fn take_note(&mut self) -> Option<Note> {
        let notes = self.notes.as_mut()?;
        let (token, note) = (self.queue.front()?, notes.list.front()?);
        // What is above the end of a block is above what follows.
        let is_for_later = note.place == Place::Head && token.kind == Kind::BlockEnd;
        if token.reach < note.token || is_for_later { None } else { notes.list.pop_front() }
    }

    /// What a comment after the token that starts here belongs to: it, or what is before a `:` or `,`.
    pub(super) fn commented_token(&self) -> usize {
        let joins = self.cursor.byte(0) == if self.flow == 0 { b':' } else { b',' };
        let before = self.token_before(0).filter(|_| joins).map(|(_, start)| start);
        before.unwrap_or(self.cursor.at())
    }

    /// The last token but so many.
    fn token_before(&self, back: usize) -> Option<(Kind, usize)> {
        match self.queue.len().checked_sub(back + 1) {
            Some(index) => self.queue.get(index).map(|token| (token.kind, token.start)),
            None => self.notes.as_ref()?.last_taken,
        }
    }

    /// Notes the comment that starts here, after a token.
    pub(super) fn note_line_comment(&mut self, token: usize) {
        let Mark { byte, line, column, .. } = self.cursor.mark();
        let text = self.cursor.line_from(byte).to_owned();
        if let Some(notes) = &mut self.notes {
            let start = Start { byte, line, column };
            notes.list.push_back(Note { place: Place::Line, text, token, start, scanned: (0, 0) });
        }
    }

    /// A comment after `key:` and before the first `-` below it is above what the `-` holds.
    pub(super) fn lift_line_comment(&mut self) {
        if self.notes.is_none() || self.cursor.is_break(0) {
            return;
        }
        let kinds = [1, 0].map(|back| self.token_before(back).map(|(kind, _)| kind));
        let Mark { byte, line, .. } = self.cursor.mark();
        let Some(note) = self.notes.as_mut().and_then(|notes| notes.list.back_mut()) else { return };
        if kinds == [Some(Kind::BlockSequenceStart), Some(Kind::BlockEntry)] && note.place == Place::Line {
            note.place = Place::Head;
            if note.start.line + 1 == line {
                note.token = byte;
            }
        }
    }

    /// Up to where comments belong to the end of the block of the current indentation: the comments in its own column are
    /// its content.
    pub(super) fn reach_of_end(&self, reach: usize) -> usize {
        let (mut reach, mut stop) = (reach, reach);
        for note in self.notes.iter().flat_map(|notes| notes.list.iter().rev()) {
            if note.scanned.1 < stop {
                break;
            }
            if isize::try_from(note.start.column).is_ok_and(|column| column == self.indent + 1) {
                reach = note.start.byte;
            }
            stop = note.scanned.0;
        }
        reach
    }

    /// Notes the comment that starts here and those on the lines that follow; `from` is where the way to here began.
    pub(super) fn note_comments(&mut self, from: Mark) {
        if self.notes.is_none() {
            return;
        }
        let found = Lines::new(self, from).read();
        if let Some(notes) = &mut self.notes {
            notes.list.extend(found);
        }
    }
}

/// Reads lines of comment: which of them belong to what is before them, which to what follows.
struct Lines<'s, 'a> {
    scanner: &'s Scanner<'a>,
    found: Vec<Note>,
    /// The lines of the current note.
    text: String,
    start: Start,
    /// The token of the next note that belongs to something before it.
    token: usize,
    /// Whether that token is a `:`.
    is_value: bool,
    from: usize,
    /// The line on which a comment still belongs to what is before it.
    foot_line: Option<usize>,
    /// The column of the block around.
    indent: usize,
    /// After the last comment: its offset and line.
    at: usize,
    at_line: usize,
    /// Where the reading is.
    line: usize,
    column: usize,
    was_empty: bool,
    is_first_empty: bool,
}

impl<'s, 'a> Lines<'s, 'a> {
    fn new(scanner: &'s Scanner<'a>, from: Mark) -> Self {
        let token = scanner.token_before(0).filter(|&(kind, _)| kind != Kind::FlowEntry);
        let token = token.or_else(|| scanner.token_before(1)).or_else(|| scanner.token_before(0));
        let (kind, token) = token.unwrap_or((Kind::StreamStart, 0));
        let (mark, breaks) = (scanner.cursor.mark(), scanner.cursor.breaks);
        let below = usize::from(breaks == 0 && mark.column > 1);
        Self {
            scanner,
            found: Vec::new(),
            text: String::new(),
            start: Start::default(),
            token,
            is_value: kind == Kind::Value,
            from: from.byte,
            foot_line: (from.line > 0).then(|| (mark.line + 1 + below).saturating_sub(breaks)),
            indent: usize::try_from(scanner.indent).unwrap_or(0),
            at: mark.byte,
            at_line: mark.line,
            line: mark.line,
            column: mark.column,
            was_empty: false,
            is_first_empty: breaks <= 1,
        }
    }

    fn read(mut self) -> Vec<Note> {
        let mut ahead = 0;
        while ahead < AHEAD {
            self.column += 1;
            let at = self.at + ahead;
            let byte = self.scanner.cursor.byte_at(at);
            let closes = self.scanner.flow > 0 && matches!(byte, b']' | b'}');
            let is_break = self.scanner.cursor.is_break_at(at);
            if is_blank(byte) {
                ahead += 1;
                continue;
            }
            if closes || is_break || byte == 0 {
                self.end_of_lines(at, closes, byte == 0);
                if !is_break {
                    break;
                }
                (self.is_first_empty, self.was_empty) = (false, true);
                (self.column, self.line) = (0, self.line + 1);
                ahead += 1;
                continue;
            }
            if !self.text.is_empty() && self.column <= self.indent && self.column != self.start.column {
                self.foot(at);
            }
            if byte != b'#' {
                break;
            }
            self.comment(at);
            // The line break after it is passed over.
            ahead = 1;
        }
        if !self.text.is_empty() {
            let end = (self.at + ahead).saturating_sub(1);
            let (text, start) = (self.text, self.start);
            let note = Note { place: Place::Head, text, token: start.byte, start, scanned: (self.from, end) };
            self.found.push(note);
        }
        self.found
    }

    /// An empty line, a bracket that closes, or the end.
    fn end_of_lines(&mut self, at: usize, closes: bool, is_end: bool) {
        if self.was_empty && !closes {
            return;
        }
        let is_dedented = self.start.column <= self.indent;
        let is_below = self.foot_line == Some(self.start.line) && !self.is_value;
        if closes || self.is_first_empty && (is_below || is_dedented) {
            if !self.text.is_empty() {
                if is_dedented {
                    self.token = self.start.byte;
                }
                self.foot(at);
            }
        } else if !self.text.is_empty() && !is_end {
            self.text.push('\n');
        }
    }

    /// Ends the current note: it belongs to what is before it.
    fn foot(&mut self, at: usize) {
        let (text, start) = (std::mem::take(&mut self.text), self.start);
        self.found.push(Note { place: Place::Foot, text, token: self.token, start, scanned: (self.from, at) });
        (self.from, self.token) = (at, at);
    }

    fn comment(&mut self, at: usize) {
        if self.text.is_empty() {
            self.start = Start { byte: at, line: self.line, column: self.column };
        } else {
            self.text.push('\n');
        }
        let cursor = &self.scanner.cursor;
        let line = cursor.line_from(at);
        self.text.push_str(line);
        self.at_line += (self.at..at).filter(|&byte| cursor.is_break_at(byte)).count();
        self.at = at + line.len();
        (self.column, self.line, self.was_empty) = (0, self.at_line, false);
    }
}

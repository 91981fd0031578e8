//! Comments of events: go-yaml v3 gives each event those that the tokens up to it brought.

use super::Grammar;
use crate::branch::Comments;
use crate::parse::scan::{Kind, Place, Result};

/// Comments on their way from tokens to events.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pending: Comments,
    /// What is above the `-` before a collection.
    stem: String,
    /// Those of the last event.
    event: Comments,
}

impl Grammar<'_> {
    /// Keeps the comments of events from now on.
    pub(in super::super) fn with_comments(mut self) -> Self {
        self.scanner.keep_notes();
        self.ledger = Some(Box::default());
        self
    }

    /// The comments of the last event.
    pub(in super::super) fn comments(&mut self) -> Comments {
        self.ledger.as_mut().map(|ledger| std::mem::take(&mut ledger.event)).unwrap_or_default()
    }

    /// Takes the comments of the token that was peeked at.
    pub(super) fn collect_notes(&mut self) {
        let Some(ledger) = &mut self.ledger else { return };
        while let Some(note) = self.scanner.take_note() {
            let text = match note.place {
                Place::Head => &mut ledger.pending.head,
                Place::Line => &mut ledger.pending.line,
                Place::Foot => &mut ledger.pending.foot,
            };
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&note.text);
        }
    }

    /// Gives the event all comments so far.
    pub(super) fn claim_notes(&mut self) {
        if let Some(ledger) = &mut self.ledger {
            ledger.event = std::mem::take(&mut ledger.pending);
            ledger.stem.clear();
        }
    }

    /// Gives a collection after a `-` what is above the `-`.
    pub(super) fn claim_stem(&mut self) {
        if let Some(ledger) = &mut self.ledger {
            ledger.event = Comments { head: std::mem::take(&mut ledger.stem), ..Comments::default() };
        }
    }

    /// Takes a `-`; what is above it belongs to the collection after it, if it is one.
    pub(super) fn take_dash(&mut self) -> Result<()> {
        let above = self.ledger.as_ref().map_or(0, |ledger| ledger.pending.head.len());
        self.take();
        if above == 0 || !matches!(self.peek()?.kind, Kind::BlockSequenceStart | Kind::BlockMappingStart) {
            return Ok(());
        }
        if let Some(ledger) = &mut self.ledger {
            let behind = ledger.pending.head.get(above + 1..).unwrap_or_default().to_owned();
            ledger.stem = std::mem::replace(&mut ledger.pending.head, behind);
            ledger.stem.truncate(above);
        }
        Ok(())
    }

    /// Gives the start of a document without `---` the comments above the last empty line before its content.
    pub(super) fn claim_header(&mut self) {
        let Some(ledger) = &mut self.ledger else { return };
        let head = &mut ledger.pending.head;
        let split = match head.strip_suffix('\n').filter(|header| !header.is_empty()) {
            Some(header) => Some((header.to_owned(), String::new())),
            None => head.rsplit_once("\n\n").map(|(header, rest)| (header.to_owned(), rest.to_owned())),
        };
        if let Some((header, rest)) = split {
            *head = rest;
            ledger.event = Comments { head: header, ..Comments::default() };
        }
    }

    /// Gives the end of a document the comments that are left.
    pub(super) fn claim_last_notes(&mut self) {
        self.claim_notes();
        if let Some(Comments { head, foot, .. }) = self.ledger.as_mut().map(|ledger| &mut ledger.event)
            && foot.is_empty()
        {
            *foot = std::mem::take(head);
        }
    }
}

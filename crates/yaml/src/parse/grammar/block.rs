//! Block sequences and mappings.

use super::{Event, Grammar, State};
use crate::parse::scan::{Kind, Mistake, Result};

impl Grammar<'_> {
    pub(super) fn block_entry(&mut self) -> Result<Event> {
        let next = self.peek()?;
        match next.kind {
            Kind::BlockEntry => {
                self.take_dash()?;
                let is_absent = matches!(self.peek()?.kind, Kind::BlockEntry | Kind::BlockEnd);
                self.value_or_absent(is_absent, State::BlockEntry, false)
            }
            Kind::BlockEnd => Ok(self.close()),
            _ => self.misfit(Mistake::ExpectedEntry, next.start),
        }
    }

    /// A sequence whose dashes are in the column of its key has no end of its own.
    pub(super) fn indentless_entry(&mut self) -> Result<Event> {
        if self.peek()?.kind != Kind::BlockEntry {
            self.leave();
            return Ok(Event::End(self.end));
        }
        self.take_dash()?;
        let next = self.peek()?.kind;
        let is_absent = matches!(next, Kind::BlockEntry | Kind::Key | Kind::Value | Kind::BlockEnd);
        self.value_or_absent(is_absent, State::IndentlessEntry, false)
    }

    pub(super) fn block_key(&mut self) -> Result<Event> {
        let next = self.peek()?;
        match next.kind {
            Kind::Key => {
                self.take();
                let is_absent = self.is_entry_over()?;
                self.value_or_absent(is_absent, State::BlockValue, true)
            }
            Kind::BlockEnd => {
                self.claim_notes();
                Ok(self.close())
            }
            _ => self.misfit(Mistake::ExpectedKey, next.start),
        }
    }

    pub(super) fn block_value(&mut self) -> Result<Event> {
        if self.peek()?.kind != Kind::Value {
            self.state = State::BlockKey;
            return Ok(self.absent());
        }
        self.take();
        let is_absent = self.is_entry_over()?;
        self.value_or_absent(is_absent, State::BlockKey, true)
    }

    fn is_entry_over(&mut self) -> Result<bool> {
        Ok(matches!(self.peek()?.kind, Kind::Key | Kind::Value | Kind::BlockEnd))
    }

    fn value_or_absent(&mut self, is_absent: bool, then: State, may_lack_indent: bool) -> Result<Event> {
        if is_absent {
            self.state = then;
            return Ok(self.absent());
        }
        self.enter(then, true, may_lack_indent)
    }
}

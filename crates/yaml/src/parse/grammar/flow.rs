//! Flow sequences and mappings.

use super::{Event, Grammar, Peeked, Properties, State};
use crate::parse::scan::{Kind, Mistake, Result};

impl Grammar<'_> {
    pub(super) fn flow_entry(&mut self, is_first: bool) -> Result<Event> {
        let next = self.behind_comma(is_first, Kind::SequenceEnd)?;
        match next.kind {
            Kind::SequenceEnd => {
                self.claim_notes();
                Ok(self.close())
            }
            Kind::Key => {
                self.take();
                self.state = State::PairKey;
                Ok(Event::MappingStart(Properties::default(), None, true))
            }
            _ => self.enter(State::FlowEntry(false), false, false),
        }
    }

    /// The token after the `,` between two items.
    fn behind_comma(&mut self, is_first: bool, end: Kind) -> Result<Peeked> {
        let next = self.peek()?;
        if is_first || next.kind == end {
            return Ok(next);
        }
        if next.kind != Kind::FlowEntry {
            return self.misfit(Mistake::ExpectedBracket, next.start);
        }
        self.take();
        self.peek()
    }

    /// go-yaml loses the token after an absent key: `[? : a]` is `a` without a key, `[?]` is not closed.
    pub(super) fn pair_key(&mut self) -> Result<Event> {
        if !matches!(self.peek()?.kind, Kind::Value | Kind::FlowEntry | Kind::SequenceEnd) {
            return self.enter(State::PairValue, false, false);
        }
        let absent = self.absent();
        self.take();
        self.state = State::PairValue;
        Ok(absent)
    }

    pub(super) fn pair_value(&mut self) -> Result<Event> {
        self.value_in_flow(State::PairEnd, Kind::SequenceEnd)
    }

    pub(super) fn flow_key(&mut self, is_first: bool) -> Result<Event> {
        let next = self.behind_comma(is_first, Kind::MappingEnd)?;
        match next.kind {
            Kind::MappingEnd => {
                self.claim_notes();
                return Ok(self.close());
            }
            Kind::Key => drop(self.take()),
            _ => return self.enter(State::FlowNoValue, false, false),
        }
        if matches!(self.peek()?.kind, Kind::Value | Kind::FlowEntry | Kind::MappingEnd) {
            self.state = State::FlowValue;
            return Ok(self.absent());
        }
        self.enter(State::FlowValue, false, false)
    }

    pub(super) fn flow_value(&mut self) -> Result<Event> {
        self.value_in_flow(State::FlowKey(false), Kind::MappingEnd)
    }

    fn value_in_flow(&mut self, then: State, end: Kind) -> Result<Event> {
        if self.peek()?.kind == Kind::Value {
            self.take();
            let next = self.peek()?.kind;
            if next != Kind::FlowEntry && next != end {
                return self.enter(then, false, false);
            }
        }
        self.state = then;
        Ok(self.absent())
    }
}

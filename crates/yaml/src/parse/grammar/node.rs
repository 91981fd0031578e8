//! One value with its properties.

use smol_str::{SmolStr, format_smolstr};

use super::{Event, Grammar, Properties, State};
use crate::parse::scan::{Failure, Kind, Mistake, Result, Token};
use crate::{Style, Tag};

impl Grammar<'_> {
    /// `may_lack_indent`: a sequence may be here whose dashes are not indented.
    pub(super) fn node(&mut self, is_block: bool, may_lack_indent: bool) -> Result<Event> {
        let first = self.peek()?;
        if first.kind == Kind::Alias {
            self.leave();
            self.claim_notes();
            let alias = self.take();
            return Ok(alias.map_or(Event::StreamEnd, |alias| Event::Alias(alias.text, alias.start..alias.end)));
        }
        let properties = self.properties()?;
        let next = self.peek()?;
        match next.kind {
            Kind::BlockEntry if may_lack_indent => {
                self.state = State::IndentlessEntry;
                Ok(Event::SequenceStart(properties, next.start, false))
            }
            Kind::Scalar(style) => Ok(self.scalar(properties, style)),
            Kind::SequenceStart => {
                self.claim_notes();
                self.open(next.start, State::FlowEntry(true));
                Ok(Event::SequenceStart(properties, next.start, true))
            }
            Kind::MappingStart => {
                self.claim_notes();
                self.open(next.start, State::FlowKey(true));
                Ok(Event::MappingStart(properties, Some(next.start), true))
            }
            Kind::BlockSequenceStart if is_block => {
                self.claim_stem();
                self.open(next.start, State::BlockEntry);
                Ok(Event::SequenceStart(properties, next.start, false))
            }
            Kind::BlockMappingStart if is_block => {
                self.claim_stem();
                self.open(next.start, State::BlockKey);
                Ok(Event::MappingStart(properties, None, false))
            }
            _ if properties.anchor.is_some() || properties.tag.is_some() => {
                self.leave();
                Ok(Event::Scalar(properties, SmolStr::default(), Style::Plain, self.end..self.end))
            }
            _ => Err(Failure::new(Mistake::NodeContent, first.start, next.start)),
        }
    }

    fn scalar(&mut self, properties: Properties, style: Style) -> Event {
        self.leave();
        self.claim_notes();
        match self.take() {
            Some(scalar) => Event::Scalar(properties, scalar.text, style, scalar.start..scalar.end),
            None => Event::StreamEnd,
        }
    }

    /// An anchor and a tag, in any order.
    fn properties(&mut self) -> Result<Properties> {
        let mut properties = Properties::default();
        loop {
            match self.peek()?.kind {
                Kind::Anchor if properties.anchor.is_none() => properties.anchor = self.take().map(|token| token.text),
                Kind::Tag if properties.tag.is_none() => {
                    properties.tag = self.take().map(|token| self.resolved(&token)).transpose()?;
                }
                _ => return Ok(properties),
            }
        }
    }

    /// A tag with the prefix of its handle.
    fn resolved(&self, tag: &Token) -> Result<Tag> {
        if tag.text.is_empty() {
            return Ok(tag.suffix.clone().into());
        }
        let unknown = Failure::new(Mistake::UnknownHandle, tag.start, tag.start);
        self.prefix(&tag.text).map(|prefix| format_smolstr!("{prefix}{}", tag.suffix).into()).ok_or(unknown)
    }
}

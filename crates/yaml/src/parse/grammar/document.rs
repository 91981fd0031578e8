//! Documents and their directives.

use smol_str::SmolStr;

use super::{Event, Grammar, State};
use crate::parse::scan::{Failure, Kind, Mistake, Result};

impl Grammar<'_> {
    /// Without `---` a document may only be the first.
    pub(super) fn document_start(&mut self, is_first: bool) -> Result<Event> {
        while !is_first && self.peek()?.kind == Kind::DocumentEnd {
            self.take();
        }
        let next = self.peek()?;
        match next.kind {
            Kind::StreamEnd => {
                self.state = State::End;
                return Ok(Event::StreamEnd);
            }
            Kind::Version(..) | Kind::TagDirective | Kind::DocumentStart => {}
            _ if is_first => {
                self.directives()?;
                self.states.push(State::DocumentEnd);
                self.state = State::BlockNode;
                self.claim_header();
                return Ok(Event::DocumentStart(None));
            }
            _ => {}
        }
        self.directives()?;
        let marker = self.peek()?;
        if marker.kind != Kind::DocumentStart {
            return Err(Failure::new(Mistake::DocumentStart, next.start, marker.start));
        }
        self.take();
        self.states.push(State::DocumentEnd);
        self.state = State::DocumentContent;
        Ok(Event::DocumentStart(Some(next.start)))
    }

    /// Directives, and the handles that every document knows.
    fn directives(&mut self) -> Result<()> {
        let mut has_version = false;
        loop {
            let next = self.peek()?;
            match next.kind {
                Kind::Version(major, minor) if !has_version && (major, minor) == (1, 1) => {
                    has_version = true;
                    self.take();
                }
                Kind::Version(..) => return Err(Failure::new(Mistake::Directive, next.start, next.start)),
                Kind::TagDirective => {
                    let Some(token) = self.take() else { break };
                    if self.prefix(&token.text).is_some() {
                        return Err(Failure::new(Mistake::Directive, next.start, next.start));
                    }
                    self.handles.push((token.text, token.suffix));
                }
                _ => break,
            }
        }
        for (handle, prefix) in [("!", "!"), ("!!", "tag:yaml.org,2002:")] {
            if self.prefix(handle).is_none() {
                self.handles.push((SmolStr::new_static(handle), SmolStr::new_static(prefix)));
            }
        }
        Ok(())
    }

    /// What a tag handle stands for.
    pub(super) fn prefix(&self, handle: &str) -> Option<&SmolStr> {
        self.handles.iter().find(|(known, _)| known == handle).map(|(_, prefix)| prefix)
    }

    pub(super) fn document_content(&mut self) -> Result<Event> {
        match self.peek()?.kind {
            Kind::Version(..) | Kind::TagDirective | Kind::DocumentStart | Kind::DocumentEnd | Kind::StreamEnd => {
                self.leave();
                Ok(self.absent())
            }
            _ => self.node(true, false),
        }
    }

    pub(super) fn document_end(&mut self) -> Result<Event> {
        let next = self.peek()?;
        if next.kind == Kind::DocumentEnd {
            self.take();
        }
        self.claim_last_notes();
        self.handles.clear();
        self.state = State::DocumentStart(false);
        Ok(Event::DocumentEnd(next.start))
    }
}

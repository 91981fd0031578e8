//! Keys without `?`: what may turn out to be one when a `:` follows.

use std::collections::VecDeque;

use super::{Failure, Mark, Mistake, Result};

/// A key ends on its line and within so many characters.
const MAX_KEY: usize = 1024;

/// What may be a key, one for each open bracket and one outside.
#[derive(Clone, Copy, Default)]
struct Candidate {
    is_possible: bool,
    /// It stands where only a key can.
    is_required: bool,
    /// The number of its first token.
    token: usize,
    mark: Mark,
}

pub(super) struct Keys {
    levels: Vec<Candidate>,
    /// The levels of candidates by token. go-yaml forgets here what an empty pair of brackets starts with (`[?]: x`).
    by_token: VecDeque<(usize, usize)>,
    /// A key may start at the place.
    pub(super) allowed: bool,
}

impl Default for Keys {
    fn default() -> Self {
        Self { levels: vec![Candidate::default()], by_token: VecDeque::new(), allowed: true }
    }
}

impl Keys {
    /// Whether a token, the head of the queue, may still become a key.
    pub(super) fn is_possible(&mut self, token: usize, here: &Mark) -> Result<bool> {
        while self.by_token.front().is_some_and(|&(known, _)| known < token) {
            self.by_token.pop_front();
        }
        match self.by_token.front() {
            Some(&(known, level)) if known == token => match self.levels.get_mut(level) {
                Some(candidate) => candidate.is_valid(here),
                None => Ok(false),
            },
            _ => Ok(false),
        }
    }

    /// Remembers that a key may start with a token.
    pub(super) fn save(&mut self, token: usize, mark: Mark, is_required: bool) -> Result<()> {
        if !self.allowed {
            return Ok(());
        }
        self.forget()?;
        let level = self.levels.len().saturating_sub(1);
        if let Some(last) = self.levels.last_mut() {
            *last = Candidate { is_possible: true, is_required, token, mark };
        }
        self.unlist(token);
        self.by_token.push_back((token, level));
        Ok(())
    }

    /// Gives up the candidate of the innermost bracket.
    pub(super) fn forget(&mut self) -> Result<()> {
        let Some(last) = self.levels.last_mut().filter(|last| last.is_possible) else { return Ok(()) };
        if last.is_required {
            return Err(last.without_colon(last.mark.byte));
        }
        last.is_possible = false;
        let token = last.token;
        self.unlist(token);
        Ok(())
    }

    /// The candidate that a `:` makes a key: the number of its token and its place.
    pub(super) fn take(&mut self, here: &Mark) -> Result<Option<(usize, Mark)>> {
        let Some(last) = self.levels.last_mut() else { return Ok(None) };
        if !last.is_valid(here)? {
            return Ok(None);
        }
        last.is_possible = false;
        let (token, mark) = (last.token, last.mark);
        self.unlist(token);
        Ok(Some((token, mark)))
    }

    /// A bracket opens with a token.
    pub(super) fn open(&mut self, token: usize) {
        self.levels.push(Candidate { token, ..Candidate::default() });
    }

    pub(super) fn close(&mut self) {
        if let Some(last) = self.levels.pop() {
            self.unlist(last.token);
        }
    }

    fn unlist(&mut self, token: usize) {
        if let Some(index) = self.by_token.iter().rposition(|&(known, _)| known == token) {
            self.by_token.remove(index);
        }
    }
}

impl Candidate {
    fn is_valid(&mut self, here: &Mark) -> Result<bool> {
        if !self.is_possible {
            return Ok(false);
        }
        if self.mark.line == here.line && self.mark.index + MAX_KEY >= here.index {
            return Ok(true);
        }
        if self.is_required {
            return Err(self.without_colon(here.byte));
        }
        self.is_possible = false;
        Ok(false)
    }

    fn without_colon(&self, at: usize) -> Failure {
        Failure::new(Mistake::NoColon, self.mark.byte, at)
    }
}

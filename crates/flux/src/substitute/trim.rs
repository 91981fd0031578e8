//! `#`, `##`, `%` and `%%`: prefixes and suffixes by glob, with the matcher that Flux uses (Go's `path.Match`, whose `*`
//! crosses `/` here and which does not go back after a `*` once something matched).

use super::error::Failure;
use super::function::{first_char, lossy};

/// Which of several matches counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Match {
    Shortest,
    Longest,
}

/// The value without the prefix that matches; unchanged where none does or the pattern is none.
/// Each comparison takes one of `steps`.
pub(super) fn prefix(value: &[u8], pattern: &[u8], which: Match, steps: &mut usize) -> Result<Vec<u8>, Failure> {
    let mut matcher = Matcher { steps };
    let mut found = 0;
    for end in (1..=value.len()).rev() {
        match matcher.matches(pattern, value.get(..end).unwrap_or_default()) {
            Ok(true) => found = end,
            Ok(false) => continue,
            Err(Stop::BadPattern) => return Ok(value.to_vec()),
            Err(Stop::TooLong) => return Err(Failure::TooLarge),
        }
        if which == Match::Longest {
            break;
        }
    }
    Ok(value.get(found..).unwrap_or_default().to_vec())
}

/// The value without the suffix that matches: value and pattern are reversed, so that sets and escapes do not work.
pub(super) fn suffix(value: &str, pattern: &[u8], which: Match, steps: &mut usize) -> Result<Vec<u8>, Failure> {
    let reverse = |text: &str| text.chars().rev().collect::<String>();
    let rest = prefix(reverse(value).as_bytes(), reverse(&lossy(pattern)).as_bytes(), which, steps)?;
    Ok(reverse(&lossy(&rest)).into())
}

enum Stop {
    BadPattern,
    TooLong,
}

struct Matcher<'a> {
    steps: &'a mut usize,
}

impl Matcher<'_> {
    fn pay(&mut self, steps: usize) -> Result<(), Stop> {
        *self.steps = self.steps.checked_sub(steps).ok_or(Stop::TooLong)?;
        Ok(())
    }

    /// Whether a pattern matches all of a name.
    fn matches(&mut self, mut pattern: &[u8], mut name: &[u8]) -> Result<bool, Stop> {
        while !pattern.is_empty() {
            let (star, chunk, rest) = next_chunk(pattern);
            self.pay(pattern.len() - rest.len())?;
            pattern = rest;
            if star && chunk.is_empty() {
                return Ok(true);
            }
            let is_last = pattern.is_empty();
            match self.chunk(chunk, name)? {
                Some(left) if left.is_empty() || !is_last => name = left,
                _ if star => match self.behind_star(chunk, name, is_last)? {
                    Some(left) => name = left,
                    None => return Ok(false),
                },
                _ => return Ok(false),
            }
        }
        Ok(name.is_empty())
    }

    /// What is left where a chunk matches after skipped bytes.
    fn behind_star<'n>(&mut self, chunk: &[u8], name: &'n [u8], is_last: bool) -> Result<Option<&'n [u8]>, Stop> {
        for skipped in 1..=name.len() {
            match self.chunk(chunk, name.get(skipped..).unwrap_or_default())? {
                Some(left) if is_last && !left.is_empty() => {}
                Some(left) => return Ok(Some(left)),
                None => {}
            }
        }
        Ok(None)
    }

    /// What is left of a name where a chunk (literals, sets, `?`) matches its beginning.
    fn chunk<'n>(&mut self, mut chunk: &[u8], mut name: &'n [u8]) -> Result<Option<&'n [u8]>, Stop> {
        while let Some((&first, rest)) = chunk.split_first() {
            self.pay(1)?;
            let Some((c, width)) = first_char(name) else { return Ok(None) };
            let wanted = match first {
                b'[' => {
                    let (matched, behind) = set(rest, c)?;
                    self.pay(rest.len() - behind.len())?;
                    (chunk, name) = (behind, name.get(width..).unwrap_or_default());
                    if !matched {
                        return Ok(None);
                    }
                    continue;
                }
                b'?' => {
                    (chunk, name) = (rest, name.get(width..).unwrap_or_default());
                    continue;
                }
                b'\\' => rest.split_first().ok_or(Stop::BadPattern)?,
                _ => (&first, rest),
            };
            if name.first() != Some(wanted.0) {
                return Ok(None);
            }
            (chunk, name) = (wanted.1, name.get(1..).unwrap_or_default());
        }
        Ok(Some(name))
    }
}

/// The stars before a chunk, the chunk up to the next star, and the rest.
fn next_chunk(pattern: &[u8]) -> (bool, &[u8], &[u8]) {
    let stars = pattern.iter().take_while(|&&byte| byte == b'*').count();
    let pattern = pattern.get(stars..).unwrap_or_default();
    let (mut in_set, mut at) = (false, 0);
    while let Some(&byte) = pattern.get(at) {
        match byte {
            b'\\' if at + 1 < pattern.len() => at += 1,
            b'[' => in_set = true,
            b']' => in_set = false,
            b'*' if !in_set => break,
            _ => {}
        }
        at += 1;
    }
    let (chunk, rest) = pattern.split_at(at.min(pattern.len()));
    (stars > 0, chunk, rest)
}

/// Whether a set (after its `[`) holds a character, and what follows it.
fn set(pattern: &[u8], c: char) -> Result<(bool, &[u8]), Stop> {
    let negated = pattern.first() == Some(&b'^');
    let mut pattern = if negated { pattern.get(1..).unwrap_or_default() } else { pattern };
    let (mut matched, mut ranges) = (false, 0);
    loop {
        if ranges > 0 && pattern.first() == Some(&b']') {
            return Ok((matched != negated, pattern.get(1..).unwrap_or_default()));
        }
        let (low, rest) = member(pattern)?;
        let (high, rest) = match rest.split_first() {
            Some((b'-', behind)) => member(behind)?,
            _ => (low, rest),
        };
        matched |= low <= c && c <= high;
        ranges += 1;
        pattern = rest;
    }
}

/// A character of a set; something must come after it.
fn member(pattern: &[u8]) -> Result<(char, &[u8]), Stop> {
    if matches!(pattern.first(), None | Some(b'-' | b']')) {
        return Err(Stop::BadPattern);
    }
    let pattern = pattern.strip_prefix(b"\\").unwrap_or(pattern);
    let (c, width) = first_char(pattern).ok_or(Stop::BadPattern)?;
    let rest = pattern.get(width..).unwrap_or_default();
    let is_broken = c == '\u{fffd}' && width == 1;
    if rest.is_empty() || is_broken { Err(Stop::BadPattern) } else { Ok((c, rest)) }
}

//! Quotes and items of lists, which may be in each other.

use std::ops::Range;

use super::line::{fence, heading_level, indent, is_rule, without_indent};

/// What is deeper is text of the innermost container.
pub(super) const MAX_DEPTH: usize = 32;

/// Numbers of items have no more digits.
const MAX_DIGITS: usize = 9;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Container {
    Quote,
    /// An item whose content is indented by so many columns.
    Item(usize),
}

/// The containers that are open, outermost first.
#[derive(Default)]
pub(super) struct Containers {
    open: Vec<Container>,
}

impl Containers {
    /// How many are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// How many of the open containers a line belongs to, and what is after their markers.
    pub(super) fn enter(&self, text: &str, line: Range<usize>) -> (usize, Range<usize>) {
        let (mut matched, mut rest) = (0, line);
        for container in &self.open {
            let content = text.get(rest.clone()).unwrap_or_default();
            match container {
                Container::Quote => match after_quote(content) {
                    Some(cut) => rest.start += cut,
                    None => break,
                },
                Container::Item(columns) if indent(content) >= *columns => rest = without_indent(text, rest, *columns),
                Container::Item(_) if content.trim().is_empty() => {}
                Container::Item(_) => break,
            }
            matched += 1;
        }
        (matched, rest)
    }

    /// Closes the containers that a line does not belong to, and opens those that begin on it. The next line of a paragraph
    /// (`lazy`) may leave out the markers.
    pub(super) fn open(&mut self, text: &str, matched: usize, line: Range<usize>, lazy: bool) -> Opened {
        let mut opened = Opened { rest: line, is_item: false, is_changed: false };
        let content = |rest: &Range<usize>| text.get(rest.clone()).unwrap_or_default();
        let first = content(&opened.rest);
        let interrupts = first.trim().is_empty()
            || begins(first).is_some()
            || fence(first).is_some()
            || heading_level(first.trim()).is_some();
        if !lazy || interrupts {
            opened.is_changed = self.open.len() > matched;
            self.open.truncate(matched);
        }
        while self.open.len() < MAX_DEPTH {
            let Some((container, cut)) = begins(content(&opened.rest)) else { break };
            self.open.push(container);
            opened.is_changed = true;
            opened.is_item |= container != Container::Quote;
            opened.rest.start += cut;
        }
        opened
    }
}

/// What a line opens.
pub(super) struct Opened {
    /// What is after the markers.
    pub rest: Range<usize>,
    pub is_item: bool,
    /// A container begins or ends here.
    pub is_changed: bool,
}

/// The container that begins at a line, and the length of its marker.
fn begins(line: &str) -> Option<(Container, usize)> {
    if indent(line) >= 4 {
        return None;
    }
    let quote = after_quote(line).map(|cut| (Container::Quote, cut));
    quote.or_else(|| item(line).map(|(columns, cut)| (Container::Item(columns), cut)))
}

/// The length of `> ` at the beginning of a line.
fn after_quote(line: &str) -> Option<usize> {
    let content = line.trim_start_matches([' ', '\t']);
    let after = content.strip_prefix('>').filter(|_| indent(line) < 4)?;
    Some(line.len() - after.len() + usize::from(after.starts_with(' ')))
}

/// The columns of the content of an item, and the length of what is before it.
fn item(line: &str) -> Option<(usize, usize)> {
    let content = line.trim_start_matches([' ', '\t']);
    if is_rule(content) {
        return None;
    }
    let digits = content.bytes().take(MAX_DIGITS + 1).take_while(u8::is_ascii_digit).count();
    let marker = match content.as_bytes().get(digits) {
        Some(b'-' | b'+' | b'*') if digits == 0 => 1,
        Some(b'.' | b')') if (1..=MAX_DIGITS).contains(&digits) => digits + 1,
        _ => return None,
    };
    let after = content.get(marker..)?;
    if !after.is_empty() && !after.starts_with([' ', '\t']) {
        return None;
    }
    let before = line.len() - content.len();
    let blanks = indent(after);
    // Code in an item is indented from the first column after the marker.
    let spaces = if (1..=4).contains(&blanks) { after.len() - after.trim_start_matches([' ', '\t']).len() } else { 1 };
    let columns = if (1..=4).contains(&blanks) { blanks } else { 1 };
    Some((indent(line) + marker + columns, (before + marker + spaces).min(line.len())))
}

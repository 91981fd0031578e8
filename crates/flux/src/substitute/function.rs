//! What envsubst's operators do with a value. Go counts in bytes, and so do these.

use super::error::Failure;

/// The text with its first character changed.
pub(super) fn first(value: &str, change: fn(char) -> char) -> String {
    let mut chars = value.chars();
    chars.next().map(change).into_iter().chain(chars).collect()
}

/// Go's `unicode.ToUpper`: always one character, so `ß` stays.
pub(super) fn upper(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(only), None) => only,
        _ => match c {
            '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => {
                char::from_u32(u32::from(c) + 8).unwrap_or(c)
            }
            '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => char::from_u32(u32::from(c) + 9).unwrap_or(c),
            _ => c,
        },
    }
}

/// Go's `unicode.ToLower`: always one character.
pub(super) fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// The bytes from a position on, of a length; negative ones count from the end. What is not a number leaves the value whole.
pub(super) fn substring<'a>(value: &'a str, position: &[u8], length: Option<&[u8]>) -> &'a [u8] {
    let bytes = value.as_bytes();
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let Some(position) = number(position) else { return bytes };
    let start = if position < 0 { position.saturating_add(size).max(0) } else { position };
    let end = match length.map(number) {
        None => size,
        Some(None) => return bytes,
        Some(Some(length)) if length < 0 => size.saturating_add(length),
        Some(Some(length)) => start.saturating_add(length).min(size),
    };
    let index = |offset: i64| usize::try_from(offset).ok();
    index(start).zip(index(end)).and_then(|(start, end)| bytes.get(start..end)).unwrap_or_default()
}

fn number(text: &[u8]) -> Option<i64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// Replaces the first `most` places where `old` stands; an empty one is before each character and at the end.
pub(super) fn replace(value: &str, old: &[u8], new: &[u8], most: usize, limit: usize) -> Result<Vec<u8>, Failure> {
    let places: Vec<usize> = match std::str::from_utf8(old) {
        Ok(text) => value.match_indices(text).map(|(place, _)| place).take(most).collect(),
        Err(_) => places_of_bytes(value.as_bytes(), old, most)?,
    };
    if places.len().saturating_mul(new.len()) > limit {
        return Err(Failure::TooLarge);
    }
    let mut result = Vec::with_capacity(value.len());
    let mut copied = 0;
    for place in places {
        result.extend_from_slice(value.as_bytes().get(copied..place).unwrap_or_default());
        result.extend_from_slice(new);
        copied = place + old.len();
    }
    result.extend_from_slice(value.as_bytes().get(copied..).unwrap_or_default());
    Ok(result)
}

/// Where a piece of a character stands; such a pattern is short, or it is refused.
fn places_of_bytes(value: &[u8], old: &[u8], most: usize) -> Result<Vec<usize>, Failure> {
    if old.len() > 1000 {
        return Err(Failure::TooLarge);
    }
    let mut places = Vec::new();
    let mut at = 0;
    while at < value.len() && places.len() < most {
        let is_here = value.get(at..).is_some_and(|rest| rest.starts_with(old));
        if is_here {
            places.push(at);
        }
        at += if is_here { old.len() } else { 1 };
    }
    Ok(places)
}

/// Replaces a prefix; without a replacement nothing happens.
pub(super) fn replace_prefix(value: &str, old: &[u8], new: Option<&[u8]>) -> Vec<u8> {
    match (new, value.as_bytes().strip_prefix(old)) {
        (Some(new), Some(rest)) => [new, rest].concat(),
        _ => value.into(),
    }
}

/// Replaces a suffix; without a replacement nothing happens.
pub(super) fn replace_suffix(value: &str, old: &[u8], new: Option<&[u8]>) -> Vec<u8> {
    match (new, value.as_bytes().strip_suffix(old)) {
        (Some(new), Some(rest)) => [rest, new].concat(),
        _ => value.into(),
    }
}

/// The first character of some bytes and its width; a byte that is not UTF-8 is U+FFFD of width 1, as in Go.
pub(super) fn first_char(bytes: &[u8]) -> Option<(char, usize)> {
    let head = bytes.get(..bytes.len().min(4))?;
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(head.get(..error.valid_up_to())?).ok()?,
    };
    match valid.chars().next() {
        Some(c) => Some((c, c.len_utf8())),
        None => (!bytes.is_empty()).then_some(('\u{fffd}', 1)),
    }
}

/// The characters of some bytes, each byte that is not UTF-8 as U+FFFD.
pub(super) fn lossy(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut at = 0;
    while let Some((c, width)) = bytes.get(at..).and_then(first_char) {
        text.push(c);
        at += width;
    }
    text
}

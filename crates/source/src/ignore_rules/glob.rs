//! Go's `filepath.Match`, on which ignore rules rest: one segment of a pattern against one name.

/// The pattern is malformed as far as it was looked at. It then matches nothing more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BadPattern;

/// A pattern for one name. Nearly all are a name or an ending, which needs no search.
#[derive(Clone, Debug)]
pub(super) enum Glob {
    Name(Vec<u8>),
    /// `*` and what must end the name.
    Ending(Vec<u8>),
    General(Vec<u8>),
}

impl Glob {
    pub(super) fn new(pattern: &[u8]) -> Self {
        let is_plain = |text: &[u8]| !text.iter().any(|byte| b"*?[\\".contains(byte));
        match pattern.strip_prefix(b"*") {
            _ if is_plain(pattern) => Self::Name(pattern.to_vec()),
            Some(ending) if is_plain(ending) => Self::Ending(ending.to_vec()),
            _ => Self::General(pattern.to_vec()),
        }
    }

    /// Whether the pattern matches the whole of a name, which holds no `/`. `*`, `?`, `[a-z]`, `[^a]` and `\` as in Go:
    /// bytes outside classes, Unicode scalar values inside and for `?`.
    pub(super) fn matches(&self, name: &[u8]) -> Result<bool, BadPattern> {
        match self {
            Self::Name(own) => Ok(own == name),
            Self::Ending(ending) => Ok(name.ends_with(ending)),
            Self::General(pattern) => matches(pattern, name),
        }
    }
}

fn matches(pattern: &[u8], name: &[u8]) -> Result<bool, BadPattern> {
    let (mut pattern, mut name) = (pattern, name);
    while !pattern.is_empty() {
        let (star, chunk, rest) = next_chunk(pattern);
        if star && chunk.is_empty() {
            return Ok(true);
        }
        let Some(remaining) = place_chunk(star, chunk, rest.is_empty(), name)? else { return Ok(false) };
        (pattern, name) = (rest, remaining);
    }
    Ok(name.is_empty())
}

/// The text up to the next star, whether stars are before it, and what follows.
fn next_chunk(pattern: &[u8]) -> (bool, &[u8], &[u8]) {
    let stars = pattern.iter().take_while(|&&byte| byte == b'*').count();
    let pattern = pattern.get(stars..).unwrap_or_default();
    let mut in_class = false;
    let mut bytes = pattern.iter().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => _ = bytes.next(),
            b'[' => in_class = true,
            b']' => in_class = false,
            b'*' if !in_class => {
                let (chunk, rest) = pattern.split_at(at);
                return (stars > 0, chunk, rest);
            }
            _ => {}
        }
    }
    (stars > 0, pattern, &[])
}

/// What remains of the name after the first place where the chunk fits; the last chunk must reach the end.
fn place_chunk<'a>(star: bool, chunk: &[u8], last: bool, name: &'a [u8]) -> Result<Option<&'a [u8]>, BadPattern> {
    let skips = if star { name.len() } else { 0 };
    for skip in 0..=skips {
        let found = match_chunk(chunk, name.get(skip..).unwrap_or_default())?;
        if let Some(remaining) = found.filter(|remaining| !last || remaining.is_empty()) {
            return Ok(Some(remaining));
        }
    }
    Ok(None)
}

/// What remains of the name after a chunk. A chunk that does not fit is still read to its end for mistakes.
fn match_chunk<'a>(chunk: &[u8], name: &'a [u8]) -> Result<Option<&'a [u8]>, BadPattern> {
    let (mut chunk, mut name) = (chunk, name);
    let mut failed = false;
    while let Some((&first, rest)) = chunk.split_first() {
        failed = failed || name.is_empty();
        let (fits, width);
        match first {
            b'[' => {
                let (character, length) = decode(name);
                (fits, chunk) = match_class(rest, character)?;
                width = length;
            }
            b'?' => {
                (fits, chunk, width) = (true, rest, decode(name).1);
            }
            _ => {
                let escaped = if first == b'\\' { rest.split_first().ok_or(BadPattern)? } else { (&first, rest) };
                (fits, chunk, width) = (name.first() == Some(escaped.0), escaped.1, 1);
            }
        }
        failed = failed || !fits;
        name = name.get(width..).unwrap_or_default();
    }
    Ok(if failed { None } else { Some(name) })
}

/// Whether a character is of the class that starts after `[`, and what follows the class.
fn match_class(class: &[u8], character: char) -> Result<(bool, &[u8]), BadPattern> {
    let (negated, mut rest) = class.strip_prefix(b"^").map_or((false, class), |rest| (true, rest));
    let (mut found, mut ranges) = (false, 0);
    loop {
        if let Some(after) = rest.strip_prefix(b"]").filter(|_| ranges > 0) {
            return Ok((found != negated, after));
        }
        let low;
        (low, rest) = class_character(rest)?;
        let mut high = low;
        if let Some(after) = rest.strip_prefix(b"-") {
            (high, rest) = class_character(after)?;
        }
        found = found || (low..=high).contains(&character);
        ranges += 1;
    }
}

/// A character of a class, which something must follow.
fn class_character(class: &[u8]) -> Result<(char, &[u8]), BadPattern> {
    let class = match class.split_first().ok_or(BadPattern)? {
        (b'-' | b']', _) => return Err(BadPattern),
        (b'\\', rest) => rest,
        _ => class,
    };
    let (character, width) = decode(class);
    let rest = class.get(width..).unwrap_or_default();
    if rest.is_empty() || (character == char::REPLACEMENT_CHARACTER && width == 1) {
        return Err(BadPattern);
    }
    Ok((character, rest))
}

/// The first character and its length; U+FFFD of one byte where the bytes are not UTF-8, of none at the end.
fn decode(bytes: &[u8]) -> (char, usize) {
    let head = bytes.get(..4).unwrap_or(bytes);
    let valid = head.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next());
    valid.map_or((char::REPLACEMENT_CHARACTER, head.len().min(1)), |character| (character, character.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_as_go_does() {
        let cases: &[(&str, &str, Result<bool, BadPattern>)] = &[
            ("", "", Ok(true)),
            ("", "a", Ok(false)),
            ("*", "", Ok(true)),
            ("a*c", "abbc", Ok(true)),
            ("a*b*c", "axbxbc", Ok(true)),
            ("*.yaml", "x.yaml", Ok(true)),
            ("*.yaml", "x.yml", Ok(false)),
            ("a?c", "aéc", Ok(true)),
            ("a?", "a", Ok(false)),
            ("[a-c]x", "bx", Ok(true)),
            ("[^a-c]x", "bx", Ok(false)),
            ("[!a]", "b", Ok(false)),
            ("[à-é]", "ç", Ok(true)),
            ("\\*", "*", Ok(true)),
            ("[\\]]", "]", Ok(true)),
            ("[]a]", "a", Err(BadPattern)),
            ("[a", "a", Err(BadPattern)),
            ("[a-]", "a", Err(BadPattern)),
            ("a\\", "b", Err(BadPattern)),
            ("x*[", "y", Ok(false)),
            ("x[", "y", Err(BadPattern)),
            ("{a,b}", "a", Ok(false)),
        ];
        for (pattern, name, expected) in cases {
            let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
            assert_eq!(matches(pattern, name), *expected, "{}", pattern.escape_ascii());
            assert_eq!(Glob::new(pattern).matches(name), *expected, "{}", pattern.escape_ascii());
        }
    }
}

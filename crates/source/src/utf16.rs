//! Text in UTF-16 with a byte order mark, which Go's YAML parser reads, too.

/// The text after the mark; `None` without a mark.
///
/// # Errors
/// The offset of the first byte that belongs to no character.
pub(super) fn decode(bytes: &[u8]) -> Option<Result<String, usize>> {
    let unit = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return None,
    };
    let (pairs, rest) = bytes.as_chunks();
    let mut at = 2;
    let mut characters = char::decode_utf16(pairs.iter().skip(1).map(|pair| unit(*pair)));
    let text: Result<String, _> = characters.by_ref().map(|c| c.inspect(|c| at += 2 * c.len_utf16())).collect();
    Some(text.map_err(|_| at).and_then(|text| if rest.is_empty() { Ok(text) } else { Err(at) }))
}

//! Files in UTF-16 with a byte order mark, which go-yaml reads, too.

use super::{Span, Stream, parse, relocate};
use crate::source::FileId;

/// Parses a file in UTF-16: its first document, since kustomize finds no `---` line in it. `None` for other files.
///
/// # Errors
/// The offset of what is no character.
pub(super) fn utf16(bytes: &[u8], file: FileId) -> Option<Result<Stream, usize>> {
    let unit: fn([u8; 2]) -> u16 = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return None,
    };
    Some(decode(bytes, unit).map(|(text, places)| {
        let mut stream = parse::first(&text, file, parse::Dialect::V3);
        let offset = |at: u32| {
            let index = places.partition_point(|&(decoded, _)| decoded < at);
            places.get(index).map_or(u32::MAX, |&(_, original)| original)
        };
        let way = |span: Span| Some(Span { start: offset(span.start), end: offset(span.end), ..span });
        relocate::stream(&mut stream, &way);
        stream
    }))
}

/// The text, and for each character and the end its offset in the text and in the file.
fn decode(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<(String, Vec<(u32, u32)>), usize> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let (mut text, mut places) = (String::with_capacity(bytes.len() / 2), Vec::new());
    let mut at = 2;
    let offset = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    for c in char::decode_utf16(pairs.iter().skip(1).map(|&pair| unit(pair))) {
        let c = c.map_err(|_| at)?;
        places.push((offset(text.len()), offset(at)));
        text.push(c);
        at += 2 * c.len_utf16();
    }
    if !rest.is_empty() {
        return Err(at);
    }
    places.push((offset(text.len()), offset(at)));
    Ok((text, places))
}

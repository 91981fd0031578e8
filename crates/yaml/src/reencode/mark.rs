//! Characters as go-yaml's emitter sorts them.

/// A line break for the emitter.
pub(super) fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether it can only be written as an escape. Characters beyond the basic plane count as such.
pub(super) fn is_special(c: char) -> bool {
    let is_control = matches!(c, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}') && !matches!(c, '\n' | '\t');
    is_control || matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}'..)
}

/// What may stand raw in a tag.
pub(super) fn is_tag_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_;/?:@&=+$,.~*'()[]".contains(&byte)
}

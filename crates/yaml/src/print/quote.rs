//! The style of a printed string (yaml-output-semantics section 4) and where long ones fold (section 5).

use super::super::scalar::number;
use super::super::timestamp;
use super::next_line::without_next_lines;

/// Lines longer than this are folded at the next blank.
const WIDTH: usize = 80;

/// Appends a string; `indent` is the column of its further lines, `fold` is off for keys.
pub(super) fn string(out: &mut String, text: &str, indent: usize, fold: bool) {
    let read = without_next_lines(text);
    let text = read.as_deref().unwrap_or(text);
    let many_lines = text.contains('\n');
    if many_lines && fits_literal(text) {
        literal(out, text, indent);
    } else if is_ambiguous(text)
        || has_special(text)
        || many_lines
        || (!text.is_ascii() && has_blank_at_separator(text))
    {
        double(out, text, indent, fold);
    } else if is_plain(text) {
        folded(out, text, indent, fold, false);
    } else {
        out.push('\'');
        folded(out, &text.replace('\'', "''"), indent, fold, true);
        out.push('\'');
    }
}

/// Text that YAML 1.1 reads as something other than a string.
fn is_ambiguous(text: &str) -> bool {
    const WORDS: [&str; 39] = [
        "", "~", "null", "Null", "NULL", "y", "Y", "yes", "Yes", "YES", "n", "N", "no", "No", "NO", "on", "On", "ON",
        "off", "Off", "OFF", "true", "True", "TRUE", "false", "False", "FALSE", ".nan", ".NaN", ".NAN", ".inf", ".Inf",
        ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF",
    ];
    if WORDS.contains(&text) {
        return true;
    }
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
        return false;
    }
    number(text).is_some() || timestamp::parse(text).is_some() || is_base_60(text)
}

/// `^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$`
fn is_base_60(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit() || c == '_');
    let mut parts = whole.split(':');
    let first = parts.next().unwrap_or_default();
    let mut rest = parts.peekable();
    let sixtieths = |part: &str| match part.as_bytes() {
        [a] => a.is_ascii_digit(),
        [a, b] => (b'0'..=b'5').contains(a) && b.is_ascii_digit(),
        _ => false,
    };
    first.starts_with(|c: char| c.is_ascii_digit())
        && digits(first)
        && digits(fraction)
        && rest.peek().is_some()
        && rest.all(sixtieths)
}

/// What the emitter cannot print raw.
fn has_special(text: &str) -> bool {
    text.chars().any(|c| c != '\n' && is_special(c))
}

/// A line or paragraph separator is a line break for the emitter, and no quotes but double ones hold blanks beside it.
fn has_blank_at_separator(text: &str) -> bool {
    let is_beside = |(blank, separator): (char, char)| blank == ' ' && is_separator(separator);
    text.chars().zip(text.chars().skip(1)).any(|(a, b)| is_beside((a, b)) || is_beside((b, a)))
}

pub(super) fn is_separator(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

pub(super) fn is_break(c: char) -> bool {
    c == '\n' || is_separator(c)
}

pub(super) fn is_special(c: char) -> bool {
    matches!(c, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') || c > '\u{ffff}'
}

fn fits_literal(text: &str) -> bool {
    let has_blank_before_break = || text.contains(" \n") || text.contains(" \u{2028}") || text.contains(" \u{2029}");
    !has_special(text) && !has_blank_before_break() && !text.ends_with(' ')
}

fn is_plain(text: &str) -> bool {
    let mut chars = text.chars();
    let (Some(first), second) = (chars.next(), chars.next()) else { return false };
    let starts_well = match first {
        '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' | ' ' => false,
        '-' | '?' | ':' => second.is_some_and(|c| c != ' '),
        _ => true,
    };
    starts_well
        && !text.starts_with("---")
        && !text.starts_with("...")
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.contains(is_separator)
}

fn literal(out: &mut String, text: &str, indent: usize) {
    out.push('|');
    if text.starts_with(|c| c == ' ' || is_break(c)) {
        out.push('2');
    }
    let body = text.trim_end_matches(is_break);
    match text[body.len()..].chars().count() {
        0 => out.push('-'),
        1 if !body.is_empty() => {}
        _ => out.push('+'),
    }
    out.push('\n');
    for line in text.split_inclusive(is_break) {
        if !line.starts_with(is_break) {
            out.extend(std::iter::repeat_n(' ', indent));
        }
        out.push_str(line);
    }
}

/// Plain and single-quoted text: a single blank after column 80 becomes a line break.
fn folded(out: &mut String, text: &str, indent: usize, fold: bool, quoted: bool) {
    let chars: Vec<char> = text.chars().collect();
    let mut column = column(out);
    for (index, &c) in chars.iter().enumerate() {
        let alone = index > 0 && index + 1 < chars.len() && chars[index - 1] != ' ' && chars[index + 1] != ' ';
        let inside = !quoted || (index > 0 && index + 1 < chars.len());
        if c == ' ' && fold && alone && inside && column > WIDTH {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', indent));
            column = indent;
            continue;
        }
        if index > 0 && is_separator(chars[index - 1]) && !is_separator(c) {
            out.extend(std::iter::repeat_n(' ', indent));
            column = indent;
        }
        out.push(c);
        column = if is_separator(c) { 0 } else { column + 1 };
    }
}

pub(super) fn double(out: &mut String, text: &str, indent: usize, fold: bool) {
    let chars: Vec<char> = text.chars().collect();
    // A text that starts with a byte order mark is escaped throughout (a quirk of the emitter).
    let all = chars.first() == Some(&'\u{feff}');
    out.push('"');
    let mut column = column(out);
    for (index, &c) in chars.iter().enumerate() {
        let inside = index > 0 && index + 1 < chars.len() && chars[index - 1] != ' ';
        if c == ' ' && fold && column > WIDTH && inside && !all {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', indent));
            column = indent;
            if chars[index + 1] == ' ' {
                out.push('\\');
                column += 1;
            }
            continue;
        }
        let piece = escape(c, all);
        column += piece.chars().count();
        out.push_str(&piece);
    }
    out.push('"');
}

fn escape(c: char, all: bool) -> String {
    let short = match c {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\0' => "\\0",
        '\u{7}' => "\\a",
        '\u{8}' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\u{b}' => "\\v",
        '\u{c}' => "\\f",
        '\r' => "\\r",
        '\u{1b}' => "\\e",
        '\u{85}' => "\\N",
        '\u{2028}' => "\\L",
        '\u{2029}' => "\\P",
        _ => "",
    };
    match (short, c as u32) {
        ("", code @ 0x1_0000..) => format!("\\U{code:08X}"),
        ("", 0xfeff) => "\\uFEFF".to_owned(),
        ("", code) if (is_special(c) || all) && code > 0xff => format!("\\u{code:04X}"),
        ("", code) if is_special(c) || all => format!("\\x{code:02X}"),
        ("", _) => c.to_string(),
        (short, _) => short.to_owned(),
    }
}

/// The column that the next character takes.
fn column(out: &str) -> usize {
    out[out.rfind('\n').map_or(0, |index| index + 1)..].chars().count()
}

//! Where a scalar ends, read from the source text by its style.

use yaml_rust2::scanner::TScalarStyle;

use super::cursor::line_end;

/// The end of a scalar that starts at `start`, exclusive: behind the closing quote, behind the last character of a plain
/// scalar, behind the last line with content of a block scalar (without its line break). `mark` is where yaml-rust2 sees
/// the scalar: for block scalars, its first character of content.
pub(super) fn scalar_end(source: &str, start: usize, mark: usize, value: &str, style: TScalarStyle) -> usize {
    let end = match style {
        TScalarStyle::SingleQuoted => single_quoted(source, start),
        TScalarStyle::DoubleQuoted => double_quoted(source, start),
        TScalarStyle::Literal | TScalarStyle::Folded => block(source, start, mark, value),
        _ => plain(source, start, value),
    };
    end.min(source.len())
}

pub(super) fn single_quoted(source: &str, start: usize) -> usize {
    let bytes = source.as_bytes();
    let mut at = start + 1;
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1)) {
            (b'\'', Some(b'\'')) => at += 2,
            (b'\'', _) => return at + 1,
            _ => at += 1,
        }
    }
    at
}

pub(super) fn double_quoted(source: &str, start: usize) -> usize {
    let bytes = source.as_bytes();
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    at
}

/// The words of a plain scalar stand in the source one after the other, with any white space between them.
fn plain(source: &str, start: usize, value: &str) -> usize {
    let mut end = start;
    for word in value.split_whitespace() {
        let rest = &source[end..];
        let blanks = rest.len() - rest.trim_start().len();
        if !rest[blanks..].starts_with(word) {
            break;
        }
        end += blanks + word.len();
    }
    end
}

/// The lines after the header, as long as they are blank or indented as far as the first one with content.
fn block(source: &str, start: usize, mark: usize, value: &str) -> usize {
    let header = line_end(source, start);
    let mut end = start + source[start..header].trim_end().len();
    if value.trim_matches('\n').is_empty() || mark <= header {
        return end;
    }
    let mark = mark.min(source.len());
    let first_line = source[..mark].rfind('\n').map_or(0, |index| index + 1);
    let indent = mark - first_line;
    let mut at = first_line;
    for line in source[first_line..].split_inclusive('\n') {
        let text = line.trim_end_matches(['\n', '\r']);
        let own = text.len() - text.trim_start_matches(' ').len();
        if own < indent && own < text.len() {
            break;
        }
        if text.len() > indent {
            end = at + text.len();
        }
        at += line.len();
    }
    end
}

/// The comment in the header of a block scalar.
pub(super) fn header_comment(source: &str, start: usize) -> Option<(usize, usize)> {
    let end = line_end(source, start);
    source[start..end].find('#').map(|index| (start + index, end))
}

/// The end of an alias: `*` and its name.
pub(super) fn alias_end(source: &str, start: usize) -> usize {
    let ends = |c: char| c.is_whitespace() || matches!(c, ',' | '[' | ']' | '{' | '}' | '\u{feff}');
    source[start..].find(ends).map_or(source.len(), |length| start + length)
}

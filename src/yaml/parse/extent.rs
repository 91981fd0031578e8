//! Where a scalar ends, read from the source text by its style.

use yaml_rust2::scanner::TScalarStyle;

/// The end of a scalar that starts at `start`, exclusive: behind the closing quote, behind the last character of a plain
/// scalar, behind the last line with content of a block scalar (without its line break).
pub(super) fn scalar_end(source: &str, start: usize, value: &str, style: TScalarStyle) -> usize {
    let end = match style {
        TScalarStyle::SingleQuoted => single_quoted(source, start),
        TScalarStyle::DoubleQuoted => double_quoted(source, start),
        TScalarStyle::Literal | TScalarStyle::Folded => block(source, start, value),
        _ => plain(source, start, value),
    };
    end.min(source.len())
}

fn single_quoted(source: &str, start: usize) -> usize {
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

fn double_quoted(source: &str, start: usize) -> usize {
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

/// Where a block scalar's indicator stands: yaml-rust2 marks its content. The header is the last line before the mark that
/// is not blank.
pub(super) fn block_start(source: &str, mark: usize) -> usize {
    let mark = mark.min(source.len());
    let line_start = source[..mark].rfind('\n').map_or(0, |index| index + 1);
    let own_line = source[line_start..].lines().next().unwrap_or_default();
    let before = if header(own_line).is_some() && mark <= line_start + own_line.len() {
        line_start + own_line.len()
    } else {
        line_start
    };
    let lines = source[..before].trim_end();
    let header_start = lines.rfind('\n').map_or(0, |index| index + 1);
    header(&lines[header_start..]).map_or(mark, |index| header_start + index)
}

/// The place of `|` or `>` in a line that ends in a block scalar's header.
fn header(line: &str) -> Option<usize> {
    let indicators = line.match_indices(['|', '>']);
    indicators.map(|(index, _)| index).find(|&index| {
        let rest = line[index + 1..].trim_start_matches(|c: char| c == '+' || c == '-' || c.is_ascii_digit());
        let follows_blank = index == 0 || line[..index].ends_with([' ', '\t', '-']);
        let comment = rest.trim_start();
        follows_blank && (comment.is_empty() || (comment.len() < rest.len() && comment.starts_with('#')))
    })
}

/// The lines after the header, as long as they are blank or indented as far as the first one with content.
fn block(source: &str, start: usize, value: &str) -> usize {
    let header = source[start..].find('\n').map_or(source.len(), |index| start + index);
    let mut end = source[start..header].trim_end().len() + start;
    if value.trim().is_empty() {
        return end;
    }
    let mut indent = None;
    let mut at = header + 1;
    for line in source.get(at..).unwrap_or_default().split_inclusive('\n') {
        let text = line.trim_end_matches(['\n', '\r']);
        let own = text.len() - text.trim_start_matches(' ').len();
        if own < text.len() {
            if own < *indent.get_or_insert(own) {
                break;
            }
            end = at + text.len();
        }
        at += line.len();
    }
    end
}

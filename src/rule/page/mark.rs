//! The mark `# <- here`, which says where an example's finding is expected.

use std::ops::Range;

use super::{PageError, error};

pub(super) const MARK: &str = "# <- here";

/// A marked place in a file of an example: one line, columns as in reports (from 1, in characters, the end exclusive).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub line: usize,
    pub column: usize,
    pub end_column: usize,
}

/// A text without its marks, and where they were.
///
/// # Errors
/// A mark that marks nothing; the line is that of the text.
pub fn unmarked(text: &str) -> Result<(String, Vec<Mark>), PageError> {
    let (mut rest, mut marks) = (String::with_capacity(text.len()), Vec::new());
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let content = line.strip_suffix('\n').unwrap_or(line);
        match split(content).map_err(|message| error(index + 1, message))? {
            None => rest.push_str(content),
            Some((content, columns)) => {
                rest.push_str(content);
                marks.push(Mark { line: index + 1, column: columns.start, end_column: columns.end });
            }
        }
        rest.push_str(&line[content.len()..]);
    }
    Ok((rest, marks))
}

/// A line without its mark, and the columns that the mark means: those of `TEXT` in `# <- here: TEXT`, else those of the
/// value after `key: ` or `- `, of the key where there is no value.
fn split(line: &str) -> Result<Option<(&str, Range<usize>)>, String> {
    let Some((before, behind)) = line.split_once(MARK) else { return Ok(None) };
    let rest = before.trim_end();
    let bytes = match behind.strip_prefix(':').map(str::trim) {
        Some(text) if !text.is_empty() => {
            let start = rest.find(text).ok_or_else(|| format!("`{text}` is not in the marked line"))?;
            start..start + text.len()
        }
        _ if behind.trim().is_empty() => value(rest).ok_or("the marked line has no value")?,
        _ => return Err("a mark is `# <- here` or `# <- here: TEXT`".into()),
    };
    let column = |byte: usize| rest.get(..byte).map_or(1, |part| part.chars().count() + 1);
    Ok(Some((rest, column(bytes.start)..column(bytes.end))))
}

/// The bytes of the value of a line, or of its key.
fn value(line: &str) -> Option<Range<usize>> {
    let mut start = line.len() - line.trim_start().len();
    while let Some(item) = line[start..].strip_prefix("- ") {
        start = line.len() - item.trim_start().len();
    }
    let content = line[start..].split(" #").next()?.trim_end();
    let end = start + content.len();
    let bytes = match content.find(": ") {
        Some(colon) => line.len() - line[start + colon + 2..].trim_start().len()..end,
        None => start..start + content.strip_suffix(':').unwrap_or(content).len(),
    };
    (!bytes.is_empty()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_mean_a_text_or_the_value() {
        let cases = [
            ("  name: apps # <- here", "  name: apps", 9..13),
            ("  - name: 'a b'  # <- here", "  - name: 'a b'", 11..16),
            ("- - ./x.yaml # why # <- here", "- - ./x.yaml # why", 5..13),
            ("spec: # <- here", "spec:", 1..5),
            ("ü: ${a}-x # <- here: ${a}", "ü: ${a}-x", 4..8),
            ("a: http://x:80 # <- here", "a: http://x:80", 4..15),
            ("# only: a comment # <- here: a comment", "# only: a comment", 9..18),
        ];
        for (line, rest, columns) in cases {
            assert_eq!(split(line), Ok(Some((rest, columns))), "{line}");
        }
        assert_eq!(split("a: b # here"), Ok(None));
    }

    #[test]
    fn marks_that_mean_nothing_are_refused() {
        assert_eq!(split("a: b # <- here: c").unwrap_err(), "`c` is not in the marked line");
        assert_eq!(split("# <- here").unwrap_err(), "the marked line has no value");
        assert_eq!(split("a: b # <- hereby").unwrap_err(), "a mark is `# <- here` or `# <- here: TEXT`");
    }
}

//! Where an expression is written: in the lines of a block, in the file that a generator reads, between quotes.

use std::ops::Range;
use std::sync::Arc;

use fleetlint_source::{File, Files};
use fleetlint_yaml::{Node, Span};

/// The way from the parts of a scalar's text to where they are written. Folding, indentation and escapes change a text,
/// but not how many `$` and `}` it has, so that the third `$` of the one is the third of the other.
pub(super) struct Places<'t> {
    text: &'t [u8],
    whole: Option<Span>,
    written: Option<Written>,
}

/// What a file holds of a scalar.
struct Written {
    file: Arc<File>,
    /// Where its content is, without the header of a block.
    content: Range<usize>,
    dollars: Pairs,
    braces: Pairs,
}

/// The offsets of a sign in a text, and in what is written.
struct Pairs {
    in_text: Vec<usize>,
    written: Vec<usize>,
}

impl<'t> Places<'t> {
    /// The places of a scalar; without files all of them are the scalar.
    pub(super) fn of(scalar: &'t Node, files: Option<&Files>) -> Self {
        let text = scalar.text().unwrap_or_default().as_bytes();
        let whole = scalar.origin.span;
        let written = files.zip(whole).and_then(|(files, span)| Written::of(text, files.get(span.file), span));
        Self { text, whole, written }
    }

    /// The scalar.
    pub(super) fn whole(&self) -> Option<Span> {
        self.whole
    }

    /// Where a part of the text is that starts with a `$`; the scalar, where that is not known.
    pub(super) fn span(&self, part: Range<usize>) -> Option<Span> {
        let whole = self.whole?;
        let found = self.written.as_ref().and_then(|written| written.part(self.text, part));
        let exact = found.and_then(|part| {
            let (start, end) = (u32::try_from(part.start).ok()?, u32::try_from(part.end).ok()?);
            Some(Span { start, end, ..whole })
        });
        exact.or(Some(whole))
    }
}

impl Written {
    fn of(text: &[u8], file: Arc<File>, span: Span) -> Option<Self> {
        let bytes = file.counted();
        let mut content = span.start as usize..span.end as usize;
        let source = bytes.get(content.clone())?;
        // A file that a generator reads may begin with `|`, too.
        if source != text && (source.starts_with(b"|") || source.starts_with(b">")) {
            content.start += source.iter().position(|&byte| byte == b'\n')? + 1;
        }
        let source = bytes.get(content.clone())?;
        let (dollars, braces) = (Pairs::of(text, source, b'$'), Pairs::of(text, source, b'}'));
        Some(Self { content, dollars, braces, file })
    }

    fn part(&self, text: &[u8], part: Range<usize>) -> Option<Range<usize>> {
        let source = self.file.counted().get(self.content.clone())?;
        let inner = text.get(part.clone())?;
        let start = self.dollars.counterpart(part.start)?;
        let rest = source.get(start..)?;
        let same = inner.iter().zip(rest).take_while(|(inner, written)| inner == written).count();
        // What was copied together from several places may have as many signs by chance.
        if same < begins(inner) {
            return None;
        }
        let last = part.end.checked_sub(1).filter(|_| same < inner.len() && inner.ends_with(b"}"));
        let end = last.and_then(|last| self.braces.counterpart(last)).map(|last| last + 1);
        let end = end.filter(|end| *end > start).unwrap_or(start + same);
        Some(self.content.start + start..self.content.start + end)
    }
}

impl Pairs {
    fn of(text: &[u8], source: &[u8], sign: u8) -> Self {
        let offsets = |bytes: &[u8]| {
            let signs = bytes.iter().enumerate().filter(|(_, byte)| **byte == sign);
            signs.map(|(offset, _)| offset).collect()
        };
        Self { in_text: offsets(text), written: offsets(source) }
    }

    /// Where the sign at an offset of the text is written.
    fn counterpart(&self, offset: usize) -> Option<usize> {
        let index = self.in_text.binary_search(&offset).ok()?;
        (self.in_text.len() == self.written.len()).then(|| self.written.get(index).copied())?
    }
}

/// How long an expression is up to the end of its name.
fn begins(expression: &[u8]) -> usize {
    let sign = expression.iter().take_while(|byte| matches!(byte, b'$' | b'{' | b'#')).count();
    let name = expression.iter().skip(sign).take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    sign + name
}

#[cfg(test)]
mod tests {
    use super::*;
    use fleetlint_yaml::Documents;

    /// What the file holds at the place of each expression of the first value.
    fn written(source: &str) -> Vec<String> {
        let files = Files::default();
        let file = files.add("r".into(), None, "a.yaml".into(), source.as_bytes().to_vec());
        let stream = Documents::default().of(&file);
        let root = stream.documents[0].as_ref().unwrap().root.clone().unwrap();
        let scalar = &root.entries()[0].value;
        let text = scalar.text().unwrap();
        let places = Places::of(scalar, Some(&files));
        let expressions = text.match_indices("${").map(|(start, _)| {
            let end = text[start..].find('}').map_or(text.len(), |end| start + end + 1);
            places.span(start..end).unwrap()
        });
        expressions.map(|span| source[span.start as usize..span.end as usize].to_owned()).collect()
    }

    #[test]
    fn an_expression_is_found_in_every_style() {
        let expected = ["${A}", "${B:=b c}"];
        for source in [
            "k: x ${A} ${B:=b c} y\n",
            "k: 'it''s ${A} and ${B:=b c}'\n",
            "k: \"\\\"é\\\" ${A}\\n${B:=b c}\"\n",
            "k: | # why\n  é ${A}\n\n   x ${B:=b c}\n",
            "k: >-\n  one ${A}\n  two\n\n  ${B:=b c}\n",
            "k: |2-\n    x: ${A}\n  ${B:=b c}\n",
            "k: |\r\n  ${A}\r\n  ${B:=b c}\r\n",
        ] {
            assert_eq!(written(source), expected, "{source}");
        }
    }

    #[test]
    fn an_expression_over_several_lines_is_found_as_it_is_written() {
        assert_eq!(written("k: x ${A:=one\n  two} ${B}\n"), ["${A:=one\n  two}", "${B}"]);
        assert_eq!(written("k: \"${A:=\\\"one\\\"}\"\n"), ["${A:=\\\"one\\\"}"]);
    }

    #[test]
    fn what_is_written_otherwise_has_the_place_of_the_scalar() {
        assert_eq!(written("k: \"\\x24{A}\"\n"), ["\"\\x24{A}\""]);
        assert_eq!(written("k: \"\\x24{A} ${B}\"\n"), ["\"\\x24{A} ${B}\""; 2]);
    }
}

//! YAML inside a YAML scalar (inline patches): parsed on its own, with spans that point into the outer file.

use std::ops::Range;

use super::{Node, Span, Stream, Style, parse, relocate};
use fleetlint_source::{File, Files};

/// Parses a scalar's text. `outer` is the file that the scalar is in: with it every place maps back into that file,
/// indentation included; where text and file cannot be matched, every place is the whole scalar.
///
/// `trimmed` leaves out white space around the text, as kustomize does with `patches`.
pub fn parse(scalar: &Node, outer: Option<&File>, trimmed: bool) -> Stream {
    let text = scalar.text().unwrap_or_default();
    let inner = if trimmed { text.trim() } else { text };
    let skipped = if trimmed { text.len() - text.trim_start().len() } else { 0 };
    let whole = scalar.origin.span;
    let id =
        whole.map_or_else(|| Files::default().add("".into(), None, String::new(), Vec::new()).id, |span| span.file);
    let mut stream = parse::file(inner, id);
    let places = places(scalar, outer).skipping(skipped);
    relocate::stream(&mut stream, &|span| places.mapped(span));
    conceal(&mut stream, scalar);
    stream
}

/// What comes from Secrets in the scalar does so in what is read from it.
fn conceal(stream: &mut Stream, scalar: &Node) {
    let secrets = scalar.secret_texts();
    if secrets.is_empty() {
        return;
    }
    let is_whole = secrets.first().is_some_and(|first| scalar.text() == Some(*first));
    let documents = stream.documents.iter_mut().flatten();
    let roots = documents.flat_map(|document| document.root.iter_mut().chain(&mut document.with_all_keys));
    roots.for_each(|root| if is_whole { root.conceal() } else { root.conceal_parts(&secrets) });
}

/// The way from places of a scalar's text to places of the file that it is in.
pub fn places(scalar: &Node, outer: Option<&File>) -> Places {
    let whole = scalar.origin.span;
    let segments = outer.zip(whole).and_then(|(file, span)| segments(scalar, file, span));
    Places { segments: segments.unwrap_or_default(), skipped: 0, whole }
}

/// A piece of the inner text that is in the outer file as it is.
#[derive(Clone, Copy, Debug)]
struct Segment {
    inner: usize,
    outer: usize,
    len: usize,
}

/// The pieces of a scalar's text in its file; `None` where the two cannot be matched.
fn segments(scalar: &Node, file: &File, span: Span) -> Option<Vec<Segment>> {
    let text = scalar.text()?;
    let (start, end) = (span.start as usize, span.end as usize);
    let source = file.text()?;
    match scalar.as_scalar()?.style {
        // What was substituted may have another style than it has in the file.
        _ if source.get(start..)?.starts_with(['|', '>']) => block(text, source, start),
        Style::Literal | Style::Folded => block(text, source, start),
        Style::Plain => verbatim(text, source.get(start..end)?, start),
        Style::SingleQuoted | Style::DoubleQuoted => {
            verbatim(text, source.get(start + 1..end.checked_sub(1)?)?, start + 1)
        }
    }
}

fn verbatim(text: &str, source: &str, start: usize) -> Option<Vec<Segment>> {
    (text == source).then(|| vec![Segment { inner: 0, outer: start, len: text.len() }])
}

/// The lines of a block scalar follow each other in both texts; only the indentation and the breaks differ.
fn block(text: &str, source: &str, start: usize) -> Option<Vec<Segment>> {
    let header = source.get(start..)?.find('\n')? + start + 1;
    let lines = source.get(header..)?.split_inclusive('\n');
    let mut segments = Vec::new();
    let (mut inner, mut outer, mut indent) = (0, header, None);
    for line in lines {
        let content = line.trim_end_matches(['\n', '\r']);
        let blanks = content.len() - content.trim_start_matches(' ').len();
        if inner >= text.len() {
            break;
        }
        if indent.is_none() && blanks < content.len() {
            indent = Some(indentation(text.get(inner..)?, content)?);
        }
        let cut = blanks.min(indent.unwrap_or(blanks));
        let piece = content.get(cut..)?;
        match text.get(inner..)?.starts_with(piece) {
            true => {
                segments.push(Segment { inner, outer: outer + cut, len: piece.len() });
                inner += piece.len();
            }
            false => inner = substituted(text, inner, piece, outer + cut, &mut segments)?,
        }
        inner += usize::from(text.get(inner..)?.starts_with(['\n', ' ']));
        outer += line.len();
    }
    (inner >= text.len()).then_some(segments)
}

/// A line in which Flux replaced variables: what is around them is in the file as it is, and all between the first and the
/// last of them has the place of these. Returns where the line ends in the text.
fn substituted(text: &str, inner: usize, piece: &str, outer: usize, segments: &mut Vec<Segment>) -> Option<usize> {
    let (first, last) = (piece.find("${")?, piece.rfind('}')? + 1);
    let (before, after) = (piece.get(..first)?, piece.get(last..)?);
    let variables = last.checked_sub(first)?;
    let line = text.get(inner..)?.split('\n').next()?;
    let value = line.strip_prefix(before)?.strip_suffix(after)?;
    segments.push(Segment { inner, outer, len: before.len() });
    let inner = inner + before.len();
    if !value.is_empty() {
        // The last byte of the value is at most the last one of the variables.
        segments.push(Segment { inner, outer: outer + first, len: variables.saturating_sub(1) });
    }
    let inner = inner + value.len();
    segments.push(Segment { inner, outer: outer + last, len: after.len() });
    Some(inner + after.len())
}

/// What is before the first line of the text in its line of the file.
fn indentation(text: &str, line: &str) -> Option<usize> {
    let blanks = line.len() - line.trim_start_matches(' ').len();
    let own = text.len() - text.trim_start_matches(' ').len();
    text.starts_with(line.get(blanks.checked_sub(own)?..)?).then_some(blanks - own)
}

/// The way from places of the inner text to places of the outer file.
#[derive(Clone, Debug)]
pub struct Places {
    segments: Vec<Segment>,
    /// Bytes of the text before what was parsed.
    skipped: usize,
    /// The scalar; stands for what has no place of its own.
    whole: Option<Span>,
}

impl Places {
    /// Where a range of the text is in the file, in bytes; the whole scalar where that is not known.
    pub fn span(&self, at: Range<usize>) -> Option<Span> {
        let (start, end) = (u32::try_from(at.start).ok()?, u32::try_from(at.end).ok()?);
        self.mapped(Span { start, end, ..self.whole? })
    }

    /// The whole scalar.
    pub fn whole(&self) -> Option<Span> {
        self.whole
    }

    fn skipping(self, skipped: usize) -> Self {
        Self { skipped, ..self }
    }

    fn mapped(&self, span: Span) -> Option<Span> {
        let start = self.offset(span.start as usize);
        let end = match span.end.checked_sub(1).filter(|&last| last >= span.start) {
            Some(last) => self.offset(last as usize).map(|last| last + 1),
            None => start,
        };
        match (start, end) {
            (Some(start), Some(end)) => Some(Span { start, end: end.max(start), ..span }),
            _ => self.whole,
        }
    }

    fn offset(&self, inner: usize) -> Option<u32> {
        let inner = inner + self.skipped;
        let index = self.segments.partition_point(|segment| segment.inner <= inner).checked_sub(1)?;
        let segment = self.segments.get(index)?;
        u32::try_from(segment.outer + (inner - segment.inner).min(segment.len)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Documents;
    use super::*;

    /// The source text of every scalar that is written inside the scalar below `patch`.
    fn places(source: &str) -> Vec<String> {
        let file = Files::default().add("".into(), None, "k.yaml".to_owned(), source.as_bytes().to_vec());
        let documents = Documents::default();
        let outer = documents.of(&file);
        let root = outer.documents[0].as_ref().unwrap().root.clone().unwrap();
        let stream = documents.embedded(root.get("patch").unwrap(), true);
        let roots = stream.documents.iter().map(|document| document.as_ref().unwrap().root.as_ref().unwrap());
        let spans = roots.flat_map(Node::scalars).map(|scalar| scalar.origin.span.unwrap());
        let text = file.text().unwrap();
        spans.map(|span| text[span.start as usize..span.end as usize].to_owned()).collect()
    }

    #[test]
    fn places_in_a_literal_block() {
        let found = places("patch: |-  # why\n\n    - op: \"é\"\n\n      path: /a\n    - {b: c}\n");
        assert_eq!(found, ["op", "\"é\"", "path", "/a", "b", "c"]);
    }

    #[test]
    fn places_in_a_block_in_which_variables_are_replaced() {
        let source = "a: |\n  b: x\n  c: ${X}-${Y}.end # why\n  d: e\n";
        let file = Files::default().add("".into(), None, "k.yaml".to_owned(), source.as_bytes().to_vec());
        let found = |text: &str, words: &[&str]| -> Vec<String> {
            let segments = block(text, source, 3).unwrap_or_default();
            let places = Places { segments, skipped: 0, whole: Some(Span { file: file.id, start: 3, end: 4 }) };
            let spans = words.iter().map(|word| {
                let start = text.find(word).unwrap();
                places.span(start..start + word.len()).unwrap()
            });
            spans.map(|span| source[span.start as usize..span.end as usize].to_owned()).collect()
        };
        let text = "b: x\nc: a-very-long-value.end # why\nd: e\n";
        let words = ["x", "c:", "a-very-long-value", "a-very-long-value.end", "why", "d: e"];
        assert_eq!(found(text, &words), ["x", "c:", "${X}-${Y}", "${X}-${Y}.end", "why", "d: e"]);
        // A value of several lines, or another text, has the place of the whole.
        assert_eq!(found("b: x\nc: 1\n2.end # why\nd: e\n", &["x"]), ["|"]);
        assert_eq!(found("b: y\nc: 1.end # why\nd: e\n", &["d"]), ["|"]);
    }

    #[test]
    fn places_in_a_block_with_carriage_returns() {
        assert_eq!(places("patch: |\r\n  a: b\r\n  c:\r\n    d: e\r\n"), ["a", "b", "c", "d", "e"]);
    }

    #[test]
    fn places_in_a_block_with_an_indentation_indicator() {
        assert_eq!(places("patch: |2\n    a: b\n  c: d\n").len(), 4);
    }

    #[test]
    fn places_in_a_folded_block() {
        assert_eq!(places("patch: >-\n  {a: b,\n  c: d}\n"), ["a", "b", "c", "d"]);
    }

    #[test]
    fn places_in_a_quoted_text() {
        assert_eq!(places("patch: '[{\"a\": \"b\"}]'\n"), ["\"a\"", "\"b\""]);
    }

    #[test]
    fn an_escaped_text_has_one_place() {
        assert_eq!(places("patch: \"a: b\\nc: d\"\n"), vec!["\"a: b\\nc: d\""; 4]);
    }
}

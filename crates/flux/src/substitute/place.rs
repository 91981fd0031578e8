//! Where an expression is: in its scalar, or, if the scalar is a whole file, in that file.

use std::ops::Range;

use fleetlint_yaml::{Node, Span};

/// The place of a part of a scalar's text. Of what a generator reads from a file, which is as many bytes as the file has, it is
/// the part itself; of all else, whose text may have been written otherwise, the scalar.
pub(super) fn within(scalar: &Node, part: Range<usize>) -> Option<Span> {
    let span = scalar.origin.span?;
    let text = scalar.text().unwrap_or_default();
    let is_file = text.contains('\n') && usize::try_from(span.end - span.start) == Ok(text.len());
    let at = |offset: usize| Some(span.start + u32::try_from(offset).ok()?);
    let inner = || Some(Span { start: at(part.start)?, end: at(part.end)?, ..span });
    if is_file { inner() } else { Some(span) }
}

//! Where a value came from, on one line.

use crate::report;
use crate::source::Files;
use crate::yaml::{Origin, Span};

/// The text that wrote the value, the patch that put it there, the variable that changed it; `generated` where no
/// text wrote it. `place` is how a place is written.
pub(super) fn described(origin: &Origin, files: &Files, place: fn(Span, &Files) -> String) -> String {
    let mut parts = vec![origin.span.map_or_else(|| "generated".to_owned(), |span| place(span, files))];
    parts.extend(origin.patch().map(|patch| format!("patch {}", place(patch, files))));
    parts.extend(origin.variable().map(|variable| {
        let value = variable.value.span.map(|span| format!(" {}", place(span, files)));
        format!("variable {}{}", variable.name, value.unwrap_or_default())
    }));
    report::escaped(&parts.join(", "))
}

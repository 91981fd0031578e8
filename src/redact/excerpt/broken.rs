//! Texts that cannot be parsed, or are in a string: read line by line.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::{generator, is_secret_kind};

/// What a document says it is, and whether that is at the beginning of a line.
static KIND: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?m)(^|[ \t{,"'-])["']?kind["']?[ \t]*:[ \t]*["']?([A-Za-z${}<]+)"#).ok());

/// Keys of a Secret at the beginning of a line that say nothing of its values.
const HARMLESS: [&str; 5] = ["apiVersion:", "kind:", "type:", "immutable:", "metadata:"];

/// Marks what may be secret in those documents of a text that may be Secrets, or make one.
pub(super) fn segments(text: &str, ranges: &mut Vec<Range<usize>>) {
    let (mut start, mut end) = (0, 0);
    for line in text.split_inclusive('\n') {
        if line.starts_with("---") {
            segment(text, start..end, ranges);
            start = end;
        }
        end += line.len();
    }
    segment(text, start..end, ranges);
}

fn segment(text: &str, range: Range<usize>, ranges: &mut Vec<Range<usize>>) {
    let part = text.get(range.clone()).unwrap_or_default();
    if !may_be_secret(part) {
        return;
    }
    let (mut start, mut state) = (range.start, State::default());
    for line in part.split_inclusive('\n') {
        let shown = state.shown(line);
        ranges.push(start + shown..start + line.trim_end().len().max(shown));
        start += line.len();
    }
}

fn may_be_secret(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    if lower.contains("stringdata") || lower.split([' ', '\n', '"', '{']).any(generator::is_field) {
        return true;
    }
    let holds = ["data", "patch", "value", "items"].iter().any(|word| lower.contains(word));
    let kinds: Vec<_> = KIND.iter().flat_map(|pattern| pattern.captures_iter(text)).collect();
    let named = kinds.iter().any(|kind| {
        let is_top = kind.get(1).is_some_and(|before| before.is_empty());
        kind.get(2).is_some_and(|kind| is_secret_kind(kind.as_str())) && (is_top || holds)
    });
    named || kinds.is_empty() && (lower.contains("data:") || lower.contains("\"data\""))
}

/// Where in a Secret a line stands.
#[derive(Default)]
struct State {
    /// Below `metadata`.
    is_metadata: bool,
    /// Below `data` or `stringData`; the indentation of its keys, once the first one was seen.
    data: Option<Option<usize>>,
}

impl State {
    /// How many bytes of a line may be shown.
    fn shown(&mut self, line: &str) -> usize {
        let content = line.trim_start_matches([' ', '\t']);
        let indent = line.len() - content.len();
        let uncommented = line.find(" #").unwrap_or(line.len());
        if content.trim().is_empty() || line.starts_with("---") && line.trim() == "---" {
            return line.len();
        }
        if indent == 0 {
            (self.is_metadata, self.data) = (content.starts_with("metadata:"), None);
            let is_harmless = HARMLESS.iter().any(|key| content.starts_with(key)) && !content.contains("last-applied");
            return match data_opening(line)
                .filter(|opening| line.get(..*opening).is_some_and(|key| !key.contains(['{', ','])))
            {
                Some(opening) => {
                    self.data = Some(None);
                    opening
                }
                None if is_harmless => uncommented,
                None => 0,
            };
        }
        if self.is_metadata {
            let is_name = ["name:", "namespace:"].iter().any(|key| content.starts_with(key));
            return if is_name { uncommented } else { indent };
        }
        let Some(child) = self.data else { return indent };
        let child = child.unwrap_or(indent);
        self.data = Some(Some(child));
        line.find(':').filter(|_| indent == child).map_or(indent, |colon| colon + 1)
    }
}

/// An operation of a JSON patch on the data of a Secret, or on all of an object.
static OPERATION: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?m)["']?path["']?[ \t]*:[ \t]*["']?(/data|/stringData|/?["']?[ \t,}]*$)"#).ok());

/// A line of a patch that says nothing of values.
static HARMLESS_LINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"^[ \t]*(- )?["']?(op|path|from|target|kind|name|patch|patches)["']?[ \t]*:[^{,]*$|^---"#).ok()
});

/// Marks the values of the operations in a text that cannot be parsed, if one of them may be for a Secret: from the first
/// value on all but what names operations and fields.
pub(super) fn operations(text: &str, ranges: &mut Vec<Range<usize>>) {
    if !OPERATION.as_ref().is_some_and(|pattern| pattern.is_match(text)) {
        return;
    }
    let Some(first) = text.find("value") else { return };
    let mut start = text.get(..first).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    for line in text.get(start..).unwrap_or_default().split_inclusive('\n') {
        let is_harmless = HARMLESS_LINE.as_ref().is_some_and(|pattern| pattern.is_match(line.trim_end()));
        let shown = match line.find("value") {
            Some(at) => line.get(at..).and_then(|rest| rest.find(':')).map_or(0, |colon| at + colon + 1),
            None => line.len() - line.trim_start().len(),
        };
        if !is_harmless {
            ranges.push(start + shown..start + line.trim_end().len().max(shown));
        }
        start += line.len();
    }
}

/// Marks what is below `data:` and `stringData:` lines, to the ends of the lines: comments are part of it.
pub(super) fn below_data(text: &str, range: Range<usize>, ranges: &mut Vec<Range<usize>>) {
    // From the start of the first line, whose indentation counts.
    let begin = text.get(..range.start).and_then(|before| before.rfind('\n')).map_or(0, |index| index + 1);
    let end = text.get(range.end..).and_then(|behind| behind.find('\n')).map_or(text.len(), |index| range.end + index);
    let Some(part) = text.get(begin..end) else { return };
    let mut start = begin;
    let mut below = None;
    for line in part.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        let end = start + line.trim_end().len();
        if let Some(opening) = data_opening(line) {
            ranges.push(start + opening..end.max(start + opening));
            below = Some((indent, None));
        } else if let Some((parent, child)) = below.filter(|_| !line.trim().is_empty()) {
            let child = child.unwrap_or(indent);
            below = (indent > parent).then_some((parent, Some(child)));
            let colon = line.find(':').filter(|_| indent == child).map_or(indent, |colon| colon + 1);
            if below.is_some() {
                ranges.push(start + colon..end.max(start + colon));
            }
        }
        start += line.len();
    }
}

/// The offset after `data:` or `"stringData":`, wherever it is in the line.
fn data_opening(line: &str) -> Option<usize> {
    let openings = ["data:", "data\":", "data':", "Data:", "Data\":", "Data':"];
    openings.iter().filter_map(|opening| Some(line.find(opening)? + opening.len())).min()
}

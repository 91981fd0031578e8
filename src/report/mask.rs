//! Values that excerpts must not show: those of Secrets, and credentials in URLs.

use std::ops::Range;

use crate::source::File;
use crate::yaml::{Entry, Node, Stream, Value};

/// Users without a password that are shorter are names.
const MIN_TOKEN: usize = 20;

/// The byte ranges of a file that hold values of Secrets and of `secretGenerator` literals, and credentials in URLs.
///
/// Where a text cannot be parsed, or stands in a string (an inline patch), it is read line by line.
pub(super) fn secret_ranges(file: &File, stream: &Stream) -> Vec<Range<usize>> {
    let Some(text) = file.text() else { return Vec::new() };
    let mut ranges = url_ranges(text);
    for document in &stream.documents {
        match document {
            Ok(document) => document.root.iter().for_each(|root| walk(root, text, &mut ranges)),
            Err(_) => by_lines(text, 0..text.len(), &mut ranges),
        }
    }
    ranges
}

/// User and password of each URL; a user that stands alone is the name of an account.
fn url_ranges(text: &str) -> Vec<Range<usize>> {
    let ends = |c: char| c.is_whitespace() || "/?#\"'`<>".contains(c);
    let urls = text.match_indices("://").filter_map(|(index, scheme)| {
        let start = index + scheme.len();
        let authority = text.get(start..)?.split(ends).next()?;
        let (info, _) = authority.rsplit_once('@')?;
        let is_name = !info.contains(':') && info.len() < MIN_TOKEN;
        (!is_name).then_some(start..start + info.len())
    });
    urls.collect()
}

fn walk(node: &Node, text: &str, ranges: &mut Vec<Range<usize>>) {
    let is_secret = node.get("kind").and_then(Node::text) == Some("Secret");
    let patches_secret = node.at("/target/kind").and_then(Node::text) == Some("Secret");
    match &node.value {
        Value::Scalar(scalar) if scalar.text.contains("Secret") => {
            ranges_of(node).for_each(|range| by_lines(text, range, ranges));
        }
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter().for_each(|item| walk(item, text, ranges)),
        Value::Mapping(mapping) => {
            for entry in &mapping.entries {
                match entry.key.text().unwrap_or_default() {
                    "data" | "stringData" if is_secret => {
                        // Comments, and values that another of the same key replaced, are in no tree.
                        if entry.value.as_mapping().is_some_and(|mapping| !mapping.flow) {
                            block_of(entry).into_iter().for_each(|range| lines_below(text, range, ranges));
                        }
                        scalars(&entry.value, &mut |node| ranges.extend(ranges_of(node)))
                    }
                    "patch" if patches_secret => ranges_of(&entry.value).for_each(|range| patch(text, range, ranges)),
                    "secretGenerator" => {
                        for generator in entry.value.items() {
                            let literals = generator.get("literals").map_or(&[][..], Node::items);
                            literals.iter().for_each(|literal| ranges.extend(literal_range(literal, text)));
                        }
                    }
                    _ => walk(&entry.value, text, ranges),
                }
            }
        }
    }
}

fn scalars(node: &Node, visit: &mut dyn FnMut(&Node)) {
    match &node.value {
        Value::Scalar(_) => visit(node),
        Value::Sequence(items) => items.iter().for_each(|item| scalars(item, visit)),
        Value::Mapping(mapping) => mapping.entries.iter().for_each(|entry| scalars(&entry.value, visit)),
    }
}

fn ranges_of(node: &Node) -> impl Iterator<Item = Range<usize>> + use<> {
    node.origin.span.into_iter().map(|span| span.start as usize..span.end as usize)
}

/// Of `key=value`, the value.
fn literal_range(node: &Node, text: &str) -> Option<Range<usize>> {
    let range = ranges_of(node).next()?;
    // What has no key is refused, and may be a value all the same.
    let value = text.get(range.clone())?.find('=').map_or(0, |equals| equals + 1);
    Some(range.start + value..range.end)
}

/// Of a patch whose target is a Secret, everything but what names operations and paths.
fn patch(text: &str, range: Range<usize>, ranges: &mut Vec<Range<usize>>) {
    let mut start = range.start;
    for line in text.get(range).unwrap_or_default().split_inclusive('\n') {
        let content = line.trim_start_matches([' ', '-']);
        let is_harmless = ["|", ">", "op:", "path:", "from:"].iter().any(|harmless| content.starts_with(harmless));
        let from = behind(line, &["value:", "value\":", "value':"]).or((!is_harmless).then_some(0));
        ranges.extend(from.map(|from| start + from..start + line.len()));
        start += line.len();
    }
}

/// What stands below `data:` and `stringData:` lines, where the text speaks of a Secret at all.
fn by_lines(text: &str, range: Range<usize>, ranges: &mut Vec<Range<usize>>) {
    if text.get(range.clone()).is_some_and(|part| part.contains("Secret")) {
        lines_below(text, range, ranges);
    }
}

/// The lines of a block mapping with its key.
fn block_of(entry: &Entry) -> Option<Range<usize>> {
    Some(entry.key.origin.span?.start as usize..entry.value.origin.span?.end as usize)
}

fn lines_below(text: &str, range: Range<usize>, ranges: &mut Vec<Range<usize>>) {
    // To the ends of the lines: comments are part of it; from the start of the first one, whose indentation counts.
    let begin = text.get(..range.start).and_then(|before| before.rfind('\n')).map_or(0, |index| index + 1);
    let end = text.get(range.end..).and_then(|behind| behind.find('\n')).map_or(text.len(), |index| range.end + index);
    let Some(part) = text.get(begin..end) else { return };
    let range = begin..end;
    let mut start = range.start;
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

/// The offset behind `data:` or `"stringData":`, wherever it stands in the line.
fn data_opening(line: &str) -> Option<usize> {
    behind(line, &["data:", "data\":", "data':", "Data:", "Data\":", "Data':"])
}

/// The offset behind the first of these texts.
fn behind(line: &str, openings: &[&str]) -> Option<usize> {
    openings.iter().filter_map(|opening| Some(line.find(opening)? + opening.len())).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Files;
    use crate::yaml::Documents;

    fn masked(text: &str) -> String {
        let file = Files::default().add("r".into(), None, "a.yaml".into(), text.as_bytes().to_vec());
        let ranges = secret_ranges(&file, &Documents::default().of(&file));
        let is_masked = |offset| ranges.iter().any(|range| range.contains(&offset));
        text.char_indices().map(|(at, c)| if is_masked(at) && !c.is_whitespace() { '*' } else { c }).collect()
    }

    #[test]
    fn values_of_secrets_are_masked() {
        let text = "kind: Secret\nmetadata: {name: a}\nstringData:\n  k: v1\n  m: |\n    x y\n  n: 'q'\n---\nkind: ConfigMap\ndata: {a: b}\n";
        let expected = "kind: Secret\nmetadata: {name: a}\nstringData:\n  k: **\n  m: *\n    * *\n  n: ***\n---\nkind: ConfigMap\ndata: {a: b}\n";
        assert_eq!(masked(text), expected);
    }

    #[test]
    fn credentials_in_urls_are_masked() {
        let text =
            "url: https://me:hush@example.com/a\n# see 'https://ghp_0123456789abcdefghij@h/x' and ssh://git@h/x\n";
        let expected =
            "url: https://*******@example.com/a\n# see 'https://************************@h/x' and ssh://git@h/x\n";
        assert_eq!(masked(text), expected);
    }

    #[test]
    fn generators_lists_and_inline_patches_are_masked() {
        assert_eq!(masked("secretGenerator:\n- literals: [a=b, c]\n"), "secretGenerator:\n- literals: [a=*, *]\n");
        assert_eq!(masked("items:\n- kind: Secret\n  data: {a: b}\n"), "items:\n- kind: Secret\n  data: {a: *}\n");
        let patch = "patches:\n- patch: |\n    kind: Secret\n    data:\n      a: bc\n        d: e\n    type: x\n";
        let expected = "patches:\n- patch: |\n    kind: Secret\n    data:\n      a: **\n        ** *\n    type: x\n";
        assert_eq!(masked(patch), expected);
    }

    #[test]
    fn what_no_tree_holds_is_masked() {
        let text = "kind: Secret\nmetadata: {name: a}\nstringData:\n  k: v # x\n  k: w\n# y\ntype: z\n";
        let expected = "kind: Secret\nmetadata: {name: a}\nstringData:\n  k: * * *\n  k: *\n# y\ntype: z\n";
        assert_eq!(masked(text), expected);
        assert_eq!(masked("secretGenerator:\n- literals: [abc]\n"), "secretGenerator:\n- literals: [***]\n");
    }

    #[test]
    fn patches_of_secrets_are_masked() {
        let text = "patches:\n- target: {kind: Secret}\n  patch: |-\n    - op: add\n      path: /data/a\n      value: b c\n      d\n";
        let expected = "patches:\n- target: {kind: Secret}\n  patch: |-\n    - op: add\n      path: /data/a\n      value: * *\n      *\n";
        assert_eq!(masked(text), expected);
        let text = "target: {kind: Secret}\npatch: '[{\"op\": \"add\", \"path\": \"/a\", \"value\": \"b\"}]'\n";
        let expected = "target: {kind: Secret}\npatch: '[{\"op\": \"add\", \"path\": \"/a\", \"value\": ******\n";
        assert_eq!(masked(text), expected);
    }

    #[test]
    fn broken_secrets_are_masked() {
        assert_eq!(masked("kind: Secret\ndata:\n  a: \"b\n  c: d\n"), "kind: Secret\ndata:\n  a: **\n  c: *\n");
        assert_eq!(
            masked("{\"kind\": \"Secret\", \"data\": {\"a\": \"b\""),
            "{\"kind\": \"Secret\", \"data\": ***** ***"
        );
    }
}

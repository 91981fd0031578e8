//! What excerpts must not show of a file. It is decided by what a document may be: a Secret, what generates or patches one,
//! also where it cannot be read.

mod broken;
mod generator;
mod named;
mod object;
mod patch;

use std::ops::Range;
use std::sync::Arc;

use super::Redactor;
use crate::near::near;
use crate::repository::secrets_in;
use crate::source::{Content, File};
use crate::yaml::{Document, Documents, Node, Span, Stream, Value};

/// The bytes of a file, as spans count them, that hold what must not be shown.
pub fn ranges(file: &Arc<File>, documents: &Documents, redactor: &Redactor) -> Vec<Range<usize>> {
    let all = || std::iter::once(0..file.counted().len()).collect();
    if file.is_noted(Content::Secret) {
        return all();
    }
    let Some(text) = file.text() else {
        // Of UTF-16 no line can be told apart.
        return if file.is_utf16() || file.is_noted(Content::PatchOfSecret) { all() } else { no_text(file) };
    };
    let stream = documents.of(file);
    let is_patch = file.is_noted(Content::PatchOfSecret);
    let has_failed = stream.documents.iter().any(Result::is_err);
    if is_patch && has_failed {
        return all();
    }
    let mut mask = Mask { text, documents, ranges: redactor.ranges(text) };
    named::lines(text, &mut mask.ranges);
    for (index, document) in stream.documents.iter().enumerate() {
        if let Ok(document) = document {
            mask.document(document, &comments_around(&stream, index), is_patch);
        }
    }
    if has_failed {
        broken::segments(text, &mut mask.ranges);
        broken::operations(text, &mut mask.ranges);
    }
    let written = secrets_in(file, documents).into_iter().map(|span| span.start as usize..span.end as usize);
    mask.ranges.extend(written);
    mask.ranges
}

/// The ranges of a file that is not text, read line by line all the same.
fn no_text(file: &File) -> Vec<Range<usize>> {
    let chunks = file.counted().utf8_chunks();
    // Of the same length, so that places stay.
    let text: String = chunks.flat_map(|chunk| [chunk.valid().to_owned(), "?".repeat(chunk.invalid().len())]).collect();
    let mut ranges = super::url::ranges(&text);
    broken::segments(&text, &mut ranges);
    broken::operations(&text, &mut ranges);
    named::lines(&text, &mut ranges);
    ranges
}

/// The comments between the document before one and the document after it.
fn comments_around(stream: &Stream, index: usize) -> Vec<Span> {
    let span = |index: usize| stream.documents.get(index).and_then(|document| Some(document.as_ref().ok()?.span));
    let start = index.checked_sub(1).and_then(span).map_or(0, |before| before.end);
    let end = span(index + 1).map_or(u32::MAX, |behind| behind.start);
    let comments = stream.comments.iter().map(|comment| comment.span);
    comments.filter(|comment| start <= comment.start && comment.end <= end).collect()
}

/// Collects ranges of a text.
struct Mask<'a> {
    text: &'a str,
    documents: &'a Documents,
    ranges: Vec<Range<usize>>,
}

impl Mask<'_> {
    fn document(&mut self, document: &Document, comments: &[Span], is_patch: bool) {
        let Some(root) = document.root_with_all_keys() else { return };
        let before = self.ranges.len();
        match &root.value {
            Value::Sequence(_) if is_patch || patch::is_list(root) => self.operations(root, is_patch.then_some(true)),
            Value::Mapping(_) if is_patch => self.secret(root),
            _ => self.node(root),
        }
        if self.ranges.len() > before && (is_patch || object::may_be_secret(root)) {
            self.ranges.extend(comments.iter().map(|comment| comment.start as usize..comment.end as usize));
        }
    }

    /// Whatever is in a tree.
    fn node(&mut self, node: &Node) {
        match &node.value {
            Value::Scalar(_) => self.inner_text(node),
            Value::Sequence(items) => items.iter().for_each(|item| self.node(item)),
            Value::Mapping(_) if object::may_be_secret(node) => self.secret(node),
            Value::Mapping(mapping) => {
                for entry in &mapping.entries {
                    self.named(entry, node);
                    match entry.key.text().unwrap_or_default() {
                        "patch" => self.patch(&entry.value, node.get("target")),
                        "patchesStrategicMerge" => entry.value.items().iter().for_each(|item| self.patch(item, None)),
                        key if generator::is_field(key) => self.generators(&entry.value),
                        "literals" if generator::is_plugin(node) => self.literals(&entry.value),
                        _ => self.node(&entry.value),
                    }
                }
            }
        }
    }

    /// A text that may hold a Secret.
    fn inner_text(&mut self, node: &Node) {
        // What was meant to be a generator, where a path is expected.
        if node.text().is_some_and(|text| text.contains("ecretGenerator") && text.contains(':')) {
            return self.ranges.extend(range_of(node));
        }
        let holds = |text: &str| text.contains(':') && (text.contains("Secret") || text.contains("stringData"));
        if node.text().is_some_and(holds) {
            let ranges = range_of(node);
            ranges.into_iter().for_each(|range| broken::below_data(self.text, range, &mut self.ranges));
        }
    }

    /// All of a value: its texts, with what is before them, and keys without a value.
    fn all_of(&mut self, node: &Node) {
        match &node.value {
            Value::Scalar(_) => self.ranges.extend(range_of(node)),
            Value::Sequence(items) => {
                items.iter().for_each(|item| self.all_of(item));
                // Between brackets, comments and anchors.
                self.ranges.extend(range_of(node).filter(|_| node.is_flow()));
            }
            Value::Mapping(mapping) => mapping.entries.iter().for_each(|entry| {
                self.ranges.extend(range_of(&entry.key));
                self.all_of(&entry.value);
            }),
        }
    }
}

/// Whether a word is meant to be `Secret`, or is made only later.
fn is_secret_kind(kind: &str) -> bool {
    ["${", "<<", "{{"].iter().any(|expression| kind.contains(expression)) || !near(kind, &["Secret"]).is_empty()
}

fn range_of(node: &Node) -> Option<Range<usize>> {
    node.origin.span.map(|span| span.start as usize..span.end as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Files;

    fn masked(text: &str) -> String {
        let file = Files::default().add("r".into(), None, "a.yaml".into(), text.as_bytes().to_vec());
        let ranges = ranges(&file, &Documents::default(), &Redactor::default());
        let is_masked = |offset| ranges.iter().any(|range| range.contains(&offset));
        text.char_indices().map(|(at, c)| if is_masked(at) && !c.is_whitespace() { '*' } else { c }).collect()
    }

    #[test]
    fn values_of_secrets_are_masked() {
        let text = "kind: Secret\nmetadata: {name: a}\nstringData:\n  k: v1\n  m: |\n    x y\n  n: 'q'\n---\nkind: ConfigMap\ndata: {a: b}\n";
        let expected = "kind: Secret\nmetadata: {name: a}\nstringData:\n  k: **\n  m: *\n    * *\n  n: ***\n---\nkind: ConfigMap\ndata: {a: b}\n";
        assert_eq!(masked(text), expected);
        let text = "kind: Secret\nmetadata: {name: a}\ndata: {a: b, c}\ntype: x\nother: y\n";
        assert_eq!(masked(text), "kind: Secret\nmetadata: {name: a}\ndata: {a: *, *}\ntype: x\nother: *\n");
    }

    #[test]
    fn values_whose_keys_say_so_are_masked() {
        let text = "kind: HelmRelease\nspec:\n  values:\n    password: abc\n    env:\n    - {name: DB_TOKEN, value: abc}\n    auth: {adminPassword: abc, existingSecret: a}\n    conf: |\n      token: abc\n      name: abc\n    address: https://hooks.slack.com/services/abc\n";
        let expected =
            text.replace("DB_TOKEN, value: abc", "DB_TOKEN, value: ***").replace("assword: abc", "assword: ***");
        let expected = expected.replace("token: abc", "token: ***").replace("services/abc", "************");
        assert_eq!(masked(text), expected);
        let text = "secretGenerator:\n- name: a\n  envs: [A=abc, a.env]\n  files: [b=abc, tls.crt=tls/tls.crt]\n";
        assert_eq!(masked(text), text.replace("=abc", "=***"));
        let text = "kind: Secret\nmetadata: {name: a}\nstringData:\n  hunter: 5\n  b: c\n";
        assert_eq!(masked(text), text.replace("hunter: 5", "******: *").replace("b: c", "b: *"));
        let text = "- op: replace\n  path: /data/a\n  value: abc\n bad\n";
        assert_eq!(masked(text), text.replace("abc", "***").replace("bad", "***"));
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
    fn references_to_secrets_stay() {
        for text in [
            "substituteFrom:\n- {kind: Secret, name: a, optional: true}\n",
            "kind: ExternalSecret\nmetadata: {name: a}\nspec: {data: [a]}\n",
            "- {path: a, name: b}\n- {name: c}\n",
            "kind: HelmRelease\nspec: {valuesFrom: [{kind: Secret, name: a, valuesKey: b}], values: {data: {a: b}}}\n",
            "target: {kind: Deployment}\npatch: |\n  - {op: replace, path: /spec/x, value: y}\n",
        ] {
            assert_eq!(masked(text), text);
        }
    }

    #[test]
    fn generators_lists_and_inline_patches_are_masked() {
        assert_eq!(masked("secretGenerator:\n- literals: [a=b, c]\n"), "secretGenerator:\n- literals: [a=*, *]\n");
        assert_eq!(masked("items:\n- kind: Secret\n  data: {a: b}\n"), "items:\n- kind: Secret\n  data: {a: *}\n");
        let patch = "patches:\n- patch: |\n    kind: Secret\n    data:\n      a: bc\n      d: e\n    type: x\n";
        let expected = "patches:\n- patch: |\n    kind: Secret\n    data:\n      a: **\n      d: *\n    type: x\n";
        assert_eq!(masked(patch), expected);
    }

    #[test]
    fn what_no_tree_holds_is_masked() {
        let text = "kind: Secret\nmetadata: {name: a}\nstringData:\n  k: v # x\n  k: w\n# y\ntype: z\n";
        let expected = "kind: Secret\nmetadata: {name: a}\nstringData:\n  k: * * *\n  k: *\n* *\ntype: z\n";
        assert_eq!(masked(text), expected);
        assert_eq!(masked("secretGenerator:\n- literals: [abc]\n"), "secretGenerator:\n- literals: [***]\n");
    }

    #[test]
    fn patches_of_secrets_are_masked() {
        let text = "patches:\n- target: {kind: Secret}\n  patch: |-\n    - op: add\n      path: /data/a\n      value: b c\n      d: x\n";
        let expected = "patches:\n- target: {kind: Secret}\n  patch: |-\n    - op: add\n      path: /data/a\n      value: * *\n      *: *\n";
        assert_eq!(masked(text), expected);
        let text = "target: {kind: Secret}\npatch: '[{\"op\": \"add\", \"path\": \"/a\", \"value\": \"b\"}]'\n";
        let expected = "target: {kind: Secret}\npatch: '[{\"op\": \"add\", \"path\": \"/a\", \"value\": ***}]'\n";
        assert_eq!(masked(text), expected);
        let text = "target: {name: a}\npatch: |\n  - {op: add, path: /stringData/a, value: b}\n  - {op: add, path: /spec/a, value: b}\n";
        assert_eq!(masked(text), text.replacen("value: b", "value: *", 1));
    }

    #[test]
    fn broken_secrets_are_masked() {
        assert_eq!(masked("kind: Secret\ndata:\n  a: \"b\n  c: d\n"), "kind: Secret\ndata:\n  a: **\n  c: *\n");
        assert_eq!(masked("{\"kind\": \"Secret\", \"data\": {\"a\": \"b\""), "******** ********* ******* ***** ***");
        let other = "kind: ConfigMap\ndata:\n  a: \"b\n";
        assert_eq!(masked(other), other);
    }
}

//! What no output may show: values that come from Secrets, whatever became of them, and credentials in URLs.
//!
//! Which values come from Secrets their origins know ([`crate::yaml::Secrecy`]); one [`Redactor`] per run collects the texts
//! and takes them out of everything that leaves. What excerpts show is decided by what a document may be ([`excerpt`]).

mod collect;
pub mod excerpt;
mod fleet;
pub mod url;
mod words;

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use regex::{Regex, RegexBuilder};

use crate::fleet::Fleet;
use crate::source::Files;
use crate::yaml::{Documents, MARK, Node};

/// How large one compiled pattern may be, in bytes.
const MAX_PATTERN: usize = 256 << 20;

/// How many bytes of texts one pattern looks for.
const MAX_TEXTS: usize = 256 << 10;

/// Takes out of texts what must not be shown.
#[derive(Clone, Debug, Default)]
pub struct Redactor {
    patterns: Vec<Regex>,
}

impl Redactor {
    /// The one that knows what a fleet, and the documents that were read for it, took from Secrets.
    pub fn of(fleet: &Fleet, documents: &Documents, files: &Files) -> Self {
        let found = collect::collect(fleet, documents);
        if found.is_empty() {
            return Self::default();
        }
        Self::new(words::searched(&found, &words::public(fleet, files)))
    }

    /// The one that knows what the objects of one build took from Secrets.
    pub fn of_build<'n>(resources: impl IntoIterator<Item = &'n Node>) -> Self {
        let mut found = collect::Found::new();
        resources.into_iter().for_each(|root| collect::of_object(root, &mut found));
        Self::new(words::searched(&found, &HashSet::new()))
    }

    /// One that looks for these patterns, each of one text in lower case.
    fn new(alternatives: Vec<String>) -> Self {
        let (mut patterns, mut batch, mut size) = (Vec::new(), Vec::new(), 0);
        for alternative in alternatives {
            size += alternative.len();
            batch.push(alternative);
            if size > MAX_TEXTS {
                patterns.extend(compiled(&std::mem::take(&mut batch)));
                size = 0;
            }
        }
        patterns.extend(compiled(&batch));
        Self { patterns }
    }

    /// The text as it may be shown.
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let ranges = self.ranges(text);
        if ranges.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(without(text, ranges)) }
    }

    /// Makes a text one that may be shown.
    pub fn redact(&self, text: &mut String) {
        if let Cow::Owned(shown) = self.text(text) {
            *text = shown;
        }
    }

    /// The bytes of a text that must not be shown.
    fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        let mut ranges = url::ranges(text);
        if !self.patterns.is_empty() {
            // Of the same length: hosts are shown in lower case, and functions change cases.
            let lower = text.to_ascii_lowercase();
            let found = self.patterns.iter().flat_map(|pattern| pattern.find_iter(&lower));
            ranges.extend(found.map(|found| found.range()));
        }
        ranges
    }
}

/// A text without the credentials in its URLs: for what is said before a fleet is known.
pub fn text(text: &str) -> Cow<'_, str> {
    let ranges = url::ranges(text);
    if ranges.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(without(text, ranges)) }
}

fn compiled(alternatives: &[String]) -> Option<Regex> {
    let pattern = alternatives.join("|");
    (!alternatives.is_empty()).then(|| RegexBuilder::new(&pattern).size_limit(MAX_PATTERN).build().ok()).flatten()
}

/// The text with a mark in place of each of the ranges; those that touch become one.
fn without(text: &str, mut ranges: Vec<Range<usize>>) -> String {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut shown = String::with_capacity(text.len());
    let (mut at, mut is_behind_mark) = (0, false);
    for range in ranges {
        let before = text.get(at..range.start).unwrap_or_default();
        shown.push_str(before);
        if !before.is_empty() || !is_behind_mark {
            shown.push_str(MARK);
        }
        (at, is_behind_mark) = (at.max(range.end), true);
    }
    shown.push_str(text.get(at..).unwrap_or_default());
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_credentials_are_taken_out() {
        let redactor = Redactor::new(vec!["hush-hush".into(), "hush".into()]);
        assert_eq!(redactor.text("`hush-hush` and xhushy"), "`…` and x…y");
        assert_eq!(redactor.text("https://me:hush@h/hushhush"), "https://…@h/…");
        assert_eq!(redactor.text("nothing"), "nothing");
        assert!(matches!(Redactor::default().text("nothing"), Cow::Borrowed(_)));
    }
}

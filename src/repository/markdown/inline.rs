//! Code inside of prose, and prose without its markup.

use std::collections::HashMap;
use std::ops::Range;

/// A span of code: its text in the page.
pub(in super::super) type Code = Range<usize>;

/// The spans of code in some lines of a page: from backticks to as many backticks. Those that never close are text.
pub(in super::super) fn codes(text: &str, lines: &[Range<usize>]) -> Vec<Code> {
    let runs: Vec<Range<usize>> = lines.iter().flat_map(|line| runs(text, line.clone())).collect();
    // For each length the runs of it, the last first.
    let mut ahead: HashMap<usize, Vec<usize>> = HashMap::new();
    for (index, run) in runs.iter().enumerate().rev() {
        ahead.entry(run.len()).or_default().push(index);
    }
    let (mut found, mut next) = (Vec::new(), 0);
    while let Some(open) = runs.get(next) {
        let same = ahead.entry(open.len()).or_default();
        while same.last().is_some_and(|&index| index <= next) {
            same.pop();
        }
        match same.last().and_then(|&index| Some((index, runs.get(index)?))) {
            Some((index, close)) => {
                found.push(open.end..close.start);
                next = index + 1;
            }
            None => next += 1,
        }
    }
    found
}

/// The runs of backticks in a line.
fn runs(text: &str, line: Range<usize>) -> Vec<Range<usize>> {
    let bytes = text.as_bytes().get(line.clone()).unwrap_or_default();
    let (mut runs, mut at) = (Vec::new(), 0);
    while let Some(start) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b'`')) {
        let start = at + start;
        let length = bytes.iter().skip(start).take_while(|byte| **byte == b'`').count();
        runs.push(line.start + start..line.start + start + length);
        at = start + length;
    }
    runs
}

/// Lines of prose as one text without marks of emphasis and code, links as their text.
pub(in super::super) fn plain(text: &str, lines: &[Range<usize>]) -> String {
    let mut plain = String::new();
    for line in lines {
        if !plain.is_empty() {
            plain.push(' ');
        }
        let line = text.get(line.clone()).unwrap_or_default();
        plain.extend(line.chars().filter(|c| !matches!(c, '*' | '`' | '[' | ']' | '\\')));
    }
    plain
}

//! A text that differs, made smaller as long as it still differs in the same way.

use super::{Asked, Failure, Question};
use crate::fuzz_kustomize::compare::Verdict;

/// Takes pieces of halving size out of the text, over and over.
pub(super) fn shrink(asked: &mut Asked, question: &Question, verdict: Verdict) -> Result<Question, Failure> {
    let mut small = question.clone();
    if small.variable.as_ref().is_some_and(|value| value != "x") {
        let plain = Question { variable: Some("x".to_owned()), ..small.clone() };
        small = if asked.verdict(&plain)? == verdict { plain } else { small };
    }
    let mut size = small.text.chars().count().div_ceil(2);
    while size > 0 {
        let mut at = 0;
        while at < small.text.chars().count() {
            let text: String = small
                .text
                .chars()
                .enumerate()
                .filter(|&(index, _)| index < at || index >= at + size)
                .map(|(_, c)| c)
                .collect();
            let less = Question { text, ..small.clone() };
            if asked.verdict(&less)? == verdict { small = less } else { at += size }
        }
        size /= 2;
    }
    Ok(small)
}

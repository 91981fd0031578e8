//! The order of keys: go-yaml v2's natural order (yaml-output-semantics section 5).

use std::cmp::Ordering;

/// Sorts entries by key. The comparison is not transitive: an insertion sort over the keys in byte order gives the result
/// that kustomize prints most often, and always the same one.
pub(super) fn sort<T>(entries: &mut [(&str, T)]) {
    entries.sort_by(|a, b| a.0.cmp(b.0));
    for end in 1..entries.len() {
        let mut at = end;
        while at > 0 && compare(entries[at].0, entries[at - 1].0) == Ordering::Less {
            entries.swap(at, at - 1);
            at -= 1;
        }
    }
}

fn compare(a: &str, b: &str) -> Ordering {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let Some(at) = a.iter().zip(&b).position(|(x, y)| x != y) else { return a.len().cmp(&b.len()) };
    let (x, y) = (a[at], b[at]);
    match (x.is_alphabetic(), y.is_alphabetic()) {
        (true, true) => x.cmp(&y),
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => {
            let (left, right) = (digit_run(&a, &b, at), digit_run(&b, &a, at));
            left.value.cmp(&right.value).then(left.length.cmp(&right.length)).then(x.cmp(&y))
        }
    }
}

struct Run {
    value: u128,
    length: usize,
}

/// The digits from `at` on. Where one side has a zero there and digits other than zero stand before, both count as
/// preceded by a one.
fn digit_run(own: &[char], other: &[char], at: usize) -> Run {
    let has_zero = own[at] == '0' || other[at] == '0';
    let mut before = own[..at].iter().rev().take_while(|c| c.is_ascii_digit());
    let seed = u128::from(has_zero && before.any(|&c| c != '0'));
    let digits: Vec<u32> = own[at..].iter().map_while(|c| c.to_digit(10)).collect();
    let value = digits.iter().fold(seed, |value, &digit| value.wrapping_mul(10).wrapping_add(u128::from(digit)));
    Run { value, length: digits.len() }
}

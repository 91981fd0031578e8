//! The order of keys: go-yaml v2's natural order (yaml-output-semantics section 5).

use std::cmp::Ordering;

use crate::sort::sort_by_any;

/// Longer mappings are merged: the insertion sort would take a minute for 30,000 numbered keys.
const MAX_INSERTED: usize = 500;

/// Sorts entries by key. The comparison is not transitive: an insertion sort over the keys in byte order gives the result
/// that kustomize prints most often, and always the same one.
pub(super) fn sort<T>(entries: &mut Vec<(&str, T)>) {
    entries.sort_by(|a, b| a.0.cmp(b.0));
    sort_by_any(entries, MAX_INSERTED, |a, b| compare(a.0, b.0));
}

fn compare(a: &str, b: &str) -> Ordering {
    let mut pairs = a.char_indices().zip(b.chars());
    let Some(((at, x), y)) = pairs.find(|((_, x), y)| x != y) else { return a.len().cmp(&b.len()) };
    match (x.is_alphabetic(), y.is_alphabetic()) {
        (true, true) => x.cmp(&y),
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => {
            let has_zero = x == '0' || y == '0';
            let (left, right) = (digit_run(a, at, has_zero), digit_run(b, at, has_zero));
            left.value.cmp(&right.value).then(left.length.cmp(&right.length)).then(x.cmp(&y))
        }
    }
}

struct Run {
    value: u128,
    length: usize,
}

/// The digits from `at` on. Where one side has a zero there and digits other than zero are before, both count as
/// preceded by a one.
fn digit_run(own: &str, at: usize, has_zero: bool) -> Run {
    let (before, behind) = own.split_at(at);
    let mut before = before.chars().rev().take_while(char::is_ascii_digit);
    let seed = u128::from(has_zero && before.any(|c| c != '0'));
    let digits = behind.chars().map_while(|c| c.to_digit(10));
    let next = |value: u128, digit| value.wrapping_mul(10).wrapping_add(u128::from(digit));
    let (value, length) = digits.fold((seed, 0), |(value, length), digit| (next(value, digit), length + 1));
    Run { value, length }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_keys_are_sorted_as_few_are() {
        let keys: Vec<String> = (0..30_000).map(|n| format!("k{n}")).collect();
        let mut entries: Vec<(&str, ())> = keys.iter().map(|key| (key.as_str(), ())).collect();
        sort(&mut entries);
        assert!(entries.iter().zip(&keys).all(|(entry, key)| entry.0 == key));
    }
}

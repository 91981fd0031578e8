//! The order of keys: go-yaml v2's natural order (yaml-output-semantics section 5).

use std::cmp::Ordering;

/// Longer mappings are merged: the insertion sort would take a minute for 30,000 numbered keys.
const MAX_INSERTED: usize = 500;

/// Sorts entries by key. The comparison is not transitive: an insertion sort over the keys in byte order gives the result
/// that kustomize prints most often, and always the same one.
pub(super) fn sort<T: Copy>(entries: &mut [(&str, T)]) {
    entries.sort_by(|a, b| a.0.cmp(b.0));
    if entries.len() > MAX_INSERTED {
        return merge_sort(entries);
    }
    for end in 1..entries.len() {
        let mut at = end;
        while at > 0 && compare(entries[at].0, entries[at - 1].0) == Ordering::Less {
            entries.swap(at, at - 1);
            at -= 1;
        }
    }
}

/// The sort of the standard library may panic where a comparison is not transitive; this one cannot.
fn merge_sort<T: Copy>(entries: &mut [(&str, T)]) {
    if entries.len() < 2 {
        return;
    }
    let (left, right) = entries.split_at_mut(entries.len() / 2);
    merge_sort(left);
    merge_sort(right);
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.iter().copied().peekable(), right.iter().copied().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        merged.extend(if compare(b.0, a.0) == Ordering::Less { right.next() } else { left.next() });
    }
    merged.extend(left.chain(right));
    entries.copy_from_slice(&merged);
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

/// The digits from `at` on. Where one side has a zero there and digits other than zero stand before, both count as
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

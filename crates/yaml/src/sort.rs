//! Sorting by non-transitive comparators: those of Go programs are not always transitive.

use std::cmp::Ordering;

/// Sorts by any comparison, stably where it is an order. Up to `inserted` items are sorted by insertion, as Go sorts a few
/// items, more of them by merging. The sort of the standard library may panic where a comparison is not transitive.
pub fn sort_by_any<T>(items: &mut Vec<T>, inserted: usize, mut compare: impl FnMut(&T, &T) -> Ordering) {
    if items.len() <= inserted {
        insertion_sort(items, &mut compare);
    } else {
        *items = merge_sort(std::mem::take(items), &mut compare);
    }
}

fn insertion_sort<T>(items: &mut [T], compare: &mut impl FnMut(&T, &T) -> Ordering) {
    for end in 1..items.len() {
        let mut at = end;
        while at > 0 && compare(&items[at], &items[at - 1]) == Ordering::Less {
            items.swap(at, at - 1);
            at -= 1;
        }
    }
}

fn merge_sort<T>(mut left: Vec<T>, compare: &mut impl FnMut(&T, &T) -> Ordering) -> Vec<T> {
    if left.len() < 2 {
        return left;
    }
    let right = left.split_off(left.len() / 2);
    let (left, right) = (merge_sort(left, compare), merge_sort(right, compare));
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        merged.extend(if compare(b, a) == Ordering::Less { right.next() } else { left.next() });
    }
    merged.extend(left.chain(right));
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_kept_and_no_order_ends() {
        let mut pairs: Vec<(u32, u32)> = (0..40).map(|index| (index * 7 % 5, index)).collect();
        let mut stable = pairs.clone();
        stable.sort_by_key(|pair| pair.0);
        for inserted in [0, 100] {
            let mut sorted = pairs.clone();
            sort_by_any(&mut sorted, inserted, |a, b| a.0.cmp(&b.0));
            assert_eq!(sorted, stable);
        }
        // Scissors, paper, stone.
        sort_by_any(&mut pairs, 12, |a, b| (a.0 + 3 - b.0 % 3).rem_euclid(3).cmp(&1));
        assert_eq!(pairs.len(), 40);
    }
}

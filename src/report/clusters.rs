//! Lists of clusters, which may be long.

use std::collections::BTreeSet;

/// How many clusters a list names.
pub(super) const MAX_CLUSTERS: usize = 10;

/// How many of them are named where these are all.
const FEW: usize = 5;

/// The names of clusters, `most` at most: `a, b and 80 more`, or `all 90 clusters`; `usize::MAX` names all. `None` for none.
pub(super) fn listed(names: &BTreeSet<String>, all: &[String], most: usize) -> Option<String> {
    if names.is_empty() {
        return None;
    }
    if most < usize::MAX && names.len() > FEW && names.iter().eq(all) {
        return Some(format!("all {} clusters", all.len()));
    }
    let shown = names.iter().take(most).map(String::as_str).collect::<Vec<_>>().join(", ");
    Some(match names.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_shortened() {
        let names = |count: usize| (0..count).map(|number| format!("c{number:02}")).collect::<BTreeSet<_>>();
        let all: Vec<String> = names(90).into_iter().collect();
        assert_eq!(listed(&names(0), &all, 10), None);
        assert_eq!(listed(&names(2), &all, 10).unwrap(), "c00, c01");
        assert_eq!(
            listed(&names(13), &all, 10).unwrap(),
            "c00, c01, c02, c03, c04, c05, c06, c07, c08, c09 and 3 more"
        );
        assert_eq!(listed(&names(90), &all, 10).unwrap(), "all 90 clusters");
        assert_eq!(listed(&names(5), &all[..5], 10).unwrap(), "c00, c01, c02, c03, c04");
        assert_eq!(listed(&names(13), &all, usize::MAX).unwrap().matches(", ").count(), 12);
    }
}

//! What came from Secrets into objects by substitution: no message shows it.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::Fleet;
use crate::flux::api::Kustomization;
use crate::yaml::Node;

/// Shorter values are hidden only where they stand alone: else `a` would blot out half of a message.
const MIN_INSIDE: usize = 4;

/// What stands for a hidden value.
const MARK: &str = "…";

/// The values that must not be shown, longest first.
#[derive(Clone, Debug, Default)]
pub struct Hidden {
    values: Vec<SmolStr>,
}

impl Fleet {
    /// The values that Secrets gave to objects of this fleet.
    pub fn hidden(&self) -> Hidden {
        let mut values = BTreeSet::new();
        for applier in self.clusters.iter().flat_map(|cluster| &cluster.appliers) {
            let from = Kustomization::of(&applier.object).into_iter().flat_map(Kustomization::substitute_from);
            if from.into_iter().any(|source| source.kind == "Secret") {
                applier.applied.iter().for_each(|object| collect(&object.root, &mut values));
            }
        }
        let mut values: Vec<SmolStr> = values.into_iter().filter(|value| !value.trim().is_empty()).collect();
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Hidden { values }
    }
}

impl Hidden {
    /// The text without the values.
    pub fn apply(&self, text: &str) -> String {
        self.values.iter().fold(text.to_owned(), |text, value| without(&text, value))
    }

    /// Whether there is nothing to hide.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

fn collect(node: &Node, values: &mut BTreeSet<SmolStr>) {
    for scalar in node.scalars() {
        let Some(variable) = scalar.origin.variable() else { continue };
        values.extend(variable.hidden.iter().cloned());
        // A function may have changed it on the way.
        if variable.secret && variable.whole {
            values.extend(scalar.text().map(SmolStr::from));
        }
    }
}

fn without(text: &str, value: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(index) = rest.find(value) {
        let (before, found) = rest.split_at(index);
        let behind = found.strip_prefix(value).unwrap_or_default();
        let touches = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let is_alone =
            !touches(before.chars().next_back().or(shown.chars().next_back())) && !touches(behind.chars().next());
        shown.push_str(before);
        shown.push_str(if value.len() >= MIN_INSIDE || is_alone { MARK } else { value });
        rest = behind;
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_values_are_hidden_where_they_stand_alone() {
        let hidden = Hidden { values: vec!["pass".into(), "a".into()] };
        assert_eq!(hidden.apply("`a` and `xpassy`, a-b at aa"), "`…` and `x…y`, …-b at aa");
        assert_eq!(hidden.apply("nothing"), "nothing");
    }
}

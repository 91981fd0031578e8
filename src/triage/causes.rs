//! Consequences: findings that follow from the defect of another finding that is shown.

use std::collections::HashMap;

use crate::finding::{Fact, Finding};
use crate::yaml::Span;

/// Takes the consequences out, and keeps them in their causes.
///
/// A finding is a consequence if another one explains a fact from which it follows and is at least as severe: a warning
/// never takes the place of an error. A consequence explains in turn, so that of a chain only the first is left. Of
/// findings that follow from each other the first stays.
pub(super) fn without_consequences(findings: Vec<Finding>) -> Vec<Finding> {
    let causes = causes(&findings);
    let mut cause_of: Vec<Option<usize>> = vec![None; findings.len()];
    let mut is_done = vec![false; findings.len()];
    let mut effects: Vec<Vec<usize>> = vec![Vec::new(); findings.len()];
    for (effect, causes) in causes.iter().enumerate() {
        causes.iter().for_each(|cause| effects[*cause].push(effect));
    }
    let first = (0..findings.len()).filter(|index| causes[*index].is_empty());
    // Those that only follow from each other are reached from the first of them.
    for start in first.chain(0..findings.len()).collect::<Vec<_>>() {
        let mut open = vec![start];
        if std::mem::replace(&mut is_done[start], true) {
            continue;
        }
        while let Some(at) = open.pop() {
            for effect in effects[at].iter().copied() {
                if !std::mem::replace(&mut is_done[effect], true) {
                    cause_of[effect] = Some(start);
                    open.push(effect);
                }
            }
        }
    }
    let mut left: Vec<Option<Finding>> = findings.into_iter().map(Some).collect();
    for (effect, cause) in cause_of.into_iter().enumerate() {
        let effect = cause.and_then(|_| left[effect].take());
        let cause = cause.and_then(|cause| left[cause].as_mut());
        cause.into_iter().for_each(|cause| cause.consequences.extend(effect.clone()));
    }
    left.into_iter().flatten().collect()
}

/// Where a name is misspelt, all that look for it find something near: the first of them says so, and keeps the others.
pub(super) fn once_for_a_slip(findings: Vec<Finding>) -> Vec<Finding> {
    let (mut left, mut first): (Vec<Finding>, HashMap<(Span, String), usize>) = (Vec::new(), HashMap::new());
    for mut finding in findings {
        let known = finding.slip.as_ref().and_then(|slip| first.get(slip).copied());
        match known.and_then(|index| left.get_mut(index)) {
            Some(same) => {
                same.consequences.append(&mut finding.consequences);
                same.consequences.push(finding);
            }
            None => {
                finding.slip.iter().for_each(|slip| _ = first.insert(slip.clone(), left.len()));
                left.push(finding);
            }
        }
    }
    left
}

/// For each finding those from which it follows.
fn causes(findings: &[Finding]) -> Vec<Vec<usize>> {
    let mut explained: HashMap<&Fact, Vec<usize>> = HashMap::new();
    for (index, finding) in findings.iter().enumerate() {
        finding.explains.iter().for_each(|fact| explained.entry(fact).or_default().push(index));
    }
    let causes_of = |(index, finding): (usize, &Finding)| {
        let all = finding.because.iter().filter_map(|fact| explained.get(fact)).flatten().copied();
        let is_cause = |cause: &usize| *cause != index && findings[*cause].severity >= finding.severity;
        all.filter(is_cause).collect()
    };
    findings.iter().enumerate().map(causes_of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;

    fn fact(name: &str) -> Fact {
        Fact::NoTenantLabel(name.to_owned(), name.into())
    }

    fn finding(name: &'static str, severity: Severity, because: &[&str], explains: &[&str]) -> Finding {
        let mut finding = Finding::new(name, severity, name);
        because.iter().for_each(|name| _ = finding.because(fact(name)));
        explains.iter().for_each(|name| _ = finding.explains(fact(name)));
        finding
    }

    fn left(findings: Vec<Finding>) -> Vec<(&'static str, usize)> {
        without_consequences(findings).iter().map(|finding| (finding.rule, finding.consequences.len())).collect()
    }

    #[test]
    fn of_a_chain_the_first_is_left() {
        let chain = || {
            vec![
                finding("c", Severity::Error, &["b"], &[]),
                finding("b", Severity::Error, &["a"], &["b"]),
                finding("a", Severity::Error, &[], &["a"]),
            ]
        };
        assert_eq!(left(chain()), [("a", 2)]);
        // Without the first, the second is what can be said.
        assert_eq!(left(chain().into_iter().take(2).collect()), [("b", 1)]);
        assert_eq!(left(chain().into_iter().take(1).collect()), [("c", 0)]);
    }

    #[test]
    fn a_warning_never_takes_the_place_of_an_error() {
        let both =
            vec![finding("effect", Severity::Error, &["a"], &[]), finding("cause", Severity::Warning, &[], &["a"])];
        assert_eq!(left(both), [("effect", 0), ("cause", 0)]);
    }

    #[test]
    fn of_findings_that_follow_from_each_other_the_first_stays() {
        let ring =
            vec![finding("x", Severity::Error, &["y"], &["x"]), finding("y", Severity::Error, &["x", "y"], &["y"])];
        assert_eq!(left(ring), [("x", 1)]);
    }
}

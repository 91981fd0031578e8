//! What a rule is: data, a page, and one function whose parameter says what it may see.

pub mod driver;
mod facets;
mod facts;
pub mod image_updates;
pub mod index;
mod lacking;
mod missing;
pub mod page;
pub mod promotion;

use std::fmt;

pub use lacking::report_lacking;
pub use missing::shown;

use crate::finding::{Findings, Severity};
use crate::fleet::{Cluster, Fleet};
use crate::object::Object;
use crate::problem::ProblemKind;
use crate::repository::Repositories;

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// `family/rule`; the name says the bad pattern.
    pub id: &'static str,
    pub severity: Severity,
    /// The release that brought it.
    pub since: &'static str,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// Runs with `--pedantic` only.
    pub is_pedantic: bool,
    /// The text of `rules/<family>/<rule>.md`.
    pub page: &'static str,
    pub check: Check,
}

/// The function of a rule.
#[derive(Clone, Copy)]
pub enum Check {
    /// Each settled object of some kinds (group and kind) on each cluster.
    Object(&'static [(&'static str, &'static str)], fn(RuleContext<'_>, &Object, &mut Findings)),
    /// Each cluster.
    Cluster(fn(RuleContext<'_>, &mut Findings)),
    /// The fleet as a whole.
    Fleet(fn(&Fleet, &mut Findings)),
    /// What is not a manifest: runbooks, workflows, scripts, history. The repositories are read when a rule first asks.
    Repository(fn(&Fleet, &Repositories<'_>, &mut Findings)),
    /// Family `build`: problems of this kind are the findings.
    Problem(ProblemKind),
    /// Triage says it, when it knows what comments and exceptions have silenced.
    Silence,
}

/// What a rule sees besides the object it looks at.
#[derive(Clone, Copy)]
pub struct RuleContext<'a> {
    pub fleet: &'a Fleet,
    pub cluster: &'a Cluster,
}

impl Rule {
    /// The part of the id before `/`.
    pub fn family(&self) -> &'static str {
        self.id.split_once('/').map_or(self.id, |(family, _)| family)
    }

    /// The part of the id after `/`.
    pub fn name(&self) -> &'static str {
        self.id.split_once('/').map_or(self.id, |(_, name)| name)
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object(..) => f.write_str("Object"),
            Self::Cluster(_) => f.write_str("Cluster"),
            Self::Fleet(_) => f.write_str("Fleet"),
            Self::Repository(_) => f.write_str("Repository"),
            Self::Silence => f.write_str("Silence"),
            Self::Problem(kind) => write!(f, "Problem({kind:?})"),
        }
    }
}

/// What `cargo xtask new-rule` writes: here so that it is compiled.
#[cfg(test)]
mod template;

#[cfg(test)]
mod tests {
    use super::template::RULE;

    #[test]
    fn what_new_rule_writes_is_a_rule() {
        assert_eq!((RULE.family(), RULE.name()), ("FAMILY", "NAME"));
    }
}

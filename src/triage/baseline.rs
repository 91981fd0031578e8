//! Baselines: the findings that were there before, by their fingerprints.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::finding::Finding;
use crate::locate::Location;
use crate::source::Files;

/// The version of the format.
const VERSION: u32 = 1;

/// Known findings by their fingerprints.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    version: u32,
    /// By fingerprint: the rule, and where it was, for those who read the file.
    findings: BTreeMap<String, Known>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    rule: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<String>,
}

/// Why a text is not a baseline.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    #[error("it is not a baseline, as `--write-baseline` writes one: {0}")]
    Format(#[from] serde_json::Error),
    #[error("it is of version {0}; this fleetlint reads version {VERSION}")]
    Version(u32),
}

impl Baseline {
    /// The baseline of these findings, which triage has named.
    pub fn of(findings: &[Finding], files: &Files) -> Self {
        let known = |finding: &Finding| {
            let at = finding.place.span().map(|span| Location::of(span, files));
            let file = at.map(|at| format!("{}: {}", at.repository, at.file));
            (finding.fingerprint.clone(), Known { rule: finding.rule.to_owned(), file })
        };
        Self { version: VERSION, findings: findings.iter().map(known).collect() }
    }

    /// Reads what [`Baseline::text`] wrote.
    ///
    /// # Errors
    /// The text is not a baseline, or one of another version.
    pub fn read(text: &str) -> Result<Self, BaselineError> {
        let baseline: Self = serde_json::from_str(text)?;
        if baseline.version == VERSION { Ok(baseline) } else { Err(BaselineError::Version(baseline.version)) }
    }

    /// As JSON, with a final newline. Sorted, so that a new baseline differs from the old one by its findings only.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Whether a finding was there before.
    pub(super) fn holds(&self, finding: &Finding) -> bool {
        self.findings.contains_key(&finding.fingerprint)
    }

    /// The rules of the entries that none of these findings is, how often each.
    pub(super) fn gone<'a>(&'a self, findings: &[Finding]) -> BTreeMap<&'a str, usize> {
        let mut gone = BTreeMap::new();
        for (fingerprint, known) in &self.findings {
            if !findings.iter().any(|finding| finding.fingerprint == *fingerprint) {
                *gone.entry(known.rule.as_str()).or_default() += 1;
            }
        }
        gone
    }
}

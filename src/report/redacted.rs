//! Everything that a report says passes here before it is written, whatever the format.

use super::Report;
use crate::finding::{Finding, Note};
use crate::redact::Redactor;

impl Report {
    /// The report without what must not be shown. Names of clusters and files stay: the repository shows them itself.
    #[must_use]
    pub fn redacted(mut self, redactor: Redactor) -> Self {
        self.findings.iter_mut().for_each(|it| finding(it, &redactor));
        self.notes.iter_mut().for_each(|it| note(it, &redactor));
        for undetermined in &mut self.undetermined {
            redactor.redact(&mut undetermined.subject);
            redactor.redact(&mut undetermined.reason);
        }
        self.summary.profile.iter_mut().for_each(|(_, reason)| redactor.redact(reason));
        redactor.discovery(&mut self.discovery);
        self.repositories.iter_mut().flat_map(|it| &mut it.url).for_each(|url| redactor.redact(url));
        Self { redactor, ..self }
    }
}

fn finding(finding: &mut Finding, redactor: &Redactor) {
    redactor.redact(&mut finding.message);
    finding.help.iter_mut().for_each(|help| redactor.redact(help));
    finding.related.iter_mut().for_each(|(_, label)| redactor.redact(label));
    if let Some(object) = &mut finding.object {
        let texts = [&mut object.api_version, &mut object.kind, &mut object.name];
        texts.into_iter().chain(&mut object.namespace).for_each(|text| redactor.redact(text));
    }
    finding.consequences.iter_mut().for_each(|it| self::finding(it, redactor));
}

fn note(note: &mut Note, redactor: &Redactor) {
    redactor.redact(&mut note.message);
    note.help.iter_mut().for_each(|help| redactor.redact(help));
}

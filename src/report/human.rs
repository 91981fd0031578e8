//! `--format human`: for people, and not part of the contract. Excerpts with carets, labels, help, a summary line.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use super::block::Headline;
use super::clusters::{self, MAX_CLUSTERS};
use super::escape::visible;
use super::excerpt::{Excerpt, ExcerptStyle, Label};
use super::paths::{Paths, full};
use super::statistics::statistics;
use super::summary::summary;
use super::{Report, Style};
use crate::finding::{Finding, Note, Place, Severity};
use crate::fleet::Undetermined;
use crate::redact::excerpt;
use crate::source::{File, FileId, Files};
use crate::yaml::{Documents, Span};

/// Places in other files that one finding shows.
const MAX_NOTES: usize = 8;

/// Lines between two places in one file whose excerpts touch.
const NEAR: usize = 3;

/// Places that one note at the end names.
const MAX_PLACES: usize = 5;

/// Lines are never cut shorter.
const MIN_WIDTH: usize = 40;

/// The report as text: findings, what could not be judged, one line that sums up.
pub fn human(report: &Report, files: &Files, documents: &Documents, style: Style) -> String {
    let (one_tree, paths) = (one_tree(report, files), Paths::new(report));
    let mut printer = Printer { report, files, documents, style, one_tree, paths, masks: HashMap::new() };
    let mut text: String = report.findings.iter().map(|finding| printer.finding(finding) + "\n").collect();
    if report.detail.shows_notes() {
        text.extend(by_message(&report.notes).iter().map(|(message, notes)| printer.note(message, notes)));
    }
    if report.shows_undetermined {
        let lines = report.undetermined.iter().map(|undetermined| printer.undetermined(undetermined));
        text.extend(lines.collect::<Vec<_>>());
    }
    if !text.is_empty() && !text.ends_with("\n\n") {
        text.push('\n');
    }
    if report.shows_statistics {
        text.push_str(&statistics(report));
    }
    if report.detail.shows_notes() {
        text += &format!("{}\n{}", printer.visible(&summary(report)), printer.in_force());
    } else if !report.findings.is_empty() {
        text += &format!("{}\n", printer.visible(&summary(report)));
    }
    text
}

/// Whether all places are in one working tree: paths then need no repository's name.
fn one_tree(report: &Report, files: &Files) -> bool {
    let of_findings = report
        .findings
        .iter()
        .flat_map(|finding| std::iter::once(&finding.place).chain(finding.related.iter().map(|(place, _)| place)));
    let places = of_findings.chain(report.notes.iter().filter_map(|note| note.place.as_ref()));
    let spans: BTreeSet<FileId> = places.filter_map(|place| Some(place.span()?.file)).collect();
    let trees: BTreeSet<_> =
        spans.into_iter().map(|id| files.get(id)).map(|f| (Arc::clone(&f.repository), f.revision.clone())).collect();
    trees.len() <= 1 && trees.iter().all(|(_, revision)| revision.is_none())
}

struct Printer<'a> {
    report: &'a Report,
    files: &'a Files,
    documents: &'a Documents,
    style: Style,
    one_tree: bool,
    paths: Paths<'a>,
    /// What excerpts must not show, by file.
    masks: HashMap<FileId, Vec<Range<usize>>>,
}

impl Printer<'_> {
    fn finding(&mut self, finding: &Finding) -> String {
        let (same, other): (Vec<_>, Vec<_>) =
            finding.related.iter().partition(|(place, _)| self.shares_excerpt(&finding.place, place));
        let mut blocks = vec![Headline {
            prefix: format!("{}[{}]:", finding.severity.as_str(), finding.rule),
            severity: finding.severity,
            message: self.visible(&finding.message),
            help: None,
            excerpt: finding.place.span().and_then(|span| self.excerpt(&labels(span, &same, self.style.unicode), 1)),
        }];
        let most = self.report.detail.most(MAX_NOTES);
        blocks.extend(other.iter().take(most).map(|(place, label)| Headline {
            prefix: "note:".into(),
            severity: Severity::Info,
            message: self.visible(label),
            help: None,
            excerpt: place.span().and_then(|span| self.excerpt(&labels(span, &[], self.style.unicode), 0)),
        }));
        if let Some(last) = blocks.last_mut() {
            last.help = finding.help.as_ref().map(|help| visible(help, self.style.unicode));
        }
        let mut text: String = blocks.iter().map(|block| block.render(self.style)).collect();
        if let Some(more) = other.len().checked_sub(most).filter(|&more| more > 0) {
            text.push_str(&format!("  note: {more} more\n"));
        }
        match finding.consequences.len() {
            0 => {}
            1 => text.push_str("  note: one finding follows from this one and is not shown\n"),
            many => text.push_str(&format!("  note: {many} findings follow from this one and are not shown\n")),
        }
        let text = text.strip_prefix("  ").unwrap_or(&text).to_owned();
        text + &self.clusters("    on: ", &finding.clusters)
    }

    /// Whether a place is shown in the excerpt of the finding: one far above it would come first and pass for the finding.
    fn shares_excerpt(&self, finding: &Place, other: &Place) -> bool {
        let (Some(finding), Some(other)) = (finding.span(), other.span()) else { return false };
        let line = |span: Span| self.files.get(span.file).position(span.start).line;
        finding.file == other.file && line(other) + NEAR >= line(finding)
    }

    fn note(&self, message: &str, notes: &[&Note]) -> String {
        let places: BTreeSet<String> =
            notes.iter().filter_map(|note| note.place.as_ref()?.span()).map(|span| self.place(span)).collect();
        let clusters: BTreeSet<String> = notes.iter().flat_map(|note| &note.clusters).cloned().collect();
        let mut text = format!("note: {}\n", self.visible(message));
        let help = notes.iter().find_map(|note| note.help.as_ref());
        text.extend(help.map(|help| format!("  help: {}\n", self.visible(help))));
        let most = self.report.detail.most(MAX_PLACES);
        places.iter().take(most).for_each(|place| text.push_str(&format!("  at: {place}\n")));
        if let Some(more) = places.len().checked_sub(most).filter(|&more| more > 0) {
            text.push_str(&format!("  at: {more} more\n"));
        }
        text + &self.clusters("  on: ", &clusters)
    }

    fn undetermined(&self, undetermined: &Undetermined) -> String {
        let place = undetermined.place.map(|place| format!("  at: {}\n", self.place(place))).unwrap_or_default();
        let line = format!("undetermined: {}: {}", undetermined.subject, undetermined.reason);
        format!("{}\n{place}{}", self.visible(&line), self.clusters("  on: ", &undetermined.clusters))
    }

    /// What is in force: the clusters with their releases of Flux, the profile and why.
    fn in_force(&self) -> String {
        let summary = &self.report.summary;
        let mut by_release: Vec<(&str, Vec<&str>)> = Vec::new();
        for (name, release) in summary.clusters.iter().zip(&summary.flux) {
            let release = release.as_deref().unwrap_or_default();
            match by_release.iter_mut().find(|(known, _)| *known == release) {
                Some((_, names)) => names.push(name),
                None => by_release.push((release, vec![name])),
            }
        }
        let shown = |(release, names): &(&str, Vec<&str>)| {
            let names = if names.len() > self.report.detail.most(MAX_CLUSTERS) {
                format!("{} clusters", names.len())
            } else {
                names.join(", ")
            };
            let release = if release.is_empty() { "Flux not known".to_owned() } else { format!("Flux {release}") };
            format!("{names} ({release})")
        };
        let clusters: Vec<String> = by_release.iter().map(shown).collect();
        let Some((profile, reason)) = &summary.profile else { return String::new() };
        self.visible(&format!("clusters: {}; profile {profile} ({reason})", clusters.join(", "))) + "\n"
    }

    fn clusters(&self, prefix: &str, clusters: &BTreeSet<String>) -> String {
        let most = self.report.detail.most(MAX_CLUSTERS);
        let listed = clusters::listed(clusters, &self.report.summary.clusters, most);
        listed.map(|listed| format!("{prefix}{}\n", self.visible(&listed))).unwrap_or_default()
    }

    fn excerpt(&mut self, labels: &[Label], context: usize) -> Option<Excerpt> {
        let file = self.files.get(labels.first()?.span.file);
        let (name, documents) = (self.file_name(&file), self.documents);
        let masked =
            self.masks.entry(file.id).or_insert_with(|| excerpt::ranges(&file, documents, &self.report.redactor));
        let look = ExcerptStyle { context, width: self.style.width.max(MIN_WIDTH), unicode: self.style.unicode };
        Some(Excerpt::new(&file, name, labels, masked, look))
    }

    fn place(&self, span: Span) -> String {
        let file = self.files.get(span.file);
        let position = file.position(span.start);
        format!("{}:{}:{}", self.file_name(&file), position.line, position.column)
    }

    /// A path that opens the file, if there is one; else where it comes from.
    fn file_name(&self, file: &File) -> String {
        let elsewhere = || match self.one_tree && !self.paths.is_of_namesake(file) {
            true => file.path.clone(),
            false => full(file),
        };
        self.visible(&self.paths.on_disk(file).unwrap_or_else(elsewhere))
    }

    fn visible(&self, text: &str) -> String {
        visible(text, self.style.unicode)
    }
}

/// The labels of an excerpt: what the finding points at, and what else it names in the same file.
fn labels(primary: Span, related: &[&(Place, String)], unicode: bool) -> Vec<Label> {
    let text = |span: Span| {
        let texts =
            related.iter().filter(|(place, _)| place.span() == Some(span)).map(|(_, label)| visible(label, unicode));
        Some(texts.collect::<Vec<_>>().join("; ")).filter(|text| !text.is_empty())
    };
    let spans: BTreeSet<Span> =
        related.iter().filter_map(|(place, _)| place.span()).filter(|span| *span != primary).collect();
    let primary = Label { span: primary, text: text(primary), is_primary: true };
    let others = spans.into_iter().map(|span| Label { span, text: text(span), is_primary: false });
    std::iter::once(primary).chain(others).collect()
}

fn by_message(notes: &[Note]) -> Vec<(&str, Vec<&Note>)> {
    let mut groups: BTreeMap<&str, Vec<&Note>> = BTreeMap::new();
    notes.iter().for_each(|note| groups.entry(&note.message).or_default().push(note));
    groups.into_iter().collect()
}

//! `--format human`: for people, and not part of the contract. Excerpts with carets, labels, help, a summary line.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use super::block::Headline;
use super::escape::visible;
use super::excerpt::{Excerpt, ExcerptStyle, Label};
use super::{Report, Style, Summary};
use crate::finding::{Finding, Note, Place, Severity};
use crate::fleet::{Discovery, Undetermined};
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
const MIN_WIDTH: usize = 100;

/// The report as text: findings, what could not be judged, one line that sums up.
pub fn human(report: &Report, files: &Files, documents: &Documents, style: Style) -> String {
    let mut printer =
        Printer { report, files, documents, style, one_tree: one_tree(report, files), masks: HashMap::new() };
    let mut text: String = report.findings.iter().map(|finding| printer.finding(finding) + "\n").collect();
    let notes: String = by_message(&report.notes).iter().map(|(message, notes)| printer.note(message, notes)).collect();
    text.push_str(&notes);
    if report.shows_undetermined {
        let lines = report.undetermined.iter().map(|undetermined| printer.undetermined(undetermined));
        text.extend(lines.collect::<Vec<_>>());
    }
    if !text.is_empty() && !text.ends_with("\n\n") {
        text.push('\n');
    }
    text + &summary(report) + "\n" + &printer.in_force()
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
        blocks.extend(other.iter().take(MAX_NOTES).map(|(place, label)| Headline {
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
        if let Some(more) = other.len().checked_sub(MAX_NOTES).filter(|&more| more > 0) {
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
        places.iter().take(MAX_PLACES).for_each(|place| text.push_str(&format!("  at: {place}\n")));
        if let Some(more) = places.len().checked_sub(MAX_PLACES).filter(|&more| more > 0) {
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
            let names =
                if names.len() > 2 * MAX_PLACES { format!("{} clusters", names.len()) } else { names.join(", ") };
            let release = if release.is_empty() { "Flux not known".to_owned() } else { format!("Flux {release}") };
            format!("{names} ({release})")
        };
        let clusters: Vec<String> = by_release.iter().map(shown).collect();
        let Some((profile, reason)) = &summary.profile else { return String::new() };
        self.visible(&format!("clusters: {}; profile {profile} ({reason})", clusters.join(", "))) + "\n"
    }

    fn clusters(&self, prefix: &str, clusters: &BTreeSet<String>) -> String {
        let all = &self.report.summary.clusters;
        if clusters.is_empty() {
            return String::new();
        }
        let names: Vec<String> = clusters.iter().map(|cluster| self.visible(cluster)).collect();
        let names = if clusters.len() > MAX_PLACES && clusters.iter().eq(all) {
            format!("all {} clusters", all.len())
        } else {
            names.join(", ")
        };
        format!("{prefix}{names}\n")
    }

    fn excerpt(&mut self, labels: &[Label], context: usize) -> Option<Excerpt> {
        let file = self.files.get(labels.first()?.span.file);
        let documents = self.documents;
        let masked =
            self.masks.entry(file.id).or_insert_with(|| excerpt::ranges(&file, documents, &self.report.redactor));
        let look = ExcerptStyle { context, width: self.style.width.max(MIN_WIDTH), unicode: self.style.unicode };
        let name = file_name(&file, self.one_tree, self.style.unicode);
        Some(Excerpt::new(&file, name, labels, masked, look))
    }

    fn place(&self, span: Span) -> String {
        let file = self.files.get(span.file);
        let position = file.position(span.start);
        format!("{}:{}:{}", file_name(&file, self.one_tree, self.style.unicode), position.line, position.column)
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

/// `repository@revision: path`.
fn file_name(file: &File, one_tree: bool, unicode: bool) -> String {
    let revision = file.revision.iter().map(|revision| format!("@{revision}")).collect::<String>();
    let name = if one_tree { file.path.clone() } else { format!("{}{revision}: {}", file.repository, file.path) };
    visible(&name, unicode)
}

fn by_message(notes: &[Note]) -> Vec<(&str, Vec<&Note>)> {
    let mut groups: BTreeMap<&str, Vec<&Note>> = BTreeMap::new();
    notes.iter().for_each(|note| groups.entry(&note.message).or_default().push(note));
    groups.into_iter().collect()
}

/// `3 errors, 1 warning in 41 files (3 clusters, 214 objects); 2 objects with unknown values, 1 check was inconclusive`
fn summary(report: &Report) -> String {
    let summary = &report.summary;
    let counts = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "info")];
    let counts = counts.map(|(severity, word)| (report.count(severity), word));
    let counts: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| counted(*count, word)).collect();
    if summary.clusters.is_empty() {
        let found = if counts.is_empty() { String::new() } else { format!("{}; ", counts.join(", ")) };
        return found + &on_their_own(&report.discovery);
    }
    let found = if counts.is_empty() { "nothing found".into() } else { counts.join(", ") };
    let (files, objects) = (counted(summary.files, "file"), counted(summary.objects, "object"));
    let clusters = counted(summary.clusters.len(), "cluster");
    let objects_open = summary.undetermined.saturating_sub(summary.inconclusive);
    let verb = if summary.inconclusive == 1 { "was" } else { "were" };
    let open = [
        (objects_open > 0).then(|| format!("{} with unknown values", counted(objects_open, "object"))),
        (summary.inconclusive > 0).then(|| format!("{} {verb} inconclusive", counted(summary.inconclusive, "check"))),
    ];
    let open: Vec<String> = open.into_iter().flatten().collect();
    let undetermined = if open.is_empty() { String::new() } else { format!("; {}", open.join(", ")) };
    format!("{found} in {files} ({clusters}, {objects}){undetermined}{}", left_out(summary))
}

/// How many findings were left out, and why.
fn left_out(summary: &Summary) -> String {
    let silenced = (summary.silenced > 0).then(|| format!("{} silenced", counted(summary.silenced, "finding")));
    let day = summary.today.as_ref().map(|day| format!("exceptions as of {day}"));
    let known = (summary.known > 0).then(|| format!("{} in the baseline", counted(summary.known, "finding")));
    let parts: Vec<String> = [silenced, day, known].into_iter().flatten().collect();
    if parts.is_empty() { String::new() } else { format!("; {}", parts.join(", ")) }
}

/// What was checked where there is no cluster.
pub fn on_their_own(discovery: &Discovery) -> String {
    let open = discovery.undetermined.len();
    let (count, word) = match discovery.kustomizations.len() {
        0 => (discovery.manifests, "manifest"),
        count => (count.saturating_sub(open), "kustomization"),
    };
    let (checked, own) = (counted(count, word), if count == 1 { "its" } else { "their" });
    let undetermined = if open == 0 { String::new() } else { format!(", {open} undetermined") };
    format!("no cluster in this repository: {checked} checked on {own} own{undetermined}")
}

fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

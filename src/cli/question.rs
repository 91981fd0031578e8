//! What a run says that checked nothing: why, and what to write so that it can.

use super::print::note;
use crate::fleet::{Blocked, Discovery, Question, pasted};
use crate::locate::Location;
use crate::source::Files;

/// The exit status of a run that checked nothing.
const NOTHING_CHECKED: u8 = 2;

/// How many folders the question shows.
const SHOWN: usize = 6;

/// Says on standard error why nothing was checked; the exit status for it, 0 where something was.
pub(super) fn ask(discovery: &Discovery, files: &Files) -> u8 {
    let lines = match &discovery.blocked {
        None => return 0,
        Some(blocked @ Blocked::NoManifests) => vec![
            format!("error: {blocked}, and nothing was checked"),
            "  give fleetlint the folder of the fleet repository: `fleetlint check PATH`".to_owned(),
        ],
        Some(blocked @ Blocked::FluxOne { .. }) => vec![
            format!("error: {blocked}, and checked nothing"),
            "  to check them as plain manifests, say in fleetlint.yaml that there are no clusters: `clusters: []`"
                .to_owned(),
        ],
        Some(blocked @ Blocked::NothingChecked(_)) => vec![
            format!("error: {blocked}"),
            "  give the folder of the fleet repository, or one that is not a template, a test or an archive".to_owned(),
            "  where there is nothing to check, say in fleetlint.yaml that there are no clusters: `clusters: []`"
                .to_owned(),
        ],
        Some(Blocked::Ambiguous) => question(discovery, files),
    };
    lines.iter().for_each(|line| note(line));
    NOTHING_CHECKED
}

fn question(discovery: &Discovery, files: &Files) -> Vec<String> {
    let questions = &discovery.questions;
    let mut lines = vec![
        "error: no cluster found: fleetlint cannot tell which folders your clusters sync, and checked nothing"
            .to_owned(),
        format!("  {}:", discovery.reason.as_deref().unwrap_or("these folders hold Flux objects")),
    ];
    lines.extend(questions.iter().take(SHOWN).map(|it| shown(it, files)));
    lines
        .extend(questions.len().checked_sub(SHOWN).filter(|more| *more > 0).map(|more| format!("    and {more} more")));
    let similar: Vec<&str> = questions.iter().flat_map(|it| &it.same_ending).map(String::as_str).collect();
    if !similar.is_empty() {
        lines.push(format!("  folders with the same ending: {}", shortened(&similar)));
    }
    lines.push("  say in fleetlint.yaml which are clusters, and what each consists of:".to_owned());
    lines.push("    clusters:".to_owned());
    lines.extend(questions.iter().take(SHOWN).map(|it| entry(it, files)));
    lines.push("  or that there are none: `clusters: []`".to_owned());
    lines
}

fn shown(question: &Question, files: &Files) -> String {
    let first = question.evidence.first().map(|evidence| {
        let place = Location::of(evidence.place, files);
        format!("   {}:{}   {}", place.file, place.line, evidence.what)
    });
    let more = question.count.checked_sub(1).filter(|more| *more > 0).map(|more| format!("   {more} more"));
    let path = if question.path.is_empty() { "." } else { &question.path };
    format!("    {path}{}{}", first.unwrap_or_default(), more.unwrap_or_default())
}

/// The line to paste for a folder: with the folders of the same ending it may be one cluster.
fn entry(question: &Question, files: &Files) -> String {
    let name = match question.same_ending.first() {
        Some(other) => common_ending(&question.path, other),
        None if question.path.is_empty() => repository(question, files),
        None => question.path.rsplit('/').next().unwrap_or(&question.path).to_owned(),
    };
    let name = pasted(&name);
    let others = question.same_ending.iter().chain(&question.sources).map(String::as_str);
    let mut paths: Vec<&str> = others.chain([question.path.as_str()]).collect();
    paths.sort_unstable();
    match paths.as_slice() {
        [only] => format!("      - {{name: {name}, path: {}}}", pasted(only)),
        many => {
            let roots: Vec<String> = many.iter().map(|path| format!("{{path: {}}}", pasted(path))).collect();
            format!("      - {{name: {name}, roots: [{}]}}", roots.join(", "))
        }
    }
}

/// The name of the repository, which names the cluster that syncs all of it.
fn repository(question: &Question, files: &Files) -> String {
    let place = question.evidence.first().map(|evidence| evidence.place);
    place.map_or_else(|| "fleet".to_owned(), |place| files.get(place.file).repository.to_string())
}

fn common_ending(left: &str, right: &str) -> String {
    let same = left.rsplit('/').zip(right.rsplit('/')).take_while(|(left, right)| left == right);
    let mut segments: Vec<&str> = same.map(|(segment, _)| segment).collect();
    segments.reverse();
    segments.join("/")
}

fn shortened(folders: &[&str]) -> String {
    let shown = folders.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    if folders.len() > SHOWN { format!("{shown}, …") } else { shown }
}

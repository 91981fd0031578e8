//! All facts of a tree, read in parallel.

use std::sync::Arc;

use rayon::prelude::*;
use smol_str::SmolStr;

use super::command::Command;
use super::files::{FileKind, kind};
use super::runbook::{self, Runbook};
use super::script::{self, Script};
use super::workflow::{self, Workflow};
use super::written::Unread;
use crate::source::{File, Tree};
use crate::yaml::{Documents, Span};

/// A larger file is neither a page that people read nor a script, in bytes.
const FILE_LIMIT: usize = 4 * 1024 * 1024;

/// How many files are looked at.
const COUNT_LIMIT: usize = 10_000;

/// What a tree holds beside manifests.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub runbooks: Vec<Runbook>,
    pub workflows: Vec<Workflow>,
    pub scripts: Vec<Script>,
    pub unread: Vec<UnreadFile>,
}

/// A file that was not read, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadFile {
    pub path: SmolStr,
    pub why: Unread,
    /// `None` where the file itself could not be read.
    pub place: Option<Span>,
}

/// What one file holds.
enum Read {
    Runbook(Runbook),
    Workflow(Box<Workflow>),
    Script(Script),
    Unread(UnreadFile),
}

impl Facts {
    /// Reads the files of a tree, in the order of their paths.
    pub(super) fn read(tree: &Tree, documents: &Documents) -> Self {
        let files = tree.files().into_iter().filter_map(|path| Some((kind(&path)?, path)));
        let mut files: Vec<(FileKind, String)> = files.collect();
        let beyond = (files.len() > COUNT_LIMIT).then(|| files.split_off(COUNT_LIMIT));
        let read: Vec<Read> = files.par_iter().map(|(kind, path)| read(tree, documents, *kind, path)).collect();
        let mut facts = Self::default();
        for read in read {
            match read {
                Read::Runbook(runbook) => facts.runbooks.push(runbook),
                Read::Workflow(workflow) => facts.workflows.push(*workflow),
                Read::Script(script) => facts.scripts.push(script),
                Read::Unread(unread) => facts.unread.push(unread),
            }
        }
        let beyond = beyond.into_iter().flatten().map(|(_, path)| unread(&path, Unread::TooMany, None));
        facts.unread.extend(beyond);
        facts
    }

    /// All commands with the path of their file: those of runbooks, then of scripts, then of workflows.
    pub(super) fn commands(&self) -> impl Iterator<Item = (&SmolStr, &Command)> {
        let runbooks = self.runbooks.iter().map(|it| (&it.path, &it.commands));
        let scripts = self.scripts.iter().map(|it| (&it.path, &it.commands));
        let steps = self.workflows.iter().flat_map(|workflow| {
            let steps = workflow.jobs.iter().flat_map(|job| &job.steps);
            steps.map(move |step| (&workflow.path, &step.commands))
        });
        let all = runbooks.chain(scripts).chain(steps);
        all.flat_map(|(path, commands)| commands.iter().map(move |command| (path, command)))
    }
}

fn read(tree: &Tree, documents: &Documents, kind: FileKind, path: &str) -> Read {
    let Ok(file) = tree.file(path) else { return Read::Unread(unread(path, Unread::NotText, None)) };
    let start = Span { file: file.id, start: 0, end: 0 };
    let not_read = |(why, place): (Unread, Span)| Read::Unread(unread(path, why, Some(place)));
    if let FileKind::Pipeline(system) = kind {
        return not_read((Unread::Pipeline(system), start));
    }
    match text_of(&file) {
        Err(why) => not_read((why, start)),
        Ok(text) => read_text(&file, text, documents, kind).unwrap_or_else(not_read),
    }
}

fn text_of(file: &File) -> Result<&str, Unread> {
    if file.bytes.len() > FILE_LIMIT {
        return Err(Unread::TooLarge);
    }
    file.text().ok_or(Unread::NotText)
}

fn read_text(file: &Arc<File>, text: &str, documents: &Documents, kind: FileKind) -> Result<Read, (Unread, Span)> {
    Ok(match kind {
        FileKind::Markdown => Read::Runbook(runbook::read(file, text)),
        FileKind::Workflow | FileKind::Action => {
            Read::Workflow(Box::new(workflow::read(file, documents, kind == FileKind::Action)?))
        }
        _ => Read::Script(script::read(file, text, kind, documents)?),
    })
}

/// The secrets that are written in a file which is read here, which no output may show.
pub fn secrets_in(file: &Arc<File>, documents: &Documents) -> Vec<Span> {
    let read = kind(&file.path).zip(text_of(file).ok()).map(|(kind, text)| read_text(file, text, documents, kind));
    match read {
        Some(Ok(Read::Runbook(runbook))) => runbook.commands.iter().flat_map(Command::secrets).collect(),
        Some(Ok(Read::Script(script))) => script.commands.iter().flat_map(Command::secrets).collect(),
        Some(Ok(Read::Workflow(workflow))) => {
            let steps = workflow.jobs.iter().flat_map(|job| &job.steps);
            let commands = steps.flat_map(|step| &step.commands).flat_map(Command::secrets);
            commands.chain(workflow.secret_values()).collect()
        }
        _ => Vec::new(),
    }
}

fn unread(path: &str, why: Unread, place: Option<Span>) -> UnreadFile {
    UnreadFile { path: path.into(), why, place }
}

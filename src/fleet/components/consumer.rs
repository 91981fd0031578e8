//! What only the consumer of a folder decides: who builds it, from where, with which flags, and what is made before.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::templates::is_template;
use crate::fleet::discover::Landscape;
use crate::kustomize::{FILE_NAMES, Kustomization, Mode, Reader};
use crate::problem::{Problem, ProblemKind};
use crate::source::path::{clean, join, parent};
use crate::source::{EntryKind, File, FileId, Tree};
use crate::yaml::{Node, Span, Stream};

/// Why what a folder builds cannot be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Open {
    /// It is a template: what fills it in is not here.
    Template,
    /// It needs something that is not here: what, and where the folder says so.
    Elsewhere(String, Option<Span>),
}

/// The YAML files of a repository by their ids, each with its path.
pub(super) struct Texts<'a> {
    reader: Reader<'a>,
    /// With what artifacts leave out: `.gitignore` is not a part of them.
    tree: &'a Tree,
    files: HashMap<FileId, (String, Arc<File>)>,
}

impl<'a> Texts<'a> {
    pub(super) fn of(land: &'a Landscape<'_>) -> Self {
        let reader = land.reader();
        let is_yaml = |path: &String| {
            let name = path.rsplit('/').next().unwrap_or(path);
            name.ends_with(".yaml") || name.ends_with(".yml") || FILE_NAMES.contains(&name)
        };
        let paths = land.artifact.files().into_iter().filter(is_yaml);
        let file = |path: String| reader.tree.file(&path).ok().map(|file| (file.id, (path, file)));
        Self { reader, tree: land.tree, files: paths.filter_map(file).collect() }
    }

    /// Whether a problem follows from its file being a template.
    pub(super) fn is_of_template(&self, problem: &Problem) -> bool {
        let place = problem.place.and_then(|place| Some((self.files.get(&place.file)?, place.start)));
        place.is_some_and(|((_, file), start)| is_template(self.reader, file, start))
    }

    /// Why a problem is none of the folder's own, if it is not.
    pub(super) fn why_open(&self, problem: &Problem) -> Option<Open> {
        match problem.kind {
            _ if problem.is_undetermined() => Some(Open::Elsewhere(problem.message.clone(), problem.place)),
            _ if self.is_of_template(problem) => Some(Open::Template),
            ProblemKind::KustomizeFailed => {
                self.why_missing(problem.place?).map(|why| Open::Elsewhere(why, problem.place))
            }
            _ => None,
        }
    }

    /// The same problem; where it is about something that `.sourceignore` leaves out, this is what to know.
    pub(super) fn explained(&self, problem: Problem) -> Problem {
        let named = problem.place.filter(|_| problem.kind == ProblemKind::KustomizeFailed);
        let named = named.and_then(|place| self.entry_at(place)?.1);
        let is_hidden = named.filter(|path| self.tree.entry(path).is_some() && self.reader.tree.entry(path).is_none());
        match is_hidden {
            Some(path) => problem.help(format!(
                "`.sourceignore` leaves `{path}` out of what Flux builds: keep it there, or move the file"
            )),
            None => problem,
        }
    }

    /// What a kustomization file names at a place: as it is written, and the path of that if it is in this repository.
    fn entry_at(&self, place: Span) -> Option<(&str, Option<String>)> {
        let (path, file) = self.files.get(&place.file)?;
        let written = file.text()?.get(place.start as usize..place.end as usize)?;
        let entry = written.trim_matches(['"', '\'']);
        // `files` of generators: `key=path`.
        let entry = entry.rsplit('=').next().unwrap_or(entry);
        if entry.is_empty() || entry.starts_with('/') || entry.contains(['\n', ' ']) {
            return None;
        }
        Some((entry, clean(&join(parent(path)?, entry))))
    }

    /// Why an entry of a kustomization file names something that is rightly not here.
    fn why_missing(&self, place: Span) -> Option<String> {
        let (entry, named) = self.entry_at(place)?;
        let Some(named) = named else {
            return Some(format!("`{entry}` is outside this repository: cannot tell whether it exists"));
        };
        let is_made = self.tree.entry(&named).is_none() && self.tree.is_ignored(&named);
        is_made.then(|| {
            format!("`.gitignore` names `{entry}`: it is created before the build, and its content is not known")
        })
    }
}

/// The first plugin that a folder, or a folder that it lists, wants to be run by whoever builds it: kustomize runs such
/// plugins only with `--enable-alpha-plugins` or `--enable-exec`, as Argo CD may.
pub(super) fn external_plugin(land: &Landscape<'_>, folder: &str) -> Option<Open> {
    let reader = land.reader();
    land.folders_of(folder).into_iter().find_map(|folder| {
        let file = Kustomization::read(reader, folder, Mode::Lenient).ok()?;
        let entries = file.generators.iter().chain(&file.transformers).chain(&file.validators);
        entries.into_iter().find_map(|entry| plugin_of_entry(land, folder, entry))
    })
}

fn plugin_of_entry(land: &Landscape<'_>, folder: &str, entry: &Node) -> Option<Open> {
    let reader = land.reader();
    let path = clean(&join(folder, entry.text()?));
    let kind = path.as_deref().and_then(|path| reader.tree.entry(path));
    let files: BTreeSet<&str> = match (kind, path.as_deref()) {
        (Some(EntryKind::Folder), Some(path)) => land.files_of(path),
        (Some(EntryKind::File), Some(path)) => BTreeSet::from([path]),
        _ => return plugin_of(&reader.documents.embedded(entry, false)),
    };
    let files = files.into_iter().filter_map(|path| reader.tree.file(path).ok());
    files.into_iter().find_map(|file| plugin_of(&reader.documents.of(&file)))
}

fn plugin_of(stream: &Stream) -> Option<Open> {
    let roots = stream.documents.iter().flatten().filter_map(|document| document.root.as_ref());
    roots.into_iter().find_map(|root| {
        let version = root.get("apiVersion").and_then(Node::text).unwrap_or_default();
        let kind = root.get("kind").filter(|_| version != "builtin")?;
        let name = kind.text()?;
        let why = format!("the plugin `{name}` is not run: who builds the folder, and with which flags, is not known");
        Some(Open::Elsewhere(why, kind.place()))
    })
}

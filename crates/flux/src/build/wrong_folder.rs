//! A path that leads to the wrong folder. Where a folder has no kustomization file, Flux applies all manifests below it
//! together, so that one wrong path makes many things fail at once: one fault, told once, at the path.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use fleetlint_kustomize::{Kustomization, is_of_repeated_id};
use fleetlint_source::{EntryKind, FileId, FileTree, path};
use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Node, Span};

use super::FluxBuild;
use crate::object::Object;

impl FluxBuild {
    /// The problems as they are to be told of the Kustomization that asked for the build: what only a wrong path brings
    /// about is one problem, at `spec.path`.
    pub fn problems_of(&self, kustomization: &Object) -> Cow<'_, [Problem]> {
        let failed = || self.problems.iter().filter(|problem| problem.kind == ProblemKind::KustomizeFailed);
        let repeated: Vec<&Problem> = failed().filter(|problem| is_of_repeated_id(problem)).collect();
        let path =
            kustomization.at("/spec/path").filter(|path| path.text_if_set().is_some_and(|path| !path.is_empty()));
        let joined = match path {
            _ if !self.is_generated => None,
            _ if self.has_copy => copy(&repeated),
            Some(path) if pairs_of_files(&repeated) > 1 => Some(overlap(path.place(), &repeated)),
            None => failed().next().map(|first| without_path(kustomization, first, &repeated)),
            Some(_) => None,
        };
        let Some(joined) = joined else { return Cow::Borrowed(&self.problems) };
        let is_joined = |problem: &Problem| match self.has_copy {
            true => is_of_repeated_id(problem),
            false => problem.kind == ProblemKind::KustomizeFailed,
        };
        let others = self.problems.iter().filter(|problem| !is_joined(problem)).cloned();
        Cow::Owned(std::iter::once(joined).chain(others).collect())
    }
}

/// Whether all that is defined twice is in one pair of folders, in documents of their own: one is a copy of the other, or
/// has its names, and the path is right.
pub(super) fn has_copy(tree: &dyn FileTree, folder: &str, file: &Kustomization, problems: &[Problem]) -> bool {
    let repeated: Vec<&Problem> = problems.iter().filter(|problem| is_of_repeated_id(problem)).collect();
    if repeated.len() < 2 {
        return false;
    }
    let mut entries: HashMap<FileId, usize> = HashMap::new();
    for (index, entry) in file.resources.iter().filter_map(Node::text).enumerate() {
        let below = path::join(folder, entry.strip_prefix("./").unwrap_or(entry));
        let files = files_below(tree, below);
        entries.extend(files.into_iter().filter_map(|file| Some((tree.file(&file).ok()?.id, index))));
    }
    let pair = |problem: &&Problem| {
        let places: Vec<Span> = places(problem).collect();
        let [first, second] = places.as_slice() else { return None };
        let (first, second) = (entries.get(&first.file)?, entries.get(&second.file)?);
        (first != second).then_some((*first, *second))
    };
    let pairs: BTreeSet<Option<(usize, usize)>> = repeated.iter().map(pair).collect();
    pairs.len() == 1 && !pairs.contains(&None)
}

/// One problem, at the first object of the copy.
fn copy(repeated: &[&Problem]) -> Option<Problem> {
    let first = Problem::clone(repeated.first()?);
    let message = format!("{} and {} more, which the same two folders define", first.message, repeated.len() - 1);
    Some(
        Problem { message, ..first }
            .help("give one of the two folders other names or a namespace of its own, or remove it"),
    )
}

/// Between how many pairs of files objects are defined twice. With one pair, the second file is what is wrong.
fn pairs_of_files(repeated: &[&Problem]) -> usize {
    let files = |problem: &&Problem| places(problem).map(|place| place.file).collect();
    repeated.iter().map(files).collect::<BTreeSet<Vec<FileId>>>().len()
}

fn overlap(path: Option<Span>, repeated: &[&Problem]) -> Problem {
    let message = format!(
        "the manifests below this path do not belong together: Flux would apply them all, and {}",
        defined_twice(repeated)
    );
    let help = "name the folder that is meant, or add a kustomization file that lists what to apply";
    with_places(Problem::new(ProblemKind::KustomizeFailed, message, path).help(help), repeated)
}

fn without_path(kustomization: &Object, first: &Problem, repeated: &[&Problem]) -> Problem {
    let what = match repeated {
        [] => first.message.clone(),
        repeated => defined_twice(repeated),
    };
    let message = format!(
        "`spec.path` is not set: Flux would apply all manifests of the repository together, which fails: {what}"
    );
    let spec = kustomization.root.entries().iter().find(|entry| entry.key.text() == Some("spec"));
    let place = spec.and_then(|spec| spec.key.place()).or_else(|| kustomization.place());
    let problem = Problem::new(ProblemKind::KustomizeFailed, message, place);
    let problem = problem.help("set `spec.path` to the folder that is meant");
    match repeated {
        [] => problem.related(first.place, "this fails first"),
        repeated => with_places(problem, repeated),
    }
}

fn defined_twice(repeated: &[&Problem]) -> String {
    let id = |problem: &&Problem| problem.message.split('`').nth(1).unwrap_or_default().to_owned();
    match repeated {
        [] => String::new(),
        [only] => format!("`{}` is defined twice", id(only)),
        [first, second] => format!("`{}` and `{}` are defined twice", id(first), id(second)),
        [first, others @ ..] => format!("`{}` and {} more objects are defined twice", id(first), others.len()),
    }
}

fn with_places(problem: Problem, repeated: &[&Problem]) -> Problem {
    let places = repeated.first().into_iter().flat_map(|first| places(first));
    places
        .zip(["defined here", "and here"])
        .fold(problem, |problem, (place, label)| problem.related(Some(place), label))
}

/// Where an object is defined first, and where again.
fn places(problem: &Problem) -> impl Iterator<Item = Span> {
    let first = problem.related.first().map(|(place, _)| *place);
    first.into_iter().chain(problem.place)
}

/// The files below a folder.
fn files_below(tree: &dyn FileTree, folder: String) -> Vec<String> {
    let (mut found, mut folders) = (Vec::new(), vec![folder]);
    while let Some(folder) = folders.pop() {
        for (name, kind) in tree.folder(&folder) {
            let path = path::join(&folder, &name);
            match kind {
                EntryKind::File => found.push(path),
                EntryKind::Folder => folders.push(path),
            }
        }
    }
    found
}

//! `resources` and `components`: files, bases, and what is neither.

use std::sync::Arc;

use fleetlint_source::{EntryKind, path};
use fleetlint_yaml::Node;
use fleetlint_yaml::problem::{Problem, ProblemKind};

use super::super::annotations::make_room;
use super::super::is_of_repeated_id;
use super::super::kustomization::{Kustomization, Mode};
use super::super::load::{self, Site, dropped_of, not_found, read_file, remote, resources_of, unreadable};
use super::super::missing::leaves_out;
use super::super::resmap::Taken;
use super::super::resource::Resource;
use super::super::resource_origin::ResourceOrigin;
use super::{Accumulation, Builder, MAX_ADDED, MAX_DEPTH, MAX_FOLDERS, MAX_RESOURCES};

/// About so many bytes of a file are a value.
const BYTES_OF_A_VALUE: usize = 8;

impl Builder<'_> {
    /// Adds what the entries name: files first, then folders, as kustomize tries them.
    pub(in super::super) fn resources(
        &mut self,
        site: &Site,
        entries: &[Node],
        mut current: Accumulation,
    ) -> Accumulation {
        let (mut taken, known) = (current.resources.taken(), self.problems.len());
        for (index, entry) in entries.iter().enumerate() {
            let text = entry.text().unwrap_or_default();
            let told = self.problems.len();
            if text.is_empty() {
                let problem = Problem::new(ProblemKind::KustomizeFailed, "new root cannot be empty", entry.place());
                self.problems.push(problem.help("name a file or a folder, or remove the entry"));
                continue;
            }
            match self.kind_of(site, entry, text) {
                Ok((EntryKind::File, _)) => self.file(site, entry, &mut current, &mut taken),
                Ok((EntryKind::Folder, path)) => {
                    if let Some(base) = self.folder(site, entry, &path, None) {
                        self.merge(&mut current, base, entry, &mut taken);
                    }
                }
                Err(problem) => {
                    if problem.is_undetermined() {
                        self.missing.add_entry(text);
                    }
                    self.problems.push(leaves_out(problem));
                }
            }
            if let Some(again) = brought_again(&mut self.problems, told, entry, &entries[..index]) {
                self.problems.push(again);
            }
        }
        self.is_lacking |= self.problems.len() > known;
        current
    }

    /// Runs components on what has been accumulated.
    pub(super) fn components(&mut self, site: &Site, entries: &[Node], mut current: Accumulation) -> Accumulation {
        let known = self.problems.len();
        for entry in entries {
            let text = entry.text().unwrap_or_default();
            match self.kind_of(site, entry, text) {
                Ok((EntryKind::Folder, path)) => {
                    let before = std::mem::take(&mut current);
                    current = self.folder(site, entry, &path, Some(before)).unwrap_or_default();
                    // Whatever names the component gave: they are taken in again.
                    let resources = std::mem::take(&mut current.resources);
                    current.resources.append(resources, &mut self.problems);
                    let specs = std::mem::take(&mut current.specs);
                    if let Err(message) = current.specs.merge(&specs) {
                        self.fail(message, entry.place());
                    }
                }
                Ok((EntryKind::File, _)) => {
                    let message = format!("must build at directory: `{text}` is a file");
                    let problem = Problem::new(ProblemKind::KustomizeFailed, message, entry.place());
                    self.problems.push(problem.help("name the folder that holds the component's kustomization file"));
                }
                Err(problem) => self.problems.push(problem),
            }
        }
        self.is_lacking |= self.problems.len() > known;
        current
    }

    fn kind_of(&self, site: &Site, entry: &Node, text: &str) -> Result<(EntryKind, String), Problem> {
        if load::is_http(text) {
            return Err(remote(entry));
        }
        let local = site.local(entry);
        let kind = local.as_ref().ok().and_then(|path| self.reader.tree.entry(path));
        match (kind, local) {
            (Some(EntryKind::File), Ok(path)) => Ok((EntryKind::File, path)),
            _ if load::is_git_url(text) => Err(remote(entry)),
            (Some(EntryKind::Folder), Ok(path)) => Ok((EntryKind::Folder, path)),
            (_, Ok(path)) => Err(not_found(self.reader.tree, &path, entry)),
            (_, Err(problem)) => Err(problem),
        }
    }

    fn file(&mut self, site: &Site, entry: &Node, current: &mut Accumulation, taken: &mut Taken) {
        let file = match read_file(self.reader, self.options, site, entry) {
            Ok(file) => file,
            Err(problem) => return self.problems.push(problem),
        };
        if let Err(message) = self.budget.may_read() {
            return self.fail(message, entry.place());
        }
        let mut resources = resources_of(self.reader, &file, entry, &mut self.problems);
        self.dropped.extend(dropped_of(self.reader, &file));
        if let Err(message) = self.budget.read(resources.iter().map(|resource| resource.node.size()).sum()) {
            return self.fail(message, entry.place());
        }
        if self.tracks_origins {
            let path = from_root(&site.from_root, entry.text().unwrap_or_default());
            for resource in &mut resources {
                resource.origin = Some(Box::new(ResourceOrigin::File { path: path.clone() }));
                make_room(&mut resource.node);
            }
        }
        self.append(current, resources, entry, taken);
    }

    fn append(&mut self, current: &mut Accumulation, resources: Vec<Resource>, entry: &Node, taken: &mut Taken) {
        self.added += resources.len();
        self.see_types(resources.iter());
        if current.resources.len() + resources.len() > MAX_RESOURCES || self.added > MAX_ADDED {
            return self.fail(format!("more than {MAX_RESOURCES} resources in one build"), entry.place());
        }
        current.resources.append_to(taken, resources, &mut self.problems);
    }

    fn merge(&mut self, current: &mut Accumulation, base: Accumulation, entry: &Node, taken: &mut Taken) {
        self.append(current, base.resources.into_iter().collect(), entry, taken);
        if let Err(message) = current.specs.merge(&base.specs) {
            self.fail(message, entry.place());
        }
        self.add_vars(base.vars, current);
    }

    /// Accumulates a base, or runs a component on `component`. Without a kustomization that can be read, a base gives
    /// nothing and a component leaves everything as it is.
    fn folder(
        &mut self,
        site: &Site,
        entry: &Node,
        path: &str,
        component: Option<Accumulation>,
    ) -> Option<Accumulation> {
        let loaded = self.load_folder(site, entry, path).and_then(|(child, file)| {
            check_kind(entry, &file, component.is_some())?;
            Ok((child, file))
        });
        match loaded {
            Ok((child, file)) => {
                self.problems.extend(file.problems.iter().cloned());
                self.warnings.extend(file.warnings.iter().cloned());
                Some(self.accumulate(&child, &file, component.unwrap_or_default()))
            }
            Err(problem) => {
                self.problems.push(problem);
                component
            }
        }
    }

    fn load_folder(&mut self, site: &Site, entry: &Node, path: &str) -> Result<(Site, Arc<Kustomization>), Problem> {
        let text = entry.text().unwrap_or_default();
        let folder = self.reader.tree.resolve(path).map_err(|error| unreadable(entry, text, &error))?;
        if let Some(visited) = site.chain.iter().rev().find(|visited| load::is_below(visited, &folder)) {
            let shown = |folder: &str| self.reader.tree.shown(folder);
            let message = format!(
                "cycle detected: candidate root `{}` contains visited root `{}`",
                shown(&folder),
                shown(visited)
            );
            return Err(Problem::new(ProblemKind::KustomizeFailed, message, entry.place())
                .help("remove this entry: a folder cannot include itself or a folder above it"));
        }
        self.folders += 1;
        if self.folders > MAX_FOLDERS || site.chain.len() >= MAX_DEPTH {
            let message = format!("too many bases: more than {MAX_FOLDERS} in all, or more than {MAX_DEPTH} levels");
            return Err(Problem::new(ProblemKind::KustomizeFailed, message, entry.place()));
        }
        let file = Kustomization::read(self.reader, &folder, Mode::Strict).map_err(|problem| blame(problem, entry))?;
        self.dropped.extend(file.ignored.iter().filter(|it| !self.dropped.contains(it)).cloned().collect::<Vec<_>>());
        let length = self.reader.tree.file(&path::join(&folder, &file.file_name)).map_or(0, |file| file.bytes.len());
        self.budget
            .read(length / BYTES_OF_A_VALUE)
            .map_err(|message| Problem::new(ProblemKind::KustomizeFailed, message, entry.place()))?;
        let chain = site.chain.iter().cloned().chain([folder.clone()]).collect();
        let child =
            Site { folder, file_name: file.file_name.clone(), chain, from_root: from_root(&site.from_root, text) };
        Ok((child, Arc::new(file)))
    }
}

/// What an entry brings although another one has brought the same documents: one problem, at the entry that is too many.
/// `told` is how many problems there were before it.
fn brought_again(problems: &mut Vec<Problem>, told: usize, entry: &Node, before: &[Node]) -> Option<Problem> {
    let place = entry.place()?;
    let is_again = |problem: &Problem| {
        let first = problem.related.first().map(|(place, _)| *place);
        is_of_repeated_id(problem) && first.is_some() && first == problem.place
    };
    let new = problems.split_off(told.min(problems.len()));
    let (again, others): (Vec<Problem>, Vec<Problem>) = new.into_iter().partition(is_again);
    problems.extend(others);
    let first = again.first()?;
    let more = match again.len() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    let is_same = |other: &&Node| clean(other.text()) == clean(entry.text());
    let listed = before.iter().find(is_same).and_then(Node::place);
    let label = if listed.is_some() { "listed here already" } else { "defined here" };
    let problem = Problem::new(ProblemKind::KustomizeFailed, format!("{}{more}", first.message), Some(place));
    let help = "remove this entry: what it lists is in the build already";
    Some(problem.help(help).related(listed.or(first.place), label))
}

/// A path as it is compared: `./a/` is `a`.
fn clean(path: Option<&str>) -> &str {
    let path = path.unwrap_or_default();
    path.strip_prefix("./").unwrap_or(path).trim_end_matches('/')
}

fn check_kind(entry: &Node, file: &Kustomization, is_component: bool) -> Result<(), Problem> {
    let text = entry.text().unwrap_or_default();
    let message = match (is_component, file.is_component) {
        (true, false) => format!("expected kind `Component` for path `{text}`"),
        (false, true) => format!("expected kind != `Component` for path `{text}`"),
        _ => return Ok(()),
    };
    let problem = Problem::new(ProblemKind::KustomizeFailed, message, entry.place());
    let problem = problem.related(file.place, "the kustomization file");
    Err(problem.help(if is_component { "list it below `resources`" } else { "list it below `components`" }))
}

/// A folder without a readable kustomization: the entry is to blame where no file is.
fn blame(mut problem: Problem, entry: &Node) -> Problem {
    match problem.place {
        Some(_) => problem.related(entry.place(), "read because of this entry"),
        None => {
            problem.place = entry.place();
            problem
        }
    }
}

/// An entry's path as seen from the root of the build; it may lead out of it.
fn from_root(folder: &str, entry: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in folder.split('/').chain(entry.split('/')) {
        match segment {
            "" | "." => {}
            ".." if segments.last().is_some_and(|last| *last != "..") => {
                segments.pop();
            }
            _ => segments.push(segment),
        }
    }
    path::join("", &segments.join("/"))
}

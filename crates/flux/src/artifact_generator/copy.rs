//! The files of an artifact: its copy operations in their order, as `cp` would do them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::pattern::{self, Glob};
use super::{Artifact, CopyOperation, Strategy, failed, merge, undetermined};
use fleetlint_source::path::{clean, join, parent};
use fleetlint_source::{EntryKind, Member, Sources, Tree};
use fleetlint_yaml::Documents;
use fleetlint_yaml::problem::{Problem, ProblemKind};

/// How many files and folders the operations of one artifact look at, all together.
const VISIT_LIMIT: usize = 500_000;

/// Merging so many bytes is as much work as a look at a file.
const BYTES_PER_VISIT: usize = 32;

impl Artifact<'_> {
    /// The first copy of a path that does not exist in its source.
    pub(super) fn missing_copy(self, sources: &[(&str, Arc<Tree>)]) -> Option<Problem> {
        let copies = self.copies().ok()?;
        let is_missing = |copy: &&CopyOperation<'_>| {
            let tree = sources.iter().find(|(alias, _)| *alias == copy.alias).map(|(_, tree)| tree);
            let path = clean(copy.pattern).filter(|_| !copy.pattern.starts_with('/'));
            let is_literal = !copy.is_optional && !pattern::is_pattern(copy.pattern);
            is_literal && tree.is_some_and(|tree| path.is_none_or(|path| tree.entry(&path).is_none()))
        };
        let copy = copies.iter().find(is_missing)?;
        let name = self.node.get("name").and_then(fleetlint_yaml::Node::text).unwrap_or_default();
        let message = format!(
            "`{}` does not exist in source `{}`: artifact `{name}` fails, and {} creates none of the artifacts after it",
            copy.pattern, copy.alias, self.generator.object.id
        );
        let help = format!("correct the path, remove artifact `{name}`, or set `optional: true` if it may be absent");
        Some(Problem::new(ProblemKind::ArtifactBlocked, message, copy.from.place()).help(help))
    }

    /// The files of the artifact, in byte order of their paths, given the sources by their aliases.
    ///
    /// # Errors
    /// Why source-watcher does not make the artifact, or why fleetlint does not know what it makes.
    pub fn members(self, sources: &[(&str, Arc<Tree>)], made: Made<'_>) -> Result<Vec<Member>, Problem> {
        let mut staging = Staging { files: BTreeMap::new(), visits_left: VISIT_LIMIT, made };
        for operation in self.copies()? {
            let source = sources.iter().find(|(alias, _)| *alias == operation.alias);
            let Some((_, tree)) = source else {
                let message = format!("{} has no source `{}`", self.generator.object.id, operation.alias);
                return Err(failed(message, operation.from).help("use the alias of one of its `sources`"));
            };
            let (excluded, excludes_by_source_path) = (excluded(&operation)?, made.excludes_by_source_path);
            Copying { operation, tree, excluded, excludes_by_source_path }.run(&mut staging)?;
        }
        let member = |(path, (tree, source))| Member { path, tree, source };
        Ok(staging.files.into_iter().map(member).collect())
    }
}

/// The path as seen from a folder, if it is below it.
fn below<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')).filter(|_| !folder.is_empty())
}

fn excluded(operation: &CopyOperation<'_>) -> Result<Vec<Exclusion>, Problem> {
    let exclusion = |node: &fleetlint_yaml::Node| {
        let text = node.text().unwrap_or_default();
        let glob = Glob::of_paths(text).ok_or_else(|| no_pattern(text, node))?;
        Ok(Exclusion { glob, is_name: !text.contains('/') })
    };
    operation.exclude.iter().map(exclusion).collect()
}

/// A pattern of `exclude`.
struct Exclusion {
    glob: Glob,
    /// Without a `/` it also matches the last segment of a path alone.
    is_name: bool,
}

impl Exclusion {
    fn matches(&self, path: &str) -> bool {
        self.glob.matches(path) || self.is_name && self.glob.matches(last_segment(path))
    }
}

/// Where files that are merged of others go.
#[derive(Clone, Copy)]
pub struct Made<'a> {
    pub sources: &'a Sources,
    pub documents: &'a Documents,
    /// `exclude` is compared with paths as the source names them, too ([`crate::release::Feature::ExcludeBySourcePath`]).
    pub excludes_by_source_path: bool,
}

/// The artifact as far as it is made: each path with the source and the path there.
struct Staging<'a> {
    files: BTreeMap<String, (Arc<Tree>, String)>,
    visits_left: usize,
    made: Made<'a>,
}

impl Staging<'_> {
    fn is_folder(&self, path: &str) -> bool {
        let inside = format!("{path}/");
        path.is_empty() || self.files.range(inside.clone()..).next().is_some_and(|(next, _)| next.starts_with(&inside))
    }

    fn is_below_a_file(&self, path: &str) -> bool {
        std::iter::successors(parent(path), |folder| parent(folder)).any(|folder| self.files.contains_key(folder))
    }
}

/// One operation at work.
struct Copying<'a> {
    operation: CopyOperation<'a>,
    tree: &'a Arc<Tree>,
    excluded: Vec<Exclusion>,
    excludes_by_source_path: bool,
}

impl Copying<'_> {
    fn run(&self, staging: &mut Staging<'_>) -> Result<(), Problem> {
        let operation = &self.operation;
        let destination = operation.destination;
        if destination.starts_with('/') || destination.split('/').any(|segment| segment == "..") {
            let problem = failed(format!("`{destination}` leads out of the artifact"), operation.to);
            return Err(problem.help("write a path without `..` below `@artifact/`"));
        }
        if operation.strategy == Strategy::Extract {
            return Err(self.undetermined("is extracted from an archive, which fleetlint does not unpack"));
        }
        let destination = clean(destination).unwrap_or_default();
        match pattern::is_pattern(operation.pattern) {
            true => self.copy_matches(&destination, staging),
            false => self.copy_path(&destination, staging),
        }
    }

    /// A file goes to the destination, or into it where that is a folder; a folder always goes into it.
    fn copy_path(&self, destination: &str, staging: &mut Staging<'_>) -> Result<(), Problem> {
        let written = self.operation.pattern;
        let path = clean(written).filter(|_| !written.starts_with('/'));
        let found = path.and_then(|path| self.tree.entry(&path).map(|kind| (path, kind)));
        let Some((path, kind)) = found else {
            return self.nothing(format!("`{written}` does not exist in source `{}`", self.operation.alias));
        };
        let inside = join(destination, last_segment(&path));
        match kind {
            EntryKind::Folder => self.copy_folder(&path, &inside, &path, staging),
            EntryKind::File if self.is_excluded(&path, "") => Ok(()),
            EntryKind::File if self.operation.destination.ends_with('/') || staging.is_folder(destination) => {
                self.place(&path, inside, staging)
            }
            EntryKind::File => self.place(&path, destination.to_owned(), staging),
        }
    }

    /// Matches keep their whole path, but for the folder before a last `/**`.
    fn copy_matches(&self, destination: &str, staging: &mut Staging<'_>) -> Result<(), Problem> {
        let (written, alias) = (self.operation.pattern, self.operation.alias);
        let Some(matches) = pattern::matches(self.tree, written) else {
            return Err(no_pattern(written, self.operation.from));
        };
        if matches.is_empty() {
            return self.nothing(format!("`{written}` matches nothing in source `{alias}`"));
        }
        let base = pattern::literal_prefix(written);
        let kept: Vec<_> = matches.iter().filter(|(path, _)| !self.is_excluded(path, base)).collect();
        if kept.is_empty() {
            return self.nothing(format!("everything that `{written}` matches in source `{alias}` is excluded"));
        }
        let stripped = written.strip_suffix("/**").map(|folder| format!("{folder}/"));
        for (path, kind) in kept {
            let short = stripped.as_ref().and_then(|folder| path.strip_prefix(folder.as_str()));
            let target = join(destination, short.unwrap_or(path));
            match kind {
                EntryKind::Folder => self.copy_folder(path, &target, base, staging)?,
                EntryKind::File => self.place(path, target, staging)?,
            }
        }
        Ok(())
    }

    fn copy_folder(&self, from: &str, to: &str, base: &str, staging: &mut Staging<'_>) -> Result<(), Problem> {
        let mut folders = vec![(from.to_owned(), to.to_owned())];
        while let Some((folder, target)) = folders.pop() {
            for (name, kind) in self.tree.folder(&folder) {
                let path = join(&folder, &name);
                self.visit(staging)?;
                match kind {
                    _ if self.is_excluded_below(&path, from, base) => {}
                    EntryKind::Folder => folders.push((path, join(&target, &name))),
                    EntryKind::File => self.place(&path, join(&target, &name), staging)?,
                }
            }
        }
        Ok(())
    }

    fn place(&self, path: &str, target: String, staging: &mut Staging<'_>) -> Result<(), Problem> {
        self.visit(staging)?;
        if staging.is_folder(&target) || staging.is_below_a_file(&target) {
            let message = format!("`{path}` cannot become `{target}`: a file and a folder would have the same path");
            return Err(failed(message, self.operation.to).help("copy one of the two to a different path"));
        }
        if let Some(base) = staging.files.get(&target).filter(|_| self.operation.strategy == Strategy::Merge) {
            let (merged, size) = self.merged(base, path, staging.made)?;
            self.spend(size / BYTES_PER_VISIT, staging)?;
            staging.files.insert(target, merged);
            return Ok(());
        }
        staging.files.insert(target, (Arc::clone(self.tree), path.to_owned()));
        Ok(())
    }

    /// A file laid over the one that is there: a new one, under the name of the one that was laid over it.
    fn merged(
        &self,
        (below, base): &(Arc<Tree>, String),
        path: &str,
        made: Made<'_>,
    ) -> Result<((Arc<Tree>, String), usize), Problem> {
        let (documents, from) = (made.documents, self.operation.from);
        let read = |tree: &Arc<Tree>, path: &str| {
            tree.file(path).map_err(|_| self.undetermined(&format!("is merged with `{path}`, which cannot be read")))
        };
        let (base, overlay) = (read(below, base)?, read(self.tree, path)?);
        let (text, node) = merge::merged(&base, &overlay, documents).map_err(|why| {
            failed(why, from).help("only YAML mappings are merged: leave `strategy` out to overwrite")
        })?;
        let tree = made.sources.written(&overlay.repository, &overlay.path, text);
        let file = read(&tree, &overlay.path)?;
        documents.put(&file, merge::stream(&file, &node));
        Ok(((tree, overlay.path.clone()), file.bytes.len()))
    }

    fn visit(&self, staging: &mut Staging<'_>) -> Result<(), Problem> {
        self.spend(1, staging)
    }

    fn spend(&self, visits: usize, staging: &mut Staging<'_>) -> Result<(), Problem> {
        let left = staging.visits_left.checked_sub(visits);
        staging.visits_left = left.ok_or_else(|| self.undetermined("makes the artifact too large for fleetlint"))?;
        Ok(())
    }

    /// Whether what the pattern names is excluded, as the source names it or as seen from the folder where the selection
    /// begins. Before source-watcher 2.2 the latter did not count.
    fn is_excluded(&self, path: &str, base: &str) -> bool {
        let is_seen_from_base = self.excludes_by_source_path && below(path, base).is_some_and(|it| self.matches(it));
        self.matches(path) || is_seen_from_base
    }

    /// Whether something in a folder that is copied is excluded. Before source-watcher 2.2 only its path in that folder
    /// counted.
    fn is_excluded_below(&self, path: &str, folder: &str, base: &str) -> bool {
        match self.excludes_by_source_path {
            true => self.is_excluded(path, base),
            false => below(path, folder).is_some_and(|it| self.matches(it)),
        }
    }

    fn matches(&self, path: &str) -> bool {
        self.excluded.iter().any(|exclusion| exclusion.matches(path))
    }

    fn nothing(&self, message: String) -> Result<(), Problem> {
        match self.operation.is_optional {
            true => Ok(()),
            false => Err(failed(message, self.operation.from).help("correct the path, or set `optional: true`")),
        }
    }

    fn undetermined(&self, what: &str) -> Problem {
        undetermined(format!("`@{}/{}` {what}", self.operation.alias, self.operation.pattern), self.operation.from)
    }
}

fn no_pattern(text: &str, node: &fleetlint_yaml::Node) -> Problem {
    failed(format!("`{text}` is not a valid pattern"), node)
        .help("close every `[` and `{`, and do not end it with `\\`")
}

fn last_segment(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

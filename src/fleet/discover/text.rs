//! R7: texts that name a path beside what applies it: Terraform, scripts, workflows, Makefiles, a README. They confirm or
//! choose among candidates; they never create a cluster.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use regex::Regex;

use crate::source::Tree;

/// How many lines before or after a command may name its path.
const NEAR: usize = 12;

/// Larger texts are not scripts.
const MAX_BYTES: usize = 1024 * 1024;

/// The commands and resources that make a cluster sync a path.
const COMMANDS: &str = r"(?x)
    flux_bootstrap_git | flux\s+bootstrap | flux\s+create\s+kustomization | flux-instance | flux2-sync | fluxConfigurations
    | k8s-configuration\s+flux | kubectl\s+apply\s+-[kf]";

/// Variables of shells, workflows, Terraform and make.
const VARIABLES: &str = r"\$\{\{[^}]*\}\}|\$\{[^}]*\}|\$\([^)]*\)|\$\w+";

/// A path in a file, near such a command.
#[derive(Clone, Debug)]
pub(super) struct Mention {
    pub file: String,
    /// From 1.
    pub line: usize,
    /// The path, each variable as `*`.
    path: String,
}

impl Mention {
    /// `file:line`.
    pub(super) fn shown(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }

    /// The path, each variable as `*`.
    pub(super) fn path(&self) -> &str {
        &self.path
    }
}

/// The first mention of each path, by file and line.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    all: Vec<Mention>,
    /// By the path that is named, or the folder above it: the first one.
    plain: HashMap<String, usize>,
    /// Those with variables, by [`shape`], in their order.
    patterns: HashMap<Shape, Vec<(String, usize)>>,
}

/// How many segments a path has, and the first of them where it has no variable.
type Shape = (usize, Option<String>);

impl Mentions {
    /// All mentions of paths in the texts of a repository.
    pub(super) fn read(tree: &Tree) -> Self {
        let mut found = Self::default();
        let mut seen: HashSet<String> = HashSet::new();
        for path in tree.files().into_iter().filter(|path| is_text(path)) {
            let new = mentions_in(tree, &path).into_iter().filter(|mention| seen.insert(mention.path.clone()));
            new.collect::<Vec<_>>().into_iter().for_each(|mention| found.add(mention));
        }
        found
    }

    fn add(&mut self, mention: Mention) {
        let (path, at) = (mention.path.as_str(), self.all.len());
        for named in [Some(path), path.rsplit_once('/').map(|(above, _)| above)].into_iter().flatten() {
            match named.contains('*') {
                true => self.patterns.entry(shape(named)).or_default().push((named.to_owned(), at)),
                false => drop(self.plain.entry(named.to_owned()).or_insert(at)),
            }
        }
        self.all.push(mention);
    }

    /// By file and line.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Mention> {
        self.all.iter()
    }

    /// The first that means a folder, or a file in it.
    pub(super) fn naming(&self, folder: &str) -> Option<&Mention> {
        let (count, first) = shape(folder);
        let shapes = [(count, first), (count, None)];
        let fitting = shapes.iter().filter_map(|shape| {
            let (_, at) = self.patterns.get(shape)?.iter().find(|(pattern, _)| fits(pattern, folder))?;
            Some(*at)
        });
        let first = fitting.chain(self.plain.get(folder).copied()).min()?;
        self.all.get(first)
    }
}

fn shape(path: &str) -> Shape {
    let first = path.split('/').next().filter(|segment| !segment.contains('*'));
    (path.split('/').count(), first.map(str::to_owned))
}

/// Whether a path with `*` for parts of segments means a folder of as many segments.
fn fits(pattern: &str, folder: &str) -> bool {
    let is_like = |(pattern, segment): (&str, &str)| match pattern.split_once('*') {
        Some((start, end)) => segment.starts_with(start) && segment.ends_with(end.rsplit('*').next().unwrap_or(end)),
        None => pattern == segment,
    };
    pattern.split('/').zip(folder.split('/')).all(is_like)
}

fn is_text(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let endings = [".tf", ".hcl", ".bicep", ".sh", ".gotmpl"];
    let is_workflow =
        path.starts_with(".github/workflows/") || path.starts_with(".gitlab-ci") || path.starts_with(".circleci/");
    let starts = ["Makefile", "Taskfile", "README", "justfile", "azure-pipelines"];
    endings.iter().any(|ending| name.ends_with(ending))
        || is_workflow
        || starts.iter().any(|start| name.starts_with(start))
}

fn mentions_in(tree: &Tree, path: &str) -> Vec<Mention> {
    static COMMAND: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(COMMANDS).ok());
    static PATH: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(&format!("(?:{VARIABLES}|[A-Za-z0-9._-])(?:{VARIABLES}|[A-Za-z0-9._/-])*")).ok());
    let (Some(command), Some(token)) = (COMMAND.as_ref(), PATH.as_ref()) else { return Vec::new() };
    let Ok(file) = tree.file(path) else { return Vec::new() };
    let Some(text) = file.text().filter(|text| text.len() <= MAX_BYTES) else { return Vec::new() };
    let lines: Vec<&str> = text.lines().collect();
    let at: Vec<usize> = (0..lines.len()).filter(|&index| command.is_match(lines[index])).collect();
    let is_near = |index: usize| {
        let next = at.get(at.partition_point(|command| command + NEAR < index));
        next.is_some_and(|command| *command <= index + NEAR)
    };
    let near = lines.iter().enumerate().filter(|(index, _)| is_near(*index));
    let tokens = near.flat_map(|(index, line)| token.find_iter(line).map(move |found| (index + 1, found.as_str())));
    let paths = tokens.filter_map(|(line, token)| Some((line, cleaned(token)?)));
    paths.map(|(line, token)| Mention { file: path.to_owned(), line, path: token }).collect()
}

/// A token as a path, each variable as `*`; `None` for a word.
fn cleaned(token: &str) -> Option<String> {
    static VARIABLE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(VARIABLES).ok());
    let text = VARIABLE.as_ref()?.replace_all(token, "*");
    let path = crate::source::path::clean(text.trim_start_matches("./"))?;
    let is_path = path.contains('/') && path.chars().any(char::is_alphanumeric);
    is_path.then_some(path)
}

//! R7: texts that name a path beside what applies it: Terraform, scripts, workflows, Makefiles, a README. They confirm or
//! choose among candidates; they never create a cluster.

use std::sync::LazyLock;

use regex::Regex;

use crate::source::Tree;

/// How many lines before or after a command may name its path.
const NEAR: usize = 12;

/// Larger texts are no scripts.
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
    /// Whether it means a folder, or a file in it.
    pub(super) fn names(&self, folder: &str) -> bool {
        self.path == folder
            || fits(&self.path, folder)
            || self.path.rsplit_once('/').is_some_and(|(above, _)| fits(above, folder))
    }

    /// `file:line`.
    pub(super) fn shown(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }

    /// The path, each variable as `*`.
    pub(super) fn path(&self) -> &str {
        &self.path
    }
}

/// Whether a path with `*` for parts of segments means a folder.
fn fits(pattern: &str, folder: &str) -> bool {
    let (pattern, folder): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), folder.split('/').collect());
    let is_like = |(pattern, segment): (&&str, &&str)| match pattern.split_once('*') {
        Some((start, end)) => segment.starts_with(start) && segment.ends_with(end.rsplit('*').next().unwrap_or(end)),
        None => pattern == segment,
    };
    pattern.len() == folder.len() && pattern.iter().zip(&folder).all(is_like)
}

/// All mentions of paths in the texts of a repository, by file and line.
pub(super) fn mentions(tree: &Tree) -> Vec<Mention> {
    let texts = tree.files().into_iter().filter(|path| is_text(path));
    texts.flat_map(|path| mentions_in(tree, &path)).collect()
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
    let is_near = |index: usize| at.iter().any(|command| command.abs_diff(index) <= NEAR);
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

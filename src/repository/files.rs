//! Which files are looked at: by their names, as people and tools name them.

use crate::source::path::parent;

/// What a file is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileKind {
    Markdown,
    Workflow,
    /// `action.yml`
    Action,
    Shell,
    Make,
    /// A Taskfile: commands in YAML.
    Task,
    Just,
    /// The pipelines of another CI system, which are not read.
    Pipeline(&'static str),
}

/// CI systems and where their pipelines are; a folder ends in `/`.
const PIPELINES: [(&str, &str); 9] = [
    (".gitlab-ci.yml", "GitLab CI"),
    (".gitlab-ci.yaml", "GitLab CI"),
    (".circleci/", "CircleCI"),
    ("azure-pipelines", "Azure Pipelines"),
    ("bitbucket-pipelines.yml", "Bitbucket Pipelines"),
    ("Jenkinsfile", "Jenkins"),
    (".drone.yml", "Drone"),
    (".forgejo/workflows/", "Forgejo Actions"),
    (".gitea/workflows/", "Gitea Actions"),
];

/// What a file is, if it is looked at.
pub(super) fn kind(path: &str) -> Option<FileKind> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let lower = name.to_ascii_lowercase();
    let is_yaml = lower.ends_with(".yml") || lower.ends_with(".yaml");
    if is_yaml && parent(path) == Some(".github/workflows") {
        return Some(FileKind::Workflow);
    }
    if let Some((_, system)) = PIPELINES.iter().find(|(start, _)| path.starts_with(start)) {
        return Some(FileKind::Pipeline(system));
    }
    let ends = |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending));
    match lower.as_str() {
        "action.yml" | "action.yaml" => Some(FileKind::Action),
        "makefile" | "gnumakefile" => Some(FileKind::Make),
        "justfile" | ".justfile" => Some(FileKind::Just),
        _ if is_yaml && lower.starts_with("taskfile.") => Some(FileKind::Task),
        _ if ends(&[".md", ".markdown", ".mdown"]) => Some(FileKind::Markdown),
        _ if ends(&[".sh", ".bash", ".zsh"]) => Some(FileKind::Shell),
        _ if ends(&[".mk"]) || lower.starts_with("makefile.") => Some(FileKind::Make),
        _ if ends(&[".just"]) => Some(FileKind::Just),
        _ => None,
    }
}

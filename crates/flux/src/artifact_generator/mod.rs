//! ArtifactGenerator (`source.extensions.fluxcd.io/v1beta1`): source-watcher copies files of sources into new artifacts.
//!
//! Learned from source-watcher's documentation and builder. The ExternalArtifact has the artifact's name and is in the
//! generator's namespace.

mod copy;
mod merge;
mod path_pattern;
mod pattern;

use std::sync::Arc;

pub use self::copy::Made;
use super::api::{Reference, group};
use crate::object::Object;
use fleetlint_source::Tree;
use fleetlint_yaml::Node;
use fleetlint_yaml::problem::{Problem, ProblemKind};

/// An ArtifactGenerator.
#[derive(Clone, Copy, Debug)]
pub struct ArtifactGenerator<'a> {
    /// The object itself.
    pub object: &'a Object,
}

/// An entry of `spec.artifacts`.
#[derive(Clone, Copy, Debug)]
pub struct Artifact<'a> {
    /// The generator that makes it.
    pub generator: ArtifactGenerator<'a>,
    /// The entry itself.
    pub node: &'a Node,
}

/// An entry of an artifact's `copy`.
#[derive(Clone, Copy, Debug)]
pub struct CopyOperation<'a> {
    /// The source to copy from.
    pub alias: &'a str,
    /// The path or pattern in the source.
    pub pattern: &'a str,
    /// The place in the artifact, as written: a trailing `/` matters.
    pub destination: &'a str,
    /// Patterns of what is not copied.
    pub exclude: &'a [Node],
    pub strategy: Strategy,
    /// Nothing to copy is not a failure.
    pub is_optional: bool,
    from: &'a Node,
    to: &'a Node,
}

/// What becomes of a file that is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strategy {
    #[default]
    Overwrite,
    /// YAML is merged as Helm merges values.
    Merge,
    /// Archives are unpacked.
    Extract,
}

impl<'a> ArtifactGenerator<'a> {
    /// The view of an object that is an ArtifactGenerator.
    pub fn of(object: &'a Object) -> Option<Self> {
        object.is(group::SOURCE_EXTENSIONS, "ArtifactGenerator").then_some(Self { object })
    }

    /// The artifacts that may be called so: with a `pathPattern`, the folders of a source decide whether they are.
    pub fn candidates(self, name: &str) -> impl Iterator<Item = Artifact<'a>> {
        let has_pattern = self.path_pattern().is_some();
        let may_be = move |artifact: &&Node| match text(artifact, "name") {
            Some(template) if has_pattern => path_pattern::can_become(template, name),
            written => written == Some(name),
        };
        self.items("/spec/artifacts").iter().filter(may_be).map(move |node| Artifact { generator: self, node })
    }

    /// The entry of an artifact, its template filled in; `None` if the generator does not make it.
    ///
    /// # Errors
    /// A `pathPattern` that source-watcher refuses, or whose folders it cannot use.
    pub fn artifact(self, name: &str, sources: &[(&str, Arc<Tree>)]) -> Result<Option<Node>, Problem> {
        let Some(pattern) = self.path_pattern() else {
            return Ok(self.candidates(name).next().map(|artifact| artifact.node.clone()));
        };
        let (alias, _) = path_pattern::parts(pattern).ok_or_else(|| path_pattern::malformed(pattern))?;
        let Some((_, tree)) = sources.iter().find(|(known, _)| *known == alias) else {
            let message = format!("{} has no source `{alias}`", self.object.id);
            return Err(failed(message, pattern).help("use the alias of one of its `sources`"));
        };
        path_pattern::artifact(self, pattern, tree, name)
    }

    /// Why an artifact is not created although nothing is wrong with it: source-watcher creates them in order, and the first
    /// that fails ends the generator. Looked at are copies of one path, not patterns.
    pub fn blocked(self, name: &str, sources: &[(&str, Arc<Tree>)]) -> Option<Problem> {
        let all = self.items("/spec/artifacts").iter().filter(|_| self.path_pattern().is_none());
        let mut earlier = all.take_while(|node| text(node, "name") != Some(name));
        earlier.find_map(|node| Artifact { generator: self, node }.missing_copy(sources))
    }

    /// The source whose folders decide which artifacts there are.
    pub fn pattern_alias(self) -> Option<&'a str> {
        path_pattern::parts(self.path_pattern()?).map(|(alias, _)| alias)
    }

    /// The source of an alias.
    pub fn source(self, alias: &str) -> Option<Reference<'a>> {
        self.items("/spec/sources").iter().find(|source| text(source, "alias") == Some(alias)).and_then(Reference::read)
    }

    /// The pattern whose matches decide which artifacts there are.
    pub fn path_pattern(self) -> Option<&'a Node> {
        self.object.at("/spec/pathPattern").filter(|pattern| pattern.text().is_some_and(|text| !text.is_empty()))
    }

    /// Its artifacts stay as they were when somebody turned it off.
    pub fn is_disabled(self) -> bool {
        let switch = self.object.annotation("source.extensions.fluxcd.io/reconcile").and_then(Node::text);
        switch.is_some_and(|value| value.eq_ignore_ascii_case("disabled"))
    }

    fn items(self, pointer: &str) -> &'a [Node] {
        self.object.at(pointer).map(Node::items).unwrap_or_default()
    }

    /// The first alias or artifact that an earlier one is called like.
    fn doubled(self) -> Option<&'a Node> {
        let names = |pointer, field: &'static str| self.items(pointer).iter().filter_map(move |item| item.get(field));
        let doubled = |names: Vec<&'a Node>| {
            let mut seen = std::collections::HashSet::new();
            names.into_iter().find(|name| !seen.insert(name.text()))
        };
        doubled(names("/spec/sources", "alias").collect())
            .or_else(|| doubled(names("/spec/artifacts", "name").collect()))
    }
}

impl<'a> Artifact<'a> {
    /// The copies in their order.
    ///
    /// # Errors
    /// What the API server or source-watcher refuses, with its place.
    pub fn copies(self) -> Result<Vec<CopyOperation<'a>>, Problem> {
        if let Some(name) = self.generator.doubled() {
            let message =
                format!("`{}` is duplicated in {}", name.text().unwrap_or_default(), self.generator.object.id);
            return Err(failed(message, name).help("give each source a unique alias and each artifact a unique name"));
        }
        self.node.get("copy").map(Node::items).unwrap_or_default().iter().map(operation).collect()
    }
}

fn operation(node: &Node) -> Result<CopyOperation<'_>, Problem> {
    let field = |name: &str| node.get(name).filter(|value| value.text().is_some());
    let (Some(from), Some(to)) = (field("from"), field("to")) else {
        let problem = invalid("a copy operation needs `from` and `to`".to_owned(), node);
        return Err(problem.help("write `from: '@alias/path'` and `to: '@artifact/path'`"));
    };
    let (source, target) = (from.text().unwrap_or_default(), to.text().unwrap_or_default());
    let aliased = source.strip_prefix('@').and_then(|rest| rest.split_once('/')).filter(|(alias, _)| !alias.is_empty());
    let Some((alias, pattern)) = aliased else {
        return Err(invalid(format!("`{source}` does not name a source"), from).help("write `@alias/path`"));
    };
    let Some(destination) = target.strip_prefix("@artifact/") else {
        return Err(invalid(format!("`{target}` is not a path in the artifact"), to).help("write `@artifact/path`"));
    };
    Ok(CopyOperation {
        alias,
        pattern,
        destination,
        exclude: node.get("exclude").map(Node::items).unwrap_or_default(),
        strategy: node.get("strategy").map_or(Ok(Strategy::default()), strategy)?,
        is_optional: text(node, "optional") == Some("true"),
        from,
        to,
    })
}

fn strategy(node: &Node) -> Result<Strategy, Problem> {
    match node.text().unwrap_or_default() {
        "Overwrite" => Ok(Strategy::Overwrite),
        "Merge" => Ok(Strategy::Merge),
        "Extract" => Ok(Strategy::Extract),
        other => {
            let problem = invalid(format!("there is no copy strategy `{other}`"), node);
            Err(problem.help("write `Overwrite`, `Merge` or `Extract`"))
        }
    }
}

fn text<'a>(node: &'a Node, field: &str) -> Option<&'a str> {
    node.get(field).and_then(Node::text)
}

/// What the API server refuses.
fn invalid(message: String, node: &Node) -> Problem {
    Problem::new(ProblemKind::InvalidObject, message, node.place())
}

/// What source-watcher refuses: the folder that a Kustomization would build does not come to be.
fn failed(message: String, node: &Node) -> Problem {
    Problem::new(ProblemKind::KustomizeFailed, message, node.place())
}

fn undetermined(message: String, node: &Node) -> Problem {
    Problem::new(ProblemKind::Undetermined, message, node.place())
}

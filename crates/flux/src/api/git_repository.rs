//! What a GitRepository takes from its repository, and what it adds (source-controller's documentation of GitRepository).

use crate::object::Object;
use fleetlint_source::path::clean;
use fleetlint_yaml::Node;

/// An entry of `spec.include`: a folder of another GitRepository that is copied into the artifact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Include<'a> {
    /// The name of the GitRepository, in the same namespace.
    pub repository: &'a str,
    /// The folder there, without `./`; empty for all of it.
    pub from: String,
    /// The folder here, without `./`: named as the repository where nothing else is said.
    pub to: String,
}

/// The entries of `spec.include`. Paths that lead out are kept inside, as secure join does.
pub fn includes_of(repository: &Object) -> impl Iterator<Item = Include<'_>> {
    let entries = repository.at("/spec/include").map(Node::items).unwrap_or_default();
    entries.iter().filter_map(|entry| {
        let name = entry.at("/repository/name").and_then(Node::text)?;
        let folder = |field: &str| {
            let written = entry.get(field).and_then(Node::text).filter(|text| !text.is_empty());
            written.map(crate::build::clean_path)
        };
        let (from, to) = (folder("fromPath").unwrap_or_default(), folder("toPath"));
        Some(Include { repository: name, from, to: to.unwrap_or_else(|| name.to_owned()) })
    })
}

/// The folders of `spec.sparseCheckout`: nothing else is in the artifact. Empty where all is.
pub fn sparse_folders(repository: &Object) -> Vec<String> {
    let entries = repository.at("/spec/sparseCheckout").map(Node::items).unwrap_or_default();
    entries.iter().filter_map(|entry| clean(entry.text()?)).filter(|folder| !folder.is_empty()).collect()
}

/// Whether the content of submodules is part of the artifact.
pub fn recurses_submodules(repository: &Object) -> bool {
    repository.str("/spec/recurseSubmodules") == Some("true")
}

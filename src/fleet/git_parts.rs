//! The parts of a GitRepository's artifact: what `sparseCheckout` leaves of the repository, and what `include` adds.

use std::sync::Arc;

use super::source_request::SourceRequest;
use super::sources::{ClusterSources, Unresolved};
use super::unknown_reason::UnknownReason;
use crate::flux::api::{Include, includes_of, sparse_folders};
use crate::object::Object;
use crate::source::path::join;
use crate::source::{EntryKind, Member, Tree};

impl ClusterSources<'_> {
    /// The artifact of a source, given the files of its repository.
    pub(super) fn put_together(&self, tree: Arc<Tree>, wanted: &SourceRequest) -> Result<Arc<Tree>, Unresolved> {
        let Some(object) = wanted.object.as_deref().filter(|object| object.id.kind == "GitRepository") else {
            return Ok(tree);
        };
        let tree = self.sparse(tree, object);
        let mut members = Vec::new();
        for (include, source) in includes_of(object).zip(&wanted.included) {
            // The note has to name the source that is missing, not the one that includes it.
            let of_part =
                |failure: Unresolved| Unresolved { is_unavailable: false, ..failure.of_ingredient(&source.id) };
            let included = self.tree(source).map_err(of_part)?;
            members.extend(copied(&included, &include, &tree, object)?);
        }
        if members.is_empty() {
            return Ok(tree);
        }
        members.extend(all(&tree));
        Ok(self.sources.compose(&tree.repository, members))
    }

    /// The folders that a sparse checkout takes, by the beginning of their paths, as go-git compares them.
    fn sparse(&self, tree: Arc<Tree>, object: &Object) -> Arc<Tree> {
        let folders = sparse_folders(object);
        if folders.is_empty() {
            return tree;
        }
        let kept = all(&tree).filter(|member| folders.iter().any(|folder| member.path.starts_with(folder.as_str())));
        self.sources.compose(&tree.repository, kept.collect())
    }
}

fn all(tree: &Arc<Tree>) -> impl Iterator<Item = Member> {
    tree.files().into_iter().map(|path| Member { source: path.clone(), path, tree: Arc::clone(tree) })
}

/// The files that an entry of `include` copies.
fn copied(other: &Arc<Tree>, include: &Include<'_>, into: &Tree, object: &Object) -> Result<Vec<Member>, Unresolved> {
    let Include { repository: name, from, to } = include;
    let shown = |path: &str| if path.is_empty() { ".".to_owned() } else { path.to_owned() };
    let (repository, included) = (object.id.clone(), (*name).to_owned());
    if other.entry(from) != Some(EntryKind::Folder) {
        return Err(UnknownReason::IncludeMissing { repository, from: shown(from), included }.into());
    }
    if into.entry(to).is_some() {
        return Err(UnknownReason::IncludeTaken { repository, to: shown(to), included }.into());
    }
    let below = |path: &str| match from.as_str() {
        "" => Some(path.to_owned()),
        from => Some(path.strip_prefix(from)?.strip_prefix('/')?.to_owned()),
    };
    let member = |source: String| Some(Member { path: join(to, &below(&source)?), tree: Arc::clone(other), source });
    Ok(other.files().into_iter().filter_map(member).collect())
}

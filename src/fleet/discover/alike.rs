//! Whether two roots of one folder are the same cluster, said twice, or two clusters that share the folder.

use std::collections::BTreeSet;

use super::address::SourceFact;
use super::root::Root;
use crate::flux::api::Kustomization;
use crate::object::Object;
use crate::yaml::{Node, print};

/// What a Kustomization changes in what it applies. The rest says when and how it applies it.
const CHANGES: [&str; 8] =
    ["postBuild", "patches", "components", "images", "targetNamespace", "namePrefix", "nameSuffix", "commonMetadata"];

/// Whether two roots apply the same from the same source.
pub(super) fn apply_alike(one: &Root, other: &Root) -> bool {
    let changes = |root: &Root| {
        specs(root, &|spec| CHANGES.iter().map(|field| format!("{}\n", printed(spec.get(field)))).collect())
    };
    one.path == other.path && changes(one) == changes(other) && sources(one) == sources(other)
}

/// Whether two roots are copies: the Kustomizations and their sources are the same.
pub(super) fn are_copies(one: &Root, other: &Root) -> bool {
    let whole = |root: &Root| specs(root, &|spec| printed(Some(spec)));
    one.path == other.path && whole(one) == whole(other) && sources(one) == sources(other)
}

fn specs(root: &Root, what: &dyn Fn(&Node) -> String) -> BTreeSet<String> {
    root.kustomizations().filter_map(|seed| seed.at("/spec")).map(what).collect()
}

/// Address and reference of what the Kustomizations of a root read. What is not beside them is not known.
fn sources(root: &Root) -> BTreeSet<(Option<String>, String)> {
    let readers = || root.kustomizations().filter_map(|seed| Kustomization::of(seed));
    let is_read = |source: &SourceFact| {
        readers().any(|it| it.source_ref().is_some_and(|named| source.is_meant(&named, &it.object.id.namespace)))
    };
    let source = |seed: &Object| {
        let source = SourceFact::read(seed).filter(is_read)?;
        Some((source.address, printed(seed.at("/spec/ref"))))
    };
    root.seeds.iter().filter_map(|seed| source(seed)).collect()
}

fn printed(node: Option<&Node>) -> String {
    node.and_then(|node| print::resource(node).ok()).unwrap_or_default()
}

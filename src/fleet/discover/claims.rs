//! The claims of a repository: which of them are roots, and which addresses of the repository they show.

use std::collections::BTreeSet;

use super::address::{Addresses, SourceFact, comparable};
use super::claim::{Claim, Claimed, of_another_repository};
use super::landscape::Landscape;
use super::target::Target;
use super::template::without_templates;
use crate::flux::build::clean_path;

/// Reads the claims: first those whose folders exist, by which the addresses of this repository are known, then the others.
pub(super) fn read(
    land: &mut Landscape<'_>,
    claims: Vec<Claim>,
    clues: impl Fn(&Landscape<'_>, BTreeSet<String>) -> Addresses,
) -> Claimed {
    let claims: Vec<Claim> = claims.into_iter().filter(Claim::says_something).collect();
    let with_targets = claims.into_iter().map(|it| {
        let targets = it.targets(land);
        (it, targets)
    });
    let with_targets = with_targets.collect();
    let with_targets = without_templates(land, with_targets);
    let (found, lost): (Vec<_>, Vec<_>) = with_targets.into_iter().partition(|(_, targets)| !targets.is_empty());
    let active: Vec<(Claim, Vec<Target>)> =
        found.into_iter().filter(|(claim, targets)| claim.is_active(targets)).collect();
    let declared = active.iter().filter(|(claim, _)| !clean_path(claim.path()).is_empty());
    let declared = declared.filter_map(|(claim, _)| claim.address()).map(comparable).collect();
    let facts =
        active.iter().chain(&lost).flat_map(|(claim, _)| &claim.seeds).filter_map(|seed| SourceFact::read(seed));
    land.sources.extend(facts.collect::<Vec<_>>());
    land.addresses = clues(land, declared);
    let mut claimed = Claimed::default();
    for (claim, targets) in active {
        if claim.source_kind() == "GitRepository"
            && claim.address().is_some_and(|it| land.addresses.are_without(it, false))
        {
            claimed.note(&claim, &of_another_repository(&claim));
            continue;
        }
        claimed.roots.extend(targets.into_iter().map(|target| claim.root(claim.path(), target)));
    }
    lost.iter().for_each(|(claim, _)| claimed.lose(land, claim));
    claimed
}

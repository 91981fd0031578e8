//! The API versions of Flux that the fleet uses and that its releases do not serve, or will not for long.

use super::Judged;
use crate::fleet::Fleet;
use crate::flux::release::{ApiVersion, Component, Minor, Served, api_version, newest_served, served};

/// What is older than any release that the table tells apart was there from the start.
const FIRST: Minor = (2, 0);

/// A version of a kind, and the objects that have it.
#[derive(Debug)]
pub struct UsedVersion<'a> {
    pub row: &'static ApiVersion,
    pub served: Served,
    /// Whether it is known which release serves it so; else it is judged by the newest one.
    pub is_release_known: bool,
    /// The version to write, which the release serves; `None` if there is none but this one.
    pub instead: Option<&'static str>,
    /// In the order of the clusters; not empty.
    pub objects: Vec<&'a Judged>,
}

impl Fleet {
    /// The versions of Flux's kinds that are not simply served, each once for all objects that have it: one command rewrites
    /// them all.
    pub fn outdated_versions(&self) -> Vec<UsedVersion<'_>> {
        let mut used: Vec<UsedVersion<'_>> = Vec::new();
        for judged in self.judged() {
            let Some((row, served)) = outdated(judged) else { continue };
            let (kind, is_release_known) = (&judged.object.id.kind, judged.release.is_some());
            let instead = newest_served(row.group, kind, judged.minor()).filter(|version| *version != row.version);
            let is_same = |it: &&mut UsedVersion<'_>| {
                let known = it.objects.first().map(|it| &it.object.id.kind);
                (it.row, it.served, it.is_release_known, it.instead, known)
                    == (row, served, is_release_known, instead, Some(kind))
            };
            match used.iter_mut().find(is_same) {
                Some(same) => same.objects.push(judged),
                None => used.push(UsedVersion { row, served, is_release_known, instead, objects: vec![judged] }),
            }
        }
        used
    }
}

fn outdated(judged: &Judged) -> Option<(&'static ApiVersion, Served)> {
    let id = &judged.object.id;
    let row = api_version(&id.group, &id.kind, &judged.object.version);
    let row = row.filter(|row| row.component == Component::Flux)?;
    let is_new = || row.since > FIRST;
    match served(row, judged.minor()) {
        Served::Yes => None,
        Served::NotYet => is_new().then_some((row, Served::NotYet)),
        served => Some((row, served)),
    }
}

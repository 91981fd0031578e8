//! The repositories that a run read: where they are, and which lines of the fleet read them.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::RunError;
use crate::finding::{Finding, Place};
use crate::fleet::{Cluster, ClusterObject, Fleet};
use crate::object::Object;
use crate::report::{Home, Repository};
use crate::source::{Checkout, File, Files, NamedSource, SourceRole, Sources, relative_path, url};
use crate::yaml::Span;

/// How many repositories may be in a row, each read by the one before.
const MAX_DEPTH: usize = 8;

/// Where a source object is written that reads files.
struct Reader<'a> {
    cluster: &'a str,
    object: &'a Object,
    named: NamedSource,
}

/// What is known about the repositories of a fleet.
pub(super) struct Repositories<'a> {
    fleet: &'a Fleet,
    checkout: &'a Checkout,
    sources: &'a Sources,
    files: &'a Files,
    /// The folder of the fleet repository.
    path: &'a Path,
    readers: Vec<Reader<'a>>,
}

impl<'a> Repositories<'a> {
    pub(super) fn new(
        fleet: &'a Fleet,
        (checkout, path): (&'a Checkout, &'a Path),
        sources: &'a Sources,
        files: &'a Files,
    ) -> Self {
        let reader = |(cluster, placed, named): (&'a Cluster, ClusterObject<'a>, _)| Reader {
            cluster: cluster.name.as_str(),
            object: placed.object,
            named,
        };
        let readers = fleet.sources_with_files().into_iter().map(reader).collect();
        Self { fleet, checkout, sources, files, path, readers }
    }

    /// All that were read, by name and revision.
    pub(super) fn all(&self) -> Vec<Repository> {
        let files = self.files.all();
        let read: BTreeSet<(&Arc<str>, &Option<Arc<str>>)> =
            files.iter().map(|file| (&file.repository, &file.revision)).collect();
        read.into_iter().filter_map(|(name, revision)| self.repository(name, revision.as_deref())).collect()
    }

    fn repository(&self, name: &str, revision: Option<&str>) -> Option<Repository> {
        let (url, path) = match name == &*self.fleet.tree.repository {
            true => (self.own_url(), relative_path(self.path, Path::new("."))),
            false => {
                let folder = |reader: &Reader<'_>| {
                    let reference = reader.named.reference.as_ref()?;
                    self.sources.folder(&reader.named.url, reference)
                };
                // A working tree may stand for one branch only, which not all of them read.
                let reader = self.readers.iter().filter(|reader| reader.reads(name)).min_by_key(|reader| {
                    let branch = reader.named.reference.as_ref().and_then(|reference| reference.branch());
                    (branch.as_deref() != revision, revision.is_none() && folder(reader).is_none())
                })?;
                let path = folder(reader).and_then(|folder| relative_path(&folder, Path::new(".")));
                (Some(reader.named.url.as_str()), path)
            }
        };
        let (url, revision) = (url.map(url::normalize), revision.map(str::to_owned));
        Some(Repository { name: name.to_owned(), url, path, revision })
    }

    /// The address of the fleet repository: as clusters sync it, else as its clone names it.
    fn own_url(&self) -> Option<&str> {
        let synced = self.readers.iter().find(|reader| reader.named.role == SourceRole::Fleet);
        synced.map(|reader| reader.named.url.as_str()).or_else(|| self.checkout.remotes.first().map(String::as_str))
    }

    /// The repository that a run is about: the one of a name, or else that of the fleet.
    ///
    /// # Errors
    /// Nothing was read of a repository of that name.
    pub(super) fn home(&self, name: Option<&str>, all: &[Repository]) -> Result<Home, RunError> {
        let own = &self.fleet.tree;
        let home = Home {
            repository: Arc::clone(&own.repository),
            revision: own.revision.clone(),
            is_any_revision: false,
            tree: Some(Arc::clone(own)),
            prefix: self.checkout.prefix.clone(),
        };
        match name {
            None => Ok(home),
            Some(name) if *name == *home.repository => Ok(Home { is_any_revision: true, tree: None, ..home }),
            Some(name) if all.iter().any(|known| known.name == name) => {
                Ok(Home { repository: Arc::from(name), is_any_revision: true, ..Home::default() })
            }
            Some(name) => {
                let mut known: Vec<String> = all.iter().map(|known| known.name.clone()).collect();
                known.dedup();
                Err(RunError::UnknownRepository { name: name.to_owned(), known })
            }
        }
    }

    /// Gives each finding in another repository the line of this one that reads it.
    pub(super) fn set_readers(&self, findings: &mut [Finding], home: &Home) {
        for finding in findings {
            let file = finding.place.span().map(|span| self.files.get(span.file));
            finding.reader = match file {
                Some(file) if home.holds(&file) => None,
                Some(file) => self.reader(finding, &file, home).or_else(|| self.beginning(finding, home)),
                None => self.beginning(finding, home),
            };
        }
    }

    /// The line that reads a file's repository. If it is in another repository, too, whoever reads that one.
    fn reader(&self, finding: &Finding, file: &Arc<File>, home: &Home) -> Option<Place> {
        let mut file = Arc::clone(file);
        for _ in 0..MAX_DEPTH {
            let best =
                self.readers.iter().filter(|reader| reader.reads_file(&file, self.fleet)).min_by_key(|reader| {
                    let branch = reader.named.reference.as_ref().and_then(|reference| reference.branch());
                    let is_here = reader.url_place().is_some_and(|span| home.holds(&self.files.get(span.file)));
                    let is_fleet = reader.named.role != SourceRole::Files;
                    (
                        !is_here,
                        is_fleet,
                        !finding.clusters.contains(reader.cluster),
                        branch.as_deref() != file.revision.as_deref(),
                    )
                })?;
            let place = best.url_place()?;
            let next = self.files.get(place.file);
            if home.holds(&next) {
                return Some(Place::of_span(place));
            }
            file = next;
        }
        None
    }

    /// Where the finding's first cluster begins.
    fn beginning(&self, finding: &Finding, home: &Home) -> Option<Place> {
        let is_meant = |name: &String| finding.clusters.is_empty() || finding.clusters.contains(name);
        let clusters = self.fleet.discovery.clusters.iter().filter(|cluster| is_meant(&cluster.name));
        let mut places = clusters.flat_map(|cluster| &cluster.evidence).map(|evidence| evidence.place);
        places.find(|place| home.holds(&self.files.get(place.file))).map(Place::of_span)
    }
}

impl Reader<'_> {
    /// Whether it reads a repository that reports call by this name.
    fn reads(&self, name: &str) -> bool {
        url::last_segment(&self.named.url).eq_ignore_ascii_case(name)
    }

    fn reads_file(&self, file: &File, fleet: &Fleet) -> bool {
        match self.named.role {
            SourceRole::Files => self.reads(&file.repository),
            // Its folder may have any name.
            _ => file.repository == fleet.tree.repository || self.reads(&file.repository),
        }
    }

    fn url_place(&self) -> Option<Span> {
        Place::at(self.object, "/spec/url").span()
    }
}

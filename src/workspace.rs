//! The public interface of the library, on one page: a fleet repository, what is known about it, and its report.
//!
//! ```
//! use fleetlint::{Selection, Workspace};
//!
//! # fn main() -> Result<(), fleetlint::RunError> {
//! let mut workspace = Workspace::folder("testdata/fleets/d1/acme-fleet");
//! let report = workspace.check(&Selection::default())?;
//! assert_eq!(report.findings.len(), 5);
//! println!("{}", workspace.json(&report));
//!
//! // What an editor has not saved yet.
//! workspace.change("clusters/staging/runtime-info.yaml", Some("kind: ["));
//! assert!(workspace.check(&Selection::default())?.findings.len() > 5);
//! # Ok(())
//! # }
//! ```

use std::path::{Path, PathBuf};

use crate::flux::release::FluxVersion;
use crate::report::{self, Report};
use crate::run::{Contents, Request, RunError, Session};
use crate::source::{Files, SourceArgument};
use crate::triage::Selection;

/// A fleet repository to check: what its files hold, and what the command line would say beside it. It may be checked again
/// after changes; files that were read stay in memory until it is dropped.
#[derive(Default)]
pub struct Workspace {
    session: Session,
    path: PathBuf,
    origin: Origin,
    changes: Vec<(String, Option<Vec<u8>>)>,
    sources: Vec<SourceArgument>,
    config: Option<PathBuf>,
    roots: Vec<String>,
    flux: Option<FluxVersion>,
    cluster: Option<String>,
}

/// Where the files of a workspace come from.
#[derive(Default)]
enum Origin {
    #[default]
    Disk,
    Revision(String),
    Memory(Vec<(String, Vec<u8>)>),
}

impl Workspace {
    /// The repository in a folder of the disk, as `fleetlint check PATH` reads it.
    pub fn folder(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), ..Self::default() }
    }

    /// The repository in a folder as a branch, tag or commit holds it.
    pub fn revision(path: impl Into<PathBuf>, revision: impl Into<String>) -> Self {
        Self { path: path.into(), origin: Origin::Revision(revision.into()), ..Self::default() }
    }

    /// A repository that is not on the disk: its name in reports, and its files by path.
    pub fn in_memory(name: &str, files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let origin = Origin::Memory(files.into_iter().collect());
        Self { path: name.into(), origin, ..Self::default() }
    }

    /// Takes other contents for a file of the repository, or, without contents, takes it for gone. The last one counts.
    pub fn change(&mut self, path: &str, contents: Option<&str>) -> &mut Self {
        self.changes.push((path.to_owned(), contents.map(|text| text.as_bytes().to_vec())));
        self
    }

    /// Says where a repository that the fleet reads is on this machine: `--source`.
    pub fn source(&mut self, source: SourceArgument) -> &mut Self {
        self.sources.push(source);
        self
    }

    /// Takes this configuration instead of the one in the repository: `--config`.
    pub fn config(&mut self, path: impl Into<PathBuf>) -> &mut Self {
        self.config = Some(path.into());
        self
    }

    /// Says that a cluster syncs this folder, instead of looking for clusters: `--root`.
    pub fn root(&mut self, folder: impl Into<String>) -> &mut Self {
        self.roots.push(folder.into());
        self
    }

    /// Judges every cluster as if it ran this release of Flux: `--flux`.
    pub fn flux(&mut self, version: FluxVersion) -> &mut Self {
        self.flux = Some(version);
        self
    }

    /// Checks one cluster only: `--cluster`.
    pub fn cluster(&mut self, name: impl Into<String>) -> &mut Self {
        self.cluster = Some(name.into());
        self
    }

    /// Checks the repository. The same contents give the same report.
    ///
    /// # Errors
    /// If the run could not begin: a path that cannot be read, a configuration that cannot be used. A manifest that cannot
    /// be parsed or built is a finding.
    pub fn check(&self, selection: &Selection) -> Result<Report, RunError> {
        let contents = match &self.origin {
            Origin::Disk => Contents::WorkingTree,
            Origin::Revision(revision) => Contents::Revision(revision),
            Origin::Memory(files) => Contents::Memory(files),
        };
        let request = Request {
            contents,
            changes: &self.changes,
            sources: &self.sources,
            config: self.config.as_deref(),
            roots: &self.roots,
            flux: self.flux,
            ..Request::of(Path::new(&self.path))
        };
        self.session.check(&request, selection, self.cluster.as_deref())
    }

    /// A report as `--format json` prints it.
    pub fn json(&self, report: &Report) -> String {
        report::json(report, &self.session.files)
    }

    /// The files that were read: places of findings refer to them.
    pub fn files(&self) -> &Files {
        &self.session.files
    }
}

//! One run of `fleetlint check`: the stages, in order.

mod config_file;
mod opened;
mod repositories;
mod schemas;
mod settings;
mod tokens;
mod unexplained;
mod unmatched;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::config::{Config, ConfiguredSource};
use crate::finding::{Fact, Note, Place};
use crate::fleet::{self, Fleet, FleetNote, FluxVersion};
use crate::near::did_you_mean;
use crate::object::ObjectId;
use crate::problem::{Problem, ProblemKind};
use crate::redact::Redactor;
use crate::report::{Report, Summary};
use crate::repository::{Others, Repositories};
use crate::rule::{Rule, driver};
use crate::rules::RULES;
use crate::source::{self, Checkout, Files, OpenError, SourceArgument, Sources, url};
use crate::triage::{self, Selection, Terms, Triaged};
use crate::yaml::Documents;

/// Which files of the fleet repository count.
#[derive(Clone, Copy, Debug, Default)]
pub enum Contents<'a> {
    /// Those on the disk.
    #[default]
    WorkingTree,
    /// Those of a branch, tag or commit.
    Revision(&'a str),
    /// These, by path: nothing of the repository is on the disk.
    Memory(&'a [(String, Vec<u8>)]),
}

/// What a run is asked to do.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The fleet repository; of one in memory its name.
    pub path: &'a Path,
    pub contents: Contents<'a>,
    /// Files that have other contents, by path, and without contents files that are gone.
    pub changes: &'a [(String, Option<Vec<u8>>)],
    /// On top of those of the configuration.
    pub sources: &'a [SourceArgument],
    /// Instead of the one that is found ([`config::FILE_NAMES`]).
    pub config: Option<&'a Path>,
    /// The folders that clusters sync, instead of what is found and what the configuration says.
    pub roots: &'a [String],
    /// The releases of Flux that all clusters are taken to run, whatever the repository and the configuration say.
    pub flux: Option<FluxVersion>,
    /// Sources of the configuration whose paths do not exist are not available, instead of mistakes.
    pub skips_missing_sources: bool,
    /// Folders and files with schemas, before those of the configuration.
    pub schemas: &'a [PathBuf],
    /// Only the findings of the repository of this name.
    pub repository: Option<&'a str>,
}

impl<'a> Request<'a> {
    /// A run over the fleet repository at a path, with nothing else given.
    pub fn of(path: &'a Path) -> Self {
        Self {
            path,
            contents: Contents::WorkingTree,
            changes: &[],
            sources: &[],
            config: None,
            roots: &[],
            flux: None,
            schemas: &[],
            repository: None,
            skips_missing_sources: false,
        }
    }
}

/// Why a run could not begin.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Everything that is wrong in the configuration file, with the files to show it in.
    #[error("the configuration cannot be used")]
    Config(Vec<Problem>),
    /// A folder holds more than one configuration.
    #[error("`{first}` and `{second}` are both configurations of this repository: remove one of the two")]
    TwoConfigurations { first: String, second: String },
    /// The folder is a part of what its own files sync, and nothing else is at hand that says of what.
    #[error(
        "`{path}` is a part of its repository: {file} syncs `{synced}` of it; give the folder above as PATH: `{above}`"
    )]
    PartOfRepository { path: String, file: String, synced: String, above: String },
    #[error("no cluster is named `{name}`; there {}", clusters(known))]
    UnknownCluster { name: String, known: Vec<String> },
    #[error("say with `--cluster` which cluster is meant; there {}", clusters(known))]
    NoClusterNamed { known: Vec<String> },
    #[error("no repository that was read is named `{name}`; {}", meant(name, known))]
    UnknownRepository { name: String, known: Vec<String> },
}

/// What a run has read.
struct Read {
    fleet: Fleet,
    config: Config,
    checkout: Checkout,
    sources: Sources,
    /// The folder of the fleet repository.
    path: PathBuf,
}

/// A run at work: what all its stages share.
#[derive(Default)]
pub struct Session {
    pub files: Arc<Files>,
    pub documents: Documents,
    /// What runs are done with. To take it apart takes longer than to find a defect in it, and a process that ends need not.
    kept: Mutex<Vec<Fleet>>,
}

impl Session {
    /// A run that builds one folder and nothing else.
    pub fn passing() -> Self {
        Self { documents: Documents::passing(), ..Self::default() }
    }

    /// Reads the configuration, the repositories and all that hangs on them.
    pub fn fleet(&self, request: &Request<'_>) -> Result<(Fleet, Config), RunError> {
        self.read(request).map(|read| (read.fleet, read.config))
    }

    fn read(&self, request: &Request<'_>) -> Result<Read, RunError> {
        let opened = opened::open(self, request)?;
        let request = &Request { path: &opened.path, ..request.clone() };
        let mut config = config_file::read(self, request, &opened.checkout)?;
        if !request.roots.is_empty() {
            config.list_clusters(request.roots);
        }
        config.judged_as = request.flux;
        check_paths(request, &config)?;
        let sources = Sources::new(&self.files, &all_sources(request, &config))?;
        let (checkout, documents) = (&opened.checkout, &self.documents);
        let is_for_roots = !request.roots.is_empty();
        let input = fleet::Input { checkout, sources: &sources, documents, config: &config, is_for_roots };
        let mut fleet = fleet::build(input);
        if !fleet.misconfigured.is_empty() {
            return Err(RunError::Config(fleet.misconfigured));
        }
        if let Some(part) = opened::larger_repository(&opened, &fleet.discovery, &self.files) {
            return Err(part);
        }
        fleet.take_schemas(&schemas::locations(self, request, &config)?, documents);
        let unmatched = unmatched::unmatched(&fleet, &sources, request, &config);
        fleet.problems.extend(unmatched);
        fleet.notes.extend(opened.note);
        Ok(Read { fleet, config, checkout: opened.checkout, sources, path: opened.path })
    }

    /// Lints a fleet.
    pub fn check(
        &self,
        request: &Request<'_>,
        selection: &Selection,
        cluster: Option<&str>,
    ) -> Result<Report, RunError> {
        let Read { mut fleet, config, checkout, sources, path } = self.read(request)?;
        // Where it cannot be told which clusters there are, that is the answer, whichever is asked for.
        let cluster = cluster.filter(|_| fleet.discovery.blocked.is_none());
        let only = cluster.map(|name| fleet.cluster(name)).transpose()?.map(|cluster| cluster.name.clone());
        let (rules, skipped): (Vec<&Rule>, Vec<&Rule>) =
            RULES.iter().copied().partition(|rule| triage::runs(rule, &config, selection));
        let others: Others<'_> = Box::new(|| fleet.other_repositories());
        let repositories = Repositories::new(&checkout, &sources, &self.documents, others);
        let said = driver::run(&fleet, &repositories, &rules, only.as_deref());
        drop(repositories);
        let (config, files) = (&config, &*self.files);
        let is_whole = only.is_none() && request.roots.is_empty();
        let terms = Terms {
            config,
            selection,
            rules: &rules,
            skipped: &skipped,
            is_whole,
            fleet: &fleet.tree.repository,
            files,
        };
        let Triaged { mut findings, explained, shown, mut notes, inconclusive, silenced, known, baseline, today } =
            triage::triage(said, terms);
        notes.extend(fleet.notes.iter().filter(|note| !is_repeated(note, &shown)).map(note));
        notes.extend(unexplained::notes(&fleet, &explained, only.as_deref()));
        let known_repositories = repositories::Repositories::new(&fleet, (&checkout, &path), &sources, files);
        let repositories = known_repositories.all();
        let home = known_repositories.home(request.repository, &repositories)?;
        let everywhere = findings.len();
        if request.repository.is_some() {
            let is_there = |place: &Place| place.span().is_some_and(|span| home.holds(&files.get(span.file)));
            findings.retain(|finding| is_there(&finding.place));
        }
        let elsewhere = everywhere - findings.len();
        known_repositories.set_readers(&mut findings, &home);
        let redactor = self.redactor(&fleet);
        if let Some(name) = &only {
            look_only_at(&mut fleet, name);
            notes.retain(|note| note.clusters.is_empty() || note.clusters.contains(name));
            notes.iter_mut().for_each(|note| note.clusters.retain(|cluster| cluster == name));
        }
        let summary = Summary { silenced, known, elsewhere, today, ..self.summary(&fleet, inconclusive) };
        let undetermined = std::mem::take(&mut fleet.undetermined);
        let discovery = fleet.discovery.clone();
        let report = Report {
            findings,
            notes,
            summary,
            undetermined,
            discovery,
            baseline,
            repositories,
            home,
            rules,
            cluster: only,
            ..Report::default()
        };
        let mut report = report.redacted(redactor);
        report.sort(&self.files);
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).push(fleet);
        Ok(report)
    }

    /// What takes out of all output what the fleet took from Secrets.
    pub fn redactor(&self, fleet: &Fleet) -> Redactor {
        Redactor::of(fleet, &self.documents, &self.files)
    }

    fn summary(&self, fleet: &Fleet, inconclusive: usize) -> Summary {
        let (files, documents) = self.documents.counts();
        let clusters = || fleet.clusters.iter();
        let profile = (fleet.profile.kind.as_str(), fleet.profile.reason.clone());
        let counted = fleet.undetermined.iter().filter(|it| !it.is_declared).count();
        Summary {
            files,
            documents,
            objects: clusters().map(|cluster| cluster.objects.len()).sum(),
            clusters: clusters().map(|cluster| cluster.name.clone()).collect(),
            undetermined: counted + inconclusive,
            inconclusive,
            profile: (!fleet.clusters.is_empty()).then_some(profile),
            flux: clusters().map(|cluster| cluster.features.version.map(FluxVersion::shown)).collect(),
            ..Summary::default()
        }
    }
}

/// A source of the configuration that cannot be used is a mistake in the configuration.
fn check_paths(request: &Request<'_>, config: &Config) -> Result<(), RunError> {
    let sources: Vec<(&ConfiguredSource, SourceArgument)> = configured_sources(request, config).collect();
    let problem = |(index, (source, argument)): (usize, &(&ConfiguredSource, SourceArgument))| {
        let problem = |message: String| Problem::new(ProblemKind::InvalidObject, message, source.place);
        if let Some((first, _)) = sources.iter().take(index).find(|(_, first)| first.conflicts_with(argument)) {
            let message = format!("source `{}` is the same repository as `{}`", source.url, first.url);
            return Some(problem(message).help("remove one of them").related(first.place, "given here first"));
        }
        let why = source::check_argument(argument).err()?;
        let help = match why {
            OpenError::NotFound { .. } | OpenError::NotAFolder { .. } => "the path counts from the repository",
            _ => return Some(problem(format!("source `{}`: {why}", source.url))),
        };
        Some(problem(format!("source `{}`: {why}", source.url)).help(help))
    };
    let problems: Vec<Problem> = sources.iter().enumerate().filter_map(problem).collect();
    if problems.is_empty() { Ok(()) } else { Err(RunError::Config(problems)) }
}

/// The sources of the configuration, then those of the command line.
fn all_sources(request: &Request<'_>, config: &Config) -> Vec<SourceArgument> {
    let configured = configured_sources(request, config).map(|(_, argument)| argument);
    configured.chain(request.sources.iter().cloned()).collect()
}

/// The sources of the configuration, from the folder that its paths count from, without those that the command line gives:
/// these win. Those that are not there are left out where that is asked for.
fn configured_sources<'a>(
    request: &'a Request<'_>,
    config: &'a Config,
) -> impl Iterator<Item = (&'a ConfiguredSource, SourceArgument)> + 'a {
    let is_given = |source: &&ConfiguredSource| request.sources.iter().any(|given| url::same(&given.url, &source.url));
    config.sources.iter().filter(move |source| !is_given(source)).filter_map(move |source| {
        let argument = SourceArgument {
            url: source.url.to_string(),
            // One that is external has no path.
            path: config_file::without_dots(&config.folder.join(source.path.as_ref()?)),
            revision: source.revision.as_ref().map(ToString::to_string),
        };
        let is_there = || !matches!(source::check_argument(&argument), Err(OpenError::NotFound { .. }));
        (!request.skips_missing_sources || is_there()).then_some((source, argument))
    })
}

/// Forgets the other clusters, so that they are not counted.
fn look_only_at(fleet: &mut Fleet, name: &str) {
    fleet.clusters.retain(|cluster| cluster.name == name);
    fleet.undetermined.retain(|it| it.clusters.is_empty() || it.clusters.contains(name));
}

/// Whether findings that are shown say why all is so that a note is about.
fn is_repeated(note: &FleetNote, shown: &HashSet<Fact>) -> bool {
    let is_explained = |(cluster, ids): &(String, Vec<ObjectId>)| {
        ids.iter().any(|id| {
            let (cluster, id) = (cluster.clone(), id.clone());
            shown.contains(&Fact::NotApplied(cluster.clone(), id.clone()))
                || shown.contains(&Fact::NoObject(cluster, id))
        })
    };
    !note.causes.is_empty() && note.causes.iter().all(is_explained)
}

/// A note of the stages.
fn note(note: &FleetNote) -> Note {
    Note {
        reason: note.reason.as_str(),
        message: note.message.clone(),
        help: note.help.clone(),
        rule: None,
        place: note.place.map(Place::of_span),
        clusters: note.clusters.clone(),
        count: note.count,
    }
}

/// What a misspelt name of a repository may mean.
fn meant(name: &str, known: &[String]) -> String {
    let names: Vec<&str> = known.iter().map(String::as_str).collect();
    let listed = format!("known repositories: `{}`", names.join("`, `"));
    did_you_mean(name, &names).map_or_else(|| listed.clone(), |near| format!("{near} {listed}"))
}

fn clusters(known: &[String]) -> String {
    match known {
        [] => "is none in this repository".to_owned(),
        [only] => format!("is only `{only}`"),
        many => format!("are `{}`", many.join("`, `")),
    }
}

impl Fleet {
    /// The cluster of a name or path, as `--cluster` takes it.
    pub fn cluster(&self, name: &str) -> Result<&fleet::Cluster, RunError> {
        self.find_cluster(name).ok_or_else(|| RunError::UnknownCluster {
            name: name.to_owned(),
            known: self.clusters.iter().map(|cluster| cluster.name.clone()).collect(),
        })
    }
}

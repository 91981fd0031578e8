//! `fleetlint.yaml`: read, checked, spans kept, errors that point into the file.

mod check;
mod clusters;
mod exception;
mod external;
mod level;
mod option;
mod profile;
pub mod schema;
mod shape;
mod source;
mod tenant;
mod token;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::credentials::Token;
use crate::flux::build::clean_path;
use crate::flux::release::FluxVersion;
use crate::problem::Problem;
use crate::source::File;
use crate::yaml::{Documents, Span};

pub use clusters::{ConfiguredCluster, ConfiguredFlux, ConfiguredRoot, ConfiguredRootSource, PathPattern};
pub use exception::{Exception, is_day};
pub use external::{External, ExternalData};
pub use level::{ConfiguredLevel, Level, LevelSelector, Override, level_of};
pub use option::{ConfiguredOption, KnownRule, OptionDefault, OptionValue, RuleOption, RuleOptions};
pub use profile::ProfileKind;
pub use source::ConfiguredSource;
pub use tenant::ConfiguredTenant;

/// The configuration of a run.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Where sources are on this machine; `--source` comes on top.
    pub sources: Vec<ConfiguredSource>,
    /// `clusters`; `None` where the key is absent, empty for `[]`.
    pub clusters: Option<Vec<ConfiguredCluster>>,
    /// `discover: true`: what `clusters` lists is added to what is found.
    pub discover: bool,
    /// What no cluster applies, on purpose.
    pub unapplied: Vec<PathPattern>,
    /// The releases of Flux that all clusters may run that have none of their own.
    pub flux: Option<ConfiguredFlux>,
    /// The releases of Flux that all clusters are taken to run, whatever files say (`--flux`).
    pub judged_as: Option<FluxVersion>,
    /// Tenants that are part of the platform, or are not, whatever the profile says.
    pub tenants: Vec<ConfiguredTenant>,
    /// Overrides what is detected.
    pub profile: Option<ProfileKind>,
    /// Environment → the branch that its clusters read.
    pub environments: Option<BTreeMap<SmolStr, SmolStr>>,
    /// The tokens behind Git credentials; replaces the profile's own.
    pub tokens: Option<Vec<Token>>,
    /// What is made elsewhere and that the fleet refers to.
    pub externals: Vec<External>,
    /// Where schemas of other kinds are.
    pub schemas: Vec<ConfiguredSchemas>,
    /// Findings that are known and accepted.
    pub exceptions: Vec<Exception>,
    /// Levels of rules and families, in the order of the file.
    pub levels: Vec<ConfiguredLevel>,
    /// Other levels for the findings in some files, in the order of the file.
    pub overrides: Vec<Override>,
    /// Options of rules.
    pub options: RuleOptions,
    /// The values of the keys at the top, by key.
    pub places: BTreeMap<SmolStr, Span>,
    /// The file, as messages name it; `None` where there is none.
    pub file: Option<String>,
    /// The folder that the paths of sources count from.
    pub folder: PathBuf,
}

/// An item of `schemas`: a folder or a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfiguredSchemas {
    /// Relative to the repository.
    pub path: String,
    pub place: Option<Span>,
}

/// The names that a configuration may have, in the order in which they are looked for.
pub const FILE_NAMES: [&str; 6] = [
    "fleetlint.yaml",
    ".fleetlint.yaml",
    "fleetlint.yml",
    ".fleetlint.yml",
    ".github/fleetlint.yaml",
    ".github/fleetlint.yml",
];

impl Config {
    /// Lists these folders as the clusters, one cluster each, instead of what the file says (`--root`).
    pub fn list_clusters(&mut self, folders: &[String]) {
        let cluster = |folder: &String| {
            let root = ConfiguredRoot { path: clean_path(folder).into(), ..ConfiguredRoot::default() };
            ConfiguredCluster { roots: vec![root], ..ConfiguredCluster::default() }
        };
        (self.clusters, self.discover) = (Some(folders.iter().map(cluster).collect()), false);
    }

    /// Says that the file is above the repository that is checked, at `prefix` below the file's folder: the patterns of files
    /// count from there.
    pub fn is_above(&mut self, prefix: &str) {
        let overrides = self.overrides.iter_mut().flat_map(|it| it.paths.iter_mut());
        let exceptions = self.exceptions.iter_mut().flat_map(|it| it.files.iter_mut());
        self.unapplied.iter_mut().chain(overrides).chain(exceptions).for_each(|it| it.count_from(prefix));
    }

    /// The value of a key at the top.
    pub fn place_of(&self, key: &str) -> Option<Span> {
        self.places.get(key).copied()
    }

    /// Whether the source of a URL is left out on purpose (`sources: {URL: {external: true}}`).
    pub fn is_external(&self, url: &str) -> bool {
        self.sources.iter().any(|source| source.external && source.is_at(url))
    }
}

/// Reads a configuration file. Everything that is wrong in it is reported at once, by place.
///
/// # Errors
/// What is wrong: unknown keys, rules and words, values of the wrong shape.
pub fn read(file: &Arc<File>, documents: &Documents, known_rules: &[KnownRule<'_>]) -> Result<Config, Vec<Problem>> {
    let mut checker = shape::ConfigReader { known_rules, problems: Vec::new() };
    let config = checker.config(&documents.of(file));
    let mut problems = checker.problems;
    problems.sort_by_key(|problem| problem.place.map(|place| place.start));
    if problems.is_empty() { Ok(config) } else { Err(problems) }
}

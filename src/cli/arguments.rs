//! The command line.

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::color::When;
use super::output::FormatArgument;
use crate::config::is_day;
use crate::finding::Severity;
use crate::flux::release::FluxVersion;
use crate::run::Request;
use crate::source::{SourceArgument, TenantArgument};

/// Lints Flux CD fleet repositories: tenant isolation, branch mapping, substitutions, Git credentials.
#[derive(Debug, Parser)]
#[command(name = "fleetlint", version, max_term_width = 110)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Lint a fleet repository and everything that it reconciles
    Check(CheckArguments),
    /// Print what `kustomize build` prints, or what Flux applies on a cluster
    Build(BuildArguments),
    /// Show the fleet: clusters, what reconciles on them, from which source, with which identity
    Graph(GraphArguments),
    /// Show the variables of each cluster: values, where they are defined, and every place that uses them
    Vars(VarsArguments),
    /// Say whether somebody can do something on a cluster, and by which rule of which binding
    CanI(CanIArguments),
    /// Show everybody who can do something, and by which rule of which binding
    WhoCan(WhoCanArguments),
    /// Show the configuration in force, and where each value comes from
    Config(ConfigArguments),
    /// Show the page of a rule, or what is known about a kind or a field of it
    Explain {
        /// The id of a rule (`family/rule`), or a kind and the path of a field (`Kustomization.spec.sourceRef`)
        #[arg(value_name = "RULE|KIND[.FIELD]")]
        name: String,
        /// The API version of the kind, instead of the one that Flux uses
        #[arg(long, value_name = "GROUP/VERSION")]
        api_version: Option<String>,
    },
    /// List all rules
    Rules,
    /// Print the completions of a shell
    Completions {
        /// Its name
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Print the man page, or that of a command
    Man {
        /// The command
        command: Option<String>,
    },
}

/// What every command that reads a fleet takes.
#[derive(Debug, Args)]
pub(super) struct FleetArguments {
    /// The local path of a source that the fleet pulls from: a Git repository, read at the branch or tag that the source
    /// names, or a plain folder. REV is read for every branch; `BRANCH:worktree` and `BRANCH:HEAD` use what is checked out
    /// for that branch
    #[arg(long = "source", value_name = "URL=PATH[@REV]", value_parser = SourceArgument::parse)]
    pub(super) sources: Vec<SourceArgument>,
    /// The configuration, instead of the `fleetlint.yaml` that is found at PATH or above it
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Go on without the sources of the configuration whose paths do not exist: they are not available
    #[arg(long)]
    pub(super) skip_missing_sources: bool,
    /// A folder that a cluster syncs, instead of what is found (may be given several times)
    #[arg(long = "root", value_name = "PATH")]
    pub(super) roots: Vec<String>,
    /// One cluster only: its name, or the folder that it syncs
    #[arg(long, value_name = "NAME")]
    pub(super) cluster: Option<String>,
    /// Judge every cluster as if it ran this release of Flux, or this range of releases (`2.10`, `2.x`, `>=2.8 <2.10`)
    #[arg(long, value_name = "VERSION", value_parser = flux_version)]
    pub(super) flux: Option<FluxVersion>,
}

impl FleetArguments {
    /// What a run is asked to do about the fleet at a path.
    pub(super) fn request<'a>(&'a self, path: &'a Path) -> Request<'a> {
        let (config, flux) = (self.config.as_deref(), self.flux);
        let skips_missing_sources = self.skip_missing_sources;
        Request { sources: &self.sources, config, roots: &self.roots, flux, skips_missing_sources, ..Request::of(path) }
    }
}

fn flux_version(text: &str) -> Result<FluxVersion, String> {
    FluxVersion::parse(text)
        .filter(|version| version.is_of_flux_2())
        .ok_or_else(|| "write a release of Flux 2 (`2.10`) or a range (`2.x`, `>=2.8 <2.10`)".to_owned())
}

#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    #[command(flatten)]
    pub(super) fleet: FleetArguments,
    /// Output format, `human` by default: human, json, sarif, github, gitlab, junit, checkstyle, markdown or line. May be
    /// given several times; all but one then need a file
    #[arg(long = "format", value_name = "FORMAT[=FILE]", value_parser = FormatArgument::parse)]
    pub(super) formats: Vec<FormatArgument>,
    /// Write findings to this file instead of standard output; goes with a single `--format`
    #[arg(long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// A folder or file with JSON Schemas or CustomResourceDefinitions, by which objects of other kinds are judged; on top of
    /// `schemas` of the configuration
    #[arg(long = "schema-location", value_name = "DIR|FILE")]
    pub(super) schemas: Vec<PathBuf>,
    /// Only the findings of this repository of the fleet
    #[arg(long, value_name = "NAME")]
    pub(super) repository: Option<String>,
    /// The clone of a repository that the fleet reads: its working tree stands for the branch (the one that is checked out,
    /// if none is given), and only its findings are shown
    #[arg(long, value_name = "PATH[@BRANCH]", value_parser = TenantArgument::parse, conflicts_with_all = ["repository", "write_baseline"])]
    pub(super) tenant_repo: Option<TenantArgument>,
    /// Minimum severity that causes a non-zero exit
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    pub(super) fail_on: FailOn,
    /// Also fail if anything could not be judged
    #[arg(long)]
    pub(super) fail_on_undetermined: bool,
    /// List every object that could not be judged, and why
    #[arg(long)]
    pub(super) show_undetermined: bool,
    /// Also show findings of level info, and run pedantic rules
    #[arg(long)]
    pub(super) pedantic: bool,
    /// Run only these rules or families
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(super) select: Vec<String>,
    /// Skip these rules or families
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(super) ignore: Vec<String>,
    /// Ignore findings that are in this file
    #[arg(long, value_name = "FILE", conflicts_with = "write_baseline")]
    pub(super) baseline: Option<PathBuf>,
    /// Write all findings to this file, for `--baseline`; the exit status is then 0
    #[arg(long, value_name = "FILE", conflicts_with_all = ["select", "ignore", "cluster", "roots", "repository"])]
    pub(super) write_baseline: Option<PathBuf>,
    /// The date to compare expiring exceptions with, instead of today
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub(super) today: Option<String>,
    /// Findings only: no notes, and no summary where nothing was found
    #[arg(short, long, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Every note in full, every cluster and place by name
    #[arg(short, long)]
    pub(super) verbose: bool,
    /// Also count the findings of each rule
    #[arg(long)]
    pub(super) statistics: bool,
    /// When to use colors; `auto` heeds NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE and TERM
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = When::Auto)]
    pub(super) color: When,
    /// The fleet repository
    #[arg(default_value = ".")]
    pub(super) path: PathBuf,
}

fn day(text: &str) -> Result<String, String> {
    if is_day(text) { Ok(text.to_owned()) } else { Err("write a date as 2027-01-31".to_owned()) }
}

#[derive(Debug, Args)]
pub(super) struct BuildArguments {
    #[command(flatten)]
    pub(super) fleet: FleetArguments,
    /// One Kustomization of the cluster
    #[arg(long, value_name = "NS/NAME", requires = "cluster")]
    pub(super) kustomization: Option<String>,
    /// One ResourceSet of the cluster: what it generates
    #[arg(long, value_name = "NS/NAME", requires = "cluster", conflicts_with = "kustomization")]
    pub(super) resource_set: Option<String>,
    /// Which files a kustomization may name; by default all of its repository
    #[arg(long, value_enum, value_name = "WHICH", conflicts_with = "cluster")]
    pub(super) load_restrictor: Option<LoadRestrictor>,
    /// Annotate each value with its origin: where it was written, and the last patch and variable that changed it
    #[arg(long)]
    pub(super) origin: bool,
    /// The order of the objects where the kustomization sets none
    #[arg(long, value_enum, default_value_t = Reorder::Legacy, conflicts_with = "cluster")]
    pub(super) reorder: Reorder,
    /// The folder to build; with `--cluster`, the fleet repository
    #[arg(default_value = ".")]
    pub(super) path: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct GraphArguments {
    #[command(flatten)]
    pub(super) fleet: FleetArguments,
    /// In which order a new cluster comes up, and what everything waits for; formats text and json
    #[arg(long)]
    pub(super) order: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t = GraphFormat::Text)]
    pub(super) format: GraphFormat,
    /// The fleet repository
    #[arg(default_value = ".")]
    pub(super) path: PathBuf,
}

/// As `kubectl auth can-i`: the first word is `yes` (exit status 0), `no` (1) or `undetermined` (2).
#[derive(Debug, Args)]
#[command(override_usage = "fleetlint can-i VERB RESOURCE[.GROUP][/NAME] --as USER --cluster NAME [PATH]
       fleetlint can-i VERB /URL --as USER --cluster NAME [PATH]
       fleetlint can-i apply -f FILE --as USER --cluster NAME [PATH]")]
pub(super) struct CanIArguments {
    /// The verb (`get`, `create`, `bind`), or `apply` with `-f`
    pub(super) verb: String,
    /// The resource, with its group after a dot and the name of an object after a slash; or a URL
    #[arg(value_name = "RESOURCE|URL")]
    pub(super) what: Option<String>,
    /// The fleet repository
    pub(super) path: Option<PathBuf>,
    /// The user; that of a service account is `system:serviceaccount:NAMESPACE:NAME`
    #[arg(long = "as", value_name = "USER")]
    pub(super) user: String,
    /// A group of the user (may be given several times); those of service accounts are implied
    #[arg(long = "as-group", value_name = "GROUP")]
    pub(super) groups: Vec<String>,
    /// The namespace; without it the question is about the whole cluster
    #[arg(short, long, value_name = "NAMESPACE")]
    pub(super) namespace: Option<String>,
    /// The subresource (`log`, `status`)
    #[arg(long, value_name = "SUBRESOURCE")]
    pub(super) subresource: Option<String>,
    /// With `apply`: the objects that are applied, server-side
    #[arg(short = 'f', long = "filename", value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
    #[command(flatten)]
    pub(super) fleet: FleetArguments,
}

#[derive(Debug, Args)]
pub(super) struct WhoCanArguments {
    /// The verb
    pub(super) verb: String,
    /// The resource, with its group after a dot; or a URL
    #[arg(value_name = "RESOURCE|URL")]
    pub(super) resource: String,
    /// The namespace; without it the question is about the whole cluster
    #[arg(short, long, value_name = "NAMESPACE")]
    pub(super) namespace: Option<String>,
    #[command(flatten)]
    pub(super) fleet: FleetArguments,
    /// The fleet repository
    #[arg(default_value = ".")]
    pub(super) path: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct VarsArguments {
    #[command(flatten)]
    pub(super) fleet: FleetArguments,
    /// One variable only, with all its places
    #[arg(long = "var", value_name = "NAME")]
    pub(super) name: Option<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t = VarsFormat::Text)]
    pub(super) format: VarsFormat,
    /// The fleet repository
    #[arg(default_value = ".")]
    pub(super) path: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct ConfigArguments {
    #[command(flatten)]
    pub(super) fleet: FleetArguments,
    /// Output format
    #[arg(long, value_enum, default_value_t = ConfigFormat::Text)]
    pub(super) format: ConfigFormat,
    /// The fleet repository
    #[arg(default_value = ".")]
    pub(super) path: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ConfigFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum VarsFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum GraphFormat {
    Text,
    Json,
    Mermaid,
    Dot,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

impl FailOn {
    /// The minimum severity that causes a non-zero exit.
    pub(super) fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Never => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LoadRestrictor {
    #[value(name = "LoadRestrictionsRootOnly")]
    RootOnly,
    #[value(name = "LoadRestrictionsNone")]
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Reorder {
    Legacy,
    None,
}

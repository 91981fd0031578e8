//! The trees that are measured: the test fleet, and what is below `FLEETLINT_CORPORA`.

// Each bench uses its part.
#![allow(dead_code)]

pub(crate) mod generated;
pub(crate) mod others;
pub(crate) mod overlay;
pub(crate) mod parts;
pub(crate) mod platform;
pub(crate) mod tenants;

use std::fmt;
use std::path::{Path, PathBuf};

use fleetlint::source::SourceArgument;

/// The folder of clones of public fleets; `owner/repository` is its folder `owner+repository`. Without it only the test fleet
/// is measured.
const CORPORA: &str = "FLEETLINT_CORPORA";

const LARGE: [&str; 5] = [
    "wahooli+gitops-repo",
    "redhat-cop+gitops-catalog",
    "JJGadgets+Biohazard",
    "PingCAP-QE+ee-ops",
    "equinor+radix-flux",
];

/// A repository, and where the sources of its fleet lie.
pub(crate) struct Tree {
    name: String,
    pub(crate) path: PathBuf,
    pub(crate) sources: Vec<SourceArgument>,
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// All trees that there are on this machine.
pub(crate) fn all() -> Vec<Tree> {
    let test_fleet = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/fleets/d1/acme-fleet");
    let mut trees = vec![Tree { name: "acme-fleet".to_owned(), path: test_fleet, sources: Vec::new() }];
    let Some(corpora) = std::env::var_os(CORPORA).map(PathBuf::from) else { return trees };
    let named = |name: &str, sources| Tree { name: name.to_owned(), path: corpora.join(name), sources };
    trees.push(named("controlplaneio-fluxcd+d1-fleet", d1_sources(&corpora)));
    trees.extend(LARGE.iter().map(|name| named(name, Vec::new())));
    trees.retain(|tree| tree.path.is_dir());
    trees
}

/// The same, and all corpora together.
pub(crate) fn with_corpora() -> Vec<Tree> {
    let corpora = std::env::var_os(CORPORA).map(PathBuf::from).filter(|path| path.is_dir());
    let together = corpora.map(|path| Tree { name: "all corpora".to_owned(), path, sources: Vec::new() });
    all().into_iter().chain(together).collect()
}

fn d1_sources(corpora: &Path) -> Vec<SourceArgument> {
    let source = |name: &str| SourceArgument {
        url: format!("https://github.com/controlplaneio-fluxcd/{name}"),
        path: corpora.join(format!("controlplaneio-fluxcd+{name}")),
        revision: None,
    };
    vec![source("d1-infra"), source("d1-apps")]
}

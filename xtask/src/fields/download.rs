//! The schemas of each release, out of Go modules: `go mod download`, and the generator of the controllers where a module
//! has only Go types.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use crate::Failure;

/// The schemas of one release.
pub(super) struct Release {
    /// `2.9`; of the Flux Operator and of kustomize their own.
    pub(super) minor: &'static str,
    /// Where they are from, for people.
    pub(super) from: String,
    /// YAML files with custom resource definitions, among other objects.
    pub(super) files: Vec<String>,
}

/// The newer modules need a newer Go than the machine may have.
const TOOLCHAIN: (&str, &str) = ("GOTOOLCHAIN", "go1.27.3");

const OPERATOR: &str = "github.com/controlplaneio-fluxcd/flux-operator";
const OPERATOR_VERSION: &str = "v0.59.0";

/// The releases whose manifests the Flux Operator brings along: the last patch of each minor.
const WITH_OPERATOR: [(&str, &str); 4] = [("2.6", "v2.6.4"), ("2.7", "v2.7.5"), ("2.8", "v2.8.8"), ("2.9", "v2.9.5")];

/// What the Flux Operator does not bring along yet: the modules of the controllers of 2.10 that are served whole.
const CONTROLLERS: [(&str, &str); 2] =
    [("github.com/fluxcd/kustomize-controller", "v1.10.1"), ("github.com/fluxcd/source-controller", "v1.10.1")];

/// And those whose Go types alone are served.
const TYPES: [(&str, &str); 5] = [
    ("github.com/fluxcd/helm-controller/api", "v1.7.1"),
    ("github.com/fluxcd/notification-controller/api", "v1.10.0"),
    ("github.com/fluxcd/image-reflector-controller/api", "v1.3.0"),
    ("github.com/fluxcd/image-automation-controller/api", "v1.3.0"),
    ("github.com/fluxcd/source-watcher/api/v2", "v2.3.1"),
];

/// The version with which the controllers generate their own.
const GENERATOR: &str = "sigs.k8s.io/controller-tools/cmd/controller-gen@v0.21.0";

/// All minors of Flux, oldest first.
pub(super) fn flux() -> Result<Vec<Release>, Failure> {
    let operator = module(OPERATOR, OPERATOR_VERSION)?;
    let mut releases = Vec::new();
    for (minor, version) in WITH_OPERATOR {
        let files = yaml_files(&operator.join("config/data/flux").join(version))?;
        releases.push(Release { minor, from: format!("Flux {version} in {OPERATOR} {OPERATOR_VERSION}"), files });
    }
    let mut files = Vec::new();
    for (path, version) in CONTROLLERS {
        files.extend(yaml_files(&module(path, version)?.join("config/crd/bases"))?);
    }
    files.push(generated(&TYPES)?);
    let names = CONTROLLERS.iter().chain(&TYPES).map(|(path, version)| format!("{path} {version}"));
    releases.push(Release { minor: "2.10", from: names.collect::<Vec<_>>().join(", "), files });
    Ok(releases)
}

/// The Flux Operator's own kinds.
pub(super) fn operator() -> Result<Release, Failure> {
    let files = yaml_files(&module(OPERATOR, OPERATOR_VERSION)?.join("config/crd/bases"))?;
    Ok(Release { minor: "0.59", from: format!("{OPERATOR} {OPERATOR_VERSION}"), files })
}

/// The folder of a module, downloaded if need be.
fn module(path: &str, version: &str) -> Result<PathBuf, Failure> {
    let out = go(&std::env::temp_dir(), &["mod", "download", "-json", &format!("{path}@{version}")])?;
    let answer: serde_json::Value = serde_json::from_str(&out)?;
    let folder = answer["Dir"].as_str().ok_or_else(|| format!("{path}@{version}: {}", answer["Error"]))?;
    Ok(folder.into())
}

/// What the generator makes of the Go types of some modules.
fn generated(modules: &[(&str, &str)]) -> Result<String, Failure> {
    let folder = tempfile::tempdir()?;
    go(folder.path(), &["mod", "init", "schemas"])?;
    let wanted = modules.iter().map(|(path, version)| format!("{path}@{version}"));
    let wanted: Vec<String> = ["get".to_owned()].into_iter().chain(wanted).collect();
    go(folder.path(), &wanted)?;
    let paths = modules.iter().map(|(path, _)| format!("paths={path}/..."));
    let run: Vec<String> = ["run", GENERATOR, "crd"].map(str::to_owned).into_iter().chain(paths).collect();
    go(folder.path(), &[run, vec!["output:stdout".to_owned()]].concat())
}

/// Runs a Go program in a module of its own, with what it needs.
pub(super) fn go_program(text: &str, needs: &[&str]) -> Result<String, Failure> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("main.go"), text)?;
    go(folder.path(), &["mod", "init", "program"])?;
    go(folder.path(), &[&["get"], needs].concat())?;
    go(folder.path(), &["run", "."])
}

/// Standard output of a `go` command.
fn go(folder: &Path, arguments: &[impl AsRef<str>]) -> Result<String, Failure> {
    let arguments: Vec<&str> = arguments.iter().map(AsRef::as_ref).collect();
    let flags = ("GOFLAGS", "-mod=mod");
    let out = Command::new("go").current_dir(folder).envs([TOOLCHAIN, flags]).args(&arguments).output();
    let out = out.map_err(|why| format!("go {}: {why}", arguments.join(" ")))?;
    let is_answer = out.status.success() || arguments.contains(&"-json");
    let text = String::from_utf8(out.stdout)?;
    match is_answer {
        true => Ok(text),
        false => Err(format!("go {}: {}", arguments.join(" "), String::from_utf8_lossy(&out.stderr)).into()),
    }
}

fn yaml_files(folder: &Path) -> io::Result<Vec<String>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    paths.sort();
    paths.iter().map(fs::read_to_string).collect()
}

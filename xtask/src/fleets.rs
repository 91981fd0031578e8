//! Development command: `cargo run --example dev_fleets -- FOLDER [NAME]`: for each repository in a folder (`OWNER+NAME`, the
//! others being its sources; `NAME--BRANCH` is a branch of `NAME`), how many clusters were found, how many Kustomizations were
//! expanded, and of the others why not.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use fleetlint::fleet::{Outcome, ReconcilerKind};
use fleetlint::run::{Request, Session};
use fleetlint::source::SourceArgument;

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = crate::arguments().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or_else(|| "../shared/corpora".to_owned()));
    let only = arguments.next();
    let mut repositories: Vec<PathBuf> = std::fs::read_dir(&folder)?.flatten().map(|entry| entry.path()).collect();
    repositories.retain(|path| path.is_dir());
    repositories.sort();
    let sources: Vec<SourceArgument> = repositories.iter().filter_map(|path| source(path)).collect();
    let mut out = std::io::stdout().lock();
    writeln!(out, "| repository | clusters | Kustomizations | expanded | failed | path missing | not known |")?;
    writeln!(out, "|---|---|---|---|---|---|---|")?;
    let mut reasons = Vec::new();
    for path in &repositories {
        let name = name_of(path);
        if only.as_ref().is_some_and(|only| !name.contains(only.as_str())) {
            continue;
        }
        let own: Vec<SourceArgument> = sources.iter().filter(|source| source.path != *path).cloned().collect();
        writeln!(out, "{}", row(path, &name, &own, &mut reasons))?;
    }
    writeln!(out, "\n{}", reasons.join("\n"))?;
    Ok(())
}

fn row(path: &Path, name: &str, sources: &[SourceArgument], reasons: &mut Vec<String>) -> String {
    let request = Request { sources, ..Request::of(path) };
    let fleet = match Session::default().fleet(&request) {
        Ok((fleet, _)) => fleet,
        Err(why) => return format!("| {name} | {why} |"),
    };
    let mut counts = [0_usize; 5];
    let mut why: BTreeMap<(&str, String), Vec<String>> = BTreeMap::new();
    let reconcilers = fleet.clusters.iter().flat_map(|cluster| &cluster.reconcilers);
    for reconciler in reconcilers.filter(|reconciler| reconciler.kind == ReconcilerKind::Kustomization) {
        let id = &reconciler.object.id;
        let source = reconciler.source_shown();
        let (column, reason) = match &reconciler.outcome {
            Outcome::Rendered => (1, None),
            Outcome::Failed => {
                let problems =
                    reconciler.problems.iter().chain(reconciler.undefined.iter().map(|(_, problem)| problem));
                (2, Some(problems.map(|problem| problem.message.as_str()).next().unwrap_or_default().to_owned()))
            }
            Outcome::PathNotFound => (
                3,
                Some(format!("`{}` is no folder of {source}", reconciler.object.str("/spec/path").unwrap_or_default())),
            ),
            Outcome::SourceNotFound => (4, Some(format!("nothing defines {source}"))),
            Outcome::ReferenceNotFound { .. } => (4, Some(format!("{source} lacks the branch"))),
            Outcome::Undetermined(reason) => (4, Some(reason.to_string())),
            Outcome::Opaque => (4, Some("opaque".to_owned())),
        };
        counts[0] += 1;
        counts[column] += 1;
        if let Some(reason) = reason {
            let label = ["", "", "failed", "path missing", "not known"][column];
            why.entry((label, reason)).or_default().push(format!("{}/{}", id.namespace, id.name));
        }
    }
    let cells: Vec<String> = counts.iter().map(ToString::to_string).collect();
    reasons.extend(why.into_iter().map(|((label, reason), who)| {
        let first = who.first().map_or("", String::as_str);
        format!("{name}: {label}: {} × {reason} (`{first}`)", who.len())
    }));
    format!("| {name} | {} | {} |", fleet.clusters.len(), cells.join(" | "))
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().replacen('+', "/", 1)).unwrap_or_default()
}

fn source(path: &Path) -> Option<SourceArgument> {
    let name = name_of(path);
    let (owner, repository) = name.split_once('/')?;
    let repository = repository.split("--").next()?;
    let url = format!("https://github.com/{owner}/{repository}");
    Some(SourceArgument { url, path: path.to_owned(), revision: None })
}

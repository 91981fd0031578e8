//! The tables of fields in `crates/flux/kinds`: written from the schemas of every release, or compared with them.

mod check;
mod download;
mod kustomize;
mod schema;
mod table;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::Failure;
use check::Outcome;
use schema::Version;
use table::Kinds;

/// Releases whose kinds are in tables of their own: Flux, the Flux Operator, kustomize.
struct Series {
    name: &'static str,
    releases: Vec<Release>,
}

/// The schemas of a release.
struct Release {
    minor: &'static str,
    from: String,
    versions: Vec<Version>,
}

/// Writes the tables; with `--check` compares them and fails on a difference.
pub(crate) fn main() -> Result<ExitCode, Failure> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/flux/kinds");
    let all = series()?;
    let is_check = crate::arguments().any(|argument| argument == "--check");
    let mut out = std::io::stdout().lock();
    let mut count = 0;
    for series in &all {
        for (file, text) in texts(series) {
            let path = root.join(&file);
            match is_check {
                true if fs::read_to_string(&path).ok().as_ref() != Some(&text) => {
                    writeln!(out, "{} is not what `cargo xtask fields` writes", file.display())?;
                    count += 1;
                }
                true => {}
                false => {
                    fs::create_dir_all(path.parent().unwrap_or(&root))?;
                    fs::write(path, text)?;
                }
            }
        }
        for release in &series.releases {
            let outcome =
                is_check.then(|| check::compare((series.name == FLUX).then_some(release.minor), &release.versions));
            report(&mut out, series.name, release, outcome.as_ref())?;
            count += outcome.map_or(0, |outcome| outcome.differences.len());
        }
    }
    Ok(if count == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

const FLUX: &str = "Flux";

fn series() -> Result<Vec<Series>, Failure> {
    let flux = download::flux()?.into_iter().map(read).collect::<Result<_, Failure>>()?;
    let operator = vec![read(download::operator()?)?];
    let (from, versions) = kustomize::versions()?;
    let kustomize = vec![Release { minor: "5.8", from, versions }];
    Ok(vec![
        Series { name: FLUX, releases: flux },
        Series { name: "Flux Operator", releases: operator },
        Series { name: "kustomize", releases: kustomize },
    ])
}

fn read(release: download::Release) -> Result<Release, Failure> {
    let mut versions = Vec::new();
    for file in &release.files {
        versions.extend(schema::versions(file).map_err(|why| format!("{}: {why}", release.minor))?);
    }
    Ok(Release { minor: release.minor, from: release.from, versions })
}

/// The files of a series and what they have to say.
fn texts(series: &Series) -> Vec<(PathBuf, String)> {
    let minors: Vec<&str> = series.releases.iter().map(|release| release.minor).collect();
    let mut kinds = Kinds::new();
    for (number, release) in series.releases.iter().enumerate() {
        release.versions.iter().for_each(|version| table::add(&mut kinds, number, version));
    }
    let text = |((group, name), kind): (&(String, String), &table::Kind)| {
        (Path::new(group).join(format!("{name}.fields")), table::text(group, name, kind, &minors))
    };
    kinds.iter().map(text).collect()
}

fn report(out: &mut impl Write, series: &str, release: &Release, outcome: Option<&Outcome>) -> std::io::Result<()> {
    writeln!(out, "{series} {} ({})", release.minor, release.from)?;
    let Some(outcome) = outcome else { return Ok(()) };
    let Outcome { kinds, versions, fields, required, enums, values, bounds, differences } = outcome;
    writeln!(
        out,
        "  {} kinds in {versions} versions, {fields} fields: {required} required, {enums} enums of {values} values, {bounds} other \
         bounds; {} differences",
        kinds.len(),
        differences.len()
    )?;
    differences.iter().try_for_each(|difference| writeln!(out, "  {difference}"))
}

//! Development command: `cargo xtask rights [FOLDER]`: for each repository in a folder, of how many of the objects that are
//! applied the authorizer says that whoever applies them may, may not, or that it cannot tell, and why.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use fleetlint::rbac::ApplyVerdict;
use fleetlint::run::{Request, Session};

use crate::Failure;

pub(crate) fn main() -> Result<(), Failure> {
    let folder = PathBuf::from(crate::arguments().nth(1).unwrap_or_else(|| "../shared/corpora".to_owned()));
    let mut repositories: Vec<PathBuf> = std::fs::read_dir(&folder)?.flatten().map(|entry| entry.path()).collect();
    repositories.retain(|path| path.is_dir());
    repositories.sort();
    let mut out = std::io::stdout().lock();
    let (mut total, mut reasons) = ([0_usize; 3], BTreeMap::<String, usize>::new());
    for path in &repositories {
        let Ok((fleet, _)) = Session::default().fleet(&Request::of(path)) else { continue };
        let mut counts = [0_usize; 3];
        for cluster in &fleet.clusters {
            for placed in cluster.objects.iter().filter(|placed| placed.settled) {
                let Some(reconciler) = cluster.applied_by(placed) else { continue };
                let (column, why) = match cluster.rbac().apply_verdict(reconciler, placed) {
                    ApplyVerdict::Allowed(_) => (0, None),
                    ApplyVerdict::Denied(denial) => (1, Some(format!("denied: {} {denial:?}", placed.object.id))),
                    ApplyVerdict::Undetermined(why) => (2, Some(format!("undetermined: {why}"))),
                };
                counts[column] += 1;
                why.into_iter().for_each(|why| *reasons.entry(why).or_default() += 1);
            }
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        writeln!(out, "{name}: {} allowed, {} denied, {} undetermined", counts[0], counts[1], counts[2])?;
        total.iter_mut().zip(counts).for_each(|(total, count)| *total += count);
    }
    writeln!(out, "all: {} allowed, {} denied, {} undetermined", total[0], total[1], total[2])?;
    for (reason, count) in reasons {
        writeln!(out, "{count:>6} {reason}")?;
    }
    Ok(())
}

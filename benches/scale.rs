//! `cargo bench --bench scale`: what `fleetlint check` costs as fleets grow: time, processor time and peak memory of the
//! process (the latter two on Linux only), beside those of the row above. `FLEETLINT_SCALE=DIR` keeps the fleets in DIR.
//!
//! - One cluster with 500 to 4,000 tenants: twice as many should cost at most 2.2 times.
//! - 50 clusters × 40 tenants × 500 objects, a million in all: at most 4 s of processor time and 400 MB on two cores of 2026.
//! - The same with values that clusters share: 100 clusters should cost less than 1.3 times what 50 do.

#![allow(clippy::print_stdout, reason = "its table is what it is run for")]

mod trees;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use trees::platform::{self, Platform, Values};
use trees::tenants;

/// Ticks of the clock in `/proc`, in a second.
const TICKS: f64 = 100.0;

/// How often the peak of the memory is looked at.
const PAUSE: Duration = Duration::from_millis(2);

/// What a run took.
struct Cost {
    wall: f64,
    processor: f64,
    megabytes: f64,
}

fn main() -> std::io::Result<()> {
    let kept = std::env::var_os("FLEETLINT_SCALE").map(PathBuf::from);
    let temporary = tempfile::tempdir()?;
    let folder = kept.as_deref().unwrap_or(temporary.path());
    println!("{:<40} {:>9} {:>9} {:>9} {:>7}", "fleet", "wall", "cpu", "peak", "times");
    let mut before = None;
    for count in [500, 1_000, 2_000, 4_000] {
        let path = folder.join(format!("tenants-{count}"));
        tenants::write(&path, count)?;
        before = Some(row(&format!("1 cluster, {count} tenants"), &path, before)?);
    }
    before = None;
    for (clusters, values) in [(50, Values::OfCluster), (50, Values::OfEnvironment), (100, Values::OfEnvironment)] {
        let path = folder.join(format!("platform-{clusters}-{values:?}"));
        platform::write(&path, Platform { clusters, tenants: 40, objects: 500, values })?;
        before = Some(row(&format!("{clusters} clusters, values {values:?}"), &path, before)?);
    }
    Ok(())
}

/// Measures a fleet, prints it, and gives its processor time, or the wall time where that is not known.
fn row(name: &str, fleet: &Path, before: Option<f64>) -> std::io::Result<f64> {
    let Cost { wall, processor, megabytes } = measured(fleet)?;
    let counted = if processor > 0.0 { processor } else { wall };
    let times = before.map(|before| format!("{:.2}", counted / before)).unwrap_or_default();
    println!("{name:<40} {wall:>7.2} s {processor:>7.2} s {megabytes:>6.0} MB {times:>7}");
    Ok(counted)
}

fn measured(fleet: &Path) -> std::io::Result<Cost> {
    let (start, ticks) = (Instant::now(), ticks());
    let mut command = Command::new(env!("CARGO_BIN_EXE_fleetlint"));
    let mut child = command.arg("check").arg(fleet).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let mut peak = 0.0_f64;
    while child.try_wait()?.is_none() {
        peak = peak.max(megabytes(child.id()));
        std::thread::sleep(PAUSE);
    }
    Ok(Cost { wall: start.elapsed().as_secs_f64(), processor: (self::ticks() - ticks) / TICKS, megabytes: peak })
}

/// The processor time of all children that have ended; 0 where the system does not tell.
fn ticks() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(13).take(2).filter_map(|field| field.parse::<f64>().ok()).sum()
}

/// The most memory that a process has had so far; 0 where the system does not tell.
fn megabytes(process: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1_000.0
}

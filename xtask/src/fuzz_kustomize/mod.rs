//! Development command: makes kustomizations from seeds, builds them here and with the oracle (the real kustomize 5.8.1), and
//! prints a small tree for each way in which they differ.
//!
//! `cargo xtask fuzz-kustomize [--seed N] [--count N] [--threads N] [--features a,b] [--oracle PROGRAM] [--show N] [--dump]`:
//! seeds N, N+1, …; `--dump` prints the tree of the seed and both answers. Exits with 1 if anything differs.

pub(crate) mod compare;
mod feature;
pub(crate) mod layer;
mod minimize;
mod objects;
pub(crate) mod oracle;
mod patch;
mod plugin;
pub(crate) mod rng;
mod schema;
mod text;
mod values;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use compare::{Bench, Comparison, Verdict};
use feature::Features;
use layer::Files;
use minimize::{Signature, minimize, signature};

/// Builds that one minimization may take.
const BUDGET: usize = 3000;

struct Settings {
    seed: u64,
    count: u64,
    threads: u64,
    features: Features,
    oracle: PathBuf,
    show: usize,
    dump: bool,
}

#[derive(Default)]
struct Found {
    verdicts: BTreeMap<Verdict, u64>,
    /// How often each difference was seen, and the first seeds.
    signatures: BTreeMap<Signature, (u64, Vec<u64>)>,
}

pub(crate) fn main() -> ExitCode {
    let settings = match settings() {
        Ok(settings) => settings,
        Err(message) => {
            let _ = writeln!(std::io::stderr(), "{message}");
            return ExitCode::from(2);
        }
    };
    std::panic::set_hook(Box::new(|_| {}));
    let next = AtomicU64::new(0);
    let found = Mutex::new(Found::default());
    std::thread::scope(|scope| {
        for _ in 0..settings.threads {
            scope.spawn(|| work(&settings, &next, &found));
        }
    });
    summary(&found)
}

fn settings() -> Result<Settings, String> {
    let mut given = BTreeMap::new();
    let mut arguments = crate::arguments().skip(1);
    if crate::arguments().any(|argument| argument == "--help") {
        return Err(usage());
    }
    while let Some(name) = arguments.next() {
        let value =
            if name == "--dump" { String::new() } else { arguments.next().ok_or(format!("{name} needs a value"))? };
        given.insert(name, value);
    }
    let number = |name: &str, default: u64| match given.get(name) {
        Some(text) => text.parse::<u64>().map_err(|_| format!("{name}: `{text}` is not a number")),
        None => Ok(default),
    };
    let features = Features::named(given.get("--features").map(String::as_str));
    Ok(Settings {
        seed: number("--seed", 1)?,
        count: number("--count", 1000)?,
        threads: number("--threads", 1)?,
        features: features.ok_or_else(|| format!("--features: of {}", Features::names()))?,
        oracle: PathBuf::from(given.get("--oracle").map_or("/root/oracle", String::as_str)),
        show: usize::try_from(number("--show", 20)?).unwrap_or(20),
        dump: given.contains_key("--dump"),
    })
}

fn usage() -> String {
    format!(
        "cargo xtask fuzz-kustomize [--seed N] [--count N] [--threads N] [--features LIST] [--oracle PROGRAM] [--show N] [--dump]\n\
         features: {}\n\
         the oracle answers JSON lines, see its README; exit status 1 where something differs",
        Features::names()
    )
}

fn work(settings: &Settings, next: &AtomicU64, found: &Mutex<Found>) {
    let Ok(folder) = tempfile::tempdir() else { return };
    let mut bench = Bench::new(settings.oracle.clone(), folder.path().to_owned());
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        if index >= settings.count {
            return;
        }
        let seed = settings.seed + index;
        let files = layer::make(seed, &settings.features);
        let comparison = bench.compare(&files);
        if settings.dump {
            say(&report(seed, &files, &comparison));
        }
        if comparison.verdict == Verdict::TheyHang {
            say(&format!("seed {seed}: the oracle hung or died\n"));
        }
        let signature = signature(&comparison);
        if record(found, &signature, seed, settings.show) {
            let small = minimize(&mut bench, &files, &signature, BUDGET);
            let comparison = bench.compare(&small);
            say(&report(seed, &small, &comparison));
        }
    }
}

/// Counts a result. Whether it is to be shown: the first of its kind.
fn record(found: &Mutex<Found>, signature: &Signature, seed: u64, show: usize) -> bool {
    let Ok(mut found) = found.lock() else { return false };
    *found.verdicts.entry(signature.0).or_default() += 1;
    if !signature.0.is_difference() {
        return false;
    }
    let shown = found.signatures.len();
    let (count, seeds) = found.signatures.entry(signature.clone()).or_default();
    *count += 1;
    if seeds.len() < 5 {
        seeds.push(seed);
    }
    *count == 1 && shown < show
}

fn report(seed: u64, files: &Files, comparison: &Comparison) -> String {
    let mut text = format!("=== seed {seed}: {:?}\n", comparison.verdict);
    for (path, content) in files {
        text.push_str(&format!("--- {path}\n{content}"));
        if !content.ends_with('\n') {
            text.push_str("⏎\n");
        }
    }
    match (&comparison.ours, &comparison.theirs) {
        (Ok(ours), Ok(theirs)) => text.push_str(&format!(">>> ours\n{ours}>>> theirs\n{theirs}")),
        (ours, theirs) => {
            for (name, answer) in [("ours", ours), ("theirs", theirs)] {
                match answer {
                    Ok(built) => text.push_str(&format!(">>> {name} builds\n{built}")),
                    Err(message) => text
                        .push_str(&format!(">>> {name} refuses\n{}\n", message.chars().take(400).collect::<String>())),
                }
            }
        }
    }
    text
}

fn summary(found: &Mutex<Found>) -> ExitCode {
    let Ok(found) = found.lock() else { return ExitCode::FAILURE };
    let mut text = String::new();
    for (Signature(verdict, detail), (count, seeds)) in &found.signatures {
        text.push_str(&format!("{count:6} {verdict:?} {detail} seeds {seeds:?}\n"));
    }
    let total: u64 = found.verdicts.values().sum();
    text.push_str(&format!("{total} trees: {:?}\n", found.verdicts));
    say(&text);
    if found.signatures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn say(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

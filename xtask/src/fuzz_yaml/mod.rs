//! Development command: makes small YAML documents from seeds, valid ones and odd ones, reads and prints them here and with the
//! real Go code, and prints a small text for each way in which they differ.
//!
//! `cargo xtask fuzz-yaml kustomize|substitute ORACLE [COUNT] [SEED] [SHOWN]`: as a resource file of a kustomization (`kustomize`), or as
//! one object that Flux substitutes variables in (`substitute`). Exits with 1 if anything differs.

mod make;
mod shrink;
mod substitute;
pub(crate) mod variables;
#[path = "../../../tests/support/yaml_pieces/mod.rs"]
mod yaml_pieces;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use super::fuzz_kustomize::compare::{Bench, Verdict};
use super::fuzz_kustomize::oracle::Answer;
use super::fuzz_kustomize::rng::Rng;

type Failure = Box<dyn std::error::Error>;

/// Who is asked.
enum Asked {
    Kustomize(Bench),
    Substitute(substitute::Bench),
}

/// A question: a text, and what `${v}` is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Question {
    text: String,
    variable: Option<String>,
}

pub(crate) fn main() -> Result<ExitCode, Failure> {
    let usage = "usage: cargo xtask fuzz-yaml kustomize|substitute ORACLE [COUNT] [SEED] [SHOWN]";
    let mut arguments = crate::arguments().skip(1);
    let (op, program) = (arguments.next().ok_or(usage)?, PathBuf::from(arguments.next().ok_or(usage)?));
    let mut number = |default: u64| arguments.next().map_or(Ok(default), |text| text.parse::<u64>());
    let (count, seed, shown) = (number(10_000)?, number(1)?, number(20)?);
    let folder = tempfile::tempdir()?;
    let mut asked = match op.as_str() {
        "kustomize" => Asked::Kustomize(Bench::new(program, folder.path().to_owned())),
        "substitute" => Asked::Substitute(substitute::Bench::new(&program)?),
        _ => return Err(usage.into()),
    };
    std::panic::set_hook(Box::new(|_| {}));
    let mut verdicts: BTreeMap<Verdict, u64> = BTreeMap::new();
    let mut seen = BTreeMap::new();
    for seed in seed..seed + count {
        let question = make::question(&mut Rng::new(seed), matches!(asked, Asked::Substitute(_)));
        let verdict = asked.verdict(&question)?;
        *verdicts.entry(verdict).or_default() += 1;
        if verdict.is_difference() && seen.len() < usize::try_from(shown)? {
            let small = shrink::shrink(&mut asked, &question, verdict)?;
            if seen.insert(small.clone(), seed).is_none() {
                let (verdict, ours, theirs) = asked.ask(&small)?;
                let mut out = std::io::stdout().lock();
                let Question { text, variable } = &small;
                writeln!(out, "## seed {seed}: {verdict:?}\n{text:?} {variable:?}\n got {ours:?}\nwant {theirs:?}")?;
            }
        }
    }
    writeln!(std::io::stdout(), "{verdicts:?}")?;
    let differ = verdicts.keys().any(|verdict| verdict.is_difference());
    Ok(if differ { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

impl Asked {
    fn verdict(&mut self, question: &Question) -> Result<Verdict, Failure> {
        Ok(self.ask(question)?.0)
    }

    /// Both answers. Where a refusal is placed is no matter here.
    fn ask(&mut self, question: &Question) -> Result<(Verdict, Answer, Answer), Failure> {
        let (verdict, ours, theirs) = match self {
            Self::Kustomize(bench) => {
                let kustomization = "resources:\n- r.yaml\n".to_owned();
                let files = [("kustomization.yaml", kustomization), ("r.yaml", question.text.clone())];
                let files = files.map(|(name, text)| (format!("top/{name}"), text)).into();
                let found = bench.compare(&files);
                (found.verdict, found.ours, found.theirs)
            }
            Self::Substitute(bench) => bench.compare(question)?,
        };
        Ok((if verdict == Verdict::NoPlace { Verdict::BothRefuse } else { verdict }, ours, theirs))
    }
}

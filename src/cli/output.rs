//! Which formats a run writes, and where to.

use std::path::{Path, PathBuf};

use clap::ValueEnum as _;

use crate::near::did_you_mean;

/// What names standard output where a file is expected, as in most commands. The file of this name is `./-`.
const STDOUT: &str = "-";

/// How findings can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    Human,
    Json,
    Sarif,
    Github,
    Gitlab,
    Junit,
    Checkstyle,
    Markdown,
    Line,
}

impl Format {
    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

/// A format and the file for it; without one it is standard output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FormatArgument {
    pub(super) format: Format,
    pub(super) file: Option<PathBuf>,
}

impl FormatArgument {
    /// Reads `FORMAT` or `FORMAT=FILE`; the file `-` is standard output.
    ///
    /// # Errors
    /// There is no such format, or the file is missing.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(file)));
        let known: Vec<String> = Format::value_variants().iter().map(|format| format.name()).collect();
        let format = Format::from_str(name, false).map_err(|_| {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let near = did_you_mean(name, &known).map(|near| format!("; {near}")).unwrap_or_default();
            format!("there is no format `{name}`, only {}{near}", known.join(", "))
        })?;
        match file {
            Some("") => Err(format!("a file is missing after `{name}=`")),
            file => Ok(Self { format, file: file.filter(|file| *file != STDOUT).map(PathBuf::from) }),
        }
    }
}

/// What a run writes: at most one format to standard output.
///
/// # Errors
/// Options contradict each other.
pub(super) fn outputs(
    formats: &[FormatArgument],
    output: Option<&Path>,
    baseline: Option<&Path>,
    statistics: bool,
) -> Result<Vec<FormatArgument>, String> {
    let mut outputs = formats.to_vec();
    if outputs.is_empty() {
        outputs.push(FormatArgument { format: Format::Human, file: None });
    }
    if let Some(file) = output.filter(|file| *file != Path::new(STDOUT)) {
        match outputs.as_mut_slice() {
            [FormatArgument { file: own @ None, .. }] => *own = Some(file.to_owned()),
            _ => {
                return Err(
                    "`--output` goes with a single `--format`: name each file by `--format FORMAT=FILE`".to_owned()
                );
            }
        }
    }
    let to_stdout: Vec<String> =
        outputs.iter().filter(|output| output.file.is_none()).map(|output| output.format.name()).collect();
    if let [first, second, ..] = to_stdout.as_slice() {
        return Err(format!(
            "`{first}` and `{second}` both go to standard output: name a file for one of them (`--format {second}=FILE`)"
        ));
    }
    let own = |file: &Path| file.strip_prefix(".").unwrap_or(file).to_owned();
    let files: Vec<PathBuf> = outputs.iter().filter_map(|output| output.file.as_deref()).map(own).collect();
    if let Some(twice) = files.iter().enumerate().find(|(at, file)| files[..*at].contains(file)) {
        return Err(format!("two formats go to `{}`: name a file for each", twice.1.display()));
    }
    match baseline {
        Some(file) if file == Path::new(STDOUT) => {
            return Err("`--write-baseline` needs a file: findings go to standard output".to_owned());
        }
        Some(file) if files.contains(&own(file)) => {
            return Err(format!("a format and the baseline go to `{}`: name a file for each", file.display()));
        }
        _ => {}
    }
    if statistics && !outputs.iter().any(|output| output.format == Format::Human) {
        return Err("`--statistics` goes with `--format human`".to_owned());
    }
    Ok(outputs)
}

//! Comments that silence findings: `# fleetlint: ignore[rule] reason` on a line, above a line or an object, and
//! `# fleetlint: ignore-file[rule] reason` for a whole file. They count in bases, overlays and inline patches.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::names;
use crate::finding::Finding;
use crate::source::{File, FileId, Files};
use crate::yaml::Span;

/// What starts such a comment, after `#` and blanks.
const MARK: &str = "fleetlint:";

/// A comment that silences findings.
#[derive(Debug)]
pub(super) struct Comment {
    file: Arc<File>,
    scope: Scope,
    /// Ids of rules, or families; `*` stands for any text.
    pub patterns: Vec<String>,
    /// From `#` to the end of the line.
    pub span: Span,
    text: String,
}

#[derive(Debug, PartialEq, Eq)]
enum Scope {
    File,
    /// The line that it is on, or the first line below it that says anything; from 1.
    Line(usize),
}

/// All comments of the files of a run.
pub(super) struct Comments {
    all: Vec<Comment>,
    by_file: HashMap<FileId, Vec<usize>>,
}

impl Comments {
    /// Reads all YAML files of the run.
    pub(super) fn read(files: &Files) -> Self {
        let is_yaml = |file: &Arc<File>| {
            let name = file.path.rsplit('/').next().unwrap_or_default();
            name == "Kustomization" || name.ends_with(".yaml") || name.ends_with(".yml")
        };
        let all: Vec<Comment> = files.all().iter().filter(|file| is_yaml(file)).flat_map(in_file).collect();
        let mut by_file: HashMap<FileId, Vec<usize>> = HashMap::new();
        all.iter().enumerate().for_each(|(index, it)| by_file.entry(it.file.id).or_default().push(index));
        Self { all, by_file }
    }

    /// The comments that silence a finding.
    pub(super) fn of(&self, finding: &Finding, files: &Files) -> Vec<usize> {
        if self.all.is_empty() {
            return Vec::new();
        }
        let heads = finding.subject.iter().filter_map(|object| object.root.origin.span);
        let sites = finding.place.texts().into_iter().chain(heads);
        let mut found: Vec<usize> = sites.flat_map(|site| self.at(site, finding.rule, files)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    fn at(&self, site: Span, rule: &str, files: &Files) -> Vec<usize> {
        let Some(candidates) = self.by_file.get(&site.file) else { return Vec::new() };
        let lines = lines_of(site, &files.get(site.file));
        let is_meant = |index: &&usize| {
            self.all.get(**index).is_some_and(|comment| {
                let is_here = match comment.scope {
                    Scope::File => true,
                    Scope::Line(line) => lines.contains(&line),
                };
                is_here && comment.patterns.iter().any(|pattern| names(pattern, rule))
            })
        };
        candidates.iter().filter(is_meant).copied().collect()
    }

    /// The comments that silenced nothing, each once, however many revisions of its file were read. `used` are those that did.
    pub(super) fn unused(&self, used: &[usize]) -> Vec<&Comment> {
        let mut by_text: BTreeMap<(&str, &str, &str), (&Comment, bool)> = BTreeMap::new();
        for (index, comment) in self.all.iter().enumerate() {
            let key = (&*comment.file.repository, comment.file.path.as_str(), comment.text.as_str());
            let known = by_text.entry(key).or_insert((comment, false));
            known.1 |= used.contains(&index);
        }
        by_text.into_values().filter(|(_, is_used)| !is_used).map(|(comment, _)| comment).collect()
    }
}

/// The lines at which a comment means a text: where it starts, and the first line of the block (`|`) that it is in, which
/// is where an inline patch starts.
fn lines_of(site: Span, file: &File) -> Vec<usize> {
    let line = file.position(site.start).line;
    let lines: Vec<&str> = file.text().unwrap_or_default().lines().take(line).collect();
    std::iter::once(line).chain(head_of_block(&lines, line)).collect()
}

/// The first line of the block that holds the last of these lines: the block's header is the next line above with less indent.
fn head_of_block(lines: &[&str], last: usize) -> Option<usize> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut least = indent(lines.last()?);
    let above = lines.iter().enumerate().rev().skip(1).filter(|(_, line)| !line.trim().is_empty());
    for (index, line) in above {
        if indent(line) < least {
            least = indent(line);
            if is_header(line) {
                return lines[index + 1..last]
                    .iter()
                    .position(|line| says_something(line))
                    .map(|ahead| index + ahead + 2);
            }
        }
    }
    None
}

/// Whether a block starts after a line: it ends with `|` or `>`, perhaps with signs and a digit.
fn is_header(line: &str) -> bool {
    let line = line.split(" #").next().unwrap_or_default().trim_end();
    let line = line.trim_end_matches(|sign: char| matches!(sign, '+' | '-') || sign.is_ascii_digit());
    line.ends_with(['|', '>'])
}

fn in_file(file: &Arc<File>) -> Vec<Comment> {
    let Some(text) = file.text().filter(|text| text.contains(MARK)) else { return Vec::new() };
    let lines: Vec<&str> = text.lines().collect();
    let starts = file.line_starts();
    let comments = lines.iter().enumerate().filter_map(|(index, line)| {
        let (at, scope, patterns) = directive(line)?;
        let is_alone = line[..at].trim().is_empty();
        let below =
            || lines.iter().skip(index + 1).position(|line| says_something(line)).map(|ahead| index + ahead + 2);
        let scope = match scope {
            Some(scope) => scope,
            None if is_alone => Scope::Line(below()?),
            None => Scope::Line(index + 1),
        };
        let start = starts.get(index)? + u32::try_from(at).ok()?;
        let shown = line[at..].trim_end();
        let span = Span { file: file.id, start, end: start + u32::try_from(shown.len()).ok()? };
        Some(Comment { file: Arc::clone(file), scope, patterns, span, text: shown.to_owned() })
    });
    comments.collect()
}

fn says_something(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#') && line != "---"
}

/// Where a comment starts in its line, and what it names; its scope only where it says it.
fn directive(line: &str) -> Option<(usize, Option<Scope>, Vec<String>)> {
    let mark = line.find(MARK)?;
    let before = line[..mark].trim_end();
    let at = before.strip_suffix('#')?.len();
    // Within a word `#` starts no comment.
    line[..at].chars().next_back().is_none_or(char::is_whitespace).then_some(())?;
    let rest = line[mark + MARK.len()..].trim_start();
    let (scope, rest) = match rest.strip_prefix("ignore-file[") {
        Some(rest) => (Some(Scope::File), rest),
        None => (None, rest.strip_prefix("ignore[")?),
    };
    let (patterns, _reason) = rest.split_once(']')?;
    let patterns = patterns.split(',').map(|pattern| pattern.trim().to_owned());
    Some((at, scope, patterns.filter(|pattern| !pattern.is_empty()).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(Scope, Vec<String>)> {
        let file = Files::default().add("fleet".into(), None, "a.yaml".into(), text.as_bytes().to_vec());
        in_file(&file).into_iter().map(|comment| (comment.scope, comment.patterns)).collect()
    }

    #[test]
    fn comments_mean_their_line_or_the_next_one() {
        let text = "# fleetlint: ignore[a/b] why\n---\n\nkind: x # fleetlint: ignore[c, d/*] because\n#fleetlint: ignore-file[e]\n";
        let names = |patterns: &[&str]| patterns.iter().map(|&it| it.to_owned()).collect::<Vec<_>>();
        let expected =
            [(Scope::Line(4), names(&["a/b"])), (Scope::Line(4), names(&["c", "d/*"])), (Scope::File, names(&["e"]))];
        assert_eq!(read(text), expected);
    }

    #[test]
    fn other_texts_are_no_comments() {
        let text = "a: b# fleetlint: ignore[x]\nb: fleetlint: ignore[x]\n# fleetlint: ignore x\n# fleetlint: ignore[x\n# fleetlint: ignore[x]\n";
        assert_eq!(read(text), []);
    }
}

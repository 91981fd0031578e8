//! Comments that silence findings: `# fleetlint: ignore[rule] reason` on a line, above a line or an object, and
//! `# fleetlint: ignore-file[rule] reason` for a whole file. `rule: value` means only what the rule says of that value. They
//! count in bases, overlays and inline patches.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

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
    pub patterns: Vec<Pattern>,
    /// It says why; what does not silences nothing.
    pub has_reason: bool,
    /// From `#` to the end of the line.
    pub span: Span,
    text: String,
    /// The how manieth of this text in its file.
    count: usize,
}

/// What a comment names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    /// The id of a rule, or a family; `*` stands for any text.
    pub rule: String,
    /// The only value that is meant.
    pub value: Option<String>,
}

impl Pattern {
    fn of(text: &str) -> Option<Self> {
        let (rule, value) = match text.split_once(':') {
            Some((rule, value)) => (rule.trim(), Some(value.trim().to_owned())),
            None => (text.trim(), None),
        };
        (!rule.is_empty()).then(|| Self { rule: rule.to_owned(), value })
    }

    fn means(&self, finding: &Finding) -> bool {
        names(&self.rule, finding.rule) && self.value.as_ref().is_none_or(|value| finding.names(value))
    }
}

/// What is one comment in all revisions of its file: repository, path, text, and the how manieth of that text.
type Named<'a> = (&'a str, &'a str, &'a str, usize);

/// A pattern of a comment: the comment's index, and the pattern's in it.
pub(super) type Used = (usize, usize);

#[derive(Debug, PartialEq, Eq)]
enum Scope {
    File,
    /// The line that it is on; from 1.
    Line(usize),
    /// The first line below it that says anything, and what starts there; `None` where nothing does.
    Below(Option<usize>),
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
        let all: Vec<Comment> = files.all().par_iter().filter(|file| is_yaml(file)).flat_map_iter(in_file).collect();
        let mut by_file: HashMap<FileId, Vec<usize>> = HashMap::new();
        all.iter().enumerate().for_each(|(index, it)| by_file.entry(it.file.id).or_default().push(index));
        Self { all, by_file }
    }

    /// What silences a finding.
    pub(super) fn of(&self, finding: &Finding, files: &Files) -> Vec<Used> {
        if self.all.is_empty() {
            return Vec::new();
        }
        let heads = finding.subject.iter().filter_map(|object| object.root.origin.span);
        let sites = finding.place.texts().into_iter().map(|site| (site, false)).chain(heads.map(|head| (head, true)));
        let mut found: Vec<Used> = sites.flat_map(|site| self.at(site, finding, files)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The comments that mean a text; one after the first line of an object means that line only.
    fn at(&self, (site, is_head): (Span, bool), finding: &Finding, files: &Files) -> Vec<Used> {
        let Some(candidates) = self.by_file.get(&site.file) else { return Vec::new() };
        let file = files.get(site.file);
        let line = file.position(site.start).line;
        let block = head_of_block(&file, line);
        let is_here = |comment: &&Comment| match comment.scope {
            _ if !comment.has_reason => false,
            Scope::File => true,
            Scope::Line(at) => at == line && !is_head,
            Scope::Below(at) => at.is_some_and(|at| at == line || block == Some(at)),
        };
        let meant = |index: &usize| {
            let patterns = self.all.get(*index).filter(is_here).map(|comment| &comment.patterns);
            let patterns = patterns.into_iter().flatten().enumerate();
            patterns.filter(|(_, pattern)| pattern.means(finding)).map(|(at, _)| (*index, at)).collect::<Vec<_>>()
        };
        candidates.iter().flat_map(meant).collect()
    }

    /// The comments of which a part silenced nothing, with that part, each once, however many revisions of its file were read.
    /// `used` is what did.
    pub(super) fn unused(&self, used: &HashSet<Used>) -> Vec<(&Comment, Vec<&Pattern>)> {
        let mut by_text: BTreeMap<Named<'_>, (&Comment, HashSet<usize>)> = BTreeMap::new();
        for (index, comment) in self.all.iter().enumerate() {
            let key = (&*comment.file.repository, comment.file.path.as_str(), comment.text.as_str(), comment.count);
            let known = by_text.entry(key).or_insert((comment, HashSet::new()));
            known.1.extend((0..comment.patterns.len()).filter(|at| used.contains(&(index, *at))));
        }
        let unused = by_text.into_values().map(|(comment, used)| {
            let patterns = comment.patterns.iter().enumerate().filter(|(at, _)| !used.contains(at));
            (comment, patterns.map(|(_, pattern)| pattern).collect::<Vec<_>>())
        });
        unused.filter(|(comment, patterns)| comment.patterns.is_empty() || !patterns.is_empty()).collect()
    }
}

/// A line of a file, from 1, without its end.
fn line_of(file: &File, line: usize) -> Option<&str> {
    let starts = file.line_starts();
    let start = *starts.get(line.checked_sub(1)?)? as usize;
    let end = starts.get(line).map_or(file.counted().len(), |next| *next as usize);
    Some(file.text()?.get(start..end)?.trim_end_matches(['\n', '\r']))
}

/// The first line of the block that holds a line, where an inline patch starts.
fn head_of_block(file: &File, last: usize) -> Option<usize> {
    let header = header_of_block(file, last)?;
    (header + 1..=last).find(|at| line_of(file, *at).is_some_and(says_something))
}

/// The line after which the block starts that holds a line: the next one above with less indent that is a header.
fn header_of_block(file: &File, last: usize) -> Option<usize> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut least = indent(line_of(file, last)?);
    for at in (1..last).rev() {
        let line = line_of(file, at)?;
        if least == 0 {
            return None;
        }
        if !line.trim().is_empty() && indent(line) < least {
            least = indent(line);
            if is_header(line) {
                return Some(at);
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
    let mut counts: HashMap<String, usize> = HashMap::new();
    let lines = text.lines().enumerate().filter(|(_, line)| line.contains(MARK));
    let found = lines.flat_map(|(index, line)| in_line(file, index + 1, line));
    let counted = found.map(|comment| {
        let count = counts.entry(comment.text.clone()).or_default();
        *count += 1;
        Comment { count: *count, ..comment }
    });
    counted.collect()
}

/// The comments of a line; several may be in one.
fn in_line(file: &Arc<File>, number: usize, line: &str) -> Vec<Comment> {
    let Some(at) = start_of_comment(line) else { return Vec::new() };
    let is_alone = line[..at].trim_matches(['\u{feff}', ' ', '\t']).is_empty();
    let below = || {
        let count = file.line_starts().len();
        (number + 1..=count).find(|at| line_of(file, *at).is_some_and(says_something))
    };
    let shown = line[at..].trim_end();
    let start = file.line_starts().get(number - 1).map_or(0, |start| *start as usize + at);
    let span = u32::try_from(start).ok().zip(u32::try_from(start + shown.len()).ok());
    let Some((start, end)) = span else { return Vec::new() };
    let directives = line[at..].split(MARK).skip(1).filter_map(directive).map(|(is_of_file, patterns, has_reason)| {
        let scope = match is_of_file {
            // A text that only looks like a comment of the file is none.
            true if header_of_block(file, number).is_some() => Scope::Below(None),
            true => Scope::File,
            false if is_alone => Scope::Below(below()),
            false => Scope::Line(number),
        };
        let (span, text) = (Span { file: file.id, start, end }, shown.to_owned());
        Comment { file: Arc::clone(file), scope, patterns, has_reason, span, text, count: 0 }
    });
    directives.collect()
}

fn says_something(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#') && line != "---"
}

/// Where the comment starts that holds the first mark of a line. Within a word `#` starts no comment.
fn start_of_comment(line: &str) -> Option<usize> {
    let mark = line.find(MARK)?;
    let is_start = |at: &usize| {
        line[..*at].chars().next_back().is_none_or(|before| before.is_whitespace() || before == '\u{feff}')
    };
    let mut starts = line[..mark].match_indices('#').map(|(at, _)| at);
    starts.rfind(is_start).filter(|at| line[at + 1..mark].trim().is_empty())
}

/// What follows the mark: whether it is about the file, what it names, and whether it says why; nothing is named where it
/// cannot be read.
fn directive(text: &str) -> Option<(bool, Vec<Pattern>, bool)> {
    let rest = text.trim_start().strip_prefix("ignore")?;
    let (is_of_file, rest) = match rest.strip_prefix("-file") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let named = rest.trim_start().strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let (patterns, reason) = named.unwrap_or_default();
    let has_reason = reason.chars().any(char::is_alphanumeric);
    Some((is_of_file, patterns.split(',').filter_map(Pattern::of).collect(), has_reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The scope and what is named; a mark before what gives no reason.
    fn read(text: &str) -> Vec<(Scope, Vec<String>)> {
        let shown = |comment: &Comment, pattern: &Pattern| {
            let value = pattern.value.iter().map(|value| format!(" = {value}"));
            let reason = if comment.has_reason { "" } else { "?" };
            format!("{reason}{}{}", pattern.rule, value.collect::<String>())
        };
        let file = Files::default().add("fleet".into(), None, "a.yaml".into(), text.as_bytes().to_vec());
        let named = |comment: &Comment| comment.patterns.iter().map(|pattern| shown(comment, pattern)).collect();
        in_file(&file)
            .into_iter()
            .map(|comment| (named(&comment), comment.scope))
            .map(|(names, scope)| (scope, names))
            .collect()
    }

    #[test]
    fn comments_mean_their_line_or_the_next_one() {
        let text = "# fleetlint: ignore[a/b] why\n---\n\nkind: x # fleetlint: ignore[c, d/*] because\n#fleetlint: ignore-file[e, f: G: h ] -\n";
        let names = |patterns: &[&str]| patterns.iter().map(|&it| it.to_owned()).collect::<Vec<_>>();
        let expected = [
            (Scope::Below(Some(4)), names(&["a/b"])),
            (Scope::Line(4), names(&["c", "d/*"])),
            (Scope::File, names(&["?e", "?f = G: h"])),
        ];
        assert_eq!(read(text), expected);
    }

    #[test]
    fn what_cannot_be_read_names_no_rule() {
        let none: Vec<String> = Vec::new();
        let text = "a: b# fleetlint: ignore[x]\nb: fleetlint: ignore[x]\n# fleetlint: ignore x\nc: d # fleetlint: ignore[x\n# fleetlint: ignore [y]\n";
        let expected = [
            (Scope::Below(Some(4)), none.clone()),
            (Scope::Line(4), none),
            (Scope::Below(None), vec!["?y".to_owned()]),
        ];
        assert_eq!(read(text), expected);
    }

    #[test]
    fn several_may_stand_in_one_comment_and_text_in_a_block_is_not_about_the_file() {
        let text = "\u{feff}# fleetlint: ignore[a] x # fleetlint: ignore[b] y\nk: |\n  # fleetlint: ignore-file[c] z\n  text\n";
        let one = |name: &str| vec![name.to_owned()];
        let expected =
            [(Scope::Below(Some(2)), one("a")), (Scope::Below(Some(2)), one("b")), (Scope::Below(None), one("c"))];
        assert_eq!(read(text), expected);
    }
}

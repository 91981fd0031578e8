//! Where a generator's keys and values come from: `envs`, `literals`, `files`, in this order.

use std::collections::HashSet;
use std::sync::Arc;

use fleetlint_source::{Content, File};
use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Node, Origin, Span, Text};

use super::super::kustomization::GeneratorEntry;
use super::super::load::{Site, read_file};
use super::super::{Options, Reader};
use super::Kind;

/// A key with its value.
pub(super) struct Pair {
    pub(super) key: String,
    pub(super) value: PairValue,
    pub(super) origin: Origin,
    /// Where a person edits the key.
    place: Option<Span>,
}

/// What a key stands for.
pub(super) enum PairValue {
    Text(Text),
    /// No UTF-8.
    Binary(Vec<u8>),
}

impl PairValue {
    fn of_file(file: &File) -> Self {
        match std::str::from_utf8(&file.bytes) {
            Ok(text) => Self::Text(text.into()),
            Err(_) => Self::Binary(file.bytes.to_vec()),
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Binary(bytes) => bytes,
        }
    }
}

/// Go's line scanner gives up at lines of this many bytes, without a word.
const MAX_LINE: usize = 64 * 1024;

/// What the files of one generator may hold together, in bytes; the API server takes 1 MiB.
const MAX_SIZE: usize = 64 * 1024 * 1024;

/// Reads all sources of an entry. Of those that lie elsewhere each is a problem.
pub(super) fn read(
    reader: Reader<'_>,
    options: Options,
    site: &Site,
    kind: Kind,
    entry: &GeneratorEntry,
) -> Result<Vec<Pair>, Vec<Problem>> {
    let mut remote = Vec::new();
    let pairs = pairs_of(kind, entry, &mut |path| match read_file(reader, options, site, path) {
        Err(problem) if problem.is_undetermined() => {
            remote.push(problem);
            Ok(None)
        }
        Ok(file) => {
            if kind == Kind::Secret {
                file.note(Content::Secret);
            }
            Ok(Some(file))
        }
        Err(problem) => Err(problem),
    });
    match pairs.and_then(|pairs| refuse_repeated_keys(kind, entry, pairs)) {
        Ok(pairs) if remote.is_empty() => Ok(pairs),
        Ok(_) => Err(remote),
        Err(problem) => Err([remote, vec![problem]].concat()),
    }
}

/// Reads the file at a path; `None` where it lies elsewhere.
type Read<'a> = dyn FnMut(&Node) -> Result<Option<Arc<File>>, Problem> + 'a;

/// What an entry's files and literals hold; `read` tells of files that lie elsewhere.
fn pairs_of(kind: Kind, entry: &GeneratorEntry, read: &mut Read<'_>) -> Result<Vec<Pair>, Problem> {
    let (mut pairs, mut size) = (Vec::new(), 0);
    for path in &entry.envs {
        let Some(file) = read(path).map_err(|problem| without_value(problem, path))? else { continue };
        pairs.extend(of_lines(&file, path)?);
    }
    for literal in &entry.literals {
        pairs.push(of_literal(literal)?);
    }
    for source in &entry.files {
        let (key, path) = split_file_source(source)?;
        let path = Node::string(path, source.origin.clone());
        let named = |problem| if kind == Kind::Secret { without_value(problem, source) } else { problem };
        let Some(file) = read(&path).map_err(named)? else { continue };
        size += file.bytes.len();
        if size > MAX_SIZE {
            return Err(failed(format!("the files hold more than {MAX_SIZE} bytes"), source.place()));
        }
        let span = Span { file: file.id, start: 0, end: u32::try_from(file.bytes.len()).unwrap_or(u32::MAX) };
        let origin = Origin::at(span).with_patch(source.origin.span);
        pairs.push(Pair { key, value: PairValue::of_file(&file), origin, place: source.place() });
    }
    Ok(pairs)
}

/// A problem with an entry that has a `=`: it may be a literal at the wrong place, and what follows is not repeated.
fn without_value(problem: Problem, entry: &Node) -> Problem {
    let Some((key, _)) = entry.text().and_then(|text| text.split_once('=')) else { return problem };
    let message = format!("the entry of `{key}` names no file that kustomize can read");
    failed(message, entry.place())
        .help(format!("write `{key}=…` below `literals`, or name a file of the repository here"))
}

fn refuse_repeated_keys(kind: Kind, entry: &GeneratorEntry, pairs: Vec<Pair>) -> Result<Vec<Pair>, Problem> {
    let mut seen = HashSet::new();
    let Some(repeated) = pairs.iter().find(|pair| !seen.insert(pair.key.as_str())) else { return Ok(pairs) };
    let name = entry.name.as_ref().and_then(Node::text).unwrap_or_default();
    // A line without `=` is a key to kustomize, and may be a value.
    let key = if repeated.value.bytes().is_empty() && kind == Kind::Secret { "…" } else { &*repeated.key };
    let message = format!("{} `{name}` illegally repeats the key `{key}`", kind.word());
    let first = pairs.iter().find(|pair| pair.key == repeated.key);
    Err(failed(message, repeated.place)
        .related(first.and_then(|first| first.place), "first given here")
        .help("remove one of the two, or give it a different key"))
}

fn of_literal(literal: &Node) -> Result<Pair, Problem> {
    let text = literal.text().unwrap_or_default();
    let Some((key, value)) = text.split_once('=').filter(|(key, _)| !key.is_empty()) else {
        return Err(failed("invalid literal source, expected `key=value`".to_owned(), literal.place())
            .help("put a key and `=` before the value"));
    };
    Ok(Pair {
        key: key.to_owned(),
        value: PairValue::Text(without_quotes(value).into()),
        origin: literal.origin.clone(),
        place: literal.place(),
    })
}

/// Takes one pair of equal quotes away.
fn without_quotes(value: &str) -> &str {
    let inside = |quote| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inside('"').or_else(|| inside('\'')).unwrap_or(value)
}

fn split_file_source(source: &Node) -> Result<(String, String), Problem> {
    let text = source.text().unwrap_or_default();
    let parts: Vec<&str> = text.split('=').collect();
    match parts.as_slice() {
        [path] => Ok((base_name(path).to_owned(), (*path).to_owned())),
        ["", _] => Err(failed("missing key name for a file path".to_owned(), source.place())
            .help("put the key before the `=`, or leave out the `=`")),
        [_, ""] => Err(failed("missing file path for a key name".to_owned(), source.place())
            .help("put the path of a file after the `=`")),
        [key, _] if key.contains("://") => {
            let message = "this is a URL with `=`: everything before it is taken as a key";
            Err(failed(message.to_owned(), source.place()).help("use a file in the repository"))
        }
        [key, path] => Ok(((*key).to_owned(), (*path).to_owned())),
        _ => Err(failed("key name or file path contains `=`".to_owned(), source.place())
            .help("rename the file, because kustomize cannot read a path with `=`, or write a value below `literals`")),
    }
}

fn base_name(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    trimmed.rsplit('/').next().unwrap_or(trimmed)
}

fn of_lines(file: &Arc<File>, path: &Node) -> Result<Vec<Pair>, Problem> {
    let mut pairs = Vec::new();
    let mut start = 0;
    for (number, line) in file.bytes.split_inclusive(|&byte| byte == b'\n').enumerate() {
        if line.len() > MAX_LINE {
            break;
        }
        let content = line.strip_suffix(b"\n").unwrap_or(line);
        let content = content.strip_suffix(b"\r").unwrap_or(content);
        let span = span(file, start, content.len());
        start += line.len();
        let Ok(text) = std::str::from_utf8(content) else {
            let message = format!("line {} has invalid utf8 bytes", number + 1);
            let problem = failed(message, Some(span)).related(path.place(), "read because of this entry");
            return Err(problem.help("save the file as UTF-8, or name it below `files`"));
        };
        let text = if number == 0 { text.strip_prefix('\u{feff}').unwrap_or(text) } else { text };
        let text = text.trim_start();
        let (key, value) = text.split_once('=').unwrap_or((text, ""));
        if text.starts_with('#') || key.is_empty() {
            continue;
        }
        let origin = Origin::at(span).with_patch(path.origin.span);
        let value = PairValue::Text(value.into());
        pairs.push(Pair { key: key.to_owned(), value, origin, place: Some(span) });
    }
    Ok(pairs)
}

fn span(file: &File, start: usize, length: usize) -> Span {
    let offset = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    Span { file: file.id, start: offset(start), end: offset(start + length) }
}

fn failed(message: String, place: Option<Span>) -> Problem {
    Problem::new(ProblemKind::KustomizeFailed, message, place)
}

//! `spec.pathPattern`: the artifacts are templates, made once for each folder of a source that the pattern matches. Names
//! take what the pattern captures in lower case, copies take it as it is.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use super::{ArtifactGenerator, failed, invalid, undetermined};
use fleetlint_source::path::join;
use fleetlint_source::{EntryKind, Tree};
use fleetlint_yaml::problem::Problem;
use fleetlint_yaml::{Node, Value};

/// How many folders are looked at.
const VISIT_LIMIT: usize = 100_000;

/// Longer patterns are refused, in bytes.
const MAX_PATTERN: usize = 1_000;

/// Values of labels, which the captured texts become, are no longer.
const MAX_LABEL: usize = 63;

/// The texts that a folder's path gives to the names of a pattern.
type Captures = BTreeMap<String, String>;

/// `@alias/pattern` taken apart; `None` where it is none.
pub(super) fn parts(pattern: &Node) -> Option<(&str, &str)> {
    pattern.text()?.strip_prefix('@')?.split_once('/')
}

/// Whether a template of a name can become a name.
pub(super) fn can_become(template: &str, name: &str) -> bool {
    Pattern::compile(template).is_ok_and(|pattern| pattern.regex.is_match(name))
}

/// The artifact of a name, its template filled in; `None` where no folder makes it.
///
/// # Errors
/// A pattern or template that source-watcher refuses, and folders whose names it cannot use: it makes no artifact at all then.
pub(super) fn artifact(
    generator: ArtifactGenerator<'_>,
    written: &Node,
    tree: &Tree,
    name: &str,
) -> Result<Option<Node>, Problem> {
    let (_, pattern) = parts(written).ok_or_else(|| malformed(written))?;
    let pattern = Pattern::compile(pattern).map_err(|why| {
        failed(format!("`pathPattern` is invalid: {why}"), written).help("write `@alias/folder/{name}`")
    })?;
    let (mut made, mut found) = (BTreeSet::new(), None);
    for folder in folders(tree, pattern.depth, written)? {
        let Some(raw) = pattern.captures(&folder) else { continue };
        let lower: Captures = raw.iter().map(|(key, value)| (key.clone(), value.to_lowercase())).collect();
        if let Some((_, value)) = lower.iter().find(|(_, value)| !is_label(value)) {
            let message =
                format!("`{value}` in `{folder}` is not a valid label value: the ArtifactGenerator creates nothing");
            return Err(failed(message, written).help("rename the folder, or make the pattern match fewer folders"));
        }
        for template in generator.items("/spec/artifacts") {
            let rendered = render(template, &lower, &raw)?;
            let rendered_name = rendered.get("name").and_then(Node::text).unwrap_or_default().to_owned();
            if !made.insert(rendered_name.clone()) {
                let message = format!("two folders produce artifact `{rendered_name}`, one of them `{folder}`");
                return Err(failed(message, written).help("include what distinguishes them in the artifact's `name`"));
            }
            if rendered_name == name {
                found = Some(rendered);
            }
        }
    }
    Ok(found)
}

pub(super) fn malformed(written: &Node) -> Problem {
    let text = written.text().unwrap_or_default();
    invalid(format!("`{text}` does not name a source"), written).help("write `@alias/folder/{name}`")
}

/// A pattern of folders.
struct Pattern {
    regex: Regex,
    names: Vec<String>,
    /// How many segments a path has that it matches.
    depth: usize,
}

impl Pattern {
    fn compile(text: &str) -> Result<Self, String> {
        if text.len() > MAX_PATTERN {
            return Err(format!("it is longer than {MAX_PATTERN} bytes"));
        }
        let (mut regex, mut names) = ("^".to_owned(), Vec::new());
        for piece in pieces(text)? {
            match piece {
                Piece::Text(text) => regex.push_str(&regex::escape(text)),
                Piece::Name(name) if names.iter().any(|known| known == name) => {
                    return Err(format!("`{name}` appears twice"));
                }
                Piece::Name(name) => {
                    regex.push_str("([^/]+)");
                    names.push(name.to_owned());
                }
            }
        }
        let regex = Regex::new(&(regex + "$")).map_err(|_| "it is too large".to_owned())?;
        Ok(Self { regex, names, depth: text.split('/').count() })
    }

    fn captures(&self, path: &str) -> Option<Captures> {
        let found = self.regex.captures(path)?;
        let texts = found.iter().skip(1).map(|text| text.map_or("", |text| text.as_str()).to_owned());
        Some(self.names.iter().cloned().zip(texts).collect())
    }
}

enum Piece<'a> {
    Text(&'a str),
    Name(&'a str),
}

/// A text with `{name}` in it.
fn pieces(text: &str) -> Result<Vec<Piece<'_>>, String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, behind) = rest.split_at(at);
        let Some(inside) = behind.strip_prefix('{') else { return Err("a `}` has no `{`".to_owned()) };
        let (name, after) = inside.split_once('}').ok_or("a `{` has no `}`")?;
        if !is_name(name) {
            return Err(format!("`{{{name}}}` is not a valid name"));
        }
        pieces.extend([Piece::Text(before), Piece::Name(name)]);
        rest = after;
    }
    pieces.push(Piece::Text(rest));
    Ok(pieces)
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn is_label(value: &str) -> bool {
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    value.len() <= MAX_LABEL
        && ends(value.chars().next())
        && ends(value.chars().next_back())
        && value.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

/// The folders of a tree that are so deep, in byte order.
fn folders(tree: &Tree, depth: usize, written: &Node) -> Result<Vec<String>, Problem> {
    let mut found = vec![String::new()];
    for _ in 0..depth {
        let below = found.iter().flat_map(|folder| {
            let inside = tree.folder(folder).into_iter().filter(|(_, kind)| *kind == EntryKind::Folder);
            inside.map(|(name, _)| join(folder, &name)).collect::<Vec<_>>()
        });
        found = below.take(VISIT_LIMIT + 1).collect();
        if found.len() > VISIT_LIMIT {
            return Err(undetermined("`pathPattern` covers more folders than fleetlint reads".to_owned(), written));
        }
    }
    Ok(found)
}

/// The template of an artifact with the captured texts in it.
fn render(template: &Node, lower: &Captures, raw: &Captures) -> Result<Node, Problem> {
    let mut artifact = template.clone();
    if let Some(name) = artifact.get_mut("name") {
        fill(name, lower)?;
    }
    let copies = artifact.get_mut("copy").and_then(Node::as_sequence_mut);
    for field in copies.into_iter().flatten() {
        for key in ["from", "to"] {
            if let Some(value) = field.get_mut(key) {
                fill(value, raw)?;
            }
        }
    }
    Ok(artifact)
}

fn fill(node: &mut Node, captures: &Captures) -> Result<(), Problem> {
    let text = node.text().unwrap_or_default().to_owned();
    let refused = |why: String, node: &Node| {
        failed(format!("`{text}` is not a valid template: {why}"), node)
            .help("use the names that `pathPattern` defines, as `{name}`")
    };
    let mut filled = String::new();
    for piece in pieces(&text).map_err(|why| refused(why, node))? {
        match piece {
            Piece::Text(text) => filled.push_str(text),
            Piece::Name(name) => {
                let value = captures.get(name);
                filled.push_str(value.ok_or_else(|| refused(format!("`pathPattern` has no `{name}`"), node))?);
            }
        }
    }
    if let Value::Scalar(scalar) = &mut node.value {
        scalar.text = filled.into();
    }
    Ok(())
}

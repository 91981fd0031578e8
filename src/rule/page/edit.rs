//! Edits of a file of the base: what to do, where, and with what; one per line.
//!
//! ```text
//! set Kustomization/apps spec.path: ./apps # <- here
//! set metadata.labels["toolkit.fluxcd.io/tenant"]: apps
//! append spec.dependsOn:
//!   - name: infra
//! append:
//!   kind: Namespace
//! remove spec.patches[0].target
//! keep spec.sync.ref: # <- here
//! ```
//!
//! The object is named where the file has several. What follows a `:` is YAML and goes into the file as it is written.

use super::mark::MARK;
use super::{PageError, error};

/// One edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub verb: Verb,
    /// Kind and name of the object.
    pub object: Option<(String, String)>,
    /// Empty for the object itself.
    pub path: Vec<Step>,
    /// The value that comes after the `:`, without its mark.
    pub inline: String,
    /// The lines of a value that is below, as indented as there; their marks are those of the file.
    pub block: Vec<String>,
    /// The mark of the line, from `#` on.
    pub mark: Option<String>,
    /// The line of the page, from 1.
    pub line: usize,
}

/// What an edit does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Gives a field a value, whether it is there or not.
    Set,
    /// Takes a field, an item or a whole object away. A mark means the key above it.
    Remove,
    /// Adds items to the end of a list, which need not be there; without a path, an object to the end of the file.
    Append,
    /// Changes nothing: there to be marked.
    Keep,
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Key(String),
    Index(usize),
}

/// Reads the text of a block that opens in the given line of the page.
pub(super) fn parse(text: &str, fence: usize) -> Result<Vec<Edit>, PageError> {
    let mut edits: Vec<Edit> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let number = fence + 1 + index;
        match edits.last_mut() {
            _ if line.starts_with('#') => {}
            None if line.is_empty() => {}
            Some(edit) if line.is_empty() || line.starts_with(' ') => edit.block.push(line.to_owned()),
            _ => edits.push(Edit::parse(line, number).map_err(|message| error(number, message))?),
        }
    }
    for edit in &mut edits {
        while edit.block.last().is_some_and(|line| line.trim().is_empty()) {
            edit.block.pop();
        }
        edit.check().map_err(|message| error(edit.line, message))?;
    }
    match edits.is_empty() {
        true => Err(error(fence, "this block edits nothing")),
        false => Ok(edits),
    }
}

impl Edit {
    fn parse(line: &str, number: usize) -> Result<Self, String> {
        let (rest, mark) = match line.find(MARK) {
            Some(start) => (&line[..start], Some(line[start..].trim_end().to_owned())),
            None => (line, None),
        };
        let rest = rest.trim_end();
        let (verb, rest) = rest.split_once(' ').unwrap_or((rest.strip_suffix(':').unwrap_or(rest), ""));
        let verb = match verb {
            "set" => Verb::Set,
            "remove" => Verb::Remove,
            "append" => Verb::Append,
            "keep" => Verb::Keep,
            other => return Err(format!("an edit is `set`, `remove`, `append` or `keep`, not `{other}`")),
        };
        let (object, rest) = object(rest.trim_start());
        let (path, inline) = path(rest)?;
        Ok(Self { verb, object, path, inline: inline.to_owned(), block: Vec::new(), mark, line: number })
    }

    /// Whether the lines below are a text, as after `|`.
    fn is_block_scalar(&self) -> bool {
        self.verb == Verb::Set && self.inline.starts_with(['|', '>'])
    }

    /// What no edit of its kind may lack or have.
    fn check(&self) -> Result<(), String> {
        let has_value = !self.inline.is_empty() || !self.block.is_empty();
        let is_object = match self.verb {
            Verb::Remove => self.object.is_some(),
            Verb::Append => self.object.is_none() && !self.block.is_empty(),
            Verb::Set | Verb::Keep => false,
        };
        match self.verb {
            _ if self.path.is_empty() && is_object => Ok(()),
            _ if self.path.is_empty() => Err("this edit needs a path, as in `set spec.path: ./apps`".into()),
            Verb::Remove | Verb::Keep if has_value => Err("only `set` and `append` take a value".into()),
            Verb::Set | Verb::Append if !has_value => {
                Err("this edit needs a value after `:` or in the lines below".into())
            }
            Verb::Set | Verb::Append
                if !self.inline.is_empty() && !self.block.is_empty() && !self.is_block_scalar() =>
            {
                Err("this edit has two values: one after `:` and one below".into())
            }
            Verb::Append if self.block.first().is_some_and(|line| !line.trim_start().starts_with("- ")) => {
                Err("what is appended comes after `:`, or is a list with `- `".into())
            }
            Verb::Keep if self.mark.is_none() => Err("`keep` is there for a mark, and has none".into()),
            _ => Ok(()),
        }
    }
}

/// The object at the beginning: `Kind/name`.
fn object(text: &str) -> (Option<(String, String)>, &str) {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    match word.split_once('/') {
        Some((kind, name)) if kind.starts_with(|c: char| c.is_ascii_uppercase()) && !kind.contains(['.', '[']) => {
            (Some((kind.to_owned(), name.to_owned())), rest.trim_start())
        }
        _ => (None, text),
    }
}

/// A path at the beginning, and what follows its `:`.
fn path(text: &str) -> Result<(Vec<Step>, &str), String> {
    let (mut steps, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix("[\"") {
            let (key, behind) = quoted.split_once("\"]").ok_or("a `[\"` in the path is never closed")?;
            steps.push(Step::Key(key.to_owned()));
            rest = behind;
        } else if let Some(index) = rest.strip_prefix('[') {
            let (index, behind) = index.split_once(']').ok_or("a `[` in the path is never closed")?;
            let index =
                index.parse().map_err(|_| format!("`[{index}]` is not an index; a key is written `[\"…\"]`"))?;
            steps.push(Step::Index(index));
            rest = behind;
        } else if let Some(value) = rest.strip_prefix(':') {
            return Ok((steps, value.trim()));
        } else {
            rest = rest.strip_prefix('.').unwrap_or(rest);
            let end = rest.find(['.', '[', ':', ' ']).unwrap_or(rest.len());
            if end == 0 || rest[end..].starts_with(' ') {
                return Err(format!("`{text}` is not a path and value: `spec.path: ./apps`"));
            }
            steps.push(Step::Key(rest[..end].to_owned()));
            rest = &rest[end..];
        }
    }
    Ok((steps, ""))
}

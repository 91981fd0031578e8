//! Texts.

use super::print::quoted;
use super::{Function, Parameter, any_of, int_of, text_of};
use crate::template::{TemplateError, Value};

const ANY: Parameter = Parameter::Any;
const TEXT: Parameter = Parameter::Text;
const INT: Parameter = Parameter::Int;

/// Texts longer than this are refused, in bytes.
const MAX_TEXT: usize = 1024 * 1024;

pub(super) fn find(name: &str) -> Option<Function> {
    match name {
        "hello" => Function::of(&[], |_| Ok(Value::text("Hello!"))),
        "upper" => Function::of(&[TEXT], |v| Ok(Value::text(text_of(v, 0).chars().map(upper).collect::<String>()))),
        "lower" => Function::of(&[TEXT], |v| Ok(Value::text(text_of(v, 0).chars().map(lower).collect::<String>()))),
        "title" => Function::of(&[TEXT], |v| Ok(Value::text(title(text_of(v, 0))))),
        "trim" => Function::of(&[TEXT], |v| Ok(Value::text(text_of(v, 0).trim()))),
        "trimAll" | "trimall" => {
            Function::of(&[TEXT, TEXT], |v| Ok(Value::text(text_of(v, 1).trim_matches(|c| text_of(v, 0).contains(c)))))
        }
        "trimPrefix" => Function::of(&[TEXT, TEXT], |v| {
            Ok(Value::text(text_of(v, 1).strip_prefix(text_of(v, 0)).unwrap_or(text_of(v, 1))))
        }),
        "trimSuffix" => Function::of(&[TEXT, TEXT], |v| {
            Ok(Value::text(text_of(v, 1).strip_suffix(text_of(v, 0)).unwrap_or(text_of(v, 1))))
        }),
        "contains" => Function::of(&[TEXT, TEXT], |v| Ok(Value::Bool(text_of(v, 1).contains(text_of(v, 0))))),
        "hasPrefix" => Function::of(&[TEXT, TEXT], |v| Ok(Value::Bool(text_of(v, 1).starts_with(text_of(v, 0))))),
        "hasSuffix" => Function::of(&[TEXT, TEXT], |v| Ok(Value::Bool(text_of(v, 1).ends_with(text_of(v, 0))))),
        "replace" => Function::of(&[TEXT, TEXT, TEXT], |v| replace(text_of(v, 0), text_of(v, 1), text_of(v, 2))),
        "repeat" => Function::of(&[INT, TEXT], |v| repeat(int_of(v, 0), text_of(v, 1))),
        "trunc" => Function::of(&[INT, TEXT], |v| truncated(int_of(v, 0), text_of(v, 1))),
        "substr" => Function::of(&[INT, INT, TEXT], |v| substring(int_of(v, 0), int_of(v, 1), text_of(v, 2))),
        "indent" => Function::of(&[INT, TEXT], |v| indented("", int_of(v, 0), text_of(v, 1))),
        "nindent" => Function::of(&[INT, TEXT], |v| indented("\n", int_of(v, 0), text_of(v, 1))),
        "quote" => Function::with_rest(&[], ANY, |v| joined(v, |text| quoted(&text))),
        "squote" => Function::with_rest(&[], ANY, |v| joined(v, |text| format!("'{text}'"))),
        "cat" => Function::with_rest(&[], ANY, |v| joined(v, |text| text)),
        "toString" => Function::of(&[ANY], |v| any_of(v, 0).shown().map(Value::text)),
        "toStrings" => {
            Function::of(&[ANY], |v| Ok(Value::list(texts(any_of(v, 0))?.into_iter().map(Value::text).collect())))
        }
        "plural" => Function::of(&[TEXT, TEXT, INT], |v| Ok(any_of(v, usize::from(int_of(v, 2) != 1)).clone())),
        "join" => Function::of(&[TEXT, ANY], |v| Ok(Value::text(texts(any_of(v, 1))?.join(text_of(v, 0))))),
        "splitList" => Function::of(&[TEXT, TEXT], |v| {
            Ok(Value::list(split(text_of(v, 1), text_of(v, 0), -1).into_iter().map(Value::text).collect()))
        }),
        "split" => Function::of(&[TEXT, TEXT], |v| Ok(numbered(split(text_of(v, 1), text_of(v, 0), -1)))),
        "splitn" => {
            Function::of(&[TEXT, INT, TEXT], |v| Ok(numbered(split(text_of(v, 2), text_of(v, 0), int_of(v, 1)))))
        }
        "base" | "dir" | "clean" | "ext" | "isAbs" => path(name),
        // The operator runs on Linux.
        "osBase" => path("base"),
        "osDir" => path("dir"),
        "osClean" => path("clean"),
        "osExt" => path("ext"),
        "osIsAbs" => path("isAbs"),
        _ => None,
    }
}

fn upper(c: char) -> char {
    let mut upper = c.to_uppercase();
    if upper.len() == 1 { upper.next().unwrap_or(c) } else { c }
}

fn lower(c: char) -> char {
    let mut lower = c.to_lowercase();
    if lower.len() == 1 { lower.next().unwrap_or(c) } else { c }
}

/// Go's deprecated `strings.Title`.
fn title(text: &str) -> String {
    let is_separator = |c: char| match c.is_ascii() {
        true => !(c.is_ascii_alphanumeric() || c == '_'),
        false => !c.is_alphanumeric() && c.is_whitespace(),
    };
    let mut previous = ' ';
    let mut change = |c| {
        let changed = if is_separator(previous) { upper(c) } else { c };
        previous = c;
        changed
    };
    text.chars().map(&mut change).collect()
}

fn too_large() -> TemplateError {
    TemplateError::wrong(format!("it produces more than {MAX_TEXT} bytes"))
}

fn replace(old: &str, new: &str, text: &str) -> Result<Value, TemplateError> {
    let count = text.matches(old).count();
    if count.saturating_mul(new.len()).saturating_add(text.len()) > MAX_TEXT {
        return Err(too_large());
    }
    Ok(Value::text(text.replace(old, new)))
}

fn repeat(count: i64, text: &str) -> Result<Value, TemplateError> {
    let count =
        usize::try_from(count).map_err(|_| TemplateError::wrong("a string cannot be repeated fewer than 0 times"))?;
    if count.saturating_mul(text.len()) > MAX_TEXT {
        return Err(too_large());
    }
    Ok(Value::text(text.repeat(count)))
}

/// A range of bytes; Go may cut a character in two, which no text here can hold.
fn slice(text: &str, start: i64, end: i64) -> Result<Value, TemplateError> {
    let wrong =
        || TemplateError::wrong(format!("{start} to {end} are not valid bounds for a string of {} bytes", text.len()));
    let (from, to) = (usize::try_from(start).map_err(|_| wrong())?, usize::try_from(end).map_err(|_| wrong())?);
    if from > to || to > text.len() {
        return Err(wrong());
    }
    let cut = text.get(from..to);
    cut.map(Value::text).ok_or_else(|| TemplateError::undetermined("it cuts a character in two"))
}

fn length(text: &str) -> i64 {
    i64::try_from(text.len()).unwrap_or(i64::MAX)
}

fn truncated(count: i64, text: &str) -> Result<Value, TemplateError> {
    let length = length(text);
    match count {
        _ if count < 0 && length + count > 0 => slice(text, length + count, length),
        _ if count >= 0 && length > count => slice(text, 0, count),
        _ => Ok(Value::text(text)),
    }
}

fn substring(start: i64, end: i64, text: &str) -> Result<Value, TemplateError> {
    let length = length(text);
    match (start, end) {
        _ if start < 0 => slice(text, 0, end),
        _ if end < 0 || end > length => slice(text, start, length),
        _ => slice(text, start, end),
    }
}

fn indented(before: &str, spaces: i64, text: &str) -> Result<Value, TemplateError> {
    let spaces = usize::try_from(spaces).map_err(|_| TemplateError::wrong("an indentation cannot be less than 0"))?;
    let lines = text.matches('\n').count() + 1;
    if lines.saturating_mul(spaces).saturating_add(text.len()) > MAX_TEXT {
        return Err(too_large());
    }
    let pad = " ".repeat(spaces);
    let text = text.replace('\n', &format!("\n{pad}"));
    Ok(Value::text(format!("{before}{pad}{text}")))
}

/// The arguments that are not null, with a space between them.
fn joined(values: &[Value], shape: fn(String) -> String) -> Result<Value, TemplateError> {
    let there = values.iter().filter(|value| !matches!(value, Value::Nil));
    let shown = there.map(|value| value.shown().map(shape)).collect::<Result<Vec<_>, _>>()?;
    Ok(Value::text(shown.join(" ")))
}

/// A value as a list of strings.
pub(super) fn texts(value: &Value) -> Result<Vec<String>, TemplateError> {
    match value {
        Value::Nil => Ok(Vec::new()),
        Value::List(items) => items.iter().filter(|item| !matches!(item, Value::Nil)).map(Value::shown).collect(),
        other => Ok(vec![other.shown()?]),
    }
}

fn split<'a>(text: &'a str, separator: &str, most: i64) -> Vec<&'a str> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    if most == 0 {
        return Vec::new();
    }
    if !separator.is_empty() {
        return text.splitn(most, separator).collect();
    }
    let mut parts: Vec<&str> = Vec::new();
    for (index, c) in text.char_indices() {
        let is_last = parts.len() + 1 == most;
        let end = if is_last { text.len() } else { index + c.len_utf8() };
        parts.push(text.get(index..end).unwrap_or_default());
        if is_last {
            break;
        }
    }
    parts
}

/// `{_0: …, _1: …}`
fn numbered(parts: Vec<&str>) -> Value {
    Value::map(parts.into_iter().enumerate().map(|(index, part)| (format!("_{index}").into(), Value::text(part))))
}

/// Go's package `path`.
fn path(name: &str) -> Option<Function> {
    match name {
        "isAbs" => Function::of(&[TEXT], |v| Ok(Value::Bool(text_of(v, 0).starts_with('/')))),
        "clean" => Function::of(&[TEXT], |v| Ok(Value::text(cleaned(text_of(v, 0))))),
        "ext" => Function::of(&[TEXT], |v| {
            let last = text_of(v, 0).rsplit('/').next().unwrap_or_default();
            Ok(Value::text(last.rfind('.').and_then(|dot| last.get(dot..)).unwrap_or_default()))
        }),
        "dir" => Function::of(&[TEXT], |v| {
            let text = text_of(v, 0);
            let folder = text.rfind('/').and_then(|index| text.get(..=index)).unwrap_or_default();
            Ok(Value::text(cleaned(folder)))
        }),
        _ => Function::of(&[TEXT], |v| {
            let text = text_of(v, 0);
            Ok(Value::text(match text.trim_end_matches('/') {
                "" if text.is_empty() => ".",
                "" => "/",
                trimmed => trimmed.rsplit('/').next().unwrap_or_default(),
            }))
        }),
    }
}

fn cleaned(path: &str) -> String {
    let is_rooted = path.starts_with('/');
    let mut steps: Vec<&str> = Vec::new();
    for step in path.split('/').filter(|step| !step.is_empty() && *step != ".") {
        match step {
            ".." if steps.last().is_some_and(|last| *last != "..") => _ = steps.pop(),
            ".." if is_rooted => {}
            _ => steps.push(step),
        }
    }
    let joined = steps.join("/");
    match (is_rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

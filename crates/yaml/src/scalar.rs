//! What a scalar means: the types that plain text resolves to, as the go-yaml version that reads it decides.

use smol_str::SmolStr;

use super::{Node, Scalar, Style, Tag};

pub use super::tag::UNTYPED;

/// A scalar with its type.
#[derive(Clone, Debug, PartialEq)]
pub enum Typed {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
    /// RFC 3339 with nanoseconds as far as needed: what kustomize makes of a plain date.
    Timestamp(String),
    String,
}

/// What the tag of a scalar starts with which kustomize gave a type, but that is in the quotes of another one.
const KEPT: &str = "?";
const CORE: &str = "tag:yaml.org,2002:";

/// The tag of a type that a scalar keeps whatever quotes it is in.
pub fn kept_tag(typed: &Typed) -> Tag {
    SmolStr::from_iter([KEPT, name_of(typed)]).into()
}

/// Whether a tag is one of those.
pub fn is_kept_tag(tag: &str) -> bool {
    tag.starts_with(KEPT)
}

/// The short name of a type's tag: `int` of `!!int`.
pub(super) fn name_of(typed: &Typed) -> &'static str {
    match typed {
        Typed::Null => "null",
        Typed::Bool(_) => "bool",
        Typed::Int(_) => "int",
        Typed::Float(_) => "float",
        Typed::Timestamp(_) => "timestamp",
        Typed::String => "str",
    }
}

/// The type of a node's scalar as kustomize reads it (yaml-output-semantics section 2); collections are not scalars.
///
/// # Errors
/// An explicit tag that the text does not fit.
pub fn resolve(node: &Node) -> Result<Typed, String> {
    let Some(scalar) = node.as_scalar() else { return Ok(Typed::String) };
    // The non-specific tag `!` says nothing to go-yaml.
    match node.tag.as_deref().filter(|tag| !matches!(*tag, "!" | UNTYPED)) {
        None if scalar.style == Style::Plain => Ok(plain(&scalar.text)),
        None => Ok(Typed::String),
        Some(tag) => match tag.strip_prefix(KEPT) {
            // Where it fits it is not printed, so that the quotes decide; else it is.
            Some(name) if name == name_of(&plain(&scalar.text)) => match scalar.style {
                Style::Plain => Ok(plain(&scalar.text)),
                _ => Ok(Typed::String),
            },
            Some(name) => tagged(&format!("{CORE}{name}"), scalar),
            None => tagged(tag, scalar),
        },
    }
}

fn tagged(tag: &str, scalar: &Scalar) -> Result<Typed, String> {
    let typed = plain(&scalar.text);
    // The text may be a Secret's.
    let misfit = || Err(format!("its text cannot be read as `{}`", short(tag)));
    match tag.strip_prefix(CORE).unwrap_or_default() {
        "null" if matches!(typed, Typed::Null) => Ok(Typed::Null),
        "bool" if matches!(typed, Typed::Bool(_)) => Ok(typed),
        "int" if matches!(typed, Typed::Int(_)) => Ok(typed),
        "float" => match typed {
            // go-yaml does not make a float of what only an unsigned integer holds.
            Typed::Int(int) if i64::try_from(int).is_ok() => Ok(Typed::Float(int as f64)),
            Typed::Float(_) => Ok(typed),
            _ => misfit(),
        },
        "timestamp" if matches!(typed, Typed::Timestamp(_)) => Ok(typed),
        "null" | "bool" | "int" | "timestamp" => misfit(),
        _ => Ok(Typed::String),
    }
}

/// A tag as it is written.
fn short(tag: &str) -> String {
    tag.strip_prefix(CORE).map_or_else(|| tag.to_owned(), |name| format!("!!{name}"))
}

/// The type of plain text under YAML 1.2 core with go-yaml v3's leftovers.
pub fn plain(text: &str) -> Typed {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Typed::Null,
        "true" | "True" | "TRUE" => return Typed::Bool(true),
        "false" | "False" | "FALSE" => return Typed::Bool(false),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Typed::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Typed::Float(f64::NEG_INFINITY),
        ".nan" | ".NaN" | ".NAN" => return Typed::Float(f64::NAN),
        _ => {}
    }
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
        return Typed::String;
    }
    number(text).or_else(|| super::timestamp::parse(text).map(Typed::Timestamp)).unwrap_or(Typed::String)
}

/// An integer or a float; `_` may be anywhere in it, but after a dot at the start only between digits.
pub(super) fn number(text: &str) -> Option<Typed> {
    if text.starts_with('.') && !separates_digits(text) {
        return None;
    }
    let digits: String = text.chars().filter(|&c| c != '_').collect();
    if let Some(int) = integer(&digits).filter(|_| !text.starts_with('.')) {
        return Some(Typed::Int(int));
    }
    is_float(&digits).then(|| digits.parse().ok()).flatten().filter(|float: &f64| float.is_finite()).map(Typed::Float)
}

/// Whether each `_` has a digit before and after it.
pub fn separates_digits(text: &str) -> bool {
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let bytes = text.as_bytes();
    let mut places = bytes.iter().enumerate().filter(|&(_, &byte)| byte == b'_').map(|(index, _)| index);
    places.all(|at| is_digit(at.checked_sub(1).and_then(|before| bytes.get(before))) && is_digit(bytes.get(at + 1)))
}

/// Go's base-0 integers that fit int64 or uint64.
fn integer(digits: &str) -> Option<i128> {
    let (negative, unsigned) = match digits.as_bytes().first()? {
        b'-' => (true, &digits[1..]),
        b'+' => (false, &digits[1..]),
        _ => (false, digits),
    };
    let lower = unsigned.get(..2).unwrap_or_default().to_ascii_lowercase();
    let (radix, body) = match lower.as_str() {
        "0x" => (16, &unsigned[2..]),
        "0o" => (8, &unsigned[2..]),
        "0b" => (2, &unsigned[2..]),
        _ if unsigned.len() > 1 && unsigned.starts_with('0') => (8, &unsigned[1..]),
        _ => (10, unsigned),
    };
    if body.is_empty() || body.len() > 64 || !body.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    let value = i128::from_str_radix(body, radix).ok()?;
    let value = if negative { -value } else { value };
    (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(&value).then_some(value)
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let all_digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let has_digits = !whole.is_empty() || !fraction.is_empty();
    has_digits
        && all_digits(whole)
        && all_digits(fraction)
        && exponent.is_none_or(|exponent| !exponent.is_empty() && all_digits(exponent))
}

impl Node {
    /// The text of a scalar; `None` for `null`, which Kubernetes reads as a field that is not set.
    pub fn text_if_set(&self) -> Option<&str> {
        self.text().filter(|_| !self.is_null())
    }

    /// Whether kustomize takes the node for null: what its tag says, whatever it is before, else what its text looks like.
    pub fn is_null(&self) -> bool {
        match self.tag.as_deref() {
            None | Some("!") => {
                self.as_scalar().is_some_and(|it| it.style == Style::Plain && plain(&it.text) == Typed::Null)
            }
            Some(tag) => tag == "tag:yaml.org,2002:null",
        }
    }
}

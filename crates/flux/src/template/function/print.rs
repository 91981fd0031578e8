//! `print`, `println` and `printf`, by the rules of Go's package `fmt`.

use super::{Function, Parameter, text_of};
use crate::template::value::float;
use crate::template::{TemplateError, Value};

/// The widest field that a format may ask for.
const MAX_WIDTH: usize = 10_000;

pub(super) fn find(name: &str) -> Option<Function> {
    match name {
        "print" => Function::with_rest(&[], Parameter::Any, |v| sprint(v).map(Value::text)),
        "println" => Function::with_rest(&[], Parameter::Any, |v| {
            let shown = v.iter().map(Value::shown).collect::<Result<Vec<_>, _>>()?;
            Ok(Value::text(shown.join(" ") + "\n"))
        }),
        "printf" => Function::with_rest(&[Parameter::Text], Parameter::Any, |v| {
            sprintf(text_of(v, 0), v.get(1..).unwrap_or_default()).map(Value::text)
        }),
        _ => None,
    }
}

/// Spaces are between operands of which none is a text.
pub(super) fn sprint(values: &[Value]) -> Result<String, TemplateError> {
    let is_text = |value: &Value| matches!(value, Value::Text(_));
    let mut out = String::new();
    let mut previous: Option<&Value> = None;
    for value in values {
        if previous.is_some_and(|previous| !is_text(previous) && !is_text(value)) {
            out.push(' ');
        }
        out.push_str(&value.shown()?);
        previous = Some(value);
    }
    Ok(out)
}

#[derive(Default)]
struct Flags {
    minus: bool,
    plus: bool,
    zero: bool,
    space: bool,
    width: usize,
    precision: Option<usize>,
}

fn sprintf(format: &str, values: &[Value]) -> Result<String, TemplateError> {
    let mut out = String::new();
    let mut arguments = values.iter();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut flags = Flags::default();
        while let Some(flag) = chars.next_if(|c| matches!(c, '-' | '+' | '0' | ' ' | '#')) {
            match flag {
                '-' => (flags.minus, flags.zero) = (true, false),
                '+' => flags.plus = true,
                '0' => flags.zero = !flags.minus,
                ' ' => flags.space = true,
                _ => return Err(TemplateError::undetermined("fleetlint does not know the flag `#` of `printf`")),
            }
        }
        let mut number = || {
            let mut digits = String::new();
            while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
            digits.parse::<usize>().ok()
        };
        flags.width = number().unwrap_or(0).min(MAX_WIDTH);
        if chars.next_if_eq(&'.').is_some() {
            let mut digits = String::new();
            while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
            flags.precision = Some(digits.parse::<usize>().unwrap_or(0).min(MAX_WIDTH));
        }
        let verb = chars.next();
        if verb == Some('v') {
            // Of `%v` the plus asks for names of fields, which no value here has.
            flags.plus = false;
        }
        match verb {
            None => out.push_str("%!(NOVERB)"),
            Some('%') => out.push('%'),
            Some('*' | '[') => {
                return Err(TemplateError::undetermined("fleetlint does not know `*` and `[` in `printf`"));
            }
            Some(verb) => match arguments.next() {
                None => out.push_str(&format!("%!{verb}(MISSING)")),
                Some(value) => out.push_str(&verb_of(verb, value, &flags)?),
            },
        }
    }
    let extra = arguments.map(typed).collect::<Result<Vec<_>, TemplateError>>()?;
    if !extra.is_empty() {
        out.push_str(&format!("%!(EXTRA {})", extra.join(", ")));
    }
    Ok(out)
}

fn typed(value: &Value) -> Result<String, TemplateError> {
    Ok(match value {
        Value::Nil => "<nil>".to_owned(),
        value => format!("{}={}", value.type_name(), value.shown()?),
    })
}

fn verb_of(verb: char, value: &Value, flags: &Flags) -> Result<String, TemplateError> {
    let unknown =
        || TemplateError::undetermined(format!("fleetlint does not know `%{verb}` of a {}", value.type_name()));
    Ok(match (verb, value) {
        ('T', _) => pad(value.type_name().to_owned(), flags),
        ('v' | 'd', Value::Int(int) | Value::Int64(int)) => integer(*int, flags),
        ('x', Value::Int(int) | Value::Int64(int)) => signed(*int < 0, format!("{:x}", int.unsigned_abs()), flags),
        ('X', Value::Int(int) | Value::Int64(int)) => signed(*int < 0, format!("{:X}", int.unsigned_abs()), flags),
        ('o', Value::Int(int) | Value::Int64(int)) => signed(*int < 0, format!("{:o}", int.unsigned_abs()), flags),
        ('b', Value::Int(int) | Value::Int64(int)) => signed(*int < 0, format!("{:b}", int.unsigned_abs()), flags),
        ('c', Value::Int(int) | Value::Int64(int)) => {
            let c = u32::try_from(*int).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
            pad(c.to_string(), flags)
        }
        ('v' | 'g', Value::Float(it)) if flags.precision.is_none() => {
            signed(it.is_sign_negative(), float(it.abs()), flags)
        }
        ('f' | 'F', Value::Float(it)) if it.is_finite() => {
            let text = format!("{:.*}", flags.precision.unwrap_or(6), it.abs());
            signed(it.is_sign_negative(), text, flags)
        }
        ('v' | 't', Value::Bool(_)) => pad(value.shown()?, flags),
        ('v' | 's', Value::Text(text)) => pad(cut(text, flags), flags),
        ('q', Value::Text(text)) => pad(quoted(&cut(text, flags)), flags),
        ('x', Value::Text(text)) if flags.precision.is_none() => {
            pad(text.bytes().map(|byte| format!("{byte:02x}")).collect(), flags)
        }
        ('v', Value::Nil) => pad("<nil>".to_owned(), flags),
        ('v', Value::List(_) | Value::Map(_)) if flags.width == 0 && !flags.plus && flags.precision.is_none() => {
            value.shown()?
        }
        ('s', Value::List(items)) if items.iter().all(|item| matches!(item, Value::Text(_))) && flags.width == 0 => {
            value.shown()?
        }
        (_, Value::List(_) | Value::Map(_) | Value::Unknown(_)) | ('e' | 'E' | 'G' | 'g', Value::Float(_)) => {
            return Err(unknown());
        }
        ('U' | 'q' | 'O', Value::Int(_) | Value::Int64(_)) | ('x' | 'X' | 'b' | 'v', Value::Float(_)) => {
            return Err(unknown());
        }
        ('X' | 'x', Value::Text(_)) | ('F' | 'f', Value::Float(_)) => return Err(unknown()),
        _ if flags.width > 0 || flags.plus || flags.precision.is_some() => return Err(unknown()),
        _ => format!("%!{verb}({})", typed(value)?),
    })
}

fn integer(int: i64, flags: &Flags) -> String {
    let digits = int.unsigned_abs().to_string();
    match flags.precision {
        Some(least) => {
            let zeros = "0".repeat(least.saturating_sub(digits.len()));
            let flags = Flags { zero: false, precision: None, ..*flags };
            signed(int < 0, zeros + &digits, &flags)
        }
        None => signed(int < 0, digits, flags),
    }
}

fn signed(is_negative: bool, digits: String, flags: &Flags) -> String {
    let sign = match (is_negative, flags.plus, flags.space) {
        (true, _, _) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        _ => "",
    };
    let missing = flags.width.saturating_sub(sign.len() + digits.len());
    match flags.zero {
        true => format!("{sign}{}{digits}", "0".repeat(missing)),
        false => pad(format!("{sign}{digits}"), flags),
    }
}

fn cut(text: &str, flags: &Flags) -> String {
    match flags.precision {
        Some(most) => text.chars().take(most).collect(),
        None => text.to_owned(),
    }
}

fn pad(text: String, flags: &Flags) -> String {
    let missing = flags.width.saturating_sub(text.chars().count());
    match (flags.minus, flags.zero) {
        (true, _) => text + &" ".repeat(missing),
        (false, true) => "0".repeat(missing) + &text,
        (false, false) => " ".repeat(missing) + &text,
    }
}

/// Go's `%q` of a text.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            ' '..='~' => out.push(c),
            _ if c.is_ascii() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            _ if is_printable(c) => out.push(c),
            _ if u32::from(c) < 0x10000 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => out.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

fn is_printable(c: char) -> bool {
    // `escape_debug` also escapes combining characters, which Go prints.
    !c.is_control()
        && !c.is_whitespace()
        && !matches!(u32::from(c), 0xad | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xe000..=0xf8ff | 0xfeff | 0xfff9..=0xfffb)
}

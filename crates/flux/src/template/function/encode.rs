//! Encodings and digests.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};

use super::{Function, Parameter, any_of, text_of};
use crate::template::value::json_float;
use crate::template::{TemplateError, Value};
use fleetlint_yaml::{Entry, Node, Origin, print};

const ANY: Parameter = Parameter::Any;
const TEXT: Parameter = Parameter::Text;

/// How deep JSON may be nested.
const MAX_DEPTH: usize = 100;

pub(super) fn find(name: &str) -> Option<Function> {
    match name {
        "toYaml" | "mustToYaml" => Function::of(&[ANY], |v| yaml(any_of(v, 0)).map(Value::text)),
        "toJson" | "mustToJson" => Function::of(&[ANY], |v| json(any_of(v, 0), true, None)),
        "toRawJson" | "mustToRawJson" => Function::of(&[ANY], |v| json(any_of(v, 0), false, None)),
        "toPrettyJson" | "mustToPrettyJson" => Function::of(&[ANY], |v| json(any_of(v, 0), true, Some(0))),
        "fromJson" => Function::of(&[TEXT], |v| Ok(from_json(text_of(v, 0)).unwrap_or_default())),
        "mustFromJson" => Function::of(&[TEXT], |v| {
            from_json(text_of(v, 0)).ok_or_else(|| TemplateError::wrong("the string is not JSON"))
        }),
        "b64enc" => Function::of(&[TEXT], |v| Ok(Value::text(BASE64_STANDARD.encode(text_of(v, 0))))),
        "b64dec" => Function::of(&[TEXT], |v| decoded(text_of(v, 0))),
        "b32enc" => Function::of(&[TEXT], |v| Ok(Value::text(base32(text_of(v, 0).as_bytes())))),
        "b32dec" => Function::of(&[TEXT], |v| from_base32(text_of(v, 0))),
        "sha256sum" => Function::of(&[TEXT], |v| {
            let digest = Sha256::digest(text_of(v, 0).as_bytes());
            Ok(Value::text(digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
        }),
        "sha1sum" => Function::of(&[TEXT], |v| Ok(Value::text(sha1(text_of(v, 0).as_bytes())))),
        "adler32sum" => Function::of(&[TEXT], |v| Ok(Value::text(adler32(text_of(v, 0)).to_string()))),
        _ => None,
    }
}

/// A value as a YAML document. A text is printed as it is below a key: there its lines are indented, as Go does at the
/// root too.
fn yaml(value: &Value) -> Result<String, TemplateError> {
    let node = value.node()?;
    if !matches!(value, Value::Text(_)) {
        return print::resource(&node).map_err(TemplateError::wrong);
    }
    let key = Node::string("a", Origin::default());
    let text = print::resource(&Node::mapping(vec![Entry { key, value: node }], Origin::default()));
    text.map(|text| text.strip_prefix("a: ").unwrap_or(&text).to_owned()).map_err(TemplateError::wrong)
}

/// What is not base32 gives the text of Go's error.
fn from_base32(text: &str) -> Result<Value, TemplateError> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let text: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    let digits = text.trim_end_matches('=');
    let is_whole =
        text.len().is_multiple_of(8) && matches!(digits.len() % 8, 0 | 2 | 4 | 5 | 7) && text.len() - digits.len() < 8;
    let undetermined =
        || TemplateError::undetermined("fleetlint does not know what Go does with a string that is not base32");
    if !is_whole {
        return Err(undetermined());
    }
    let (mut bits, mut count, mut bytes) = (0_u32, 0_u32, Vec::new());
    for byte in digits.bytes() {
        let digit = ALPHABET.iter().position(|known| *known == byte).and_then(|digit| u32::try_from(digit).ok());
        bits = (bits << 5 | digit.ok_or_else(undetermined)?) & 0xFFFF;
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.extend(u8::try_from(bits >> count & 0xFF));
        }
    }
    String::from_utf8(bytes)
        .map(Value::text)
        .map_err(|_| TemplateError::undetermined("the decoded base32 is not UTF-8"))
}

/// SHA-1 in hexadecimal: of names, not of secrets.
fn sha1(message: &[u8]) -> String {
    let mut padded = message.to_vec();
    padded.push(0x80);
    padded.resize(padded.len().next_multiple_of(64), 0);
    if message.len() % 64 >= 56 {
        padded.resize(padded.len() + 64, 0);
    }
    let length = padded.len() - 8;
    padded.truncate(length);
    padded.extend((message.len() as u64 * 8).to_be_bytes());
    let mut state = [0x6745_2301_u32, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0];
    padded.chunks_exact(64).for_each(|block| sha1_block(&mut state, block));
    state.iter().map(|word| format!("{word:08x}")).collect()
}

fn sha1_block(state: &mut [u32; 5], block: &[u8]) {
    let word = |bytes: &[u8]| bytes.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte));
    let mut words: Vec<u32> = block.chunks_exact(4).map(word).collect();
    for at in 16..80 {
        let mixed = [3, 8, 14, 16].iter().fold(0, |mixed, back| mixed ^ words[at - back]);
        words.push(mixed.rotate_left(1));
    }
    let [mut a, mut b, mut c, mut d, mut e] = *state;
    for (at, word) in words.iter().enumerate() {
        let (mixed, constant) = match at / 20 {
            0 => (b & c | !b & d, 0x5A82_7999),
            1 => (b ^ c ^ d, 0x6ED9_EBA1),
            2 => (b & c | b & d | c & d, 0x8F1B_BCDC),
            _ => (b ^ c ^ d, 0xCA62_C1D6_u32),
        };
        let sum = [mixed, e, constant, *word].iter().fold(a.rotate_left(5), |sum, next| sum.wrapping_add(*next));
        (e, d, c, b, a) = (d, c, b.rotate_left(30), a, sum);
    }
    for (part, next) in state.iter_mut().zip([a, b, c, d, e]) {
        *part = part.wrapping_add(next);
    }
}

/// The checksum that the operator makes ids of.
pub fn adler32(text: &str) -> u32 {
    let sum = |(a, b): (u32, u32), byte: u8| {
        let a = (a + u32::from(byte)) % 65_521;
        (a, (b + a) % 65_521)
    };
    let (a, b) = text.bytes().fold((1, 0), sum);
    (b << 16) | a
}

/// What is not base64 becomes Go's error, as text: nobody means that.
fn decoded(text: &str) -> Result<Value, TemplateError> {
    let plain: String = text.chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
    let bytes = BASE64_STANDARD.decode(plain).map_err(|_| TemplateError::wrong("the string is not base64"))?;
    String::from_utf8(bytes)
        .map(Value::text)
        .map_err(|_| TemplateError::undetermined("the decoded bytes are not UTF-8"))
}

fn base32(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut out = String::new();
    for chunk in bytes.chunks(5) {
        let bits = (0..5).fold(0_u64, |bits, index| (bits << 8) | u64::from(chunk.get(index).copied().unwrap_or(0)));
        let used = (chunk.len() * 8).div_ceil(5);
        for digit in 0..8 {
            let value = usize::try_from((bits >> (35 - 5 * digit)) & 31).unwrap_or(0);
            out.push(if digit < used { DIGITS.get(value).map_or('=', |byte| char::from(*byte)) } else { '=' });
        }
    }
    out
}

fn json(value: &Value, escapes_html: bool, indent: Option<usize>) -> Result<Value, TemplateError> {
    let mut out = String::new();
    write(value, escapes_html, indent, 0, &mut out)?;
    Ok(Value::text(out))
}

fn write(
    value: &Value,
    html: bool,
    indent: Option<usize>,
    depth: usize,
    out: &mut String,
) -> Result<(), TemplateError> {
    if depth > MAX_DEPTH {
        return Err(TemplateError::wrong("the value is nested too deep"));
    }
    let inner = indent.map(|indent| indent + 2);
    match value {
        Value::Nil => out.push_str("null"),
        Value::Bool(_) | Value::Int(_) | Value::Int64(_) => out.push_str(&value.shown()?),
        Value::Float(value) => out.push_str(&json_float(*value)?),
        Value::Text(text) => string(text, html, out),
        Value::List(items) if items.is_empty() => out.push_str("[]"),
        Value::Map(entries) if entries.is_empty() => out.push_str("{}"),
        Value::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                separate(index, inner, out);
                write(item, html, inner, depth + 1, out)?;
            }
            line(indent, out);
            out.push(']');
        }
        Value::Map(entries) => {
            out.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                separate(index, inner, out);
                string(key, html, out);
                out.push_str(if indent.is_some() { ": " } else { ":" });
                write(value, html, inner, depth + 1, out)?;
            }
            line(indent, out);
            out.push('}');
        }
        Value::Unknown(why) => return Err(TemplateError::undetermined(why.as_str())),
    }
    Ok(())
}

fn separate(index: usize, indent: Option<usize>, out: &mut String) {
    if index > 0 {
        out.push(',');
    }
    line(indent, out);
}

fn line(indent: Option<usize>, out: &mut String) {
    if let Some(indent) = indent {
        out.push('\n');
        out.push_str(&" ".repeat(indent));
    }
}

/// A text as Go's encoder writes it.
fn string(text: &str, html: bool, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '<' | '>' | '&' if html => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            '\u{0}'..='\u{1f}' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => out.push(c),
        }
    }
    out.push('"');
}

fn from_json(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().map(of_json)
}

/// Every number is a float64, as Go's decoder makes it. The parser bounds the depth.
fn of_json(json: serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Nil,
        serde_json::Value::Bool(value) => Value::Bool(value),
        serde_json::Value::Number(number) => Value::Float(number.as_f64().unwrap_or(0.0)),
        serde_json::Value::String(text) => Value::text(text),
        serde_json::Value::Array(items) => Value::list(items.into_iter().map(of_json).collect()),
        serde_json::Value::Object(map) => Value::map(map.into_iter().map(|(key, value)| (key.into(), of_json(value)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums() {
        assert_eq!(adler32("Wikipedia"), 300_286_872);
        assert_eq!(base32(b"foobar"), "MZXW6YTBOI======");
    }
}

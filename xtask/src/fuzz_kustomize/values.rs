//! Small but nasty pools of values.

use super::rng::Rng;
use super::text::Y;

pub(crate) const NAMES: &[&str] = &["a", "b", "cfg", "web"];
pub(crate) const OTHER_NAMES: &[&str] = &["c", "d", "cfg2", "web-x"];
pub(crate) const NAMESPACES: &[&str] = &["x", "w", "default"];
pub(crate) const IMAGES: &[&str] = &[
    "nginx",
    "nginx:1.25",
    "nginx:1.25@sha256:abc",
    "nginx@sha256:abc",
    "docker.io/nginx:1",
    "reg.io:5000/a/nginx",
    "reg.io:5000/a/nginx:v2",
    "app",
    "\"app:1\"",
    "'nginx:2'",
    "app:$(V)",
];
pub(crate) const LABEL_KEYS: &[&str] = &["app", "tier", "app.kubernetes.io/name", "a.b/c", "\"on\"", "x"];
pub(crate) const DATA_KEYS: &[&str] = &["k", "a.yaml", "b-c", "\"yes\"", "'1'", "UPPER_CASE", "k2", "z.json", "日本"];
const LONG: &str =
    "word word word word word word word word word word word word word word word word word word word word word word";

/// Scalars that read or print in a special way.
const SCALARS: &[&str] = &[
    "1",
    "0",
    "-1",
    "+1",
    "007",
    "0777",
    "08",
    "0o17",
    "0x1F",
    "0b11",
    "1.0",
    "1.50",
    "1e3",
    "1e-7",
    "123456789.5",
    "1_000",
    ".5",
    "5.",
    "-0",
    "1e400",
    "yes",
    "no",
    "on",
    "off",
    "y",
    "n",
    "true",
    "false",
    "True",
    "FALSE",
    "null",
    "~",
    "Null",
    "",
    "\"\"",
    "''",
    "'1'",
    "\"true\"",
    "'yes'",
    "'null'",
    "'~'",
    "2020-01-01",
    "2020-01-01T10:00:00Z",
    "\"2020-01-01\"",
    "2020-01-01 10:00:00",
    "2020-1-1",
    "12:30:45",
    "1:30",
    "\"0x1F\"",
    "\"1e3\"",
    "'1.0'",
    "a",
    "b",
    "abc",
    "'a: b'",
    "\"tab\\there\"",
    "\"line\\nbreak\\n\"",
    "\"two\\n\\nbreaks\"",
    "\"\\nlead\"",
    "é",
    "日本",
    "\"\\U0001F600\"",
    "'# no comment'",
    "a#b",
    "'- x'",
    "\"{a: 1}\"",
    "\"[\"",
    "$(V)",
    "\"a $(V) b\"",
    "$$(V)",
    "'a''b'",
    "\"trailing \"",
    "\" leading\"",
    "\"\\ttab\"",
    "9007199254740993",
    "18446744073709551615",
    "18446744073709551616",
    "-9223372036854775808",
    "!!str 1",
    "!!int \"1\"",
    "!!str",
    "'='",
    "=",
    "'<<'",
    "\"a\\\\b\"",
    "\"x\\u00a0y\"",
    "'---'",
    "\"a\\nb \"",
    "a,b",
    "http://x.y/z?a=b&c=<d>",
    "'%'",
    "\"*\"",
    "'&a'",
    "'!x'",
    "1.2.3",
    "v1",
    "10Gi",
    "100m",
    "0.1",
    "1.10",
    "3.14e+20",
    "1e20",
    "1e21",
    "1234567.5",
    "\".nan\"",
    "\"a\\rb\"",
    "\"\\ufeffx\"",
];
/// Scalars with which nothing can be printed, or read.
const BROKEN: &[&str] = &[".inf", "-", "@x", "\"\\x7f\"", "!!bool yes", "[a", "*none", "\"\\/\""];
const SAFE: &[&str] = &["a", "b", "v1", "1", "true", "\"1\"", "x-y", "10", "abc", "'yes'", "2", "null", "\"\""];

/// Any scalar, also over several lines.
pub(crate) fn nasty(rng: &mut Rng) -> Y {
    match rng.below(26) {
        0 => Y::scalar(LONG),
        1 => Y::scalar(format!("\"{LONG}: {LONG}\"")),
        2 => Y::scalar(format!("'{LONG} # {LONG}'")),
        3 => block(rng),
        4 => Y::scalar("{\"a\": 1}".to_owned()).quoted('\''),
        5 => Y::scalar(
            rng.pick(&["a\n    b", "\"a\n    b\"", "'a\n\n    b'"]).replace('\n', "\n                              "),
        ),
        6 if rng.chance(8) => Y::scalar(rng.pick(BROKEN)),
        _ => Y::scalar(rng.pick(SCALARS)),
    }
}

fn block(rng: &mut Rng) -> Y {
    let header = match rng.below(8) {
        0 => "|",
        1 => "|-",
        2 => "|+",
        3 => ">",
        4 => ">-",
        5 => ">+",
        6 => "|2",
        _ => "|",
    };
    let pools: [&[&str]; 8] = [
        &["a", "b"],
        &["a: 1", "b:", "- c"],
        &["x", "", "", "y", ""],
        &["{\"a\": {\"b\": [1, 2]}, \"c\": \"d\"}"],
        &["first", "  more indented", "back"],
        &["trailing ", "b"],
        &["tab\there", "é 日本"],
        &[LONG, LONG, "# not a comment"],
    ];
    let index = rng.below(pools.len());
    let lines = pools.get(index).copied().unwrap_or(&["a"]);
    let mut lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    if header == "|2"
        && let Some(first) = lines.first_mut()
    {
        *first = format!(" {first}");
    }
    Y::Block(header, lines)
}

impl Y {
    fn quoted(self, quote: char) -> Self {
        match self {
            Self::Scalar(text) => Self::Scalar(format!("{quote}{text}{quote}")),
            other => other,
        }
    }
}

/// A scalar: mostly harmless, now and then a nasty one.
pub(crate) fn scalar(rng: &mut Rng) -> Y {
    if rng.chance(35) { nasty(rng) } else { Y::scalar(rng.pick(SAFE)) }
}

/// A text that a kustomization may hold where it wants a string.
pub(crate) fn string(rng: &mut Rng) -> Y {
    let pool = &[
        "a",
        "b-c",
        "v1",
        "'yes'",
        "\"1\"",
        "\"true\"",
        "\"1e3\"",
        "'a: b'",
        "é",
        "\"\"",
        "\"x\\ny\"",
        "\"0x1F\"",
        "2020-01-01",
        "$(V)",
        "\"null\"",
        "'~'",
        "\"12:30\"",
    ];
    Y::scalar(rng.pick(pool))
}

/// A small tree of anything.
pub(crate) fn tree(rng: &mut Rng, depth: usize) -> Y {
    match rng.below(if depth == 0 { 5 } else { 9 }) {
        0..=4 => scalar(rng),
        5 | 6 => {
            let count = rng.below(4);
            let mut map = Y::Map(Vec::new());
            for _ in 0..count {
                let key = rng.pick(&["a", "b", "name", "'no'", "x.y/z", "k", "value", "image", "containers", "l"]);
                map.set(key, tree(rng, depth - 1));
            }
            map
        }
        _ => {
            let count = rng.below(4);
            Y::List((0..count).map(|_| tree(rng, depth - 1)).collect())
        }
    }
}

/// A few entries from a pool of keys.
pub(crate) fn entries(rng: &mut Rng, keys: &[&str], most: usize, value: fn(&mut Rng) -> Y) -> Y {
    let mut map = Y::Map(Vec::new());
    for _ in 0..rng.between(1, most) {
        let key = rng.pick(keys);
        map.set(key, value(rng));
    }
    map
}

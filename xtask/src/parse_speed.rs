//! Development command: `cargo xtask parse-speed [FOLDER]` measures parsing and printing over a folder of YAML, and parsing of 1 MB
//! of many shapes, which must all take well under a second.

#![allow(clippy::print_stdout)]

use std::path::Path;
use std::sync::Arc;

use fleetlint::source::Files;
use fleetlint::yaml::{Documents, Stream, print};

const SIZE: usize = 1_000_000;

pub(crate) fn main() {
    let folder = crate::arguments().nth(1).unwrap_or_else(|| "../shared/corpora".to_owned());
    let mut texts = Vec::new();
    collect(Path::new(&folder), &mut texts);
    corpus(&texts);
    for (name, text) in shapes() {
        let start = cpu();
        let stream = parse(&text);
        let seconds = cpu() - start;
        let errors = stream.documents.iter().filter(|document| document.is_err()).count();
        let (all, millis) = (stream.documents.len(), (seconds * 1e3) as u64);
        let slow = if millis > 400 { "  SLOW" } else { "" };
        println!("{millis:6} ms  {:8} bytes  {all:6} documents, {errors:6} broken  {name}{slow}", text.len());
    }
}

fn corpus(texts: &[String]) {
    let bytes: usize = texts.iter().map(String::len).sum();
    let rate = |seconds: f64| bytes as f64 / 1e6 / seconds;
    let start = cpu();
    let streams: Vec<Arc<Stream>> = texts.iter().map(|text| parse(text)).collect();
    let parsing = cpu() - start;
    let start = cpu();
    let roots =
        streams.iter().flat_map(|stream| &stream.documents).flatten().filter_map(|document| document.root.as_ref());
    let printed: usize = roots.filter_map(|root| print::resource(root).ok()).map(|text| text.len()).sum();
    let printing = cpu() - start;
    println!("{} files, {:.1} MB: parse {:.1} MB/s", texts.len(), bytes as f64 / 1e6, rate(parsing));
    println!("printed {:.1} MB: {:.1} MB/s", printed as f64 / 1e6, printed as f64 / 1e6 / printing);
}

fn parse(text: &str) -> Arc<Stream> {
    let file = Files::default().add("r".into(), None, "a.yaml".into(), text.as_bytes().to_vec());
    Documents::default().of(&file)
}

/// Seconds that this thread has run: the machine may be busy with other things.
fn cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos: f64 = text.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or_default();
    nanos / 1e9
}

fn collect(folder: &Path, texts: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, texts);
        } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
            texts.extend(std::fs::read_to_string(&path).ok());
        }
    }
}

/// One megabyte of a piece.
fn many(piece: &str) -> String {
    piece.repeat(SIZE / piece.len())
}

fn numbered(piece: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for index in 0.. {
        text.push_str(&piece(index));
        if text.len() >= SIZE {
            break;
        }
    }
    text
}

fn shapes() -> Vec<(&'static str, String)> {
    let nested = |open: &str, close: &str, depth: usize| format!("{}x{}", open.repeat(depth), close.repeat(depth));
    vec![
        ("flow nesting, 10,000 deep", nested("[", "]", 10_000)),
        ("flow mappings, 10,000 deep", nested("{a: ", "}", 10_000)),
        ("flow nesting, 100 deep, often", many(&format!("- {}\n", nested("[", "]", 100)))),
        ("200 KB of [", "[".repeat(200_000)),
        ("200 KB of {", "{".repeat(200_000)),
        ("[ on lines", many("[\n")),
        ("a: [ on lines", many("a: [\n")),
        ("block nesting on one line", many("- ")),
        ("block nesting by lines", (0..1_400).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect()),
        ("keys", numbered(|index| format!("key{index}: value\n"))),
        ("the same key", many("key: value\n")),
        ("items", many("- value\n")),
        ("empty items", many("-\n")),
        ("one long plain line", format!("a: {}", many("word "))),
        ("one long quoted line", format!("a: \"{}\"", many("word "))),
        ("one long quoted line, not ASCII", format!("a: \"{}\"", many("wörd "))),
        ("one flow line", format!("a: [{}]", many("x, "))),
        ("one flow line, not ASCII", format!("a: [{}]", many("ö, "))),
        ("one flow mapping", format!("{{{}}}", numbered(|index| format!("k{index}: v, ")))),
        ("one JSON line", format!("{{{}\"end\":1}}", numbered(|index| format!("\"k{index}\":\"ö\",")))),
        ("flow pairs", format!("[{}]", many("a: b, "))),
        ("plain text over lines", format!("a:\n{}", many("  word\n"))),
        ("literal text", format!("a: |\n{}", many("  word # text\n"))),
        ("literal blank lines", format!("a: |\n{}b: 1\n", many("\n"))),
        ("folded text, not ASCII", format!("a: >\n{}", many("  wörd\n"))),
        ("many literals", many("- |\n  a\n\n\n")),
        ("blank lines", format!("a: 1\n{}b: 2\n", many("\n"))),
        ("comments", many("# comment\n")),
        ("items and comments", many("- a # comment\n# other\n")),
        ("100k documents", "---\na: 1\n".repeat(100_000)),
        ("100k empty documents", "---\n".repeat(100_000)),
        ("100k broken documents", "---\na: [\n".repeat(100_000)),
        ("100k open quotes", "---\na: \"\n".repeat(100_000)),
        ("100k templates", "---\n{{ a }}-\n".repeat(100_000)),
        ("documents that are not ASCII", "---\nä: [\n".repeat(100_000)),
        ("document ends", "...\n".repeat(100_000)),
        ("one open quote", format!("a: \"{}", many("word\n  "))),
        ("one open quote, many others", format!("a: '\n{}", many("  b: \"x\"\n"))),
        ("broken at the end", format!("{}}}\n", many("- a\n"))),
        ("no colon at the end", format!("{}foo\n", numbered(|index| format!("k{index}: v\n")))),
        ("tabs behind colons", numbered(|index| format!("k{index}:\tv\n"))),
        ("tabs", many("\t")),
        ("tabs on lines", many("\t\n")),
        ("escapes", format!("a: \"{}\"", many("\\n"))),
        ("a bad escape at the end", format!("a: \"{}\\q\"", many("\\n"))),
        ("anchors", numbered(|index| format!("- &a{index} x\n"))),
        (
            "nested anchors",
            format!("{}{}", (0..120).map(|index| format!("&a{index} [")).collect::<String>(), many("x, ")),
        ),
        (
            "nested anchors, closed",
            format!(
                "{}{}{}",
                (0..120).map(|index| format!("&a{index} [")).collect::<String>(),
                many("x, "),
                "]".repeat(120)
            ),
        ),
        ("aliases", format!("- &a x\n{}", many("- *a\n"))),
        ("alias bomb", bomb()),
        (
            "merge keys",
            format!(
                "a: &a {{{}}}\n{}",
                (0..1000).map(|index| format!("k{index}: v, ")).collect::<String>(),
                numbered(|index| format!("b{index}:\n  <<: *a\n"))
            ),
        ),
        ("merge in one mapping", format!("a: &a {{k: v}}\nb:\n{}", many("  <<: *a\n"))),
        (
            "keys and merges",
            format!("a: &a {{k: v}}\nb:\n{}{}", numbered(|index| format!("  k{index}: v\n")), many("  <<: *a\n")),
        ),
        ("merge list", format!("- &a {{k: v}}\n- <<: [{}]\n", many("*a, "))),
        ("complex keys", many("? a\n: b\n")),
        ("absent keys", many(": b\n")),
        ("tags", many("- !!str x\n")),
        ("percent lines", many("%TAG ! x\n")),
        ("colons", many(":")),
        ("colons and blanks", many(": ")),
        ("questions", many("? ")),
        ("quotes", many("\"")),
        ("single quotes", many("'")),
        ("bangs", many("!")),
        ("ampersands", many("&a ")),
        ("pipes", many("|")),
        ("pipes on lines", many("- |\n")),
        ("commas", many(",")),
        ("carriage returns", many("a: 1\r")),
        ("CRLF", numbered(|index| format!("k{index}: v\r\n"))),
        ("CRLF literal", format!("a: |\r\n{}", many("  x\r\n"))),
        ("NUL", many("\0")),
        ("NUL at the end", format!("{}\0", many("- a\n"))),
        ("byte order marks", many("\u{feff}")),
        ("emoji", many("🎉")),
        ("emoji keys", numbered(|index| format!("🎉{index}: 🎉\n"))),
    ]
}

fn bomb() -> String {
    (1..12).fold("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned(), |text, level| {
        let item = format!("*a{}", level - 1);
        format!("{text}a{level}: &a{level} [{}]\n", vec![item; 10].join(", "))
    })
}

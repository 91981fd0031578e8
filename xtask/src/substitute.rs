//! Development command: `cargo xtask substitute ORACLE [COUNT] [SEED]` compares expressions and substitutions with the real Flux on random
//! input, and prints what differs. ORACLE answers JSON lines (`envsubst`, `substitute`).

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;

use fleetlint::flux::substitute::{Variables, envsubst, substitute};
use fleetlint::source::Files;
use fleetlint::yaml::{Documents, print};
use serde_json::{Value, json};

use crate::fuzz_yaml::variables::{Nothing, kustomization};

type Failure = Box<dyn std::error::Error>;

pub(crate) fn main() -> Result<ExitCode, Failure> {
    let mut arguments = crate::arguments().skip(1);
    let oracle = arguments.next().ok_or("usage: cargo xtask substitute ORACLE [COUNT] [SEED]")?;
    let count: usize = arguments.next().map_or(Ok(2000), |text| text.parse())?;
    let seed: u64 = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let questions: Vec<Value> = (0..count).map(|_| random.question()).collect();
    let answers = ask(&oracle, &questions)?;
    let mut different = 0;
    let mut out = std::io::stdout().lock();
    for (question, answer) in questions.iter().zip(&answers) {
        let got = own(question);
        let expected = (answer["ok"] == true).then(|| answer["text"].as_str().unwrap_or_default().to_owned());
        if got.as_ref().ok() != expected.as_ref() {
            different += 1;
            writeln!(out, "## {question}\n got {got:?}\nwant {answer}")?;
        }
    }
    writeln!(out, "{different} of {count} differ")?;
    Ok(if different == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn ask(oracle: &str, questions: &[Value]) -> Result<Vec<Value>, Failure> {
    let mut child = Command::new(oracle).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut input = child.stdin.take().ok_or("no input")?;
    let output = BufReader::new(child.stdout.take().ok_or("no output")?);
    let lines: Vec<String> = questions.iter().map(Value::to_string).collect();
    let writer = std::thread::spawn(move || lines.iter().try_for_each(|line| writeln!(input, "{line}")));
    let answers = output.lines().map(|line| Ok(serde_json::from_str(&line?)?)).collect();
    writer.join().map_err(|_| "the writer failed")??;
    child.wait()?;
    answers
}

fn variables_of(given: &Value) -> impl Iterator<Item = (&str, &str)> {
    let pairs = given.as_object().into_iter().flatten();
    pairs.map(|(name, value)| (name.as_str(), value.as_str().unwrap_or_default()))
}

fn own(question: &Value) -> Result<String, String> {
    let strict = question["strict"] == true;
    let text = question["text"].as_str().unwrap_or_default();
    if question["op"] == "envsubst" {
        let value = |name: &str| question["vars"][name].as_str().map(Into::into);
        return envsubst(text, &value, strict).map_err(|error| error.to_string());
    }
    let file = Files::default().add("r".into(), None, "a.yaml".into(), text.as_bytes().to_vec());
    let stream = Documents::default().of(&file);
    let document =
        stream.documents.first().ok_or("no document")?.as_ref().map_err(|problem| problem.message.clone())?;
    if let Some(problem) = document.duplicate_keys.first() {
        return Err(problem.message.clone());
    }
    let resource = Arc::new(document.root.clone().ok_or("empty")?);
    let kustomization = kustomization(variables_of(&question["vars"])).ok_or("no kustomization")?;
    let (variables, problems) = Variables::build(&kustomization, &Nothing);
    if let Some(problem) = problems.first() {
        return Err(problem.message.clone());
    }
    let substituted = substitute(&resource, &kustomization, &variables, strict, None);
    match substituted.problem {
        Some(problem) => Err(problem.message),
        None => print::resource(&substituted.node),
    }
}

/// xorshift: the same seed asks the same questions.
struct Random(u64);

/// Pieces that expressions are put together from.
const PIECES: [&str; 62] = [
    "${", "${", "${", "${", "${", "}", "}", "}", "}", "}", "$$", "$", "{", "v", "e", "u", "p", "n", "x", "_", "s", ":",
    ":-", ":=", "=", ":+", ":?", "#", "##", "%", "%%", "/", "//", "/#", "/%", "^", "^^", ",", ",,", "*", "?", "[", "]",
    "-", "a", "l", "/", "1", "2", "-1", " ", "é", "ß", "\\", "[a-c]", "[^/]", "*/", ".", "\n", "ü", "${v}", "${u:1:1}",
];

/// Whole expressions, for objects.
const EXPRESSIONS: [&str; 24] = [
    "${V}",
    "${V}",
    "${V}",
    "${V}",
    "${W}",
    "${W}",
    "${V:-d e}",
    "${nope}",
    "${nope:=5}",
    "$${V}",
    "${V}${W}",
    "a${V}",
    "${V}b",
    "${V} ${W}",
    "${V:0:2}",
    "${#V}",
    "${V^^}",
    "${V/a/b}",
    "${nope:-\"q\"}",
    "${nope:-{a: 1}}",
    "x: ${V}",
    "${V}: y",
    "- ${V}",
    "${V",
];

const VALUES: [&str; 70] = [
    "5",
    "true",
    "null",
    "~",
    "",
    "yes",
    "no",
    "on",
    "y",
    "N",
    "1e3",
    "0x10",
    "012",
    "0o12",
    "1_000",
    ".5",
    "-0",
    "-.5",
    "+7",
    "08",
    "1:30",
    "2020-01-01",
    "1.2.3",
    "1,000",
    "1e400",
    ".inf",
    ".nan",
    "a: b",
    "*a",
    "&a",
    "&a b",
    "!x y",
    "!!str 5",
    "!!int 5",
    "|",
    ">",
    "%a",
    "@a",
    "`a",
    "- a",
    "? a",
    ": a",
    "[",
    "[1, \"b\"]",
    "{a: 1}",
    "{",
    "}",
    "a #b",
    "#x",
    " lead",
    "trail ",
    "'q'",
    "\"q\"",
    "'",
    "\"",
    "a'b",
    "a\"b",
    "a\\nb",
    "\\",
    "tab\there",
    "é",
    "😀",
    "a\rb",
    "123456789012345678",
    "1.5",
    "1e21",
    "0b11",
    "\"9797\"",
    "<<",
    "a:b",
];

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % below.max(1)
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.next(from.len())]
    }

    /// A value from the list, or random characters of those that mean something in YAML.
    fn value(&mut self) -> String {
        const CHARACTERS: [&str; 40] = [
            "0", "1", "7", "9", "x", "o", "b", "e", "E", "_", ".", ".", "-", "-", "+", ":", ":", " ", " ", "#", ",",
            "[", "]", "{", "}", "'", "\"", "\\", "|", ">", "&", "*", "!", "?", "%", "~", "y", "n", "T", "Z",
        ];
        match self.next(2) {
            0 => self.pick(&VALUES).to_owned(),
            _ => (0..1 + self.next(6)).map(|_| self.pick(&CHARACTERS)).collect(),
        }
    }

    fn question(&mut self) -> Value {
        let strict = self.next(4) == 0;
        if self.next(2) == 0 {
            let text: String = (0..1 + self.next(10)).map(|_| self.pick(&PIECES)).collect();
            let text = if self.next(2) == 0 { format!("${{v{text}}}") } else { text };
            let vars = json!({"v": "value", "e": "", "u": "ünïß", "p": "/usr/local/a.tar", "n": "2", "_": "us", "s": "a/b\\c"});
            return json!({"op": "envsubst", "text": text, "vars": vars, "strict": strict});
        }
        let vars = json!({"V": self.value(), "W": self.value()});
        json!({"op": "substitute", "text": self.object(), "vars": vars, "strict": strict})
    }

    /// An object with expressions in all kinds of places and styles.
    fn object(&mut self) -> String {
        let mut text = String::from("apiVersion: x.io/v1\nkind: X\nmetadata:\n  name: a\nspec:\n");
        for index in 0..1 + self.next(4) {
            let expression = self.pick(&EXPRESSIONS);
            let quoted = format!("'{}'", expression.replace('\'', "''"));
            let long = "some words that make this line long ".repeat(self.next(4));
            text.push_str(&match self.next(9) {
                0 => format!("  k{index}: {quoted}\n"),
                1 => format!("  k{index}: [{quoted}, b]\n"),
                2 => format!("  {quoted}: v{index}\n"),
                3 => format!("  k{index}: |\n    line {expression}\n    next\n"),
                4 => format!("  k{index}: '{long}{} {long}'\n", expression.replace('\'', "''")),
                5 => format!("  k{index}: \"tab\\t{}\"\n", expression.replace('"', "\\\"")),
                6 => format!("  k{index}: {{a: {quoted}, n: 9007199254740993, f: 1.50, d: 2020-01-01}}\n"),
                7 => format!("  k{index}: ': {}'\n", expression.replace('\'', "''")),
                _ => format!("  k{index}:\n  - a: {quoted}\n    b: c\n  - {quoted}\n"),
            });
        }
        text
    }
}

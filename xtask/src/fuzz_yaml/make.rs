//! Texts from random choices: an object whose data are pieces put together, or small documents with something changed.

use super::Question;
use super::yaml_pieces::PIECES;
use crate::fuzz_kustomize::rng::Rng;

const HEAD: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n";

/// Small documents of many shapes.
const SEEDS: [&str; 22] = [
    "a: b\nc: 'd'\ne: \"f\"\n",
    "a:\n  b: |\n    c\n     d\n\n    e\n  f: >-\n    g\n    h\n",
    "a: &x {b: c}\nd:\n  <<: *x\n  e: f\n",
    "a: [b, {c: d}, 'e', \"f\"]\ng: {h: [i], j: , \"k\":l}\n",
    "- a\n- - b\n  - c\n-\n- d: e\n  f: g\n",
    "a: b # c\n# d\ne:\n  # f\n  g: h\n\n  # i\n",
    "? a\n: b\n? c\n",
    "a: b\n  c\n  d\ne: \"f\n  g\n\n  h\"\ni: 'j\n  k'\n",
    "a: |\n  b\nc: |+\n  d\n\n",
    "a: !!str 1\nb: ! 2\nc: !t d\ne: !!int \"3\"\n",
    "a: &x b\nc: *x\n&y d: *x\n",
    "a:\n- b\n- c\nd:\n  - e\n",
    "{\"a\": \"b\", \"c\": [1, 2.5, null, true]}\n",
    "a: \"b\\n\\tc\\u00e9 \\\n  d\"\n",
    "a:\n  - b: c\n    d:\n    - e\n  - f\n",
    "a: >\n  b\n\n    c\n  d\n\n\ne: f\n",
    "a: 1\nb: 1.0\nc: 0o17\nd: 1_000\ne: .inf\nf: ~\ng:\nh: yes\ni: 2020-01-01 10:00:00\nj: 0777\n",
    "a: |2-\n    b\n  c\nd: >1+\n  e\n",
    "a:\n  b:\n    c:\n      d: e\n    f: g\n  h: i\n",
    "[a, [b, c], {d: e}, f: g, ? h : i]\n",
    "a: b\n...\n---\n# c\n",
    "a: http://x.y/#z\nb: c#d\ne: 'f # g'\nh: i:j\n",
];

pub(super) fn question(rng: &mut Rng, is_object: bool) -> Question {
    let variable = (is_object && rng.chance(50)).then(|| {
        rng.pick(&["x", "1", "a: b", "true", "- y", "#z", "'", "\"q\"", "{a: b}", "", " w ", "\t"]).to_owned()
    });
    let mut body = match rng.below(3) {
        0 => pieces(rng),
        _ => rng.pick(&SEEDS).to_owned(),
    };
    if rng.chance(75) {
        (0..rng.between(1, 2)).for_each(|_| change(rng, &mut body));
    }
    let mut text = match rng.below(4) {
        0 => format!("{HEAD}data: {}", indented(&body, "  ").trim_start()),
        1 => format!("{HEAD}{body}"),
        _ => format!("{HEAD}data:\n{}", indented(&body, "  ")),
    };
    if !is_object && rng.chance(10) {
        change(rng, &mut text);
    }
    if rng.chance(5) {
        text = text.replace('\n', rng.pick(&["\r\n", "\r", "\u{85}", "\n \n"]));
    }
    Question { text, variable }
}

fn pieces(rng: &mut Rng) -> String {
    (0..rng.between(1, 12)).map(|_| rng.pick(&PIECES)).collect()
}

fn indented(text: &str, by: &str) -> String {
    text.split_inclusive('\n').map(|line| if line == "\n" { line.to_owned() } else { format!("{by}{line}") }).collect()
}

/// Puts a piece in, takes a few characters out, doubles some, or moves a line.
fn change(rng: &mut Rng, text: &mut String) {
    let chars: Vec<char> = text.chars().collect();
    let at = rng.below(chars.len() + 1);
    let end = (at + rng.between(1, 6)).min(chars.len());
    let join = |parts: [&[char]; 3]| parts.concat().into_iter().collect::<String>();
    *text = match rng.below(5) {
        0 | 1 => {
            let piece: Vec<char> = rng.pick(&PIECES).chars().collect();
            join([&chars[..at], &piece, &chars[at..]])
        }
        2 => join([&chars[..at], &chars[end..], &[]]),
        3 => join([&chars[..end], &chars[at..end], &chars[end..]]),
        _ => {
            let piece: Vec<char> = rng.pick(&PIECES).chars().collect();
            join([&chars[..at], &piece, &chars[end..]])
        }
    };
}

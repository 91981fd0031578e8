//! Makes a tree that differs small: drops files, documents, and blocks of lines while it still differs in the same way.

use super::compare::{Bench, Comparison, Verdict};
use super::layer::Files;

/// What has to stay the same while the tree shrinks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Signature(pub(crate) Verdict, pub(crate) String);

/// How two builds differ, without names and numbers.
pub(crate) fn signature(comparison: &Comparison) -> Signature {
    let detail = match (comparison.verdict, &comparison.ours, &comparison.theirs) {
        (Verdict::OnlyTheyRefuse, _, Err(message))
        | (Verdict::OnlyWeRefuse | Verdict::NoPlace | Verdict::WePanic, Err(message), _) => normal(message),
        (Verdict::Differs, Ok(ours), Ok(theirs)) => difference(ours, theirs),
        _ => String::new(),
    };
    Signature(comparison.verdict, detail)
}

/// Whether the smaller tree still shows the same. Of different bytes any difference counts.
fn still(wanted: &Signature, now: &Signature) -> bool {
    wanted.0 == now.0 && (wanted.0 == Verdict::Differs || wanted.1 == now.1)
}

/// A message without what is quoted, without digits and paths, and not long.
fn normal(message: &str) -> String {
    let mut text = String::new();
    let mut quote = None;
    for word in message.chars() {
        match quote {
            Some(open) if word == open => quote = None,
            Some(_) => {}
            None if matches!(word, '`' | '"' | '\'') => quote = Some(word),
            None if word.is_ascii_digit() => {}
            None if word == '\n' => text.push(' '),
            None => text.push(word),
        }
    }
    let words: Vec<&str> =
        text.split_whitespace().filter(|word| !word.contains('/') && !word.contains("yaml:")).collect();
    words.join(" ").chars().take(160).collect()
}

/// The first lines that differ, without their values.
fn difference(ours: &str, theirs: &str) -> String {
    let key = |line: Option<&str>| {
        line.map_or_else(
            || "(end)".to_owned(),
            |line| line.split(": ").next().unwrap_or_default().trim().chars().take(40).collect(),
        )
    };
    let pair = ours.lines().zip(theirs.lines()).find(|(ours, theirs)| ours != theirs);
    let (ours, theirs) = pair.map_or((None, None), |(ours, theirs)| (Some(ours), Some(theirs)));
    format!("{} / {}", key(ours), key(theirs))
}

/// The smallest tree found within a budget of builds.
pub(crate) fn minimize(bench: &mut Bench, files: &Files, wanted: &Signature, budget: usize) -> Files {
    let mut search = Search { bench, wanted, best: files.clone(), budget };
    loop {
        let before = search.best.clone();
        search.drop_files();
        search.drop_documents();
        search.drop_blocks();
        search.promote_lines();
        if search.best == before || search.budget == 0 {
            return search.best;
        }
    }
}

struct Search<'a> {
    bench: &'a mut Bench,
    wanted: &'a Signature,
    best: Files,
    budget: usize,
}

impl Search<'_> {
    fn try_files(&mut self, files: Files) -> bool {
        if self.budget == 0 {
            return false;
        }
        self.budget -= 1;
        let comparison = self.bench.compare(&files);
        let smaller = still(self.wanted, &signature(&comparison));
        if smaller {
            self.best = files;
        }
        smaller
    }

    fn drop_files(&mut self) {
        let paths: Vec<String> = self.best.keys().cloned().collect();
        for path in paths {
            let mut files = self.best.clone();
            files.remove(&path);
            let name = path.rsplit('/').next().unwrap_or_default().to_owned();
            if self.try_files(files.clone()) {
                continue;
            }
            for text in files.values_mut() {
                *text = text.lines().filter(|line| !line.contains(&name)).map(|line| format!("{line}\n")).collect();
            }
            self.try_files(files);
        }
    }

    /// Drops whole documents of a stream.
    fn drop_documents(&mut self) {
        let paths: Vec<String> = self.best.keys().cloned().collect();
        for path in paths {
            let mut index = 0;
            while let Some(text) = self.best.get(&path) {
                let mut documents: Vec<&str> = text.split("---\n").collect();
                if index >= documents.len() || documents.len() < 2 {
                    break;
                }
                documents.remove(index);
                let text = documents.join("---\n");
                let mut files = self.best.clone();
                files.insert(path.clone(), text);
                if !self.try_files(files) {
                    index += 1;
                }
            }
        }
    }

    /// Drops each line with what is nested below it, outermost first.
    fn drop_blocks(&mut self) {
        let paths: Vec<String> = self.best.keys().cloned().collect();
        for path in paths {
            let mut depth = 0;
            while depth <= 30 {
                let mut index = 0;
                while let Some(lines) = self.lines(&path) {
                    let Some(line) = lines.get(index) else { break };
                    let own = indent(line);
                    if own != depth {
                        index += 1;
                        continue;
                    }
                    let end = block_end(&lines, index);
                    let mut left = lines.clone();
                    left.drain(index..end);
                    if !self.try_lines(&path, &left) {
                        index += 1;
                    }
                }
                depth += 1;
            }
        }
    }

    /// Drops the first key of a list item: the next line takes the dash.
    fn promote_lines(&mut self) {
        let paths: Vec<String> = self.best.keys().cloned().collect();
        for path in paths {
            let mut index = 0;
            while let Some(lines) = self.lines(&path) {
                let (Some(line), Some(next)) = (lines.get(index), lines.get(index + 1)) else { break };
                let own = indent(line);
                if line.trim_start().starts_with("- ") && indent(next) == own + 2 {
                    let mut left = lines.clone();
                    if let Some(next) = left.get_mut(index + 1) {
                        *next = format!("{}- {}", " ".repeat(own), next.trim_start());
                    }
                    left.remove(index);
                    if self.try_lines(&path, &left) {
                        continue;
                    }
                }
                index += 1;
            }
        }
    }

    fn lines(&self, path: &str) -> Option<Vec<String>> {
        self.best.get(path).map(|text| text.split_inclusive('\n').map(str::to_owned).collect())
    }

    fn try_lines(&mut self, path: &str, lines: &[String]) -> bool {
        let mut files = self.best.clone();
        let text = lines
            .iter()
            .enumerate()
            .map(
                |(index, line)| {
                    if index + 1 < lines.len() && !line.ends_with('\n') { format!("{line}\n") } else { line.clone() }
                },
            )
            .collect();
        files.insert(path.to_owned(), text);
        self.try_files(files)
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Where the block that starts at a line ends: deeper lines, and a list that is not indented below its key.
fn block_end(lines: &[String], start: usize) -> usize {
    let own = lines.get(start).map_or(0, |line| indent(line));
    let is_key =
        lines.get(start).is_some_and(|line| line.trim_end().ends_with(':') && !line.trim_start().starts_with("- "));
    let belongs = |line: &String| {
        let deeper = indent(line) > own && !line.trim().is_empty();
        deeper || (line.trim().is_empty()) || (is_key && indent(line) == own && line.trim_start().starts_with("- "))
    };
    let length = lines.iter().skip(start + 1).take_while(|line| belongs(line)).count();
    start + 1 + length
}

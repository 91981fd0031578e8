//! The files of a run as streams of documents, each parsed once.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use smol_str::SmolStr;

use super::{Node, Span, Stream, embedded, parse};
use crate::problem::{Problem, ProblemKind};
use fleetlint_source::{File, FileId};

/// The parsed files of a run.
#[derive(Default)]
pub struct Documents {
    /// Nobody reads a file again once a build has taken in what it holds.
    are_transient: bool,
    streams: RwLock<HashMap<FileId, Parsed>>,
    /// Streams inside scalars, by the scalar's place and by whether they were trimmed.
    embedded: RwLock<HashMap<(Span, bool), Embedded>>,
}

/// A file and what it holds.
#[derive(Clone)]
struct Parsed {
    file: Arc<File>,
    /// Without documents where they were let go.
    stream: Arc<Stream>,
    is_let_go: bool,
}

impl Parsed {
    fn new(file: &Arc<File>, stream: Arc<Stream>) -> Self {
        Self { file: Arc::clone(file), stream, is_let_go: false }
    }

    /// Lets go of the documents; those who hold the stream keep theirs.
    fn release(&mut self) {
        let stream = std::mem::take(&mut self.stream);
        let comments = match Arc::try_unwrap(stream) {
            Ok(stream) => stream.comments,
            Err(shared) => shared.comments.clone(),
        };
        self.stream = Arc::new(Stream { documents: Vec::new(), comments });
        self.is_let_go = true;
    }
}

/// The text of a scalar, which tells whether the scalar is still as it was written, and what it holds.
type Embedded = (SmolStr, Arc<Stream>);

impl Documents {
    /// The documents of a run that builds one folder and nothing else. The build changes its copies of the trees; what it
    /// started from would only take up room, and is let go (see [`Documents::release`]).
    pub fn passing() -> Self {
        Self { are_transient: true, ..Self::default() }
    }

    /// Tells that a build has taken in all resources, and changes them from now on. Passing documents are let go of, and parsed
    /// again if somebody asks for them all the same; comments and places stay.
    pub fn release(&self) {
        if self.are_transient {
            let mut streams = self.streams.write().unwrap_or_else(|poisoned| poisoned.into_inner());
            streams.values_mut().for_each(Parsed::release);
        }
    }

    /// The documents of a file; parses it at the first call. A file that is not text holds one problem.
    pub fn of(&self, file: &Arc<File>) -> Arc<Stream> {
        let known = self.streams.read().unwrap_or_else(|poisoned| poisoned.into_inner()).get(&file.id).cloned();
        if let Some(parsed) = known.filter(|parsed| !parsed.is_let_go) {
            return parsed.stream;
        }
        let made = Parsed::new(file, Arc::new(read(file)));
        let mut streams = self.streams.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        let parsed = streams.entry(file.id).or_insert_with(|| made.clone());
        if parsed.is_let_go {
            *parsed = made;
        }
        Arc::clone(&parsed.stream)
    }

    /// Takes in what a file holds that was made of others, unless it is known already.
    pub fn put(&self, file: &Arc<File>, stream: Stream) {
        let mut streams = self.streams.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        streams.entry(file.id).or_insert_with(|| Parsed::new(file, Arc::new(stream)));
    }

    /// The documents inside a scalar of a file that was parsed here, parsed at the first call (see [`embedded::parse`]).
    pub fn embedded(&self, scalar: &Node, trimmed: bool) -> Arc<Stream> {
        let Some(span) = scalar.origin.span else { return Arc::new(embedded::parse(scalar, None, trimmed)) };
        let text = scalar.text().unwrap_or_default();
        let known =
            self.embedded.read().unwrap_or_else(|poisoned| poisoned.into_inner()).get(&(span, trimmed)).cloned();
        if let Some((_, stream)) = known.filter(|(known, _)| known == text) {
            return stream;
        }
        let outer = self.streams.read().unwrap_or_else(|poisoned| poisoned.into_inner()).get(&span.file).cloned();
        let stream = Arc::new(embedded::parse(scalar, outer.as_ref().map(|outer| outer.file.as_ref()), trimmed));
        let mut embedded = self.embedded.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        embedded.insert((span, trimmed), (text.into(), Arc::clone(&stream)));
        stream
    }

    /// The way from places of a scalar's text to places of its file, if that was parsed here.
    pub fn places(&self, scalar: &Node) -> embedded::Places {
        let streams = self.streams.read().unwrap_or_else(|poisoned| poisoned.into_inner());
        let outer = scalar.origin.span.and_then(|span| streams.get(&span.file)).map(|outer| outer.file.as_ref());
        embedded::places(scalar, outer)
    }

    /// The comment after a key whose value begins on another line and without brackets, if the key is of a file that was
    /// parsed here.
    pub fn comment_behind_key(&self, key: &Node) -> Option<Span> {
        let span = key.origin.span?;
        let streams = self.streams.read().unwrap_or_else(|poisoned| poisoned.into_inner());
        let Parsed { file, stream, .. } = streams.get(&span.file)?;
        let comment = stream.comment_after(span)?.span;
        let text = file.text()?;
        let between = text.get(span.end as usize..comment.start as usize)?;
        let has_brackets = text.get(comment.end as usize..).is_some_and(starts_with_bracket);
        (between.trim() == ":" && !has_brackets).then_some(comment)
    }

    /// The files that were parsed with what they hold, in no order; to be asked where none was let go.
    pub fn parsed(&self) -> Vec<(Arc<File>, Arc<Stream>)> {
        let streams = self.streams.read().unwrap_or_else(|poisoned| poisoned.into_inner());
        streams.values().map(|parsed| (Arc::clone(&parsed.file), Arc::clone(&parsed.stream))).collect()
    }

    /// How many files were parsed, and how many documents with content they hold; to be asked where none was let go. A file
    /// that is the same in several revisions counts once: which of them was parsed is a matter of chance.
    pub fn counts(&self) -> (usize, usize) {
        let streams = self.streams.read().unwrap_or_else(|poisoned| poisoned.into_inner());
        let mut by_path: HashMap<(&str, &str), Vec<&Parsed>> = HashMap::new();
        for parsed in streams.values() {
            let same_path = by_path.entry((&parsed.file.repository, &parsed.file.path)).or_default();
            if !same_path.iter().any(|known| known.file.bytes == parsed.file.bytes) {
                same_path.push(parsed);
            }
        }
        let with_content =
            |parsed: &&Parsed| parsed.stream.documents.iter().flatten().filter(|it| it.root.is_some()).count();
        let distinct = || by_path.values().flatten();
        (distinct().count(), distinct().map(with_content).sum())
    }
}

fn read(file: &File) -> Stream {
    match file.text() {
        // kustomize finds no `---` line in UTF-16: what follows the first document is not read.
        Some(text) if file.is_utf16() => parse::first(text, file.id, parse::Dialect::V3),
        Some(text) => parse::file(text, file.id),
        None => Stream { documents: vec![Err(not_text(file))], ..Stream::default() },
    }
}

/// Whether a value starts with a bracket, after comments, an anchor and a tag.
fn starts_with_bracket(text: &str) -> bool {
    let lines = text.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut words = lines.flat_map(|line| line.split_ascii_whitespace().take_while(|word| !word.starts_with('#')));
    words.find(|word| !word.starts_with(['&', '!'])).is_some_and(|word| word.starts_with(['{', '[']))
}

fn not_text(file: &File) -> Problem {
    let start = u32::try_from(file.not_text().unwrap_or_default()).unwrap_or(u32::MAX);
    let place = Span { file: file.id, start, end: start.saturating_add(1) };
    let encoding = if file.is_utf16() { "UTF-16" } else { "UTF-8" };
    let help = "save the file as UTF-8, or remove it from the resources if it is not text";
    Problem::new(ProblemKind::YamlSyntax, format!("this byte is not valid {encoding}"), Some(place)).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fleetlint_source::Files;

    const TEXT: &str = "a: # why\n  b\n---\nc: d\n";

    #[test]
    fn what_was_let_go_is_parsed_again() {
        let file = Files::default().add("".into(), None, String::new(), TEXT.into());
        let documents = Documents::passing();
        let first = documents.of(&file);
        documents.release();
        let again = documents.of(&file);
        assert!(!Arc::ptr_eq(&first, &again));
        let roots = |stream: &Stream| stream.documents.iter().flatten().map(|it| it.root.clone()).collect::<Vec<_>>();
        assert_eq!((roots(&first), &first.comments), (roots(&again), &again.comments));
        assert!(Arc::ptr_eq(&again, &documents.of(&file)));
    }

    #[test]
    fn comments_stay_where_documents_were_let_go() {
        let file = Files::default().add("".into(), None, String::new(), TEXT.into());
        let documents = Documents::passing();
        let key = documents.of(&file).documents[0].as_ref().unwrap().root.as_ref().unwrap().entries()[0].key.clone();
        let comment = documents.comment_behind_key(&key);
        documents.release();
        assert_eq!((comment.is_some(), documents.comment_behind_key(&key)), (true, comment));
        assert_eq!(documents.counts(), (1, 0));
    }

    #[test]
    fn a_run_keeps_its_documents() {
        let file = Files::default().add("".into(), None, String::new(), TEXT.into());
        let documents = Documents::default();
        let first = documents.of(&file);
        documents.release();
        assert!(Arc::ptr_eq(&first, &documents.of(&file)));
    }
}

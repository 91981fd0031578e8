//! The globs of copy operations. Both kinds become regular expressions, which take linear time on any input.

use regex::Regex;

use fleetlint_source::path::join;
use fleetlint_source::{EntryKind, Tree};

/// A compiled glob.
#[derive(Debug)]
pub(super) struct Glob(Regex);

/// Which globs are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dialect {
    /// Go's `path.Match`, on the names of one folder: `from`.
    Name,
    /// `doublestar.Match`, on whole paths, with `**` and `{a,b}`: `exclude`.
    Path,
}

/// A segment of the pattern of `from`.
enum Segment<'a> {
    Literal(&'a str),
    Glob(Glob),
}

impl Glob {
    /// A pattern for whole paths; `None` where it is malformed.
    pub(super) fn of_paths(pattern: &str) -> Option<Self> {
        Self::compile(pattern, Dialect::Path)
    }

    fn compile(pattern: &str, dialect: Dialect) -> Option<Self> {
        let body = Translation::of(pattern, dialect)?;
        Regex::new(&format!("^(?:{body})$")).ok().map(Self)
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

/// Whether source-watcher takes the text for a pattern, not for a path.
pub(super) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '[', ']'])
}

/// The part of a pattern before its first segment with a wildcard.
pub(super) fn literal_prefix(pattern: &str) -> &str {
    let mut end = 0;
    for segment in pattern.split('/') {
        if is_pattern(segment) {
            break;
        }
        end += segment.len() + 1;
    }
    pattern.get(..end.saturating_sub(1)).unwrap_or_default()
}

/// What a pattern matches in a tree, as Go's `fs.Glob`, where `**` is as `*`: files and folders; `None` if malformed.
pub(super) fn matches(tree: &Tree, pattern: &str) -> Option<Vec<(String, EntryKind)>> {
    let pattern = pattern.strip_prefix("./").filter(|rest| !rest.contains('/')).unwrap_or(pattern);
    let segments: Vec<Segment<'_>> = pattern.split('/').map(segment).collect::<Option<_>>()?;
    let mut found = vec![(String::new(), EntryKind::Folder)];
    for segment in segments {
        found = found.iter().flat_map(|(folder, _)| inside(tree, folder, &segment)).collect();
    }
    Some(found)
}

fn segment(text: &str) -> Option<Segment<'_>> {
    if text.contains(['*', '?', '[', '\\']) {
        return Glob::compile(text, Dialect::Name).map(Segment::Glob);
    }
    Some(Segment::Literal(text))
}

fn inside(tree: &Tree, folder: &str, segment: &Segment<'_>) -> Vec<(String, EntryKind)> {
    match segment {
        // The file systems of Go know no such paths.
        Segment::Literal("" | "." | "..") => Vec::new(),
        Segment::Literal(name) => {
            let path = join(folder, name);
            tree.entry(&path).map(|kind| (path, kind)).into_iter().collect()
        }
        Segment::Glob(glob) => {
            let matching = tree.folder(folder).into_iter().filter(|(name, _)| glob.matches(name));
            matching.map(|(name, kind)| (join(folder, &name), kind)).collect()
        }
    }
}

/// A glob on its way to a regular expression.
struct Translation {
    dialect: Dialect,
    pattern: Vec<char>,
    at: usize,
    out: String,
    /// How many `{` are open.
    depth: usize,
}

impl Translation {
    fn of(pattern: &str, dialect: Dialect) -> Option<String> {
        let pattern = pattern.chars().collect();
        let mut translation = Self { dialect, pattern, at: 0, out: String::new(), depth: 0 };
        while translation.peek().is_some() {
            translation.step()?;
        }
        (translation.depth == 0).then_some(translation.out)
    }

    fn peek(&self) -> Option<char> {
        self.pattern.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek();
        self.at += 1;
        next
    }

    fn step(&mut self) -> Option<()> {
        let is_path = self.dialect == Dialect::Path;
        match self.next()? {
            '\\' => {
                let escaped = self.next()?;
                self.literal(escaped);
            }
            '?' => self.out.push_str("[^/]"),
            '*' => self.stars(),
            '[' => self.class()?,
            '{' if is_path => {
                self.depth += 1;
                self.out.push_str("(?:");
            }
            '}' if self.depth > 0 => {
                self.depth -= 1;
                self.out.push(')');
            }
            ',' if self.depth > 0 => self.out.push('|'),
            other => self.literal(other),
        }
        Some(())
    }

    fn literal(&mut self, character: char) {
        self.out.push_str(&regex::escape(character.encode_utf8(&mut [0; 4])));
    }

    /// `**` counts only as a whole segment; `a/**` matches `a` too, as it may be a folder.
    fn stars(&mut self) {
        let is_start = self.at == 1 || self.pattern.get(self.at.wrapping_sub(2)) == Some(&'/');
        let start = self.at - 1;
        while self.peek() == Some('*') {
            self.at += 1;
        }
        let is_double = self.dialect == Dialect::Path && self.at - start == 2 && is_start;
        match self.peek() {
            Some('/') if is_double => {
                self.at += 1;
                self.out.push_str("(?:[^/]+/)*");
            }
            None if is_double && self.out.ends_with('/') => {
                self.out.pop();
                self.out.push_str("(?:/(?s:.*))?");
            }
            None if is_double => self.out.push_str("(?s:.*)"),
            _ => self.out.push_str("[^/]*"),
        }
    }

    /// What follows `[`.
    fn class(&mut self) -> Option<()> {
        let negated = self.peek() == Some('^') || self.dialect == Dialect::Path && self.peek() == Some('!');
        self.at += usize::from(negated);
        let (mut ranges, mut count) = (String::new(), 0);
        while count == 0 || self.peek()? != ']' {
            let low = self.class_character()?;
            let mut high = low;
            if self.peek()? == '-' {
                self.at += 1;
                high = self.class_character()?;
            }
            if low <= high {
                ranges.push_str(&format!("\\x{{{:x}}}-\\x{{{:x}}}", u32::from(low), u32::from(high)));
            }
            count += 1;
        }
        self.at += 1;
        self.out.push_str(&match (negated, ranges.is_empty()) {
            (true, _) => format!("[^/{ranges}]"),
            (false, true) => "[a&&b]".to_owned(),
            (false, false) => format!("[{ranges}]"),
        });
        Some(())
    }

    fn class_character(&mut self) -> Option<char> {
        match self.next()? {
            '-' | ']' => None,
            '\\' => self.next(),
            other => Some(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_match_as_doublestar_does() {
        let cases = [
            ("*.md", "a.md", true),
            ("*.md", "a/b.md", false),
            ("**/*.md", "b.md", true),
            ("**/*.md", "a/b/c.md", true),
            ("**", "a/b", true),
            ("a/**", "a", true),
            ("a/**", "a/b/c", true),
            ("a/**", "ab", false),
            ("a/**/b", "a/b", true),
            ("a/**/b", "a/x/y/b", true),
            ("**/testdata/**", "testdata", true),
            ("**/testdata/**", "x/testdata/y", true),
            ("**/testdata/**", "x/testdata2", false),
            ("a**b", "axb", true),
            ("a**b", "a/b", false),
            ("a?c", "a/c", false),
            ("*.{md,txt}", "a.txt", true),
            ("*.{md,txt}", "a.yaml", false),
            ("[!a]", "b", true),
            ("[^a-c]x", "bx", false),
            ("\\*", "*", true),
            ("a.b", "axb", false),
            ("[b-a]", "a", false),
        ];
        for (pattern, path, expected) in cases {
            assert_eq!(Glob::of_paths(pattern).map(|glob| glob.matches(path)), Some(expected), "{pattern} on {path}");
        }
        for pattern in ["[", "[]a]", "[a-]", "a\\", "{a,b", "[*.md"] {
            assert!(Glob::of_paths(pattern).is_none(), "{pattern}");
        }
    }

    #[test]
    fn names_match_as_go_does() {
        let matches = |pattern, name: &str| Glob::compile(pattern, Dialect::Name).map(|glob| glob.matches(name));
        assert_eq!(matches("**", "a"), Some(true));
        assert_eq!(matches("{a,b}*", "a"), Some(false));
        assert_eq!(matches("{a,b}*", "{a,b}x"), Some(true));
        assert_eq!(matches("[!a]", "b"), Some(false));
        assert_eq!(matches("[", "a"), None);
    }

    #[test]
    fn the_prefix_ends_before_the_first_wildcard() {
        let cases = [("a/b/*.yaml", "a/b"), ("*", ""), ("a*/b", ""), ("a/**", "a"), ("a/b", "a/b")];
        for (pattern, prefix) in cases {
            assert_eq!(literal_prefix(pattern), prefix, "{pattern}");
        }
    }
}

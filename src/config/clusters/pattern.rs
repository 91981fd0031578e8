//! Patterns of paths.

use glob::{Pattern, PatternError};

use crate::yaml::Span;

/// Longer patterns are refused: `glob` calls itself once for each `*` that has matched.
const MAX_LENGTH: usize = 1000;

/// A pattern of paths of the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPattern {
    /// As it is written, without `./`.
    pub pattern: Pattern,
    pub place: Option<Span>,
    /// One for each folder of the pattern; `None` for `**`. `glob` tries all divisions of a name among the `*` of a pattern
    /// if it may not cross a `/`, and none twice within one name.
    segments: Vec<Option<Pattern>>,
    /// The folder of the repository, from where the pattern counts; empty where that is the repository itself.
    prefix: String,
}

impl PathPattern {
    /// Reads a pattern: `*` and `?` stay within a folder, `**` is any number of folders.
    ///
    /// # Errors
    /// The pattern is none, for example `a**` or `[a`.
    pub fn new(text: &str, place: Option<Span>) -> Result<Self, PatternError> {
        if text.len() > MAX_LENGTH {
            return Err(PatternError { pos: MAX_LENGTH, msg: "it is too long" });
        }
        let pattern = Pattern::new(text)?;
        let segment = |text: &str| if text == "**" { Ok(None) } else { Pattern::new(text).map(Some) };
        let segments = text.split('/').map(segment).collect::<Result<_, _>>()?;
        Ok(Self { pattern, place, segments, prefix: String::new() })
    }

    /// Makes the pattern count from a folder above the repository, which is at `prefix` below it.
    pub(in crate::config) fn count_from(&mut self, prefix: &str) {
        prefix.clone_into(&mut self.prefix);
    }

    /// Whether a path, relative to the repository, is one of the pattern's: as `glob` has it with
    /// `require_literal_separator`.
    pub fn matches(&self, path: &str) -> bool {
        let above = self.prefix.split('/').filter(|name| !name.is_empty());
        let names: Vec<&str> = above.chain(path.split('/')).collect();
        let (mut pattern, mut name) = (0, 0);
        // Where the last `**` is, and the name after those that it takes.
        let mut last: Option<(usize, usize)> = None;
        loop {
            match self.segments.get(pattern) {
                Some(None) if pattern + 1 < self.segments.len() => {
                    last = Some((pattern, name));
                    pattern += 1;
                    continue;
                }
                // At the end it takes all that is left, one name at least.
                Some(None) if name < names.len() => return true,
                Some(Some(segment)) if names.get(name).is_some_and(|name| segment.matches(name)) => {
                    (pattern, name) = (pattern + 1, name + 1);
                    continue;
                }
                None if name == names.len() => return true,
                _ => {}
            }
            match last.filter(|(_, taken)| *taken < names.len()) {
                Some((at, taken)) => {
                    last = Some((at, taken + 1));
                    (pattern, name) = (at + 1, taken + 1);
                }
                None => return false,
            }
        }
    }
}

impl PathPattern {
    /// Whether a file is one of the pattern's. One without `*` names a file, or a folder with all that is in it.
    pub fn covers(&self, file: &str) -> bool {
        let folder = self.pattern.as_str();
        if is_pattern(folder) {
            return self.matches(file);
        }
        let path = if self.prefix.is_empty() { file.to_owned() } else { format!("{}/{file}", self.prefix) };
        folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// Whether a path is a pattern, not a folder.
pub(super) fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?', '['])
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use glob::MatchOptions;

    use super::*;

    #[test]
    fn patterns_stay_within_folders() {
        let matches = |pattern: &str, path: &str| PathPattern::new(pattern, None).is_ok_and(|it| it.matches(path));
        assert!(matches("clusters/*", "clusters/eu"));
        assert!(matches("clusters/*", "clusters/.eu"));
        assert!(!matches("clusters/*", "clusters/eu/a"));
        assert!(!matches("clusters/*", "clusters"));
        assert!(!matches("clusters/*", "Clusters/eu"));
        assert!(matches("envs/*/*", "envs/qa/01"));
        assert!(matches("archive/**", "archive/a/b.yaml"));
        assert!(matches("apps/*/old/**", "apps/mail/old/ks.yaml"));
        assert!(!matches("apps/*/old/**", "apps/mail/new/old/ks.yaml"));
        assert!(matches("**/old", "a/b/old"));
        assert!(PathPattern::new("a**", None).is_err() && PathPattern::new("[a", None).is_err());
    }

    #[test]
    fn a_folder_covers_all_that_is_in_it() {
        let covers = |pattern: &str, prefix: &str, file: &str| {
            let mut pattern = PathPattern::new(pattern, None).unwrap();
            pattern.count_from(prefix);
            pattern.covers(file)
        };
        assert!(covers("clusters/eu", "", "clusters/eu/a/b.yaml"));
        assert!(covers("clusters/eu/a.yaml", "", "clusters/eu/a.yaml"));
        assert!(!covers("clusters/eu", "", "clusters/eu-1/a.yaml"));
        assert!(!covers("eu", "", "clusters/eu/a.yaml"));
        assert!(covers("", "", "a.yaml"));
        assert!(covers("fleet", "fleet", "a.yaml") && covers("fleet/clusters", "fleet", "clusters/a.yaml"));
        assert!(!covers("clusters", "fleet", "clusters/a.yaml"));
        // Where it has `*`, it says itself how deep it goes.
        assert!(!covers("clusters/*", "", "clusters/eu/a.yaml") && covers("clusters/**", "", "clusters/eu/a.yaml"));
    }

    /// All texts of up to some length over an alphabet.
    fn texts(alphabet: &[&str], length: usize) -> Vec<String> {
        let mut texts = vec![String::new()];
        let mut from = 0;
        for _ in 0..length {
            let to = texts.len();
            for index in from..to {
                let longer: Vec<String> = alphabet.iter().map(|it| format!("{}{it}", texts[index])).collect();
                texts.extend(longer);
            }
            from = to;
        }
        texts
    }

    #[test]
    fn patterns_match_as_glob_does() {
        let options = MatchOptions { require_literal_separator: true, ..MatchOptions::new() };
        let is_clean = |path: &&String| !path.is_empty() && path.split('/').all(|name| !name.is_empty());
        let patterns = texts(&["a", "/", "*", "**", "?"], 6);
        let paths = texts(&["a", "b", "/"], 5);
        let paths: Vec<&String> = paths.iter().filter(is_clean).collect();
        for pattern in patterns.iter().filter(is_clean) {
            let Ok(ours) = PathPattern::new(pattern, None) else { continue };
            for path in &paths {
                let expected = ours.pattern.matches_with(path, options);
                assert_eq!(ours.matches(path), expected, "{pattern} {path}");
            }
        }
    }

    #[test]
    fn hostile_patterns_cost_little() {
        let start = Instant::now();
        let name = "a".repeat(250);
        let path = format!("{name}/{name}/{name}");
        for pattern in
            [format!("{}b/x", "*a".repeat(100)), "**/a*/".repeat(100) + "b", format!("{}b", "*a".repeat(490))]
        {
            assert!(!PathPattern::new(&pattern, None).unwrap().matches(&path));
        }
        assert!(PathPattern::new(&"*a".repeat(501), None).is_err());
        assert!(start.elapsed().as_secs() < 5);
    }
}

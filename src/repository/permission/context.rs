//! Which lists of a page are about the permissions of a token: the sentence or the heading before them says so.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::list::{demanded, scope};
use super::names::SCOPES;
use super::{DemandedPermission, PermissionList, place_of, span};
use crate::repository::markdown::{Block, Prose, codes, plain};
use crate::repository::written::Written;
use crate::source::FileId;
use crate::yaml::Span;

/// Words that tell that a list is about a token.
const TOKEN: &str = r"(?i)\b(tokens?|pats?|personal access|github app|fine-grained)\b";

/// Words that tell that it is about a classic one.
const CLASSIC: &str = r"(?i)\b(scopes?|classic)\b";

/// A name that a token has in shells and workflows.
const NAME: &str = r"\b[A-Z][A-Z0-9_]*(?:TOKEN|PAT)(?:_[A-Z0-9_]+)?\b";

/// Prose is looked at as far as this, in bytes.
const LIMIT: usize = 4_000;

/// Goes through the blocks of a page.
pub(super) struct Reader<'a> {
    text: &'a str,
    file: FileId,
    heading: Option<Prose>,
    /// The paragraph before the items.
    intro: Option<Prose>,
    /// The list of this paragraph or heading.
    current: Option<PermissionList>,
    lists: Vec<PermissionList>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, file: FileId) -> Self {
        Self { text, file, heading: None, intro: None, current: None, lists: Vec::new() }
    }

    pub(super) fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(_, prose) => {
                self.finish();
                (self.heading, self.intro) = (Some(prose.clone()), None);
            }
            Block::Paragraph { prose, is_item: true } => self.item(prose, plain(self.text, &bounded(prose))),
            Block::Row(prose) => {
                let cells = plain(self.text, &bounded(prose));
                let cells: Vec<&str> = cells.split('|').map(str::trim).filter(|cell| !cell.is_empty()).collect();
                self.item(prose, cells.join(" | "));
            }
            Block::Paragraph { prose, .. } => {
                self.finish();
                self.intro = Some(prose.clone());
                self.scopes_of_sentence(prose);
            }
            Block::Code { .. } => self.finish(),
        }
    }

    pub(super) fn lists(mut self) -> Vec<PermissionList> {
        self.finish();
        self.lists
    }

    fn finish(&mut self) {
        self.lists.extend(self.current.take());
    }

    fn item(&mut self, prose: &Prose, text: String) {
        let place = self.place(prose);
        let found = demanded(&text);
        if !found.is_empty() && self.is_about(TOKEN) {
            let permission = |(name, level): (&str, _)| DemandedPermission { name: name.into(), level, place };
            let new: Vec<DemandedPermission> = found.into_iter().map(permission).collect();
            self.list().permissions.extend(new);
        } else if let Some(scope) = scope(&text).filter(|_| self.is_about(TOKEN) && self.is_about(CLASSIC)) {
            let scope = Written::known(scope, place);
            self.list().scopes.push(scope);
        }
    }

    /// `a token with the `repo` and `workflow` scopes`
    fn scopes_of_sentence(&mut self, prose: &Prose) {
        let sentence = plain(self.text, &bounded(prose));
        let is_about = |pattern| is_match(pattern, &sentence);
        if !is_about(TOKEN) || !is_about(CLASSIC) {
            return;
        }
        let scopes: Vec<Written> =
            self.codes(prose).into_iter().filter(|code| SCOPES.contains(&code.text.as_str())).collect();
        if !scopes.is_empty() {
            self.list().scopes.extend(scopes);
        }
    }

    /// Whether the sentence or the heading before an item says a word.
    fn is_about(&self, pattern: &'static str) -> bool {
        let mut before = self.intro.iter().chain(&self.heading);
        before.any(|prose| is_match(pattern, &plain(self.text, &bounded(prose))))
    }

    /// The list at hand, begun if there is none.
    fn list(&mut self) -> &mut PermissionList {
        let list = self.current.take().unwrap_or_else(|| self.begun());
        self.current.insert(list)
    }

    fn begun(&self) -> PermissionList {
        let introduced = self.intro.as_ref().or(self.heading.as_ref());
        let names_repositories =
            |prose: &&Prose| plain(self.text, &bounded(prose)).to_lowercase().contains("repositor");
        let repositories = self.intro.as_ref().filter(names_repositories).map(|prose| self.codes(prose));
        let is_repository = |code: &Written| {
            let is_part =
                |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || "._-".contains(c));
            let is_name = code.text.split('/').all(is_part) && code.text.split('/').count() <= 2;
            is_name && code.text.contains(|c: char| c.is_lowercase()) && !SCOPES.contains(&code.text.as_str())
        };
        PermissionList {
            heading: self.heading.as_ref().map(|prose| self.title(prose)),
            token: self.intro.iter().chain(&self.heading).find_map(|prose| self.name(prose)),
            repositories: repositories.unwrap_or_default().into_iter().filter(is_repository).collect(),
            permissions: Vec::new(),
            scopes: Vec::new(),
            place: introduced.map_or(span(self.file, 0..0), |prose| self.place(prose)),
        }
    }

    fn title(&self, prose: &Prose) -> Written {
        let text = plain(self.text, &bounded(prose));
        Written::known(text.trim_matches(['#', ' ']), self.place(prose))
    }

    fn name(&self, prose: &Prose) -> Option<Written> {
        prose.iter().find_map(|line| {
            let found = pattern(NAME)?.find(self.text.get(line.clone())?)?;
            let range = line.start + found.start()..line.start + found.end();
            Some(Written::known(found.as_str(), span(self.file, range)))
        })
    }

    fn codes(&self, prose: &Prose) -> Vec<Written> {
        let found = codes(self.text, &bounded(prose)).into_iter();
        found
            .map(|code| Written::known(self.text.get(code.clone()).unwrap_or_default(), span(self.file, code)))
            .collect()
    }

    fn place(&self, prose: &Prose) -> Span {
        place_of(prose, self.file).unwrap_or_else(|| span(self.file, 0..0))
    }
}

/// The first lines of a paragraph.
fn bounded(prose: &[Range<usize>]) -> Prose {
    let start = prose.first().map_or(0, |line| line.start);
    prose.iter().take_while(|line| line.end - start <= LIMIT).cloned().collect()
}

fn is_match(text: &'static str, prose: &str) -> bool {
    pattern(text).is_some_and(|pattern| pattern.is_match(prose))
}

/// One of the patterns, compiled once.
fn pattern(text: &'static str) -> Option<&'static Regex> {
    static PATTERNS: LazyLock<Vec<(&str, Regex)>> = LazyLock::new(|| {
        let compiled = [TOKEN, CLASSIC, NAME].into_iter().filter_map(|text| Some((text, Regex::new(text).ok()?)));
        compiled.collect()
    });
    PATTERNS.iter().find(|(known, _)| *known == text).map(|(_, pattern)| pattern)
}

//! The tree of a configuration file to the checked configuration.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::{Config, ConfiguredSource, Level, LevelSelector, ProfileKind};
use crate::credentials::{Permission, Token};
use crate::near::did_you_mean;
use crate::problem::{Problem, ProblemKind};
use crate::yaml::scalar::{Typed, resolve};
use crate::yaml::{Entry, Node, Stream};

const KEYS: [&str; 6] = ["sources", "profile", "environments", "tokens", "externals", "rules"];
const SOURCE_KEYS: [&str; 2] = ["path", "revision"];
const TOKEN_KEYS: [&str; 5] = ["name", "secrets", "labels", "repositories", "permissions"];

/// Collects what is wrong while it reads.
pub(super) struct Checker<'a> {
    pub known_rules: &'a [&'a str],
    pub problems: Vec<Problem>,
}

impl Checker<'_> {
    /// The configuration of a file: one document, or nothing at all.
    pub(super) fn config(&mut self, stream: &Stream) -> Config {
        let mut config = Config::default();
        let mut roots = Vec::new();
        for document in &stream.documents {
            match document {
                Ok(document) => {
                    self.problems.extend(document.duplicate_keys.iter().cloned());
                    roots.extend(&document.root);
                }
                Err(problem) => self.problems.push(problem.clone()),
            }
        }
        if let Some(second) = roots.get(1) {
            self.wrong(second, "the configuration is one document, this is a second one", "remove it");
        }
        if let Some(root) = roots.first().filter(|root| !is_null(root)) {
            self.root(root, &mut config);
        }
        config
    }

    fn root(&mut self, root: &Node, config: &mut Config) {
        for Entry { key, value } in self.entries(root, "the configuration") {
            if is_null(value) && KEYS.contains(&key.text().unwrap_or_default()) {
                continue;
            }
            match key.text().unwrap_or_default() {
                "sources" => config.sources = self.sources(value),
                "profile" => config.profile = self.profile(value),
                "environments" => config.environments = Some(self.texts(value, "environments")),
                "tokens" => config.tokens = Some(self.tokens(value)),
                "externals" => config.externals = self.externals(value),
                "rules" => config.levels = self.levels(value),
                _ => self.unknown_key(key, &KEYS, "the configuration"),
            }
        }
    }

    fn sources(&mut self, node: &Node) -> Vec<ConfiguredSource> {
        let mut sources = Vec::new();
        for Entry { key, value } in self.entries(node, "`sources`") {
            let Some(url) = self.text(key, "the URL of a source") else { continue };
            let (mut path, mut revision) = (None, None);
            if value.as_mapping().is_none() {
                path = self.text(value, &format!("the path of source `{url}`"));
            } else {
                for Entry { key, value } in value.entries() {
                    match key.text().unwrap_or_default() {
                        "path" => path = self.text(value, "`path`"),
                        "revision" => revision = self.text(value, "`revision`"),
                        _ => self.unknown_key(key, &SOURCE_KEYS, "a source"),
                    }
                }
                if value.get("path").is_none() {
                    self.wrong(key, &format!("source `{url}` has no `path`"), "add where it lies on this machine");
                }
            }
            let place = key.place();
            sources.extend(path.map(|path| ConfiguredSource { url, path: path.into(), revision, place }));
        }
        sources
    }

    fn profile(&mut self, node: &Node) -> Option<ProfileKind> {
        let text = self.text(node, "`profile`")?;
        let kind = ProfileKind::ALL.into_iter().find(|kind| kind.as_str() == text);
        if kind.is_none() {
            self.unknown_word(node, "profile", &text, &ProfileKind::ALL.map(ProfileKind::as_str));
        }
        kind
    }

    fn tokens(&mut self, node: &Node) -> Vec<Token> {
        let items = self.items(node, "tokens");
        items.iter().filter_map(|item| self.token(item)).collect()
    }

    fn token(&mut self, node: &Node) -> Option<Token> {
        let mut token = Token {
            name: SmolStr::default(),
            secrets: Vec::new(),
            labels: BTreeMap::new(),
            repositories: Vec::new(),
            permissions: BTreeMap::new(),
            place: None,
        };
        for Entry { key, value } in self.entries(node, "a token") {
            match key.text().unwrap_or_default() {
                "name" => {
                    token.place = value.place();
                    token.name = self.text(value, "the `name` of a token").unwrap_or_default();
                }
                "secrets" => token.secrets = self.pairs(value, "secrets", "namespace/name"),
                "labels" => token.labels = self.texts(value, "labels"),
                "repositories" => {
                    let pairs = self.pairs(value, "repositories", "owner/name");
                    // People paste the end of the URL.
                    let names = pairs.iter().map(|(owner, name)| (owner, name.strip_suffix(".git").unwrap_or(name)));
                    token.repositories = names.map(|(owner, name)| format!("{owner}/{name}").into()).collect();
                }
                "permissions" => token.permissions = self.permissions(value),
                _ => self.unknown_key(key, &TOKEN_KEYS, "a token"),
            }
        }
        if node.as_mapping().is_some() && node.get("name").is_none() {
            let place = node.entries().first().map_or(node, |entry| &entry.key);
            self.wrong(place, "a token has no `name`", "add one: findings call the token by it");
        }
        node.as_mapping().map(|_| token)
    }

    fn permissions(&mut self, node: &Node) -> BTreeMap<SmolStr, Permission> {
        let words = self.entries(node, "`permissions`");
        let mut permissions = BTreeMap::new();
        for Entry { key, value } in words {
            let (Some(name), Some(level)) = (self.text(key, "a permission"), self.text(value, "a permission")) else {
                continue;
            };
            match [Permission::Read, Permission::Write].into_iter().find(|known| known.as_str() == level) {
                Some(level) => drop(permissions.insert(name, level)),
                None => self.unknown_word(value, "level of a permission", &level, &["read", "write"]),
            }
        }
        permissions
    }

    fn levels(&mut self, node: &Node) -> Vec<(LevelSelector, Level)> {
        let mut levels = Vec::new();
        for Entry { key, value } in self.entries(node, "`rules`") {
            let selector = self.selector(key);
            let Some(text) = self.text(value, "the level of a rule") else { continue };
            let level = Level::ALL.into_iter().find(|level| level.as_str() == text);
            if level.is_none() {
                self.unknown_word(value, "level", &text, &Level::ALL.map(Level::as_str));
            }
            levels.extend(selector.zip(level));
        }
        levels
    }

    fn selector(&mut self, key: &Node) -> Option<LevelSelector> {
        let text = self.text(key, "the name of a rule")?;
        if self.known_rules.contains(&text.as_str()) {
            return Some(LevelSelector::Rule(text));
        }
        let mut families: Vec<&str> = self.known_rules.iter().filter_map(|id| Some(id.split_once('/')?.0)).collect();
        families.dedup();
        if families.contains(&text.as_str()) {
            return Some(LevelSelector::Family(text));
        }
        let known: Vec<&str> = self.known_rules.iter().copied().chain(families).collect();
        let help = did_you_mean(&text, &known).unwrap_or_else(|| "`fleetlint rules` lists all rules".into());
        self.wrong(key, &format!("there is no rule or family `{text}`"), &help);
        None
    }

    /// Texts by name (`environments`, `labels`).
    pub(super) fn texts(&mut self, node: &Node, what: &str) -> BTreeMap<SmolStr, SmolStr> {
        let mut texts = BTreeMap::new();
        for Entry { key, value } in self.entries(node, &format!("`{what}`")) {
            let value = self.text(value, &format!("`{}` in `{what}`", key.text().unwrap_or_default()));
            texts.extend(key.text().map(SmolStr::from).zip(value));
        }
        texts
    }

    /// Texts of two parts with `/` in between.
    fn pairs(&mut self, node: &Node, what: &str, form: &str) -> Vec<(SmolStr, SmolStr)> {
        let mut pairs = Vec::new();
        for item in self.items(node, what) {
            let Some(text) = self.text(item, &format!("an item of `{what}`")) else { continue };
            match text.split_once('/').filter(|(left, right)| !left.is_empty() && is_name(right)) {
                Some((left, right)) => pairs.push((left.into(), right.into())),
                None => self.wrong(item, &format!("`{text}` is not of the form `{form}`"), &format!("write `{form}`")),
            }
        }
        pairs
    }

    pub(super) fn entries<'n>(&mut self, node: &'n Node, what: &str) -> &'n [Entry] {
        if node.as_mapping().is_none() && !is_null(node) {
            self.wrong(node, &format!("{what} is not a mapping"), "write `key: value` lines below it");
        }
        node.entries()
    }

    pub(super) fn items<'n>(&mut self, node: &'n Node, what: &str) -> &'n [Node] {
        if node.as_sequence().is_none() && !is_null(node) {
            self.wrong(node, &format!("`{what}` is not a list"), "write `- item` lines below it");
        }
        node.items()
    }

    pub(super) fn text(&mut self, node: &Node, what: &str) -> Option<SmolStr> {
        match node.text() {
            Some(text) if !is_null(node) && !text.is_empty() => return Some(text.into()),
            Some(_) => self.wrong(node, &format!("{what} is empty"), "give it a value or remove it"),
            None => self.wrong(node, &format!("{what} is not a text"), "write a single value"),
        }
        None
    }

    pub(super) fn unknown_key(&mut self, key: &Node, known: &[&str], what: &str) {
        let text = key.text().unwrap_or_default();
        let help = did_you_mean(text, known).unwrap_or_else(|| format!("known are {}", list(known)));
        self.wrong(key, &format!("{what} has no key `{text}`"), &help);
    }

    fn unknown_word(&mut self, node: &Node, what: &str, text: &str, known: &[&str]) {
        let help = did_you_mean(text, known).unwrap_or_else(|| format!("known are {}", list(known)));
        self.wrong(node, &format!("there is no {what} `{text}`"), &help);
    }

    /// Collections are named by their first key or item: their spans may cover half of the file.
    pub(super) fn wrong(&mut self, node: &Node, message: &str, help: &str) {
        let first = node.entries().first().map(|entry| &entry.key).or(node.items().first());
        let place = first.unwrap_or(node).place();
        self.problems.push(Problem::new(ProblemKind::InvalidObject, message, place).help(help));
    }
}

pub(super) fn is_null(node: &Node) -> bool {
    node.as_scalar().is_some() && resolve(node) == Ok(Typed::Null)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.contains(['/', '*', '?'])
}

fn list(known: &[&str]) -> String {
    known.iter().map(|known| format!("`{known}`")).collect::<Vec<_>>().join(", ")
}

//! The tree of a configuration file to the checked configuration.

use super::shape::{ConfigReader, is_null};
use super::{Config, Level, LevelSelector, ProfileKind};
use smol_str::SmolStr;

use crate::near::did_you_mean;
use crate::yaml::{Entry, Node, Stream};

const KEYS: [&str; 12] = [
    "sources",
    "clusters",
    "discover",
    "unapplied",
    "flux",
    "profile",
    "environments",
    "tenants",
    "tokens",
    "externals",
    "exceptions",
    "rules",
];

impl ConfigReader<'_> {
    /// The configuration of a file: one document, or nothing at all.
    pub(super) fn config(&mut self, stream: &Stream) -> Config {
        let mut config = Config::default();
        let mut roots = Vec::new();
        for document in &stream.documents {
            match document {
                Ok(document) => {
                    self.problems.extend(document.duplicate_keys.iter().chain(&document.unread).cloned());
                    roots.extend(&document.root);
                }
                Err(problem) => self.problems.push(problem.clone()),
            }
        }
        if let Some(second) = roots.get(1) {
            self.wrong(second, "only one document is allowed, this is a second one", "remove it");
        }
        if let Some(root) = roots.first().filter(|root| !is_null(root)) {
            self.root(root, &mut config);
        }
        config
    }

    fn root(&mut self, root: &Node, config: &mut Config) {
        // It decides how entries of `clusters` are read.
        config.discover = self.flag(root, "discover");
        for Entry { key, value } in self.entries(root, "the configuration") {
            if is_null(value) && KEYS.contains(&key.text().unwrap_or_default()) {
                continue;
            }
            match key.text().unwrap_or_default() {
                "sources" => config.sources = self.sources(value),
                "clusters" => config.clusters = Some(self.configured_clusters(value, config.discover)),
                "discover" => {}
                "unapplied" => config.unapplied = self.unapplied(value),
                "flux" => config.flux = self.flux(value),
                "profile" => config.profile = self.profile(value),
                "environments" => config.environments = Some(self.texts(value, "environments")),
                "tenants" => config.tenants = self.tenants(value),
                "tokens" => config.tokens = Some(self.tokens(value)),
                "externals" => config.externals = self.externals(value),
                "exceptions" => config.exceptions = self.exceptions(value),
                "rules" => config.levels = self.levels(value),
                _ => self.unknown_key(key, &KEYS, "the configuration"),
            }
        }
    }

    /// A key of a mapping that is `true` or `false`; `false` where it is absent.
    fn flag(&mut self, node: &Node, key: &str) -> bool {
        let value = node.get(key).filter(|value| !is_null(value));
        value.and_then(|value| self.boolean(value, &format!("`{key}`"))).unwrap_or_default()
    }

    fn profile(&mut self, node: &Node) -> Option<ProfileKind> {
        let text = self.text(node, "`profile`")?;
        let kind = ProfileKind::ALL.into_iter().find(|kind| kind.as_str() == text);
        if kind.is_none() {
            self.unknown_word(node, "profile", &text, &ProfileKind::ALL.map(ProfileKind::as_str));
        }
        kind
    }

    fn levels(&mut self, node: &Node) -> Vec<(LevelSelector, Level)> {
        let mut levels = Vec::new();
        for Entry { key, value } in self.entries(node, "`rules`") {
            let selector = self.selector(key);
            let level = match value.as_mapping() {
                Some(_) => self.options(value),
                None => self.level(value),
            };
            levels.extend(selector.zip(level));
        }
        levels
    }

    /// The level and the options of a rule; no rule has options yet.
    fn options(&mut self, node: &Node) -> Option<Level> {
        let mut level = None;
        for Entry { key, value } in self.entries(node, "the options of a rule") {
            match key.text().unwrap_or_default() {
                "level" => level = self.level(value),
                _ => self.unknown_key(key, &["level"], "a rule"),
            }
        }
        level
    }

    fn level(&mut self, node: &Node) -> Option<Level> {
        let text = self.text(node, "the level of a rule")?;
        let level = Level::ALL.into_iter().find(|level| level.as_str() == text);
        if level.is_none() {
            self.unknown_word(node, "level", &text, &Level::ALL.map(Level::as_str));
        }
        level
    }

    /// The name of a rule or a family.
    pub(super) fn rule_or_family(&mut self, node: &Node) -> Option<SmolStr> {
        self.selector(node).map(|selector| match selector {
            LevelSelector::Rule(name) | LevelSelector::Family(name) => name,
        })
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
}

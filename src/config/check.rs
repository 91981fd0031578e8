//! The tree of a configuration file to the checked configuration.

use std::path::Path;

use super::shape::{ConfigReader, is_null};
use super::{Config, ConfiguredSchemas, ProfileKind, RuleOptions};
use crate::yaml::{Entry, Node, Stream};

pub(super) const KEYS: [&str; 14] = [
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
    "schemas",
    "exceptions",
    "rules",
    "overrides",
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
            if let Some((key, place)) = key.text().zip(value.place()) {
                config.places.insert(key.into(), place);
            }
            match key.text().unwrap_or_default() {
                "sources" => config.sources = self.sources(value),
                "clusters" => config.clusters = Some(self.configured_clusters(value, config.discover)),
                "discover" => {}
                "unapplied" => config.unapplied = self.patterns(value, "unapplied"),
                "flux" => config.flux = self.flux(value),
                "profile" => config.profile = self.profile(value),
                "environments" => config.environments = Some(self.texts(value, "environments")),
                "tenants" => config.tenants = self.tenants(value),
                "tokens" => config.tokens = Some(self.tokens(value)),
                "externals" => config.externals = self.externals(value),
                "schemas" => config.schemas = self.schemas(value),
                "exceptions" => config.exceptions = self.exceptions(value),
                "rules" => {
                    let (levels, options) = self.rules(value);
                    (config.levels, config.options) = (levels, RuleOptions(options));
                }
                "overrides" => config.overrides = self.overrides(value),
                _ => self.unknown_key(key, &KEYS, "the configuration"),
            }
        }
    }

    /// `schemas`: paths that count from the repository. Absolute ones would mean something else on each machine, and could
    /// name what a pull request should not read.
    fn schemas(&mut self, node: &Node) -> Vec<ConfiguredSchemas> {
        let mut schemas = Vec::new();
        for (path, place) in self.named(node, "schemas") {
            if Path::new(path.as_str()).has_root() {
                let help = "write a path relative to the repository, or use `--schema-location`";
                self.wrong_at(place, &format!("`{path}` is an absolute path"), help);
                continue;
            }
            schemas.push(ConfiguredSchemas { path: path.into(), place });
        }
        schemas
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
}

//! `tokens`: what the Git credentials reach and may do.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::shape::ConfigReader;
use crate::credentials::{Permission, Token};
use crate::near::near;
use crate::yaml::{Entry, Node};

const KEYS: [&str; 5] = ["name", "secrets", "labels", "repositories", "permissions"];

/// The permissions that rules and profiles are about. GitHub has others and adds new ones: any name is taken, except where
/// it is one of these with a typo, which would count as a permission that is missing.
const PERMISSIONS: [&str; 4] = ["administration", "contents", "metadata", "statuses"];

impl ConfigReader<'_> {
    pub(super) fn tokens(&mut self, node: &Node) -> Vec<Token> {
        let items = self.mappings(node, "tokens", "give the token a `name`, and say what it may do");
        items.into_iter().filter_map(|item| self.token(item)).collect()
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
                _ => self.unknown_key(key, &KEYS, "a token"),
            }
        }
        if node.as_mapping().is_some() && node.get("name").is_none() {
            let place = node.entries().first().map_or(node, |entry| &entry.key);
            self.wrong(place, "a token has no `name`", "add one: findings refer to the token by this name");
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
            if !PERMISSIONS.contains(&name.as_str()) && !near(&name, &PERMISSIONS).is_empty() {
                self.unknown_word(key, "permission", &name, &PERMISSIONS);
            }
            match [Permission::Read, Permission::Write].into_iter().find(|known| known.as_str() == level) {
                Some(level) => drop(permissions.insert(name, level)),
                None => self.unknown_word(value, "level of a permission", &level, &["read", "write"]),
            }
        }
        permissions
    }
}

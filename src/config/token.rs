//! `tokens`: what the Git credentials reach and may do.

use smol_str::SmolStr;

use super::shape::ConfigReader;
use crate::credentials::{Access, Permission, Token};
use crate::near::near;
use crate::yaml::{Entry, Node, Span};

const KEYS: [&str; 6] = ["name", "secrets", "labels", "repositories", "permissions", "account"];

/// The permissions that rules and profiles are about. GitHub has others and adds new ones: any name is taken, except where
/// it is one of these with a typo, which would count as a permission that is missing.
const PERMISSIONS: [&str; 7] =
    ["administration", "contents", "issues", "metadata", "pull_requests", "statuses", "workflows"];

impl ConfigReader<'_> {
    pub(super) fn tokens(&mut self, node: &Node) -> Vec<Token> {
        let items = self.mappings(node, "tokens", "give the token a `name`, and say what it may do");
        items.into_iter().filter_map(|item| self.token(item)).collect()
    }

    fn token(&mut self, node: &Node) -> Option<Token> {
        let mut token = Token::named("");
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
                "permissions" => self.permissions(value, &mut token),
                "account" => token.account = self.account(value),
                _ => self.unknown_key(key, &KEYS, "a token"),
            }
        }
        if node.as_mapping().is_some() && node.get("name").is_none() {
            let place = node.entries().first().map_or(node, |entry| &entry.key);
            self.wrong(place, "a token has no `name`", "add one: findings refer to the token by this name");
        }
        node.as_mapping().map(|_| token)
    }

    fn permissions(&mut self, node: &Node, token: &mut Token) {
        for Entry { key, value } in self.entries(node, "`permissions`") {
            let (Some(name), Some(level)) = (self.text(key, "a permission"), self.text(value, "a permission")) else {
                continue;
            };
            // Workflows write `pull-requests`.
            let name = SmolStr::from(name.replace('-', "_"));
            if !PERMISSIONS.contains(&name.as_str()) && !near(&name, &PERMISSIONS).is_empty() {
                self.unknown_word(key, "permission", &name, &PERMISSIONS);
            }
            match [Permission::Read, Permission::Write].into_iter().find(|known| known.as_str() == level) {
                Some(level) => {
                    token.permission_places.extend(value.place().map(|place| (name.clone(), place)));
                    token.permissions.insert(name, level);
                }
                None => self.unknown_word(value, "level of a permission", &level, &["read", "write"]),
            }
        }
    }

    /// What the account is in the repositories.
    fn account(&mut self, node: &Node) -> Option<(Access, Option<Span>)> {
        let role = self.text(node, "`account`")?;
        let known = Access::ALL.into_iter().find(|known| known.as_str() == role);
        if known.is_none() {
            self.unknown_word(node, "role of an account", &role, &Access::ALL.map(Access::as_str));
        }
        known.map(|role| (role, node.place()))
    }
}

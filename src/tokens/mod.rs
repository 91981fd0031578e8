//! The tokens of a fleet: what each is used for, which the graph knows, and what somebody declared of it, which the
//! configuration, the runbooks or the profile say.

mod propagated;
mod runbook;
mod stored;

pub use propagated::{copies_into, created_secrets, object_of, rules_of, tenant_of, used_secrets};
pub use stored::Stored;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use smol_str::SmolStr;

use crate::credentials::{Permission, Purpose, Token};
use crate::fleet::facets::credentials::TokenUse;
use crate::fleet::{Cluster, Fleet, Outcome, Reconciler, Unseen};
use crate::repository::Repositories;
use crate::source::url;

/// What is known about the tokens of a fleet.
pub struct Tokens<'a, 'r> {
    pub fleet: &'a Fleet,
    pub repositories: &'a Repositories<'r>,
    /// What credentials are used for on all clusters.
    pub uses: Vec<TokenUse<'a>>,
    /// What pages say, read when it is first needed.
    of_runbooks: OnceLock<Vec<Token>>,
}

impl<'a, 'r> Tokens<'a, 'r> {
    /// Reads no page yet.
    pub fn of(fleet: &'a Fleet, repositories: &'a Repositories<'r>) -> Self {
        Self { fleet, repositories, uses: fleet.token_uses(), of_runbooks: OnceLock::new() }
    }

    /// The Secret that a use comes to in the end: the one that is copied, where it names a copy.
    pub fn secret_of(&self, used: &TokenUse<'_>) -> (SmolStr, SmolStr) {
        self.fleet.credentials(used.cluster).original(&used.secret)
    }

    /// The token behind a use: as the configuration declares it; else as a page does; else as the profile assumes it.
    pub fn behind(&self, used: &TokenUse<'_>) -> Option<&Token> {
        self.in_secret(&self.secret_of(used))
    }

    /// The token in a Secret.
    pub fn in_secret(&self, secret: &(SmolStr, SmolStr)) -> Option<&Token> {
        let known = self.fleet.known_token(secret);
        match known {
            Some(token) if !token.is_assumed() => known,
            _ => self.of_runbooks().iter().find(|token| token.is_in(&secret.0, &secret.1)).or(known),
        }
    }

    /// The tokens that pages declare.
    pub fn of_runbooks(&self) -> &[Token] {
        self.of_runbooks.get_or_init(|| runbook::declared(self.repositories, self.owner().as_deref()))
    }

    /// The tokens that somebody declared: the configuration, or a page about a Secret of which the configuration says
    /// nothing.
    pub fn declared(&self) -> Vec<&Token> {
        let configured = || self.fleet.profile.tokens.iter().filter(|token| !token.is_assumed());
        let is_new = |token: &&Token| !token.secrets.iter().any(|(ns, name)| configured().any(|it| it.is_in(ns, name)));
        configured().chain(self.of_runbooks().iter().filter(is_new)).collect()
    }

    /// The tokens that commands store under several names: groups of two or more, each of one variable.
    pub fn shared(&self) -> Vec<Vec<Stored<'_>>> {
        stored::shared(self.repositories)
    }

    /// The uses whose token lacks what a purpose needs, in a repository that it reaches. What a key may do, or a token of
    /// another forge, is not known.
    pub fn lacking(&self, purpose: Purpose) -> Vec<(&TokenUse<'a>, &Token)> {
        let need = purpose.need();
        let asked = self.uses.iter().filter(|used| used.purpose == purpose && used.asks_permissions());
        let known = asked.filter_map(|used| Some((used, self.behind(used)?)));
        known.filter(|(used, token)| token.lacks(need) && reaches(token, used)).collect()
    }

    /// What a token is used for.
    pub fn uses_of<'s>(&'s self, token: &'s Token) -> impl Iterator<Item = &'s TokenUse<'a>> {
        self.uses.iter().filter(move |used| self.behind(used).is_some_and(|it| std::ptr::eq(it, token)))
    }

    /// The least that a token has to be allowed for what it is used for.
    pub fn needed(&self, token: &Token) -> Vec<(&'static str, Permission)> {
        let asked = self.uses_of(token).filter(|used| used.asks_permissions());
        let needs = asked.filter_map(|used| {
            let need = used.purpose.need();
            // Where several would do, one that it has is enough.
            let granted = need.any_of.iter().find(|(name, level)| token.allows(name, *level));
            granted.copied().or(need.usual())
        });
        let mut least: Vec<(&'static str, Permission)> = needs.collect::<BTreeSet<_>>().into_iter().collect();
        // Of one permission the highest level, which sorts last.
        least.reverse();
        least.dedup_by_key(|(name, _)| *name);
        least.reverse();
        least
    }

    /// The tokens of the configuration whose Secrets no object uses, as they are or as copies.
    pub fn unused(&self) -> impl Iterator<Item = &Token> {
        let (mut named, mut open) = (BTreeSet::new(), BTreeSet::new());
        for cluster in &self.fleet.clusters {
            for secret in self.fleet.credentials(cluster).named_secrets() {
                // One that is not there may be a copy by a policy that is not evaluated.
                if cluster.find("", "Secret", &secret.0, &secret.1).is_none() {
                    open.insert(secret.1.clone());
                }
                named.insert(self.fleet.credentials(cluster).original(&secret));
            }
        }
        // What is no object of Flux may use it, too: any text that is its name.
        let is_used = move |token: &Token| {
            let mentioned =
                |name: &str| self.fleet.clusters.iter().any(|cluster| self.fleet.credentials(cluster).mentions(name));
            token
                .secrets
                .iter()
                .any(|secret| named.contains(secret) || open.contains(&secret.1) || mentioned(&secret.1))
        };
        let declared = self.fleet.profile.tokens.iter().filter(|token| !token.is_assumed());
        declared.filter(move |token| !is_used(token))
    }

    /// The clusters of which not all is known: something there may use a token that nothing seen uses.
    pub fn clusters_with_gaps(&self) -> Vec<&'a Cluster> {
        let is_unseen = |it: &Reconciler| it.outcome != Outcome::Opaque && !matches!(it.unseen, Unseen::Nothing);
        let is_open = |cluster: &&Cluster| {
            cluster.reconcilers.iter().any(is_unseen) || self.fleet.credentials(cluster).has_open_uses()
        };
        self.fleet.clusters.iter().filter(is_open).collect()
    }

    /// Whether Flux reads a repository of this name with a credential: then it is private as far as anybody knows.
    pub fn needs_login(&self, repository: &str) -> bool {
        let pulls = self.uses.iter().filter(|used| used.purpose == Purpose::Pull);
        let mut names = pulls.filter_map(|used| used.repository());
        names.any(|(_, name)| name == repository)
    }

    /// Whose repositories pages mean where they name no owner: the owner of the fleet.
    fn owner(&self) -> Option<SmolStr> {
        let sources = self.fleet.clusters.iter().filter_map(|cluster| cluster.sources().fleet_source());
        let mut owners = sources.filter_map(|source| url::owner_and_name(source.object.str("/spec/url")?));
        owners.next().map(|(owner, _)| owner)
    }
}

/// Whether a token may be one for the repository of a use: it covers it, or what it covers is not known.
fn reaches(token: &Token, used: &TokenUse<'_>) -> bool {
    token.repositories.is_empty() || used.repository().is_none_or(|(owner, name)| token.covers(&owner, &name))
}

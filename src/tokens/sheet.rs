//! What a platform engineer has to know to create each token: uses, least permissions, what is declared otherwise.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::Tokens;
use crate::credentials::{Access, Permission, Purpose, Token, shown_permission};
use crate::fleet::facets::credentials::{Login, TokenUse};
use crate::object::Object;
use crate::yaml::{Node, Span};

/// All tokens of a fleet.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub tokens: Vec<SheetToken>,
    /// The clusters of which not all is known: something there may use more.
    pub gaps: Vec<String>,
}

/// A token: all Secrets that hold it, and what they are used for.
#[derive(Clone, Debug)]
pub struct SheetToken {
    pub name: String,
    pub known_by: KnownBy,
    pub place: Option<Span>,
    /// `namespace/name`.
    pub secrets: Vec<String>,
    /// Where copies of them are.
    pub copies: BTreeSet<String>,
    /// The commands that store it, each with the token in the variable `TOKEN`.
    pub store: Vec<String>,
    pub login: Login,
    /// The permissions of GitHub decide about it.
    pub is_github: bool,
    pub uses: Vec<SheetUse>,
    /// The least permissions, by `owner/name`; without an entry for what the URL does not say.
    pub least: BTreeMap<String, Vec<(&'static str, Permission)>>,
    /// What the account that owns it has to be in these repositories.
    pub account: Access,
    /// What is used and not declared.
    pub missing: Vec<String>,
    /// What is declared and not used.
    pub unneeded: Vec<String>,
    /// The entry for fleetlint.yaml, where nothing is declared.
    pub declaration: Option<String>,
}

/// Who says what a token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownBy {
    Configuration,
    /// A page of Markdown.
    Page,
    /// The layout of the fleet lets expect it.
    Profile,
    Nobody,
}

/// What an object does with a token, on some clusters.
#[derive(Clone, Debug)]
pub struct SheetUse {
    pub purpose: Purpose,
    /// `Kind namespace/name`.
    pub object: String,
    pub repository: Option<String>,
    /// The branch, tag or range that is read, or the branch that is pushed to.
    pub branch: Option<String>,
    pub place: Option<Span>,
    pub clusters: BTreeSet<String>,
}

/// All that names one token, on all clusters that are asked about.
#[derive(Default)]
struct Group<'t, 'a> {
    token: Option<&'t Token>,
    secrets: BTreeSet<(SmolStr, SmolStr)>,
    uses: Vec<&'t TokenUse<'a>>,
}

impl<'a> Tokens<'a, '_> {
    /// What there is to know about each token; `cluster` names the only one that is asked about.
    pub fn sheet(&self, cluster: Option<&str>) -> Sheet {
        let mut groups: BTreeMap<String, Group<'_, 'a>> = BTreeMap::new();
        for used in self.uses.iter().filter(|used| cluster.is_none_or(|name| used.cluster.name == name)) {
            let (token, secret) = (self.behind(used), self.secret_of(used));
            let key = token.map_or_else(
                // Clusters may have different Secrets of one name: a key is not a token.
                || format!("~{}/{} {:?}", secret.0, secret.1, used.login),
                |token| token.name.to_string(),
            );
            let group = groups.entry(key).or_default();
            group.token = token;
            group.secrets.insert(secret);
            group.uses.push(used);
        }
        let unused = self.declared().into_iter().filter(|token| cluster.is_none() && !groups_hold(&groups, token));
        let unused: Vec<SheetToken> = unused.map(|token| self.entry(&group_of(token))).collect();
        let tokens = groups.values().map(|group| self.entry(group)).chain(unused).collect();
        let gaps = self.clusters_with_gaps().into_iter().map(|it| it.name.clone());
        Sheet { tokens, gaps: gaps.filter(|name| cluster.is_none_or(|only| only == name)).collect() }
    }

    fn entry(&self, group: &Group<'_, 'a>) -> SheetToken {
        let first = group.secrets.first().map(|(_, name)| name.as_str()).unwrap_or_default();
        let least = least(&group.uses, group.token);
        let account = group.uses.iter().filter(|used| used.is_github).map(|used| used.purpose.need().account).max();
        // Of one that nothing uses, all is too much.
        let compared = group.token.filter(|_| !group.uses.is_empty());
        let (missing, unneeded) = compared.map(|token| difference(token, &least)).unwrap_or_default();
        let is_github =
            !group.uses.is_empty() && group.uses.iter().all(|used| used.is_github || used.purpose == Purpose::Receive);
        let copies = group.secrets.iter().flat_map(|secret| self.fleet.copies_of(secret));
        SheetToken {
            name: group.token.map_or(first, |token| token.name.as_str()).to_owned(),
            known_by: known_by(group.token),
            place: group.token.and_then(|token| token.place),
            secrets: group.secrets.iter().map(|(namespace, name)| format!("{namespace}/{name}")).collect(),
            copies: copies.collect(),
            store: store(group),
            login: group.uses.iter().map(|used| used.login).max().unwrap_or(Login::Token),
            is_github,
            uses: uses(&group.uses),
            declaration: (group.token.is_none_or(Token::is_assumed) && !least.is_empty())
                .then(|| declaration(first, group, &least)),
            least,
            account: account.unwrap_or(Access::None),
            missing,
            unneeded,
        }
    }
}

/// The commands that store a token in its Secrets, under the keys that its users read.
fn store(group: &Group<'_, '_>) -> Vec<String> {
    if group.uses.iter().any(|used| used.login != Login::Token || used.purpose == Purpose::Receive) {
        return Vec::new();
    }
    let is_provider = |used: &&TokenUse<'_>| used.object.id.kind == "Provider";
    let (has_provider, has_git) = (group.uses.iter().any(is_provider), !group.uses.iter().all(is_provider));
    let labels = group.token.map(|token| &token.labels).into_iter().flatten();
    let labels: Vec<String> = labels.map(|(key, value)| format!("{key}={value}")).collect();
    let mut keys = String::new();
    if has_git {
        keys.push_str(" --from-literal=username=git --from-literal=password=\"$TOKEN\"");
    }
    if has_provider {
        keys.push_str(" --from-literal=token=\"$TOKEN\"");
    }
    let one = |(namespace, name): &(SmolStr, SmolStr)| {
        let created = format!("kubectl create secret generic {name} -n {namespace}{keys}");
        let labelled = format!("kubectl label secret {name} -n {namespace} {}", labels.join(" "));
        if labels.is_empty() { vec![created] } else { vec![created, labelled] }
    };
    group.secrets.iter().flat_map(one).collect()
}

/// Whether one of the groups is that of a token.
fn groups_hold(groups: &BTreeMap<String, Group<'_, '_>>, token: &Token) -> bool {
    groups.values().any(|group| group.token.is_some_and(|it| std::ptr::eq(it, token)))
}

fn group_of<'t, 'a>(token: &'t Token) -> Group<'t, 'a> {
    Group { token: Some(token), secrets: token.secrets.iter().cloned().collect(), uses: Vec::new() }
}

fn known_by(token: Option<&Token>) -> KnownBy {
    match token {
        None => KnownBy::Nobody,
        Some(token) if token.is_assumed() => KnownBy::Profile,
        Some(token) if token.is_of_runbook => KnownBy::Page,
        Some(_) => KnownBy::Configuration,
    }
}

/// The uses, those of several clusters together.
fn uses(all: &[&TokenUse<'_>]) -> Vec<SheetUse> {
    let mut merged: Vec<SheetUse> = Vec::new();
    for used in all {
        let new = SheetUse {
            purpose: used.purpose,
            object: used.object.id.to_string(),
            repository: used.shown_repository(),
            branch: branch(used),
            place: used.object.at(used.pointer()).and_then(Node::place),
            clusters: BTreeSet::from([used.cluster.name.clone()]),
        };
        let key = |it: &SheetUse| (it.purpose, it.object.clone(), it.repository.clone(), it.branch.clone(), it.place);
        match merged.iter_mut().find(|it| key(it) == key(&new)) {
            Some(known) => known.clusters.extend(new.clusters),
            None => merged.push(new),
        }
    }
    merged.sort_by(|a, b| (a.purpose, &a.object, &a.branch).cmp(&(b.purpose, &b.object, &b.branch)));
    merged
}

/// The branch, tag or range of versions that a source reads, or the branch that an automation pushes to.
fn branch(used: &TokenUse<'_>) -> Option<String> {
    const READ: [&str; 5] =
        ["/spec/ref/commit", "/spec/ref/name", "/spec/ref/semver", "/spec/ref/tag", "/spec/ref/branch"];
    const PUSHED: [&str; 2] = ["/spec/git/push/branch", "/spec/git/checkout/ref/branch"];
    let first = |object: &Object, fields: &[&str]| fields.iter().find_map(|field| object.str(field).map(str::to_owned));
    match used.purpose {
        Purpose::Pull => first(used.object, &READ),
        Purpose::Push => first(used.object, &PUSHED).or_else(|| first(used.holder.object, &READ)),
        _ => None,
    }
}

/// The least permissions in each repository. Where several would do, one that the token has is enough.
fn least(uses: &[&TokenUse<'_>], token: Option<&Token>) -> BTreeMap<String, Vec<(&'static str, Permission)>> {
    let mut least: BTreeMap<String, BTreeMap<&'static str, Permission>> = BTreeMap::new();
    for used in uses.iter().filter(|used| used.asks_permissions()) {
        let Some(repository) = used.shown_repository() else { continue };
        let need = used.purpose.need();
        let granted = need.any_of.iter().find(|(name, level)| token.is_some_and(|token| token.allows(name, *level)));
        let permissions = least.entry(repository).or_default();
        if let Some((name, level)) = granted.copied().or(need.usual()) {
            let known = permissions.entry(name).or_insert(level);
            *known = (*known).max(level);
        }
    }
    least.into_iter().map(|(repository, permissions)| (repository, permissions.into_iter().collect())).collect()
}

/// What is used and not declared, and what is declared and not used.
fn difference(token: &Token, least: &BTreeMap<String, Vec<(&'static str, Permission)>>) -> (Vec<String>, Vec<String>) {
    let (mut missing, mut unneeded) = (Vec::new(), Vec::new());
    let covers = |repository: &str| repository.split_once('/').is_some_and(|(owner, name)| token.covers(owner, name));
    if !token.repositories.is_empty() {
        missing.extend(least.keys().filter(|it| !covers(it)).map(|it| format!("repository {it}")));
        let is_used = |declared: &SmolStr| least.keys().any(|it| it.eq_ignore_ascii_case(declared));
        unneeded.extend(token.repositories.iter().filter(|it| !is_used(it)).map(|it| format!("repository {it}")));
    }
    let mut needed: BTreeMap<&str, Permission> = BTreeMap::new();
    for (name, level) in least.values().flatten() {
        let known = needed.entry(name).or_insert(*level);
        *known = (*known).max(*level);
    }
    if !token.permissions.is_empty() {
        let lacked = needed.iter().filter(|(name, level)| !token.allows(name, **level));
        missing.extend(lacked.map(|(name, level)| shown_permission(name, *level)));
        let declared = token.permissions.iter().filter(|(name, _)| *name != "metadata");
        let more = declared.filter(|(name, level)| needed.get(name.as_str()) < Some(level));
        unneeded.extend(more.map(|(name, level)| shown_permission(name, *level)));
    }
    (missing, unneeded)
}

/// The entry of `tokens` that declares what is needed.
fn declaration(name: &str, group: &Group<'_, '_>, least: &BTreeMap<String, Vec<(&'static str, Permission)>>) -> String {
    let mut token = Token::named(name);
    token.secrets = group.secrets.iter().cloned().collect();
    token.repositories = least.keys().map(SmolStr::from).collect();
    for (name, level) in least.values().flatten() {
        let known = token.permissions.entry((*name).into()).or_insert(*level);
        *known = (*known).max(*level);
    }
    token.declaration()
}

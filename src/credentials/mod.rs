//! Tokens: what each Git credential is used for, what that needs, what was declared.

mod label;
mod purpose;
mod secret_text;

pub use label::{permission_label, shown_permission};
pub use purpose::{Need, Purpose};
pub use secret_text::{is_plain_credential, is_plain_in_secret, says_secret};

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::yaml::Span;

/// A Git token and where it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub name: SmolStr,
    /// Namespace and name of the Secrets that hold it.
    pub secrets: Vec<(SmolStr, SmolStr)>,
    /// The labels of these Secrets.
    pub labels: BTreeMap<SmolStr, SmolStr>,
    /// The repositories it can reach, as `owner/name`.
    pub repositories: Vec<SmolStr>,
    /// What it may do there, by GitHub's permission names.
    pub permissions: BTreeMap<SmolStr, Permission>,
    /// What the account that owns it is in these repositories, and where that is said.
    pub account: Option<(Access, Option<Span>)>,
    /// Where it is declared; `None` for a default of the profile.
    pub place: Option<Span>,
    /// Where each permission is declared.
    pub permission_places: BTreeMap<SmolStr, Span>,
    /// A page of Markdown says so, not the configuration.
    pub is_of_runbook: bool,
}

/// How far a permission of a token goes; writing includes reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    Read,
    Write,
}

/// What an account is in a repository; each role includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    None,
    Read,
    Triage,
    Write,
    Maintain,
    Admin,
}

impl Token {
    /// A token of which only the name is known.
    pub fn named(name: impl Into<SmolStr>) -> Self {
        Self {
            name: name.into(),
            secrets: Vec::new(),
            labels: BTreeMap::new(),
            repositories: Vec::new(),
            permissions: BTreeMap::new(),
            account: None,
            place: None,
            permission_places: BTreeMap::new(),
            is_of_runbook: false,
        }
    }

    /// Whether it is said to hold this Secret.
    pub fn is_in(&self, namespace: &str, name: &str) -> bool {
        self.secrets.iter().any(|(ns, secret)| ns == namespace && secret == name)
    }

    /// Whether it lacks all permissions that would do for a need. One that is declared without permissions says nothing
    /// about what it may do.
    pub fn lacks(&self, need: Need) -> bool {
        let is_granted = || need.any_of.iter().any(|(permission, level)| self.allows(permission, *level));
        !self.permissions.is_empty() && !need.any_of.is_empty() && !is_granted()
    }

    /// The place to look at for a permission: where it is declared; else where the token is.
    pub fn place_of(&self, permission: &str) -> Option<Span> {
        self.permission_places.get(permission).copied().or(self.place)
    }

    /// Whether it may do this much in the repositories that it covers.
    pub fn allows(&self, permission: &str, level: Permission) -> bool {
        self.permissions.get(permission).is_some_and(|&granted| granted >= level)
    }

    /// Nobody declared it: the layout of the fleet lets expect it.
    pub fn is_assumed(&self) -> bool {
        self.place.is_none()
    }

    /// The entry of `tokens` in fleetlint.yaml that declares it, as one line.
    pub fn declaration(&self) -> String {
        let list = |items: Vec<String>| items.join(", ");
        let mut fields = vec![format!("name: {}", self.name)];
        if !self.secrets.is_empty() {
            let secrets = self.secrets.iter().map(|(namespace, name)| format!("{namespace}/{name}"));
            fields.push(format!("secrets: [{}]", list(secrets.collect())));
        }
        if !self.labels.is_empty() {
            let labels = self.labels.iter().map(|(key, value)| format!("{key}: {value}"));
            fields.push(format!("labels: {{{}}}", list(labels.collect())));
        }
        if !self.repositories.is_empty() {
            fields.push(format!("repositories: [{}]", self.repositories.join(", ")));
        }
        if !self.permissions.is_empty() {
            let permissions = self.permissions.iter().map(|(name, level)| format!("{name}: {}", level.as_str()));
            fields.push(format!("permissions: {{{}}}", list(permissions.collect())));
        }
        format!("- {{{}}}", list(fields))
    }

    /// Whether it reaches a repository. Owners and names compare as GitHub compares them, whatever their case.
    pub fn covers(&self, owner: &str, name: &str) -> bool {
        self.repositories.iter().any(|repository| {
            let parts = repository.split_once('/');
            parts.is_some_and(|(o, n)| o.eq_ignore_ascii_case(owner) && n.eq_ignore_ascii_case(name))
        })
    }
}

impl Access {
    /// All, in the order of what they may do.
    pub const ALL: [Self; 6] = [Self::None, Self::Read, Self::Triage, Self::Write, Self::Maintain, Self::Admin];

    /// The word of the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Triage => "triage",
            Self::Write => "write",
            Self::Maintain => "maintain",
            Self::Admin => "admin",
        }
    }
}

impl Permission {
    /// The word of the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

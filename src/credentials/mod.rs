//! Tokens: what each Git credential is used for, what that needs, what was declared.

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
    /// Where it is declared; `None` for a default of the profile.
    pub place: Option<Span>,
}

/// How far a permission of a token goes; writing includes reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    Read,
    Write,
}

impl Token {
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

impl Permission {
    /// The word of the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

//! Who asks the API server for what.

use smol_str::{SmolStr, format_smolstr};

/// The user name of a service account, up to its namespace.
const ACCOUNT: &str = "system:serviceaccount:";

/// The group of all service accounts; with `:NAMESPACE` those of one namespace.
pub const ALL_ACCOUNTS: &str = "system:serviceaccounts";

/// The group of everybody who has a name.
pub const AUTHENTICATED: &str = "system:authenticated";

/// The group that no authorizer is asked about.
const MASTERS: &str = "system:masters";

/// A user as the API server knows one: a name and groups. Service accounts are users, too.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct User {
    pub name: SmolStr,
    pub groups: Vec<SmolStr>,
}

impl User {
    /// A service account, with the groups that it is in. The object itself need not exist.
    pub fn account(namespace: &str, name: &str) -> Self {
        Self::new(&account_name(namespace, name), [])
    }

    /// A user by name; a service account brings its groups along.
    pub fn new<'a>(name: &str, groups: impl IntoIterator<Item = &'a str>) -> Self {
        let mut groups: Vec<SmolStr> = groups.into_iter().map(SmolStr::from).collect();
        if let Some((namespace, _)) = split_account(name) {
            let own = format_smolstr!("{ALL_ACCOUNTS}:{namespace}");
            groups.extend([ALL_ACCOUNTS.into(), own, AUTHENTICATED.into()]);
        }
        Self { name: name.into(), groups }
    }

    /// Namespace and name, where it is a service account.
    pub fn as_account(&self) -> Option<(&str, &str)> {
        split_account(&self.name)
    }

    /// Whether it is in a group.
    pub fn is_in(&self, group: &str) -> bool {
        self.groups.iter().any(|known| known == group)
    }

    /// Whether no authorizer is asked, nor the check against escalation.
    pub fn bypasses(&self) -> bool {
        self.is_in(MASTERS)
    }
}

/// The user name of a service account.
pub fn account_name(namespace: &str, name: &str) -> SmolStr {
    format_smolstr!("{ACCOUNT}{namespace}:{name}")
}

/// The namespace and the name of the service account that a user name stands for.
fn split_account(user: &str) -> Option<(&str, &str)> {
    let (namespace, name) = user.strip_prefix(ACCOUNT)?.split_once(':')?;
    let is_word = |text: &str, other: &[char]| {
        let is_known = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-' || other.contains(&it);
        let is_edge = |it: Option<char>| it.is_some_and(|it| it.is_ascii_alphanumeric());
        text.chars().all(is_known) && is_edge(text.chars().next()) && is_edge(text.chars().next_back())
    };
    (is_word(namespace, &[]) && is_word(name, &['.'])).then_some((namespace, name))
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Request<'a> {
    Resource(ResourceRequest<'a>),
    /// A path that is no resource, and the HTTP method in lower case.
    Url {
        verb: &'a str,
        path: &'a str,
    },
}

/// A request for objects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ResourceRequest<'a> {
    pub verb: &'a str,
    /// Empty for the core group.
    pub group: &'a str,
    /// The plural, in lower case.
    pub resource: &'a str,
    pub subresource: &'a str,
    /// Empty for the whole cluster. A request for one Namespace by its name has that name here.
    pub namespace: &'a str,
    /// Empty where no object is named.
    pub name: &'a str,
}

impl Request<'_> {
    /// The namespace that is asked about; empty for the whole cluster.
    pub fn namespace(&self) -> &str {
        match self {
            Self::Resource(request) => request.namespace,
            Self::Url { .. } => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_account_brings_its_groups() {
        let groups = |name: &str| User::new(name, []).groups.join(" ");
        let all = "system:serviceaccounts system:serviceaccounts:apps system:authenticated";
        assert_eq!(groups("system:serviceaccount:apps:flux"), all);
        assert_eq!(groups("system:serviceaccount:apps:a.b"), all);
        for other in ["jane", "system:serviceaccount:apps", "system:serviceaccount:a:b:c", "system:serviceaccount:A:b"]
        {
            assert_eq!(groups(other), "", "{other}");
        }
        assert_eq!(User::account("apps", "flux").as_account(), Some(("apps", "flux")));
    }
}

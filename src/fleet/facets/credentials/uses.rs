//! What the Git credentials of a cluster are used for: who uses them, for which repository, and how they are named.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::{Credentials, credential};
use crate::credentials::{Purpose, Token};
use crate::fleet::unseen::is_flux_group;
use crate::fleet::{AppliedBy, Cluster, ClusterObject, Fleet};
use crate::flux::api::group;
use crate::flux::kinds;
use crate::object::{Object, ObjectId};
use crate::source::url;
use crate::yaml::Node;

/// An object that does something at a forge with the credential of a Secret.
#[derive(Clone, Debug)]
pub struct TokenUse<'a> {
    pub cluster: &'a Cluster,
    pub purpose: Purpose,
    /// Who does it.
    pub object: &'a Object,
    /// The object that names the Secret: the source of an automation, else the same.
    pub holder: ClusterObject<'a>,
    /// JSON pointer of the name of the Secret in it.
    pub field: &'static str,
    /// Namespace and name of the Secret.
    pub secret: (SmolStr, SmolStr),
    pub login: Login,
    /// The permissions of GitHub are the ones to ask for; what other forges ask is not known.
    pub is_github: bool,
    /// `None` where the Secret says it, or a URL that is not known.
    pub url: Option<&'a str>,
}

/// How one logs in with a Secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Login {
    /// A token, or a password.
    Token,
    /// The private key of a GitHub App.
    App,
    /// An SSH key.
    Ssh,
}

impl TokenUse<'_> {
    /// `owner/name` of the repository.
    pub fn repository(&self) -> Option<(SmolStr, SmolStr)> {
        url::owner_and_name(self.url?)
    }

    /// The same as one text.
    pub fn shown_repository(&self) -> Option<String> {
        self.repository().map(|(owner, name)| format!("{owner}/{name}"))
    }

    /// JSON pointer of the field by which the object comes to the Secret.
    pub fn pointer(&self) -> &'static str {
        match self.purpose {
            Purpose::Push => "/spec/sourceRef/name",
            _ => self.field,
        }
    }

    /// Whether GitHub's permissions decide about it: they are those of tokens, not of keys.
    pub fn asks_permissions(&self) -> bool {
        self.is_github && self.login != Login::Ssh
    }
}

impl<'a> Credentials<'a> {
    /// What Git credentials are used for, in the order of purposes and objects.
    pub fn uses(self) -> Vec<TokenUse<'a>> {
        let pulls = self
            .cluster
            .sources()
            .all_git_repositories()
            .filter_map(move |source| self.use_of(source, Purpose::Pull, None));
        let pushes = self.cluster.sources().automations().filter_map(|(automation, source)| {
            let own = self.use_of(source, Purpose::Push, None)?;
            Some(TokenUse { object: automation.object, ..own })
        });
        let of_type = |kind| self.cluster.of_kind(group::NOTIFICATION, kind);
        let providers = of_type("Provider").filter_map(|placed| {
            let (purpose, is_github) = Purpose::of_provider(placed.object.str("/spec/type")?)?;
            self.use_of(placed, purpose, Some(is_github))
        });
        let inputs = self.cluster.of_kind(group::OPERATOR, "ResourceSetInputProvider").filter_map(|placed| {
            let (purpose, is_github) = Purpose::of_input(placed.object.str("/spec/type")?)?;
            self.use_of(placed, purpose, Some(is_github))
        });
        let receivers = of_type("Receiver").filter_map(|placed| {
            let secret = placed.object.str("/spec/secretRef/name").filter(|name| !name.is_empty())?;
            Some(self.placed_use(placed, Purpose::Receive, ("/spec/secretRef/name", secret), false))
        });
        pulls.chain(pushes).chain(providers).chain(inputs).chain(receivers).collect()
    }

    /// `is_github`: whether the type of the object says so; else its URL does.
    fn use_of(self, holder: ClusterObject<'a>, purpose: Purpose, is_github: Option<bool>) -> Option<TokenUse<'a>> {
        let reference = credential(holder.object)?;
        // Borrowed from the object, not from the reference, which is made anew.
        let name = holder.object.str(reference.pointer)?;
        Some(self.placed_use(
            holder,
            purpose,
            (reference.pointer, name),
            is_github.unwrap_or_else(|| is_at_github(holder.object)),
        ))
    }

    fn placed_use(
        self,
        holder: ClusterObject<'a>,
        purpose: Purpose,
        (field, name): (&'static str, &str),
        is_github: bool,
    ) -> TokenUse<'a> {
        let object = holder.object;
        let address = if object.id.kind == "Provider" { "/spec/address" } else { "/spec/url" };
        TokenUse {
            cluster: self.cluster,
            purpose,
            object,
            holder,
            field,
            secret: (object.id.namespace.clone(), name.into()),
            login: self.login(object, name),
            is_github,
            url: object.str(address),
        }
    }

    /// How an object logs in: as its URL, its `provider` or the keys of its Secret say.
    fn login(self, object: &Object, secret: &str) -> Login {
        let has_app_key = || {
            let secret = self.cluster.find("", "Secret", &object.id.namespace, secret);
            let has = |field: &str| secret.is_some_and(|it| it.object.at(&format!("/{field}/githubAppID")).is_some());
            has("data") || has("stringData")
        };
        let is_ssh = |url: &str| url.starts_with("ssh://") || !url.contains("://") && url.contains('@');
        match object.str("/spec/url") {
            Some(url) if is_ssh(url) => Login::Ssh,
            _ if object.str("/spec/provider") == Some("github") || has_app_key() => Login::App,
            _ => Login::Token,
        }
    }

    /// Whether objects that use credentials are there of which it is not known which ones they use: those that are not
    /// settled, and automations whose source is not there.
    pub fn has_open_uses(self) -> bool {
        const KINDS: [(&str, &str); 4] = [
            (group::SOURCE, "GitRepository"),
            (group::IMAGE, "ImageUpdateAutomation"),
            (group::NOTIFICATION, "Provider"),
            (group::OPERATOR, "ResourceSetInputProvider"),
        ];
        let mut users = self.cluster.objects.of_kinds(|group, kind| KINDS.contains(&(group, kind)));
        let is_open = |placed: ClusterObject<'_>| !placed.settled && placed.by != AppliedBy::Declared;
        let automations = self.cluster.of_kind(group::IMAGE, "ImageUpdateAutomation").count();
        users.any(is_open) || automations > self.cluster.sources().automations().count()
    }

    /// The Secrets that fields of objects name, as namespace and name.
    pub fn named_secrets(self) -> BTreeSet<(SmolStr, SmolStr)> {
        let takes = |reference: &&kinds::Reference| reference.targets.contains(&("", "Secret"));
        let kinds: BTreeSet<(&str, &str)> =
            kinds::all_references().iter().filter(takes).map(|it| (it.group, it.kind)).collect();
        let objects = self.cluster.objects.of_kinds(|group, kind| kinds.contains(&(group, kind)));
        let named = objects.flat_map(|placed| {
            let own = kinds::references(&placed.object.id.group, &placed.object.id.kind).iter().filter(takes);
            own.flat_map(|it| it.named(placed.object)).collect::<Vec<_>>()
        });
        named.filter(|it| it.id.kind == "Secret").map(|it| (it.id.namespace, it.id.name)).collect()
    }

    /// Whether a workload, the values of a chart or another object that is not Flux's has this text: what they do with a
    /// name is their own business.
    pub fn mentions(self, text: &str) -> bool {
        let has = |node: &Node| node.scalars().any(|it| it.text() == Some(text));
        let mentions = |placed: ClusterObject<'_>| {
            let object = placed.object;
            let is_named = object.id.group.is_empty() && object.id.kind == "Secret";
            match is_flux_group(&object.id.group) {
                true => object.at("/spec/values").is_some_and(has),
                false => {
                    !is_named
                        && object.root.entries().iter().any(|it| it.key.text() != Some("metadata") && has(&it.value))
                }
            }
        };
        self.cluster.objects.iter().any(mentions)
    }

    /// The keys of a Secret, where all of them are known.
    pub fn secret_keys(self, (namespace, name): &(SmolStr, SmolStr)) -> Option<Vec<&'a str>> {
        let secret = self.original_of(self.cluster.find("", "Secret", namespace, name)?);
        let entries = ["/data", "/stringData"].into_iter().filter_map(|field| secret.object.at(field));
        let keys = entries.flat_map(Node::entries).filter_map(|entry| entry.key.text());
        secret.has_known_data().then(|| keys.collect())
    }

    /// Whether an object of the cluster makes a Secret, or copies one.
    pub fn makes_secret(self, (namespace, name): &(SmolStr, SmolStr)) -> bool {
        let id = ObjectId { group: "".into(), kind: "Secret".into(), namespace: namespace.clone(), name: name.clone() };
        let is_declared = self.cluster.get(&id).is_some_and(|secret| secret.by == AppliedBy::Declared);
        !is_declared && self.cluster.existence().has_secret(&id)
    }

    /// Whether the controller that pushes image updates runs on the cluster; `None` where that is not known.
    pub fn runs_image_automation(self) -> Option<bool> {
        const CONTROLLER: &str = "image-automation-controller";
        if let Some(instance) = self.cluster.graph().flux_instance() {
            let components = instance.at("/spec/components").map(Node::items).unwrap_or_default();
            return Some(components.iter().any(|it| it.text() == Some(CONTROLLER)));
        }
        let runs = |name: &str| self.cluster.find("apps", "Deployment", &self.cluster.flux_namespace, name).is_some();
        runs("kustomize-controller").then(|| runs(CONTROLLER))
    }

    /// The credentials by which the platform itself works, as namespace and name of the Secret: what the roots pull with,
    /// keys that decrypt, access to other clusters.
    pub fn platform_secrets(self) -> Vec<(SmolStr, SmolStr)> {
        let id = |object: &Object, name: SmolStr| (object.id.namespace.clone(), name);
        let keys = self
            .cluster
            .reconcilers
            .iter()
            .filter(|it| it.object.id.namespace == self.cluster.flux_namespace)
            .flat_map(|it| {
                let fields = ["/spec/decryption/secretRef/name", "/spec/kubeConfig/secretRef/name"];
                fields.into_iter().filter_map(|field| Some(id(&it.object, it.object.str(field)?.into())))
            });
        let mut found: Vec<_> = self.root_secrets().into_iter().chain(keys).collect();
        found.sort();
        found.dedup();
        found
    }

    /// The Secrets that the roots of the cluster pull with: whoever bootstraps it creates them.
    pub fn root_secrets(self) -> Vec<(SmolStr, SmolStr)> {
        let seeds =
            self.cluster.sources().all().filter(|placed| placed.by == AppliedBy::Bootstrap).map(|placed| placed.object);
        let objects = seeds
            .chain(self.cluster.sources().fleet_source().map(|source| source.object))
            .chain(self.cluster.graph().flux_instance());
        let named = |object: &Object| {
            let pull = object.str("/spec/sync/pullSecret").map(SmolStr::from);
            let name = pull
                .or_else(|| (object.id.group == group::SOURCE).then(|| credential(object)).flatten().map(|it| it.name));
            Some((object.id.namespace.clone(), name?))
        };
        objects.filter_map(named).collect()
    }
}

impl Fleet {
    /// What Git credentials are used for on all clusters.
    pub fn token_uses(&self) -> Vec<TokenUse<'_>> {
        self.clusters.iter().flat_map(|cluster| self.credentials(cluster).uses()).collect()
    }

    /// The token that the configuration declares for a Secret, or that the profile assumes.
    pub fn known_token(&self, (namespace, name): &(SmolStr, SmolStr)) -> Option<&Token> {
        self.profile.tokens.iter().find(|token| token.is_in(namespace, name))
    }
}

/// Whether a source is at GitHub, or at a GitHub Enterprise of a company with an address below `ghe.com`.
fn is_at_github(source: &Object) -> bool {
    let host = source.str("/spec/url").map(url::normalize).unwrap_or_default();
    let host = host.split(['/', ':']).next().unwrap_or_default();
    matches!(host, "github.com" | "ssh.github.com") || host.ends_with(".ghe.com")
}

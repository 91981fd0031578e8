//! What the Git credentials of a cluster are used for: who uses them, for which repository, and how they are named.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::credentials::credential;
use crate::credentials::{Purpose, Token};
use crate::fleet::unseen::is_flux_group;
use crate::fleet::{AppliedBy, Cluster, ClusterObject, Fleet, Owner};
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

impl Cluster {
    /// What Git credentials are used for, in the order of purposes and objects.
    pub fn token_uses(&self) -> Vec<TokenUse<'_>> {
        let pulls = self.all_git_repositories().filter_map(|source| self.use_of(source, Purpose::Pull, None));
        let pushes = self.automations().filter_map(|(automation, source)| {
            let own = self.use_of(source, Purpose::Push, None)?;
            Some(TokenUse { object: automation.object, ..own })
        });
        let of_type = |kind| self.of_kind(group::NOTIFICATION, kind);
        let providers = of_type("Provider").filter_map(|placed| {
            let (purpose, is_github) = Purpose::of_provider(placed.object.str("/spec/type")?)?;
            self.use_of(placed, purpose, Some(is_github))
        });
        let inputs = self.of_kind(group::OPERATOR, "ResourceSetInputProvider").filter_map(|placed| {
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
    fn use_of<'a>(
        &'a self,
        holder: ClusterObject<'a>,
        purpose: Purpose,
        is_github: Option<bool>,
    ) -> Option<TokenUse<'a>> {
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

    fn placed_use<'a>(
        &'a self,
        holder: ClusterObject<'a>,
        purpose: Purpose,
        (field, name): (&'static str, &str),
        is_github: bool,
    ) -> TokenUse<'a> {
        let object = holder.object;
        let address = if object.id.kind == "Provider" { "/spec/address" } else { "/spec/url" };
        TokenUse {
            cluster: self,
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
    fn login(&self, object: &Object, secret: &str) -> Login {
        let has_app_key = || {
            let secret = self.find("", "Secret", &object.id.namespace, secret);
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
    pub fn has_open_token_uses(&self) -> bool {
        const KINDS: [(&str, &str); 4] = [
            (group::SOURCE, "GitRepository"),
            (group::IMAGE, "ImageUpdateAutomation"),
            (group::NOTIFICATION, "Provider"),
            (group::OPERATOR, "ResourceSetInputProvider"),
        ];
        let mut users = self.objects.of_kinds(|group, kind| KINDS.contains(&(group, kind)));
        let is_open = |placed: ClusterObject<'_>| !placed.settled && placed.by != AppliedBy::Declared;
        let automations = self.of_kind(group::IMAGE, "ImageUpdateAutomation").count();
        users.any(is_open) || automations > self.automations().count()
    }

    /// The Secrets that fields of objects name, as namespace and name.
    pub fn named_secrets(&self) -> BTreeSet<(SmolStr, SmolStr)> {
        let takes = |reference: &&kinds::Reference| reference.targets.contains(&("", "Secret"));
        let kinds: BTreeSet<(&str, &str)> =
            kinds::all_references().iter().filter(takes).map(|it| (it.group, it.kind)).collect();
        let objects = self.objects.of_kinds(|group, kind| kinds.contains(&(group, kind)));
        let named = objects.flat_map(|placed| {
            let own = kinds::references(&placed.object.id.group, &placed.object.id.kind).iter().filter(takes);
            own.flat_map(|it| it.named(placed.object)).collect::<Vec<_>>()
        });
        named.filter(|it| it.id.kind == "Secret").map(|it| (it.id.namespace, it.id.name)).collect()
    }

    /// Whether a workload, the values of a chart or another object that is not Flux's has this text: what they do with a
    /// name is their own business.
    pub fn mentions(&self, text: &str) -> bool {
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
        self.objects.iter().any(mentions)
    }

    /// The keys of a Secret, where all of them are known.
    pub fn secret_keys(&self, (namespace, name): &(SmolStr, SmolStr)) -> Option<Vec<&str>> {
        let secret = self.original_of(self.find("", "Secret", namespace, name)?);
        let entries = ["/data", "/stringData"].into_iter().filter_map(|field| secret.object.at(field));
        let keys = entries.flat_map(Node::entries).filter_map(|entry| entry.key.text());
        secret.has_known_data().then(|| keys.collect())
    }

    /// The policies that change Secrets when they come onto the cluster, or once they are there.
    pub fn policies_about_secrets(&self) -> impl Iterator<Item = ClusterObject<'_>> {
        let is_policy = |group: &str, kind: &str| {
            group == "kyverno.io" && kind.ends_with("Policy")
                || group == "policies.kyverno.io" && kind.contains("Mutating")
        };
        let mutates = |node: &Node| node.get("mutate").is_some();
        self.objects.of_kinds(is_policy).filter(move |placed| {
            let rules = placed.object.at("/spec/rules").map(Node::items).unwrap_or_default();
            let is_mutating = placed.object.id.group != "kyverno.io" || rules.iter().any(mutates);
            let names_secrets =
                |text: &str| text.rsplit('/').next().is_some_and(|it| matches!(it, "Secret" | "secrets" | "*"));
            is_mutating && placed.object.root.scalars().any(|it| it.text().is_some_and(names_secrets))
        })
    }

    /// Whether an object is a source.
    pub fn is_source(&self, object: &Object) -> bool {
        object.id.group == group::SOURCE
    }

    /// Whether an object of the cluster makes a Secret, or copies one.
    pub fn makes_secret(&self, (namespace, name): &(SmolStr, SmolStr)) -> bool {
        let id = ObjectId { group: "".into(), kind: "Secret".into(), namespace: namespace.clone(), name: name.clone() };
        let is_declared = self.get(&id).is_some_and(|secret| secret.by == AppliedBy::Declared);
        !is_declared && self.has_secret(&id)
    }

    /// Whether the controller that pushes image updates runs on the cluster; `None` where that is not known.
    pub fn runs_image_automation(&self) -> Option<bool> {
        const CONTROLLER: &str = "image-automation-controller";
        if let Some(instance) = self.flux_instance() {
            let components = instance.at("/spec/components").map(Node::items).unwrap_or_default();
            return Some(components.iter().any(|it| it.text() == Some(CONTROLLER)));
        }
        let runs = |name: &str| self.find("apps", "Deployment", &self.flux_namespace, name).is_some();
        runs("kustomize-controller").then(|| runs(CONTROLLER))
    }

    /// The credentials by which the platform itself works, as namespace and name of the Secret: what the roots pull with,
    /// keys that decrypt, access to other clusters.
    pub fn platform_secrets(&self) -> Vec<(SmolStr, SmolStr)> {
        let id = |object: &Object, name: SmolStr| (object.id.namespace.clone(), name);
        let keys = self.reconcilers.iter().filter(|it| it.object.id.namespace == self.flux_namespace).flat_map(|it| {
            let fields = ["/spec/decryption/secretRef/name", "/spec/kubeConfig/secretRef/name"];
            fields.into_iter().filter_map(|field| Some(id(&it.object, it.object.str(field)?.into())))
        });
        let mut found: Vec<_> = self.root_secrets().into_iter().chain(keys).collect();
        found.sort();
        found.dedup();
        found
    }

    /// The Secrets that the roots of the cluster pull with: whoever bootstraps it creates them.
    pub fn root_secrets(&self) -> Vec<(SmolStr, SmolStr)> {
        let seeds = self.all_sources().filter(|placed| placed.by == AppliedBy::Bootstrap).map(|placed| placed.object);
        let objects = seeds.chain(self.fleet_source().map(|source| source.object)).chain(self.flux_instance());
        let named = |object: &Object| {
            let pull = object.str("/spec/sync/pullSecret").map(SmolStr::from);
            let name = pull.or_else(|| self.is_source(object).then(|| credential(object)).flatten().map(|it| it.name));
            Some((object.id.namespace.clone(), name?))
        };
        objects.filter_map(named).collect()
    }
}

/// A Secret that a tenant can read.
#[derive(Clone, Debug)]
pub struct ReadableSecret<'a> {
    pub cluster: &'a Cluster,
    pub secret: ClusterObject<'a>,
    /// The tenant that owns the namespace.
    pub tenant: SmolStr,
    /// The binding that lets it read Secrets there, and its role.
    pub binding: ClusterObject<'a>,
    pub role: &'a str,
    /// What copies the Secret into the namespace.
    pub policy: Option<ClusterObject<'a>>,
}

/// Built-in roles that let their subjects read the Secrets of a namespace.
const READING_ROLES: [&str; 3] = ["admin", "cluster-admin", "edit"];

impl Fleet {
    /// The tenants that can read a Secret or a copy of it: one per namespace.
    pub fn tenants_reading<'a>(&'a self, (namespace, name): &(SmolStr, SmolStr)) -> Vec<ReadableSecret<'a>> {
        let on_cluster = |cluster: &'a Cluster| {
            let secrets = cluster.objects.of_kind("", "Secret");
            let same = secrets.filter(|secret| {
                let original = &cluster.original_of(*secret).object.id;
                original.namespace == *namespace && original.name == *name
            });
            same.filter_map(|secret| self.reading(cluster, secret)).collect::<Vec<_>>()
        };
        self.clusters.iter().flat_map(on_cluster).collect()
    }

    fn reading<'a>(&'a self, cluster: &'a Cluster, secret: ClusterObject<'a>) -> Option<ReadableSecret<'a>> {
        let namespace = &secret.object.id.namespace;
        let Some(Owner::Tenant(tenant)) = self.owner_of_namespace(cluster, namespace) else { return None };
        let mut bound = cluster.bound_accounts().filter(|it| it.namespace == namespace.as_str());
        let found = bound.find(|it| {
            let is_here = it.is_cluster_wide() || it.binding.object.id.namespace == *namespace;
            is_here && it.role().0 == "ClusterRole" && READING_ROLES.contains(&it.role().1)
        })?;
        let policy = match secret.by {
            AppliedBy::Copy { policy, .. } => cluster.objects.get(policy),
            _ => None,
        };
        Some(ReadableSecret { cluster, secret, tenant, binding: found.binding, role: found.role().1, policy })
    }

    /// What Git credentials are used for on all clusters.
    pub fn token_uses(&self) -> Vec<TokenUse<'_>> {
        self.clusters.iter().flat_map(Cluster::token_uses).collect()
    }

    /// Namespace and name of the Secret that another one is a copy of; its own where it is none.
    pub fn original_secret(&self, cluster: &Cluster, (namespace, name): &(SmolStr, SmolStr)) -> (SmolStr, SmolStr) {
        let found = cluster.find("", "Secret", namespace, name).map(|secret| cluster.original_of(secret));
        found.map_or_else(
            || (namespace.clone(), name.clone()),
            |it| (it.object.id.namespace.clone(), it.object.id.name.clone()),
        )
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

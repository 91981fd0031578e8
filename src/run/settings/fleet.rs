//! What is known of the fleet: layout, clusters, releases, environments, tenants, tokens.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Given, setting};
use crate::credentials::Token;
use crate::fleet::{Cluster, FluxVersion, FoundRoots};
use crate::report::settings::{From, Setting};

impl Given<'_> {
    pub(super) fn profile(&self) -> Setting {
        let profile = &self.fleet.profile;
        let from = match self.config.place_of("profile").filter(|_| self.config.profile.is_some()) {
            Some(place) => self.at(Some(place)),
            None => From::Detected { what: profile.reason.clone() },
        };
        setting("", json!(profile.kind.as_str()), from)
    }

    pub(super) fn clusters(&self, only: Option<&str>) -> Vec<Setting> {
        let found = self.fleet.discovery.clusters.iter();
        let shown = found.filter(|it| only.is_none_or(|name| it.name == name));
        shown
            .map(|it| setting(it.name.as_str(), json!({"paths": it.paths, "base": base(it)}), self.begins(it)))
            .collect()
    }

    /// Where it says that there is this cluster.
    fn begins(&self, found: &FoundRoots) -> From {
        if !self.request.roots.is_empty() {
            return From::CommandLine { option: "--root" };
        }
        let mut configured = self.config.clusters.iter().flatten();
        let own = configured.find(|it| {
            let is_path = |path: &str| found.paths.iter().any(|own| own == path);
            it.name.as_deref() == Some(&*found.name) || it.roots.iter().any(|root| is_path(&root.path))
        });
        let pattern = || self.config.clusters.iter().flatten().find(|it| it.is_pattern);
        match (own, found.evidence.first()) {
            (Some(own), _) => self.at(own.place),
            (None, Some(evidence)) => From::repository(evidence.place, evidence.what.as_str(), self.files),
            (None, None) => match pattern() {
                Some(entry) => self.at(entry.place),
                None => From::Detected { what: self.fleet.discovery.reason.clone().unwrap_or_default() },
            },
        }
    }

    /// The release of Flux on each cluster.
    pub(super) fn flux(&self, only: Option<&str>) -> Vec<Setting> {
        let shown = self.fleet.clusters.iter().filter(|cluster| only.is_none_or(|name| cluster.name == name));
        let release = |cluster: &Cluster| {
            let version = cluster.features.version.map(FluxVersion::shown);
            let from = self.flux_from(cluster, version.is_some());
            setting(cluster.name.as_str(), json!(version.unwrap_or_else(|| "the newest".to_owned())), from)
        };
        shown.map(release).collect()
    }

    fn flux_from(&self, cluster: &Cluster, is_known: bool) -> From {
        if self.request.flux.is_some() {
            return From::CommandLine { option: "--flux" };
        }
        let mut entries = self.config.clusters.iter().flatten();
        let is_own = |path: &str| cluster.paths.iter().any(|own| own == path);
        let own = entries
            .find(|it| it.name.as_deref() == Some(&*cluster.name) || it.roots.iter().any(|root| is_own(&root.path)));
        let configured = own.and_then(|it| it.flux.as_ref()).or(self.config.flux.as_ref());
        match configured {
            Some(flux) => self.at(flux.place),
            None if is_known => From::Detected { what: "the installation of Flux in the repository".to_owned() },
            None => From::Default,
        }
    }

    pub(super) fn environments(&self) -> Vec<Setting> {
        let from = self.at_key("environments");
        let environments = self.fleet.profile.environments.iter();
        environments.map(|(name, branch)| setting(name.as_str(), json!(branch.as_str()), from.clone())).collect()
    }

    /// Tenants that are part of the platform, or are not because the configuration says so.
    pub(super) fn tenants(&self) -> Vec<Setting> {
        let configured = self.config.tenants.iter();
        let configured =
            configured.map(|it| setting(it.name.as_str(), json!({"platform": it.platform}), self.at(it.place)));
        let is_configured = |name: &str| self.config.tenants.iter().any(|it| it.name == name);
        let profile = self.fleet.profile.kind.as_str();
        let others = self.fleet.profile.platform_tenants.iter().filter(|name| !is_configured(name));
        let others = others.map(|name| setting(name.as_str(), json!({"platform": true}), From::Profile { profile }));
        configured.chain(others).collect()
    }

    pub(super) fn tokens(&self) -> Vec<Setting> {
        self.fleet.profile.tokens.iter().map(|token| self.token(token)).collect()
    }

    fn token(&self, token: &Token) -> Setting {
        let secrets: Vec<String> =
            token.secrets.iter().map(|(namespace, name)| format!("{namespace}/{name}")).collect();
        let permissions: BTreeMap<&str, &str> =
            token.permissions.iter().map(|(name, level)| (name.as_str(), level.as_str())).collect();
        let labels: BTreeMap<&str, &str> =
            token.labels.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let repositories: Vec<&str> = token.repositories.iter().map(AsRef::as_ref).collect();
        let value = json!({
            "secrets": secrets,
            "labels": labels,
            "repositories": repositories,
            "permissions": permissions,
        });
        let from = match token.place {
            Some(place) => self.at(Some(place)),
            None => From::Profile { profile: self.fleet.profile.kind.as_str() },
        };
        setting(token.name.as_str(), value, from)
    }
}

/// The folder that paths of Kustomizations count from, where that is not the repository.
fn base(found: &FoundRoots) -> Option<&str> {
    Some(found.base.as_str()).filter(|base| !base.is_empty())
}

//! What is in force in a run: the configuration, the command line, the profile and the defaults, put together.

mod fleet;
mod rules;
mod sources;

use serde_json::{Value, json};

use super::{Request, RunError, Session};
use crate::config::{Config, Exception, External};
use crate::finding::Place;
use crate::fleet::Discovery;
use crate::report::settings::{From, Section, Setting, Settings};
use crate::source::Files;
use crate::yaml::Span;

/// What the settings are taken from.
#[derive(Clone, Copy)]
struct Given<'a> {
    request: &'a Request<'a>,
    config: &'a Config,
    fleet: &'a crate::fleet::Fleet,
    files: &'a Files,
}

impl Session {
    /// What is in force for the fleet at a path, and where each value comes from; `cluster` names the only one to show.
    /// With it, how clusters were found: where that cannot be told, the answer lacks them.
    ///
    /// # Errors
    /// If the run could not begin.
    pub fn settings(&self, request: &Request<'_>, cluster: Option<&str>) -> Result<(Settings, Discovery), RunError> {
        let (mut fleet, config) = self.fleet(request)?;
        let redactor = self.redactor(&fleet);
        redactor.discovery(&mut fleet.discovery);
        let cluster = cluster.filter(|_| fleet.discovery.blocked.is_none());
        let only = cluster.map(|name| fleet.cluster(name)).transpose()?.map(|cluster| cluster.name.as_str());
        let given = Given { request, config: &config, fleet: &fleet, files: &self.files };
        let sections = vec![
            section("profile", vec![given.profile()]),
            section("clusters", given.clusters(only)),
            section("flux", given.flux(only)),
            section("environments", given.environments()),
            section("tenants", given.tenants()),
            section("sources", given.sources()),
            section("tokens", given.tokens()),
            section("externals", given.externals()),
            section("unapplied", given.unapplied()),
            section("schemas", given.schemas()),
            section("rules", given.rules()),
            section("options", given.options()),
            section("overrides", given.overrides()),
            section("exceptions", given.exceptions()),
        ];
        let settings = Settings { file: config.file.clone(), sections }.redacted(&redactor);
        Ok((settings, fleet.discovery))
    }
}

fn section(name: &'static str, settings: Vec<Setting>) -> Section {
    Section { name, settings }
}

fn setting(name: impl Into<String>, value: Value, from: From) -> Setting {
    Setting { name: name.into(), value, from }
}

impl Given<'_> {
    /// A place in the configuration.
    fn at(&self, place: Option<Span>) -> From {
        From::configuration(place, self.files)
    }

    /// The place of a key at the top of the configuration; what the profile says where it is not there.
    fn at_key(&self, key: &str) -> From {
        match self.config.place_of(key) {
            Some(place) => self.at(Some(place)),
            None => From::Profile { profile: self.fleet.profile.kind.as_str() },
        }
    }

    fn externals(&self) -> Vec<Setting> {
        let external = |it: &External| {
            let clusters: Vec<&str> = it.clusters.iter().map(|(name, _)| name.as_str()).collect();
            // No values: they may be those of a Secret.
            let keys = it.data.as_ref().map(|data| {
                let unknown = data.unknown.iter().filter_map(|key| key.text());
                unknown.chain(data.known.iter().filter_map(|entry| entry.key.text())).collect::<Vec<_>>()
            });
            let namespace = if it.namespace.is_empty() { String::new() } else { format!("{}/", it.namespace) };
            let name = format!("{} {namespace}{}", it.kind, it.name);
            setting(name, json!({"keys": keys, "clusters": clusters}), self.at(it.place))
        };
        self.config.externals.iter().map(external).collect()
    }

    fn schemas(&self) -> Vec<Setting> {
        let schemas = self.config.schemas.iter();
        schemas.map(|given| setting(given.path.clone(), Value::Null, self.at(given.place))).collect()
    }

    fn unapplied(&self) -> Vec<Setting> {
        let patterns = self.config.unapplied.iter();
        patterns.map(|it| setting(it.pattern.as_str(), Value::Null, self.at(it.place))).collect()
    }

    fn exceptions(&self) -> Vec<Setting> {
        let exception = |it: &Exception| {
            let value = json!({
                "files": it.files.as_ref().map(|files| files.pattern.as_str()),
                "object": it.object.as_deref(),
                "cluster": it.cluster.as_deref(),
                "value": it.value.as_deref(),
                "expires": it.expires.as_deref(),
                "reason": it.reason.as_str(),
            });
            setting(it.rule.as_str(), value, self.at(it.place))
        };
        self.config.exceptions.iter().map(exception).collect()
    }

    /// The place of a field of an object.
    fn in_object(&self, object: &crate::object::Object, pointer: &str) -> From {
        let what = object.id.to_string();
        match Place::at(object, pointer).span() {
            Some(span) => From::repository(span, what, self.files),
            None => From::Detected { what },
        }
    }
}

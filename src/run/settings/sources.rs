//! The sources that the fleet pulls from, and which of them are at hand.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use serde_json::json;

use super::{Given, setting};
use crate::config::ConfiguredSource;
use crate::fleet::SourceState;
use crate::object::Object;
use crate::report::settings::{From, Setting};
use crate::run::configured_sources;
use crate::source::{SourceArgument, url};

/// The kinds of sources that hold files.
const WITH_FILES: [&str; 3] = ["GitRepository", "OCIRepository", "Bucket"];

/// A source that reconcilers read, however often.
struct Source {
    object: Arc<Object>,
    /// Each reader has its files.
    is_at_hand: bool,
}

impl Given<'_> {
    /// What is given, then what is read besides; `state` says whether that is the fleet itself, or missing.
    pub(super) fn sources(&self) -> Vec<Setting> {
        let arguments = self.request.sources.iter().map(|it| {
            let value = json!({"state": "given", "path": it.path.to_string_lossy(), "revision": it.revision});
            setting(it.url.as_str(), value, From::CommandLine { option: "--source" })
        });
        let is_argument = |address: &str| self.request.sources.iter().any(|it| url::same(&it.url, address));
        let configured = self.config.sources.iter().filter(|it| !is_argument(&it.url)).map(|it| {
            let state = if it.external { "external" } else { self.state_of(it) };
            setting(
                it.url.as_str(),
                json!({"state": state, "path": it.path, "revision": it.revision.as_deref()}),
                self.at(it.place),
            )
        });
        let mut settings: Vec<Setting> = arguments.chain(configured).collect();
        let known: HashSet<String> = settings.iter().map(|it| url::key(&it.name)).collect();
        let read = self.read().into_iter().filter(|(key, _)| !known.contains(key));
        let others = read.map(|(_, source)| {
            let state = if source.is_at_hand { "fleet" } else { "missing" };
            let address = source.object.str("/spec/url").unwrap_or_default();
            let value = json!({"state": state, "type": source.object.id.kind.as_str()});
            setting(address, value, self.in_object(&source.object, "/spec/url"))
        });
        settings.extend(others);
        settings
    }

    /// Whether a source of the configuration is there. Without `--skip-missing-sources` the run has not come so far without it.
    fn state_of(&self, source: &ConfiguredSource) -> &'static str {
        let is_read = |(it, _): &(&ConfiguredSource, SourceArgument)| std::ptr::eq(*it, source);
        if configured_sources(self.request, self.config).any(|it| is_read(&it)) { "given" } else { "missing" }
    }

    /// What reconcilers read, by the URL.
    fn read(&self) -> BTreeMap<String, Source> {
        let mut read: BTreeMap<String, Source> = BTreeMap::new();
        let states = self.fleet.clusters.iter().flat_map(|cluster| &cluster.reconcilers);
        for state in states.filter_map(|reconciler| reconciler.source.as_ref()) {
            let Some((key, object)) = with_files(state) else { continue };
            let source = read.entry(key).or_insert_with(|| Source { object: Arc::clone(object), is_at_hand: true });
            source.is_at_hand &= state.tree.is_some();
        }
        read
    }
}

/// The URL of a source of files, as it compares, with its object.
fn with_files(state: &SourceState) -> Option<(String, &Arc<Object>)> {
    let object = state.object.as_ref().filter(|object| WITH_FILES.contains(&object.id.kind.as_str()))?;
    Some((url::key(object.str("/spec/url")?), object))
}

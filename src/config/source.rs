//! `sources`: where the sources that the fleet pulls from are on this machine, and which are left out on purpose.

use smol_str::SmolStr;

use super::shape::ConfigReader;
use crate::source::url;
use crate::yaml::{Entry, Node, Span};

const KEYS: [&str; 3] = ["path", "revision", "external"];

/// An entry of `sources`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfiguredSource {
    pub url: SmolStr,
    /// Relative to the repository; `None` only if it is external.
    pub path: Option<String>,
    pub revision: Option<SmolStr>,
    /// It is not here on purpose: what depends on it is not judged, and no note says so.
    pub external: bool,
    /// The URL.
    pub place: Option<Span>,
}

impl ConfiguredSource {
    /// Whether it is the source of a URL, however the two are spelled.
    pub(super) fn is_at(&self, url: &str) -> bool {
        url::normalize(&self.url) == url::normalize(url)
    }
}

impl ConfigReader<'_> {
    pub(super) fn sources(&mut self, node: &Node) -> Vec<ConfiguredSource> {
        let mut sources = Vec::new();
        for Entry { key, value } in self.entries(node, "`sources`") {
            let Some(url) = self.text(key, "the URL of a source") else { continue };
            let mut source = ConfiguredSource { url, place: key.place(), ..ConfiguredSource::default() };
            if value.as_mapping().is_none() {
                source.path = self.text(value, &format!("the path of source `{}`", source.url)).map(Into::into);
            } else {
                self.source(key, value, &mut source);
            }
            sources.extend((source.path.is_some() || source.external).then_some(source));
        }
        sources
    }

    fn source(&mut self, url: &Node, node: &Node, source: &mut ConfiguredSource) {
        for Entry { key, value } in node.entries() {
            match key.text().unwrap_or_default() {
                "path" => source.path = self.text(value, "`path`").map(Into::into),
                "revision" => source.revision = self.text(value, "`revision`"),
                "external" => source.external = self.boolean(value, "`external`").unwrap_or_default(),
                _ => self.unknown_key(key, &KEYS, "a source"),
            }
        }
        if source.external {
            let mut entries = node.entries().iter().map(|entry| &entry.key);
            if let Some(key) = entries.find(|key| matches!(key.text(), Some("path" | "revision"))) {
                let message =
                    format!("source `{}` is external, and has a `{}`", source.url, key.text().unwrap_or_default());
                self.wrong(key, &message, "remove it, or `external`: an external source is not read");
            }
        } else if node.get("path").is_none() && node.get("external").is_none_or(|it| it.text() == Some("false")) {
            let help = "add its local path, or `external: true` if it is left out on purpose";
            self.wrong(url, &format!("source `{}` has no `path`", source.url), help);
        }
    }
}

//! The entries of `clusters`, and the keys beside it.

use smol_str::SmolStr;

use super::pattern::{PathPattern, is_pattern};
use super::{ConfiguredCluster, ConfiguredFlux, ConfiguredRoot};
use crate::config::shape::ConfigReader;
use crate::flux::release::FluxVersion;
use crate::source::path::clean;
use crate::yaml::{Entry, Node};

pub(super) const CLUSTER_KEYS: [&str; 7] = ["name", "path", "roots", "base", "source", "flux", "multitenant"];

impl ConfigReader<'_> {
    /// `clusters`. `discover` says whether an entry may do with a name: it then adds its keys to what is found.
    pub(in crate::config) fn configured_clusters(&mut self, node: &Node, discover: bool) -> Vec<ConfiguredCluster> {
        let mut clusters = Vec::new();
        let help = "a cluster needs the folder that it syncs as `path`, and may have a `name`; `clusters: []` says that there are none";
        for item in self.mappings(node, "clusters", help) {
            if self.entries(item, "an entry of `clusters`").is_empty() {
                continue;
            }
            let cluster = self.cluster(item);
            self.check_roots(item, &cluster, discover);
            clusters.push(cluster);
        }
        self.check_unique(&clusters);
        clusters
    }

    fn cluster(&mut self, node: &Node) -> ConfiguredCluster {
        let mut cluster = ConfiguredCluster::default();
        for Entry { key, value } in node.entries() {
            match key.text().unwrap_or_default() {
                "name" => cluster.name = self.text(value, "the `name` of a cluster"),
                "path" => self.cluster_path(value, &mut cluster),
                "roots" => cluster.roots.extend(self.roots(value)),
                "base" => cluster.base = self.path(value, "`base`").map(|base| (base, value.place())),
                "source" => cluster.source = self.root_source(value),
                "flux" => cluster.flux = self.flux(value),
                "multitenant" => cluster.multitenant = self.boolean(value, "`multitenant`"),
                _ => self.unknown_cluster_key(key),
            }
        }
        let named = node.get("name").or(node.get("path")).or(node.entries().first().map(|entry| &entry.key));
        cluster.place = named.and_then(Node::place);
        cluster
    }

    /// `path`: the only root, or a pattern of such.
    fn cluster_path(&mut self, node: &Node, cluster: &mut ConfiguredCluster) {
        let Some(path) = self.path(node, "`path`") else { return };
        cluster.is_pattern = is_pattern(&path);
        if cluster.is_pattern {
            self.pattern(&path, node);
        }
        // Before what `roots` brings: both together are reported.
        cluster.roots.insert(0, ConfiguredRoot { path, path_place: node.place(), ..ConfiguredRoot::default() });
    }

    /// A cluster has `path` or `roots`; a pattern has no name.
    fn check_roots(&mut self, node: &Node, cluster: &ConfiguredCluster, discover: bool) {
        let key = |name: &str| node.entries().iter().map(|entry| &entry.key).find(|key| key.text() == Some(name));
        match (key("path"), key("roots")) {
            (Some(_), Some(roots)) => {
                self.wrong(roots, "a cluster has `path` or `roots`, not both", "list all folders below `roots`");
            }
            (None, None) if !(discover && cluster.name.is_some()) => {
                let place = key("name").or(node.entries().first().map(|entry| &entry.key)).unwrap_or(node);
                let help = "add the folder that it syncs as `path`, or several below `roots`";
                self.wrong(place, "a cluster has no `path` and no `roots`", help);
            }
            _ => {}
        }
        if let Some(name) = key("name").filter(|_| cluster.is_pattern) {
            let help = "remove `name`, or list the folders one by one";
            self.wrong(name, "a pattern cannot have a name: its clusters are named by what `*` matches", help);
        }
    }

    fn unknown_cluster_key(&mut self, key: &Node) {
        let text = key.text().unwrap_or_default();
        match super::root::ROOT_KEYS.contains(&text) {
            true => {
                let help = format!("move `{text}` into an entry of `roots`, beside its `path`");
                self.wrong(key, &format!("a cluster has no key `{text}`"), &help);
            }
            false => self.unknown_key(key, &CLUSTER_KEYS, "a cluster"),
        }
    }

    /// A list of patterns of files.
    pub(in crate::config) fn patterns(&mut self, node: &Node, key: &str) -> Vec<PathPattern> {
        let mut patterns = Vec::new();
        for item in self.items(node, key) {
            let Some(path) = self.path(item, &format!("an item of `{key}`")) else { continue };
            patterns.extend(self.pattern(&path, item));
        }
        patterns
    }

    /// `flux`: the text decides, so that `2.10` is not `2.1`.
    pub(in crate::config) fn flux(&mut self, node: &Node) -> Option<ConfiguredFlux> {
        let text = self.text(node, "`flux`")?;
        match FluxVersion::parse(&text).filter(|version| version.is_of_flux_2()) {
            Some(version) => Some(ConfiguredFlux { version, place: node.place() }),
            None => {
                let help = "write a release of Flux 2 (`\"2.7\"`) or a range (`2.x`, `>=2.6 <2.9`)";
                self.wrong(node, &format!("`{text}` is not a version of Flux"), help);
                None
            }
        }
    }

    /// A path of the repository, without `.` and `..`.
    pub(in crate::config) fn path(&mut self, node: &Node, what: &str) -> Option<SmolStr> {
        let text = self.text(node, what)?;
        let path = clean(&text);
        if path.is_none() {
            let message = format!("{what} leads out of the repository: `{text}`");
            self.wrong(node, &message, "paths count from the root of the repository");
        }
        path.map(SmolStr::from)
    }

    pub(in crate::config) fn pattern(&mut self, text: &str, node: &Node) -> Option<PathPattern> {
        match PathPattern::new(text, node.place()) {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                let help = "`*` matches part of a name, `**` any number of folders, `[a-c]` one character";
                self.wrong(node, &format!("`{text}` is not a pattern: {}", error.msg), help);
                None
            }
        }
    }
}

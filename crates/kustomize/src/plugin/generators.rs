//! Plugin configurations of `generators`.

use super::super::accumulate::{Accumulation, Builder};
use super::super::generate;
use super::super::kustomization::{GeneratorEntry, GeneratorOptions, Kustomization, text};
use super::super::load::Site;
use super::super::resource::Resource;
use super::Plugin;
use fleetlint_yaml::Node;
use fleetlint_yaml::problem::{Problem, ProblemKind};

impl Builder<'_> {
    /// Generators that a kustomization configures.
    pub(in super::super) fn run_generator_plugins(
        &mut self,
        site: &Site,
        file: &Kustomization,
        current: &mut Accumulation,
    ) {
        for plugin in self.plugins(site, &file.generators) {
            let made = match plugin.kind.as_str() {
                "ConfigMapGenerator" => self.generated(site, generate::Kind::ConfigMap, &plugin),
                "SecretGenerator" => self.generated(site, generate::Kind::Secret, &plugin),
                "IAMPolicyGenerator" => generate::iam_policy(&plugin.config, plugin.resource.node.origin.span)
                    .map_err(|problem| vec![problem]),
                "HelmChartInflationGenerator" => {
                    self.leave_out(&plugin, current);
                    continue;
                }
                _ => {
                    self.refuse_plugin(&plugin, "is not a generator");
                    continue;
                }
            };
            match made {
                Ok(mut resource) => {
                    resource.origin = self.plugin_origin(site, &plugin).map(Box::new);
                    self.absorb(resource, current);
                }
                Err(problems) => {
                    self.lack_generated(generator_entry(&plugin.config).name.as_ref(), problems);
                    current.resources.is_lacking = true;
                }
            }
        }
    }

    fn generated(&self, site: &Site, kind: generate::Kind, plugin: &Plugin) -> Result<Resource, Vec<Problem>> {
        let entry = generator_entry(&plugin.config);
        generate::generate(self.reader, self.options, site, kind, &entry, &GeneratorOptions::default())
    }

    fn leave_out(&mut self, plugin: &Plugin, current: &mut Accumulation) {
        let message = format!("the plugin `{}` is not run: its output is not known", plugin.kind);
        let place = plugin.resource.node.get("kind").and_then(Node::place);
        self.problems.push(Problem::new(ProblemKind::Incomplete, message, place));
        self.lack_base(current);
    }
}

/// A generator's arguments; name and namespace may be in the metadata.
fn generator_entry(config: &Node) -> GeneratorEntry {
    let mut entry = GeneratorEntry::of(config);
    let metadata = |key| config.get("metadata").and_then(|metadata| text(metadata, key));
    entry.name = entry.name.or_else(|| metadata("name"));
    entry.namespace = entry.namespace.or_else(|| metadata("namespace"));
    entry
}

//! What a Helm chart may create: charts are not rendered, their names and their values are known.

use crate::fleet::Cluster;
use crate::fleet::unseen::is_flux_group;
use crate::flux::api::{HelmRelease, Reference};
use crate::object::{Object, ObjectId};
use crate::yaml::Node;

/// The chart that installs the Flux Operator: all that it creates is named after it.
const FLUX_OPERATOR: &str = "flux-operator";

/// How values name objects that Flux reads.
const FLUX_WORDS: [&str; 3] = [".toolkit.fluxcd.io", "fluxcd.controlplane.io", "source.extensions.fluxcd.io"];

impl Cluster {
    /// Whether the chart of a HelmRelease may create an object. Its objects are in the target namespace, or in one that the
    /// values name; it creates objects of Flux only if its name or its values say so.
    pub(super) fn chart_may_create(&self, object: &Object, id: &ObjectId) -> bool {
        let Some(release) = HelmRelease::of(object) else { return true };
        let chart = self.chart(release).unwrap_or_default();
        if chart == FLUX_OPERATOR {
            return id.name.contains(FLUX_OPERATOR);
        }
        let is_flux_chart = chart.contains("flux") || chart.contains('$');
        let names = |word: &str| self.values_name(object, word);
        let is_assumed = is_flux_chart || FLUX_WORDS.iter().any(|word| names(word));
        if is_flux_group(&id.group) && !is_assumed {
            return false;
        }
        let target = release.target_namespace();
        let is_inside = id.namespace.is_empty() || id.namespace == target || target.contains('$');
        is_inside || is_flux_chart || names(&id.namespace) || names(&id.name)
    }

    /// Whether the values of a release contain a word, as far as they are at hand.
    fn values_name(&self, release: &Object, word: &str) -> bool {
        let contains = |node: &Node| node.scalars().filter_map(Node::text).any(|text| text.contains(word));
        let from = release.at("/spec/valuesFrom").map(Node::items).unwrap_or_default();
        let stored = from.iter().filter_map(|entry| {
            let text = |key: &str| entry.get(key).and_then(Node::text).unwrap_or_default();
            let found = self.find("", text("kind"), &release.id.namespace, text("name"))?;
            found.object.at("/data").or_else(|| found.object.at("/stringData"))
        });
        release.at("/spec/values").into_iter().chain(stored).any(contains)
    }

    /// The name of a release's chart: as written, or that of the object that holds it.
    fn chart<'a>(&'a self, release: HelmRelease<'a>) -> Option<&'a str> {
        let reference = || Reference::read(release.object.at("/spec/chartRef")?);
        let stored = || {
            let source = &self.source_of(release.object, &reference()?)?.object;
            source.str("/spec/chart").or_else(|| source.str("/spec/url")?.rsplit('/').next())
        };
        release.chart().or_else(stored)
    }
}

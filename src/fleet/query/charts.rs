//! What a Helm chart may create: charts are not rendered, their names and their values are known.

use crate::fleet::Cluster;
use crate::fleet::unseen::is_flux_group;
use crate::flux::api::{HelmRelease, Reference};
use crate::object::{Object, ObjectId};
use crate::yaml::Node;

/// The chart that installs the Flux Operator: all that it creates is named after it.
const FLUX_OPERATOR: &str = "flux-operator";

/// How values write the API version of objects that Flux reads. Without a version it is the name of a CRD or a label.
const FLUX_WORDS: [&str; 3] = [".toolkit.fluxcd.io/v", "fluxcd.controlplane.io/v", "source.extensions.fluxcd.io/v"];

impl Cluster {
    /// Whether the chart of a HelmRelease may create an object. Its objects are in the target namespace, unless the values name
    /// the object or its namespace; it creates objects of Flux only if its name or its values say so.
    pub(super) fn chart_may_create(&self, object: &Object, id: &ObjectId) -> bool {
        let Some(release) = HelmRelease::of(object) else { return true };
        let chart = self.chart(release).unwrap_or_default();
        if chart == FLUX_OPERATOR {
            return id.name.contains(FLUX_OPERATOR);
        }
        let is_flux_chart = chart.contains("flux") || chart.contains('$');
        let contain = |word: &str| {
            let mut texts = self.values_of(object).flat_map(Node::scalars).filter_map(Node::text);
            texts.any(|text| text.contains(word))
        };
        let is_assumed = is_flux_chart || FLUX_WORDS.iter().any(|word| contain(word));
        if is_flux_group(&id.group) && !is_assumed {
            return false;
        }
        let target = release.target_namespace();
        let is_inside = id.namespace.is_empty() || id.namespace == target || target.contains('$');
        let is_named = || contain(&id.name) || self.values_of(object).any(|values| places_in(values, &id.namespace));
        is_inside || is_flux_chart || is_named()
    }

    /// Whether the values of a release name an object, or the object is called after the release.
    pub(super) fn release_names(&self, release: &Object, id: &ObjectId) -> bool {
        let mut texts = self.values_of(release).flat_map(Node::scalars).filter_map(Node::text);
        let is_called_so = HelmRelease::of(release).is_some_and(|it| id.name.contains(&it.release_name()));
        is_called_so || id.name.contains(release.id.name.as_str()) || texts.any(|text| text.contains(id.name.as_str()))
    }

    /// The values of a release, as far as they are at hand.
    fn values_of<'a>(&'a self, release: &'a Object) -> impl Iterator<Item = &'a Node> {
        let from = release.at("/spec/valuesFrom").map(Node::items).unwrap_or_default();
        let stored = from.iter().filter_map(move |entry| {
            let text = |key: &str| entry.get(key).and_then(Node::text).unwrap_or_default();
            let found = self.find("", text("kind"), &release.id.namespace, text("name"))?;
            found.object.at("/data").or_else(|| found.object.at("/stringData"))
        });
        release.at("/spec/values").into_iter().chain(stored)
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

/// Whether values name a namespace below a key that says so (`namespace`, `watchNamespaces`), or in a text of many lines.
fn places_in(values: &Node, namespace: &str) -> bool {
    let is_it = |node: &Node| node.scalars().any(|scalar| scalar.text() == Some(namespace));
    let says_so = |key: &Node| key.text().is_some_and(|key| key.to_ascii_lowercase().contains("namespace"));
    let is_text = values.text().is_some_and(|text| text.contains('\n') && text.contains(namespace));
    is_text
        || values.items().iter().any(|item| places_in(item, namespace))
        || values
            .entries()
            .iter()
            .any(|entry| says_so(&entry.key) && is_it(&entry.value) || places_in(&entry.value, namespace))
}

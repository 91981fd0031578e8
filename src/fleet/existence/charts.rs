//! What a Helm chart may create: charts are not rendered, their names and their values are known.

use std::collections::HashMap;

use super::Existence;
use super::grants::is_of_fleet;
use crate::fleet::Reconciler;
use crate::fleet::chart::Chart;
use crate::fleet::unseen::is_flux_group;
use crate::flux::api::HelmRelease;
use crate::object::{Object, ObjectId};
use crate::yaml::Node;

/// The chart that installs the Flux Operator: all that it creates is named after it.
const FLUX_OPERATOR: &str = "flux-operator";

/// How values write the API version of objects that Flux reads. Without a version it is the name of a CRD or a label.
const FLUX_WORDS: [&str; 3] = [".toolkit.fluxcd.io/v", "fluxcd.controlplane.io/v", "source.extensions.fluxcd.io/v"];

impl<'a> Existence<'a> {
    /// Whether the chart of a HelmRelease may create an object. Its objects are in the target namespace, unless the values name
    /// the object or its namespace; it creates objects of Flux only if its name or its values say so.
    pub(super) fn chart_may_create(self, release: &Reconciler, id: &ObjectId) -> bool {
        let Some(chart) = self.charts().get(&release.placed) else { return true };
        if chart.name == FLUX_OPERATOR {
            return id.name.contains(FLUX_OPERATOR);
        }
        if is_flux_group(&id.group) && !chart.brings_flux {
            return false;
        }
        let is_inside = id.namespace.is_empty() || id.namespace == chart.target || chart.target.contains('$');
        let names = |word: &str| chart.texts.contains(word);
        let places = || self.values_of(&release.object).any(|values| places_in(values, &id.namespace));
        is_inside || chart.is_of_flux() || names(&id.name) || names(&id.namespace) && places()
    }

    /// Whether a release installs the Flux Operator, whose roles are known.
    pub(super) fn is_flux_operator(self, release: &Reconciler) -> bool {
        self.charts().get(&release.placed).is_some_and(|chart| chart.name == FLUX_OPERATOR)
    }

    /// Whether the chart of a HelmRelease may create a binding (`id` says where) for an account: charts bind the accounts that
    /// they create in the target namespace, and those that the values name.
    pub(super) fn chart_may_bind(self, release: &Reconciler, id: &ObjectId, account: (&str, &str)) -> bool {
        let Some(chart) = self.charts().get(&release.placed) else { return true };
        if chart.name == FLUX_OPERATOR {
            return false;
        }
        let is_in_scope = id.namespace.is_empty() || id.namespace == chart.target || chart.target.contains('$');
        let names = |word: &str| !word.is_empty() && chart.texts.contains(word);
        let is_inside = account.0 == chart.target || chart.target.contains('$');
        let is_own = is_inside && (!is_of_fleet(self.cluster, account) || names(account.1));
        is_own && is_in_scope || names(account.1) && (is_inside || names(account.0) || account.0.is_empty())
    }

    /// Whether the values of a release name an object, or the object is called after the release.
    pub(super) fn release_names(self, release: &Reconciler, id: &ObjectId) -> bool {
        let chart = self.charts().get(&release.placed);
        let is_named = |chart: &Chart| id.name.contains(&chart.release_name) || chart.texts.contains(id.name.as_str());
        id.name.contains(release.object.id.name.as_str()) || chart.is_some_and(is_named)
    }

    /// The charts of HelmReleases, by the positions of the latter.
    fn charts(self) -> &'a HashMap<usize, Chart> {
        self.index.charts.get_or_init(|| {
            let releases = self.cluster.reconcilers.iter().filter_map(|it| Some((it, HelmRelease::of(&it.object)?)));
            releases.map(|(reconciler, release)| (reconciler.placed, self.read_chart(release))).collect()
        })
    }

    fn read_chart(self, release: HelmRelease<'_>) -> Chart {
        let scalars = self.values_of(release.object).flat_map(Node::scalars).filter_map(Node::text);
        let texts = scalars.fold(String::new(), |texts, text| texts + text + "\n");
        let name = self.cluster.sources().chart_of(release.object).unwrap_or_default().to_owned();
        let chart = Chart {
            name,
            release_name: release.release_name().to_string(),
            target: release.target_namespace().to_string(),
            brings_flux: FLUX_WORDS.iter().any(|word| texts.contains(word)),
            texts,
        };
        Chart { brings_flux: chart.brings_flux || chart.is_of_flux(), ..chart }
    }

    /// The values of a release, as far as they are at hand.
    fn values_of(self, release: &'a Object) -> impl Iterator<Item = &'a Node> {
        let from = release.at("/spec/valuesFrom").map(Node::items).unwrap_or_default();
        let stored = from.iter().filter_map(move |entry| {
            let text = |key: &str| entry.get(key).and_then(Node::text).unwrap_or_default();
            let found = self.cluster.find("", text("kind"), &release.id.namespace, text("name"))?;
            found.object.at("/data").or_else(|| found.object.at("/stringData"))
        });
        release.at("/spec/values").into_iter().chain(stored)
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

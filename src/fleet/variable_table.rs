//! Variables by clusters: what `fleetlint vars` shows, whatever the format.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use smol_str::SmolStr;

use super::facets::variables::{Rank, Shown};
use super::{Cluster, Fleet, Reconciler, ReconcilerKind};
use crate::flux::release::Feature;
use crate::flux::substitute::VariableUse;
use crate::yaml::Span;

/// The variables of a fleet, by their names.
#[derive(Debug, Default)]
pub struct VariableTable {
    pub variables: BTreeMap<SmolStr, VariableRow>,
}

/// One variable: its values, each with the objects that hold it (`ConfigMap flux-system/flux-runtime-info`; copies hold the
/// same), and where it is used.
#[derive(Debug, Default)]
pub struct VariableRow {
    pub values: BTreeMap<ValueKey, (BTreeSet<String>, Spread)>,
    pub uses: BTreeMap<UseKey, Spread>,
}

/// A key that defines a variable.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ValueKey {
    /// The value; `None` where it is not known or must not be shown.
    pub value: Option<String>,
    /// It comes from a Secret.
    pub is_secret: bool,
    pub rank: ValueRank,
    /// Where the value is written.
    pub place: Option<Span>,
}

/// Whether the value of a key is the one that Flux inserts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ValueRank {
    Counts,
    Shadowed,
    Open,
}

/// A place that uses a variable.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UseKey {
    /// The expression.
    pub place: Option<Span>,
    pub state: UseState,
}

/// What Flux makes of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UseState {
    /// The variable has a value.
    Defined,
    /// Its value, or whether it has one, is not known.
    Unknown,
    /// It is not defined, and the expression has a default.
    Default,
    /// It is not defined and becomes empty.
    Empty,
    /// It is not defined, and Flux refuses that.
    Refused,
}

/// On which clusters, and by which Kustomizations.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spread {
    pub clusters: BTreeSet<String>,
    /// As `namespace/name`. Of a value those that use it; of a use those that substitute it.
    pub kustomizations: BTreeSet<String>,
}

impl Spread {
    fn add(&mut self, cluster: &Cluster, kustomization: Option<String>) {
        self.clusters.insert(cluster.name.clone());
        self.kustomizations.extend(kustomization);
    }
}

impl Fleet {
    /// All variables; those of one cluster, or one variable, if that is asked for.
    pub fn variable_table(&self, cluster: Option<&str>, name: Option<&str>) -> VariableTable {
        let mut table = VariableTable::default();
        for cluster in self.clusters.iter().filter(|it| cluster.is_none_or(|name| it.name == name)) {
            for reconciler in &cluster.reconcilers {
                if reconciler.kind == ReconcilerKind::Kustomization {
                    table.take(self, (cluster, reconciler), &|it| name.is_none_or(|name| name == it));
                }
            }
        }
        table
    }
}

impl VariableTable {
    fn take(&mut self, fleet: &Fleet, (cluster, reconciler): (&Cluster, &Reconciler), is_asked: &dyn Fn(&str) -> bool) {
        let (namespace, name) = reconciler.name();
        let shown = format!("{namespace}/{name}");
        let mut used: HashSet<&str> = HashSet::new();
        let definitions = fleet.variables(cluster).definitions_of(reconciler);
        let has_known_value: HashSet<&str> = definitions
            .iter()
            .filter(|it| it.rank == Rank::Counts && it.shown() != Shown::Unknown)
            .map(|definition| definition.name)
            .collect();
        for found in reconciler.uses.iter().filter(|found| is_asked(&found.name)) {
            used.insert(&found.name);
            let state = state(found, cluster, has_known_value.contains(found.name.as_str()));
            let key = UseKey { place: found.place, state };
            let row = self.variables.entry(found.name.clone()).or_default();
            row.uses.entry(key).or_default().add(cluster, Some(shown.clone()));
        }
        for definition in definitions.iter().filter(|it| is_asked(it.name)) {
            let (value, is_secret) = match definition.shown() {
                Shown::Text(text) => (Some(text.replace('\n', "")), false),
                Shown::Secret => (None, true),
                Shown::Unknown => (None, false),
            };
            let object = match definition.object {
                Some(object) => format!("{} {}/{}", object.id.kind, object.id.namespace, object.id.name),
                None => format!("Kustomization {shown}"),
            };
            let rank = match definition.rank {
                Rank::Counts => ValueRank::Counts,
                Rank::Shadowed => ValueRank::Shadowed,
                Rank::Open => ValueRank::Open,
            };
            let key = ValueKey { value, is_secret, rank, place: definition.value.place() };
            let user = (used.contains(definition.name) && rank != ValueRank::Shadowed).then(|| shown.clone());
            let row = self.variables.entry(definition.name.into()).or_default();
            let (objects, spread) = row.values.entry(key).or_default();
            objects.insert(object);
            spread.add(cluster, user);
        }
    }
}

fn state(found: &VariableUse, cluster: &Cluster, has_known_value: bool) -> UseState {
    match (found.is_defined, found.has_default) {
        (true, _) if has_known_value => UseState::Defined,
        (true, _) => UseState::Unknown,
        (false, true) => UseState::Default,
        (false, false) => match cluster.features.has(Feature::StrictSubstitution) {
            Some(true) => UseState::Refused,
            Some(false) => UseState::Empty,
            None => UseState::Unknown,
        },
    }
}

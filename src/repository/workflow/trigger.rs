//! `on`: when a workflow runs.

use smol_str::SmolStr;

use super::value::Values;
use crate::repository::written::Written;
use crate::yaml::{Node, Span};

/// An event that starts a workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// `push`, `pull_request`, `schedule`, …
    pub event: SmolStr,
    /// What it is limited to; without filters it counts always.
    pub filters: Vec<Filter>,
    /// The name of the event.
    pub place: Span,
}

/// A filter of an event: `branches`, `branches-ignore`, `paths`, `tags`, `types`, `workflows`, `cron`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    pub name: SmolStr,
    pub values: Vec<Written>,
}

impl Trigger {
    /// The values of a filter; `None` where there is no such filter.
    pub fn filter(&self, name: &str) -> Option<&[Written]> {
        self.filters.iter().find(|filter| filter.name == name).map(|filter| filter.values.as_slice())
    }
}

pub(super) fn read(values: Values<'_>, root: &Node) -> Vec<Trigger> {
    let Some(node) = root.get("on") else { return Vec::new() };
    let plain = |written: Written| Trigger { event: written.text, filters: Vec::new(), place: written.place };
    if node.as_mapping().is_none() {
        return values.list(Some(node)).into_iter().map(plain).collect();
    }
    let events = node.entries().iter().map(|entry| Trigger {
        event: entry.key.text().unwrap_or_default().into(),
        filters: filters(values, &entry.value),
        place: values.place(&entry.key),
    });
    events.collect()
}

fn filters(values: Values<'_>, node: &Node) -> Vec<Filter> {
    let filter = |name: &str, values: Vec<Written>| Filter { name: name.into(), values };
    let schedules: Vec<Written> = node.items().iter().flat_map(|item| values.list(item.get("cron"))).collect();
    if !schedules.is_empty() {
        return vec![filter("cron", schedules)];
    }
    let named = node.entries().iter().filter_map(|entry| Some((entry.key.text()?, values.list(Some(&entry.value)))));
    named.map(|(name, values)| filter(name, values)).collect()
}

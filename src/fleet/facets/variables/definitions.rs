//! The variables that Kustomizations define: by which key, with which value, and whether that is the one that counts.

use std::collections::HashMap;

use super::Variables;
use crate::fleet::Reconciler;
use crate::flux::api::Kustomization;
use crate::flux::substitute::is_unknown;
use crate::object::Object;
use crate::yaml::{Entry, Node};

/// A variable as one key defines it for a Kustomization.
#[derive(Clone, Copy, Debug)]
pub struct Definition<'a> {
    pub name: &'a str,
    pub key: &'a Node,
    pub value: &'a Node,
    /// The ConfigMap or Secret with the key; `None` for `postBuild.substitute`.
    pub object: Option<&'a Object>,
    /// All of the object is known: what looks like a variable in a value is none.
    is_resolved: bool,
    /// Which of the keys of the name it is.
    pub rank: Rank,
}

/// Which of several keys of one name a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rank {
    /// Its value is the one that Flux inserts.
    Counts,
    /// Another key that Flux reads later has the same name.
    Shadowed,
    /// An object that Flux reads later is not available, and may have the same name.
    Open,
}

/// A value as outputs may show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shown<'a> {
    Text(&'a str),
    /// It comes from a Secret.
    Secret,
    /// Only the cluster knows it.
    Unknown,
}

impl<'a> Definition<'a> {
    /// The value, if it may be shown.
    pub fn shown(&self) -> Shown<'a> {
        let is_of_secret = self.object.is_some_and(|object| object.id.kind == "Secret");
        match self.value.text() {
            _ if is_of_secret || self.value.secret().is_some() => Shown::Secret,
            _ if is_unknown(self.value) => Shown::Unknown,
            Some(text) if self.is_resolved || !text.contains("${") => Shown::Text(text),
            _ => Shown::Unknown,
        }
    }
}

impl<'a> Variables<'a> {
    /// The variables that a Kustomization defines, in the order in which Flux reads them: those of each entry of
    /// `substituteFrom`, then those of `substitute`. The last one of a name counts.
    pub fn definitions_of(self, reconciler: &'a Reconciler) -> Vec<Definition<'a>> {
        let Some(kustomization) = Kustomization::of(&reconciler.object) else { return Vec::new() };
        let mut found: Vec<Definition<'a>> = Vec::new();
        for source in kustomization.substitute_from().filter(|it| matches!(it.kind, "ConfigMap" | "Secret")) {
            let name = source.name.text().unwrap_or_default();
            match self.cluster.find("", source.kind, &reconciler.object.id.namespace, name) {
                Some(placed) if placed.has_known_data() || !placed.settled => {
                    let object = placed.object;
                    let fields = if source.kind == "Secret" { &["/data", "/stringData"][..] } else { &["/data"] };
                    let entries = fields.iter().filter_map(|field| object.at(field)).flat_map(Node::entries);
                    found.extend(entries.filter_map(|entry| definition(entry, Some(object), placed.settled)));
                }
                None if source.optional => {}
                // It may define what others define before it.
                _ => found.iter_mut().for_each(|definition| definition.rank = Rank::Open),
            }
        }
        let inline = reconciler.object.at("/spec/postBuild/substitute").map(Node::entries).unwrap_or_default();
        let is_resolved = self.cluster.placed(reconciler).is_some_and(|placed| placed.settled);
        found.extend(inline.iter().filter_map(|entry| definition(entry, None, is_resolved)));
        let mut last: HashMap<&str, usize> = HashMap::new();
        for index in 0..found.len() {
            let Some(name) = found.get(index).map(|it| it.name) else { continue };
            let before = last.insert(name, index).and_then(|before| found.get_mut(before));
            before.into_iter().for_each(|definition| definition.rank = Rank::Shadowed);
        }
        found
    }
}

fn definition<'a>(entry: &'a Entry, object: Option<&'a Object>, is_resolved: bool) -> Option<Definition<'a>> {
    let (key, value) = (&entry.key, &entry.value);
    Some(Definition { name: key.text()?, key, value, object, is_resolved, rank: Rank::Counts })
}

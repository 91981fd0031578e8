//! What a fleet says about itself: how its clusters were found, and its outline.

use super::Redactor;
use crate::fleet::{Blocked, Discovery, FleetGraph, FleetOrder};

impl Redactor {
    /// Takes out of an outline what must not be shown.
    pub fn outline(&self, outline: &mut FleetGraph) {
        for reconciler in outline.clusters.iter_mut().flat_map(|cluster| &mut cluster.reconcilers) {
            [&mut reconciler.namespace, &mut reconciler.name].into_iter().for_each(|text| self.redact(text));
            let texts =
                [&mut reconciler.service_account, &mut reconciler.tenant, &mut reconciler.path, &mut reconciler.reason];
            texts.into_iter().flatten().for_each(|text| self.redact(text));
            reconciler.depends_on.iter_mut().for_each(|text| self.redact(text));
            if let Some(source) = &mut reconciler.source {
                [&mut source.kind, &mut source.namespace, &mut source.name]
                    .into_iter()
                    .for_each(|text| self.redact(text));
                source.url.iter_mut().for_each(|text| self.redact(text));
            }
        }
        for cluster in &mut outline.clusters {
            cluster.tenants.iter_mut().for_each(|text| self.redact(text));
        }
    }

    /// Takes out of an order what must not be shown.
    pub fn order(&self, order: &mut FleetOrder) {
        for cluster in &mut order.clusters {
            let lists = [&mut cluster.never, &mut cluster.critical_path, &mut cluster.waited_for];
            let all = cluster.waves.iter_mut().chain(lists).flatten();
            all.flat_map(|it| [&mut it.namespace, &mut it.name]).for_each(|text| self.redact(text));
        }
    }

    /// Takes out of what is said about clusters what must not be shown.
    pub fn discovery(&self, discovery: &mut Discovery) {
        discovery.reason.iter_mut().for_each(|text| self.redact(text));
        let of_clusters = discovery.clusters.iter_mut().flat_map(|cluster| &mut cluster.evidence);
        let of_questions = discovery.questions.iter_mut().flat_map(|question| &mut question.evidence);
        of_clusters.chain(of_questions).for_each(|evidence| self.redact(&mut evidence.what));
        discovery.questions.iter_mut().for_each(|question| self.redact(&mut question.why));
        discovery.unapplied.iter_mut().for_each(|unapplied| self.redact(&mut unapplied.object));
        match &mut discovery.blocked {
            Some(Blocked::NothingChecked(text)) => self.redact(text),
            Some(Blocked::FluxOne { what, .. }) => self.redact(what),
            Some(Blocked::Ambiguous | Blocked::NoManifests) | None => {}
        }
    }
}

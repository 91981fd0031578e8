//! Patches, replacements and vars: handed to [`super::super::patch`].

use crate::problem::{Problem, ProblemKind};
use crate::yaml::Span;

use super::super::kustomization::Kustomization;
use super::super::load::Site;
use super::{Accumulation, Builder};

impl Builder<'_> {
    pub(super) fn patch(&mut self, _site: &Site, file: &Kustomization, _current: &mut Accumulation) {
        self.unknown(file.patches_strategic_merge.first().and_then(|patch| patch.place()));
        self.unknown(file.patches.first().and_then(|patch| patch.place));
    }

    pub(super) fn patch_json6902(&mut self, _site: &Site, file: &Kustomization, _current: &mut Accumulation) {
        self.unknown(file.patches_json6902.first().and_then(|patch| patch.place));
    }

    pub(super) fn replace(&mut self, _site: &Site, file: &Kustomization, _current: &mut Accumulation) {
        self.unknown(file.replacements.first().and_then(|entry| entry.place()));
    }

    pub(super) fn resolve_vars(&mut self, current: &mut Accumulation) {
        self.unknown(current.vars.first().and_then(|entry| entry.place()));
    }

    fn unknown(&mut self, place: Option<Span>) {
        if place.is_some() {
            self.problems.push(Problem::new(ProblemKind::Undetermined, "patches are not applied yet", place));
        }
    }
}

//! Plugin configurations: `generators`, `transformers`, `validators` (kustomize-semantics, section 14).

use crate::problem::{Problem, ProblemKind};
use crate::yaml::Node;

use super::accumulate::{Accumulation, Builder};
use super::kustomization::Kustomization;
use super::load::Site;

impl Builder<'_> {
    /// Generators that a kustomization configures.
    pub(super) fn run_generator_plugins(&mut self, _site: &Site, file: &Kustomization, _current: &mut Accumulation) {
        self.refuse_plugins(&file.generators);
    }

    /// Transformers that a kustomization configures, after those of its own fields.
    pub(super) fn run_transformer_plugins(&mut self, _site: &Site, file: &Kustomization, _current: &mut Accumulation) {
        self.refuse_plugins(&file.transformers);
    }

    /// Validators, which must not change anything: there is none built in.
    pub(super) fn validate(&mut self, _site: &Site, file: &Kustomization) {
        self.refuse_plugins(&file.validators);
    }

    fn refuse_plugins(&mut self, entries: &[Node]) {
        for entry in entries {
            let message = "plugins are not run: what they make is not known";
            self.problems.push(Problem::new(ProblemKind::Undetermined, message, entry.place()));
        }
    }
}

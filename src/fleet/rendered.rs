//! What became of a Kustomization on a cluster, or on all clusters with the same values.

use std::sync::Arc;

use smol_str::SmolStr;

use super::applied::Applied;
use super::reconciler::OpenReason;
use super::unseen::Unseen;
use crate::flux::substitute::VariableUse;
use crate::kustomize::Remark;
use crate::problem::Problem;

/// What a Kustomization applies on one cluster.
#[derive(Debug, Default)]
pub(super) struct Rendered {
    pub applied: Arc<Applied>,
    pub uses: Arc<[VariableUse]>,
    pub problems: Vec<Problem>,
    /// The variables that strict mode refuses because they are not defined, by name.
    pub undefined: Vec<(SmolStr, Problem)>,
    /// What is wrong although Flux builds all the same: what kustomize drops, what the API server refuses.
    pub told: Vec<Problem>,
    /// What kustomize does without a word and that is probably not meant.
    pub remarks: Arc<[Remark]>,
    /// Why the build itself is not known in full, each reason once.
    pub undetermined: Vec<OpenReason>,
    /// Why not all values of its objects are known.
    pub unknown_values: Option<String>,
    /// What there may be beside `objects`: the build itself is not known, or refused.
    pub unseen: Unseen,
    /// The folder does not exist.
    pub path_not_found: bool,
}

//! Image updates are made on staging, by automations that see their policies, and reach production by promotion.

pub(super) mod automation_on_production;
pub(super) mod dangling_marker;
pub(super) mod missing_role_label;
pub(super) mod missing_update_path;
pub(super) mod policy_without_marker;
pub(super) mod push_branch_is_promotion_target;
pub(super) mod push_without_review;
pub(super) mod removed_template_field;
pub(super) mod repository_mismatch;
pub(super) mod unbounded_policy;
pub(super) mod unfiltered_tags;

//! Policies that change Secrets: what a Secret holds in Git is not what it holds on the cluster then.

use super::Credentials;
use crate::fleet::ClusterObject;
use crate::yaml::Node;

impl<'a> Credentials<'a> {
    /// The policies that change Secrets when they come onto the cluster, or once they are there.
    pub fn policies_about_secrets(self) -> impl Iterator<Item = ClusterObject<'a>> {
        let is_policy = |group: &str, kind: &str| {
            group == "kyverno.io" && matches!(kind, "ClusterPolicy" | "Policy")
                || group == "policies.kyverno.io" && kind.contains("Mutating")
        };
        let mutates = |node: &Node| node.get("mutate").is_some();
        self.cluster.objects.of_kinds(is_policy).filter(move |placed| {
            let rules = placed.object.at("/spec/rules").map(Node::items).unwrap_or_default();
            let is_mutating = placed.object.id.group != "kyverno.io" || rules.iter().any(mutates);
            let names_secrets =
                |text: &str| text.rsplit('/').next().is_some_and(|it| matches!(it, "Secret" | "secrets" | "*"));
            is_mutating && placed.object.root.scalars().any(|it| it.text().is_some_and(names_secrets))
        })
    }
}

//! A patch whose target selects nothing.

use crate::finding::{Findings, Place, Severity};
use crate::kustomize::Remark;
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "kustomization-graph/patch-target-matches-nothing",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "a patch with a target that gives a name selects nothing",
    is_pedantic: false,
    page: include_str!("../../../rules/kustomization-graph/patch-target-matches-nothing.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for kustomization in &context.cluster.reconcilers {
        for remark in kustomization.remarks.iter() {
            let Remark::UnmatchedTarget { target, near } = remark else { continue };
            let text = |key: &str| target.get(key).and_then(Node::text).unwrap_or_default();
            let Some(name) = target.get("name").filter(|_| !is_of_bootstrap(context, text("name"))) else { continue };
            let kind = if text("kind").is_empty() { "nothing" } else { "no object" };
            let named = [("kind", text("kind")), ("namespace", text("namespace")), ("name", text("name"))];
            let named = named.iter().filter(|(_, value)| !value.is_empty());
            let named: Vec<String> = named.map(|(key, value)| format!("`{key}: {value}`")).collect();
            let message = format!("the target of this patch selects {kind}: there is none with {}", named.join(", "));
            let finding = findings.report_place(Place::of_node(name), message);
            finding
                .about_node(name)
                .help("correct the target, or remove the patch: kustomize says nothing where it selects nothing");
            if let Some(near) = near {
                finding.help(format!("did you mean `{}`?", near.text().unwrap_or_default()));
                finding.related_node(near, "or this name is the one that is misspelt");
                finding.slip(Place::of_node(near).span(), text("name"));
            }
        }
    }
}

/// The names of what `flux bootstrap` writes.
const OF_BOOTSTRAP: [&str; 8] = [
    "flux-system",
    "helm-controller",
    "image-automation-controller",
    "image-reflector-controller",
    "kustomize-controller",
    "notification-controller",
    "source-controller",
    "source-watcher",
];

/// Whether a patch is for what `flux bootstrap` writes, and it has not been there yet.
fn is_of_bootstrap(context: RuleContext<'_>, name: &str) -> bool {
    let cluster = context.cluster;
    let is_there = cluster.find("apps", "Deployment", &cluster.flux_namespace, "kustomize-controller").is_some();
    OF_BOOTSTRAP.contains(&name) && !is_there
}

//! A `targetNamespace` over a Namespace object.

use crate::finding::{Findings, Severity};
use crate::fleet::existence::BUILT_IN_NAMESPACES;
use crate::fleet::{AppliedBy, Reconciler};
use crate::kustomize::Remark;
use crate::object::ObjectId;
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "kustomization-graph/renamed-namespace",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "`targetNamespace` renames a Namespace object, so that its Kustomization owns a namespace of somebody else",
    is_pedantic: false,
    page: include_str!("../../../rules/kustomization-graph/renamed-namespace.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    for kustomization in &context.cluster.reconcilers {
        for remark in kustomization.remarks.iter() {
            let Remark::RenamedNamespace { name, namespace } = remark else { continue };
            let target = namespace.text().unwrap_or_default();
            let Some(owner) = owner_of(context, kustomization, target) else { continue };
            let id = &kustomization.object.id;
            let Some(old) = name.text().and_then(|name| value_of(kustomization, name)).filter(|old| *old != target)
            else {
                continue;
            };
            let message = format!(
                "Namespace `{old}` becomes `{target}` here, {owner}: Kustomization `{}/{}` owns that, and pruning deletes it with all that is in it",
                id.namespace, id.name
            );
            let finding = findings.report(&kustomization.object, "/spec/targetNamespace", message);
            finding.at_node(namespace).about_node(name);
            finding.related_node(name, format!("there is no namespace `{old}` afterwards"));
            let renamed =
                ObjectId { group: "".into(), kind: "Namespace".into(), namespace: "".into(), name: target.into() };
            finding.explains(context.renamed(&renamed));
            finding.help("take the Namespace object out of what this builds: `targetNamespace` and `namespace` name it after themselves");
        }
    }
}

/// What a name becomes once variables are substituted; `None` if that is not known.
fn value_of<'a>(kustomization: &'a Reconciler, name: &'a str) -> Option<&'a str> {
    if !name.contains("${") {
        return Some(name);
    }
    let variable = name.strip_prefix("${")?.strip_suffix('}')?;
    kustomization.object.at("/spec/postBuild/substitute")?.get(variable)?.text()
}

/// Whose namespace it is, if it is not that of the Kustomization itself.
fn owner_of(context: RuleContext<'_>, kustomization: &Reconciler, target: &str) -> Option<String> {
    if target == context.cluster.flux_namespace {
        return Some("which is the namespace of Flux".to_owned());
    }
    if BUILT_IN_NAMESPACES.contains(&target) {
        return Some("which every cluster has".to_owned());
    }
    let placed = context.cluster.namespace(target)?;
    let by = match placed.by {
        AppliedBy::Reconciler(_) => context.cluster.applied_by(placed)?,
        _ => return None,
    };
    let is_other = !std::ptr::eq(by, kustomization);
    is_other.then(|| format!("which {} `{}/{}` creates", by.object.id.kind, by.name().0, by.name().1))
}

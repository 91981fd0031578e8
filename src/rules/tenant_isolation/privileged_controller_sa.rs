//! A tenant applies as an account that can do everything.

use smol_str::SmolStr;

use crate::finding::{Fact, Findings, Severity};
use crate::fleet::{Identity, Reconciler};
use crate::rbac::Proof;
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "tenant-isolation/privileged-controller-sa",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a tenant applies as a service account that can do everything on the cluster",
    is_pedantic: false,
    page: include_str!("../../../rules/tenant-isolation/privileged-controller-sa.md"),
    check: Check::Cluster(check),
};

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    let rbac = context.rbac();
    let mut found: Vec<(Proof<'_>, &Reconciler, SmolStr, Vec<&Reconciler>)> = Vec::new();
    for (_, reconciler, tenant) in context.tenancy().reconcilers() {
        if !matches!(reconciler.identity, Identity::Named(_)) {
            continue;
        }
        let Some(proof) = rbac.user_of(reconciler).and_then(|user| rbac.rights().everything(&user)) else { continue };
        // Whatever one binding gives away is one defect.
        let is_same = |it: &Proof<'_>| std::ptr::eq(it.binding, proof.binding) && it.subject == proof.subject;
        match found.iter_mut().find(|(known, ..)| is_same(known)) {
            Some((.., others)) => others.push(reconciler),
            None => found.push((proof, reconciler, tenant, Vec::new())),
        }
    }
    for (proof, reconciler, tenant, others) in found {
        let Identity::Named(name) = &reconciler.identity else { continue };
        let (kind, namespace) = (&reconciler.object.id.kind, reconciler.name().0);
        let message = format!(
            "{kind} of tenant `{tenant}` applies as service account `{namespace}/{name}`, which can do everything on the \
             cluster: whoever writes to the tenant's repository is cluster-admin"
        );
        let finding = findings.report(&reconciler.object, "/spec/serviceAccountName", message);
        finding.argument(tenant.as_str()).help("name a service account that is bound in the tenant's namespaces only");
        for other in others {
            finding.related(&other.object, "/spec/serviceAccountName", "the same binding holds for this account");
        }
        let subject = format!("/subjects/{}/name", proof.subject);
        if let Some(binding) = proof.binding.written.object() {
            finding.related(binding, &subject, "bound cluster-wide here");
            // Where the account is the tenant's, the binding is the defect.
            let place = binding.at(&subject).and_then(Node::place);
            place.into_iter().for_each(|place| _ = finding.because(Fact::WrongValue(place)));
        }
    }
}

//! An object uses a Secret that exists in Flux's namespace only.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::finding::{Finding, Findings, Place, Severity};
use crate::fleet::facets::credentials::credential;
use crate::fleet::{AppliedBy, Cluster, ClusterObject, Reconciler};
use crate::object::{Object, ObjectId};
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "pat-permissions/secret-not-propagated",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a source uses a Secret that lives in Flux's namespace only and that no policy copies",
    is_pedantic: false,
    page: include_str!("../../../rules/pat-permissions/secret-not-propagated.md"),
    check: Check::Cluster(check),
};

/// A source, the Secret that it looks for, and the field that names it.
type Missing<'a> = (ObjectId, ClusterObject<'a>, &'static str);

/// What Secrets share that policies do not tell apart: labels; without any, the name; and the namespace that policies do not
/// reach.
type Alike<'a> = (Vec<(&'a str, &'a str)>, Option<SmolStr>, Option<SmolStr>);

fn check(context: RuleContext<'_>, findings: &mut Findings) {
    let cluster = context.cluster;
    // Policies select Secrets by label: of equal ones none is copied for one reason, however many sources miss the copies.
    let mut missing: BTreeMap<Alike<'_>, Vec<Missing<'_>>> = BTreeMap::new();
    for placed in context.sources().defined() {
        let Some((id, pointer, original)) = missing_copy(cluster, placed) else { continue };
        let readers: Vec<&Reconciler> = context.sources().readers_of(placed).collect();
        if let Some(creator) = context.existence().could_create(&id, &readers) {
            context.cannot_tell(&id, &creator, Some(Place::at(placed.object, pointer)), findings);
            continue;
        }
        let alike = labels(original.object);
        let alone = alike.is_empty().then(|| original.object.id.name.clone());
        // Where the namespace lacks its label, that is why, and only there.
        let lacks_label =
            |namespace: &ClusterObject<'_>| !context.tenancy().missing_tenant_labels(*namespace).is_empty();
        let unlabelled = cluster.namespace(&id.namespace).filter(lacks_label).map(|it| it.object.id.name.clone());
        missing.entry((alike, alone, unlabelled)).or_default().push((id, placed, pointer));
    }
    for ((.., unlabelled), mut sources) in missing {
        sources.sort_by(|a, b| (&a.0.name, &a.1.object.id).cmp(&(&b.0.name, &b.1.object.id)));
        let mut finding = report(context, &sources, findings);
        // Who cannot fetch its source applies nothing.
        for reader in sources.iter().flat_map(|(_, source, _)| context.sources().readers_of(*source)) {
            finding.iter_mut().for_each(|finding| _ = finding.explains(context.not_applied(reader)));
        }
        let namespace = unlabelled.and_then(|namespace| cluster.namespace(&namespace));
        if let (Some(finding), Some(namespace)) = (finding, namespace) {
            finding.because(context.no_tenant_label(namespace));
        }
    }
}

fn labels(object: &Object) -> Vec<(&str, &str)> {
    let entries = object.at("/metadata/labels").map(Node::entries).unwrap_or_default();
    let mut labels: Vec<_> = entries.iter().filter_map(|entry| entry.key.text().zip(entry.value.text())).collect();
    labels.sort_unstable();
    labels
}

/// The Secret that a source looks for and that exists in Flux's namespace only, with the field that names it.
fn missing_copy<'a>(
    cluster: &'a Cluster,
    source: ClusterObject<'_>,
) -> Option<(ObjectId, &'static str, ClusterObject<'a>)> {
    let reference = credential(source.object)?;
    let namespace = &source.object.id.namespace;
    let id = ObjectId {
        group: "".into(),
        kind: "Secret".into(),
        namespace: namespace.clone(),
        name: reference.name.clone(),
    };
    let original = cluster.find("", "Secret", &cluster.flux_namespace, &reference.name)?;
    (*namespace != cluster.flux_namespace && !cluster.existence().has_secret(&id)).then_some((
        id,
        reference.pointer,
        original,
    ))
}

/// At the first source; the others are named beside it.
fn report<'f>(
    context: RuleContext<'_>,
    sources: &[Missing<'_>],
    findings: &'f mut Findings,
) -> Option<&'f mut Finding> {
    let cluster = context.cluster;
    let ((id, first, pointer), others) = sources.split_first()?;
    let message = format!(
        "Secret `{}` exists in `{}` only: no policy copies it to `{}`, where this {} looks for it",
        id.name, cluster.flux_namespace, id.namespace, first.object.id.kind
    );
    let finding = findings.report(first.object, pointer, message);
    finding.help("add the labels that the clone policy selects on to the Secret and the Namespace, or add a policy that copies it");
    if let Some(original) = cluster.find("", "Secret", &cluster.flux_namespace, &id.name) {
        finding.related(original.object, "/metadata/name", "the Secret");
        let token = context.credentials().token(original).filter(|token| token.is_assumed());
        // A manifest of the Secret is a fact, whatever its token is.
        if let Some(token) = token.filter(|_| original.by == AppliedBy::Declared) {
            finding.severity(Severity::Warning).help(format!(
                "fleets of this layout are expected to have it there: declare in `tokens:` of fleetlint.yaml \
                 which Secrets hold the token and how they are labelled, for example `{}`, or add a policy that copies it",
                token.declaration()
            ));
        }
    }
    for (other, source, pointer) in others {
        let label = format!("Secret `{}` is missing here, in `{}`, too", other.name, other.namespace);
        finding.related(source.object, pointer, label);
    }
    Some(finding)
}

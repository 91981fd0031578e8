//! A field names a Secret that nothing creates.

use crate::finding::{Findings, Severity, entry_of};
use crate::fleet::existence::{MissingReference, ReferenceUse, near_name};
use crate::fleet::{Cluster, Fleet};
use crate::flux::api::group;
use crate::flux::kinds::{Credential, Reference};
use crate::object::ObjectId;
use crate::repository::{Created, ObjectKind, Repositories};
use crate::rule::{Check, Rule, RuleContext, shown};
use crate::tokens::{copies_into, created_secrets};

pub(crate) const RULE: Rule = Rule {
    id: "pat-permissions/secret-never-created",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "a field names a Secret that nothing creates, and a similar one is there",
    is_pedantic: false,
    page: include_str!("../../../rules/pat-permissions/secret-never-created.md"),
    check: Check::Repository(check),
};

fn check(fleet: &Fleet, repositories: &Repositories<'_>, findings: &mut Findings) {
    for cluster in &fleet.clusters {
        let mut missing = cluster.existence().missing_references(is_asked);
        missing.retain(|it| !is_of_root(fleet, cluster, &it.id) && !is_copy_that_is_missing(cluster, it));
        let mut of_cluster = Findings::new(RULE.id, RULE.severity, Some(&cluster.name));
        let context = RuleContext { fleet, cluster };
        let judged = missing.into_iter().filter_map(|it| judge(context, it, repositories, &mut of_cluster));
        let open: Vec<MissingReference<'_>> = judged.collect();
        let (by_hand, others): (Vec<_>, Vec<_>) = open.iter().partition(|it| is_by_hand(it));
        context.note_open(others.into_iter(), &mut of_cluster);
        // Each has an entry of its own to paste.
        by_hand.into_iter().for_each(|it| context.note_open(std::iter::once(it), &mut of_cluster));
        findings.take(of_cluster);
    }
}

/// Fields that name a Secret and nothing else. Pods start without the Secrets of their service account.
fn is_asked(reference: &Reference) -> bool {
    reference.targets == [("", "Secret")] && reference.kind != "ServiceAccount"
}

fn is_by_hand(missing: &MissingReference<'_>) -> bool {
    missing.open.as_ref().is_some_and(|open| open.is_by_hand)
}

/// Bootstrap creates the Secret of a root's own source, whoever else uses it.
fn is_of_root(fleet: &Fleet, cluster: &Cluster, id: &ObjectId) -> bool {
    fleet
        .credentials(cluster)
        .root_secrets()
        .iter()
        .any(|(namespace, name)| *namespace == id.namespace && *name == id.name)
}

/// `secret-not-propagated` is about a source whose Secret is in Flux's namespace.
fn is_copy_that_is_missing(cluster: &Cluster, missing: &MissingReference<'_>) -> bool {
    let is_there = cluster.find("", "Secret", &cluster.flux_namespace, &missing.id.name).is_some();
    is_there && missing.uses.iter().any(|used| used.object.id.group == group::SOURCE)
}

/// Reports a Secret that is not there; gives back one of which it cannot be told.
fn judge<'m>(
    context: RuleContext<'_>,
    mut missing: MissingReference<'m>,
    repositories: &Repositories<'_>,
    findings: &mut Findings,
) -> Option<MissingReference<'m>> {
    let id = missing.id.clone();
    let created = repositories.created(ObjectKind::Secret, &id.namespace, &id.name);
    let is_created = created.iter().any(|it| it.is_certain || it.object.name.is(&id.name));
    if is_created || copies_into(context.cluster, repositories, &id) {
        return None;
    }
    let is_open = is_by_hand(&missing);
    let meant = is_open.then(|| meant(&id, repositories)).flatten();
    let twin = context.fleet.clusters.iter().find(|other| other.existence().has_secret(&id));
    // A command whose names are not known may create it.
    if is_open && created.is_empty() && (meant.is_some() || twin.is_some()) {
        missing.open = None;
    }
    if missing.open.is_some() {
        return Some(missing);
    }
    let effect = |used: &ReferenceUse<'_>| format!("{} {}", shown(&used.object.id), effect_of(used.reference));
    let finding = context.report_missing(&missing, effect, findings)?;
    missing.waiting.iter().for_each(|reconciler| _ = finding.explains(context.not_applied(reconciler)));
    if let Some(twin) = twin.filter(|_| missing.clue.is_none()) {
        let entry = entry_of(&id);
        finding.help(format!(
            "add it, as on `{}`; if it is created elsewhere, say so in fleetlint.yaml: `externals: [{entry}]`",
            twin.name
        ));
    } else if let Some(meant) = meant.filter(|_| missing.clue.is_none()) {
        let (name, namespace) = (&meant.object.name.text, &meant.object.namespace.text);
        finding.help(match *namespace == id.namespace {
            true => format!("did you mean `{name}`?"),
            false => format!(
                "the command in `{}` creates it in namespace `{namespace}`: put both into the same one",
                meant.path
            ),
        });
        finding.related_span(Some(meant.object.name.place), "it is created here");
    }
    None
}

/// The Secret that a command creates under a similar name, or under this one in another namespace.
fn meant<'r>(id: &ObjectId, repositories: &'r Repositories<'_>) -> Option<Created<'r>> {
    let all = created_secrets(repositories);
    let near = all.iter().find(|it| it.object.namespace.is(&id.namespace) && near_name(&it.object.name.text, &id.name));
    let elsewhere = || all.iter().find(|it| it.object.name.is(&id.name) && it.object.namespace.text().is_some());
    near.or_else(elsewhere).copied()
}

/// What comes of it, as the end of a sentence.
fn effect_of(reference: &Reference) -> &'static str {
    match reference.credential {
        Some(Credential::Access) => "cannot log in",
        Some(Credential::Certificate) => "cannot verify what it reads",
        Some(Credential::Proxy) => "cannot reach anything through its proxy",
        Some(Credential::Decryption) => "cannot decrypt anything, and applies nothing",
        Some(Credential::KubeConfig) => "cannot reach its cluster",
        Some(Credential::Token) => "refuses every call",
        Some(Credential::Signing) => "cannot sign its commits",
        None => "waits for it",
    }
}

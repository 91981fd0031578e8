//! What rules say about an object that others name and that is not on a cluster.

use std::collections::BTreeMap;

use super::RuleContext;
use crate::finding::{Finding, Findings, Place, entry_of};
use crate::fleet::existence::{Clue, MissingReference, ReferenceUse};
use crate::object::ObjectId;

/// Why it cannot be told of several objects, where each may come from a chart.
const CHARTS: &str = "the charts of HelmReleases may create them, and are not rendered";

impl RuleContext<'_> {
    /// Says of which objects it cannot be told whether they are there: once for each reason.
    pub fn note_open<'m>(self, all: impl Iterator<Item = &'m MissingReference<'m>>, findings: &mut Findings) {
        let mut by_reason: BTreeMap<(&str, bool), Vec<&MissingReference<'_>>> = BTreeMap::new();
        for missing in all {
            let Some(open) = &missing.open else { continue };
            // A fleet has many charts, and none of them is rendered.
            let reason = if open.is_of_chart { CHARTS } else { &open.reason };
            by_reason.entry((reason, open.is_elsewhere)).or_default().push(missing);
        }
        for ((mut reason, is_elsewhere), missing) in by_reason {
            if let [MissingReference { open: Some(open), .. }] = missing.as_slice() {
                reason = &open.reason;
            }
            let ids: Vec<&ObjectId> = missing.iter().map(|it| &it.id).collect();
            let first = missing.first().and_then(|it| it.uses.first());
            let place = first.map(|it| Place::at(it.object, &it.name));
            let skipped = findings.cannot_tell_of_all(&ids, reason, is_elsewhere, place);
            if let (Some(skipped), [MissingReference { open: Some(open), .. }]) = (skipped, missing.as_slice()) {
                skipped.because(open.makers.iter().map(|maker| self.nothing_of(maker)));
            }
        }
    }

    /// Reports an object that is missing, once, where it is first named; `effect` says what comes of it there. `None` where
    /// it may be there all the same.
    pub fn report_missing<'f>(
        self,
        missing: &MissingReference<'_>,
        effect: impl Fn(&ReferenceUse<'_>) -> String,
        findings: &'f mut Findings,
    ) -> Option<&'f mut Finding> {
        let (first, others) = missing.uses.split_first().filter(|_| missing.open.is_none())?;
        let place = Place::at(first.object, &first.name);
        let message = format!("{}: {}", fault(missing), effect(first));
        let sibling = |field: &str| first.name.rsplit_once('/').map(|(item, _)| format!("{item}/{field}"));
        let wrong = match missing.clue {
            Some(Clue::OtherKind(_)) => sibling("kind"),
            _ if missing.expression() == Some(&missing.id.namespace) => sibling("namespace"),
            // Where the field has a namespace, that is what to edit.
            Some(Clue::OtherNamespace(_)) => sibling("namespace").filter(|field| first.object.at(field).is_some()),
            _ => None,
        };
        let finding = findings.report(first.object, wrong.as_deref().unwrap_or(&first.name), message);
        finding.about(first.object, &first.name);
        sibling("namespace").into_iter().for_each(|field| _ = finding.about(first.object, &field));
        finding.help(self.help(missing, first));
        for other in others.iter().filter(|it| Place::at(it.object, &it.name) != place) {
            finding.related(other.object, &other.name, "named here, too");
        }
        if let Some(clue) = missing.clue {
            let label = match clue {
                Clue::NearName(_) => "or this name is the one that is misspelt",
                _ => "it is defined here",
            };
            finding.related(clue.object(), "/metadata/name", label);
            if let Clue::NearName(object) = clue {
                finding.slip(Place::at(object, "/metadata/name").span(), &missing.id.name);
            }
        }
        self.causes_of_absence(missing, finding);
        Some(finding)
    }

    /// What another finding may say of the object, or of what would have brought it.
    fn causes_of_absence(self, missing: &MissingReference<'_>, finding: &mut Finding) {
        finding.because(self.no_object(&missing.id));
        // What is there under almost this name was not lost with a folder.
        if missing.clue.is_some() || missing.expression().is_some() {
            return;
        }
        for lost in self.existence().lost_makers(&missing.id) {
            finding.because(self.not_applied(lost));
        }
        for maker in self.fleet.makers_elsewhere(self.cluster, &missing.id) {
            finding.because(self.nothing_of(&maker));
        }
        if let Some((_, twin)) = self.fleet.counterpart_of(self.cluster, &missing.id) {
            finding.related(twin.object, "/metadata/name", "another cluster has it");
        }
    }

    fn help(self, missing: &MissingReference<'_>, first: &ReferenceUse<'_>) -> String {
        let id = &missing.id;
        if missing.is_template() {
            return "write the value: the Flux Operator evaluates templates in `resources` and `resourcesTemplate` only"
                .to_owned();
        }
        if missing.expression().is_some() {
            return "substitute the variable in the Kustomization that applies this object, or write the value: \
                    `postBuild` changes what an object builds, not its own fields"
                .to_owned();
        }
        if let Some(clue) = missing.clue {
            return clue.help(self.cluster, first.object, first.reference, id);
        }
        if missing.lacks_namespace() {
            return "add the `namespace` of the object: this field has no default".to_owned();
        }
        let entry = entry_of(id);
        let elsewhere = format!("if it is created elsewhere, say so in fleetlint.yaml: `externals: [{entry}]`");
        match self.fleet.counterpart_of(self.cluster, id) {
            Some((other, _)) => format!("add it, as on `{}`; {elsewhere}", other.name),
            None => format!("correct the reference, or add the object; {elsewhere}"),
        }
    }
}

/// An object as messages name it.
pub fn shown(id: &ObjectId) -> String {
    match id.namespace.as_str() {
        "" => format!("{} `{}`", id.kind, id.name),
        namespace => format!("{} `{namespace}/{}`", id.kind, id.name),
    }
}

/// What is wrong, as the beginning of a message.
fn fault(missing: &MissingReference<'_>) -> String {
    let id = &missing.id;
    match missing.expression() {
        Some(text) if missing.is_template() => {
            format!("the template in `{text}` is not evaluated here, and there is no such {}", id.kind)
        }
        Some(text) => format!("nothing replaces the variable in `{text}`, and there is no such {}", id.kind),
        None if missing.lacks_namespace() => {
            format!("{} `{}` is looked for in no namespace, but is in one", id.kind, id.name)
        }
        None => format!("{} is not on this cluster", shown(id)),
    }
}

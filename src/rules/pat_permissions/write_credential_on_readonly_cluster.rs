//! A cluster that only pulls holds a token that can push.

use std::collections::BTreeSet;

use crate::credentials::Permission;
use crate::finding::{Fact, Findings, Place, Severity};
use crate::fleet::Fleet;
use crate::fleet::facets::credentials::TokenUse;
use crate::repository::Repositories;
use crate::rule::{Check, Rule};
use crate::tokens::Tokens;

pub(crate) const RULE: Rule = Rule {
    id: "pat-permissions/write-credential-on-readonly-cluster",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "a cluster without image automation holds a token that can push",
    is_pedantic: false,
    page: include_str!("../../../rules/pat-permissions/write-credential-on-readonly-cluster.md"),
    check: Check::Repository(check),
};

fn check(fleet: &Fleet, repositories: &Repositories<'_>, findings: &mut Findings) {
    let tokens = Tokens::of(fleet, repositories);
    for token in tokens.declared().into_iter().filter(|token| token.allows("contents", Permission::Write)) {
        let uses: Vec<&TokenUse<'_>> = tokens.uses_of(token).collect();
        let writers: BTreeSet<&str> =
            uses.iter().filter(|used| needs_write(used)).map(|used| &*used.cluster.name).collect();
        let is_read_only = |used: &&&TokenUse<'_>| {
            fleet.credentials(used.cluster).runs_image_automation() == Some(false)
                && !writers.contains(&*used.cluster.name)
        };
        let readers: Vec<&&TokenUse<'_>> = uses.iter().filter(is_read_only).collect();
        let (Some(place), Some(_)) = (token.place_of("contents"), readers.first()) else { continue };
        let message = format!(
            "token `{}` can push, but clusters without image automation hold it and only pull with it: whoever breaks into \
             one of them can change what all clusters run",
            token.name
        );
        let finding = findings.report_place(Place::of_span(place), message);
        finding.argument(token.name.as_str()).explains(Fact::WrongValue(place));
        finding.help("store a second token with Contents: read on these clusters");
        for used in readers {
            finding.related(used.holder.object, used.field, "only pulled with").on_cluster(&used.cluster.name);
        }
    }
}

fn needs_write(used: &TokenUse<'_>) -> bool {
    used.purpose.need().any_of.contains(&("contents", Permission::Write))
}

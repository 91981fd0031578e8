//! A HelmRepository of type `oci`.

use crate::finding::{Findings, Severity};
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "sources/helmrepository-oci",
    severity: Severity::Info,
    since: "0.1.0",
    summary: "a HelmRepository of type `oci`: an OCIRepository is the newer form",
    is_pedantic: false,
    page: include_str!("../../../rules/sources/helmrepository-oci.md"),
    check: Check::Object(KINDS, check),
};

/// The objects that it looks at: group and kind.
const KINDS: &[(&str, &str)] = &[("source.toolkit.fluxcd.io", "HelmRepository")];

fn check(_: RuleContext<'_>, source: &Object, findings: &mut Findings) {
    if source.str("/spec/type") != Some("oci") {
        return;
    }
    let message =
        format!("{} is of type `oci`, which Flux only maintains: an OCIRepository is the newer form", source.id);
    findings
        .report(source, "/spec/type", message)
        .help("define an OCIRepository for each chart, and name it in `chartRef` of the HelmRelease");
}

//! A source without a fixed version in production.

use crate::finding::{Findings, Severity};
use crate::fleet::facets::sources::floating;
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "sources/floating-version",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "a production cluster reads a source at a version that moves on its own",
    is_pedantic: false,
    page: include_str!("../../../rules/sources/floating-version.md"),
    check: Check::Object(KINDS, check),
};

/// The objects that it looks at: group and kind.
const KINDS: &[(&str, &str)] =
    &[("source.toolkit.fluxcd.io", "GitRepository"), ("source.toolkit.fluxcd.io", "OCIRepository")];

fn check(context: RuleContext<'_>, source: &Object, findings: &mut Findings) {
    let Some(pointer) = floating(source).filter(|_| context.variables().runs_production()) else { return };
    let what = match (pointer, source.str(pointer)) {
        ("/spec/ref/semver", Some(range)) => format!("the range `{range}` has no upper bound"),
        (_, Some(tag)) => format!("tag `{tag}` names another version tomorrow"),
        (_, None) => "it names no version, which means `latest`".to_owned(),
    };
    let message = format!("{} is read in production at a version that nobody chose: {what}", source.id);
    findings
        .report(source, pointer, message)
        .help("name a version, or a range with an upper bound, such as `>=1.4.0 <2.0.0`");
}

//! A digest in the tag of an OCIRepository.

use crate::finding::{Findings, Severity};
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};

pub(crate) const RULE: Rule = Rule {
    id: "sources/digest-in-tag",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "the tag of an OCIRepository holds a digest, which no registry has as a tag",
    is_pedantic: false,
    page: include_str!("../../../rules/sources/digest-in-tag.md"),
    check: Check::Object(KINDS, check),
};

/// The objects that it looks at: group and kind.
const KINDS: &[(&str, &str)] = &[("source.toolkit.fluxcd.io", "OCIRepository")];

fn check(_: RuleContext<'_>, source: &Object, findings: &mut Findings) {
    let Some((tag, digest)) = source.str("/spec/ref/tag").and_then(|tag| tag.split_once('@')) else { return };
    let message =
        format!("`tag` of {} holds a digest: no registry has a tag of this name, and nothing is read", source.id);
    let help = match tag {
        "" => format!("write `digest: {digest}` instead of `tag`"),
        tag => format!("write `tag: {tag}` or `digest: {digest}`: the digest wins where both are set"),
    };
    findings.report(source, "/spec/ref/tag", message).help(help);
}

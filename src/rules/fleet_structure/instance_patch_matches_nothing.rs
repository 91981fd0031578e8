//! A patch of a FluxInstance whose target selects nothing.

use crate::finding::{Findings, Severity};
use crate::near::edits_within;
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};
use crate::yaml::Node;

pub(crate) const RULE: Rule = Rule {
    id: "fleet-structure/instance-patch-matches-nothing",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "a patch of a FluxInstance selects no controller that the instance installs",
    is_pedantic: false,
    page: include_str!("../../../rules/fleet-structure/instance-patch-matches-nothing.md"),
    check: Check::Object(KINDS, check),
};

/// The objects that it looks at: group and kind.
const KINDS: &[(&str, &str)] = &[("fluxcd.controlplane.io", "FluxInstance")];

fn check(context: RuleContext<'_>, instance: &Object, findings: &mut Findings) {
    let patches = instance.at("/spec/kustomize/patches").map(Node::items).unwrap_or_default();
    let components = context.graph().components();
    for (index, patch) in patches.iter().enumerate() {
        let text = |key: &str| patch.get("target").and_then(|target| target.get(key)).and_then(Node::text);
        let (Some("Deployment"), Some(name)) = (text("kind"), text("name")) else { continue };
        // A pattern is for whatever there may be; the parts of a list are names.
        let names: Vec<&str> = name.trim_matches(['(', ')', '^', '$']).split('|').collect();
        let is_plain = |name: &&str| name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
        if !names.iter().all(is_plain) || names.iter().any(|name| components.contains(name)) {
            continue;
        }
        let message =
            format!("this patch is for Deployment `{name}`, which this instance does not install: nothing is patched");
        let finding = findings.report(instance, &format!("/spec/kustomize/patches/{index}/target/name"), message);
        let near = names.iter().find_map(|name| components.iter().find(|known| edits_within(known, name, 2).is_some()));
        match near {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help("correct the name, add the controller to `components`, or remove the patch"),
        };
    }
}

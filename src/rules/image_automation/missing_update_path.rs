//! An automation that finds nothing to update.

use crate::finding::{Fact, Findings, Severity};
use crate::fleet::Fleet;
use crate::repository::Repositories;
use crate::rule::image_updates::image_updates;
use crate::rule::{Check, Rule};
use crate::source::EntryKind;

/// The field with the path.
const PATH: &str = "/spec/update/path";

pub(crate) const RULE: Rule = Rule {
    id: "image-automation/missing-update-path",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "the path of an automation does not exist in its repository, or holds no marker",
    is_pedantic: false,
    page: include_str!("../../../rules/image-automation/missing-update-path.md"),
    check: Check::Repository(check),
};

fn check(fleet: &Fleet, repositories: &Repositories<'_>, findings: &mut Findings) {
    for update in image_updates(fleet, repositories).0 {
        let (automation, tree) = (update.automation, update.tree);
        let folder = update.folder();
        let is_there = folder.is_empty() || tree.entry(folder) == Some(EntryKind::Folder);
        let is_empty = || update.markers().next().is_none() && !update.markers.is_cut;
        let what = match is_there {
            false => format!("there is no folder `{folder}`"),
            true if is_empty() => {
                format!("no file below `{}` has a marker", if folder.is_empty() { "." } else { folder })
            }
            true => continue,
        };
        let message = format!("{what} in `{}`: automation `{}` updates nothing", tree.repository, automation.id.name);
        let finding = findings.report(automation, PATH, message);
        finding.argument(tree.repository.to_string()).on_cluster(update.cluster.name.as_str());
        finding.explains(Fact::Unset(update.cluster.name.clone(), automation.id.clone(), PATH.to_owned()));
        finding.help(match is_there {
            false => "name the folder that holds the manifests, from the root of the repository",
            true => "mark the images: `# {\"$imagepolicy\": \"NAMESPACE:POLICY\"}` after each",
        });
    }
}

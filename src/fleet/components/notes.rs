//! What component mode tells of what it did not check.

use crate::fleet::note::and_more;
use crate::fleet::{FleetNote, NoteReason};

pub(super) fn inactive(folders: &[String], files: &[&String]) -> Option<FleetNote> {
    let count = folders.len() + files.len();
    let names: Vec<&String> = folders.iter().chain(files.iter().copied()).collect();
    let subject = match (folders.len(), files.len()) {
        (0, 0) => return None,
        (0, 1) => "1 manifest in an inactive folder was".to_owned(),
        (0, files) => format!("{files} manifests in inactive folders were"),
        (1, 0) => "1 kustomization in an inactive folder was".to_owned(),
        (folders, 0) => format!("{folders} kustomizations in inactive folders were"),
        (_, _) => format!("{count} kustomizations and manifests in inactive folders were"),
    };
    let message = format!("{subject} not checked: {}", and_more(&quoted(&names)));
    let help = "nothing to do for examples, templates, tests and archives; what is used needs another folder name";
    Some(FleetNote { count, ..FleetNote::new(NoteReason::Inactive, message).help(help) })
}

/// What other tools fill in before it is YAML.
pub(super) fn templates(names: &[&String]) -> Option<FleetNote> {
    let subject = match names.len() {
        0 => return None,
        1 => "1 template was".to_owned(),
        count => format!("{count} templates were"),
    };
    let message = format!("{subject} not checked: {}", and_more(&quoted(names)));
    let help = "check the rendered manifests instead";
    Some(FleetNote { count: names.len(), ..FleetNote::new(NoteReason::Template, message).help(help) })
}

/// The folders of which only the consumer knows what they build.
pub(super) fn undetermined(folders: &[&String]) -> Option<FleetNote> {
    let subject = match folders.len() {
        0 => return None,
        1 => "1 kustomization needs".to_owned(),
        count => format!("{count} kustomizations need"),
    };
    let (verb, of) = if folders.len() == 1 { ("was", "it builds") } else { ("were", "they build") };
    let named = and_more(&quoted(folders));
    let message = format!("{subject} what is not in this repository, and {verb} only partly checked: {named}");
    let help = format!("`--show-undetermined` says what is missing; what {of} is judged where a cluster applies it");
    Some(FleetNote { count: folders.len(), ..FleetNote::new(NoteReason::PartlyChecked, message).help(help) })
}

/// Manifests are there, and none was checked: which.
pub(super) fn nothing_checked(manifests: &[String]) -> String {
    let names: Vec<&String> = manifests.iter().collect();
    // Of templates only those count that are YAML before they are filled in.
    let told = match names.len() {
        1 => "nothing in this repository was checked; what looks like a manifest is",
        _ => "none of the manifests of this repository was checked:",
    };
    format!("{told} {}", and_more(&quoted(&names)))
}

fn quoted(names: &[&String]) -> Vec<String> {
    names.iter().map(|name| format!("`{name}`")).collect()
}

//! What component mode asks of the landscape: which folders to build, which files they list, what they need from outside.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::landscape::Landscape;
use super::paths::{is_in, is_inactive_folder};
use super::structure::candidates::{self, Known};
use crate::fleet::note::and_more;
use crate::fleet::{FleetNote, NoteReason, pasted};
use crate::kustomize::FILE_NAMES;
use crate::object::Object;
use crate::source::path::join;

impl Landscape<'_> {
    /// The folders whose builds read all kustomization folders, and the topmost ones that are left out because they are in
    /// inactive folders. A component is built only through what uses it; what only such a component lists, or only an
    /// inactive folder, is built on its own. `is_left_out` tells of kustomization files that do not count.
    pub(in crate::fleet) fn component_folders(&self, is_left_out: &dyn Fn(&str) -> bool) -> (Vec<String>, Vec<String>) {
        let counts = |folder: &&str| {
            !self.listing.is_component(folder) && !FILE_NAMES.iter().any(|name| is_left_out(&join(folder, name)))
        };
        let (inactive, active): (BTreeSet<&str>, BTreeSet<&str>) =
            self.listing.folders().filter(counts).partition(|folder| is_inactive_folder(folder));
        let inactive = inactive.into_iter().filter(|folder| self.listing.is_topmost(folder));
        (self.starts(&active), inactive.map(str::to_owned).collect())
    }

    /// Folders whose builds reach all of some: the topmost ones, those that only others list, and of folders that list each
    /// other one.
    fn starts(&self, wanted: &BTreeSet<&str>) -> Vec<String> {
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        let mut starts: BTreeSet<String> = BTreeSet::new();
        for folder in self.listing.listers_first(wanted) {
            if !wanted.contains(folder) || reached.contains(folder) {
                continue;
            }
            starts.insert(folder.to_owned());
            let mut open = vec![folder];
            while let Some(at) = open.pop() {
                if reached.insert(at) {
                    open.extend(self.listing.listed_by(at));
                }
            }
        }
        starts.into_iter().collect()
    }

    /// Whether a manifest is left out because of the folder that it is in. Where there is no cluster, none can be named so.
    pub(in crate::fleet) fn is_inactive_manifest(file: &str) -> bool {
        is_inactive_folder(file)
    }

    /// A folder and the kustomization folders that it lists, directly or through others.
    pub(in crate::fleet) fn folders_of(&self, folder: &str) -> BTreeSet<&str> {
        self.listing.folders_of(folder)
    }

    /// The files that a folder lists, directly or through others.
    pub(in crate::fleet) fn files_of(&self, folder: &str) -> BTreeSet<&str> {
        self.listing.files_of(folder)
    }

    /// The kustomization files of a folder and of those that it lists, what they list, their patches.
    pub(in crate::fleet) fn sources_of(&self, folder: &str) -> BTreeSet<String> {
        self.listing.sources_of(folder).map(Cow::into_owned).collect()
    }

    /// The same without the patches.
    pub(in crate::fleet) fn resources_of(&self, folder: &str) -> BTreeSet<String> {
        let folders = self.listing.folders_of(folder);
        let kustomizations = folders.into_iter().flat_map(|folder| FILE_NAMES.map(|name| join(folder, name)));
        kustomizations.chain(self.listing.files_of(folder).into_iter().map(str::to_owned)).collect()
    }

    /// What the kustomization files of a folder, and of the folders that it lists, name and does not exist here: addresses.
    pub(in crate::fleet) fn missing_entries(&self, folder: &str) -> Vec<String> {
        let folders = self.listing.folders_of(folder).into_iter();
        folders.flat_map(|folder| self.listing.missing(folder).iter().cloned()).collect()
    }

    /// The objects that a folder builds on its own.
    pub(in crate::fleet) fn objects_of(&self, folder: &str) -> Vec<Arc<Object>> {
        self.build(folder).objects.clone()
    }

    /// A note on folders that texts name beside what applies them, in a repository that shows no cluster.
    pub(in crate::fleet) fn text_note(&self, manifests: &[String]) -> Option<FleetNote> {
        let holds_manifests = |path: &str| !path.is_empty() && manifests.iter().any(|file| is_in(file, path));
        let mut named: BTreeMap<&str, String> = BTreeMap::new();
        for mention in self.mentions().iter().filter(|mention| holds_manifests(mention.path())) {
            named.entry(mention.path()).or_insert_with(|| mention.shown());
        }
        let first = named.keys().next()?;
        let shown: Vec<String> = named.iter().map(|(path, place)| format!("`{path}` ({place})")).collect();
        let message =
            format!("texts name folders that a cluster may sync, and no manifest says so: {}", and_more(&shown));
        let help = format!(
            "if a cluster syncs one of them, say so in fleetlint.yaml: `clusters: [{{path: {}}}]`",
            pasted(first)
        );
        Some(FleetNote { count: named.len(), ..FleetNote::new(NoteReason::PathInText, message).help(help) })
    }

    /// A note on the folders that need variables from outside.
    pub(in crate::fleet) fn library_note(&self) -> Option<FleetNote> {
        let libraries = candidates::find(self, &Known::NOTHING).libraries;
        let variables: BTreeSet<&str> =
            libraries.iter().flat_map(|it| &it.variables).map(|name| name.as_str()).collect();
        let variables: Vec<String> = variables.into_iter().map(|name| format!("`${{{name}}}`")).collect();
        let folders: Vec<&str> = libraries.iter().map(|it| it.folder.as_str()).collect();
        let (count, needed) = (libraries.len(), variables.join(", "));
        let subject = if count == 1 { "1 folder needs".to_owned() } else { format!("{count} folders need") };
        let message = format!("{subject} {needed} from outside: {}", and_more(&folders));
        let help = "nothing to do if another repository provides them; paths and names with variables are not judged";
        (count > 0 && !variables.is_empty()).then(|| FleetNote::new(NoteReason::Library, message).help(help))
    }
}

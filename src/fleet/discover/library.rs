//! What component mode asks of the landscape: which folders to build, which files they list, what they need from outside.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::landscape::Landscape;
use super::listing::is_kustomization_file;
use super::paths::{is_in, is_inactive_folder};
use super::structure::candidates::{self, Known};
use crate::fleet::note::and_more;
use crate::fleet::{FleetNote, NoteReason};
use crate::object::Object;

impl Landscape<'_> {
    /// The topmost kustomization folders, those in inactive folders apart. A component is built only through what uses it.
    pub(in crate::fleet) fn component_folders(&self) -> (Vec<String>, Vec<String>) {
        let topmost = self.listing.folders().filter(|folder| self.listing.is_topmost(folder));
        let built = topmost.filter(|folder| !self.listing.is_component(folder)).map(str::to_owned);
        let (inactive, active) = built.partition(|folder| is_inactive_folder(folder));
        (active, inactive)
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

    /// The kustomization files, and the files that they list.
    pub(in crate::fleet) fn listed_files(&self) -> BTreeSet<String> {
        let listed = self.listing.folders().flat_map(|folder| self.listing.files_of(folder)).map(str::to_owned);
        let kustomizations = self.tree.files().into_iter().filter(|file| is_kustomization_file(file));
        listed.chain(kustomizations).collect()
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
        let help = format!("if a cluster syncs one of them, say so in fleetlint.yaml: `clusters: [{{path: {first}}}]`");
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
        let help = "nothing to do where another repository gives them; paths and names with variables are not judged";
        (count > 0 && !variables.is_empty()).then(|| FleetNote::new(NoteReason::Library, message).help(help))
    }
}

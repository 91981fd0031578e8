//! Which folders the path of a Kustomization means: paths may count from several folders, and variables fit many.

use std::sync::Arc;

use super::folder_build::FolderBuild;
use super::landscape::{Landscape, locked};
use super::paths::{has_variable, is_folder, is_open_pattern, matching_folders};
use super::reads::Reads;
use super::target::Target;
use crate::flux::api::Kustomization;
use crate::flux::build::clean_path;
use crate::source::path::{join, parent};

impl Landscape<'_> {
    /// The folders that the path of a Kustomization means, by the file that it is in. None where there is no such folder;
    /// several where the path holds variables.
    pub(super) fn targets(&self, kustomization: Kustomization<'_>, file: &str) -> Vec<Target> {
        let path = kustomization.object.str("/spec/path").unwrap_or_default();
        let kind = kustomization.source_ref().map(|reference| reference.kind().to_owned()).unwrap_or_default();
        // The root of an artifact is searched for with builds: not for one of another repository.
        if clean_path(path).is_empty() && self.reads(kustomization, &FolderBuild::default()) == Reads::Other {
            return Vec::new();
        }
        self.targets_of(path, &kind, file)
    }

    /// The same where it is known from which folder paths count.
    pub(super) fn targets_from(&self, kustomization: Kustomization<'_>, base: &str) -> Vec<Target> {
        let path = kustomization.object.str("/spec/path").unwrap_or_default();
        let folders = match has_variable(path) {
            true if is_open_pattern(path) => Vec::new(),
            true => self.fitting(base, path).to_vec(),
            false => {
                Some(join(base, &clean_path(path))).filter(|folder| is_folder(self.tree, folder)).into_iter().collect()
            }
        };
        folders.into_iter().map(|folder| Target { base: base.to_owned(), folder }).collect()
    }

    /// Those of the folders that fit a path with variables which may be clusters: no Components, and none that others of
    /// them list as a base.
    pub(super) fn without_bases(&self, targets: Vec<Target>) -> Vec<Target> {
        let is_base = |target: &Target| {
            let mut others = targets.iter().filter(|other| other.folder != target.folder);
            others.any(|other| self.listing.folders_of(&other.folder).contains(target.folder.as_str()))
        };
        let is_part = |target: &&Target| self.listing.is_component(&target.folder) || is_base(target);
        targets.iter().filter(|target| !is_part(target)).cloned().collect()
    }

    /// The folders that fit a path with variables.
    fn fitting(&self, base: &str, path: &str) -> Arc<[String]> {
        let pattern = join(base, path.trim_matches('/'));
        if let Some(known) = locked(&self.fitting).get(&pattern) {
            return Arc::clone(known);
        }
        let found: Arc<[String]> = matching_folders(self.tree, &pattern).into();
        Arc::clone(locked(&self.fitting).entry(pattern).or_insert(found))
    }

    /// The same for a path and the kind of the source that it counts from.
    pub(super) fn targets_of(&self, path: &str, kind: &str, file: &str) -> Vec<Target> {
        let target = |base: &str, folder: String| Target { base: base.to_owned(), folder };
        if has_variable(path) {
            // A variable alone may mean any folder: it is evidence for none.
            if is_open_pattern(path) {
                return Vec::new();
            }
            let mut found = bases(file).map(|base| (base, self.fitting(base, path)));
            let Some((base, folders)) = found.find(|(_, folders)| !folders.is_empty()) else { return Vec::new() };
            return folders.iter().map(|folder| target(base, folder.clone())).collect();
        }
        let path = clean_path(path);
        let base = match (path.is_empty(), kind) {
            (true, "OCIRepository" | "Bucket") => self.artifact_root(file),
            _ => bases(file).find(|base| is_folder(self.tree, &join(base, &path))),
        };
        base.into_iter().map(|base| target(base, join(base, &path))).collect()
    }

    /// The root of an artifact whose path is empty: the topmost folder above a file, but not the root of the repository,
    /// whose build holds Kustomizations and below which their paths exist.
    fn artifact_root<'f>(&self, file: &'f str) -> Option<&'f str> {
        // Asked before anything is built: without such a path in any file no build can hold one.
        let written = self.asked.paths.get_or_init(|| {
            let written = self.kustomizations().filter_map(|(_, it)| Some(clean_path(it.object.str("/spec/path")?)));
            written.filter(|path| !path.is_empty()).collect()
        });
        let has_one = |base: &str| written.iter().any(|path| is_folder(self.tree, &join(base, path)));
        bases(file).filter(|base| !base.is_empty() && has_one(base)).find(|base| {
            let build = self.build(base);
            let paths = build.kustomizations().filter_map(|it| Some(clean_path(it.object.str("/spec/path")?)));
            let paths: Vec<String> = paths.filter(|path| !path.is_empty()).collect();
            !paths.is_empty() && paths.iter().all(|path| is_folder(self.tree, &join(base, path)))
        })
    }
}

/// The folders from which a path in a file may count: the root of the repository, then the folders above the file from
/// the topmost on.
fn bases(file: &str) -> impl Iterator<Item = &str> {
    let folder = parent(file).unwrap_or_default();
    let above = folder.match_indices('/').map(|(index, _)| &folder[..index]);
    std::iter::once("").chain(above).chain(Some(folder).filter(|folder| !folder.is_empty()))
}

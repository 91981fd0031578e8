//! The examples of pages as fleets on disk. Use it as `#[cfg(test)] #[path = "../support/example.rs"] mod example;`, beside
//! `edit.rs`, `fleet.rs` and `git.rs`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use fleetlint::locate::Location;
use fleetlint::rule::page::{self, Content, Example, PageFile, unmarked};

use crate::edit;
use crate::fleet::{Repositories, files, source};
use crate::git;

/// What begins a byte of a name that is not UTF-8: `\xNN`. Only Linux has such names.
const ESCAPE: &str = "\\x";

/// The repository of an example that lies over no other fleet.
const OWN: &str = "fleet";

/// Files by branch: path and text.
type Branches = BTreeMap<String, BTreeMap<String, String>>;

/// An example on disk; its files are removed at the end.
pub(crate) struct Checkout {
    repositories: Repositories,
    /// The folder name of the fleet repository.
    pub(crate) fleet: String,
    /// Where its findings are expected.
    pub(crate) marks: Vec<Location>,
}

impl Checkout {
    /// Writes the files of an example.
    ///
    /// # Errors
    /// There is no such base; an edit fits nothing in its file; with the line of the page.
    pub(crate) fn of(example: &Example) -> Result<Self, String> {
        let fleet = fleet(example.base.as_deref())?;
        let repositories = match &example.base {
            Some(base) => repaired(base, &fleet)?,
            None => Repositories::empty(),
        };
        let mut checkout = Self { repositories, fleet, marks: Vec::new() };
        let mut branches: BTreeMap<String, Branches> = BTreeMap::new();
        for file in &example.files {
            checkout.add(file, &mut branches)?;
        }
        // What names no branch is on all of them.
        branches.iter().for_each(|(name, branches)| commit(&checkout.repositories.path(name), branches));
        Ok(checkout)
    }

    /// The folder of the fleet repository.
    pub(crate) fn path(&self) -> PathBuf {
        self.repositories.path(&self.fleet)
    }

    fn add(&mut self, file: &PageFile, branches: &mut BTreeMap<String, Branches>) -> Result<(), String> {
        let name = file.repository.as_deref().unwrap_or(&self.fleet);
        let branch =
            file.branch.as_ref().map(|it| branches.entry(name.into()).or_default().entry(it.clone()).or_default());
        let before = branch.as_ref().and_then(|files| files.get(&file.path).cloned());
        let text = content(file, &self.repositories.path(name), before)?;
        let (text, marks) = unmarked(&text).map_err(|why| format!("line {}: {}", file.line, why.message))?;
        self.marks.extend(marks.into_iter().map(|mark| {
            // What is wrong with a name is found at the beginning of the file, wherever the mark is.
            let is_name = file.path.contains(ESCAPE);
            let (line, column, end_column) =
                if is_name { (1, 1, 1) } else { (mark.line, mark.column, mark.end_column) };
            let (repository, file) = (name.into(), file.path.clone());
            Location { repository, revision: None, file, line, column, end_line: line, end_column }
        }));
        match branch {
            None => self.repositories.write(name, &file.path, &text),
            Some(files) => _ = files.insert(file.path.clone(), text),
        }
        Ok(())
    }
}

/// Whether this system can have the files.
pub(crate) fn is_possible(example: &Example) -> bool {
    cfg!(target_os = "linux") || !example.files.iter().any(|file| file.path.contains(ESCAPE))
}

/// The repository of the fleet: in a base, the folder with `clusters/`.
fn fleet(base: Option<&str>) -> Result<String, String> {
    let Some(base) = base else { return Ok(OWN.to_owned()) };
    let folders = fs::read_dir(source(base)).map_err(|_| format!("there is no fleet `{base}` to lie over"))?;
    let folders = folders.flatten().filter(|folder| folder.path().join("clusters").is_dir());
    let names: Vec<_> = folders.map(|folder| folder.file_name()).collect();
    match names.as_slice() {
        [name] => Ok(name.to_string_lossy().into_owned()),
        _ => Err(format!("which repository of `{base}` is the fleet?")),
    }
}

/// A copy of a base, without the defects that are planted in it: its README.md says, in edits, how they are repaired.
fn repaired(base: &str, fleet: &str) -> Result<Repositories, String> {
    let repositories = Repositories::copy_of(base);
    let readme = fs::read_to_string(source(base).join("README.md")).unwrap_or_default();
    for file in page::files(&readme).map_err(|why| format!("README.md of {base}: {why}"))? {
        let name = file.repository.as_deref().unwrap_or(fleet);
        let text =
            content(&file, &repositories.path(name), None).map_err(|why| format!("README.md of {base}: {why}"))?;
        repositories.write(name, &file.path, &text);
    }
    Ok(repositories)
}

/// The text of a file, with its marks; `before` is that of its branch, if it has one there.
fn content(file: &PageFile, folder: &Path, before: Option<String>) -> Result<String, String> {
    let edits = match &file.content {
        Content::Whole(text) => return Ok(text.clone()),
        Content::Edits(edits) => edits,
    };
    let on_disk = || fs::read_to_string(folder.join(&file.path));
    let before = before.map_or_else(on_disk, Ok);
    let before = before.map_err(|_| format!("line {}: there is no {} to be edited", file.line, file.path))?;
    edit::apply_all(&before, edits)
}

/// Makes a folder a Git repository with these branches, each with the files of the folder and its own.
fn commit(folder: &Path, branches: &Branches) {
    fs::create_dir_all(folder).unwrap();
    let shared = files(folder).into_iter().map(|path| (path.clone(), fs::read_to_string(folder.join(&path)).unwrap()));
    let shared: BTreeMap<String, String> = shared.collect();
    let all: Vec<(&str, Vec<(&str, &str)>)> = branches
        .iter()
        .map(|(name, own)| {
            let mut files: BTreeMap<&str, &str> =
                shared.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
            files.extend(own.iter().map(|(path, text)| (path.as_str(), text.as_str())));
            (name.as_str(), files.into_iter().collect())
        })
        .collect();
    let all: Vec<(&str, &[(&str, &str)])> = all.iter().map(|(name, files)| (*name, files.as_slice())).collect();
    git::repository(folder, &all);
}

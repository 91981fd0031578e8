//! The code that is checked, as text.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::fleet::files;

/// The top of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The names of the folders below `crates/`.
pub(crate) fn crates() -> Vec<String> {
    let crates = fs::read_dir(root().join("crates")).unwrap().map(|entry| entry.unwrap().file_name());
    crates.map(|name| name.into_string().unwrap()).collect()
}

/// The folders of our code.
pub(crate) fn code() -> Vec<String> {
    crates().into_iter().map(|name| format!("crates/{name}/src")).chain(["src".to_owned()]).collect()
}

/// The source files of the linter and the engines, by path.
pub(crate) fn sources() -> BTreeMap<String, String> {
    let text = |file: &String| fs::read_to_string(root().join(file)).unwrap();
    let files = code().into_iter().flat_map(|folder| {
        let all = files(&root().join(&folder));
        all.into_iter().map(move |file| format!("{folder}/{file}"))
    });
    files.map(|file| (file.clone(), text(&file))).collect()
}

/// Those of one folder of code, by path below it.
pub(crate) fn sources_of(folder: &str) -> BTreeMap<String, String> {
    let below = |file: String| Some(file.strip_prefix(folder)?.strip_prefix('/')?.to_owned());
    sources().into_iter().filter_map(|(file, text)| Some((below(file)?, text))).collect()
}

/// A source file without its tests.
pub(crate) fn product(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or_default()
}

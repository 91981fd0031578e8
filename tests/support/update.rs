//! Generated files of the repository: compared by tests, written again by `UPDATE=1 cargo test`. Use it as
//! `#[cfg(test)] #[path = "../support/update.rs"] mod update;`.

use std::fs;
use std::path::Path;

/// Asserts that a file, relative to the repository, holds a text.
pub(crate) fn assert_file(file: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let actual = fs::read_to_string(&path).unwrap_or_default();
    if actual == expected {
        return;
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, expected).unwrap();
        return;
    }
    panic!("{file} is out of date: run `UPDATE=1 cargo test`\n\nexpected:\n{expected}");
}

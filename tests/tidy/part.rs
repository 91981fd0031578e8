//! Generated parts of files of the repository.

use std::fs;
use std::path::Path;

use crate::update::assert_file;

/// Asserts that what is in a file between `<!-- name -->` and `<!-- /name -->` is a text.
pub(crate) fn assert_part(file: &str, name: &str, expected: &str) {
    let whole = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = whole.split_once(&begin).unwrap_or_else(|| panic!("{file} has no {begin}"));
    let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("{file} has no {end}"));
    assert_file(file, &format!("{before}{begin}{expected}{end}{after}"));
}

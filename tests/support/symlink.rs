//! Symbolic links on every platform. Use it as `#[cfg(test)] #[path = "../support/symlink.rs"] mod symlink;`.

use std::io;
use std::path::Path;

/// Makes a link to a path, which counts from the folder of the link and need not exist.
#[cfg(not(windows))]
pub(crate) fn symlink(target: impl AsRef<Path>, link: impl AsRef<Path>) -> io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

/// Windows tells links to folders from links to files.
#[cfg(windows)]
pub(crate) fn symlink(target: impl AsRef<Path>, link: impl AsRef<Path>) -> io::Result<()> {
    use std::os::windows::fs::{symlink_dir, symlink_file};

    let folder = link.as_ref().parent().unwrap_or(Path::new(""));
    match folder.join(&target).is_dir() {
        true => symlink_dir(target, link),
        false => symlink_file(target, link),
    }
}

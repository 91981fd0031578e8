//! What a build may do beyond its input. A few entries that copy, each what the one before it made, double it every time;
//! a path that makes what is missing can be as long as a file.

use fleetlint_yaml::Node;
use fleetlint_yaml::parse::MAX_DEPTH;

/// Values that every build may copy, and how many more for each value that it reads.
const FREE: usize = 1_000_000;
const FOR_EACH: usize = 8;
/// So many bytes of text weigh as much as a value.
const TEXT: usize = 64;
/// Looking at so many values takes as long as copying one.
const LOOKS: usize = 32;
/// Values that one build may read, those of a file that is read again counted again: about a gigabyte of them.
const MAX_READ: usize = 8_000_000;

/// What is left of it.
#[derive(Debug)]
pub(super) struct Budget {
    left: usize,
    read: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { left: FREE, read: 0 }
    }
}

impl Budget {
    /// Takes in values that were read.
    pub(super) fn read(&mut self, values: usize) -> Result<(), String> {
        self.read += values;
        self.left += FOR_EACH * values;
        self.may_read()
    }

    /// Whether more may be read.
    pub(super) fn may_read(&self) -> Result<(), String> {
        if self.read > MAX_READ { Err("this build reads more than fleetlint's size limit".to_owned()) } else { Ok(()) }
    }

    /// Pays for values that are copied.
    pub(super) fn copy(&mut self, values: usize) -> Result<(), String> {
        match self.left.checked_sub(values) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => {
                self.left = 0;
                Err("this build copies more than fleetlint's size limit".to_owned())
            }
        }
    }

    /// Pays for text that is made or read again.
    pub(super) fn text(&mut self, length: usize) -> Result<(), String> {
        self.copy(length / TEXT)
    }

    /// Pays for values that are looked at, one after the other.
    pub(super) fn look(&mut self, values: usize) -> Result<(), String> {
        self.copy(values / LOOKS)
    }
}

/// Whether a value may come after so many steps: no tree is deeper than those that are read.
pub(super) fn check_depth(steps: usize, value: &Node) -> Result<(), String> {
    // The scalar inside the deepest collection counts as a level here.
    if steps + value.depth() > MAX_DEPTH + 1 {
        return Err(format!("this would nest more than {MAX_DEPTH} levels deep"));
    }
    Ok(())
}

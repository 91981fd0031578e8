//! Writes Git index files for tests, byte by byte. Use it as `#[cfg(test)] #[path = "support/index.rs"] mod index;`.

// Each harness uses its part.
#![allow(dead_code)]

use gix::ObjectId;

pub(crate) const FILE: u32 = 0o100_644;
pub(crate) const LINK: u32 = 0o120_000;
pub(crate) const SUBMODULE: u32 = 0o160_000;
pub(crate) const FOLDER: u32 = 0o040_000;

/// An entry: path, mode, object, whether a sparse checkout leaves it out.
pub(crate) type Entry<'a> = (&'a [u8], u32, ObjectId, bool);

/// Tracked files whose content does not matter.
pub(crate) fn files<'a>(paths: &[&'a str]) -> Vec<Entry<'a>> {
    paths.iter().map(|path| (path.as_bytes(), FILE, ObjectId::null(gix::hash::Kind::Sha1), false)).collect()
}

/// An index of version 2, 3 or 4, with extensions. The checksum is left out, as with `index.skipHash`.
pub(crate) fn index(version: u32, entries: &[Entry<'_>], extensions: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut bytes = b"DIRC".to_vec();
    bytes.extend(version.to_be_bytes());
    bytes.extend(u32::try_from(entries.len()).unwrap().to_be_bytes());
    let mut before: &[u8] = b"";
    for entry in entries {
        write(&mut bytes, version, *entry, before);
        before = entry.0;
    }
    for (name, content) in extensions {
        bytes.extend(*name);
        bytes.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        bytes.extend(*content);
    }
    bytes.extend([0; 20]);
    bytes
}

fn write(bytes: &mut Vec<u8>, version: u32, (path, mode, id, is_left_out): Entry<'_>, before: &[u8]) {
    let start = bytes.len();
    bytes.extend([0; 24]);
    bytes.extend(mode.to_be_bytes());
    bytes.extend([0; 12]);
    bytes.extend(id.as_bytes());
    let length = u16::try_from(path.len().min(0xfff)).unwrap();
    let is_extended = is_left_out && version > 2;
    bytes.extend((length | if is_extended { 0x4000 } else { 0 }).to_be_bytes());
    if is_extended {
        bytes.extend(0x4000_u16.to_be_bytes());
    }
    if version == 4 {
        let common = path.iter().zip(before).take_while(|(left, right)| left == right).count();
        bytes.extend(variable(before.len() - common));
        bytes.extend(&path[common..]);
        bytes.push(0);
    } else {
        bytes.extend(path);
        let padding = 8 - (bytes.len() - start) % 8;
        bytes.extend(vec![0; padding]);
    }
}

fn variable(mut number: usize) -> Vec<u8> {
    let mut bytes = vec![(number & 0x7f) as u8];
    while number > 0x7f {
        number = (number >> 7) - 1;
        bytes.insert(0, 0x80 | (number & 0x7f) as u8);
    }
    bytes
}

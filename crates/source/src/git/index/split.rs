//! A split index: a small file of changes over a shared one (`core.splitIndex`).

use std::path::Path;

use super::file::{self, Bytes, Entry};

/// The entries of the shared index that an index links to, with the changes of the index itself; `None` if the two do not
/// fit.
pub(super) fn join(folder: &Path, own: &[Entry], link: &[u8]) -> Option<Vec<Entry>> {
    let mut link = Bytes(link);
    let shared = gix::ObjectId::try_from(link.take(file::HASH)?).ok()?;
    let shared = file::parse(&folder.join(format!("sharedindex.{shared}")), false)?.entries;
    if link.0.is_empty() {
        return Some(shared);
    }
    let (deleted, replaced) = (positions(&mut link, shared.len())?, positions(&mut link, shared.len())?);
    let mut entries: Vec<Option<Entry>> = shared.into_iter().map(Some).collect();
    let mut changes = own.iter();
    for position in replaced {
        let old = entries.get_mut(position)?.as_mut()?;
        // What replaces has the path of what it replaces.
        let new = changes.next().filter(|new| new.path.is_empty())?;
        *old = Entry { path: std::mem::take(&mut old.path), ..new.clone() };
    }
    for position in deleted {
        *entries.get_mut(position)? = None;
    }
    Some(entries.into_iter().flatten().chain(changes.cloned()).collect())
}

/// The bits that are set in a bitmap (EWAH, as Git stores it): words that say how many words of equal bits follow, and how
/// many that are written out.
fn positions(bytes: &mut Bytes<'_>, limit: usize) -> Option<Vec<usize>> {
    let _bits = bytes.number()?;
    let words = usize::try_from(bytes.number()?).ok()?;
    let mut words = bytes.take(words.checked_mul(8)?)?.chunks_exact(8).map(word);
    let _position = bytes.number()?;
    let (mut set, mut at) = (Vec::new(), 0_usize);
    while let Some(marker) = words.next() {
        let equal = usize::try_from((marker >> 1) & 0xffff_ffff).ok()?.checked_mul(64)?;
        let end = at.checked_add(equal)?;
        if marker & 1 == 1 {
            // All of them are set: there are no more than entries, rounded up to words.
            set.extend(at..(end <= limit.next_multiple_of(64)).then_some(end)?);
        }
        at = end;
        for _ in 0..marker >> 33 {
            let word = words.next()?;
            set.extend((0..64).filter(|bit| word >> bit & 1 == 1).map(|bit| at.saturating_add(bit)));
            at = at.checked_add(64)?;
        }
    }
    Some(set)
}

fn word(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte))
}

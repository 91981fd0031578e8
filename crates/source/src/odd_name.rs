//! Names that are not UTF-8: no path of a tree can hold them, but nothing may hide behind one.

/// A path as reports show it: what is not UTF-8 as `\xNN`. `None` for a path that is UTF-8.
///
/// Only as much of the path as it takes to show the first such name: all that is below an odd folder is one thing. It ends
/// in `/` for a folder.
pub(super) fn shown(path: &[u8]) -> Option<String> {
    let error = std::str::from_utf8(path).err()?;
    let end = path.iter().skip(error.valid_up_to()).position(|byte| *byte == b'/').map(|end| end + 1);
    let path = end.and_then(|end| path.get(..error.valid_up_to() + end)).unwrap_or(path);
    let mut shown = String::new();
    for chunk in path.utf8_chunks() {
        shown.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|byte| shown.push_str(&format!("\\x{byte:02x}")));
    }
    Some(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_first_odd_name() {
        assert_eq!(shown("a/é.yaml".as_bytes()), None);
        assert_eq!(shown(b"a/caf\xe9.yaml").as_deref(), Some("a/caf\\xe9.yaml"));
        assert_eq!(shown(b"caf\xe9/\xff/x").as_deref(), Some("caf\\xe9/"));
        assert_eq!(shown(b"\xe9\xff").as_deref(), Some("\\xe9\\xff"));
    }
}

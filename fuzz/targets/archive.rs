//! Several files in one input: `-- PATH --` lines, each followed by what the file holds.

/// The files of an input, in its order. What comes before the first line of a path is the file `first`.
pub fn files(input: &[u8], first: &str) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![(first.to_owned(), Vec::new())];
    for line in input.split_inclusive(|&byte| byte == b'\n') {
        match (path(line), files.last_mut()) {
            (Some(path), _) => files.push((path.to_owned(), Vec::new())),
            (None, Some((_, bytes))) => bytes.extend_from_slice(line),
            (None, None) => {}
        }
    }
    files.retain(|(path, bytes)| path != first || !bytes.is_empty());
    files
}

fn path(line: &[u8]) -> Option<&str> {
    let line = line.strip_suffix(b"\n")?.strip_prefix(b"-- ")?.strip_suffix(b" --")?;
    std::str::from_utf8(line).ok()
}

//! One line of ignore rules, as Flux matches it: every file on its own (flux-build-semantics 2.4).

use super::glob::Glob;

/// What a pattern that matches does to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Exclude,
    Include,
}

/// A pattern with the folder whose files it speaks about.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    domain: Vec<Vec<u8>>,
    segments: Vec<Segment>,
    effect: Effect,
    /// Ends in `/`: matches what is in folders of that name, never a file itself.
    folder_only: bool,
    /// Has an inner or leading `/`.
    anchored: bool,
}

#[derive(Clone, Debug)]
struct Segment {
    role: Role,
    glob: Glob,
}

/// What a segment does in a pattern of several.
#[derive(Clone, Copy, Debug)]
enum Role {
    /// Nothing, as before a leading `/`.
    Empty,
    /// `**`
    AnyFolders,
    /// Two stars with something beside them: the pattern matches nothing.
    Impossible,
    Name,
}

impl Segment {
    fn new(text: &[u8]) -> Self {
        let role = match text {
            b"" => Role::Empty,
            b"**" => Role::AnyFolders,
            _ if text.windows(2).any(|pair| pair == b"**") => Role::Impossible,
            _ => Role::Name,
        };
        Self { role, glob: Glob::new(text) }
    }
}

impl Pattern {
    /// Reads a line that is neither blank nor a comment.
    pub(super) fn parse(line: &[u8], domain: &[&[u8]]) -> Self {
        let (effect, line) = line.strip_prefix(b"!").map_or((Effect::Exclude, line), |rest| (Effect::Include, rest));
        let line = if line.ends_with(b"\\ ") { line } else { trim_blanks(line) };
        let (folder_only, line) = line.strip_suffix(b"/").map_or((false, line), |rest| (true, rest));
        let segments: Vec<Segment> = line.split(|&byte| byte == b'/').map(Segment::new).collect();
        let domain = domain.iter().map(|segment| segment.to_vec()).collect();
        Self { domain, anchored: segments.len() > 1, segments, effect, folder_only }
    }

    /// What the pattern does to a file, named by the segments of its path.
    pub(super) fn effect_on(&self, path: &[&[u8]]) -> Option<Effect> {
        let (domain, path) = path.split_at_checked(self.domain.len()).filter(|(_, path)| !path.is_empty())?;
        if self.domain.iter().zip(domain).any(|(own, given)| own != given) {
            return None;
        }
        let matched = if self.anchored { self.matches_path(path) } else { self.matches_a_name(path) };
        matched.then_some(self.effect)
    }

    fn matches_a_name(&self, path: &[&[u8]]) -> bool {
        let Some(segment) = self.segments.first() else { return false };
        for (index, name) in path.iter().enumerate() {
            match segment.glob.matches(name) {
                Ok(true) => return !self.folder_only || index + 1 < path.len(),
                Ok(false) => {}
                Err(_) => return false,
            }
        }
        false
    }

    /// The walk of go-git, oddities included: an empty segment (a leading `/`) is skipped, `**` gives the next segment
    /// the first name that it matches, and a pattern that ends early covers everything below.
    fn matches_path(&self, path: &[&[u8]]) -> bool {
        let (mut path, mut matched, mut anywhere) = (path, false, false);
        for (index, segment) in self.segments.iter().enumerate() {
            match segment.role {
                Role::Empty => anywhere = false,
                Role::AnyFolders if index + 1 == self.segments.len() => break,
                Role::AnyFolders => anywhere = true,
                Role::Impossible => return false,
                Role::Name => {
                    let Some(rest) = behind(&segment.glob, path, anywhere) else { return false };
                    (path, matched, anywhere) = (rest, true, false);
                }
            }
        }
        matched && !(self.folder_only && path.is_empty())
    }
}

/// The path after the name that a segment matches: the next name, or with `anywhere` the first that fits.
fn behind<'a, 'b>(glob: &Glob, path: &'a [&'b [u8]], anywhere: bool) -> Option<&'a [&'b [u8]]> {
    let tries = if anywhere { path.len() } else { 1 };
    for (index, name) in path.iter().enumerate().take(tries) {
        if glob.matches(name).ok()? {
            return path.get(index + 1..);
        }
    }
    None
}

fn trim_blanks(line: &[u8]) -> &[u8] {
    let kept = line.iter().rposition(|&byte| byte != b' ').map_or(0, |last| last + 1);
    line.get(..kept).unwrap_or_default()
}

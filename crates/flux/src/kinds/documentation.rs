//! What fields are for, in our own words: one line each, for those that people meet most.

use std::sync::OnceLock;

static TEXT: &str = include_str!("../../kinds/documentation.txt");

/// The lines of one kind: `path` and sentence.
struct Section {
    group: &'static str,
    kind: &'static str,
    lines: Vec<(&'static str, &'static str)>,
}

/// What a field of a kind is for. An empty path means the kind itself.
pub(super) fn of(group: &str, kind: &str, path: &str) -> Option<&'static str> {
    static SECTIONS: OnceLock<Vec<Section>> = OnceLock::new();
    let sections = SECTIONS.get_or_init(|| parse(TEXT));
    let section = sections.iter().find(|section| section.group == group && section.kind == kind)?;
    section.lines.iter().find(|(of, _)| *of == path).map(|(_, sentence)| *sentence)
}

/// All paths that are documented, with their kinds.
#[cfg(test)]
pub(super) fn all() -> Vec<(&'static str, &'static str, &'static str, &'static str)> {
    let lines = |it: Section| it.lines.into_iter().map(move |(path, sentence)| (it.group, it.kind, path, sentence));
    parse(TEXT).into_iter().flat_map(lines).collect()
}

/// Sections begin with `[group/Kind]`.
fn parse(text: &'static str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(id) => {
                let (group, kind) = id.rsplit_once('/').unwrap_or(("", id));
                sections.push(Section { group, kind, lines: Vec::new() });
            }
            None => {
                if let (Some(section), Some(entry)) = (sections.last_mut(), line.split_once('\t')) {
                    section.lines.push(entry);
                }
            }
        }
    }
    sections
}

//! The notes in `docs/semantics` that comments cite are there.

use std::collections::BTreeMap;
use std::fs;

use regex::Regex;

use crate::code::{root, sources};
use crate::fleet::files;

/// Where the notes are.
const NOTES: &str = "docs/semantics";

/// How comments cite a page: "kustomize-semantics, section 6.1", "flux-build-semantics 2.4", "facts-2026-11".
/// "discovery" is also a plain word, which is a page only with a section.
const CITATION: &str = concat!(
    r"\b([a-z]+(?:-[a-z]+)*-(?:semantics|facts)|facts-\d{4}-\d\d)\b(?:(?:,? sections?)? (\d[\d.]*(?:(?: to | and |, )\d[\d.]*)*))?",
    r"|\b(discovery),? sections? (\d[\d.]*(?:(?: to | and |, )\d[\d.]*)*)"
);

/// The pages, by name.
fn pages() -> BTreeMap<String, String> {
    let folder = root().join(NOTES);
    let page = |file: String| Some((file.strip_suffix(".md")?.to_owned(), file));
    let text = |file: &str| fs::read_to_string(folder.join(file)).unwrap();
    files(&folder).into_iter().filter_map(page).map(|(name, file)| (name, text(&file))).collect()
}

/// The comments of a file as one line, so that a citation may go on in the next one.
fn comments(text: &str) -> String {
    let comment = |line: &str| Some(line.split_once("//")?.1.trim_start_matches(['/', '!']).trim().to_owned());
    text.lines().filter_map(comment).collect::<Vec<_>>().join(" ")
}

/// Whether a page has a section of this number.
fn has_section(page: &str, number: &str) -> bool {
    let heading =
        |line: &str| Some(line.trim_start_matches('#').trim().split_once(' ')?.0.trim_end_matches('.').to_owned());
    page.lines().filter(|line| line.starts_with("##")).any(|line| heading(line).as_deref() == Some(number))
}

#[test]
fn comments_cite_pages_and_sections_that_exist() {
    let (pages, citation, number) = (pages(), Regex::new(CITATION).unwrap(), Regex::new(r"\d+(?:\.\d+)*").unwrap());
    let mut cited = 0;
    for (file, text) in sources() {
        let comments = comments(&text);
        for found in citation.captures_iter(&comments) {
            let name = found.get(1).or(found.get(3)).unwrap().as_str();
            let page = pages.get(name).unwrap_or_else(|| panic!("{file} cites {name}, which {NOTES} lacks"));
            let sections = found.get(2).or(found.get(4)).map_or("", |sections| sections.as_str());
            for section in number.find_iter(sections) {
                assert!(has_section(page, section.as_str()), "{file}: {name} has no section {}", section.as_str());
            }
            cited += 1;
        }
    }
    assert!(cited > 60, "only {cited} citations: has the way to write them changed?");
}

#[test]
fn pages_link_to_pages_that_exist() {
    let link = Regex::new(r"\]\(([^)#:]+\.md)").unwrap();
    for (name, page) in pages() {
        for (_, [target]) in link.captures_iter(&page).map(|found| found.extract()) {
            assert!(root().join(NOTES).join(target).is_file(), "{NOTES}/{name}.md links to {target}");
        }
    }
}

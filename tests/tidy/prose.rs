//! Prose in Markdown is wrapped, so that a diff shows what changed and a terminal shows all of it.

use std::fs;

use crate::code::root;
use crate::fleet::files;

/// The longest line of prose, in characters.
const WIDTH: usize = 100;

/// The folders whose pages are for readers. Other pages in `testdata/` are input of tests.
const FOLDERS: [&str; 2] = ["docs", "rules"];

/// The pages, by path.
fn pages() -> Vec<String> {
    let is_page = |file: &String| file.ends_with(".md");
    let top = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let below = FOLDERS.iter().flat_map(|folder| {
        let found = files(&root().join(folder));
        found.into_iter().map(move |file| format!("{folder}/{file}"))
    });
    let fleets = fs::read_dir(root().join("testdata/fleets")).unwrap();
    let fleets = fleets.map(|entry| format!("testdata/fleets/{}/README.md", entry.unwrap().file_name().display()));
    let others = ["fuzz/README.md", "testdata/discovery/README.md"].map(str::to_owned);
    let all = top.chain(below).chain(fleets).chain(others).filter(is_page);
    all.filter(|page| root().join(page).is_file()).collect()
}

/// The lines of a page that are prose, with their numbers: no code, no tables, no links.
fn prose(page: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fence: Option<&str> = None;
    page.lines().enumerate().filter_map(move |(at, line)| {
        let text = line.trim_start();
        let ticks = &text[..text.len() - text.trim_start_matches('`').len()];
        match fence {
            Some(open) if ticks.len() >= open.len() && ticks == text => fence = None,
            None if ticks.len() >= 3 => fence = Some(ticks),
            None if !text.starts_with('|') && !line.contains("](http") => return Some((at + 1, line)),
            _ => {}
        }
        None
    })
}

#[test]
fn prose_is_wrapped() {
    let pages = pages();
    assert!(pages.len() > 40, "only {} pages: have they moved?", pages.len());
    for page in pages {
        let text = fs::read_to_string(root().join(&page)).unwrap();
        for (number, line) in prose(&text) {
            let width = line.chars().count();
            assert!(width <= WIDTH, "{page}:{number} has {width} characters: wrap it at {WIDTH}");
        }
    }
}

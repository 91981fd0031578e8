//! Development command: `cargo xtask spans [FOLDER…]` compares our spans and comments with granit-parser's, over every YAML and JSON

#![allow(clippy::print_stdout, clippy::unwrap_used)]
//! file below the folders (tests/support/yaml_granit/compare.rs says what is compared).

use std::path::{Path, PathBuf};

#[path = "../../tests/support/yaml_granit/compare.rs"]
mod compare;

const SHOWN: usize = 40;

pub(crate) fn main() {
    let mut folders: Vec<PathBuf> = crate::arguments().skip(1).map(PathBuf::from).collect();
    if folders.is_empty() {
        folders.push("../shared/corpora".into());
    }
    let mut paths = Vec::new();
    folders.iter().for_each(|folder| collect(folder, &mut paths));
    paths.sort();
    let (mut agree, mut nodes, mut comments, mut documents, mut broken, mut shown) = (0, 0, 0, 0, 0, 0);
    let mut differences = 0;
    for path in &paths {
        let Some(text) = std::fs::read(path).ok().and_then(|bytes| String::from_utf8(bytes).ok()) else { continue };
        let outcome = compare::compare(&text);
        agree += usize::from(outcome.differences.is_empty());
        nodes += outcome.nodes;
        comments += outcome.comments;
        documents += outcome.documents;
        broken += outcome.broken.len();
        outcome.broken.iter().for_each(|message| println!("{}: broken: {message}", path.display()));
        differences += outcome.differences.len();
        for difference in outcome.differences.iter().take(2).take_while(|_| shown < SHOWN) {
            println!("{}: {difference}", path.display());
        }
        shown += outcome.differences.len().min(2);
    }
    println!(
        "{agree} of {} files agree; {documents} documents ({broken} broken for both), {nodes} nodes, {comments} comments, {differences} differences",
        paths.len()
    );
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, paths);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml" || extension == "yml" || extension == "json")
        {
            paths.push(path);
        }
    }
}

//! Modules that are beside each other name each other in one direction only.
//!
//! What a parent defines itself is not counted, because its children may share it.

use std::collections::{BTreeMap, BTreeSet};

use crate::code::{code, sources_of};
use crate::modules::{Modules, Path};

/// The cycles that remain: `FOLDER: MODULE MODULE …`.
const KNOWN: &[&str] = &[];

/// Which module names which other ones.
type Graph = BTreeMap<Path, BTreeSet<Path>>;

/// By the module above them: which of its children name which other ones.
fn levels(modules: &Modules) -> BTreeMap<Path, Graph> {
    let mut levels: BTreeMap<Path, Graph> = BTreeMap::new();
    for (from, to) in modules.edges() {
        let shared = from.iter().zip(&to).take_while(|(left, right)| left == right).count();
        if shared < from.len().min(to.len()) {
            let (level, from, to) = (from[..shared].to_vec(), from[..=shared].to_vec(), to[..=shared].to_vec());
            levels.entry(level).or_default().entry(from).or_default().insert(to);
        }
    }
    levels
}

/// What can be reached from a module, itself only over others.
fn reached(graph: &Graph, from: &Path) -> BTreeSet<Path> {
    let (mut reached, mut next) = (BTreeSet::new(), vec![from]);
    while let Some(module) = next.pop() {
        next.extend(graph.get(module).into_iter().flatten().filter(|other| reached.insert((*other).clone())));
    }
    reached
}

/// The sets of modules that all reach each other.
fn cycles(graph: &Graph) -> BTreeSet<BTreeSet<Path>> {
    let reached: BTreeMap<&Path, BTreeSet<Path>> = graph.keys().map(|from| (from, reached(graph, from))).collect();
    let reaches = |from: &Path, to: &Path| reached.get(from).is_some_and(|reached| reached.contains(to));
    let mutual = |from: &Path| reached[from].iter().filter(|to| reaches(to, from)).cloned().collect();
    graph.keys().map(mutual).filter(|cycle: &BTreeSet<Path>| !cycle.is_empty()).collect()
}

/// A cycle as [`KNOWN`] has it, and who names whom in it.
fn described(folder: &str, level: &Path, cycle: &BTreeSet<Path>, graph: &Graph) -> (String, String) {
    let folder = [&[folder.to_owned()], level.as_slice()].concat().join("/");
    let names: Vec<&str> = cycle.iter().filter_map(|path| path.last()).map(String::as_str).collect();
    let edges = cycle.iter().map(|from| {
        let to: Vec<String> = graph[from].intersection(cycle).map(|to| to.join("::")).collect();
        format!("\n  {} names {}", from.join("::"), to.join(", "))
    });
    (format!("{folder}: {}", names.join(" ")), edges.collect())
}

#[test]
fn modules_of_one_level_have_no_cycles() {
    let mut known: BTreeSet<&str> = KNOWN.iter().copied().collect();
    let mut new = String::new();
    for folder in code() {
        for (level, graph) in levels(&Modules::of(&sources_of(&folder))) {
            for cycle in cycles(&graph) {
                let (cycle, edges) = described(&folder, &level, &cycle, &graph);
                if !known.remove(cycle.as_str()) {
                    new += &format!("\n{cycle}{edges}");
                }
            }
        }
    }
    assert!(new.is_empty(), "modules name each other:{new}");
    assert!(known.is_empty(), "no cycles any more: {known:?}");
}

#[test]
fn cycles_are_seen_behind_names_that_are_re_exported() {
    let all_cycles = |files: &[(&str, &str)]| -> Vec<String> {
        let files = files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect();
        let levels = levels(&Modules::of(&files));
        let described = |(level, graph): (&Path, &Graph)| -> Vec<String> {
            cycles(graph).iter().map(|cycle| described("src", level, cycle, graph).0).collect()
        };
        levels.iter().flat_map(described).collect()
    };
    let root = ("lib.rs", "mod a;\nmod b;\npub use b::{B as C, other::{D, self}};");
    assert_eq!(all_cycles(&[root, ("a.rs", "use crate::C;"), ("b.rs", "fn f() { super::a::f(); }")]), ["src: a b"]);
    assert_eq!(
        all_cycles(&[root, ("a.rs", "use crate::C;"), ("b.rs", "// crate::a\nconst X: &str = \"crate::a\";")]),
        [""; 0]
    );
    assert_eq!(
        all_cycles(&[root, ("a.rs", "mod c;\nmod d;"), ("a/c.rs", "use super::d;"), ("a/d.rs", "use crate::a::c::C;")]),
        ["src/a: c d"]
    );
}

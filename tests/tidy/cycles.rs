//! Modules that stand beside each other name each other in one direction only.
//!
//! What is read are `use` declarations and paths. A name that a module re-exports leads to the module that it comes from; what
//! a parent defines itself is not counted, because its children may share it.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use crate::code::{code, product, sources_of};

/// The cycles that remain: `FOLDER: MODULE MODULE …`.
const KNOWN: &[&str] = &[
    "src/fleet: beyond cluster components discover discovery inventory lockdown reconcile revisions sources undetermined version wanted",
    "src/fleet: build notes",
    "src/fleet/discover: landscape seeds web",
    "src/report: block human",
];

/// A path from the crate's root, in segments.
type Path = Vec<String>;

/// Which module names which other ones.
type Graph = BTreeMap<Path, BTreeSet<Path>>;

/// What a module names.
#[derive(Default)]
struct Module {
    used: Vec<Path>,
    /// What `use` brings into it, by the name it has there.
    names: BTreeMap<String, Path>,
}

/// The modules of a folder of code.
struct Modules(BTreeMap<Path, Module>);

impl Modules {
    fn of(folder: &str) -> Self {
        let texts: BTreeMap<Path, String> =
            sources_of(folder).iter().map(|(file, text)| (module(file), without_texts(product(text)))).collect();
        let mut modules = Self(texts.keys().map(|path| (path.clone(), Module::default())).collect());
        for (path, text) in &texts {
            let read = modules.read(path, text);
            modules.0.insert(path.clone(), read);
        }
        modules
    }

    fn read(&self, path: &Path, text: &str) -> Module {
        let declaration = Regex::new(r"\buse\s+([^;]+);").unwrap();
        let mut module = Module::default();
        for [tree] in declaration.captures_iter(text).map(|found| found.extract().1) {
            for used in flat(tree) {
                let (used, alias) = used.split_once(" as ").unwrap_or((&used, ""));
                let used = used.strip_suffix("::self").unwrap_or(used);
                let name = if alias.is_empty() { used.rsplit("::").next().unwrap_or_default() } else { alias };
                if let Some(absolute) = self.absolute(path, used) {
                    module.names.insert(name.to_owned(), absolute.clone());
                    module.used.push(absolute);
                }
            }
        }
        let rest = declaration.replace_all(text, "");
        let paths = Regex::new(r"\w+(::\w+)+").unwrap();
        module.used.extend(paths.find_iter(&rest).filter_map(|found| self.absolute(path, found.as_str())));
        module
    }

    /// Where a path that a module names begins; `None` outside the crate.
    fn absolute(&self, module: &Path, path: &str) -> Option<Path> {
        let mut base = module.clone();
        let mut rest: &[&str] = &path.split("::").map(str::trim).collect::<Vec<_>>();
        match rest {
            ["crate", ..] => (base, rest) = (Path::new(), &rest[1..]),
            ["self", ..] => rest = &rest[1..],
            ["super", ..] => {
                while let ["super", left @ ..] = rest {
                    base.pop();
                    rest = left;
                }
            }
            [first, ..] if self.0.contains_key(&child(&base, first)) => {}
            _ => return None,
        }
        base.extend(rest.iter().map(|segment| (*segment).to_owned()));
        Some(base)
    }

    /// The module that a path leads to, behind re-exports.
    fn resolve(&self, path: &Path) -> Path {
        let length = (0..=path.len()).rev().find(|length| self.0.contains_key(&path[..*length])).unwrap_or_default();
        let (module, rest) = path.split_at(length);
        let known = self.0.get(module).zip(rest.first()).and_then(|(module, name)| module.names.get(name));
        match known {
            Some(known) if !path.starts_with(known) => self.resolve(&[known, &rest[1..]].concat()),
            _ => module.to_owned(),
        }
    }

    /// By the module above them: which of its children name which other ones.
    fn levels(&self) -> BTreeMap<Path, Graph> {
        let mut levels: BTreeMap<Path, Graph> = BTreeMap::new();
        for (from, module) in &self.0 {
            for to in module.used.iter().map(|path| self.resolve(path)) {
                let shared = from.iter().zip(&to).take_while(|(left, right)| left == right).count();
                if shared < from.len().min(to.len()) {
                    let (level, from, to) = (from[..shared].to_vec(), from[..=shared].to_vec(), to[..=shared].to_vec());
                    levels.entry(level).or_default().entry(from).or_default().insert(to);
                }
            }
        }
        levels
    }
}

/// The module of a file: `a/b.rs` and `a/b/mod.rs` are `a::b`.
fn module(file: &str) -> Path {
    let file = file.strip_suffix(".rs").unwrap_or(file);
    let file = file.strip_suffix("/mod").unwrap_or(file);
    if file == "lib" { Path::new() } else { file.split('/').map(str::to_owned).collect() }
}

fn child(module: &Path, name: &str) -> Path {
    module.iter().cloned().chain([name.to_owned()]).collect()
}

/// Code without comments, and with empty strings.
fn without_texts(code: &str) -> String {
    let texts = r##"//[^\n]*|r#"(?s:.*?)"#|r"[^"]*"|"(\\(?s:.)|[^"\\])*"|'(\\[^']+|\\'|[^'\\])'"##;
    Regex::new(texts).unwrap().replace_all(code, "\"\"").into_owned()
}

/// `a::{b, c::{d, e}}` as `a::b`, `a::c::d` and `a::c::e`.
fn flat(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((before, inside)) = tree.split_once('{') else { return vec![tree.to_owned()] };
    let (mut depth, mut parts) = (0, vec![String::new()]);
    for letter in inside[..inside.rfind('}').unwrap()].chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        parts.last_mut().unwrap().push(letter);
    }
    let parts = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
    parts.flat_map(|part| flat(&format!("{before}{part}"))).collect()
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
        for (level, graph) in Modules::of(&folder).levels() {
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

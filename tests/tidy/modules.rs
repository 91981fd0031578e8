//! The modules of a folder of code, and what each of them names.
//!
//! What is read are `use` declarations and paths. A name that a module re-exports leads to the module that it comes from.
//! Methods are not followed.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use crate::code::product;

/// A path from the crate's root, in segments.
pub(crate) type Path = Vec<String>;

/// What a module names.
#[derive(Default)]
struct Module {
    used: Vec<Path>,
    /// What `use` brings into it, by the name it has there.
    names: BTreeMap<String, Path>,
}

/// The modules of a folder of code.
pub(crate) struct Modules(BTreeMap<Path, Module>);

impl Modules {
    /// Those of some files, by path below their folder.
    pub(crate) fn of(sources: &BTreeMap<String, String>) -> Self {
        let texts: BTreeMap<Path, String> =
            sources.iter().map(|(file, text)| (module(file), without_texts(product(text)))).collect();
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

    /// Each module with the modules that it names.
    pub(crate) fn edges(&self) -> impl Iterator<Item = (&Path, Path)> {
        let edges = self.0.iter().flat_map(|(from, module)| module.used.iter().map(move |path| (from, path)));
        edges.map(|(from, path)| (from, self.resolve(path)))
    }

    /// What the modules of the first level name below `crate::`: modules, and crates that the root re-exports.
    pub(crate) fn named(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let mut named: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (path, module) in &self.0 {
            let Some(own) = path.first() else { continue };
            let others = module.used.iter().filter_map(|used| used.first()).filter(|used| *used != own);
            named.entry(own).or_default().extend(others.map(String::as_str));
        }
        named
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

//! Which folders list which: what is below a folder, what is above it, and which of these are topmost.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// Folders, and which of them list which. Folders that list each other are not an exception.
#[derive(Debug, Default)]
pub(super) struct Graph {
    /// Sorted, so that the order of positions is that of the names.
    names: Vec<String>,
    down: Vec<Vec<usize>>,
    up: Vec<Vec<usize>>,
    tops: Vec<Tops>,
}

/// What is topmost above a folder.
#[derive(Clone, Debug, Default)]
struct Tops {
    topmost: Arc<BTreeSet<usize>>,
    /// The first of all folders above, for those that only list each other.
    first: usize,
}

impl Graph {
    /// The graph of folders and what each of them lists.
    pub(super) fn new(listed: &BTreeMap<&str, Vec<&str>>) -> Self {
        let all: BTreeSet<&str> =
            listed.iter().flat_map(|(folder, below)| below.iter().chain([folder])).copied().collect();
        let names: Vec<String> = all.into_iter().map(str::to_owned).collect();
        let position = |folder: &str| names.binary_search_by(|name| name.as_str().cmp(folder)).ok();
        let (mut down, mut up) = (vec![Vec::new(); names.len()], vec![Vec::new(); names.len()]);
        for (folder, below) in listed {
            let Some(above) = position(folder) else { continue };
            for below in below.iter().filter_map(|folder| position(folder)).collect::<BTreeSet<usize>>() {
                down[above].push(below);
                up[below].push(above);
            }
        }
        let tops = tops(&down, &up);
        Self { names, down, up, tops }
    }

    /// The folder itself and what it lists, directly or through others.
    pub(super) fn below(&self, folder: &str) -> BTreeSet<&str> {
        self.named(walk(self.position(folder), &self.down))
    }

    /// The same, each folder before what it lists, made as it is asked for.
    pub(super) fn each_below(&self, folder: &str) -> impl Iterator<Item = &str> {
        let mut open: Vec<usize> = self.position(folder).into_iter().collect();
        let mut seen: HashSet<usize> = open.iter().copied().collect();
        std::iter::from_fn(move || {
            let at = open.pop()?;
            open.extend(self.down[at].iter().copied().filter(|next| seen.insert(*next)));
            self.names.get(at).map(String::as_str)
        })
    }

    /// Some folders and those that list them, directly or through others.
    pub(super) fn above<'f>(&self, folders: impl IntoIterator<Item = &'f str>) -> BTreeSet<&str> {
        self.named(walk(folders.into_iter().filter_map(|folder| self.position(folder)), &self.up))
    }

    /// The topmost of these; where all of them only list each other, the first one.
    pub(super) fn topmost<'f>(&self, folders: impl IntoIterator<Item = &'f str>) -> BTreeSet<&str> {
        let tops: Vec<&Tops> = folders.into_iter().filter_map(|folder| self.tops.get(self.position(folder)?)).collect();
        let topmost: BTreeSet<usize> = tops.iter().flat_map(|tops| tops.topmost.iter()).copied().collect();
        match topmost.is_empty() {
            true => self.named(tops.iter().map(|tops| tops.first).min()),
            false => self.named(topmost),
        }
    }

    /// Whether no other folder lists this one.
    pub(super) fn is_topmost(&self, folder: &str) -> bool {
        self.position(folder).is_none_or(|at| self.up[at].iter().all(|above| *above == at))
    }

    fn position(&self, folder: &str) -> Option<usize> {
        self.names.binary_search_by(|name| name.as_str().cmp(folder)).ok()
    }

    fn named(&self, positions: impl IntoIterator<Item = usize>) -> BTreeSet<&str> {
        positions.into_iter().filter_map(|at| self.names.get(at)).map(String::as_str).collect()
    }
}

fn walk(starts: impl IntoIterator<Item = usize>, next: &[Vec<usize>]) -> BTreeSet<usize> {
    let mut seen: BTreeSet<usize> = starts.into_iter().collect();
    let mut open: Vec<usize> = seen.iter().copied().collect();
    while let Some(at) = open.pop() {
        open.extend(next[at].iter().copied().filter(|next| seen.insert(*next)));
    }
    seen
}

/// What is topmost above each folder. Folders that list each other share it, and it is made from what lists them, so that
/// each listing is looked at once.
fn tops(down: &[Vec<usize>], up: &[Vec<usize>]) -> Vec<Tops> {
    let mut found: Vec<Tops> = vec![Tops::default(); down.len()];
    for group in groups(down, up) {
        let members: HashSet<usize> = group.iter().copied().collect();
        let above = group.iter().flat_map(|at| &up[*at]).filter(|at| !members.contains(at)).map(|at| &found[*at]);
        let tops = Tops::of(above.collect(), &group, up);
        group.into_iter().for_each(|at| found[at] = tops.clone());
    }
    found
}

impl Tops {
    fn of(above: Vec<&Self>, group: &[usize], up: &[Vec<usize>]) -> Self {
        let first = above.iter().map(|tops| tops.first).chain(group.iter().copied()).min().unwrap_or_default();
        let own: Vec<usize> = group.iter().copied().filter(|at| up[*at].iter().all(|above| above == at)).collect();
        let mut sets: Vec<&Arc<BTreeSet<usize>>> = above.iter().map(|tops| &tops.topmost).collect();
        sets.sort_by_key(|set| Arc::as_ptr(set));
        sets.dedup_by(|left, right| Arc::ptr_eq(left, right));
        let topmost = match (sets.as_slice(), own.as_slice()) {
            // A folder between others only passes on what is above it.
            ([only], []) => Arc::clone(only),
            _ => Arc::new(sets.into_iter().flat_map(|set| set.iter()).chain(&own).copied().collect()),
        };
        Self { topmost, first }
    }
}

/// The folders in groups of those that list each other, what lists a group before the group (Kosaraju).
fn groups(down: &[Vec<usize>], up: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut is_seen = vec![false; down.len()];
    let mut finished: Vec<usize> = Vec::new();
    for start in 0..down.len() {
        visit(start, down, &mut is_seen, &mut finished);
    }
    is_seen.fill(false);
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for start in finished.into_iter().rev() {
        let mut group = Vec::new();
        visit(start, up, &mut is_seen, &mut group);
        groups.extend(Some(group).filter(|group| !group.is_empty()));
    }
    groups
}

/// Appends what is not seen yet, each folder after what is reached from it. Not recursive: input decides the depth.
fn visit(start: usize, next: &[Vec<usize>], is_seen: &mut [bool], finished: &mut Vec<usize>) {
    if std::mem::replace(&mut is_seen[start], true) {
        return;
    }
    let mut open = vec![(start, next[start].iter())];
    while let Some((at, rest)) = open.last_mut() {
        match rest.next() {
            Some(&below) if is_seen[below] => {}
            Some(&below) => {
                is_seen[below] = true;
                open.push((below, next[below].iter()));
            }
            None => {
                finished.push(*at);
                open.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(listed: &[(&'static str, &[&'static str])]) -> Graph {
        Graph::new(&listed.iter().map(|(folder, below)| (*folder, below.to_vec())).collect())
    }

    fn topmost<'g>(graph: &'g Graph, folders: &[&'static str]) -> Vec<&'g str> {
        graph.topmost(folders.iter().copied()).into_iter().collect()
    }

    #[test]
    fn topmost_folders_are_those_that_nothing_lists() {
        let graph =
            graph(&[("a", &["base"]), ("b", &["mid"]), ("mid", &["base", "mid"]), ("base", &["deep"]), ("c", &[])]);
        assert_eq!(topmost(&graph, &["deep"]), ["a", "b"]);
        assert_eq!(topmost(&graph, &["mid"]), ["b"]);
        assert_eq!(topmost(&graph, &["c", "mid"]), ["b", "c"]);
        assert_eq!(topmost(&graph, &["nothing"]), [""; 0]);
        assert!(graph.is_topmost("a") && !graph.is_topmost("base"));
        assert_eq!(graph.below("b").into_iter().collect::<Vec<_>>(), ["b", "base", "deep", "mid"]);
        assert_eq!(graph.each_below("b").collect::<BTreeSet<_>>(), graph.below("b"));
        assert_eq!(graph.above(["base"]).into_iter().collect::<Vec<_>>(), ["a", "b", "base", "mid"]);
    }

    #[test]
    fn of_folders_that_only_list_each_other_the_first_is_topmost() {
        let graph = graph(&[("x", &["y"]), ("y", &["z"]), ("z", &["x", "w"]), ("w", &["a"]), ("top", &["a"])]);
        assert_eq!(topmost(&graph, &["z"]), ["x"]);
        assert_eq!(topmost(&graph, &["w"]), ["w"]);
        assert_eq!(topmost(&graph, &["a"]), ["top"]);
    }

    #[test]
    fn a_folder_that_lists_itself_is_topmost() {
        assert_eq!(topmost(&graph(&[("a", &["a", "b"])]), &["b"]), ["a"]);
    }
}

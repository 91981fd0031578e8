//! Layouts of `testdata/discovery/`: small repositories in one file each, and what fleetlint makes of them. Its README.md
//! says how they are written. Use it as `#[cfg(test)] #[path = "support/layout.rs"] mod layout;`, beside `git.rs`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use fleetlint::source::Files;
use fleetlint::yaml::{Documents, Node};
use tempfile::TempDir;

use crate::git;

const EXPECT: &str = "expect.yaml";

/// One file of `testdata/discovery/`.
pub(crate) struct Layout {
    pub(crate) name: String,
    description: String,
    /// Path and text of each file, by path.
    files: BTreeMap<String, String>,
    expect: Node,
}

/// The files of a layout on disk; they are removed at the end.
pub(crate) struct Checkout {
    _folder: TempDir,
    /// What the command is given as PATH.
    pub(crate) path: PathBuf,
}

/// All layouts, sorted by name; or those whose name starts with the variable `LAYOUT`.
pub(crate) fn layouts() -> Vec<Result<Layout, String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/discovery");
    let paths = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|it| it == "txt")).collect();
    paths.sort();
    let chosen = std::env::var("LAYOUT").unwrap_or_default();
    let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let paths = paths.iter().filter(|path| name(path).starts_with(&chosen));
    paths.map(|path| Layout::parse(name(path), &fs::read_to_string(path).unwrap())).collect()
}

impl Layout {
    fn parse(name: String, text: &str) -> Result<Self, String> {
        let (description, mut files) = sections(text).map_err(|why| format!("{name}: {why}"))?;
        let expect = files.remove(EXPECT).ok_or_else(|| format!("{name}: no section `{EXPECT}`"))?;
        let expect = parse_yaml(&expect).map_err(|why| format!("{name}: {EXPECT}: {why}"))?;
        Ok(Self { name, description, files, expect })
    }

    /// The keys of `expect.yaml` with their values.
    pub(crate) fn expectations(&self) -> impl Iterator<Item = (&str, &Node)> {
        self.expect.entries().iter().map(|entry| (entry.key.text().unwrap_or_default(), &entry.value))
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.expect.get(key)
    }

    /// The texts of a list; none where the key is absent.
    pub(crate) fn texts(&self, key: &str) -> Vec<&str> {
        self.get(key).map(texts).unwrap_or_default()
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// What is wrong with the form of the layout, apart from keys that nobody knows.
    pub(crate) fn fault(&self) -> Option<String> {
        let lacks = |key: &str| self.get(key).is_none();
        match () {
            () if self.description.trim().is_empty() => Some("it has no description".to_owned()),
            () if self.files.is_empty() => Some("it has no files".to_owned()),
            () if lacks("exit") => Some("`exit` is missing".to_owned()),
            () if lacks("stderr") && (lacks("clusters") || lacks("status")) => {
                Some("`clusters` and `status` are missing, and no `stderr` says why".to_owned())
            }
            () => None,
        }
    }

    /// Writes the files, as a working tree or a bare repository.
    pub(crate) fn check_out(&self) -> Checkout {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join(self.text("checkout").unwrap_or("fleet"));
        let git = self.get("git");
        if let Some(git) = git {
            self.make_repository(&root, git);
        }
        if git.is_none_or(|git| !is_bare(git)) {
            self.files.iter().for_each(|(path, text)| write(&root.join(path), text));
        }
        let path = self.text("path").map_or_else(|| root.clone(), |path| root.join(path));
        Checkout { _folder: folder, path }
    }

    /// The branch that is checked out holds the files; the others hold them, too, but for those that are given with them.
    fn make_repository(&self, root: &Path, git: &Node) {
        let files = |own: &Node| {
            let mut files: BTreeMap<String, String> = self.files.clone();
            for entry in own.entries() {
                let path = entry.key.text().unwrap_or_default().to_owned();
                match entry.value.is_null() {
                    true => files.remove(&path),
                    false => files.insert(path, entry.value.text().unwrap_or_default().to_owned()),
                };
            }
            files
        };
        let checked_out = git.get("branch").and_then(Node::text).unwrap_or("main");
        let mut branches = vec![(checked_out.to_owned(), self.files.clone())];
        let others = git.get("branches").map(Node::entries).unwrap_or_default();
        branches.extend(others.iter().map(|it| (it.key.text().unwrap_or_default().to_owned(), files(&it.value))));
        let borrowed: Vec<(&str, Vec<(&str, &str)>)> = branches
            .iter()
            .map(|(branch, files)| (branch.as_str(), files.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect()))
            .collect();
        let borrowed: Vec<(&str, &[(&str, &str)])> = borrowed.iter().map(|(a, b)| (*a, b.as_slice())).collect();
        git::repository(root, &borrowed);
        let config = if is_bare(git) { root.join("config") } else { root.join(".git/config") };
        add_remotes(&config, checked_out, git.get("remotes").map(texts).unwrap_or_default());
    }
}

/// The texts of a list, or one text.
pub(crate) fn texts(node: &Node) -> Vec<&str> {
    match node.as_sequence() {
        Some(items) => items.iter().filter_map(Node::text).collect(),
        None => node.text().into_iter().collect(),
    }
}

fn is_bare(git: &Node) -> bool {
    git.get("bare").and_then(Node::text) == Some("true")
}

/// A clone of the one branch that is checked out, so that it does not show which others the remote has.
fn add_remotes(config: &Path, branch: &str, urls: Vec<&str>) {
    let remote = |(name, url): (&&str, &&str)| {
        let fetch = format!("+refs/heads/{branch}:refs/remotes/{name}/{branch}");
        format!("[remote \"{name}\"]\n\turl = {url}\n\tfetch = {fetch}\n")
    };
    let remotes = ["origin", "upstream", "mirror"].iter().zip(&urls).map(remote);
    let text = fs::read_to_string(config).unwrap() + &remotes.collect::<String>();
    fs::write(config, text).unwrap();
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// The text before the first section, and the sections by the path in their `-- PATH --` line.
fn sections(text: &str) -> Result<(String, BTreeMap<String, String>), String> {
    let (mut description, mut files) = (String::new(), BTreeMap::new());
    let mut current: Option<String> = None;
    for line in text.split_inclusive('\n') {
        let path = line.trim_end().strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --"));
        match (path, &current) {
            (Some(path), _) if files.insert(path.to_owned(), String::new()).is_some() => {
                return Err(format!("two sections `{path}`"));
            }
            (Some(path), _) => current = Some(path.to_owned()),
            (None, Some(path)) => files.entry(path.clone()).or_default().push_str(line),
            (None, None) => description.push_str(line),
        }
    }
    Ok((description, files))
}

fn parse_yaml(text: &str) -> Result<Node, String> {
    let file = Files::default().add("".into(), None, EXPECT.to_owned(), text.into());
    let stream = Documents::default().of(&file);
    let documents = stream.documents.iter().map(|document| document.as_ref().map_err(|why| why.message.clone()));
    let documents: Vec<_> = documents.collect::<Result<_, _>>()?;
    match documents.as_slice() {
        [document] => match document.duplicate_keys.first() {
            Some(problem) => Err(problem.message.clone()),
            None => document.root.clone().ok_or_else(|| "it is empty".to_owned()),
        },
        _ => Err("it is one document".to_owned()),
    }
}

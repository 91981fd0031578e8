//! Reading files below a kustomization, within what may be read (kustomize-semantics, sections 3 and 4).

use std::collections::VecDeque;
use std::sync::Arc;

use crate::near;
use fleetlint_source::{File, FileTree, ReadError, path};
use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::scalar::resolve;
use fleetlint_yaml::{Document, Node, Span, Value, print};

use super::resource::Resource;
use super::{LoadRestriction, Options, Reader};

/// The folder whose kustomization is at work, and the way to it.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// The folder's path in the tree, symbolic links followed.
    pub(super) folder: String,
    /// The name of its kustomization file.
    pub(super) file_name: String,
    /// The folders from the root of the build down to this one.
    pub(super) chain: Vec<String>,
    /// The folder as seen from the root of the build, for origin annotations.
    pub(super) from_root: String,
}

/// How deeply `List` objects may be nested.
const MAX_LISTS: usize = 100_000;

impl Site {
    /// Whether it is the folder that is built, and no base or component of it.
    pub(super) fn is_root(&self) -> bool {
        self.chain.len() == 1
    }

    /// The path in the tree that an entry of the kustomization file names.
    pub(super) fn local(&self, entry: &Node) -> Result<String, Problem> {
        let text = entry.text().unwrap_or_default();
        if text.starts_with('/') && is_inline(text) {
            return Err(inline(entry));
        }
        if text.starts_with('/') {
            return Err(failed(format!("`{text}` cannot be absolute"), entry.place())
                .help("name it relative to the folder of this file"));
        }
        path::clean(&format!("{}/{text}", self.folder))
            .ok_or_else(|| unreadable(entry, text, &ReadError::OutsideRepository))
    }
}

/// Reads a file that a kustomization names.
pub(super) fn read_file(reader: Reader<'_>, options: Options, site: &Site, entry: &Node) -> Result<Arc<File>, Problem> {
    let text = entry.text().unwrap_or_default();
    if is_http(text) {
        return Err(remote(entry));
    }
    let path = site.local(entry)?;
    let file = reader.tree.file(&path).map_err(|error| match error {
        ReadError::NotFound => not_found(reader.tree, &path, entry),
        error => unreadable(entry, text, &error),
    })?;
    if options.load_restriction == LoadRestriction::RootOnly {
        let resolved = reader.tree.resolve(&path).map_err(|error| unreadable(entry, text, &error))?;
        if !is_below(&resolved, &site.folder) {
            let message = format!("security; file `{text}` is not in or below `{}`", reader.tree.shown(&site.folder));
            return Err(failed(message, entry.place()).help("move the file into the folder"));
        }
    }
    Ok(file)
}

/// Whether a path is a folder or is below it.
pub(super) fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// The resources of a file. What is not a resource is a problem and left out.
pub(super) fn resources_of(
    reader: Reader<'_>,
    file: &Arc<File>,
    entry: &Node,
    problems: &mut Vec<Problem>,
) -> Vec<Resource> {
    let stream = reader.documents.of(file);
    let mut roots = Vec::new();
    for document in &stream.documents {
        match document {
            Ok(document) => {
                problems.extend(document.duplicate_keys.iter().cloned());
                let root = root_of(document);
                // What an object lacks is in the text that is read over: that is the one fault.
                match document.unread.as_ref().filter(|_| root.as_ref().is_some_and(|root| check(root).is_err())) {
                    Some(unread) => problems.push(unread.clone()),
                    None => roots.extend(root),
                }
            }
            Err(problem) => problems.push(problem.clone().related(entry.place(), "read because of this entry")),
        }
    }
    let roots = if stream.documents.len() == 1 { unwrapped(roots) } else { roots };
    resources_of_roots(roots, entry, problems)
}

/// A `List` that stands alone is opened while it is read: its items stay as they are written.
fn unwrapped(mut roots: Vec<Node>) -> Vec<Node> {
    let [root] = roots.as_mut_slice() else { return roots };
    let is_list = matches!(root.get("kind").and_then(Node::text), Some("List" | "ResourceList"));
    match root.as_mapping_mut().filter(|_| is_list).and_then(|list| list.remove("items")) {
        Some(items) if items.as_sequence().is_some() || items.is_null() => {
            items.items().iter().filter(|item| !is_empty(item)).cloned().collect()
        }
        Some(items) => {
            root.as_mapping_mut().into_iter().for_each(|list| list.set("items", items.clone()));
            roots
        }
        None => roots,
    }
}

/// What follows the end of a document in a file, and is not read.
pub(super) fn dropped_of(reader: Reader<'_>, file: &Arc<File>) -> Vec<Problem> {
    let stream = reader.documents.of(file);
    stream.documents.iter().flatten().filter_map(|document| document.unread.clone()).collect()
}

/// The resources among the roots of documents; lists are opened.
pub(super) fn resources_of_roots(roots: Vec<Node>, entry: &Node, problems: &mut Vec<Problem>) -> Vec<Resource> {
    let mut queue: VecDeque<(Node, bool)> = roots.into_iter().map(|root| (root, false)).collect();
    let mut resources = Vec::new();
    let mut opened = 0;
    while let Some((root, is_item)) = queue.pop_front() {
        if let Err(message) = check(&root) {
            problems.push(
                failed(message, first_place(&root))
                    .help("an object needs `apiVersion`, `kind` and `metadata.name`; list other files elsewhere")
                    .related(entry.place(), "read because of this entry"),
            );
            continue;
        }
        match items_of_list(&root) {
            Ok(None) => {
                let mut resource = Resource::new(with_metadata(root), entry.place());
                resource.item_of = resource.node.origin.span.filter(|_| is_item).map(|span| span.file);
                resources.push(resource);
            }
            Ok(Some(items)) if opened + items.len() <= MAX_LISTS => {
                opened += items.len();
                queue.extend(items.into_iter().map(|item| (item, true)));
            }
            Ok(Some(_)) => problems.push(failed("too many items in lists".to_owned(), first_place(&root))),
            Err(message) => problems.push(failed(message, first_place(&root))),
        }
    }
    resources
}

/// kustomize gives metadata to a list without items that has none.
fn with_metadata(mut root: Node) -> Node {
    let origin = root.origin.clone();
    if let Some(mapping) = root.as_mapping_mut().filter(|mapping| mapping.get("metadata").is_none()) {
        mapping.set("metadata", Node::mapping(Vec::new(), origin));
    }
    root
}

fn root_of(document: &Document) -> Option<Node> {
    document.root.clone().filter(|root| !is_empty(root))
}

fn is_empty(node: &Node) -> bool {
    node.is_null()
        || node.as_mapping().is_some_and(|mapping| mapping.entries.is_empty())
        || node.as_sequence().is_some_and(<[Node]>::is_empty)
}

/// Every object needs a kind and, unless it is a list, a name.
pub(super) fn check(root: &Node) -> Result<(), String> {
    let text =
        |node: &Node, key| node.get(key).filter(|value| !value.is_null()).and_then(Node::text).map(str::to_owned);
    if ["apiVersion", "kind", "metadata"].iter().all(|key| root.get(key).is_none()) {
        return Err("missing Resource metadata: this is not a Kubernetes object".to_owned());
    }
    let kind = text(root, "kind").filter(|kind| !kind.is_empty());
    let Some(kind) = kind else { return Err("missing kind in object".to_owned()) };
    let name = root.get("metadata").and_then(|metadata| text(metadata, "name")).unwrap_or_default();
    if name.is_empty() && !kind.ends_with("List") {
        return Err(format!("missing metadata.name in object of kind `{kind}`"));
    }
    Ok(())
}

/// The items of an object whose kind ends in `List`; `None` for other objects and where there is no `items`.
fn items_of_list(root: &Node) -> Result<Option<Vec<Node>>, String> {
    let kind = root.get("kind").and_then(Node::text).unwrap_or_default();
    let Some(items) = root.get("items").filter(|_| kind.ends_with("List")) else { return Ok(None) };
    misfit(root)?;
    if items.is_null() {
        return Ok(Some(Vec::new()));
    }
    let Some(items) = items.as_sequence() else { return Err(format!("expected array in {kind}/items")) };
    items.iter().filter(|item| !is_empty(item)).map(through_json).collect::<Result<_, _>>().map(Some)
}

/// A tag that does not fit its text, anywhere in a list: kustomize decodes all of it.
fn misfit(node: &Node) -> Result<(), String> {
    match &node.value {
        Value::Scalar(_) if node.tag.is_none() => Ok(()),
        Value::Scalar(_) => resolve(node).map(drop),
        Value::Sequence(items) => items.iter().try_for_each(misfit),
        Value::Mapping(mapping) => {
            mapping.entries.iter().try_for_each(|entry| misfit(&entry.key).and_then(|()| misfit(&entry.value)))
        }
    }
}

/// Items of lists pass through JSON: plain scalars come out in their canonical form, strings quoted.
fn through_json(item: &Node) -> Result<Node, String> {
    let mut item = item.clone();
    super::json::normalise(&mut item)?;
    print::reread_json(&mut item).map_err(|(why, _)| why)?;
    set_in_flow(&mut item);
    Ok(item)
}

/// kustomize reads the JSON as YAML: all its collections are in flow style.
fn set_in_flow(node: &mut Node) {
    match &mut node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => {
            items.flow = true;
            items.iter_mut().for_each(set_in_flow);
        }
        Value::Mapping(mapping) => {
            mapping.flow = true;
            mapping.entries.iter_mut().for_each(|entry| set_in_flow(&mut entry.value));
        }
    }
}

/// Where a person looks for an object without a name: its kind, or its first key.
fn first_place(root: &Node) -> Option<Span> {
    let kind = root.get("kind").and_then(Node::place);
    kind.or_else(|| root.entries().first()?.key.place()).or(root.place())
}

/// Whether an entry is fetched over the network, unless there is a file of that path.
pub fn is_remote(text: &str) -> bool {
    is_http(text) || is_git_url(text)
}

/// Whether an entry is fetched over HTTP.
pub fn is_http(text: &str) -> bool {
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    lower.starts_with("http://") || lower.starts_with("https://")
}

/// Whether kustomize clones an entry with Git.
pub(super) fn is_git_url(text: &str) -> bool {
    if text.starts_with('/') {
        return false;
    }
    let text = text.split('?').next().unwrap_or_default();
    let lower = text.to_ascii_lowercase();
    let rest = lower.strip_prefix("git::").unwrap_or(&lower);
    if ["ssh://", "https://", "http://", "file://"].iter().any(|scheme| rest.starts_with(scheme)) {
        return true;
    }
    let user = rest.split_once('@').map(|(user, _)| user);
    let is_user = |user: &str| {
        user.starts_with(|c: char| c.is_ascii_alphabetic())
            && user.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let host = user.filter(|user| is_user(user)).map_or(rest, |user| rest.get(user.len() + 1..).unwrap_or_default());
    let is_github = host.starts_with("github.com/") || host.starts_with("github.com:");
    let path = match (host.len() != rest.len() || is_github, host.find(['/', ':'])) {
        (true, Some(separator)) => host.get(separator + 1..).unwrap_or_default(),
        _ => return false,
    };
    path.contains("_git/") || path.contains("//") || path.contains(".git") || path.contains('/')
}

/// Whether an entry is a text that was meant for another field, and no path: it may hold anything, secrets included.
fn is_inline(text: &str) -> bool {
    let text = text.trim();
    text.contains(['\n', '\r']) || text.contains(": ") || text.starts_with(['{', '[']) || text.starts_with("- ")
}

/// A problem for such an entry. It is not repeated.
fn inline(entry: &Node) -> Problem {
    let message = "this is a text, and a path is expected: kustomize finds no file of that name".to_owned();
    failed(message, entry.place())
        .help("write a patch below `patch: |` of `patches`, and anything else into a file that is named here")
}

/// A problem for what is outside the input.
pub(super) fn remote(entry: &Node) -> Problem {
    let text = entry.text().unwrap_or_default();
    let what = if is_inline(text) { "this entry".to_owned() } else { format!("`{text}`") };
    let message = format!("{what} is remote: it is not fetched");
    Problem::new(ProblemKind::Undetermined, message, entry.place())
        .help("fleetlint uses no network: copy it into the repository to have it checked")
}

/// A problem for what cannot be read.
pub(super) fn unreadable(entry: &Node, text: &str, error: &ReadError) -> Problem {
    if is_inline(text) {
        return inline(entry);
    }
    let problem = failed(format!("cannot read `{text}`: {error}"), entry.place());
    match error {
        ReadError::IsFolder => problem.help("name a file in it"),
        _ => problem,
    }
}

/// A problem for a path at which nothing lies, with what lies near it.
pub(super) fn not_found(tree: &dyn FileTree, path: &str, entry: &Node) -> Problem {
    let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
    let missing = ends.map(|end| &path[..end]).find(|part| tree.entry(part).is_none()).unwrap_or(path);
    let (folder, name) = missing.rsplit_once('/').unwrap_or(("", missing));
    let siblings = tree.folder(folder);
    let names: Vec<&str> = siblings.iter().map(|(name, _)| name.as_str()).collect();
    let text = entry.text().unwrap_or_default();
    let help = match (missing.len() == path.len(), near::near(name, &names).as_slice()) {
        (true, []) => "correct the path, or add the file to the repository".to_owned(),
        (true, near) => {
            let above = text.rfind('/').map_or("", |slash| &text[..=slash]);
            let near: Vec<String> = near.iter().map(|name| format!("`{above}{name}`")).collect();
            format!("did you mean {}?", near.join(" or "))
        }
        (false, []) => format!("there is no folder `{name}`: correct the path, or add it to the repository"),
        (false, near) => format!("there is no folder `{name}`; did you mean `{}`?", near.join("` or `")),
    };
    let help = match tree.link(missing) {
        Some(target) => format!("`{name}` is a symbolic link to `{target}`, which does not exist: correct the link"),
        None => help,
    };
    match is_inline(text) {
        true => inline(entry),
        false => unreadable(entry, text, &ReadError::NotFound).help(help),
    }
}

fn failed(message: String, place: Option<Span>) -> Problem {
    Problem::new(ProblemKind::KustomizeFailed, message, place)
}

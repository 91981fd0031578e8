//! Comments that let an automation write an image before them: `# {"$imagepolicy": "flux-system:podinfo:tag"}`.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;
use smol_str::SmolStr;

use crate::source::{File, Tree};
use crate::yaml::{Documents, Node, Span, Value};

/// What a comment names to be one.
const SETTER: &str = "$imagepolicy";

/// The kind that markers name.
const POLICY: &str = "ImagePolicy";

/// A larger file is no manifest that somebody edits, in bytes.
const FILE_LIMIT: usize = 4 * 1024 * 1024;

/// How many files are looked at.
const COUNT_LIMIT: usize = 50_000;

/// A comment that lets an automation write what is before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    /// The path of its file.
    pub path: SmolStr,
    /// The namespace of the policy; empty where it names none.
    pub namespace: SmolStr,
    /// The name of the policy.
    pub name: SmolStr,
    /// The part of the image that is written; `None`: all of it.
    pub part: Option<SmolStr>,
    /// Where the policy is named.
    pub place: Span,
    /// The image that the value belongs to, without tag, as far as the file says it.
    pub image: Option<MarkedImage>,
}

/// The image of a marked value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkedImage {
    /// `registry/path/name`, without tag and digest.
    pub name: SmolStr,
    pub place: Option<Span>,
}

/// The markers of a tree.
#[derive(Debug, Default)]
pub struct Markers {
    /// By path and place.
    pub found: Vec<Marker>,
    /// The names of the ImagePolicies that are written in the files, whether a cluster applies them or not.
    pub policies: BTreeSet<SmolStr>,
    /// Not all files were read.
    pub is_cut: bool,
}

/// What a file holds.
#[derive(Default)]
struct Read {
    markers: Vec<Marker>,
    policies: Vec<SmolStr>,
}

impl Markers {
    /// Reads the manifests of a tree.
    pub(super) fn read(tree: &Tree, documents: &Documents) -> Self {
        let is_yaml = |path: &String| [".yaml", ".yml"].iter().any(|ending| path.ends_with(ending));
        let mut paths: Vec<String> = tree.files().into_iter().filter(is_yaml).collect();
        let is_cut = paths.len() > COUNT_LIMIT;
        paths.truncate(COUNT_LIMIT);
        let read: Vec<Option<Read>> = paths.par_iter().map(|path| of_file(tree, documents, path)).collect();
        let mut markers = Self { is_cut: is_cut || read.iter().any(Option::is_none), ..Self::default() };
        for file in read.into_iter().flatten() {
            markers.found.extend(file.markers);
            markers.policies.extend(file.policies);
        }
        markers
    }
}

/// What a file holds; `None` where it cannot be read.
fn of_file(tree: &Tree, documents: &Documents, path: &str) -> Option<Read> {
    let file = tree.file(path).ok()?;
    if file.bytes.len() > FILE_LIMIT {
        return None;
    }
    let text = file.text()?;
    if !text.contains(SETTER) && !text.contains(POLICY) {
        return Some(Read::default());
    }
    let stream = documents.of(&file);
    let roots = || stream.documents.iter().flatten().filter_map(|document| document.root.as_ref());
    let policies = roots().filter(|root| root.get("kind").and_then(Node::text) == Some(POLICY));
    let policies = policies.filter_map(|root| root.at("/metadata/name")?.text().map(SmolStr::from)).collect();
    let marked = stream.comments.iter().filter_map(|comment| Some((comment.span, named(&file, comment.span)?)));
    let mut marked: Vec<(Span, Marker)> =
        marked.map(|(span, marker)| (span, Marker { path: path.into(), ..marker })).collect();
    for root in roots() {
        let mut found = Vec::new();
        marked_values(root, text, &marked, &mut found);
        for (index, image) in found {
            marked
                .get_mut(index)
                .into_iter()
                .for_each(|(_, marker)| marker.image.clone_from(&image_of(root, &image, marker)));
        }
    }
    Some(Read { markers: marked.into_iter().map(|(_, marker)| marker).collect(), policies })
}

/// The marker that a comment is.
fn named(file: &Arc<File>, span: Span) -> Option<Marker> {
    let text = file.text()?.get(span.start as usize..span.end as usize)?;
    let json: serde_json::Value = serde_json::from_str(text.trim_start_matches('#').trim()).ok()?;
    let policy = json.get(SETTER)?.as_str()?;
    let at = u32::try_from(text.find(policy)?).ok()?;
    let place = Span { start: span.start + at, end: span.start + at + u32::try_from(policy.len()).ok()?, ..span };
    let mut parts = policy.splitn(3, ':').map(SmolStr::from);
    let (first, second, part) = (parts.next()?, parts.next(), parts.next());
    // Without a namespace it names no policy at all.
    let (namespace, name) = second.map_or((SmolStr::default(), first.clone()), |name| (first.clone(), name));
    Some(Marker { path: SmolStr::default(), namespace, name, part, place, image: None })
}

/// A marked value, and the mapping that holds it.
#[derive(Clone, Copy)]
struct Marked<'n> {
    value: &'n Node,
    mapping: Option<&'n Node>,
}

/// The values with a marker on their line, each with the index of its marker. The depth of a tree is bounded where it is parsed.
fn marked_values<'n>(root: &'n Node, text: &str, marked: &[(Span, Marker)], found: &mut Vec<(usize, Marked<'n>)>) {
    let mut open = vec![Marked { value: root, mapping: None }];
    while let Some(at) = open.pop() {
        match &at.value.value {
            Value::Mapping(mapping) => {
                open.extend(mapping.entries.iter().map(|entry| Marked { value: &entry.value, mapping: Some(at.value) }))
            }
            Value::Sequence(items) => open.extend(items.iter().map(|value| Marked { value, mapping: None })),
            Value::Scalar(_) => {
                let Some(span) = at.value.origin.span else { continue };
                let index = marked.partition_point(|(comment, _)| comment.start < span.end);
                let is_beside = |(comment, _): &(Span, Marker)| {
                    let between = text.get(span.end as usize..comment.start as usize);
                    between.is_some_and(|between| between.trim_matches([' ', '\t', ',', ']', '}']).is_empty())
                };
                if marked.get(index).is_some_and(is_beside) {
                    found.push((index, at));
                }
            }
        }
    }
}

/// The keys beside a tag that name the image, by the tools that have them.
const NAMES: [&str; 5] = ["repository", "newName", "image", "chart", "name"];

/// The image of a marked value.
fn image_of(root: &Node, marked: &Marked<'_>, marker: &Marker) -> Option<MarkedImage> {
    let of = |node: &Node, prefix: Option<&str>| {
        let text = node.text()?.trim_start_matches("oci://");
        let name = match prefix.filter(|prefix| !prefix.is_empty()) {
            Some(prefix) => format!("{}/{text}", prefix.trim_end_matches('/')),
            None => text.to_owned(),
        };
        let is_known = !name.is_empty() && !name.contains(['$', '{', '<', ' ']);
        is_known.then(|| MarkedImage { name: without_tag(&name).into(), place: node.place() })
    };
    match marker.part.as_deref() {
        None | Some("name") => of(marked.value, None),
        _ if root.get("kind").and_then(Node::text) == Some("OCIRepository") => of(root.at("/spec/url")?, None),
        _ => {
            let mapping = marked.mapping?;
            let name = NAMES.iter().find_map(|key| mapping.get(key).filter(|it| it.text().is_some()))?;
            of(name, mapping.get("registry").and_then(Node::text))
        }
    }
}

/// An image without tag and digest.
fn without_tag(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => image,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Files;

    fn markers(text: &str) -> Vec<(String, String, String)> {
        let files = Arc::new(Files::default());
        let tree = Tree::of_files(Arc::clone(&files), "r".into(), vec![("a.yaml".into(), text.into())]);
        let markers = Markers::read(&tree, &Documents::default());
        let shown = markers.found.iter().map(|marker| {
            let file = files.get(marker.place.file);
            let place = &file.text().unwrap()[marker.place.start as usize..marker.place.end as usize];
            let policy = format!("{}/{}/{}", marker.namespace, marker.name, marker.part.as_deref().unwrap_or("-"));
            let image = marker.image.as_ref().map(|image| image.name.to_string()).unwrap_or_default();
            (place.to_owned(), policy, image)
        });
        shown.collect()
    }

    #[test]
    fn markers_are_read_with_their_images() {
        let text = "kind: Deployment\nimage: ghcr.io/acme/shop:1.0.0 # {\"$imagepolicy\": \"shop:shop\"}\nvalues:\n  image:\n    \
                    registry: ghcr.io\n    repository: acme/web\n    tag: \"1.2\" # {\"$imagepolicy\": \"a:web:tag\"}\n    \
                    other: x # {\"$imagepolicy\"\ntext: |\n  image: b # {\"$imagepolicy\": \"no:comment\"}\nlist: [x, {name: n, newTag: t}] # \
                    {\"$imagepolicy\": \"lonely\"}\n";
        let expected = [
            ("shop:shop", "shop/shop/-", "ghcr.io/acme/shop"),
            ("a:web:tag", "a/web/tag", "ghcr.io/acme/web"),
            ("lonely", "/lonely/-", "t"),
        ];
        assert_eq!(markers(text), expected.map(|(place, policy, image)| (place.into(), policy.into(), image.into())));
    }

    #[test]
    fn the_image_of_a_chart_is_its_url() {
        let text = "kind: OCIRepository\nspec:\n  url: oci://ghcr.io/acme/charts/shop\n  ref:\n    tag: 1.2.3 # {\"$imagepolicy\": \"a:shop:tag\"}\n";
        let expected = ("a:shop:tag".into(), "a/shop/tag".into(), "ghcr.io/acme/charts/shop".into());
        assert_eq!(markers(text), [expected]);
    }
}

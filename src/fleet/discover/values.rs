//! R1: values of chart `flux-instance` in files that are not manifests: `values.yaml`, a helmfile, a template of either.

use super::landscape::Landscape;
use super::root::{Evidence, Strength, Sync};
use super::seeds::FLUX_NAMESPACE;
use crate::fleet::version;
use crate::flux::instance;
use crate::source::File;
use crate::yaml::{Entry, Node, Origin, Span};

/// The endings of files that may hold values.
const ENDINGS: [&str; 3] = [".yaml", ".yml", ".gotmpl"];

/// The syncs that values in any file describe.
pub(super) fn syncs(land: &Landscape<'_>) -> Vec<Sync> {
    let files = land.tree.files().into_iter().filter(|path| ENDINGS.iter().any(|ending| path.ends_with(ending)));
    files.filter_map(|path| sync(land, path)).collect()
}

fn sync(land: &Landscape<'_>, path: String) -> Option<Sync> {
    let file = land.tree.file(&path).ok()?;
    let text = file.text().filter(|text| text.contains("instance:") && text.contains("sync:"))?;
    let stream = land.documents.of(&file);
    let mut roots = stream.documents.iter().flatten().filter_map(|document| document.root.as_ref());
    let found = roots.find_map(instance_in).cloned();
    let spec =
        if path.ends_with(".gotmpl") { found.or_else(|| in_template(text, &file).filter(is_of_flux)) } else { found }?;
    let place = spec.at("/sync/path").filter(|path| path.text().is_some_and(|path| !path.is_empty()))?.place()?;
    let flux = version::of_spec(&spec, true);
    let made = instance::objects_of(&with_kind(spec), &FLUX_NAMESPACE.into(), land.reader()).sync?;
    let evidence = Evidence { place, what: "values of chart flux-instance".to_owned() };
    Some(Sync { file: path, instance: None, made, strength: Strength::Values, evidence, flux })
}

/// `instance` at the top of values, or in the values of a release of a helmfile.
fn instance_in(root: &Node) -> Option<&Node> {
    let is_instance = |node: &&Node| is_of_flux(node);
    let own = root.get("instance").filter(is_instance);
    let releases = root.get("releases").map(Node::items).unwrap_or_default();
    let values = releases.iter().filter_map(|release| release.get("values")).flat_map(Node::items);
    own.or_else(|| values.filter_map(|values| values.get("instance")).find(is_instance))
}

/// Whether an `instance` is one of Flux. Other charts have an `instance` with a `sync`, too; one of Flux says what it reads,
/// or which release it installs.
fn is_of_flux(instance: &Node) -> bool {
    let telling =
        ["/sync/url", "/sync/kind", "/sync/ref", "/sync/pullSecret", "/distribution", "/cluster", "/components"];
    instance.at("/sync/path").is_some() && telling.iter().any(|field| instance.at(field).is_some())
}

/// The kind that the chart takes where the values name none.
fn with_kind(mut spec: Node) -> Node {
    if let Some(sync) = spec.get_mut("sync").filter(|sync| sync.get("kind").is_none()) {
        let kind = Node::string("GitRepository", sync.origin.clone());
        sync.as_mapping_mut().into_iter().for_each(|sync| sync.set("kind", kind.clone()));
    }
    spec
}

/// The sync in a template that is not YAML before it is rendered: the lines below `instance:` and `sync:`.
fn in_template(text: &str, file: &File) -> Option<Node> {
    let lines: Vec<Line<'_>> = Line::all(text);
    let instance = lines.iter().position(|line| line.text == "instance:")?;
    let inside = |from: usize| {
        let indent = lines[from].indent;
        lines[from + 1..].iter().take_while(move |line| line.indent > indent).count()
    };
    let below = &lines[instance + 1..instance + 1 + inside(instance)];
    let sync = instance + 1 + below.iter().position(|line| line.text == "sync:")?;
    let fields = &lines[sync + 1..sync + 1 + inside(sync)];
    let indent = fields.first()?.indent;
    let entries = fields.iter().filter(|line| line.indent == indent).filter_map(|line| line.entry(file));
    let origin = Origin::default();
    let entry = |key: &str, value: Node| Entry { key: Node::string(key, origin.clone()), value };
    let sync = entry("sync", Node::mapping(entries.collect(), origin.clone()));
    // The release is the `version` below `distribution:`; other lines of that name are outside of the instance.
    let version = below.iter().find(|line| line.text.starts_with("version:")).and_then(|line| line.entry(file));
    let distribution = version.map(|version| entry("distribution", Node::mapping(vec![version], origin.clone())));
    Some(Node::mapping(distribution.into_iter().chain([sync]).collect(), origin.clone()))
}

/// A line that is neither empty nor a comment.
struct Line<'a> {
    indent: usize,
    /// Without the space around it.
    text: &'a str,
    /// Where `text` starts.
    start: usize,
}

impl<'a> Line<'a> {
    fn all(text: &'a str) -> Vec<Self> {
        let mut start = 0;
        let lines = text.split_inclusive('\n').map(|line| {
            let (indent, at) = (line.len() - line.trim_start().len(), start);
            start += line.len();
            Line { indent, text: line.trim(), start: at + indent }
        });
        lines.filter(|line| !line.text.is_empty() && !line.text.starts_with('#')).collect()
    }

    /// `key: value`.
    fn entry(&self, file: &File) -> Option<Entry> {
        let (key, value) = self.text.split_once(':')?;
        let written = value.trim();
        let value = written.trim_matches(['"', '\'']);
        if value.is_empty() {
            return None;
        }
        let offset = self.start + self.text.find(written)? + written.find(value)?;
        let place =
            Span { file: file.id, start: u32::try_from(offset).ok()?, end: u32::try_from(offset + value.len()).ok()? };
        let origin = Origin::at(place);
        Some(Entry { key: Node::string(key.trim(), origin.clone()), value: Node::string(value, origin) })
    }
}

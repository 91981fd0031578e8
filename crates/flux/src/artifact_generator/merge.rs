//! Strategy `Merge`: YAML is laid over the YAML that is there already, as Helm merges values. The result is a text of its
//! own; its parts keep the places that they come from.

use std::sync::Arc;

use fleetlint_source::File;
use fleetlint_yaml::{Document, Documents, Entry, Mapping, Node, Origin, Stream, Value, parse, print, yaml11};

/// How large a merged file may be, in bytes.
const MAX_MERGED: usize = 8 * 1024 * 1024;

/// The text of both files, merged, and the tree of it.
///
/// # Errors
/// What source-watcher refuses: a file that is not YAML, a document that is not a mapping.
pub(super) fn merged(base: &Arc<File>, overlay: &Arc<File>, documents: &Documents) -> Result<(String, Node), String> {
    let (base, overlay) = (mapping_of(base, documents)?, mapping_of(overlay, documents)?);
    let merged = Node { value: Value::Mapping(lay_over(base, overlay)), ..empty() };
    let text = print::resource(&merged)?;
    if text.len() > MAX_MERGED {
        return Err(format!("the result is larger than {MAX_MERGED} bytes"));
    }
    Ok((text, merged))
}

/// The documents of a merged file: those of its text, in the places of what was merged.
pub(super) fn stream(file: &File, merged: &Node) -> Stream {
    let mut stream = parse::file(file.text().unwrap_or_default(), file.id);
    if let Some(Ok(Document { root: Some(root), .. })) = stream.documents.first_mut() {
        place(root, merged);
    }
    stream
}

/// All documents of a file, later ones over earlier ones.
fn mapping_of(file: &Arc<File>, documents: &Documents) -> Result<Mapping, String> {
    let refused = |why: &str| format!("`{}` cannot be merged: {why}", file.path);
    let mut merged = Mapping::default();
    for document in &documents.of(file).documents {
        let document = document.as_ref().map_err(|problem| refused(&problem.message))?;
        let Some(root) = document.root.as_ref().filter(|root| !root.is_null()) else { continue };
        let json = yaml11::to_json(root).map_err(|why| refused(&why))?;
        let Value::Mapping(mapping) = json.value else { return Err(refused("it contains more than mappings")) };
        merged = lay_over(merged, mapping);
    }
    Ok(merged)
}

/// Mappings are merged, everything else is replaced, lists too. The parser bounds the depth.
fn lay_over(mut base: Mapping, overlay: Mapping) -> Mapping {
    let mut known: std::collections::HashMap<String, usize> =
        base.entries.iter().enumerate().map(|(index, entry)| (key_of(entry), index)).collect();
    for entry in overlay.entries {
        let Some(old) = known.get(&key_of(&entry)).and_then(|&index| base.entries.get_mut(index)) else {
            known.insert(key_of(&entry), base.entries.len());
            base.entries.push(entry);
            continue;
        };
        match (&mut old.value.value, entry.value) {
            (Value::Mapping(below), Node { value: Value::Mapping(above), .. }) => {
                *below = lay_over(std::mem::take(below), above);
            }
            (_, value) => *old = Entry { key: entry.key, value },
        }
    }
    base
}

fn key_of(entry: &Entry) -> String {
    entry.key.text().unwrap_or_default().to_owned()
}

fn empty() -> Node {
    Node::mapping(Vec::new(), Origin::default())
}

/// Gives a tree that was printed and read again the origins that it had before.
fn place(node: &mut Node, merged: &Node) {
    node.origin = merged.origin.clone();
    match (&mut node.value, &merged.value) {
        (Value::Sequence(items), Value::Sequence(before)) => {
            items.iter_mut().zip(before).for_each(|(item, before)| place(item, before));
        }
        (Value::Mapping(mapping), Value::Mapping(before)) => {
            let by_key: std::collections::HashMap<String, &Entry> =
                before.entries.iter().map(|entry| (key_of(entry), entry)).collect();
            for entry in &mut mapping.entries {
                if let Some(before) = by_key.get(&key_of(entry)) {
                    entry.key.origin = before.key.origin.clone();
                    place(&mut entry.value, &before.value);
                }
            }
        }
        _ => {}
    }
}

//! Applies the edits of a page to the text of a file: by the places of its values, so that comments and layout stay. Marks come
//! along as they are written. Use it as `#[cfg(test)] #[path = "../support/edit.rs"] mod edit;`.

use fleetlint::rule::page::{Edit, Step, Verb};
use fleetlint::source::Files;
use fleetlint::yaml::{Documents, Node};

#[path = "edit_place.rs"]
mod place;

use place::{Lines, Place, column, end, find, line_of, missing, start};

/// The text after all edits.
///
/// # Errors
/// An edit that fits nothing in the text, with its line.
pub(crate) fn apply_all(text: &str, edits: &[Edit]) -> Result<String, String> {
    edits
        .iter()
        .try_fold(text.to_owned(), |text, edit| apply(&text, edit).map_err(|why| format!("line {}: {why}", edit.line)))
}

fn apply(text: &str, edit: &Edit) -> Result<String, String> {
    if edit.verb == Verb::Append && edit.path.is_empty() {
        return Ok(format!("{text}---\n{}", indented(edit, 0).join("\n") + "\n"));
    }
    let documents = documents(text)?;
    let index = choose(&documents, edit.object.as_ref())?;
    let root = &documents[index];
    match (edit.verb, edit.path.as_slice()) {
        (Verb::Remove, []) => remove_document(text, index, documents.len()),
        (Verb::Remove, path) => {
            let removed = remove(text, root, path)?;
            match (&edit.mark, path) {
                (None, _) => Ok(removed),
                (Some(_), [_]) => Err("there is no key above it to be marked".into()),
                (Some(_), [above @ .., _]) => {
                    apply(&removed, &Edit { verb: Verb::Keep, path: above.to_vec(), ..edit.clone() })
                }
                (Some(_), []) => Err("a removed object cannot be marked".into()),
            }
        }
        (Verb::Keep, path) => {
            let place = Place::of(text, root, path)?;
            let mut lines = Lines::of(text);
            lines.mark(place.first, edit);
            Ok(lines.joined())
        }
        (Verb::Set, path) => set(text, root, path, edit),
        (Verb::Append, path) => append(text, root, path, edit),
    }
}

/// The objects of a file; the place of an empty document is kept.
fn documents(text: &str) -> Result<Vec<Node>, String> {
    let file = Files::default().add("".into(), None, "edited.yaml".to_owned(), text.into());
    let stream = Documents::default().of(&file);
    let documents = stream.documents.iter().map(|document| match document {
        Ok(document) => document.root.clone().ok_or_else(|| "a document of the file is empty".to_owned()),
        Err(why) => Err(format!("the file is not YAML: {}", why.message)),
    });
    documents.collect()
}

fn choose(documents: &[Node], object: Option<&(String, String)>) -> Result<usize, String> {
    let Some((kind, name)) = object else {
        return match documents {
            [_] => Ok(0),
            _ => {
                Err("the file has several objects: say which one, as in `set Kustomization/apps spec.path: ./apps`"
                    .into())
            }
        };
    };
    let is_meant = |root: &Node| {
        let text = |pointer: &str| root.at(pointer).and_then(Node::text);
        text("/kind") == Some(kind) && text("/metadata/name") == Some(name)
    };
    let mut found = documents.iter().enumerate().filter(|(_, root)| is_meant(root));
    match (found.next(), found.next()) {
        (Some((index, _)), None) => Ok(index),
        (None, _) => Err(format!("the file has no {kind} `{name}`")),
        _ => Err(format!("the file has two objects `{kind}/{name}`")),
    }
}

/// The lines of a value below its key, after a margin.
fn block(edit: &Edit, margin: usize) -> impl Iterator<Item = String> + '_ {
    let margin = " ".repeat(margin);
    edit.block.iter().map(move |line| if line.is_empty() { String::new() } else { format!("{margin}{line}") })
}

fn set(text: &str, root: &Node, path: &[Step], edit: &Edit) -> Result<String, String> {
    let Ok(place) = Place::of(text, root, path) else { return insert(text, root, path, edit) };
    let is_item = matches!(path.last(), Some(Step::Index(_)));
    let mut lines = Lines::of(text);
    if edit.block.is_empty() && place.node.as_scalar().is_some_and(|_| place.first == place.last) {
        let span = place.node.origin.span.ok_or("the value stands nowhere")?;
        let (from, to) = (column(text, span.start as usize), column(text, span.end as usize));
        let blank = if from == to && !is_item { " " } else { "" };
        lines.0[place.first].replace_range(from..to, &format!("{blank}{}", edit.inline));
        lines.mark(place.first, edit);
        return Ok(lines.joined());
    }
    if is_item {
        return Err("only an item that is one value can be set: set its fields".into());
    }
    let margin = column(text, place.start);
    if !text[place.start - margin..place.start].trim_start_matches([' ', '-']).is_empty() {
        return Err("it stands in brackets: set the whole value".into());
    }
    let key_end = text[place.head..].find(':').map_or(text.len(), |colon| place.head + colon + 1);
    let head = &text[place.start - margin..key_end];
    let blank = if edit.inline.is_empty() { "" } else { " " };
    let new = std::iter::once(format!("{head}{blank}{}", edit.inline)).chain(block(edit, margin));
    lines.0.splice(place.first..=place.last, new.collect::<Vec<_>>());
    lines.mark(place.first, edit);
    Ok(lines.joined())
}

/// Sets a field that is not there: below the last line of the nearest mapping above it that is.
fn insert(text: &str, root: &Node, path: &[Step], edit: &Edit) -> Result<String, String> {
    if matches!(path.last(), Some(Step::Index(_))) {
        return Err("only `append` adds to a list".into());
    }
    let known = (0..path.len()).rev().find_map(|length| Some((length, find(root, &path[..length])?)));
    let (length, above) = known.ok_or("the file is empty")?;
    let mapping = above.as_mapping().filter(|mapping| !mapping.flow && !mapping.entries.is_empty());
    let mapping =
        mapping.ok_or("what should hold it is not a mapping with entries on lines of their own: set it as a whole")?;
    let first = mapping.entries.first().map_or(0, |entry| start(&entry.key));
    let margin = column(text, first);
    let mut new = Vec::new();
    for (depth, step) in path[length..].iter().enumerate() {
        let Step::Key(key) = step else { return Err("only `append` adds to a list".into()) };
        new.push(format!("{}{key}:", " ".repeat(margin + 2 * depth)));
    }
    let mark = line_of(text, end(text, above) - 1) + new.len();
    if let Some(last) = new.last_mut().filter(|_| !edit.inline.is_empty()) {
        last.push_str(&format!(" {}", edit.inline));
    }
    new.extend(block(edit, margin + 2 * (path.len() - length - 1)));
    let mut lines = Lines::of(text);
    let below = line_of(text, end(text, above) - 1) + 1;
    lines.0.splice(below..below, new);
    lines.mark(mark, edit);
    Ok(lines.joined())
}

fn append(text: &str, root: &Node, path: &[Step], edit: &Edit) -> Result<String, String> {
    let Some(list) = find(root, path) else {
        let item =
            if edit.inline.is_empty() { Vec::new() } else { vec![format!("  - {}{}", edit.inline, behind(edit))] };
        let mark = edit.mark.clone().filter(|_| edit.inline.is_empty());
        let block = edit.block.iter().cloned().chain(item).collect();
        return insert(text, root, path, &Edit { inline: String::new(), block, mark, ..edit.clone() });
    };
    let items =
        list.as_sequence().filter(|items| !items.is_empty()).ok_or("only a list with items can be appended to")?;
    let below = line_of(text, end(text, list) - 1) + 1;
    let mut lines = Lines::of(text);
    if list.is_flow() {
        let bracket = column(text, end(text, list) - 1);
        lines.0[below - 1].insert_str(bracket, &format!(", {}", edit.inline));
        lines.mark(below - 1, edit);
        return Ok(lines.joined());
    }
    let first = &lines.0[line_of(text, start(&items[0]))];
    let margin = first.len() - first.trim_start().len();
    let new: Vec<String> = match edit.block.first() {
        None => vec![format!("{}- {}{}", " ".repeat(margin), edit.inline, behind(edit))],
        Some(_) => indented(edit, margin),
    };
    lines.0.splice(below..below, new);
    Ok(lines.joined())
}

/// The lines of a value below its key, the first of them at a column.
fn indented(edit: &Edit, column: usize) -> Vec<String> {
    let own = edit.block.first().map_or(0, |line| line.len() - line.trim_start().len());
    let lines = edit.block.iter().map(|line| match line.get(own..) {
        Some(rest) if !rest.is_empty() => format!("{}{rest}", " ".repeat(column)),
        _ => String::new(),
    });
    lines.collect()
}

fn behind(edit: &Edit) -> String {
    edit.mark.as_ref().map(|mark| format!(" {mark}")).unwrap_or_default()
}

fn remove(text: &str, root: &Node, path: &[Step]) -> Result<String, String> {
    let place = Place::of(text, root, path)?;
    let above = find(root, &path[..path.len() - 1]).ok_or_else(|| missing(path))?;
    if above.is_flow() || above.as_mapping().is_some_and(|mapping| mapping.flow) {
        return Err("it stands in brackets: set the whole value".into());
    }
    if above.entries().len().max(above.items().len()) == 1 {
        return Err("nothing would be left beside it: remove or set what holds it".into());
    }
    let mut lines = Lines::of(text);
    let margin = column(text, place.start);
    let before = lines.0[place.first][..margin].to_owned();
    lines.0.drain(place.first..=place.last);
    if matches!(path.last(), Some(Step::Key(_))) && !before.trim().is_empty() {
        // The first key of an item: the next one takes its place after the dash.
        let next = lines.0.get(place.first).and_then(|line| line.get(margin..)).unwrap_or_default();
        lines.0[place.first] = format!("{before}{next}");
    }
    Ok(lines.joined())
}

fn remove_document(text: &str, index: usize, count: usize) -> Result<String, String> {
    let mut parts: Vec<&str> = text.split("---\n").collect();
    if count == 1 || parts.len() != count {
        return Err("only one of several objects between `---` lines can be removed".into());
    }
    parts.remove(index);
    Ok(parts.join("---\n"))
}
